// Package crashdisk is a disk for tests: an SQLite VFS that records every change to
// every file, refuses those that a test wants to see refused, and can say what a power
// cut at any moment would have left. No program imports it.
package crashdisk

/*
#include <stdlib.h>
#include "disk.h"
*/
import "C"

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"unsafe"

	_ "github.com/mattn/go-sqlite3" // SQLite itself
)

// VFS is the name under which SQLite knows the disk.
const VFS = "crashdisk"

func init() {
	name := C.CString(VFS)
	defer C.free(unsafe.Pointer(name))
	if rc := C.crashdisk_register(name); rc != C.SQLITE_OK {
		panic(fmt.Sprintf("register %s: SQLite result %d", VFS, int(rc)))
	}
}

// Kind is what happens to a file.
type Kind int

// The kinds of change.
const (
	Write    Kind = C.CRASHDISK_WRITE
	Truncate Kind = C.CRASHDISK_TRUNCATE
	Sync     Kind = C.CRASHDISK_SYNC
	Delete   Kind = C.CRASHDISK_DELETE
)

// Results that a test may have a change refused with.
const (
	Full    = C.SQLITE_FULL
	IOError = C.SQLITE_IOERR_WRITE
)

// Change is one change to a file. A Delete is durable when its folder was synced.
type Change struct {
	Kind    Kind
	File    string // base name
	Offset  int64  // of a Write; the new size of a Truncate
	Data    []byte // of a Write
	durable bool
}

// Recording is what happened on the disk since Record.
type Recording struct {
	mu      sync.Mutex
	changes []Change
	count   int
	refuse  func(n int, c Change) int
}

var (
	currentMu sync.Mutex
	current   *Recording
)

// Record begins a new recording; there is one at a time. The function refuse, if any,
// is asked before each change, counted from 1, and gives an SQLite result, 0 for none.
func Record(refuse func(n int, c Change) int) *Recording {
	currentMu.Lock()
	defer currentMu.Unlock()
	current = &Recording{refuse: refuse}
	return current
}

// Len is how many changes there were so far.
func (r *Recording) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.changes)
}

//export crashdiskChange
func crashdiskChange(kind C.int, name *C.char, data unsafe.Pointer, n C.int, at C.longlong) C.int {
	currentMu.Lock()
	r := current
	currentMu.Unlock()
	if r == nil {
		return C.SQLITE_OK
	}
	c := Change{Kind: Kind(kind), File: filepath.Base(C.GoString(name)), Offset: int64(at)}
	if c.Kind == Write {
		c.Data = C.GoBytes(data, n)
	}
	c.durable = c.Kind == Delete && n != 0
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	if r.refuse != nil {
		if rc := r.refuse(r.count, c); rc != 0 {
			return C.int(rc)
		}
	}
	r.changes = append(r.changes, c)
	return C.SQLITE_OK
}

// Weather is how a power cut treats what was not synced.
type Weather struct {
	Keep  float64 // the share of 512-byte sectors that reached the disk
	Noise float64 // the share of sectors that were hit while being written
}

const sector = 512

// file is one file between two syncs.
type file struct {
	safe    []byte // what is on the disk for sure
	there   bool
	pending []Change
	ghost   []byte // what a delete that was not synced may bring back
}

// Cut says which files, by base name, a power cut after the first n changes leaves,
// when start is what was on the disk before. Writes to a file that were not synced are
// kept, lost or turned to noise sector by sector, in no order; bytes that were on the
// disk before stay what they were, as disks promise (power-safe overwrite).
func (r *Recording) Cut(n int, start map[string][]byte, w Weather, random *rand.Rand) map[string][]byte {
	files := map[string]*file{}
	for name, data := range start {
		files[name] = &file{safe: slices.Clone(data), there: true}
	}
	r.mu.Lock()
	changes := r.changes[:n]
	r.mu.Unlock()
	for _, c := range changes {
		f := files[c.File]
		if f == nil {
			f = &file{}
			files[c.File] = f
		}
		f.change(c)
	}
	left := map[string][]byte{}
	for name, f := range files {
		if data, there := f.cut(w, random); there {
			left[name] = data
		}
	}
	return left
}

func (f *file) change(c Change) {
	switch c.Kind {
	case Sync:
		for _, p := range f.pending {
			f.safe = p.apply(f.safe)
		}
		f.pending, f.ghost = nil, nil
	case Delete:
		ghost := f.safe
		if c.durable || !f.there {
			ghost = nil
		}
		*f = file{ghost: ghost}
	default:
		f.pending = append(f.pending, c)
		f.there = true
	}
}

// apply does a change whole, in place.
func (c Change) apply(data []byte) []byte {
	if c.Kind == Truncate {
		return resize(data, c.Offset)
	}
	data = resize(data, max(int64(len(data)), c.Offset+int64(len(c.Data))))
	copy(data[c.Offset:], c.Data)
	return data
}

// resize makes data size bytes long; what is new is zeros.
func resize(data []byte, size int64) []byte {
	if grow := int(size) - len(data); grow > 0 {
		return append(data, make([]byte, grow)...)
	}
	return data[:size]
}

func (f *file) cut(w Weather, random *rand.Rand) ([]byte, bool) {
	if !f.there {
		return f.ghost, f.ghost != nil && random.Float64() < 0.5
	}
	data := slices.Clone(f.safe)
	for _, c := range f.pending {
		if c.Kind == Truncate {
			if random.Float64() < w.Keep {
				data = c.apply(data)
			}
			continue
		}
		for from := int64(0); from < int64(len(c.Data)); {
			at := c.Offset + from
			to := min(from+sector-at%sector, int64(len(c.Data)))
			piece := Change{Kind: Write, Offset: at, Data: c.Data[from:to]}
			switch x := random.Float64(); {
			case x < w.Noise:
				noise := make([]byte, to-from)
				for i := range noise {
					noise[i] = byte(random.Uint32())
				}
				piece.Data = noise
				data = piece.apply(data)
			case x < w.Noise+w.Keep:
				data = piece.apply(data)
			}
			from = to
		}
	}
	return data, true
}
