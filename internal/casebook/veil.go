package casebook

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
)

// veil replaces the names of people by pseudonyms, in their rows and wherever else the
// names stand in their records.
type veil struct {
	alias map[ids.ID]string
	names map[ids.ID][]veiled // by record, and by person
}

// veiled is a word of a name, and what stands in its place.
type veiled struct{ word, alias string }

// newVeil is the veil over the records among spans.
func (c *Casebook) newVeil(ctx context.Context, spans []span) (*veil, error) {
	v := &veil{alias: map[ids.ID]string{}, names: map[ids.ID][]veiled{}}
	hidden := map[ids.ID]bool{}
	for _, s := range spans {
		if !s.plain {
			hidden[s.id] = true
		}
	}
	if len(hidden) == 0 {
		return v, nil
	}
	// All people have a pseudonym, given in the order in which they came, so that it stays.
	type person struct {
		id    ids.ID
		names string
	}
	people, err := Collect(ctx, c.writer, func(r *sql.Rows, p *person) error { return r.Scan(&p.id, &p.names) },
		`SELECT id, given_name || ' ' || family_name || ' ' || latin_name || ' ' || say_name FROM person ORDER BY id`)
	if err != nil {
		return nil, err
	}
	taken, all := map[string]bool{}, map[ids.ID]string{}
	for _, p := range people {
		mac, err := c.MAC("pseudonym", p.id[:])
		if err != nil {
			return nil, err
		}
		n := binary.BigEndian.Uint32(mac)
		for taken[alias(n)] {
			n++
		}
		taken[alias(n)], all[p.id] = true, alias(n)
	}
	words := map[ids.ID][]veiled{}
	for _, p := range people {
		for _, w := range wordsOf(p.names) {
			words[p.id] = append(words[p.id], veiled{w, all[p.id]})
		}
	}
	err = Each(ctx, c.writer, func(r *sql.Rows) error {
		var couple, a, b ids.ID
		if err := r.Scan(&couple, &a, &b); err != nil || !hidden[couple] {
			return err
		}
		for _, p := range []ids.ID{a, b} {
			v.alias[p] = all[p]
			v.names[couple] = append(v.names[couple], words[p]...)
		}
		for _, p := range []ids.ID{a, b} {
			v.names[p] = append(v.names[p], v.names[couple]...)
		}
		return nil
	}, `SELECT id, a_id, b_id FROM couple`)
	for _, l := range v.names { // the longest first: it may hold a shorter one
		slices.SortStableFunc(l, func(x, y veiled) int { return len(y.word) - len(x.word) })
	}
	return v, err
}

func (v *veil) equal(w *veil) bool {
	if v == nil || w == nil {
		return v == w
	}
	return maps.Equal(v.alias, w.alias) && maps.EqualFunc(v.names, w.names, slices.Equal)
}

// give makes the veil that of a connection: the functions behind which the names are, and
// the names for who searches, so that no hit tells one.
func (v *veil) give(cn *vault.Connection) error {
	if err := cn.Func("couplet_alias", func(id []byte) string { return v.alias[idOf(id)] }); err != nil {
		return err
	}
	if err := cn.Func("couplet_veil", func(record []byte, body string) string { return over(v.names[idOf(record)], body) }); err != nil {
		return err
	}
	if err := errors.Join(cn.Exec(`CREATE TEMP TABLE IF NOT EXISTS veil_name (record BLOB, word TEXT)`), cn.Exec(`DELETE FROM temp.veil_name`)); err != nil {
		return err
	}
	for record, names := range v.names {
		for _, n := range names {
			if err := cn.Exec(`INSERT INTO temp.veil_name VALUES (?, ?)`, record[:], n.word); err != nil {
				return err
			}
		}
	}
	return nil
}

func idOf(b []byte) (id ids.ID) {
	copy(id[:], b)
	return id
}

// alias is a pseudonym that nobody is called: a tree and a number.
func alias(n uint32) string {
	return fmt.Sprintf("%s %d", trees[n%uint32(len(trees))], 100+n/uint32(len(trees))%900)
}

var trees = []string{
	"Acacia", "Alder", "Almond", "Aspen", "Banyan", "Baobab", "Beech", "Birch", "Buckthorn", "Cedar", "Chestnut", "Cypress", "Ebony", "Elder", "Elm", "Eucalyptus",
	"Fir", "Ginkgo", "Hawthorn", "Hemlock", "Hickory", "Hornbeam", "Ironwood", "Larch", "Linden", "Mahogany", "Mangrove", "Maple", "Medlar", "Mulberry", "Oak", "Osier",
	"Pecan", "Pine", "Plane", "Poplar", "Quince", "Redwood", "Rosewood", "Sequoia", "Spruce", "Sycamore", "Tamarack", "Teak", "Walnut", "Whitebeam", "Willow", "Yew",
}

// plainly is a text by which words are compared: without accents and in small letters.
func plainly(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
}

// wordsOf are the words of a name, as they are compared.
func wordsOf(name string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(plainly(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len([]rune(w)) > 1 && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// over replaces the names that stand in a text. A word is taken for a name if it begins with
// it, so that "Jonas's" and "Samiras" are, too: rather a word too much than a name too few.
func over(names []veiled, body string) string {
	if len(names) == 0 || body == "" {
		return body
	}
	var b strings.Builder
	from := -1
	flush := func(to int) {
		if from >= 0 {
			b.WriteString(overWord(names, body[from:to]))
			from = -1
		}
	}
	for i, r := range body {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) {
			if from < 0 {
				from = i
			}
			continue
		}
		flush(i)
		b.WriteRune(r)
	}
	flush(len(body))
	return b.String()
}

// ending is by how much longer than a name a word may be that is taken for it.
const ending = 3

func overWord(names []veiled, word string) string {
	plain := plainly(word)
	for _, n := range names {
		rest, begins := strings.CutPrefix(plain, n.word)
		switch {
		case plain == n.word, begins && len([]rune(n.word)) > 2 && len([]rune(rest)) <= ending:
			return n.alias
		case len([]rune(n.word)) > 3 && strings.Contains(plain, n.word): // in scripts that join words, and in compounds
			return n.alias
		case spaceless(n.word) && strings.Contains(plain, n.word):
			return n.alias
		}
	}
	return word
}

// spaceless says whether a name is of a script that writes without spaces.
func spaceless(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Hangul)
	})
}
