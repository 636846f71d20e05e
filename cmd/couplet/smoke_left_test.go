package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/portable"
)

// planted are the words that begin the texts of the journey; names are its clients'.
var (
	planted = []string{"SHAREDNOTE", "PRIVATEA", "PRIVATEB", "PRIVATECOACH", "PRIVATELOGB", "LETTERUS", "LETTERA", "LETTERB"}
	names   = []string{"Varga", "Östlund"}
)

// leavesNothing searches every file that the program has written for words of clients:
// the casebook and its companions, backups, preferences, logs, temporary files, and the
// names of files.
func (r *robot) leavesNothing(book string) {
	r.t.Helper()
	seen := 0
	err := filepath.WalkDir(r.home, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		var b []byte
		if d.Type().IsRegular() && filepath.Ext(path) != ".pdf" {
			if b, err = os.ReadFile(path); err != nil {
				return err
			}
			seen++
		}
		for _, word := range slices.Concat(planted, names, []string{passphrase}) {
			if bytes.Contains(b, []byte(word)) || strings.Contains(path, word) {
				r.t.Errorf("%q stands in %s", word, path)
			}
		}
		return nil
	})
	if err != nil || seen < 3 {
		r.t.Errorf("%d files looked at: %v", seen, err)
	}
	if _, err := os.Stat(book); err != nil {
		r.t.Error(err)
	}
}

// leavesOneFile says that nothing lies beside a casebook that was closed.
func (r *robot) leavesOneFile(book string) {
	r.t.Helper()
	beside, err := filepath.Glob(book + "*")
	if err != nil || len(beside) != 1 {
		r.t.Errorf("beside the casebook: %v, %v", beside, err)
	}
}

// holdsEverything opens the casebook without the window: every word is in it, the texts
// whole, so that the searches for them can find something.
func (r *robot) holdsEverything(book string) {
	r.t.Helper()
	ctx := context.Background()
	cb, err := casebook.Open(ctx, book, vault.Secret{Passphrase: passphrase}, casebook.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	defer cb.Close()
	var all bytes.Buffer
	if err := portable.Export(ctx, cb, &all); err != nil {
		r.t.Fatal(err)
	}
	for _, words := range slices.Concat([]string{shared, forA, forB, forSelf, logOfB, toBoth, toA, toB}, planted, names) {
		if !bytes.Contains(all.Bytes(), []byte(words)) {
			r.t.Errorf("the casebook has lost %q", words)
		}
	}
}

// opens looks into each PDF: whole, readable, for its reader, and with nothing that is
// not its reader's, in the text, the bookmarks, the metadata and every decoded stream.
func (r *robot) opens(files map[string]string) {
	r.t.Helper()
	for reader, want := range map[string]struct {
		code  string // what the name of the file says
		shows []string
	}{
		"Both":  {"-J-", []string{"For both partners", "Zoë Varga & Ilan Östlund", toBoth}},
		"Zoë":   {"-A-", []string{"For one reader only", "Zoë Varga", toA}},
		"Ilan":  {"-B-", []string{"For one reader only", "Ilan Östlund", toB, logOfB}},
		"Coach": {"-C-", []string{"Zoë Varga", "Ilan Östlund", logOfB}},
	} {
		path := files[reader]
		if !strings.Contains(filepath.Base(path), want.code) {
			r.t.Errorf("the report for %s is called %s", reader, path)
		}
		if out, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil {
			r.t.Errorf("%s: %v\n%s", reader, err, out)
		}
		text := output(r.t, "pdftotext", "-layout", path, "-")
		for _, words := range append(want.shows, "Progress report", "Listen to understand") {
			if !bytes.Contains(text, []byte(words)) {
				r.t.Errorf("the report for %s lacks %q:\n%s", reader, words, text)
			}
		}
		inside := output(r.t, "qpdf", "--json", path) // bookmarks and metadata decoded
		if !bytes.Contains(inside, []byte(`"title": "In brief"`)) {
			r.t.Errorf("the report for %s has no bookmark of its first part", reader)
		}
		streams := output(r.t, "qpdf", "--qdf", "--object-streams=disable", path, "-")
		all := slices.Concat(text, inside, streams, output(r.t, "pdfinfo", path), []byte(path))
		for _, word := range planted {
			if !strings.Contains(strings.Join(want.shows, " "), word) && bytes.Contains(all, []byte(word)) {
				r.t.Errorf("%s got into the report for %s", word, reader)
			}
		}
	}
}

func output(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return out
}
