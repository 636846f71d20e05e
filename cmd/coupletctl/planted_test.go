package main

import (
	"bytes"
	"context"
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/reports/pdf/pdftest"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

var readers = []string{"coach", "joint", "a", "b"}

// plantEvery makes a casebook with a row for every case in every table.
func plantEvery(t *testing.T, dir string) (*casebook.Casebook, *casebooktest.Planted) {
	t.Helper()
	return plant(t, dir, casebooktest.Every)
}

func plant(t *testing.T, dir string, plenty casebooktest.Plenty) (*casebook.Casebook, *casebooktest.Planted) {
	t.Helper()
	t.Setenv("COUPLET_PASSPHRASE", passphrase)
	cb, _, err := casebook.Create(context.Background(), filepath.Join(dir, "planted.couplet"), casebook.New{Passphrase: passphrase, KDF: vault.FloorKDF, Workspace: "Test practice", Coach: "Test coach"}, casebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := quizzes.ByID("ras")
	if err != nil {
		t.Fatal(err)
	}
	return cb, casebooktest.Plant(t, cb, casebooktest.Quiz{ID: d.ID, Version: d.Version, Hash: d.Hash(), Answers: `[4,3,3,3,3,3,3]`}, plenty)
}

// said runs a command and gives all that it said.
func said(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(context.Background(), args, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("%v: exit %d: %s", args, code, errs.String())
	}
	return out.String() + "\n" + errs.String()
}

// No command tells a reader what is not theirs, and the coach is told everything.
func TestPlantedTokensOnTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	cb, p := plantEvery(t, dir)
	path := cb.Path()
	if err := cb.Close(); err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]bool{}
	for _, r := range readers {
		found[r] = map[string]bool{}
		read := func(place, text string) {
			for k := range p.Check(r, place, text) {
				found[r][k] = true
			}
		}
		read("search", said(t, "search", path, casebooktest.Lantern, "--for", r, "--couple", p.Couple.String(), "--limit", "100000"))
		read("search --json", said(t, "search", path, casebooktest.Lantern, "--for", r, "--couple", p.Couple.String(), "--limit", "100000", "--json"))
		for _, form := range [][]string{nil, {"--json"}} {
			read("attachments", said(t, append([]string{"attachments", path, "--for", r, "--couple", p.Couple.String()}, form...)...))
		}
		file := filepath.Join(dir, "report-"+r+".pdf")
		read("what report says", said(t, "report", path, "--couple", p.Couple.String(), "--for", r, "--out", file))
		for place, text := range pdftest.Texts(t, file) {
			if place == "objects" { // full of numbers that mean nothing
				text = casebooktest.Words(text)
			}
			read("report, "+place, text)
		}
	}
	p.Check("coach", "couples", said(t, "couples", path, "--json"))
	for _, k := range p.Tokens {
		if k.Case == "deleted" || k.Case == "of another couple" || !searched(k.Where) {
			continue
		}
		for _, r := range readers {
			if k.May(r) && !found[r][k.Text] {
				t.Errorf("%s does not find %s of %s (%s)", r, k.Text, k.Where, k.Case)
			}
		}
	}
}

// searched says whether every text of the column is found by a search, or listed.
func searched(where string) bool {
	switch where {
	case "addendum.body", "couple_agreement.body", "letter.body", "practice_log.noticed", "conversation.topic", "conversation_answer.value", "assignment.cue", "attachment.name":
		return true
	}
	return false
}

// No file holds a planted word while a casebook is open, in the middle of a transaction,
// after it or when it is closed; and the image that is decrypted holds them all.
func TestPlantedTokensStandInNoFile(t *testing.T) {
	ctx, home := context.Background(), t.TempDir()
	for _, name := range []string{"TMPDIR", "SQLITE_TMPDIR", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "HOME"} {
		t.Setenv(name, home)
	}
	cb, p := plantEvery(t, home)
	looked := int64(0)
	look := func(when string) {
		t.Helper()
		err := filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			b, err := os.ReadFile(path)
			if w := casebooktest.Words(path + string(b)); w != "" || bytes.Contains(b, []byte(casebooktest.Lantern)) {
				t.Errorf("%s: %.40s stands in %s", when, w, filepath.Base(path))
			}
			looked += int64(len(b))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	look("open")
	err := cb.Write(ctx, "tokens.more", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`UPDATE person SET safe_note = safe_note || ' ' || (SELECT group_concat(body, ' ') FROM note_rev)`)
		look("in a transaction")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	look("after it")
	if _, err := backup.Make(ctx, cb, filepath.Join(home, "backups")); err != nil {
		t.Fatal(err)
	}
	look("after a backup")
	image := decrypted(t, cb)
	if err := cb.Close(); err != nil {
		t.Fatal(err)
	}
	look("closed")
	if looked < int64(len(image)) {
		t.Errorf("looked at no more than %d bytes", looked)
	}
	there := map[string]bool{}
	for w := range strings.FieldsSeq(casebooktest.Words(string(image))) {
		there[w] = true
	}
	for _, k := range p.Tokens {
		if casebooktest.Words(k.Text) != "" && !there[k.Text] {
			t.Errorf("%s of %s is not in the decrypted image: the search proves nothing", k.Text, k.Where)
		}
	}
}

// decrypted is every page of the database as SQLite sees it, free pages included.
func decrypted(t *testing.T, cb *casebook.Casebook) []byte {
	t.Helper()
	db, err := sql.Open(vault.Driver, cb.Key().DSN(cb.Path(), true))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var image []byte
	err = conn.Raw(func(c any) (err error) {
		image, err = c.(interface{ Serialize(string) ([]byte, error) }).Serialize("main")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return image
}
