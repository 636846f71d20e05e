package casebook_test

import (
	"database/sql"
	"slices"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/ids"
)

// captureLimit is how much longer the edit of one field may take for its clock, its
// history and the action than without any of them.
const captureLimit = 1.2

// BenchmarkCapture edits one field with what records changes and without, in turns.
func BenchmarkCapture(b *testing.B) {
	const rounds = 400
	with, without := casebooktest.New(b), casebooktest.New(b)
	id, couple := ids.New(), ids.New()
	for _, cb := range []*casebook.Casebook{with, without} {
		if err := cb.Write(ctx, "fill", func(tx *casebook.Tx) error {
			if _, err := tx.Exec(`INSERT INTO couple (id) VALUES (?)`, couple); err != nil {
				return err
			}
			_, err := tx.Exec(`INSERT INTO session (id, couple_id) VALUES (?, ?)`, id, couple)
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
	if err := without.Locally(ctx, func(tx *sql.Tx) error {
		for _, t := range []string{"i0", "u0", "d0", "i1", "u1", "id"} {
			if _, err := tx.ExecContext(ctx, `DROP TRIGGER cc_session_`+t); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	const edit = `UPDATE session SET place = ? WHERE id = ?`
	for b.Loop() {
		var took [2][]time.Duration
		for i := range rounds {
			for k, f := range []func() error{
				func() error {
					return with.Write(ctx, "session.save", func(tx *casebook.Tx) error {
						_, err := tx.Exec(edit, i, id)
						return err
					})
				},
				func() error {
					return without.Locally(ctx, func(tx *sql.Tx) error {
						_, err := tx.ExecContext(ctx, edit, i, id)
						return err
					})
				},
			} {
				start := time.Now()
				if err := f(); err != nil {
					b.Fatal(err)
				}
				took[k] = append(took[k], time.Since(start))
			}
		}
		for k := range took {
			slices.Sort(took[k])
		}
		r := took[0][rounds/2].Seconds() / took[1][rounds/2].Seconds()
		b.ReportMetric(r, "with/without")
		b.ReportMetric(float64(took[0][rounds/2].Microseconds()), "with-µs")
		if r > captureLimit {
			b.Errorf("an edit takes %.2f times as long with its clock and history (limit %.1f)", r, captureLimit)
		}
	}
}
