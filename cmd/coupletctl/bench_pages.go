package main

import (
	"context"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/reports/pdf"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// todayRows is how many practices Today counts.
const todayRows = 50

// recordPage asks all that stands on the first tab of a record.
func recordPage(cb *casebook.Casebook, aud clients.Audience, couple ids.ID, now time.Time) func(context.Context) error {
	return func(ctx context.Context) error {
		cl, in, pr, qz := clients.New(cb), intake.New(cb), practices.NewStore(cb, clients.New(cb)), quizzes.NewStore(cb)
		return all(
			func() error { return only(cl.Header(ctx, aud, couple, now)) },
			func() error { return only(cl.Overview(ctx, aud, couple, now)) },
			func() error { return only(pr.Agreements(ctx, aud, couple)) },
			func() error { return only(cl.Signatures(ctx, aud, couple)) },
			func() error { return only(cl.Coaches(ctx)) },
			func() error { return only(cl.Engagements(ctx, aud, couple)) },
			func() error { return only(cl.Screens(ctx, aud, couple)) },
			func() error { return only(cl.Overrides(ctx, aud, couple)) },
			func() error { return only(cl.Releases(ctx, aud, couple)) },
			func() error { return only(cl.ReleasedNotes(ctx, aud, couple)) },
			func() error { return only(qz.Results(ctx, aud, couple)) },
			func() error { return only(in.OfCouple(ctx, aud, couple)) },
		)
	}
}

// todayPage asks all that stands on Today.
func todayPage(cb *casebook.Casebook, aud clients.Audience, now time.Time) func(context.Context) error {
	return func(ctx context.Context) error {
		cl, in, ss, pr := clients.New(cb), intake.New(cb), sessions.New(cb, nil), practices.NewStore(cb, clients.New(cb))
		day, err := ss.Today(ctx, aud, now)
		if err != nil {
			return err
		}
		due, err := pr.DueOn(ctx, aud, todayRows)
		if err != nil {
			return err
		}
		var records []ids.ID
		for _, d := range due {
			records = append(records, d.Couple)
		}
		if len(day.Next) > 0 {
			if _, err := pr.Board(ctx, aud, day.Next[0].Couple, aud.On(), aud.On()); err != nil {
				return err
			}
		}
		return all(
			func() error { return only(pr.ToSeeAlone(ctx, aud, todayRows)) },
			func() error { return only(in.Today(ctx, aud, aud.On(), ids.Nil)) },
			func() error { return only(cl.Titles(ctx, aud, records)) },
		)
	}
}

// leakMS is how long the check before a report leaves may take, and leakPages how long the
// report is.
const (
	leakMS    = 300.0
	leakPages = 8
)

// measureLeaks times the check of a long report with a letter, beside the statements that
// it asks.
func measureLeaks(ctx context.Context, cb *casebook.Casebook, aud clients.Audience, couple ids.ID) (measure, error) {
	people := clients.New(cb)
	store := reports.NewStore(cb, people, sessions.New(cb, people.MayBeginJoint), quizzes.NewStore(cb), practices.NewStore(cb, people))
	rep, err := store.Build(ctx, reports.Request{Couple: couple, Reader: clients.A, Date: aud.On()})
	if err != nil {
		return measure{}, err
	}
	once, n := rep.Document.Blocks, 0
	for n < leakPages {
		file, _, err := pdf.Render(rep.Document)
		if err != nil {
			return measure{}, err
		}
		if n = pages(file); n < leakPages {
			rep.Document.Blocks = append(rep.Document.Blocks, once...)
		}
	}
	rec, stop := cb.Record()
	_, err = reports.NewStore(cb, people, sessions.New(cb, people.MayBeginJoint), quizzes.NewStore(cb), practices.NewStore(cb, people)).Leaks(ctx, rep)
	stop()
	if err != nil {
		return measure{}, err
	}
	x, err := inTurns("leak check of a report", rounds, 1, func() error { return only(store.Leaks(ctx, rep)) }, func() error {
		for _, s := range rec.Asked() {
			if err := casebook.Run(ctx, cb.Reader(), s); err != nil {
				return err
			}
		}
		return nil
	})
	x.Limit = leakMS / x.Bare
	x.Holds = x.Couplet <= leakMS
	return x, err
}

// all asks one after the other, up to the first error.
func all(asks ...func() error) error {
	for _, ask := range asks {
		if err := ask(); err != nil {
			return err
		}
	}
	return nil
}

// only is the error of an answer that nobody looks at.
func only[T any](_ T, err error) error { return err }
