// Package durable writes a file so that it is there whole or not at all: a temporary
// file beside it, synced, renamed over it, and the folder synced.
package durable

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Write makes path hold data, replacing what was there. On any error the old file is
// untouched and no temporary file stays.
func Write(path string, data []byte, perm os.FileMode) error {
	return write(path, data, perm, replace)
}

func replace(tmp, path string) error {
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// WriteNew is Write for a file that must not exist yet.
func WriteNew(path string, data []byte, perm os.FileMode) error {
	if err := free(path); err != nil {
		return err
	}
	return write(path, data, perm, Place)
}

// Place gives the finished file at tmp, in the same folder, the name path, which must
// be free; tmp may stay beside it. It returns when the folder is on the disk.
func Place(tmp, path string) error {
	err := os.Link(tmp, path)
	if errors.Is(err, fs.ErrExist) {
		return taken(path)
	}
	if err != nil { // a file system without hard links, as most memory sticks have
		if err := free(path); err != nil {
			return err
		}
		return replace(tmp, path)
	}
	return SyncDir(filepath.Dir(path))
}

// free refuses a name that a file has.
func free(path string) error {
	_, err := os.Lstat(path)
	switch {
	case err == nil:
		return taken(path)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	}
	return err
}

func taken(path string) error { return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist} }

func write(path string, data []byte, perm os.FileMode, place func(from, to string) error) error {
	return fill(filepath.Dir(path), perm, func(f *os.File) (string, error) {
		_, err := f.Write(data)
		return path, err
	}, place)
}

// Fill makes a file of dir of what write writes, and gives it the name that write returns,
// replacing what has it. It is there whole or not at all, and not at all when the name is "".
func Fill(dir string, perm os.FileMode, write func(io.Writer) (name string, err error)) error {
	return fill(dir, perm, func(f *os.File) (string, error) {
		name, err := write(f)
		if name == "" {
			return "", err
		}
		return filepath.Join(dir, name), err
	}, replace)
}

func fill(dir string, perm os.FileMode, write func(*os.File) (path string, err error), place func(from, to string) error) error {
	f, err := os.CreateTemp(dir, ".tmp-*")
	if err != nil {
		return err
	}
	tmp := f.Name()
	defer os.Remove(tmp)
	if err := f.Chmod(perm); err != nil && runtime.GOOS != "windows" {
		f.Close()
		return err
	}
	path, err := write(f)
	if err == nil && path != "" {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil || path == "" {
		return err
	}
	return place(tmp, path)
}

// Copy copies the file at from to a new one, whole and on the disk or not at all. A name
// that is taken is refused.
func Copy(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.CreateTemp(filepath.Dir(to), ".tmp-*")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	if err := errors.Join(err, out.Close()); err != nil {
		return err
	}
	return Place(out.Name(), to)
}

// SyncDir makes a rename in dir survive a power cut. Windows has no such call and needs none.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
