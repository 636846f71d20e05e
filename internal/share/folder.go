package share

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/ids"
)

// changesSuffix ends the name of the folder with the small files.
const changesSuffix = ".changes"

// file is one file of the folder as it was found.
type file struct {
	path    string // from the folder, with slashes
	size    int64
	mtime   int64
	kind    kind
	hash    [sha256.Size]byte
	about   *about
	claims  vector
	writer  ids.ID // of a file that says what a computer has read
	rows    int    // records that a merge would look at
	trouble error
	since   int64            // when the trouble was seen first
	read    bool             // it was read before, and nothing changed
	epoch   string           // of the key that it is sealed with
	old     bool             // another epoch has begun since: it covers nothing any more
	by      map[ids.ID]int64 // what each coach wrote last, of a file that was read just now
	alone   bool             // it is no file of the folder: nothing of it is remembered
}

// list are the files that may be ours: what clients leave in passing, hidden and empty
// files are not looked at. Names decide nothing else.
func list(folder string) ([]file, error) {
	var out []file
	add := func(dir, prefix string, deeper bool) (sub []string, err error) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "~") || e.Name() == ErasedName {
				continue
			}
			if e.IsDir() {
				if deeper && strings.HasSuffix(e.Name(), changesSuffix) {
					sub = append(sub, e.Name())
				}
				continue
			}
			info, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if info.Mode().IsRegular() && info.Size() > 0 {
				out = append(out, file{path: prefix + e.Name(), size: info.Size(), mtime: info.ModTime().UnixNano()})
			}
		}
		return sub, nil
	}
	subs, err := add(folder, "", true)
	if err != nil {
		return nil, err
	}
	for _, s := range subs {
		if _, err := add(filepath.Join(folder, s), s+"/", false); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b file) int { return strings.Compare(a.path, b.path) })
	return out, nil
}

// contents opens the payload of the container at path. The caller closes it.
type contents struct {
	f *os.File
	*reader
	kind  kind
	about *about
	epoch string
}

func openContents(path string, keys *container.Keys) (*contents, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	c, err := readContents(f, keys)
	if err != nil {
		f.Close()
		return nil, err
	}
	c.f = f
	return c, nil
}

func readContents(f interface {
	io.Reader
	Stat() (fs.FileInfo, error)
}, keys *container.Keys,
) (*contents, error) {
	p, err := container.ReadPreamble(f)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	o, err := container.NewOpener(f, keys, p)
	if err != nil {
		return nil, err
	}
	r, err := newReader(o, info.Size())
	if err != nil {
		return nil, err
	}
	a := r.about()
	if r.err != nil {
		r.close()
		return nil, r.err
	}
	n, _ := keys.Epoch(p)
	return &contents{reader: r, kind: p.Kind, about: a, epoch: keys.ID(n)}, nil
}

func (c *contents) close() {
	c.reader.close()
	c.f.Close()
}

// inspect reads a whole file without taking in anything: what it covers, and whether
// all of it is there and sound.
func (f *file) inspect(folder string, keys *container.Keys) error {
	path := filepath.Join(folder, filepath.FromSlash(f.path))
	if err := f.sum(path); err != nil {
		return err
	}
	c, err := openContents(path, keys)
	if err != nil {
		return err
	}
	defer c.close()
	f.kind, f.about, f.claims, f.writer, f.epoch, f.by = c.kind, c.about, c.about.claims, c.about.writer, c.epoch, map[ids.ID]int64{}
	for r := (record{}); ; f.rows++ {
		if err := c.record(c.about, &r); err != nil {
			return err
		}
		switch r.what {
		case recEnd:
			return nil
		case recAction:
			f.by[r.coach] = max(f.by[r.coach], r.stamp.hlc)
		}
		if f.kind == seen {
			return errContents
		}
	}
}

// look notes how the file at path looks, to know it again.
func (f *file) look(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	f.size, f.mtime = info.Size(), info.ModTime().UnixNano()
	return f.sum(path)
}

func (f *file) sum(path string) error {
	r, err := os.Open(path)
	if err != nil {
		return err
	}
	defer r.Close()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return err
	}
	h.Sum(f.hash[:0])
	return nil
}

// kinds are the words for the kinds of files in the casebook.
var kinds = map[string]kind{"changes": changes, "snapshot": snapshot, "seen": seen}

// recall fills in what is known of files that were read before.
func recall(ctx context.Context, q casebook.Querier, files []file) error {
	type row struct {
		path, kind, trouble string
		size, mtime, since  int64
		hash, claims        []byte
	}
	rows, err := casebook.Collect(ctx, q, func(r *sql.Rows, v *row) error {
		return r.Scan(&v.path, &v.size, &v.mtime, &v.hash, &v.claims, &v.kind, &v.since, &v.trouble)
	}, `SELECT path, size, mtime, hash, claims, kind, first_seen, trouble FROM share_file`)
	if err != nil {
		return err
	}
	byPath := map[string]row{}
	for _, r := range rows {
		byPath[r.path] = r
	}
	for i := range files {
		f := &files[i]
		r, ok := byPath[f.path]
		if !ok || r.size != f.size || r.mtime != f.mtime {
			continue
		}
		f.since = r.since
		if r.trouble != "" {
			continue // it is tried again: it may have been the computer's fault
		}
		r.kind, f.epoch, _ = strings.Cut(r.kind, " ")
		f.kind = kinds[r.kind]
		if f.kind == seen {
			r.claims = r.claims[copy(f.writer[:], r.claims):]
		}
		if f.claims, err = parseClaims(r.claims); err != nil {
			continue
		}
		f.read = true
		copy(f.hash[:], r.hash)
	}
	return nil
}

// remember notes that a file was read, or what is wrong with it.
func remember(exec func(string, ...any) (sql.Result, error), f *file, now int64) error {
	kind, trouble, claims := "snapshot", "", f.claims.encode()
	switch f.kind {
	case changes:
		kind = "changes"
	case seen:
		kind, claims = "seen", append(f.writer[:], claims...)
	}
	if f.epoch != "" {
		kind += " " + f.epoch
	}
	if f.trouble != nil {
		trouble = f.trouble.Error()
	}
	if f.since == 0 {
		f.since = now
	}
	_, err := exec(`INSERT OR REPLACE INTO share_file (path, size, mtime, hash, claims, kind, first_seen, trouble) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		f.path, f.size, f.mtime, f.hash[:], claims, kind, f.since, trouble)
	return err
}

// coverage is what the sound files of the newest epoch cover together: what lies there
// under older keys alone is told again. What somebody has read is covered by nothing for that.
func coverage(files []file) vector {
	v := vector{}
	for i := range files {
		if f := &files[i]; f.trouble == nil && f.kind != seen && !f.old {
			v.join(f.claims)
		}
	}
	return v
}

// claimed is what all sound files say they cover, of whatever epoch.
func claimed(files []file) vector {
	v := vector{}
	for i := range files {
		if f := &files[i]; f.trouble == nil && f.kind != seen {
			v.join(f.claims)
		}
	}
	return v
}

// ownNumber is the number in the name of a change file of device dev, 0 for any other file.
func ownNumber(path string, dev ids.ID) int64 {
	name, ok := strings.CutPrefix(path[strings.LastIndex(path, "/")+1:], dev.String()+"-")
	if !ok || len(name) < seqDigits {
		return 0
	}
	var n int64
	for _, c := range name[:seqDigits] {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int64(c-'0')
	}
	return n
}
