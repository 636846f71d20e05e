package large_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/sample/large"
)

func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		if _, err := large.Fill(context.Background(), filepath.Join(b.TempDir(), "x.couplet"), casebook.New{Passphrase: "x"}, large.Size{Coaches: 4, Years: 2}, "2026-11-22", 1, nil); err != nil {
			b.Fatal(err)
		}
		for k, v := range large.Dbg {
			b.Log(k, v)
		}
	}
}
