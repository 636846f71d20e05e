package durable_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/internal/durable"
)

func holds(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v", filepath.Base(path), got, err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

func TestWriteReplacesAndWriteNewRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := durable.WriteNew(path, []byte("first"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := durable.WriteNew(path, []byte("second"), 0o600); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
	holds(t, path, "first")
	if err := durable.Write(path, []byte("third"), 0o600); err != nil {
		t.Fatal(err)
	}
	holds(t, path, "third")
}

func TestACopyIsWholeAndRefusesANameThatIsTaken(t *testing.T) {
	from, to := filepath.Join(t.TempDir(), "from"), filepath.Join(t.TempDir(), "to")
	if err := os.WriteFile(from, []byte("all of it"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := durable.Copy(from, to); err != nil {
		t.Fatal(err)
	}
	holds(t, to, "all of it")
	if err := os.WriteFile(from, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := durable.Copy(from, to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("copied over what was there: %v", err)
	}
	holds(t, to, "all of it") // and nothing beside it
}

func TestPlaceRefusesANameThatIsTaken(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"tmp", "there"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := durable.Place(filepath.Join(dir, "tmp"), filepath.Join(dir, "there")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "there")); err != nil || string(got) != "there" {
		t.Errorf("it holds %q, %v", got, err)
	}
	if err := durable.Place(filepath.Join(dir, "tmp"), filepath.Join(dir, "free")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "free")); err != nil || string(got) != "tmp" {
		t.Errorf("it holds %q, %v", got, err)
	}
}
