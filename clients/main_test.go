package clients_test

import (
	"context"
	"errors"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

const today day.Day = "2026-11-22"

var (
	ctx    = context.Background()
	coach  = clients.For(clients.CoachView, today)
	us     = clients.For(clients.Us, today)
	asA    = clients.For(clients.A, today)
	asB    = clients.For(clients.B, today)
	nobody clients.Audience
)

func book(t testing.TB) (*clients.Store, *casebook.Casebook) {
	t.Helper()
	cb := casebooktest.New(t)
	return clients.New(cb), cb
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func named(given, family string) *clients.Person {
	return &clients.Person{Name: clients.Name{Given: given, Family: family}}
}

func couple(t testing.TB, s *clients.Store, a, b *clients.Person) (id, pa, pb ids.ID) {
	t.Helper()
	id = must[ids.ID](t)(s.CreateCouple(ctx, clients.NewCouple{A: a, B: b, Engagement: &clients.Engagement{StartedOn: "2026-09-01"}}))
	c := must[clients.Couple](t)(s.Couple(ctx, coach, id))
	return id, c.A, c.B
}

func wantKind(t testing.TB, err error, k fault.Kind) {
	t.Helper()
	if !fault.Is(err, k) {
		t.Fatalf("error %v, want one of kind %d", err, k)
	}
}

// fields are the fields that an error of BadInput names.
func fields(err error) []string {
	if err == nil {
		return nil
	}
	if f, isFault := err.(*fault.Error); isFault {
		return []string{f.Field}
	}
	var out []string
	if many, isMany := err.(interface{ Unwrap() []error }); isMany {
		for _, e := range many.Unwrap() {
			out = append(out, fields(e)...)
		}
		return out
	}
	return fields(errors.Unwrap(err))
}

func exec(t testing.TB, cb *casebook.Casebook, query string, args ...any) {
	t.Helper()
	ok(t, cb.Write(ctx, "test", func(tx *casebook.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	}))
}

func number(t testing.TB, cb *casebook.Casebook, query string, args ...any) int {
	t.Helper()
	var n int
	ok(t, cb.Reader().QueryRowContext(ctx, query, args...).Scan(&n))
	return n
}
