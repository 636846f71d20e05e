package clients

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// GiveRelease stores that a partner lets the other see an item, or some channels of it.
// It replaces what the partner said of that item before. Without an ExpiresOn it counts
// until the engagement ends; once that has ended, on the day it was given.
func (s *Store) GiveRelease(ctx context.Context, r Release) (ids.ID, error) {
	var id ids.ID
	err := s.cb.Write(ctx, "release.give", func(tx *casebook.Tx) (err error) {
		id, err = InsertRelease(tx, r)
		return err
	})
	return id, err
}

// InsertRelease is GiveRelease inside a transaction.
func InsertRelease(tx *casebook.Tx, r Release) (ids.ID, error) {
	r.State = StateGiven
	if r.GivenOn == "" {
		r.GivenOn = today(tx)
	}
	if err := errors.Join(r.Validate(), byNow(tx, "given_on", r.GivenOn)); err != nil {
		return ids.Nil, err
	}
	c, err := LoadCouple(tx.Context(), tx, Audience{reader: CoachView}, r.CoupleID)
	if err != nil {
		return ids.Nil, err
	}
	if c.Person(r.Partner).IsZero() {
		return ids.Nil, fault.Input("partner", text.T("clients.release_who", "Say who releases this."))
	}
	if r.ExpiresOn == "" {
		var ended day.Day
		err := tx.QueryRow(`SELECT coalesce((SELECT ended_on FROM engagement WHERE id = `+CurrentEngagement("?")+`), '')`, r.CoupleID).Scan(&ended)
		if err != nil {
			return ids.Nil, err
		}
		if ended != "" {
			r.ExpiresOn = max(r.GivenOn, ended)
		}
	}
	return appendRelease(tx, r)
}

// WithdrawRelease stores that a partner takes a release back. Withdrawing what was never
// given is allowed and changes nothing that anybody sees.
func (s *Store) WithdrawRelease(ctx context.Context, couple ids.ID, partner Slot, item ids.ID, on day.Day, way string) (ids.ID, error) {
	var id ids.ID
	err := s.cb.Write(ctx, "release.withdraw", func(tx *casebook.Tx) error {
		r := Release{CoupleID: couple, Partner: partner, ItemID: item, State: StateWithdrawn, GivenOn: on, Way: way}
		err := errors.Join(r.Validate(), byNow(tx, "given_on", on))
		if err == nil {
			id, err = appendRelease(tx, r)
		}
		return err
	})
	return id, err
}

// appendRelease stores the decision, once for each decision in force that it replaces.
func appendRelease(tx *casebook.Tx, r Release) (ids.ID, error) {
	scope, err := scopeText(r.Channels)
	if err != nil {
		return ids.Nil, err
	}
	heads, err := heads(tx, "release", `item_id = ? AND partner = ?`, r.ItemID, r.Partner)
	if err != nil {
		return ids.Nil, err
	}
	c, err := LoadCouple(tx.Context(), tx, Audience{reader: CoachView}, r.CoupleID)
	if err != nil {
		return ids.Nil, err
	}
	kind, became := traces.ReleaseGiven, "whole"
	if r.State == StateWithdrawn {
		kind, became = traces.ReleaseWithdrawn, ""
	} else if r.Channels != nil {
		became = traces.Code(strings.Join(r.Channels, ","))
	}
	var id ids.ID
	for _, h := range heads {
		id = ids.New()
		if _, err := tx.Exec(`INSERT INTO release (id, couple_id, partner, item_id, scope, state, given_on, expires_on, way, replaces, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			id, r.CoupleID, r.Partner, r.ItemID, scope, r.State, r.GivenOn, r.ExpiresOn, OneLine(r.Way), h, tx.Now.UnixMilli()); err != nil {
			return ids.Nil, err
		}
	}
	return id, traces.Record(tx, traces.Entry{Kind: kind, CoupleID: r.CoupleID, PersonID: c.Person(r.Partner), Table: "release", ItemID: id, Became: became})
}

// endReleases lets the releases that count until the engagement's end expire on that
// day, unless an engagement still runs; was is the end that there was before, and what
// expired with that goes along when the end moves forward.
func endReleases(tx *casebook.Tx, couple ids.ID, was, on day.Day) error {
	open, err := casebook.Collect(tx.Context(), tx, scanRelease, selectRelease+` WHERE r.couple_id = ?1 AND r.deleted = 0 AND r.state = 'given' AND (r.expires_on = '' OR r.expires_on = ?2 AND ?3 < ?2) AND `+isHead+`
 AND NOT EXISTS (SELECT 1 FROM engagement e WHERE e.couple_id = ?1 AND e.deleted = 0 AND e.ended_on = '')`, couple, was, on)
	if err != nil {
		return err
	}
	for _, r := range open {
		r.ExpiresOn = max(on, r.GivenOn)
		if _, err := appendRelease(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// withdrawAll takes back everything a partner released in a record.
func withdrawAll(tx *casebook.Tx, couple ids.ID, partner Slot, way string) error {
	given, err := casebook.Collect(tx.Context(), tx, scanRelease, selectRelease+` WHERE r.couple_id = ? AND r.partner = ? AND r.deleted = 0 AND r.state = 'given' AND `+isHead, couple, partner)
	if err != nil {
		return err
	}
	for _, r := range given {
		r.State, r.GivenOn, r.ExpiresOn, r.Way = StateWithdrawn, today(tx), "", way
		if _, err := appendRelease(tx, r); err != nil {
			return err
		}
	}
	return nil
}

const isHead = `NOT EXISTS (SELECT 1 FROM release w WHERE w.replaces = r.id)`

const selectRelease = `SELECT r.id, r.couple_id, r.partner, r.item_id, r.scope, r.state, r.given_on, r.expires_on, r.way, r.replaces, r.created_at, ` + isHead + ` FROM release r`

func scanRelease(rows *sql.Rows, r *Release) error {
	var scope string
	var created int64
	if err := rows.Scan(&r.ID, &r.CoupleID, &r.Partner, &r.ItemID, &scope, &r.State, &r.GivenOn, &r.ExpiresOn, &r.Way, &r.Replaces, &created, &r.Current); err != nil {
		return err
	}
	r.CreatedAt = AtMillis(created)
	if scope != "" {
		r.Channels = append([]string{}, parseScope(scope).Channels...)
	}
	return nil
}

// OwnReleases are what a partner lets the other see on the day of reading, for that
// partner alone. How it was given is in the coach's words, and stays with them.
func (s *Store) OwnReleases(ctx context.Context, aud Audience, couple ids.ID) ([]Release, error) {
	if aud.Slot() == "" {
		return nil, nil
	}
	all, err := casebook.Collect(ctx, s.cb.Reader(), scanRelease, selectRelease+` WHERE r.couple_id = ? AND r.partner = ? AND r.deleted = 0 AND r.state = 'given' AND `+aud.live()+` AND `+isHead+` ORDER BY r.given_on DESC, r.id DESC`, couple, aud.Slot())
	for i := range all {
		all[i].Way = ""
	}
	return all, err
}

// Releases are all releases and withdrawals of a record, the latest first. Only the
// coach is told.
func (s *Store) Releases(ctx context.Context, aud Audience, couple ids.ID) ([]Release, error) {
	return casebook.Collect(ctx, s.cb.Reader(), scanRelease, selectRelease+` WHERE r.couple_id = ? AND r.deleted = 0 AND ? ORDER BY r.created_at DESC, r.id DESC`, couple, aud.IsCoach())
}

// ReleasedNotes are the times of the notes of which a text was ever released, by the id of
// that text. Only the coach is told.
func (s *Store) ReleasedNotes(ctx context.Context, aud Audience, couple ids.ID) (map[ids.ID]time.Time, error) {
	type row struct {
		item ids.ID
		at   int64
	}
	l, err := casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, x *row) error { return r.Scan(&x.item, &x.at) },
		`SELECT r.item_id, n.written_at FROM release r LEFT JOIN note_field f ON f.id = r.item_id LEFT JOIN addendum a ON a.id = r.item_id
 JOIN note n ON n.id = coalesce(f.note_id, a.note_id) WHERE r.couple_id = ? AND r.deleted = 0 AND ?`, couple, aud.IsCoach())
	out := map[ids.ID]time.Time{}
	for _, x := range l {
		out[x.item] = AtMillis(x.at)
	}
	return out, err
}

// ReleasedOf is how much of each item of a record a partner has released on a day, for the
// rules that show quizzes to the other. Where two decisions stand the more protective
// counts; what was released and does not count any more is there with the zero Scope.
func (s *Store) ReleasedOf(ctx context.Context, couple ids.ID, on day.Day) (map[ids.ID]map[Slot]Scope, error) {
	out, err := releasedScopes(ctx, s.cb.Reader(), `item_id IN (SELECT item_id FROM release WHERE couple_id = ?)`, on, couple)
	if err != nil {
		return nil, err
	}
	type once struct {
		item    ids.ID
		partner Slot
	}
	given, err := casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, x *once) error { return r.Scan(&x.item, &x.partner) },
		`SELECT DISTINCT item_id, partner FROM release WHERE couple_id = ? AND state = 'given'`, couple)
	for _, x := range given {
		if out[x.item] == nil {
			out[x.item] = map[Slot]Scope{}
		}
		if _, counts := out[x.item][x.partner]; !counts {
			out[x.item][x.partner] = Scope{}
		}
	}
	return out, err
}

func releasedScopes(ctx context.Context, q casebook.Querier, where string, on day.Day, args ...any) (map[ids.ID]map[Slot]Scope, error) {
	type row struct {
		item    ids.ID
		partner Slot
		scope   string
		live    bool
	}
	rows, err := casebook.Collect(ctx, q, func(r *sql.Rows, v *row) error { return r.Scan(&v.item, &v.partner, &v.scope, &v.live) },
		`SELECT r.item_id, r.partner, r.scope, `+Audience{on: on}.live()+` FROM released r WHERE `+where, args...)
	if err != nil {
		return nil, err
	}
	out := map[ids.ID]map[Slot]Scope{}
	for _, r := range rows {
		s := Scope{}
		if r.live {
			s = parseScope(r.scope)
		}
		if out[r.item] == nil {
			out[r.item] = map[Slot]Scope{}
		}
		if before, ok := out[r.item][r.partner]; ok {
			s = before.and(s)
		}
		out[r.item][r.partner] = s
	}
	return out, nil
}
