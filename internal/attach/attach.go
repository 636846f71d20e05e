// Package attach keeps the contents of files that coaches keep with their rows: beside
// the casebook, never in it, so that a large file makes nothing else slow. Each content is
// one sealed file, whole or not there, whose name follows from the content under the
// casebook's key: the same content is kept once, and the name tells nobody what it is.
//
// A content is known in the rows by its digest, the SHA-256 of it in hex. What the rows
// mean, and who may see them, is the business of the domain packages.
package attach

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

const (
	// MaxSize is how large a content may be, in bytes: file services and memory sticks
	// carry no larger files well.
	MaxSize = 2 << 30

	// FolderSuffix ends the name of a folder of contents beside a casebook.
	FolderSuffix = ".files"
	casebookExt  = ".couplet"
	suffix       = ".att"
	nameSize     = 64 // hexadecimal digits
)

// limit is MaxSize; a test has less time.
var limit int64 = MaxSize

// Folder is where the contents of the casebook at path lie.
func Folder(path string) string { return strings.TrimSuffix(path, casebookExt) + FolderSuffix }

// Store is a folder of contents, sealed under keys. It need not be there yet.
type Store struct {
	Dir  string
	Keys *container.Keys
}

// Of are the contents beside an open casebook.
func Of(cb *casebook.Casebook) Store {
	return Store{Folder(cb.Path()), container.Own(cb.Key())}
}

// Name is what the content of a digest is called in every folder of a casebook.
func (s Store) Name(digest string) (string, error) {
	raw, err := hex.DecodeString(digest)
	if err != nil || len(raw) != sha256.Size {
		return "", container.ErrContents
	}
	return s.nameOf(raw)
}

func (s Store) nameOf(sum []byte) (string, error) {
	mac, err := s.Keys.Casebook.MAC("attachment", sum)
	return hex.EncodeToString(mac) + suffix, err
}

// IsName says whether a file is called as contents are, whatever a file service put
// between the name and its end, and what its proper name is.
func IsName(name string) (proper string, ok bool) {
	if len(name) < nameSize || !strings.HasSuffix(name, suffix) {
		return "", false
	}
	for _, c := range name[:nameSize] {
		if !strings.ContainsRune("0123456789abcdef", c) {
			return "", false
		}
	}
	return name[:nameSize] + suffix, true
}

// Has says whether a content lies in the folder under its name. It is not read.
func (s Store) Has(name string) bool {
	info, err := os.Stat(filepath.Join(s.Dir, name))
	return err == nil && info.Mode().IsRegular() && info.Size() > 0
}

// Add keeps what r gives, at most MaxSize bytes, and returns its digest and size. It holds
// no more than a little of it at once. What is kept already is not kept twice.
func (s Store) Add(ctx context.Context, r io.Reader) (digest string, size int64, err error) {
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return "", 0, err
	}
	err = durable.Fill(s.Dir, 0o600, func(w io.Writer) (string, error) {
		sum := sha256.New()
		n, err := s.seal(ctx, w, io.TeeReader(io.LimitReader(r, limit+1), sum))
		if err != nil {
			return "", err
		}
		if n > limit {
			return "", TooLarge()
		}
		digest, size = hex.EncodeToString(sum.Sum(nil)), n
		name, err := s.nameOf(sum.Sum(nil))
		if err != nil || !s.Has(name) || s.Verify(ctx, name) != nil {
			return name, err
		}
		now := time.Now() // that nobody sweeps it before its row is there
		return "", os.Chtimes(filepath.Join(s.Dir, name), now, now)
	})
	if err != nil {
		return "", 0, err
	}
	return digest, size, nil
}

// TooLarge says that a file is too large to keep.
func TooLarge() error {
	return fault.New(fault.Refused, text.T("attach.large", "This file is larger than %d GB.", MaxSize>>30), text.T("attach.large_hint", "Keep it in another place and note where. Nothing was changed."))
}

// seal writes a container of what r gives.
func (s Store) seal(ctx context.Context, w io.Writer, r io.Reader) (int64, error) {
	out, err := container.NewSealer(w, s.Keys, container.Content, nil)
	if err != nil {
		return 0, err
	}
	n, err := io.CopyBuffer(struct{ io.Writer }{out}, during{ctx, r}, make([]byte, container.ChunkSize))
	if err != nil {
		return n, err
	}
	return n, out.Close()
}

// during ends reading when ctx does.
type during struct {
	ctx context.Context
	r   io.Reader
}

func (d during) Read(p []byte) (int, error) {
	if err := d.ctx.Err(); err != nil {
		return 0, err
	}
	return d.r.Read(p)
}

// Read writes the content that lies in the file called name to w. When it returns nil, it
// was the whole content that belongs to the proper name; after an error what was written is
// worth nothing.
func (s Store) Read(ctx context.Context, name string, w io.Writer) error {
	f, err := os.Open(filepath.Join(s.Dir, name))
	if err != nil {
		return err
	}
	defer f.Close()
	p, err := container.ReadPreamble(f)
	if err != nil {
		return err
	}
	if p.Kind != container.Content {
		return container.ErrNotShare
	}
	in, err := container.NewOpener(f, s.Keys, p)
	if err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.CopyBuffer(struct{ io.Writer }{io.MultiWriter(w, sum)}, during{ctx, in}, make([]byte, container.ChunkSize)); err != nil {
		return err
	}
	is, err := s.nameOf(sum.Sum(nil))
	if err != nil {
		return err
	}
	if proper, _ := IsName(name); is != proper {
		return container.ErrDamaged // another content under this name
	}
	return nil
}

// Verify reads a whole content and says what is wrong with it.
func (s Store) Verify(ctx context.Context, name string) error { return s.Read(ctx, name, io.Discard) }

// CopyTo brings the content in the file called name into another folder of the same
// casebook, sealed anew under its keys, under its proper name, whole or not at all.
func (s Store) CopyTo(ctx context.Context, name string, to Store) error {
	proper, ok := IsName(name)
	if !ok {
		return container.ErrNotShare
	}
	if err := os.MkdirAll(to.Dir, 0o700); err != nil {
		return err
	}
	return durable.Fill(to.Dir, 0o600, func(w io.Writer) (string, error) {
		out, err := container.NewSealer(w, to.Keys, container.Content, nil)
		if err != nil {
			return "", err
		}
		if err := s.Read(ctx, name, out); err != nil {
			return "", err
		}
		return proper, out.Close()
	})
}

// Remove takes a content away; one that is not there is no error.
func (s Store) Remove(name string) error {
	err := os.Remove(filepath.Join(s.Dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Files are the files of the folder that are called as contents are, by proper name. A
// folder that is not there has none.
func (s Store) Files() (map[string][]fs.FileInfo, error) {
	entries, err := os.ReadDir(s.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	out := map[string][]fs.FileInfo{}
	for _, e := range entries {
		name, ok := IsName(e.Name())
		if !ok {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if info.Mode().IsRegular() {
			out[name] = append(out[name], info)
		}
	}
	return out, nil
}
