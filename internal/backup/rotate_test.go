package backup

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// What stays when backups are pruned one by one is what would stay of all that were ever
// made: an hour, a day, a week or a month in reach never loses its last one.
func TestAYearOfBackups(t *testing.T) {
	for range 10 {
		rapid.Check(t, aYear)
	}
}

func aYear(t *rapid.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 8000).Draw(t, "start")) * time.Hour)
	end := at.AddDate(1, 0, 0)
	var all, kept []time.Time // newest first
	for at.Before(end) {
		all, kept = slices.Insert(all, 0, at), slices.Insert(kept, 0, at)
		kept = staying(kept)
		if kept[0] != at {
			t.Fatal("the newest was pruned")
		}
		hours := rapid.OneOf(rapid.IntRange(1, 3), rapid.IntRange(8, 30), rapid.IntRange(60, 1200)).Draw(t, "hours")
		at = at.Add(time.Duration(hours)*time.Hour + time.Duration(rapid.IntRange(0, 59).Draw(t, "minutes"))*time.Minute)
	}
	if want := staying(all); !slices.Equal(kept, want) {
		t.Fatalf("kept %v, want %v", kept, want)
	}
	if len(kept) > 24+14+8+24 {
		t.Fatalf("%d stay", len(kept))
	}
	for _, r := range rotation {
		if have, had := periods(kept, r.period), periods(all, r.period); have < min(r.n, had) {
			t.Fatalf("%d of %d periods are left", have, had)
		}
	}
}

func staying(at []time.Time) []time.Time {
	var out []time.Time
	for i, keep := range stays(at) {
		if keep {
			out = append(out, at[i])
		}
	}
	return out
}

func periods(at []time.Time, period func(time.Time) string) int {
	seen := map[string]bool{}
	for _, t := range at {
		seen[period(t)] = true
	}
	return len(seen)
}

func TestWhatStaysByHand(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	var all []time.Time
	for h := range 30 { // an hour apart: the last 24 and the last of the day before
		all = append(all, day("2026-11-22 23:10").Add(-time.Duration(h)*time.Hour))
	}
	all = append(all, day("2026-11-21 22:05")) // the same hour as another, and older than a day
	slices.SortFunc(all, func(a, b time.Time) int { return b.Compare(a) })
	got := staying(all)
	if len(got) != 25 || got[23] != day("2026-11-22 00:10") || got[24] != day("2026-11-21 23:10") {
		t.Errorf("%d stay: %v", len(got), got)
	}
	var years []time.Time
	for m := range 40 {
		years = append(years, time.Date(2026, time.Month(11-m), 28, 9, 0, 0, 0, time.UTC))
	}
	if got := staying(years); len(got) != 24 { // each is also the last of its hour, day, week
		t.Errorf("%d months stay", len(got))
	}
}

func TestNamesSayTheirOrder(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 30, 59, 0, time.UTC)
	for n := 1; n < 12; n++ {
		name := nameOf(at, n)
		if got, i, ok := parseName(name); !ok || i != n || !got.Equal(at.Truncate(time.Minute)) {
			t.Errorf("%s says %v, %d, %v", name, got, i, ok)
		}
	}
	if fmt.Sprint(nameOf(at, 1)) != "2026-11-22T1230.couplet-backup" {
		t.Error(nameOf(at, 1))
	}
	for _, name := range []string{"x.couplet-backup", "2026-11-22T1230", "2026-13-22T1230.couplet-backup", registerName, secondName} {
		if _, _, ok := parseName(name); ok {
			t.Errorf("%s counts as a backup", name)
		}
	}
}
