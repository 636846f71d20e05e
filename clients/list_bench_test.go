package clients_test

import (
	"fmt"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/ids"
)

// large is a casebook with the couples, sessions and assignments of twenty years.
func large(b *testing.B) (*clients.Store, []ids.ID) {
	s, cb := book(b)
	all := make([]ids.ID, 5200)
	ok(b, cb.Write(ctx, "fill", func(tx *casebook.Tx) error {
		for i := range all {
			id, err := clients.InsertCouple(tx, clients.NewCouple{
				A: named(fmt.Sprintf("Given%d", i*7919%5200), "Family"), B: named(fmt.Sprintf("Other%d", i), "Family"), Tags: []string{fmt.Sprintf("tag%d", i%20)},
				Engagement: &clients.Engagement{StartedOn: "2020-01-01"},
			})
			if err != nil {
				return err
			}
			all[i] = id
			for n := range 16 {
				if _, err := tx.Exec(`INSERT INTO session (id, couple_id, starts_at) VALUES (?, ?, ?)`, ids.New(), id, casebooktest.Start.AddDate(0, 0, -n*i%7000-1).UnixMilli()); err != nil {
					return err
				}
			}
			for n := range 8 {
				if _, err := tx.Exec(`INSERT INTO assignment (id, couple_id, state) VALUES (?, ?, ?)`, ids.New(), id, []string{"active", "done"}[min(1, n)]); err != nil {
					return err
				}
			}
			if _, err := clients.InsertScreen(tx, clients.Screen{CoupleID: id, PersonID: mustPerson(b, tx, id), Outcome: clients.ScreenClear, HeldOn: today}); err != nil {
				return err
			}
		}
		return nil
	}))
	return s, all
}

func mustPerson(b *testing.B, tx *casebook.Tx, couple ids.ID) ids.ID {
	return must[clients.Couple](b)(clients.LoadCouple(ctx, tx, coach, couple)).A
}

func BenchmarkCouples(b *testing.B) {
	s, all := large(b)
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			if l := must[clients.List](b)(s.List(ctx, coach, clients.Filter{Now: casebooktest.Start})); l.Total != 5200 {
				b.Fatal(l.Total)
			}
		}
	})
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			must[clients.List](b)(s.List(ctx, coach, clients.Filter{Now: casebooktest.Start, Limit: 100}))
		}
	})
	b.Run("page of text", func(b *testing.B) {
		for b.Loop() {
			must[clients.List](b)(s.List(ctx, coach, clients.Filter{Now: casebooktest.Start, Text: "given51", Limit: 50}))
		}
	})
	b.Run("header", func(b *testing.B) {
		for b.Loop() {
			must[clients.Header](b)(s.Header(ctx, coach, all[2600], casebooktest.Start))
		}
	})
	b.Run("overview of A", func(b *testing.B) {
		for b.Loop() {
			must[clients.Overview](b)(s.Overview(ctx, asA, all[2600], casebooktest.Start))
		}
	})
	b.Run("counts", func(b *testing.B) {
		for b.Loop() {
			must[[]clients.Count](b)(s.Counts(ctx, coach))
		}
	})
	b.Run("namesakes", func(b *testing.B) {
		for b.Loop() {
			must[[]clients.Namesake](b)(s.Namesakes(ctx, coach, clients.Name{Given: "Given7", Family: "Family"}, ids.Nil))
		}
	})
}
