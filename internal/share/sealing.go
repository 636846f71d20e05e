package share

import (
	"errors"
	"io"

	"github.com/couplet-app/couplet/internal/container"
)

// kind is what a file of the folder holds.
type kind = container.Kind

const (
	changes  = container.Changes
	snapshot = container.Snapshot
	seen     = container.Seen
)

// Why a file of the folder cannot be read.
var (
	errNotShare   = container.ErrNotShare
	errIncomplete = container.ErrIncomplete
	errDamaged    = container.ErrDamaged
	errNewer      = container.ErrNewer
	errForeign    = container.ErrForeign
	errContents   = container.ErrContents
	errNoKey      = container.ErrNoKey
	errShutOut    = errors.New("written after the access was closed")
	errNoContent  = errors.New("the content of a file has not come")
)

// sealed writes one container under the newest of keys.
func sealed(w io.Writer, keys *container.Keys, as kind, fill func(*writer) error) error {
	return sealedWith(w, keys, as, nil, fill)
}

// sealedWith is sealed for a snapshot that carries the keys of the epochs.
func sealedWith(w io.Writer, keys *container.Keys, as kind, ring []byte, fill func(*writer) error) error {
	s, err := container.NewSealer(w, keys, as, ring)
	if err != nil {
		return err
	}
	out, err := newWriter(s, as)
	if err != nil {
		return err
	}
	if err := fill(out); err != nil {
		out.close()
		return err
	}
	if err := out.close(); err != nil {
		return err
	}
	return s.Close()
}
