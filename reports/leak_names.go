package reports

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// people are the names, numbers and addresses by which persons are known in a text.
type people struct {
	names map[string][]ids.ID // whole names as folded words, and parts of the names of clients of now
	reach map[string][]ids.ID // telephone numbers as digits, e-mail addresses
	own   map[string]bool     // words of the names that may stand there
	words map[string]bool     // that are no name by themselves: a month, "Grace", "Will"
}

// othersThan are all persons but those of a record; of the record's own the ways in which
// they are reached count all the same, for everybody but the coach.
func (s *Store) othersThan(ctx context.Context, couple ids.ID) (people, error) {
	p := people{names: map[string][]ids.ID{}, reach: map[string][]ids.ID{}, own: map[string]bool{}}
	type row struct {
		id                   ids.ID
		given, family, latin string
		email, phone         string
		ofRecord, current    bool
	}
	rows, err := casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, x *row) error {
		return r.Scan(&x.id, &x.given, &x.family, &x.latin, &x.email, &x.phone, &x.ofRecord, &x.current)
	}, `SELECT p.id, p.given_name, p.family_name, p.latin_name, p.email, p.phone, EXISTS (SELECT 1 FROM couple c WHERE c.id = ?1 AND p.id IN (c.a_id, c.b_id)),
 NOT p.archived AND EXISTS (SELECT 1 FROM couple c WHERE (c.a_id = p.id OR c.b_id = p.id) AND c.deleted = 0 AND c.archived = 0) FROM person p WHERE p.deleted = 0`, couple)
	if err != nil {
		return p, err
	}
	for _, x := range rows {
		if x.ofRecord {
			for _, n := range []string{x.given, x.family, x.latin} {
				for _, w := range wordsOf(n) {
					p.own[w] = true
				}
			}
			continue
		}
		whole := map[string]bool{}
		for _, n := range []string{x.given + " " + x.family, x.family + " " + x.given, x.latin} {
			if w := wordsOf(n); len(w) > 1 || (len(w) == 1 && spaceless(n)) {
				whole[strings.Join(w, " ")] = true
			}
		}
		if x.current {
			for _, n := range []string{x.given, x.family} {
				if w := wordsOf(n); len(w) == 1 && utf8.RuneCountInString(n) > 2 {
					whole[w[0]] = true
				}
			}
		}
		for n := range whole {
			p.names[n] = append(p.names[n], x.id)
		}
	}
	for _, x := range rows {
		if d := digits(x.phone); len(d) >= 7 {
			p.reach[d[len(d)-7:]] = append(p.reach[d[len(d)-7:]], x.id)
		}
		if e := strings.ToLower(strings.TrimSpace(x.email)); strings.Contains(e, "@") {
			p.reach[e] = append(p.reach[e], x.id)
		}
	}
	return p, nil
}

// in finds in a text who is named or can be reached by it; each comes back as it is known.
func (p people) in(s string) (found []string, who []ids.ID) {
	add := func(what string, of []ids.ID) {
		if len(of) > 0 && !slices.Contains(found, what) {
			found, who = append(found, what), append(who, of[0])
		}
	}
	raw := strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' && r != '’' && r != '-'
	})
	folded := make([]string, len(raw))
	for i, w := range raw {
		folded[i] = strings.Join(wordsOf(w), " ")
	}
	for i, w := range folded {
		first, _ := utf8.DecodeRuneInString(raw[i])
		if !p.own[w] && !p.words[w] && !unicode.IsLower(first) { // "will" is a word, "Will" may be a name
			add(w, p.names[w])
		}
		for n := 2; n <= 4 && i+n <= len(folded); n++ {
			if name := strings.Join(folded[i:i+n], " "); !p.allOwn(folded[i : i+n]) {
				add(name, p.names[name])
			}
		}
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("<>()[],;\"", r) }) {
		if strings.Contains(w, "@") {
			w = strings.Trim(w, ".:")
			add(w, p.reach[w])
		}
	}
	for _, run := range numbers(s) {
		for i := 0; i+7 <= len(run); i++ {
			add(run, p.reach[run[i:i+7]])
		}
	}
	return found, who
}

func (p people) allOwn(words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !p.own[w] })
}

func wordsOf(s string) []string { w, _ := runs(s); return w }

func spaceless(s string) bool {
	return strings.ContainsFunc(s, spacelessScript)
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// numbers are the stretches of digits in a text, with what people write between them left out.
func numbers(s string) []string {
	var out []string
	for _, run := range strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsDigit(r) && !strings.ContainsRune(" -/().+\u00a0", r)
	}) {
		if d := digits(run); len(d) >= 7 {
			out = append(out, d)
		}
	}
	return out
}
