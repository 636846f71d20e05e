package search

import (
	"context"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/couplet-app/couplet/internal/ids"
)

// Found is a text of the index.
type Found struct {
	ID   ids.ID
	Body string
}

// SharePhrase finds texts outside one couple's record that share a run of n words with
// text, whoever may see them. It serves the check before something leaves, never a
// reader's eye. Runs are those of the index: an apostrophe parts words, so a run here
// is never longer than one that a person would count.
func SharePhrase(ctx context.Context, q Querier, text string, n int, except ids.ID) ([]Found, error) {
	words := tokens(text)
	var out []Found
	seen := map[ids.ID]bool{}
	for i := 0; i+n <= len(words); i++ {
		match := `"` + strings.Join(words[i:i+n], " ") + `"`
		rows, err := q.QueryContext(ctx, `SELECT d.kind, d.row_id FROM main.search_fts f JOIN search_doc d ON d.n = f.rowid WHERE f.search_fts MATCH ? AND d.couple_id IS NOT ? LIMIT 20`, match, except)
		if err != nil {
			return nil, err
		}
		type row struct {
			kind string
			id   ids.ID
		}
		var found []row
		for rows.Next() {
			var r row
			if err := rows.Scan(&r.kind, &r.id); err != nil {
				rows.Close()
				return nil, err
			}
			found = append(found, r)
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return nil, err
		}
		for _, r := range found {
			if seen[r.id] {
				continue
			}
			seen[r.id] = true
			t := Found{ID: r.id}
			if err := q.QueryRowContext(ctx, `SELECT body FROM search_`+r.kind+` WHERE row_id = ?`, r.id).Scan(&t.Body); err != nil {
				return nil, err
			}
			out = append(out, t)
		}
	}
	return out, nil
}

// tokens are the words as the index keeps them.
func tokens(s string) []string {
	return strings.FieldsFunc(Segment(norm.NFKC.String(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}
