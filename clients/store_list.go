package clients

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

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
	Coach   ids.ID
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
	LastAt        time.Time // the latest session held; zero without one
	NextAt        time.Time // the next session booked; zero without one
	Sessions      int       // in the record, whatever became of them
	Held          int
	OpenPractices int
	coaches       string
}

// List is one page of rows and how many there are in all.
type List struct {
	Rows  []Row
	Total int
}

const listSQL = `
WITH eng AS (SELECT couple_id, id, paused AND ended_on = '' AS paused, max((ended_on = '') || started_on || hex(id)) FROM engagement WHERE deleted = 0 GROUP BY couple_id),
 who AS (SELECT eng.couple_id, group_concat(hex(ec.coach_id) || k.name, char(31) ORDER BY ec.id) AS coaches
  FROM eng JOIN engagement_coach ec ON ec.engagement_id = eng.id AND ec.deleted = 0 JOIN coach k ON k.id = ec.coach_id GROUP BY eng.couple_id),
 tags AS (SELECT couple_id, group_concat(tag, char(31) ORDER BY id) AS tags FROM couple_tag WHERE deleted = 0 GROUP BY couple_id),
 met AS (SELECT couple_id, count(*) AS n, sum(state = 'held') AS held, max(iif(state = 'held', starts_at, 0)) AS last,
  min(iif(state = 'booked' AND starts_at >= ?1, starts_at, NULL)) AS next FROM session WHERE deleted = 0 GROUP BY couple_id),
 todo AS (SELECT couple_id, count(*) AS n FROM assignment WHERE state = 'active' AND deleted = 0 GROUP BY couple_id),
 held AS (SELECT DISTINCT s.couple_id FROM safety_screen s WHERE s.deleted = 0 AND s.outcome NOT IN ('clear', 'discuss', 'declined')
  AND NOT EXISTS (SELECT 1 FROM safety_screen w WHERE w.couple_id = s.couple_id AND w.replaces = s.id))
SELECT c.id, c.kind, c.stage, c.stage_at, c.archived,
 coalesce(a.given_name, ''), coalesce(a.family_name, ''), coalesce(a.name_order, ''), coalesce(a.latin_name, ''),
 coalesce(b.given_name, ''), coalesce(b.family_name, ''), coalesce(b.name_order, ''), coalesce(b.latin_name, ''),
 coalesce(tags.tags, ''), coalesce(who.coaches, ''), coalesce(met.last, 0), coalesce(met.next, 0), coalesce(met.n, 0), coalesce(met.held, 0), coalesce(todo.n, 0),
 coalesce(eng.paused, 0) OR held.couple_id IS NOT NULL
FROM couple c LEFT JOIN person a ON a.id = c.a_id AND a.deleted = 0 LEFT JOIN person b ON b.id = c.b_id AND b.deleted = 0
 LEFT JOIN eng ON eng.couple_id = c.id LEFT JOIN who ON who.couple_id = c.id LEFT JOIN tags ON tags.couple_id = c.id
 LEFT JOIN met ON met.couple_id = c.id LEFT JOIN todo ON todo.couple_id = c.id LEFT JOIN held ON held.couple_id = c.id
WHERE c.deleted = 0 AND ?2`

func scanRow(r *sql.Rows, v *Row) error {
	var stageAt, last, next int64
	var tags string
	if err := r.Scan(&v.ID, &v.Kind, &v.Stage, &stageAt, &v.Archived,
		&v.A.Given, &v.A.Family, &v.A.Order, &v.A.Latin, &v.B.Given, &v.B.Family, &v.B.Order, &v.B.Latin,
		&tags, &v.coaches, &last, &next, &v.Sessions, &v.Held, &v.OpenPractices, &v.OnHold); err != nil {
		return err
	}
	v.StageAt, v.LastAt, v.NextAt = AtMillis(stageAt), AtMillis(last), AtMillis(next)
	if tags != "" {
		v.Tags = strings.Split(tags, "\x1f")
	}
	return nil
}

// finish fills what is derived from the columns.
func (r *Row) finish() {
	r.Names, r.Title = recordNames(r.Kind, r.A, r.B), Title(r.Kind, r.A, r.B)
	for c := range strings.SplitSeq(r.coaches, "\x1f") {
		if len(c) > 32 {
			r.Coaches = append(r.Coaches, c[32:])
		}
	}
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
	rows, err := collect(ctx, s.cb.Reader(), scanRow, listSQL+f.where(), f.args(aud)...)
	if err != nil {
		return List{}, err
	}
	match := Matcher(f.Text)
	rows = slices.DeleteFunc(rows, func(r Row) bool {
		return f.Text != "" && !match(append([]string{r.A.Given, r.A.Family, r.A.Latin, r.A.Full(), r.B.Given, r.B.Family, r.B.Latin, r.B.Full()}, r.Tags...)...)
	})
	f.sort(rows)
	out := List{Total: len(rows)}
	out.Rows = rows[min(max(f.Offset, 0), len(rows)):]
	if f.Limit > 0 {
		out.Rows = out.Rows[:min(f.Limit, len(out.Rows))]
	}
	for i := range out.Rows {
		out.Rows[i].finish()
	}
	return out, nil
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
		w.WriteString(` AND c.kind = ?3`)
	}
	if f.Stage != "" {
		w.WriteString(` AND c.stage = ?4`)
	}
	if f.Tag != "" {
		w.WriteString(` AND EXISTS (SELECT 1 FROM couple_tag t WHERE t.couple_id = c.id AND t.deleted = 0 AND t.tag = ?5)`)
	}
	if !f.Coach.IsZero() {
		w.WriteString(` AND EXISTS (SELECT 1 FROM engagement_coach ec WHERE ec.engagement_id = eng.id AND ec.deleted = 0 AND ec.coach_id = ?6)`)
	}
	return w.String()
}

func (f Filter) args(aud Audience) []any {
	return []any{Millis(f.Now), aud.IsCoach(), f.Kind, f.Stage, f.Tag, f.Coach}
}

// sort orders rows as the filter says, by name and then id where that leaves a choice.
func (f Filter) sort(rows []Row) {
	c := collate.New(language.Und, collate.IgnoreCase)
	var buf collate.Buffer
	type keyed struct {
		row  Row
		name []byte
	}
	all := make([]keyed, len(rows))
	for i, r := range rows {
		all[i] = keyed{r, c.KeyFromString(&buf, r.A.SortKey()+" "+r.B.SortKey())}
	}
	slices.SortFunc(all, func(x, y keyed) int {
		v := f.compare(&x.row, &y.row)
		if v == 0 && (f.Sort == "" || f.Sort == ByName) {
			v = bytes.Compare(x.name, y.name)
		}
		if f.Reverse {
			v = -v
		}
		if v == 0 {
			v = bytes.Compare(x.name, y.name)
		}
		if v == 0 {
			v = bytes.Compare(x.row.ID[:], y.row.ID[:])
		}
		return v
	})
	for i := range all {
		rows[i] = all[i].row
	}
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
	return collect(ctx, s.cb.Reader(), func(r *sql.Rows, c *Count) error {
		var a, b Name
		if err := r.Scan(&c.ID, &c.Kind, &c.Stage, &a.Given, &a.Family, &a.Order, &a.Latin, &b.Given, &b.Family, &b.Order, &b.Latin, &c.Sessions, &c.Notes); err != nil {
			return err
		}
		c.Names = recordNames(c.Kind, a, b)
		return nil
	}, `SELECT c.id, c.kind, c.stage, coalesce(a.given_name, ''), coalesce(a.family_name, ''), coalesce(a.name_order, ''), coalesce(a.latin_name, ''),
 coalesce(b.given_name, ''), coalesce(b.family_name, ''), coalesce(b.name_order, ''), coalesce(b.latin_name, ''),
 (SELECT count(*) FROM session s WHERE s.couple_id = c.id AND s.deleted = 0), (SELECT count(*) FROM note n WHERE n.couple_id = c.id AND n.deleted = 0)
 FROM couple c LEFT JOIN person a ON a.id = c.a_id AND a.deleted = 0 LEFT JOIN person b ON b.id = c.b_id AND b.deleted = 0
 WHERE c.deleted = 0 AND ? ORDER BY c.id`, aud.IsCoach())
}
