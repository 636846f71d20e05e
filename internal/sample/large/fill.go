// Package large makes a large casebook of people who do not exist, to measure with.
package large

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// Size is how large a filled casebook is.
type Size struct {
	Coaches int
	Years   int
}

// Counts are how many rows of each kind a size has. Four coaches in twenty years have
// 5,200 couples, 81,000 sessions, 194,000 notes, 74,000 quiz results and 1.2 million
// practice logs.
type Counts struct {
	Couples, Sessions, Notes, Quizzes, Logs int
}

// Counts are the counts of the size, in proportion to coaches and years.
func (s Size) Counts() Counts {
	n := s.Coaches * s.Years
	part := func(of80 int) int { return max(1, (of80*n+40)/80) }
	return Counts{part(5_200), part(81_000), part(194_000), part(74_000), part(1_200_000)}
}

// Progress is told how far a filling is, in weeks of the story.
type Progress func(done, total int)

const (
	weeksAYear    = 52
	weeksAtOnce   = 4 // weeks written in one transaction
	lockAfterDays = 7
	week          = 7 * 24 * time.Hour
)

// Fill makes a casebook at path that ends on the day today: couples come, are coached
// for some months and go, week by week, and everything is written as the program
// writes it, only in larger bites. The same seed tells the same story.
func Fill(ctx context.Context, path string, n casebook.New, size Size, today day.Day, seed uint64, progress Progress) (recovery string, err error) {
	if size.Coaches < 1 || size.Years < 1 {
		return "", errors.New("a casebook needs a coach and a year")
	}
	clock := today.Time().Add(20 * time.Hour)
	f := &filler{
		ctx: ctx, r: rand.New(rand.NewPCG(seed, 80)), words: newVocabulary(), want: size.Counts(),
		weeks: size.Years * weeksAYear, now: clock.Add(-time.Duration(size.Years*weeksAYear) * week),
	}
	if f.shapes, err = readShapes(); err != nil {
		return "", err
	}
	cb, recovery, err := casebook.Create(ctx, path, n, casebook.Options{Now: func() time.Time { return f.now }})
	if err != nil {
		return "", err
	}
	f.cb = cb
	return recovery, errors.Join(f.run(size, progress), cb.Close())
}

// filler tells the story of a practice.
type filler struct {
	ctx    context.Context
	cb     *casebook.Casebook
	r      *rand.Rand
	words  *vocabulary
	shapes shapes
	want   Counts
	have   Counts
	weeks  int
	now    time.Time

	coaches []ids.ID
	active  []*record
	unlock  []dated // notes that are still open, the oldest first
	rows    writer
}

// record is a couple or a single client in coaching.
type record struct {
	id, a, b    ids.ID
	engagement  ids.ID
	coach       ids.ID
	single      bool
	ends        int // week
	screened    time.Time
	assignments []assigned
}

type assigned struct {
	id       ids.ID
	practice int
}

type dated struct {
	id ids.ID
	at time.Time
}

func (f *filler) run(size Size, progress Progress) error {
	if err := f.begin(size); err != nil {
		return err
	}
	for from := 0; from < f.weeks; from += weeksAtOnce {
		to := min(from+weeksAtOnce, f.weeks)
		if progress != nil {
			progress(from, f.weeks)
		}
		start := f.now
		err := f.cb.Write(f.ctx, "sample.fill", func(tx *casebook.Tx) error {
			f.rows = writer{tx: tx, stmts: f.rows.stmts}
			f.rows.reset()
			for w := from; w < to; w++ {
				f.now = start.Add(time.Duration(w-from+1) * week)
				if err := f.week(tx, w); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("week %d: %w", from, err)
		}
	}
	if progress != nil {
		progress(f.weeks, f.weeks)
	}
	return f.cb.Optimize(f.ctx)
}

// begin adds the coaches beside the owner.
func (f *filler) begin(size Size) error {
	store := clients.New(f.cb)
	f.coaches = []ids.ID{f.cb.Coach()}
	for n := 2; n <= size.Coaches; n++ {
		id, err := store.AddCoach(f.ctx, fmt.Sprintf("Coach %d", n))
		if err != nil {
			return err
		}
		f.coaches = append(f.coaches, id)
	}
	return f.cb.Bulk(f.ctx)
}

// due is how many more of something there must be at the end of week w, so that the
// whole is reached in even steps.
func (f *filler) due(total, have, w int) int { return total*(w+1)/f.weeks - have }

// week tells one week: who comes, who goes, what happens in between.
func (f *filler) week(tx *casebook.Tx, w int) error {
	f.leave(w)
	for range f.due(f.want.Couples, f.have.Couples, w) {
		if err := f.arrive(tx, w); err != nil {
			return err
		}
	}
	if len(f.active) == 0 { // the first weeks of a very small practice
		if f.have.Couples == f.want.Couples {
			return nil
		}
		if err := f.arrive(tx, w); err != nil {
			return err
		}
	}
	for _, step := range []struct {
		total int
		have  *int
		one   func(*casebook.Tx, *record) error
	}{
		{f.want.Sessions, &f.have.Sessions, f.session},
		{f.want.Quizzes, &f.have.Quizzes, f.quiz},
		{f.want.Logs, &f.have.Logs, f.log},
	} {
		for range f.due(step.total, *step.have, w) {
			if err := step.one(tx, f.active[f.r.IntN(len(f.active))]); err != nil {
				return err
			}
			*step.have++
		}
	}
	for f.due(f.want.Notes, f.have.Notes, w) > 0 {
		if err := f.contact(tx, f.active[f.r.IntN(len(f.active))]); err != nil {
			return err
		}
	}
	return f.lockDue(tx)
}

// leave ends the engagements whose time is over; the practice never stands empty.
func (f *filler) leave(w int) {
	stay := f.active[:0]
	for i, c := range f.active {
		if c.ends > w || len(stay) == 0 && i == len(f.active)-1 {
			stay = append(stay, c)
			continue
		}
		f.rows.later(c)
	}
	f.active = stay
}

// moment is a time in the week under way, in working hours.
func (f *filler) moment() time.Time {
	d := time.Duration(f.r.IntN(6)) * 24 * time.Hour
	return f.now.Truncate(24 * time.Hour).Add(-week + d + 8*time.Hour + time.Duration(f.r.IntN(11*60))*time.Minute)
}

// id is an identifier as of a moment: its first half is the time, the rest is chance.
func (f *filler) id(at time.Time) ids.ID {
	var id ids.ID
	ms := uint64(at.UnixMilli())
	for i := range 6 {
		id[i] = byte(ms >> (8 * (5 - i)))
	}
	x, y := f.r.Uint64(), f.r.Uint64()
	for i := range 8 {
		id[8+i] = byte(x >> (8 * i))
	}
	id[6], id[7] = 0x70|byte(y)&0x0f, byte(y>>8)
	id[8] = 0x80 | id[8]&0x3f
	return id
}
