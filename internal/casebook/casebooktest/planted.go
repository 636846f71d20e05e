package casebooktest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// Lantern stands before every planted word, so that one search finds all of them.
const Lantern = "lantern"

// Quiz is what a planted administration needs to be shown as one.
type Quiz struct{ ID, Version, Hash, Answers string }

// Token is one planted word, number or day, and who may learn of it. Besides the coach
// these are joint, a and b, read in the record of the first couple.
type Token struct {
	Text    string
	Where   string // table.column
	Case    string // what made it open or not
	Readers []string
	Of      string // whose row it stands in: A, B, both, third_party; "" where the row does not say
	Row     ids.ID
}

// May says whether the reader may learn of it.
func (k Token) May(reader string) bool {
	return reader == "coach" || slices.Contains(k.Readers, reader)
}

// Planted is a couple, every column of whose rows holds a token of its own: a row for
// each subject, visibility, sensitivity and kind of release.
type Planted struct {
	Couple, Other ids.ID // Other is a second couple of the first one's partner A
	A, B          ids.ID
	Sessions      []ids.ID
	Notes         []ids.ID
	Tokens        []Token

	t                    testing.TB
	tx                   *casebook.Tx
	quiz                 Quiz
	columns              map[string][]string
	access               map[string]string // table.column or table.*: what the schema says of its audience
	spec                 map[string]map[string]cell
	rows                 map[string]bool // tables that got rows
	words, days, numbers int
	coach                ids.ID
	person               ids.ID            // C, the partner in Other
	holders              map[string]ids.ID // what logs and answers of all readers belong to
	forms                map[string]int    // how tokens are written: which one it is
	err                  error             // the first; nothing is planted after it
}

// row is one row to plant: its values besides the tokens, and who may read it.
type row struct {
	table   string
	id      ids.ID
	couple  ids.ID
	subject string
	readers []string
	name    string
	set     map[string]any
}

// Plenty is how many rows are planted: one for every case that there is, or for a few.
type Plenty bool

// The measures.
const (
	Every Plenty = true
	Few   Plenty = false
)

// Plant fills every table that holds client content. A table or column that it does not
// know how to fill ends the test: it needs a line in the list of columns, and with it
// somebody who thought about who may read it.
func Plant(t testing.TB, cb *casebook.Casebook, quiz Quiz, plenty Plenty) *Planted {
	t.Helper()
	p := &Planted{t: t, quiz: quiz, columns: map[string][]string{}, access: map[string]string{}, rows: map[string]bool{}, holders: map[string]ids.ID{}, forms: map[string]int{}, coach: cb.Coach(), spec: columns()}
	p.readSchema(cb.Reader())
	all := few(cb.Now())
	if plenty == Every {
		all = cases(cb.Now())
	}
	err := cb.Write(context.Background(), "tokens.plant", func(tx *casebook.Tx) error {
		p.tx = tx
		p.people()
		for i, c := range all {
			p.records(c, p.Couple, i)
		}
		p.nested()
		p.records(testCase{subject: "both", visibility: "joint", sensitivity: "normal", name: "of another couple"}, p.Other, 0)
		return p.err
	})
	if err != nil {
		t.Fatal(err)
	}
	for table := range p.spec {
		if !p.rows[table] {
			t.Errorf("no row was planted in %s", table)
		}
	}
	return p
}

// readSchema holds the list of columns to the tables that there are.
func (p *Planted) readSchema(q casebook.Querier) {
	p.t.Helper()
	known := map[string]bool{}
	for _, r := range p.query(q, `SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid`) {
		table, column := r[0], r[1]
		if noContent(table) {
			continue
		}
		if _, ok := p.spec[table][column]; !ok {
			p.t.Errorf("%s.%s: say in planted_columns.go what a test plants there, and who may read it", table, column)
		}
		p.columns[table] = append(p.columns[table], column)
		known[table+"."+column] = true
	}
	for table, spec := range p.spec {
		for column := range spec {
			if !known[table+"."+column] {
				p.t.Errorf("%s.%s is planted but not there any more", table, column)
			}
		}
	}
	if p.t.Failed() {
		p.t.FailNow()
	}
	for _, r := range p.query(q, `SELECT tbl, col, audience FROM schema_rule`) {
		p.access[r[0]+"."+r[1]] = r[2]
	}
}

func (p *Planted) query(from casebook.Querier, query string) [][]string {
	p.t.Helper()
	rows, err := from.QueryContext(context.Background(), query)
	if err != nil {
		p.t.Fatal(err)
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		p.t.Fatal(err)
	}
	var out [][]string
	for rows.Next() {
		r := make([]string, len(cols))
		to := make([]any, len(cols))
		for i := range r {
			to[i] = &r[i]
		}
		if err := rows.Scan(to...); err != nil {
			p.t.Fatal(err)
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		p.t.Fatal(err)
	}
	return out
}

// put inserts a row, a token in each column that the list says to plant one in.
func (p *Planted) put(r row) ids.ID {
	if p.err != nil {
		return ids.Nil
	}
	if r.id.IsZero() {
		r.id = ids.New()
	}
	p.rows[r.table] = true
	var names []string
	var values []any
	for _, column := range p.columns[r.table] {
		v, ok := r.set[column]
		if !ok {
			v = p.spec[r.table][column](p, r, column)
		}
		if v == skip {
			continue
		}
		names, values = append(names, column), append(values, v)
	}
	if _, err := p.tx.Exec(`INSERT INTO `+r.table+` (`+strings.Join(names, ", ")+`) VALUES (?`+strings.Repeat(", ?", len(names)-1)+`)`, values...); err != nil {
		p.err = fmt.Errorf("%s, %s: %w", r.table, r.name, err)
	}
	if column, ok := lostColumns[r.table]; ok {
		p.lost(r, column)
	}
	return r.id
}

// lostColumns are columns whose values are shown to the coach as having lost to others.
var lostColumns = map[string]string{"person": "phone", "couple": "status", "session": "place", "letter": "body", "conversation": "topic", "couple_agreement": "body", "assignment": "cue", "practice_log": "noticed"}

// lost is a value of the row that somebody wrote at the same time as the one that stands.
func (p *Planted) lost(r row, column string) {
	var tbl, dev int64
	if err := p.tx.QueryRow(`SELECT num, (SELECT n FROM device WHERE own = 1) FROM schema_rule WHERE tbl = ? AND col = '*'`, r.table).Scan(&tbl, &dev); err != nil {
		p.err = err
		return
	}
	p.put(row{table: "lost", id: r.id, couple: r.couple, name: r.name + ", of " + r.table, set: map[string]any{"tbl": tbl, "id": r.id, "col": column, "hlc": 1, "dev": dev}})
}

// note remembers a token of a column. Where the schema says whose a column is, that
// counts; else it is as visible as its row.
func (p *Planted) note(r row, column, text string, forms ...string) {
	where := r.table + "." + column
	readers := r.readers
	rule, ok := p.access[where]
	if !ok {
		rule = p.access[r.table+".*"]
	}
	switch {
	case rule == "coach" || coachOnly[where]:
		readers = nil
	case rule == "none":
		return // not of clients
	case rule == "names" && r.couple == p.Couple:
		readers = []string{"joint", "a", "b"}
	}
	for _, form := range append(forms, text) {
		p.forms[form] = len(p.Tokens)
	}
	p.Tokens = append(p.Tokens, Token{Text: text, Where: where, Case: r.name, Readers: readers, Of: r.subject, Row: r.id})
}

// anyToken is whatever may be a token: a planted word, a number of five digits or of a
// time, a day as it is stored or as it is shown.
var anyToken = regexp.MustCompile(`zq[bcdfghjklm]{5}x|\b(\d{4}-\d\d-\d\d|\d{1,2} \p{L}+ \d{4}|\d+)\b`)

var anyWord = regexp.MustCompile(`zq[bcdfghjklm]{5}x`)

// Words are the planted words in a text, with blanks between them.
func Words(text string) string { return strings.Join(anyWord.FindAllString(text, -1), " ") }

// Check holds what a reader was given to what the reader may know, and returns which
// tokens stand there.
func (p *Planted) Check(reader, place, text string) map[string]bool {
	p.t.Helper()
	found := map[string]bool{}
	for _, at := range anyToken.FindAllStringIndex(text, -1) {
		n, ok := p.forms[text[at[0]:at[1]]]
		if !ok || found[p.Tokens[n].Text] {
			continue
		}
		k := p.Tokens[n]
		if found[k.Text] = true; !k.May(reader) {
			around := text[max(0, at[0]-40):min(len(text), at[1]+40)]
			p.t.Errorf("%s, read by %s: %s of %s (%s) in %q", place, reader, k.Text, k.Where, k.Case, around)
		}
	}
	return found
}

// word is the next token that is a word like no other.
func (p *Planted) word() string {
	p.words++
	s := []byte("zq00000x")
	for i, n := 6, p.words; i >= 2; i-- {
		s[i] = "bcdfghjklm"[n%10]
		n /= 10
	}
	return string(s)
}

// firstDay is long before everything else.
var firstDay = time.Date(1971, 1, 1, 12, 0, 0, 0, time.UTC)

// day is the next token that is a day, with the other forms it is shown in.
func (p *Planted) day() (time.Time, []string) {
	p.days++
	at := firstDay.AddDate(0, 0, 5*p.days)                    // what follows some days later is another day
	if near := Start.Sub(at).Abs(); near < 100*24*time.Hour { // the days of the test itself are no tokens
		p.days += 60
		at = firstDay.AddDate(0, 0, 5*p.days)
	}
	return at, []string{at.Format("2 January 2006"), at.Format("2 Jan 2006"), fmt.Sprint(at.UnixMilli())}
}

// number is the next token that is a number.
func (p *Planted) number() int {
	p.numbers++
	return 31000 + p.numbers
}
