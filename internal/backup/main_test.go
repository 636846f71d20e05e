package backup_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain makes few histories of each kind unless -rapid.checks asks for more: each is
// a real casebook with its backups.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "6"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
