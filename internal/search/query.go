package search

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// Querier reads the casebook.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Gate says in SQL whether a reader may see the row that alias x holds the audience
// of and whose id stands in column id: the method GateOn of clients.Audience. A nil
// Gate opens nothing.
type Gate func(x, id string) string

// everything is the Gate's answer for a reader who may see all.
const everything = "1"

// DefaultLimit is the length of a page of hits where none is asked for.
const DefaultLimit = 50

// rankAmong is how many of the hits are compared with each other, the latest first.
// A query with more hits than that names words so common that none of them says more
// about one text than about another; comparing all would only cost time.
const rankAmong = 40_000

// Options narrow a query. The zero value is the first page over everything.
type Options struct {
	Couple ids.ID // only what belongs to this couple; zero is all
	Limit  int    // hits on the page; 0 is DefaultLimit, below 0 is none (the total alone)
	Offset int    // hits to skip
	// Opened are texts that stand in no index because only this reader can read them. They
	// come behind what the index found.
	Opened []Opened
}

// Result is a page of hits and how many there are in all that this reader may see.
type Result struct {
	Total int
	Hits  []Hit
}

// Hit is one place where the words stand.
type Hit struct {
	Kind    string // what to open: note, couple, enquiry, conversation …
	ID      ids.ID // of what to open
	Row     ids.ID // the row itself, such as the field of the note
	Couple  ids.ID // whose it is; zero for an enquiry without a couple
	Field   string // where in it, such as the key of a note's field
	Date    day.Day
	Snippet string
	Marks   []Mark
}

// Query finds what was typed among what gate lets see: all words, phrases in quotes,
// the last word as far as it is typed. Best first (BM25), the latest first among
// equals. What belongs to a deleted couple is not found. The total counts only what
// this reader may see (rule PV-13). Nothing typed makes it fail.
func Query(ctx context.Context, q Querier, gate Gate, typed string, o Options) (Result, error) {
	terms := parse(typed)
	match := expression(terms)
	if match == "" || gate == nil {
		return Result{}, nil
	}
	may, not, err := readable(ctx, q, terms)
	if err != nil {
		return Result{}, err
	}
	source, args := matching(match, gate, may, not, o.Couple)
	var r Result
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM `+source, args...).Scan(&r.Total); err != nil {
		return Result{}, err
	}
	opened := among(o.Opened, o.Couple, terms)
	indexed := r.Total
	r.Total += len(opened)
	limit := o.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	offset := max(o.Offset, 0)
	if limit < 0 || offset >= r.Total {
		return r, nil
	}
	if offset < indexed {
		docs, err := page(ctx, q, source, args, limit, offset)
		if err != nil {
			return Result{}, err
		}
		if r.Hits, err = read(ctx, q, docs, terms); err != nil {
			return Result{}, err
		}
	}
	opened = opened[min(max(offset-indexed, 0), len(opened)):]
	for _, t := range opened[:min(limit-len(r.Hits), len(opened))] {
		r.Hits = append(r.Hits, t.hit(terms))
	}
	return r, nil
}

// The index itself stands behind no view. What of it the account signed in may see
// (casebook.Role) is said by its documents, which do.
const fts = `main.search_fts`

// readable is a condition on what the words match: nothing for the owner. Where names are
// hidden from the account, a record in which one of the words is a name is left out, or
// finding it would tell the name.
func readable(ctx context.Context, q Querier, terms []term) (string, []any, error) {
	var gated bool
	if err := q.QueryRowContext(ctx, `SELECT couplet_gated()`).Scan(&gated); err != nil || !gated {
		return "", nil, err
	}
	where := ` AND couplet_docs() AND couplet_doc(search_fts.rowid)`
	var args []any
	var hidden bool
	if err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM temp.sqlite_schema WHERE name = 'veil_name')`).Scan(&hidden); err != nil || !hidden {
		return where, nil, err
	}
	rows, err := q.QueryContext(ctx, `SELECT record, word FROM temp.veil_name`)
	if err != nil {
		return "", nil, err
	}
	named := map[ids.ID]bool{}
	err = each(rows, func() error {
		var record ids.ID
		var name string
		if err := rows.Scan(&record, &name); err != nil {
			return err
		}
		if name = fold(name); !named[record] && slices.ContainsFunc(terms, func(t term) bool { return t.names(name) }) {
			named[record] = true
			where += ` AND +search_fts.rowid NOT IN (SELECT n FROM search_doc WHERE couple_id = ?)`
			args = append(args, record)
		}
		return nil
	})
	return where, args, err
}

// names says whether a word of the term could have been found by a name.
func (t term) names(name string) bool {
	return slices.ContainsFunc(t.folded, func(w string) bool { return strings.Contains(w, name) || strings.HasPrefix(name, w) })
}

// matching is the FROM and WHERE of the documents that match and may be seen. What
// the words match is walked once; the sets are looked up (the unary plus keeps SQLite
// from asking the index for every member of a set instead, which costs seconds). What
// is for the coach only no other gate opens, so it is left out before the gate is asked.
func matching(match string, gate Gate, may string, not []any, couple ids.ID) (string, []any) {
	from := fts
	where := ` WHERE search_fts MATCH ?` + may + ` AND +search_fts.rowid NOT IN (SELECT n FROM search_doc WHERE couple_id IN (SELECT id FROM couple WHERE deleted <> 0))`
	args := append([]any{match}, not...)
	if !couple.IsZero() {
		where += ` AND +search_fts.rowid IN (SELECT n FROM search_doc WHERE couple_id = ?)`
		args = append(args, couple)
	}
	if g := gate("d", "d.row_id"); g != everything {
		from += ` CROSS JOIN main.search_doc d INDEXED BY search_doc_open ON d.n = search_fts.rowid AND d.visibility <> 'coach_only'`
		where += ` AND ` + g
	}
	return from + where, args
}

// doc is a hit before its text is read.
type doc struct {
	hit Hit
	at  int64
}

func page(ctx context.Context, q Querier, source string, args []any, limit, offset int) ([]doc, error) {
	args = append(append([]any{}, args...), max(rankAmong, offset+limit), limit, offset)
	rows, err := q.QueryContext(ctx, `SELECT d.kind, d.row_id, d.couple_id, d.field, d.at FROM
		(SELECT n, score FROM (SELECT search_fts.rowid AS n, bm25(search_fts) AS score FROM `+source+` ORDER BY search_fts.rowid DESC LIMIT ?)
		 ORDER BY score, n DESC LIMIT ? OFFSET ?) p JOIN search_doc d ON d.n = p.n ORDER BY p.score, p.n DESC`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []doc
	for rows.Next() {
		var d doc
		if err := rows.Scan(&d.hit.Kind, &d.hit.Row, &d.hit.Couple, &d.hit.Field, &d.at); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// opens says what to open for a row: the kind, and SQL for its id and its zone in terms of row_id.
type opens struct {
	kind, id, zone string
}

func opening(kind string) opens {
	const ownZone = `(SELECT zone FROM %s WHERE id = v.row_id)`
	switch kind {
	case "note_field":
		return opens{"note", `(SELECT note_id FROM note_field WHERE id = v.row_id)`, `(SELECT n.zone FROM note n JOIN note_field f ON f.note_id = n.id WHERE f.id = v.row_id)`}
	case "addendum":
		return opens{"note", `(SELECT note_id FROM addendum WHERE id = v.row_id)`, `(SELECT n.zone FROM note n JOIN addendum a ON a.note_id = n.id WHERE a.id = v.row_id)`}
	case "conversation_answer":
		return opens{"conversation", `(SELECT conversation_id FROM conversation_answer WHERE id = v.row_id)`, `(SELECT c.zone FROM conversation c JOIN conversation_answer a ON a.conversation_id = c.id WHERE a.id = v.row_id)`}
	case "conversation", "practice_log":
		return opens{kind, `v.row_id`, fmt.Sprintf(ownZone, kind)}
	}
	return opens{kind, `v.row_id`, `''`}
}

// read fetches the texts of one page, one query a kind, and cuts the snippets.
func read(ctx context.Context, q Querier, docs []doc, terms []term) ([]Hit, error) {
	byKind := map[string][]any{}
	for _, d := range docs {
		byKind[d.hit.Kind] = append(byKind[d.hit.Kind], d.hit.Row)
	}
	type text struct {
		id         ids.ID
		body, zone string
	}
	texts := map[ids.ID]text{}
	for _, kind := range kinds {
		rowIDs := byKind[kind]
		if len(rowIDs) == 0 {
			continue
		}
		o := opening(kind)
		rows, err := q.QueryContext(ctx, `SELECT v.row_id, v.body, `+o.id+`, coalesce(`+o.zone+`, '') FROM search_`+kind+` v WHERE v.row_id IN (?`+strings.Repeat(`, ?`, len(rowIDs)-1)+`)`, rowIDs...)
		if err != nil {
			return nil, err
		}
		err = each(rows, func() error {
			var row ids.ID
			var t text
			if err := rows.Scan(&row, &t.body, &t.id, &t.zone); err != nil {
				return err
			}
			texts[row] = t
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	out := make([]Hit, 0, len(docs))
	for _, d := range docs {
		t := texts[d.hit.Row]
		h := d.hit
		h.Kind, h.ID, h.Date = opening(h.Kind).kind, t.id, day.Of(day.Clock(time.UnixMilli(d.at), t.zone))
		h.Snippet, h.Marks = snippet(strings.TrimSpace(t.body), terms)
		out = append(out, h)
	}
	return out, nil
}

func each(rows *sql.Rows, f func() error) error {
	defer rows.Close()
	for rows.Next() {
		if err := f(); err != nil {
			return err
		}
	}
	return rows.Err()
}
