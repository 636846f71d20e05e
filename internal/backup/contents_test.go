package backup_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
)

// file keeps a file in a casebook.
func file(t *testing.T, c *casebook.Casebook, body string) (row ids.ID, digest string) {
	t.Helper()
	digest, _, err := attach.Of(c).Add(ctx, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	row = ids.New()
	run(t, c, `INSERT INTO couple (id) VALUES (?)`, row)
	run(t, c, `INSERT INTO attachment (id, couple_id, name, content) VALUES (?1, ?1, 'x', ?2)`, row, digest)
	return row, digest
}

func run(t *testing.T, c *casebook.Casebook, query string, args ...any) {
	t.Helper()
	if err := c.Write(ctx, "test", func(tx *casebook.Tx) error { _, err := tx.Exec(query, args...); return err }); err != nil {
		t.Fatal(err)
	}
}

// lie says which of the contents lie in a folder of them, whole.
func lie(t *testing.T, c *casebook.Casebook, dir string, digests ...string) (out string) {
	t.Helper()
	s := attach.Of(c)
	s.Dir = dir
	for _, d := range digests {
		name, err := s.Name(d)
		if err != nil {
			t.Fatal(err)
		}
		if out += "-"; s.Verify(ctx, name) == nil {
			out = out[:len(out)-1] + "x"
		}
	}
	return out
}

func TestContentsAreBackedUpOnceAndComeBackBothWays(t *testing.T) {
	c, clock := casebooktest.NewClock(t)
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	dir, err := backup.Folder(c)
	if err != nil {
		t.Fatal(err)
	}
	second := t.TempDir()
	if err := backup.SetSecond(dir, second); err != nil {
		t.Fatal(err)
	}
	row, one := file(t, c, "lantern")
	made, err := backup.Now(ctx, c, dir)
	if err != nil || made.Second != nil {
		t.Fatal(err, made.Second)
	}
	_, two := file(t, c, "harbour")
	clock.Move(3 * 60 * 60 * 1e9)
	if made2, err := backup.Now(ctx, c, dir); err != nil || made2.Second != nil {
		t.Fatal(err, made2.Second)
	}
	beside := filepath.Join(dir, attach.BackupFolder)
	if got := lie(t, c, beside, one, two) + lie(t, c, filepath.Join(second, "backups", filepath.Base(dir), attach.BackupFolder), one, two); got != "xxxx" {
		t.Errorf("beside the backups lie %s", got)
	}
	if files, err := os.ReadDir(beside); err != nil || len(files) != 2 {
		t.Errorf("%d files lie there (%v)", len(files), err)
	}
	if found, err := backup.CheckContents(ctx, c, dir); err != nil || len(found) != 0 {
		t.Errorf("%v (%v)", found, err)
	}

	// As a casebook of its own.
	to := filepath.Join(t.TempDir(), "back.couplet")
	if err := backup.Restore(ctx, made.Path, to, secret); err != nil {
		t.Fatal(err)
	}
	if got := lie(t, c, attach.Folder(to), one, two); got != "x-" {
		t.Errorf("restored with %s", got)
	}

	// What is missing comes back with its content.
	run(t, c, `UPDATE attachment SET deleted = 1 WHERE id = ?`, row)
	if err := os.RemoveAll(attach.Folder(c.Path())); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Missing(ctx, c, dir, made.Path, nil); err != nil {
		t.Fatal(err)
	}
	if got := lie(t, c, attach.Folder(c.Path()), one, two); got[0] != 'x' {
		t.Errorf("brought back %s", got)
	}

	// A damaged one is found, and made whole with the next backup once the casebook has it.
	if err := os.Truncate(filepath.Join(beside, nameOf(t, c, one)), 90); err != nil {
		t.Fatal(err)
	}
	if found, err := backup.CheckContents(ctx, c, dir); err != nil || len(found) != 1 {
		t.Errorf("%v (%v)", found, err)
	}
}

func nameOf(t *testing.T, c *casebook.Casebook, digest string) string {
	t.Helper()
	name, err := attach.Of(c).Name(digest)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// erase does to an attachment what an erasure does to rows.
func erase(t *testing.T, c *casebook.Casebook, row ids.ID) {
	t.Helper()
	if err := c.Merge(ctx, func(m *casebook.Merging) error {
		if _, err := m.Exec(`INSERT INTO erasure (id, item_tbl, item_id, ground) VALUES (?, 'attachment', ?, 'asked for')`, ids.New(), row); err != nil {
			return err
		}
		_, err := m.Exec(`UPDATE attachment SET name = '', content = '', deleted = 1 WHERE id = ?`, row)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestErasedContentsAreGoneFromEveryPlace(t *testing.T) {
	c := casebooktest.New(t)
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	dir, err := backup.Folder(c)
	if err != nil {
		t.Fatal(err)
	}
	second, shared := t.TempDir(), filepath.Join(t.TempDir(), "shared")
	if err := backup.SetSecond(dir, second); err != nil {
		t.Fatal(err)
	}
	row, one := file(t, c, "TOKENERASED")
	other, two := file(t, c, "stays")
	twice, _ := file(t, c, "named by two rows")
	_, three := file(t, c, "named by two rows")
	if err := share.Share(ctx, c, shared, share.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Now(ctx, c, dir); err != nil {
		t.Fatal(err)
	}
	places := []string{attach.Folder(c.Path()), filepath.Join(dir, attach.BackupFolder), filepath.Join(second, "backups", filepath.Base(dir), attach.BackupFolder), filepath.Join(shared, "Test practice.files")}
	for _, p := range places {
		if got := lie(t, c, p, one, two, three); got != "xxx" {
			t.Fatalf("%s holds %s", p, got)
		}
	}
	digests, err := attach.Contents(ctx, c.Reader(), row, twice)
	if err != nil || len(digests) != 2 {
		t.Fatal(digests, err)
	}
	erase(t, c, row)
	erase(t, c, twice)
	if err := backup.RemoveContents(ctx, c, digests); err != nil {
		t.Fatal(err)
	}
	for _, p := range places {
		if got := lie(t, c, p, one, two, three); got != "-xx" {
			t.Errorf("%s holds %s after it was erased", p, got)
		}
	}

	// A computer that only hears of an erasure takes the content from its backups with the
	// next one, though older backups still name it.
	erase(t, c, other)
	if _, err := backup.Now(ctx, c, dir); err != nil {
		t.Fatal(err)
	}
	if got := lie(t, c, places[1], two, three) + lie(t, c, places[2], two, three); got != "-x-x" {
		t.Errorf("beside the backups lie %s", got)
	}
	if b, err := os.ReadFile(filepath.Join(places[1], nameOf(t, c, three))); err != nil || bytes.Contains(b, []byte("named by")) {
		t.Errorf("what stays is not sealed (%v)", err)
	}
}
