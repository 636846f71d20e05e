package ui

import (
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// files asks for places by a path that can be typed, with the computer's browser a
// click away. It never creates or truncates anything.
type files struct{ shell *Shell }

func (f *files) folder() string {
	if dir := f.shell.prefs.folder(); dir != "" {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "."
	}
	if docs := filepath.Join(home, "Documents"); isDir(docs) {
		return docs
	}
	return home
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Open asks for an existing file.
func (f *files) Open(title string, extensions []string, then func(path string)) {
	path := kit.NewEntry("")
	path.SetText(f.folder() + string(filepath.Separator))
	browse := func() {
		d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
			if err != nil {
				f.shell.notices.Show(err)
				return
			}
			if r != nil {
				path.SetText(r.URI().Path())
				if err := r.Close(); err != nil {
					f.shell.notices.Show(err)
				}
			}
		}, f.shell.conf.Window)
		d.SetFilter(storage.NewExtensionFileFilter(extensions))
		f.show(d)
	}
	f.ask(path, title, text.T("files.open", "Open"), kit.Field{
		Key: "path", Label: text.T("files.file", "File"), Widget: withBrowse(path, browse),
	}, func() (string, error) {
		p := clean(path.Text)
		info, err := os.Stat(p)
		if err != nil || info.IsDir() {
			return "", fault.Input("path", text.T("files.no_file", "There is no such file."))
		}
		return p, nil
	}, then)
}

// Save asks for a folder and a name; an existing file is refused here already.
func (f *files) Save(title, name string, then func(path string)) {
	path := kit.NewEntry("")
	path.SetText(filepath.Join(f.folder(), name))
	f.ask(path, title, text.T("files.save", "Save"), kit.Field{
		Key: "path", Label: text.T("files.save_as", "Save as"), Widget: withBrowse(path, func() {
			f.browseFolder(func(dir string) { path.SetText(filepath.Join(dir, filepath.Base(path.Text))) })
		}),
		Hint: text.T("files.save_hint", "Nothing that exists is written over."),
	}, func() (string, error) {
		p := clean(path.Text)
		if filepath.Ext(p) == "" {
			p += filepath.Ext(name)
		}
		if !isDir(filepath.Dir(p)) {
			return "", fault.Input("path", text.T("files.no_folder", "There is no such folder."))
		}
		if _, err := os.Lstat(p); err == nil {
			return "", fault.Input("path", text.T("files.exists", "There is already a file of that name. Choose another."))
		}
		return p, nil
	}, then)
}

// Folder asks for an existing folder.
func (f *files) Folder(title string, then func(path string)) {
	path := kit.NewEntry("")
	path.SetText(f.folder())
	f.ask(path, title, text.T("files.choose", "Choose"), kit.Field{
		Key: "path", Label: text.T("files.folder", "Folder"),
		Widget: withBrowse(path, func() { f.browseFolder(path.SetText) }),
	}, func() (string, error) {
		p := clean(path.Text)
		if !isDir(p) {
			return "", fault.Input("path", text.T("files.no_folder", "There is no such folder."))
		}
		return p, nil
	}, then)
}

func (f *files) ask(path *kit.Entry, title, ok string, field kit.Field, check func() (string, error), then func(string)) {
	path.OnSubmitted = func(string) { f.shell.env.Dialogs.Confirm() }
	form := kit.NewForm(field)
	f.shell.env.Dialogs.Open(kit.Dialog{Title: title, Content: form, First: form.First(), OK: ok, Width: 620, Over: true, OnOK: func(h *kit.Handle) {
		form.Clear()
		p, err := check()
		if err != nil {
			form.Mark(err)
			return
		}
		f.shell.prefs.setFolder(filepath.Dir(p))
		h.Close()
		then(p)
	}})
}

func (f *files) browseFolder(then func(string)) {
	f.show(dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
		if err != nil {
			f.shell.notices.Show(err)
			return
		}
		if u != nil {
			then(u.Path())
		}
	}, f.shell.conf.Window))
}

func (f *files) show(d *dialog.FileDialog) {
	if here, err := storage.ListerForURI(storage.NewFileURI(f.folder())); err == nil {
		d.SetLocation(here)
	}
	size := f.shell.conf.Window.Canvas().Size()
	d.Resize(fyne.NewSize(size.Width*0.8, size.Height*0.8))
	d.Show()
}

func withBrowse(e *kit.Entry, browse func()) fyne.CanvasObject {
	return kit.Frame(nil, nil, e, kit.Secondary(text.T("files.browse", "Browse…"), browse), nil)
}

// clean takes what a person pasted: quotes, spaces and the home sign.
func clean(p string) string {
	p = strings.Trim(strings.TrimSpace(p), `"'`)
	if rest, ok := strings.CutPrefix(p, "~"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			p = home + rest
		}
	}
	if abs, err := filepath.Abs(p); err == nil {
		p = abs
	}
	return filepath.Clean(p)
}
