package casebook

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
)

// TestPV21NothingOfOneCoupleIsReachedFromTheOther plays random practices, in which people are
// in several couples and couples have several coaches, past ones and colleagues for some days,
// and holds what each coach is shown of every table to what a plain list says they may see.
func TestPV21NothingOfOneCoupleIsReachedFromTheOther(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 21))
		now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
		c, _, err := Create(ctx, filepath.Join(t.TempDir(), "random.couplet"), New{Passphrase: "seven lanterns over a quiet harbour", KDF: vault.FloorKDF}, Options{Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		owner := c.me
		pick := func(all []ids.ID) ids.ID { return all[r.IntN(len(all))] }
		made := func(n int) (out []ids.ID) {
			for range n {
				out = append(out, ids.New())
			}
			return out
		}
		coaches, people, couples := made(4), made(9), made(12)
		rows := map[string]map[ids.ID]ids.ID{} // table -> row -> couple
		whose := map[ids.ID]map[ids.ID]bool{}  // coach -> couple
		inCouple := map[ids.ID][2]ids.ID{}
		free := made(2) // enquiries of nobody
		for _, k := range coaches {
			whose[k] = map[ids.ID]bool{}
		}
		err = c.Write(ctx, "random.practice", func(tx *Tx) error {
			put := func(table string, couple ids.ID, cols string, args ...any) ids.ID {
				id, holes := ids.New(), ""
				for range args {
					holes += ", ?"
				}
				if rows[table] == nil {
					rows[table] = map[ids.ID]ids.ID{}
				}
				if _, err := tx.Exec(fmt.Sprintf(`INSERT INTO %s (id, %s) VALUES (?%s)`, table, cols, holes), append([]any{id}, args...)...); err != nil {
					t.Fatalf("%s: %v", table, err)
				}
				rows[table][id] = couple
				return id
			}
			for _, k := range coaches {
				if _, err := tx.Exec(`INSERT INTO coach (id, name, role) VALUES (?, ?, 'coach')`, k, k.String()); err != nil {
					return err
				}
			}
			for _, p := range people {
				if _, err := tx.Exec(`INSERT INTO person (id, given_name) VALUES (?, ?)`, p, p.String()); err != nil {
					return err
				}
			}
			for _, q := range free {
				if _, err := tx.Exec(`INSERT INTO enquiry (id, a_given) VALUES (?, 'nobody')`, q); err != nil {
					return err
				}
			}
			for _, couple := range couples {
				a, b := pick(people), pick(people)
				inCouple[couple] = [2]ids.ID{a, b}
				if _, err := tx.Exec(`INSERT INTO couple (id, a_id, b_id) VALUES (?, ?, ?)`, couple, a, b); err != nil {
					return err
				}
				for range 1 + r.IntN(2) {
					k, ended, gone := pick(coaches), []string{"", "2020-01-01"}[r.IntN(2)], r.IntN(4) == 0
					e := put("engagement", couple, "couple_id, ended_on", couple, ended)
					put("engagement_coach", couple, "engagement_id, coach_id, deleted", e, k, gone)
					whose[k][couple] = whose[k][couple] || !gone
				}
				from := []string{"2026-11-01", "2026-11-22", "2026-11-23"}[r.IntN(3)]
				until := []string{"2026-11-21", "2026-11-22", "2026-12-24"}[r.IntN(3)]
				if k := pick(coaches); r.IntN(2) == 0 && from <= until {
					g := put("record_access", couple, "couple_id, coach_id, kind, from_on, until_on, state", couple, k, "hand_over", from, until, "given")
					taken := r.IntN(3) == 0
					if taken {
						put("record_access", couple, "couple_id, coach_id, kind, from_on, until_on, state, replaces", couple, k, "hand_over", from, until, "withdrawn", g)
					}
					whose[k][couple] = whose[k][couple] || !taken && from <= "2026-11-22" && until >= "2026-11-22"
				}
				note := put("note", couple, "couple_id", couple)
				field := put("note_field", couple, "note_id", note)
				put("note_rev", couple, "note_id, field_id, body", note, field, "words of it")
				put("addendum", couple, "note_id, body", note, "more words")
				session := put("session", couple, "couple_id, starts_at", couple, 1)
				put("attendance", couple, "session_id, person_id", session, a)
				put("signature", couple, "couple_id, person_id", couple, a)
				put("noted_condition", couple, "couple_id, person_id", couple, a)
				put("safety_screen", couple, "couple_id, person_id", couple, a)
				put("letter", couple, "couple_id, body", couple, "dear")
				put("administration", couple, "couple_id, person_id", couple, a)
				put("enquiry", couple, "couple_id, coach_id, a_given", couple, pick(coaches), "asked")
				put("glass", couple, "couple_id, coach_id, reason", couple, pick(coaches), "why")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range coaches {
			c.me = k
			if err := c.look(ctx); err != nil {
				t.Fatal(err)
			}
			rows["couple"], rows["person"] = map[ids.ID]ids.ID{}, map[ids.ID]ids.ID{}
			want := map[string][]ids.ID{"person": nil, "enquiry": slices.Clone(free)}
			for couple := range whose[k] {
				if whose[k][couple] {
					want["couple"] = append(want["couple"], couple)
					want["person"] = append(want["person"], inCouple[couple][0], inCouple[couple][1])
				}
			}
			for table, all := range rows {
				for row, couple := range all {
					if whose[k][couple] {
						want[table] = append(want[table], row)
					}
				}
			}
			for table := range rows {
				got, err := Collect(ctx, c.reader, Value[ids.ID], `SELECT id FROM `+table)
				if err != nil {
					t.Fatal(err)
				}
				if !same(got, want[table]) {
					t.Errorf("seed %d: a coach is shown %d rows of %s, and may see %d", seed, len(got), table, len(sorted(want[table])))
				}
				if clocks, err := Collect(ctx, c.reader, Value[ids.ID], `SELECT id FROM row_clock WHERE tbl = (SELECT num FROM schema_rule WHERE tbl = ? AND col = '*')`, table); err != nil || !same(clocks, want[table]) {
					t.Errorf("seed %d: %d clocks of %s (%v)", seed, len(clocks), table, err)
				}
			}
			docs, err := Collect(ctx, c.reader, Value[ids.ID], `SELECT couple_id FROM search_doc WHERE couple_id IS NOT NULL`)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range docs {
				if !whose[k][d] {
					t.Errorf("seed %d: a document of another couple is found", seed)
				}
			}
		}
		c.me = owner
	}
}

func sorted(all []ids.ID) []ids.ID {
	out := slices.Clone(all)
	slices.SortFunc(out, func(a, b ids.ID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(out)
}

func same(a, b []ids.ID) bool { return slices.Equal(sorted(a), sorted(b)) }
