package main

import (
	"context"
	"fmt"
	"os"

	"golang.org/x/term"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/sample/large"
	"github.com/couplet-app/couplet/internal/text"
)

const (
	maxCoaches = 50
	maxYears   = 50
)

func (c *call) fill() error {
	today, seed, err := c.todayAndSeed()
	if err != nil {
		return err
	}
	coaches, err := c.whole("coaches", 4, 1)
	if err != nil {
		return err
	}
	years, err := c.whole("years", 20, 1)
	if err != nil {
		return err
	}
	if coaches > maxCoaches || years > maxYears {
		return usage(text.T("ctl.fill_size", "A filled casebook has at most %d coaches and %d years.", maxCoaches, maxYears), "")
	}
	size := large.Size{Coaches: coaches, Years: years}
	return c.create(c.positional[0], nil, func(ctx context.Context, path string, n casebook.New, _ casebook.Options) (string, error) {
		recovery, err := large.Fill(ctx, path, n, size, today, uint64(seed), c.progress())
		if err == nil {
			want := size.Counts()
			c.note(text.T("ctl.filled", "%d couples, %d sessions, %d notes, %d quiz results, %d practice logs", want.Couples, want.Sessions, want.Notes, want.Quizzes, want.Logs))
		}
		return recovery, err
	})
}

// progress is a line that is written over on a terminal, and every tenth elsewhere.
func (c *call) progress() large.Progress {
	f, isFile := c.err.(*os.File)
	live := isFile && term.IsTerminal(int(f.Fd()))
	said := -1
	return func(done, total int) {
		part := done * 100 / total
		switch {
		case live && part != said:
			fmt.Fprintf(c.err, "\r%3d %%", part)
			if done == total {
				fmt.Fprintln(c.err)
			}
		case !live && part/10 != said/10:
			c.note(text.T("ctl.progress", "%d %% done", part))
		}
		said = part
	}
}
