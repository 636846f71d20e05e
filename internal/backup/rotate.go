package backup

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/couplet-app/couplet/internal/casebook/vault"
)

// young is how old a backup is at least before it goes: what is noticed on the same day
// finds every state of it, and a restore never removes what it restores from.
const young = 24 * time.Hour

// rotation is what stays of the older ones: of each of the last n hours, days, weeks and
// months in which there was a backup, the last one.
var rotation = []struct {
	n      int
	period func(time.Time) string
}{
	{24, func(t time.Time) string { return t.Format("2006-01-02T15") }},
	{14, func(t time.Time) string { return t.Format("2006-01-02") }},
	{8, func(t time.Time) string { y, w := t.ISOWeek(); return fmt.Sprint(y, w) }},
	{24, func(t time.Time) string { return t.Format("2006-01") }},
}

// stays says which of the times, newest first, the rotation keeps. Applied again after
// each new one, it keeps what it would keep had nothing ever been removed.
func stays(at []time.Time) []bool {
	out := make([]bool, len(at))
	for i, t := range at {
		out[i] = at[0].Sub(t) < young
	}
	for _, r := range rotation {
		last, left := "", r.n
		for i, t := range at {
			if p := r.period(t); p != last && left > 0 {
				out[i], last = true, p
				left--
			}
		}
	}
	return out
}

// prune removes what the rotation does not keep; made was verified just now and stays
// whatever its name says. A backup that is not sound takes no other's place, and is
// left where it lies.
func prune(ctx context.Context, dir string, key *vault.Key, made string) error {
	files, err := Checked(ctx, dir, key, false, nil)
	if err != nil {
		return err
	}
	var sound []File
	var at []time.Time
	for _, f := range files {
		if f.Verified {
			sound, at = append(sound, f), append(at, f.At)
		}
	}
	for i, keep := range stays(at) {
		if keep || sound[i].Path == made {
			continue
		}
		if err := os.Remove(sound[i].Path); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}
