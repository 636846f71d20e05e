package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/sample"
	"github.com/couplet-app/couplet/internal/text"
)

func (c *call) new() error {
	if !c.on("sample") {
		for _, f := range []string{"today", "seed"} {
			if c.on(f) {
				return usage(text.T("ctl.only_sample", "The flag --%s goes with --sample.", f), "")
			}
		}
		return c.create(c.positional[0], nil, func(ctx context.Context, path string, n casebook.New, opts casebook.Options) (string, error) {
			cb, recovery, err := casebook.Create(ctx, path, n, opts)
			if err != nil {
				return "", err
			}
			return recovery, cb.Close()
		})
	}
	today, seed, err := c.todayAndSeed()
	if err != nil {
		return err
	}
	return c.create(c.positional[0], nil, func(ctx context.Context, path string, n casebook.New, _ casebook.Options) (string, error) {
		return sample.Casebook(ctx, path, n, today, uint64(seed))
	})
}

// sampleDay is the day from which the sample counts back unless another is given.
const sampleDay day.Day = "2026-11-22"

func (c *call) todayAndSeed() (day.Day, int, error) {
	today, err := c.day("today")
	if err != nil {
		return "", 0, err
	}
	if today.IsZero() {
		today = sampleDay
	}
	seed, err := c.whole("seed", 1, 0)
	return today, seed, err
}

func (c *call) passphrase() error {
	kdf, err := c.kdf()
	if err != nil {
		return err
	}
	return c.with(reading(), func(cb *casebook.Casebook) error {
		p, err := c.passphraseFrom("new-passphrase-file", "", text.T("ctl.prompt_new", "New passphrase: "), true)
		if err != nil {
			return err
		}
		if err := backUp(c.ctx, cb, backup.Now); err != nil {
			return err
		}
		if err := cb.ChangePassphrase(c.ctx, kdf, p); err != nil {
			return err
		}
		c.note(text.T("ctl.changed", "The passphrase is changed. Backups made before still open with the old one."))
		return nil
	})
}

func (c *call) version() error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("the program does not know its version")
	}
	v := strings.Trim(info.Main.Version, "()")
	if v == "devel" || v == "" {
		v = "development build"
	}
	fmt.Fprintf(c.out, "coupletctl %s, casebook schema %d\n", v, casebook.SchemaVersion())
	return nil
}

// json writes the one document that a program reads.
func (c *call) json(v any) error {
	e := json.NewEncoder(c.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// now is the time on the computer's clock; the tests put another in its place.
var now = time.Now
