package backup

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/fault"
)

// stamp is the form of a backup's name: its time in UTC.
const stamp = "2006-01-02T1504"

// File is one backup on disk.
type File struct {
	Path string
	At   time.Time
	Size int64
	// Verified says that it was opened and checked, and not touched since.
	Verified bool
	// Unsound says that it was checked as it is now, and did not pass.
	Unsound bool

	nth int // of those of one minute
}

// nameOf is the name of the nth backup of a minute, from 1.
func nameOf(at time.Time, n int) string {
	name := at.UTC().Format(stamp)
	if n > 1 {
		name += fmt.Sprintf("-%d", n)
	}
	return name + Extension
}

// parseName is the time and number that a name says.
func parseName(name string) (at time.Time, n int, ok bool) {
	s, ok := strings.CutSuffix(name, Extension)
	if !ok || len(s) < len(stamp) {
		return at, 0, false
	}
	at, err := time.Parse(stamp, s[:len(stamp)])
	if err != nil {
		return at, 0, false
	}
	if n, err = strconv.Atoi(strings.TrimPrefix(s[len(stamp):], "-")); err != nil {
		n = 1
	}
	return at, n, true
}

// List are the backups in dir, newest first. A folder that is not there has none.
func List(dir string) ([]File, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	reg := readRegister(dir)
	var out []File
	for _, e := range entries {
		at, n, ok := parseName(e.Name())
		if !ok {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, os.ErrNotExist) { // another program pruned it this moment
			continue
		}
		if err != nil {
			return nil, err
		}
		f := File{Path: filepath.Join(dir, e.Name()), At: at, Size: info.Size(), nth: n}
		if was, ok := reg[e.Name()]; ok && was.of(info) {
			f.Verified, f.Unsound = was.Sound, !was.Sound
		}
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b File) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.nth, a.nth), strings.Compare(b.Path, a.Path))
	})
	return out, nil
}

// Checked is List after every backup was looked at that was not yet, or all of them
// anew. What cannot be read just now counts as not verified.
func Checked(ctx context.Context, dir string, key *vault.Key, anew bool, progress func(done, total int64)) ([]File, error) {
	files, err := List(dir)
	if err != nil {
		return nil, err
	}
	if progress == nil {
		progress = func(int64, int64) {}
	}
	var total, before int64
	for _, f := range files {
		total += f.Size
	}
	for i := range files {
		f := &files[i]
		if anew || !f.Verified && !f.Unsound {
			err := verify(ctx, f.Path, key, func(done, _ int64) { progress(before+min(done, f.Size), total) })
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			f.Verified = err == nil
			if f.Unsound = isUnsound(err); f.Verified || f.Unsound {
				note(dir, filepath.Base(f.Path), f.Verified)
			}
		}
		before += f.Size
		progress(before, total)
	}
	return files, nil
}

// isUnsound tells a backup that is no good from one that cannot be read at present.
func isUnsound(err error) bool {
	return fault.Is(err, fault.Damaged) || fault.Is(err, fault.NotCasebook)
}

// register is what was found of each backup of a folder, so that nothing is read twice
// to say that it is sound. It holds names, sizes and times; without it all is read again.
type register map[string]seen

type seen struct {
	Size  int64 `json:"size"`
	Mtime int64 `json:"mtime"` // nanoseconds
	Sound bool  `json:"sound"`
	// Erased is how many records of erasure it was written after.
	Erased int `json:"erased,omitempty"`
}

func (s seen) of(info os.FileInfo) bool {
	return s.Size == info.Size() && s.Mtime == info.ModTime().UnixNano()
}

// without says whether the backup is as it was written after as many erasures as are known.
func (s seen) without(info os.FileInfo, known int) bool { return s.of(info) && s.Erased >= known }

const registerName = "verified.json"

func readRegister(dir string) register {
	r := register{}
	if b, err := os.ReadFile(filepath.Join(dir, registerName)); err == nil {
		if json.Unmarshal(b, &r) != nil {
			return register{}
		}
	}
	return r
}

// note keeps what was found of a backup. A folder that takes no note is no reason to
// lose the backup: it is then looked at again.
func note(dir, name string, sound bool) {
	erased := 0
	if was, ok := readRegister(dir)[name]; ok && sound {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && was.of(info) {
			erased = was.Erased
		}
	}
	noteAs(dir, name, seen{Sound: sound, Erased: erased})
}

// noteErased is note for a sound backup that was written after as many erasures.
func noteErased(dir, name string, erased int) { noteAs(dir, name, seen{Sound: true, Erased: erased}) }

func noteAs(dir, name string, s seen) {
	info, err := os.Stat(filepath.Join(dir, name))
	if err != nil {
		return
	}
	r := readRegister(dir)
	for other := range r {
		if _, err := os.Lstat(filepath.Join(dir, other)); err != nil {
			delete(r, other)
		}
	}
	s.Size, s.Mtime = info.Size(), info.ModTime().UnixNano()
	r[name] = s
	if b, err := json.Marshal(r); err == nil {
		_ = durable.Write(filepath.Join(dir, registerName), b, 0o600)
	}
}
