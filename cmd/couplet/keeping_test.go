package main

import (
	"context"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/ui"
)

// Through the window's own wiring: a backup, a deletion that is undone by name, one that
// comes back from the bin, and one that comes back from the backup.
func TestWhatWasDeletedComesBackThreeWays(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	ctx := context.Background()
	s := newSample(t)
	keep, undo := settings{s.open.stores}, s.open.Undoer()
	if err := keep.MakeBackup(ctx); err != nil {
		t.Fatal(err)
	}
	list, trouble, err := keep.Backups(ctx)
	if err != nil || trouble != "" || len(list) != 1 || !list[0].Verified {
		t.Fatalf("%+v %q (%v)", list, trouble, err)
	}
	couple := s.rows[0].ID
	there := func() bool {
		t.Helper()
		rows, err := keep.clients.List(ctx, clients.For(clients.CoachView, "2026-11-22"), clients.Filter{Shelf: clients.Everything, Now: s.Env.Now()})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows.Rows {
			if r.ID == couple {
				return true
			}
		}
		return false
	}
	for way, back := range map[string]func() error{
		"undo": func() error {
			step, err := undo.Last(ctx, ui.Step{})
			if err != nil || step.Words != "deleted a record" {
				t.Fatalf("the last step is %q (%v)", step.Words, err)
			}
			_, err = undo.Undo(ctx, step)
			return err
		},
		"bin": func() error {
			bin, err := keep.Bin(ctx, 10)
			if err != nil || len(bin) == 0 || bin[0].ID != couple {
				t.Fatalf("%+v (%v)", bin, err)
			}
			return keep.BringBack(ctx, bin[0])
		},
		"backup": func() error {
			said, err := keep.BringBackFrom(ctx, list[0].Path, false, func(int64, int64) {})
			if said != "Back again: 1 record, 2 persons." { // not how many rows
				t.Errorf("it says %q", said)
			}
			return err
		},
	} {
		if err := keep.clients.DeleteCouple(ctx, couple); err != nil {
			t.Fatal(err)
		}
		if there() {
			t.Fatal("it is not deleted")
		}
		if err := back(); err != nil {
			t.Fatal(err)
		}
		if !there() {
			t.Errorf("%s: it did not come back", way)
		}
	}
	if found, err := keep.Check(ctx, func(int64, int64) {}); err != nil || len(found) > 0 {
		t.Errorf("%v (%v)", found, err)
	}
}

func TestWhatGoingBackToADayDidIsSaidWithoutZeros(t *testing.T) {
	for want, out := range map[string]backup.Outcome{
		"Everything reads as it did that day already.": {},
		"In the recycle bin now: 1 session.":           {ThingsBinned: backup.Things{"session": 1}},
		"Back again: 1 record, 2 persons. As on that day again: 1 note. In the recycle bin now: 3 other entries.": {
			ThingsBack: backup.Things{"person": 2, "couple": 1}, ThingsChanged: backup.Things{"note": 1}, ThingsBinned: backup.Things{backup.Other: 3},
		},
	} {
		if got := dayWords(out); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
