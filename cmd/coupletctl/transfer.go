package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/portable"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
)

func (c *call) export() error {
	out, err := c.need("out")
	if err != nil {
		return err
	}
	if err := refuseExisting(out); err != nil {
		return err
	}
	err = c.withAll(writing(), func(cb *casebook.Casebook) error {
		sum := sha256.New()
		if err := whole(out, func(w io.Writer) error { return portable.Export(c.ctx, cb, io.MultiWriter(w, sum)) }); err != nil {
			return err
		}
		x := traces.Export{Kind: traces.KindCasebook, Reader: string(clients.CoachView), SHA256: hex.EncodeToString(sum.Sum(nil)), Name: filepath.Base(out)}
		return removeOn(traces.New(cb).Exported(c.ctx, x), out)
	})
	if err == nil {
		c.note(text.T("ctl.exported", "Everything is in %s. That file is not encrypted: keep it safe.", out))
	}
	return err
}

func (c *call) dump() error {
	return c.withAll(reading(), func(cb *casebook.Casebook) error { return share.Dump(c.ctx, cb, c.out) })
}

// whole makes path hold what write writes, all of it or nothing; path must be free.
func whole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return durable.Place(f.Name(), path)
}

func (c *call) importFile() error {
	into, err := c.need("into")
	if err != nil {
		return err
	}
	f, err := os.Open(c.positional[0])
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil {
		return err
	} else if info.IsDir() {
		return &os.PathError{Op: "read", Path: c.positional[0], Err: errors.New("is a folder")}
	}
	return c.create(into, nil, func(ctx context.Context, path string, n casebook.New, opts casebook.Options) (string, error) {
		cb, recovery, err := casebook.CreateEmpty(ctx, path, n, opts)
		if err != nil {
			return "", err
		}
		return recovery, errors.Join(portable.Import(ctx, cb, f), cb.Close())
	})
}
