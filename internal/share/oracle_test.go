package share

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/internal/ids"
)

// broken is what an oracle found.
type broken struct{ what string }

func (b broken) Error() string { return b.what }

func brokenf(format string, args ...any) error { return broken{fmt.Sprintf(format, args...)} }

// judge asks the oracles.
func (w *world) judge() error {
	var first string
	for i, r := range w.r {
		var b bytes.Buffer
		if err := Dump(ctx, r.cb, &b); err != nil {
			return err
		}
		if i == 0 {
			first = b.String()
		} else if b.String() != first {
			return brokenf("computer %d differs:\n%s", i, cmp.Diff(strings.Split(first, "\n"), strings.Split(b.String(), "\n")))
		}
		var lost int
		if err := r.cb.Whole().QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&lost); err != nil || lost > 0 {
			return brokenf("%d rows point nowhere (%v)", lost, err)
		}
		for _, id := range append(slices.Clone(w.revs), w.people...) {
			if !w.has(r, "note_rev", id) && !w.has(r, "person", id) {
				return brokenf("row %s is not on computer %d", id, i)
			}
		}
	}
	for _, check := range []func(*computer) error{w.causes, w.kept, w.narrow, w.locked, w.closed, w.decided} {
		if err := check(w.r[0]); err != nil {
			return err
		}
	}
	return nil
}

// causes: no edit lost to one that its author had seen.
func (w *world) causes(r *computer) error {
	for _, e := range w.edits {
		var now string
		id, col, _ := strings.Cut(e.key[:36]+" "+e.key[36:], " ")
		person, err := ids.Parse(id)
		if err != nil {
			return err
		}
		if err := r.cb.Whole().QueryRowContext(ctx, `SELECT `+col+` FROM person WHERE id = ?`, person).Scan(&now); err != nil {
			return err
		}
		if now != e.value {
			continue
		}
		for _, later := range w.edits {
			if later.key == e.key && later.saw.covers(vector{e.at.dev: {{e.at.hlc - 1, e.at.hlc}}}) {
				return brokenf("%s = %s stands, though %s was written by somebody who saw it", e.key, e.value, later.value)
			}
		}
	}
	return nil
}

// kept: every value that was ever written can still be found.
func (w *world) kept(r *computer) error {
	for _, e := range w.edits {
		var n int
		if err := r.cb.Whole().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM person WHERE phone = ?1 OR email = ?1) + (SELECT count(*) FROM history WHERE old = ?1) + (SELECT count(*) FROM lost WHERE value = ?1)`, e.value).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return brokenf("%s = %s is nowhere", e.key, e.value)
		}
	}
	return nil
}

// narrow: who may see the text is what all decisions allow that nothing replaces.
func (w *world) narrow(r *computer) error {
	want := ""
	for _, d := range w.decisions {
		if slices.ContainsFunc(w.decisions, func(x decision) bool { return x.replaces == d.id }) {
			continue
		}
		switch {
		case want == "", want == "joint":
			want = d.visibility
		case d.visibility != "joint" && d.visibility != want:
			want = "coach_only"
		}
	}
	if want == "" {
		want = "joint"
	}
	var now string
	if err := r.cb.Whole().QueryRowContext(ctx, `SELECT visibility FROM note_field WHERE id = ?`, theField).Scan(&now); err != nil {
		return err
	}
	if now != want {
		return brokenf("the text is shown to %s, the decisions say %s", now, want)
	}
	return nil
}

// closed: the answers are those that the first lock closed, and all others are kept.
func (w *world) closed(r *computer) error {
	var first *answers
	for i := range w.answers {
		a := &w.answers[i]
		if a.locked && (first == nil || first.at.after(a.at)) {
			first = a
		}
		var n int
		if err := r.cb.Whole().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM administration WHERE answers = ?1) + (SELECT count(*) FROM history WHERE old = ?1) + (SELECT count(*) FROM lost WHERE value = ?1)`, a.value).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return brokenf("the answers %s are nowhere", a.value)
		}
	}
	if first == nil {
		return nil
	}
	var now string
	var locked bool
	if err := r.cb.Whole().QueryRowContext(ctx, `SELECT answers, locked_at <> 0 FROM administration WHERE id = ?`, theQuiz).Scan(&now, &locked); err != nil {
		return err
	}
	if now != first.value || !locked {
		return brokenf("the answers are %s, and %s was locked", now, first.value)
	}
	return nil
}

// decided: those decisions count that none replaces, and none is missing.
func (w *world) decided(r *computer) error {
	for _, of := range agreements {
		var want []ids.ID
		for _, d := range w.agreed {
			if d.tbl == of.tbl && !slices.ContainsFunc(w.agreed, func(x agreed) bool { return x.replaces == d.id }) {
				want = append(want, d.id)
			}
		}
		got, err := inForce(r.cb.Whole(), of.tbl)
		if err != nil {
			return err
		}
		if len(want) == 0 {
			want = []ids.ID{ids.Nil}
		}
		slices.SortFunc(want, compareIDs)
		if !slices.Equal(got, want) {
			return brokenf("of %s %v is in force, not %v", of.tbl, got, want)
		}
	}
	return nil
}

// locked: a locked text is what a lock closed, and what was written meanwhile is beside it.
func (w *world) locked(r *computer) error {
	var locks, unseen int
	if err := r.cb.Whole().QueryRowContext(ctx, `SELECT count(*) FROM note_lock`).Scan(&locks); err != nil || locks == 0 {
		return err
	}
	err := r.cb.Whole().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM note_field f WHERE f.id = ?1 AND NOT EXISTS (SELECT 1 FROM note_lock l WHERE instr(l.covers, hex(f.head)))) +
		(SELECT count(*) FROM note_rev r WHERE r.id <> (SELECT head FROM note_field WHERE id = ?1)
			AND NOT EXISTS (SELECT 1 FROM note_rev c WHERE c.field_id = r.field_id AND replace(c.parents, '-', '') = lower(hex(r.id)))
			AND NOT EXISTS (SELECT 1 FROM addendum a WHERE a.body = r.body))`, theField).Scan(&unseen)
	if err != nil {
		return err
	}
	if unseen > 0 {
		return brokenf("%d texts of a locked note are shown nowhere", unseen)
	}
	return nil
}
