package consentui

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
)

// state is everything on the tab; what is the coach's alone stays empty for others.
type state struct {
	clients.Overview
	signatures  []clients.Signature
	screens     []clients.Screen
	overrides   []clients.Override
	allReleases []clients.Release
	releases    []clients.Release         // that count now
	released    map[ids.ID]quizzes.Result // what they are of
	notes       map[ids.ID]time.Time      // or when the note was written whose text it is
	parts       []func() []fyne.CanvasObject
}

func (t *tab) read(ctx context.Context, rec kit.Record) (s state, err error) {
	d := t.deps
	if s.Overview, err = d.Clients.Overview(ctx, rec.Audience, rec.Couple, d.Now()); err != nil {
		return s, err
	}
	if s.signatures, err = d.Clients.Signatures(ctx, rec.Audience, rec.Couple); err != nil {
		return s, err
	}
	for _, p := range d.Parts {
		draw, err := p.Read(ctx, rec)
		if err != nil {
			return s, err
		}
		s.parts = append(s.parts, draw)
	}
	if !rec.Audience.IsCoach() {
		return s, nil
	}
	if s.screens, err = d.Clients.Screens(ctx, rec.Audience, rec.Couple); err != nil {
		return s, err
	}
	if s.overrides, err = d.Clients.Overrides(ctx, rec.Audience, rec.Couple); err != nil {
		return s, err
	}
	return s, t.readReleases(ctx, rec, &s)
}

func (t *tab) readReleases(ctx context.Context, rec kit.Record, s *state) (err error) {
	d := t.deps
	if s.allReleases, err = d.Clients.Releases(ctx, rec.Audience, rec.Couple); err != nil || len(s.allReleases) == 0 {
		return err
	}
	s.releases = slices.DeleteFunc(slices.Clone(s.allReleases), func(r clients.Release) bool { return !counts(r, rec.Today()) })
	if s.notes, err = d.Clients.ReleasedNotes(ctx, rec.Audience, rec.Couple); err != nil {
		return err
	}
	results, err := d.Quizzes.Results(ctx, rec.Audience, rec.Couple)
	s.released = map[ids.ID]quizzes.Result{}
	for _, r := range results {
		s.released[r.ID] = r
	}
	return err
}
