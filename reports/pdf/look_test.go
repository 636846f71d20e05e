package pdf

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/reports"
)

// TestLook writes sample reports to build/pdf when asked to by COUPLET_LOOK=1, for
// people to look at.
func TestLook(t *testing.T) {
	if os.Getenv("COUPLET_LOOK") != "1" {
		t.Skip("COUPLET_LOOK is not 1")
	}
	dir := filepath.Join("..", "..", "build", "pdf")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string]reports.PageSize{"a4.pdf": reports.A4, "letter.pdf": reports.Letter} {
		b, subs, err := Render(sample(size))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Log(name, subs)
	}
}
