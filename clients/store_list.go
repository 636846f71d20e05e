package clients

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// Sorting is what a list of records is sorted by.
type Sorting string

// The sortings; the zero one is by name.
const (
	ByName  Sorting = "name"
	ByLast  Sorting = "last"  // the latest session first
	ByNext  Sorting = "next"  // the soonest session first, without one last
	ByStage Sorting = "stage" // in the order of Filter.Stages
	ByMatch Sorting = "match" // who is called as Filter.Text says first, who is only tagged so last
)

// Shelf is which records a list takes.
type Shelf int

// The shelves.
const (
	Working Shelf = iota // not archived
	Archived
	Everything
)

// Filter chooses and sorts records. The zero Filter is all that are not archived, by name.
type Filter struct {
	Shelf   Shelf
	Kind    Kind
	Coach   ids.ID // of the engagement that counts
	Worker  ids.ID // of any engagement, current or past
	Stage   string
	Tag     string
	Text    string // each word stands in a name or a tag
	Sort    Sorting
	Reverse bool
	Stages  []string // the order of stages, for ByStage
	Now     time.Time
	Limit   int // 0 is all
	Offset  int
}

// Row is one record in a list.
type Row struct {
	ID            ids.ID
	Kind          Kind
	A, B          Name
	Names         []string // as each wishes, one or two
	Title         string   // the names together
	Stage         string
	StageAt       time.Time
	Archived      bool
	OnHold        bool // a pause or anything else that holds joint work; it does not say which
	Tags          []string
	Coaches       []string  // names, of the engagement that counts
	LastAt        time.Time // the latest session held, on its own clocks; zero without one
	NextAt        time.Time // the next session booked, on its own clocks; zero without one
	Sessions      int       // in the record, whatever became of them
	Held          int
	OpenPractices int
}

// List is one page of rows and how many there are in all.
type List struct {
	Rows  []Row
	Total int
}

// listSQL is what every row of the list costs. The names are packed into one column
// each: reading columns is what takes the time in a long list.
const listSQL = `SELECT c.id, c.kind, c.stage, c.stage_at, c.archived,
 coalesce(a.given_name || char(31) || a.family_name || char(31) || a.name_order || char(31) || a.latin_name, ''),
 coalesce(b.given_name || char(31) || b.family_name || char(31) || b.name_order || char(31) || b.latin_name, '')
 FROM couple c LEFT JOIN person a ON a.id = c.a_id AND a.deleted = 0 LEFT JOIN person b ON b.id = c.b_id AND b.deleted = 0
 WHERE c.deleted = 0 AND ?1`

func scanRow(r *sql.Rows, row **Row) error {
	v := new(Row)
	*row = v
	var stageAt int64
	var a, b string
	if err := r.Scan(&v.ID, &v.Kind, &v.Stage, &stageAt, &v.Archived, &a, &b); err != nil {
		return err
	}
	v.StageAt, v.A, v.B = AtMillis(stageAt), unpackName(a), unpackName(b)
	return nil
}

func unpackName(s string) Name {
	p := strings.Split(s, "\x1f")
	if len(p) != 4 {
		return Name{}
	}
	return Name{Given: p[0], Family: p[1], Order: NameOrder(p[2]), Latin: p[3]}
}

func recordNames(k Kind, a, b Name) []string {
	name := func(n Name, s Slot) string {
		if f := n.Full(); f != "" {
			return f
		}
		return PartnerLabel(s, k)
	}
	if k == KindSingle {
		return []string{name(a, SlotA)}
	}
	return []string{name(a, SlotA), name(b, SlotB)}
}

// List is the list of records for the page that shows all of them. It is the coach's:
// nobody else is shown, or told the number of, other clients.
func (s *Store) List(ctx context.Context, aud Audience, f Filter) (List, error) {
	if !aud.IsCoach() {
		return List{}, nil
	}
	rows, err := casebook.Collect(ctx, s.cb.Reader(), scanRow, listSQL+f.where(), f.args(aud)...)
	if err != nil {
		return List{}, err
	}
	// Filling a part for all rows costs more than for a page of them, so what neither
	// the filter nor the order needs comes last.
	first, last := []part{}, []part{engagementPart, stopPart, practicePart}
	if f.Text != "" {
		first = append(first, tagPart)
	} else {
		last = append(last, tagPart)
	}
	if f.Sort == ByLast || f.Sort == ByNext {
		first = append(first, sessionPart(f.Now))
	} else {
		last = append(last, sessionPart(f.Now))
	}
	if err := s.fill(ctx, rows, first); err != nil {
		return List{}, err
	}
	rows = f.matching(rows)
	f.sort(rows)
	out := List{Total: len(rows)}
	rows = rows[min(max(f.Offset, 0), len(rows)):]
	if f.Limit > 0 {
		rows = rows[:min(f.Limit, len(rows))]
	}
	if err := s.fill(ctx, rows, last); err != nil {
		return List{}, err
	}
	for _, r := range rows {
		r.Names, r.Title = recordNames(r.Kind, r.A, r.B), Title(r.Kind, r.A, r.B)
		out.Rows = append(out.Rows, *r)
	}
	return out, nil
}

// matching are the rows in which each word of the text stands.
func (f Filter) matching(rows []*Row) []*Row {
	if f.Text == "" {
		return rows
	}
	match := Matcher(f.Text)
	return slices.DeleteFunc(rows, func(r *Row) bool {
		return !match(append(r.names(), r.Tags...)...)
	})
}

func (f Filter) where() string {
	var w strings.Builder
	switch f.Shelf {
	case Working:
		w.WriteString(` AND c.archived = 0`)
	case Archived:
		w.WriteString(` AND c.archived = 1`)
	}
	if f.Kind != "" {
		w.WriteString(` AND c.kind = ?2`)
	}
	if f.Stage != "" {
		w.WriteString(` AND c.stage = ?3`)
	}
	if f.Tag != "" {
		w.WriteString(` AND EXISTS (SELECT 1 FROM couple_tag t WHERE t.couple_id = c.id AND t.deleted = 0 AND t.tag = ?4)`)
	}
	if !f.Coach.IsZero() {
		w.WriteString(` AND EXISTS (SELECT 1 FROM engagement_coach ec WHERE ec.engagement_id = ` + CurrentEngagement("c.id") + ` AND ec.deleted = 0 AND ec.coach_id = ?5)`)
	}
	if !f.Worker.IsZero() {
		w.WriteString(` AND EXISTS (SELECT 1 FROM engagement e JOIN engagement_coach ec ON ec.engagement_id = e.id WHERE e.couple_id = c.id AND e.deleted = 0 AND ec.deleted = 0 AND ec.coach_id = ?6)`)
	}
	return w.String()
}

func (f Filter) args(aud Audience) []any {
	return []any{aud.IsCoach(), f.Kind, f.Stage, f.Tag, f.Coach, f.Worker}
}

// sort orders rows as the filter says, by name and then id where that leaves a choice.
func (f Filter) sort(rows []*Row) {
	c := collate.New(language.Und, collate.IgnoreCase)
	var buf collate.Buffer
	type keyed struct {
		row  *Row
		name []byte
		rank int
	}
	all := make([]keyed, len(rows))
	for i, r := range rows {
		all[i] = keyed{r, c.KeyFromString(&buf, r.A.SortKey()+" "+r.B.SortKey()), 0}
		if f.Sort == ByMatch {
			all[i].rank = f.rank(r)
		}
	}
	slices.SortFunc(all, func(x, y keyed) int {
		v := cmp.Or(cmp.Compare(x.rank, y.rank), f.compare(x.row, y.row))
		if v == 0 && (f.Sort == "" || f.Sort == ByName) {
			v = bytes.Compare(x.name, y.name)
		}
		if f.Reverse {
			v = -v
		}
		return cmp.Or(v, bytes.Compare(x.name, y.name), bytes.Compare(x.row.ID[:], y.row.ID[:]))
	})
	for i := range all {
		rows[i] = all[i].row
	}
}

// rank is 0 where a name begins with the text, 1 where it stands in a name, 2 where only
// tags have it.
func (f Filter) rank(r *Row) int {
	text, names := Fold(strings.TrimSpace(f.Text)), r.names()
	for _, n := range names {
		if n = " " + Fold(n); text != "" && strings.Contains(n, " "+text) {
			return 0
		}
	}
	if Matcher(f.Text)(names...) {
		return 1
	}
	return 2
}

// names is how the people of a record are called.
func (r *Row) names() []string {
	return []string{r.A.Given, r.A.Family, r.A.Latin, r.A.Full(), r.B.Given, r.B.Family, r.B.Latin, r.B.Full()}
}

// compare orders two rows by what is not a name.
func (f Filter) compare(x, y *Row) int {
	switch f.Sort {
	case ByLast:
		return y.LastAt.Compare(x.LastAt)
	case ByNext:
		if x.NextAt.IsZero() != y.NextAt.IsZero() {
			if x.NextAt.IsZero() {
				return 1
			}
			return -1
		}
		return x.NextAt.Compare(y.NextAt)
	case ByStage:
		return cmp.Compare(stageIndex(f.Stages, x.Stage), stageIndex(f.Stages, y.Stage))
	}
	return 0
}

func stageIndex(stages []string, s string) int {
	if i := slices.Index(stages, s); i >= 0 {
		return i
	}
	return len(stages)
}

// Count is one record in the list that programs read.
type Count struct {
	ID       ids.ID   `json:"id"`
	Names    []string `json:"names"`
	Kind     Kind     `json:"kind"`
	Stage    string   `json:"stage"`
	Sessions int      `json:"sessions"`
	Notes    int      `json:"notes"`
}

// Counts are all records that are not deleted, the archived included, by id, with how
// many sessions and notes each has. Nobody but the coach is told of any.
func (s *Store) Counts(ctx context.Context, aud Audience) ([]Count, error) {
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, c *Count) error {
		var a, b Name
		if err := r.Scan(&c.ID, &c.Kind, &c.Stage, &a.Given, &a.Family, &a.Order, &a.Latin, &b.Given, &b.Family, &b.Order, &b.Latin, &c.Sessions, &c.Notes); err != nil {
			return err
		}
		c.Names = recordNames(c.Kind, a, b)
		return nil
	}, `SELECT c.id, c.kind, c.stage, coalesce(a.given_name, ''), coalesce(a.family_name, ''), coalesce(a.name_order, ''), coalesce(a.latin_name, ''),
 coalesce(b.given_name, ''), coalesce(b.family_name, ''), coalesce(b.name_order, ''), coalesce(b.latin_name, ''),
 (SELECT count(*) FROM session s WHERE s.couple_id = c.id AND s.deleted = 0), (SELECT count(*) FROM note n WHERE n.couple_id = c.id AND n.deleted = 0 AND `+NotOnlyAnothers("n", s.cb.Me())+`)
 FROM couple c LEFT JOIN person a ON a.id = c.a_id AND a.deleted = 0 LEFT JOIN person b ON b.id = c.b_id AND b.deleted = 0
 WHERE c.deleted = 0 AND ? ORDER BY c.id`, aud.IsCoach())
}

// NotOnlyAnothers is true for notes x that are more than the reflection of a coach other
// than me: nobody else is told that there is one.
func NotOnlyAnothers(x string, me ids.ID) string {
	return fmt.Sprintf(`(NOT EXISTS (SELECT 1 FROM note_field f WHERE f.note_id = %[1]s.id AND f.sealed_to IS NOT NULL AND f.sealed_to <> x'%[2]x')
 OR EXISTS (SELECT 1 FROM note_field f WHERE f.note_id = %[1]s.id AND f.head IS NOT NULL AND f.deleted = 0 AND (f.sealed_to IS NULL OR f.sealed_to = x'%[2]x')))`, x, me[:])
}
