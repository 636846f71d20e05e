package backup_test

import (
	"errors"
	"flag"
	"os"
	"testing"
)

// TestMain makes few histories of each kind unless -rapid.checks asks for more: each is
// a real casebook with its backups. They are the same ones every time; -rapid.seed asks
// for others.
func TestMain(m *testing.M) {
	if err := errors.Join(flag.Set("rapid.checks", "6"), flag.Set("rapid.seed", "1")); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
