package share

import (
	"bytes"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// BenchmarkSharing tells what joining, merging and merging nothing cost.
func BenchmarkSharing(b *testing.B) {
	const people = 20_000
	p := newPractice(b, 1)
	cb := p.cbs[0]
	for range people / 1000 {
		if err := cb.Write(ctx, "fill", func(tx *casebook.Tx) error {
			for range 1000 {
				if _, err := tx.Exec(`INSERT INTO letter (id, couple_id, body, created_at) VALUES (?, ?, ?, 1)`, ids.New(), theCouple, english(400)); err != nil {
					return err
				}
			}
			_, err := tx.Exec(`INSERT INTO couple (id) VALUES (?) ON CONFLICT DO NOTHING`, theCouple)
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
	p.sync(0)
	snapshot := filepath.Join(p.folder, "Test practice"+snapshotSuffix)
	f := file{path: filepath.Base(snapshot)}
	for b.Loop() {
		start := time.Now()
		if err := f.inspect(p.folder, cb.Key()); err != nil {
			b.Fatal(err)
		}
		decode := time.Since(start)
		start = time.Now()
		joined := p.join()
		b.ReportMetric(float64(f.rows)/time.Since(start).Seconds(), "joined-rows/s")
		start = time.Now()
		if _, err := Merge(ctx, joined, secret, Options{}, snapshot); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(start).Seconds()/decode.Seconds(), "nothing-new/decode")
		b.ReportMetric(float64(f.rows)/decode.Seconds(), "decoded-rows/s")
		start = time.Now()
		write(b, cb, `UPDATE letter SET deleted = 0, reader = ? WHERE id = (SELECT min(id) FROM letter)`, time.Now().String())
		p.sync(0)
		p.sync(len(p.cbs) - 1)
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "edit-to-other-ms")
		start = time.Now()
		if err := Dump(ctx, joined, io.Discard); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "dump-ms")
	}
	var buf bytes.Buffer
	start := time.Now()
	if _, err := writeSnapshot(ctx, cb, &buf); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(f.rows)/time.Since(start).Seconds(), "snapshot-rows/s")
}
