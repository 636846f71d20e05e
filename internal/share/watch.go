package share

import (
	"path/filepath"

	"github.com/fsnotify/fsnotify"
)

// watchSystem is what the system tells of folders.
func watchSystem(changed func(name string)) (Watcher, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			select {
			case e, open := <-w.Events:
				if !open {
					return
				}
				if e.Op != fsnotify.Chmod {
					changed(filepath.Base(e.Name))
				}
			case _, open := <-w.Errors:
				if !open {
					return
				}
				changed("") // something was missed: all is looked through
			}
		}
	}()
	return w, nil
}
