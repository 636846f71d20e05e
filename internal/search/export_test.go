package search

import (
	"database/sql"
	"testing"
	"unicode/utf8"
)

// Try runs what was typed through FTS5 in memory and cuts a snippet of body.
func Try(t *testing.T, typed, body string) {
	t.Helper()
	terms := parse(typed)
	text, marks := snippet(body, terms)
	for _, m := range marks {
		if m.From < 0 || m.From >= m.To || m.To > len(text) {
			t.Fatalf("mark %v in %q", m, text)
		}
	}
	if utf8.ValidString(body) && !utf8.ValidString(text) {
		t.Fatalf("snippet %q cuts a character", text)
	}
	match := expression(terms)
	if match == "" {
		return
	}
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE VIRTUAL TABLE f USING fts5 (body, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2")`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO f (rowid, body) VALUES (1, ?)`, Segment(body)); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := db.QueryRow(`SELECT count(*) FROM f WHERE f MATCH ?`, match).Scan(&n); err != nil {
		t.Fatalf("%q became %q: %v", typed, match, err)
	}
}
