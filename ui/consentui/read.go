package consentui

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
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

	own         []clients.Release // what a client released, for that client
	reach       map[ids.ID]clients.Reach
	texts       []clients.ConsentText
	withdrawals []clients.Undecided
	steps       map[string]clients.SafetyStep
	contacts    []clients.ReferralContact
	referrals   []clients.Referral
	scope       []clients.ScopeCheck
	scopeDue    bool
	releasable  map[clients.Slot][]clients.Releasable
	parted      day.Day
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
		return s, t.readOwn(ctx, rec, &s)
	}
	if s.screens, err = d.Clients.Screens(ctx, rec.Audience, rec.Couple); err != nil {
		return s, err
	}
	if s.overrides, err = d.Clients.Overrides(ctx, rec.Audience, rec.Couple); err != nil {
		return s, err
	}
	for _, read := range []func(context.Context, kit.Record, *state) error{t.readPeople, t.readSafety, t.readReleases} {
		if err := read(ctx, rec, &s); err != nil {
			return s, err
		}
	}
	return s, nil
}

// readOwn reads what a client may know of their own releases.
func (t *tab) readOwn(ctx context.Context, rec kit.Record, s *state) (err error) {
	if s.own, err = t.deps.Clients.OwnReleases(ctx, rec.Audience, rec.Couple); err != nil || len(s.own) == 0 {
		return err
	}
	return t.readResults(ctx, rec, s)
}

func (t *tab) readPeople(ctx context.Context, rec kit.Record, s *state) (err error) {
	d := t.deps
	s.reach = map[ids.ID]clients.Reach{}
	for _, p := range s.People {
		if s.reach[p.ID], err = d.Clients.Reach(ctx, rec.Audience, p.ID); err != nil {
			return err
		}
	}
	if s.texts, err = d.Clients.ConsentTexts(ctx); err != nil {
		return err
	}
	if s.withdrawals, err = d.Clients.Withdrawals(ctx, rec.Audience, rec.Couple); err != nil {
		return err
	}
	s.parted, err = d.Clients.Parted(ctx, rec.Audience, rec.Couple)
	return err
}

func (t *tab) readSafety(ctx context.Context, rec kit.Record, s *state) (err error) {
	d := t.deps
	if s.steps, err = d.Clients.Steps(ctx, rec.Audience, rec.Couple); err != nil {
		return err
	}
	if s.contacts, err = d.Clients.Contacts(ctx); err != nil {
		return err
	}
	if s.referrals, err = d.Clients.Referrals(ctx, rec.Audience, rec.Couple); err != nil {
		return err
	}
	if s.scope, err = d.Clients.ScopeChecks(ctx, rec.Audience, rec.Couple); err != nil {
		return err
	}
	s.scopeDue, err = d.Clients.ScopeIsDue(ctx, rec.Couple)
	return err
}

func (t *tab) readReleases(ctx context.Context, rec kit.Record, s *state) (err error) {
	d := t.deps
	if s.allReleases, err = d.Clients.Releases(ctx, rec.Audience, rec.Couple); err != nil {
		return err
	}
	s.releases = slices.DeleteFunc(slices.Clone(s.allReleases), func(r clients.Release) bool { return !counts(r, rec.Today()) })
	if s.notes, err = d.Clients.ReleasedNotes(ctx, rec.Audience, rec.Couple); err != nil {
		return err
	}
	s.releasable = map[clients.Slot][]clients.Releasable{}
	for _, p := range s.Partners {
		if s.releasable[p.Slot], err = d.Clients.Releasable(ctx, rec.Audience, rec.Couple, p.Slot); err != nil {
			return err
		}
	}
	if len(s.allReleases) == 0 {
		return nil
	}
	return t.readResults(ctx, rec, s)
}

func (t *tab) readResults(ctx context.Context, rec kit.Record, s *state) error {
	results, err := t.deps.Quizzes.Results(ctx, rec.Audience, rec.Couple)
	s.released = map[ids.ID]quizzes.Result{}
	for _, r := range results {
		s.released[r.ID] = r
	}
	return err
}
