package reports

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/couplet-app/couplet/assets"
	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Part is a piece of a file that was made elsewhere: a page, its title.
type Part struct{ Place, Text string }

// codeColumns hold codes and ids, in every table that has them: no phrase of anybody.
var codeColumns = []string{
	"kind", "state", "mode", "role", "reader", "stage", "template", "key", "instrument", "version", "definition_hash", "practice", "practice_version", "target", "cadence", "result",
	"outcome", "purpose", "language", "zone", "name_order", "visibility", "subject", "sensitivity", "tbl", "item_tbl", "partner", "scope", "parents", "covers", "sha256", "report_no", "sections",
	"releases", "instruments", "picks", "text_version", "booked_by", "programme", "intent", "secrets_policy", "decision", "condition", "was", "became", "value_code",
	"together_since", "code", "obstacle", "about", "safe_channel", "source", "given_name", "family_name", "latin_name", "say_name", "a_given", "a_family", "b_given", "b_family", "email", "phone", "pronouns",
}

// shortPhrase is how long a private text of fewer words than a phrase must be to be known again.
const shortPhrase = 8

// LeaksIn finds in a file what its reader may not see: phrases of every text in the
// casebook, answers to questionnaires, names, telephone numbers and addresses. The couple
// may be zero; then nothing is anybody's to read.
func (s *Store) LeaksIn(ctx context.Context, aud clients.Audience, couple ids.ID, parts []Part) ([]Hit, error) {
	if aud.IsCoach() {
		return nil, nil
	}
	free, err := s.freePhrases(ctx, aud, couple)
	if err != nil {
		return nil, err
	}
	stands := map[string]string{} // phrase, of one word and more, to its place
	for _, p := range parts {
		for _, ph := range allPhrases(p.Text) {
			if _, ok := stands[ph]; !ok && !free[ph] {
				stands[ph] = p.Place
			}
		}
	}
	var hits []Hit
	rules, err := casebook.Rules(ctx, s.cb.Reader())
	if err != nil {
		return nil, err
	}
	for _, r := range rules {
		if r.Audience == casebook.Keys || r.Audience == "none" || r.Table == "export_made" || r.Table == "trace" {
			continue
		}
		found, err := s.leaksOf(ctx, r.Table, stands)
		if err != nil {
			return nil, err
		}
		hits = append(hits, found...)
	}
	found, err := s.leaksOf(ctx, "draft", stands)
	if err != nil {
		return nil, err
	}
	hits = append(hits, found...)
	known, err := s.othersThan(ctx, couple)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		names, who := known.in(p.Text)
		for i, n := range names {
			hits = append(hits, Hit{Place: p.Place, Phrase: n, Source: Source{Kind: text.T("leak.person", "who is in the casebook"), ID: who[i].String()}})
		}
	}
	return hits, nil
}

// leaksOf finds the texts of one table of which something stands in the file.
func (s *Store) leaksOf(ctx context.Context, table string, stands map[string]string) ([]Hit, error) {
	cols, err := casebook.Collect(ctx, s.cb.Reader(), casebook.Value[string], `SELECT name FROM pragma_table_info(?) WHERE type = 'TEXT' ORDER BY cid`, table)
	if err != nil {
		return nil, err
	}
	cols = slices.DeleteFunc(cols, func(c string) bool {
		return slices.Contains(codeColumns, c) || strings.HasSuffix(c, "_on") || strings.HasSuffix(c, "_version")
	})
	if len(cols) == 0 {
		return nil, nil
	}
	id, values := "id", make([]string, len(cols))
	read := slices.Clone(cols)
	if table == "draft" {
		id = "note_id"
		read[slices.Index(cols, "body")] = typedWords("draft")
	}
	var of ids.ID
	into := []any{&of}
	for i := range values {
		into = append(into, &values[i])
	}
	var hits []Hit
	err = casebook.Each(ctx, s.cb.Reader(), func(r *sql.Rows) error {
		if err := r.Scan(into...); err != nil {
			return err
		}
		for i, body := range values {
			if casebook.Sealed(body) {
				body, _ = s.cb.Unseal(body) // empty where it is another coach's
			}
			if phrase, ok := firstOf(cols[i], body, stands); ok {
				hits = append(hits, Hit{Place: stands[phrase], Phrase: strings.Trim(phrase, "\x00"), Source: Source{Kind: fmt.Sprintf("%s.%s", table, cols[i]), ID: of.String()}})
			}
		}
		return nil
	}, `SELECT `+id+`, `+strings.Join(read, ", ")+` FROM `+table)
	return hits, err
}

// firstOf is the first phrase of a private text that stands in the file.
func firstOf(col, body string, stands map[string]string) (string, bool) {
	if body == "" {
		return "", false
	}
	if col == "answers" { // all of them in their order, or it is chance
		w := wordsOf(body)
		whole := strings.Join(w, " ")
		_, ok := stands[whole]
		return whole, ok && len(w) >= phraseWords
	}
	if w := wordsOf(body); len(w) < phraseWords && !spaceless(body) {
		whole := strings.Join(w, " ")
		if _, ok := stands[whole]; ok && utf8.RuneCountInString(whole) >= shortPhrase {
			return whole, true
		}
		return "", false
	}
	for _, p := range phrases(body) {
		if _, ok := stands[p]; ok {
			return p, true
		}
	}
	return "", false
}

// longestRun is how many words a phrase of a file has at most: answers to long questionnaires.
const longestRun = 40

// allPhrases are the phrases of a text and every shorter and longer run of its words.
func allPhrases(s string) []string {
	out := phrases(s)
	words := wordsOf(s)
	for i := range words {
		for n := 1; n <= longestRun && i+n <= len(words); n++ {
			if n != phraseWords && (n < phraseWords || isDigits(words[i+n-1]) && isDigits(words[i])) {
				out = append(out, strings.Join(words[i:i+n], " "))
			}
		}
	}
	return out
}

func isDigits(s string) bool { return s != "" && digits(s) == s }

// freePhrases are the phrases that may stand there: those of shipped texts and of what
// the reader may see.
func (s *Store) freePhrases(ctx context.Context, aud clients.Audience, couple ids.ID) (map[string]bool, error) {
	shipped, err := assets.Texts()
	if err != nil {
		return nil, err
	}
	allowed := shipped
	if !couple.IsZero() {
		err := s.eachText(ctx, aud, couple, func(src Source, seen bool) {
			if seen {
				allowed = append(allowed, src.Text)
			}
		})
		if err != nil {
			return nil, err
		}
		own, err := casebook.Collect(ctx, s.cb.Reader(), casebook.Value[string], `SELECT body FROM letter WHERE couple_id = ? AND reader = ? AND deleted = 0
 UNION ALL SELECT status FROM couple WHERE id = ?1 UNION ALL SELECT together_since FROM couple WHERE id = ?1`, couple, string(aud.Reader()))
		if err != nil {
			return nil, err
		}
		allowed = append(allowed, own...)
	}
	free := map[string]bool{}
	for _, a := range allowed {
		for _, p := range allPhrases(a) {
			free[p] = true
		}
	}
	return free, nil
}

// OfReport finds the record and the reader of a report by its number, if one of the parts has it.
func (s *Store) OfReport(ctx context.Context, parts []Part) (couple ids.ID, reader clients.Reader, err error) {
	type made struct {
		couple ids.ID
		reader clients.Reader
		number string
	}
	all, err := casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, m *made) error { return r.Scan(&m.couple, &m.reader, &m.number) },
		`SELECT couple_id, reader, report_no FROM report_made WHERE report_no <> ''`)
	for _, m := range all {
		if slices.ContainsFunc(parts, func(p Part) bool { return strings.Contains(p.Text, m.number) }) {
			return m.couple, m.reader, err
		}
	}
	return ids.Nil, "", err
}
