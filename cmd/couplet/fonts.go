package main

import (
	"os"
	"path/filepath"
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"github.com/couplet-app/couplet/assets"
	"github.com/couplet-app/couplet/internal/durable"
)

// offerFonts lets the toolkit find the shipped faces for what the family lacks, such as
// Chinese: it looks for faces only in the system's folders, and a bare Linux has none.
// Windows and macOS come with faces for every script. Without the folder for caches the
// window does with what there is.
func offerFonts() error {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	base := filepath.Join(cache, "couplet")
	if err := writeFonts(filepath.Join(base, "fonts")); err != nil {
		return err
	}
	dirs := os.Getenv("XDG_DATA_DIRS")
	if dirs == "" {
		dirs = "/usr/local/share:/usr/share" // what an empty variable means
	}
	return os.Setenv("XDG_DATA_DIRS", dirs+string(filepath.ListSeparator)+base)
}

// readFaces has the toolkit read the faces of the first page on a goroutine of its own.
// Nothing else may measure text until it is done: the toolkit shapes one text at a time.
func readFaces() (done <-chan struct{}) {
	read := make(chan struct{})
	go func() {
		defer close(read)
		for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
			fyne.MeasureText(" ", theme.TextSize(), style)
		}
	}()
	return read
}

// writeFonts puts the faces that are not there yet, or not whole, into dir.
func writeFonts(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for name, size := range assets.OtherScripts() {
		path := filepath.Join(dir, name+".ttf")
		if info, err := os.Stat(path); err == nil && info.Size() == size {
			continue
		}
		if err := durable.Write(path, assets.Font(name), 0o600); err != nil {
			return err
		}
	}
	return nil
}
