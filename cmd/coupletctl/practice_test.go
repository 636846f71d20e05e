package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
)

// faults says how long the tests that break things may take: make faults runs them
// short, make faults-long long; without either they do not run.
func faults(t *testing.T) (long bool) {
	t.Helper()
	switch os.Getenv("COUPLET_FAULTS") {
	case "long":
		return true
	case "short":
		return false
	}
	t.Skip("takes long: make faults runs it")
	return false
}

// practice is a shared casebook in the hands of a test: its commands run in this
// process, as somebody would type them.
type practice struct {
	t      *testing.T
	dir    string
	person string // somebody whose phone number everybody writes
	couple string
	note   string // a text that everybody goes on with
	phones []string
	texts  []string
}

// newPractice makes a casebook at the path first, which is not shared yet.
func newPractice(t *testing.T) (p *practice, first string) {
	t.Helper()
	p = &practice{t: t, dir: filepath.Dir(samplePath(t))}
	t.Setenv("XDG_DATA_HOME", filepath.Join(p.dir, "data"))
	first = filepath.Join(p.dir, "sample.couplet")
	cb := p.open(first)
	var person, couple string
	err := cb.Reader().QueryRowContext(context.Background(), `SELECT lower(hex(p.id)), lower(hex(c.id)) FROM couple c JOIN person p ON p.id = c.a_id WHERE c.deleted = 0 ORDER BY c.id LIMIT 1`).Scan(&person, &couple)
	if err != nil {
		t.Fatal(err)
	}
	p.close(cb)
	dashes := func(id string) string {
		return id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
	}
	p.person, p.couple = dashes(person), dashes(couple)
	p.note = strings.TrimSpace(p.ctl(0, "note", first, "--couple", p.couple, "--for", "joint", "--text", "where all begin"))
	return p, first
}

// ctl runs a command and holds it to its exit code.
func (p *practice) ctl(code int, argv ...string) string {
	p.t.Helper()
	out, errs, got := p.try(argv...)
	if got != code {
		p.t.Fatalf("%v: exit %d, want %d\n%s", argv, got, code, errs)
	}
	return out
}

func (p *practice) try(argv ...string) (out, errs string, code int) {
	var o, e bytes.Buffer
	code = run(context.Background(), argv, strings.NewReader(""), &o, &e)
	return o.String(), e.String(), code
}

// someCouple is the id of a couple.
func (p *practice) someCouple(file string) (id string) {
	p.t.Helper()
	cb := p.open(file)
	defer p.close(cb)
	var raw ids.ID
	if err := cb.Reader().QueryRowContext(context.Background(), `SELECT id FROM couple WHERE deleted = 0 LIMIT 1`).Scan(&raw); err != nil {
		p.t.Fatal(err)
	}
	return raw.String()
}

func (p *practice) open(file string) *casebook.Casebook {
	p.t.Helper()
	cb, err := casebook.Open(context.Background(), file, vault.Secret{Passphrase: passphrase}, casebook.Options{})
	if err != nil {
		p.t.Fatal(err)
	}
	return cb
}

func (p *practice) close(cb *casebook.Casebook) {
	p.t.Helper()
	if err := cb.Close(); err != nil {
		p.t.Fatal(err)
	}
}

// edit gives the phone number and the text that everybody writes a value of their own.
func (p *practice) edit(file, value string) {
	p.t.Helper()
	p.ctl(0, "contact", file, "--person", p.person, "--phone", value)
	p.phones = append(p.phones, value)
	text := "this goes on: " + value
	if err := reviseNote(file, p.note, text); err != nil {
		p.t.Fatal(err)
	}
	p.texts = append(p.texts, text)
}

// agree holds the casebooks to one and the same state, in which nothing that was ever
// written is missing: every text, and every number as the one that counts, in its
// history, or kept beside it.
func (p *practice) agree(files ...string) {
	p.t.Helper()
	first := p.ctl(0, "dump", files[0])
	for _, f := range files[1:] {
		if p.ctl(0, "dump", f) != first {
			p.t.Fatalf("%s and %s differ", files[0], f)
		}
	}
	cb := p.open(files[0])
	defer p.close(cb)
	for query, want := range map[string][]string{
		`SELECT body FROM note_rev`: p.texts,
		`SELECT phone FROM person UNION SELECT old FROM history WHERE col = 'phone' UNION SELECT value FROM lost WHERE col = 'phone'`: p.phones,
	} {
		rows, err := cb.Reader().QueryContext(context.Background(), query)
		if err != nil {
			p.t.Fatal(err)
		}
		var have []string
		for rows.Next() {
			var s *string
			if err := rows.Scan(&s); err != nil {
				p.t.Fatal(err)
			}
			if s != nil {
				have = append(have, *s)
			}
		}
		if err := rows.Err(); err != nil {
			p.t.Fatal(err)
		}
		for _, w := range want {
			if !slices.Contains(have, w) {
				p.t.Errorf("%q was written and is nowhere", w)
			}
		}
	}
}

// copyTree copies a file, or a folder with what is in it.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		}
		in, err := os.Open(path)
		if err != nil {
			return err
		}
		defer in.Close()
		out, err := os.Create(filepath.Join(to, rel))
		if err != nil {
			return err
		}
		if _, err := io.Copy(out, in); err != nil {
			return err
		}
		return out.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
}
