package search_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/search"
)

const today = "2026-11-22"

type desk struct {
	t  *testing.T
	cb *casebook.Casebook
}

func newDesk(t *testing.T) desk { return desk{t, casebooktest.New(t)} }

func (d desk) write(f func(tx *casebook.Tx) error) {
	d.t.Helper()
	if err := d.cb.Write(context.Background(), "test", f); err != nil {
		d.t.Fatal(err)
	}
}

func (d desk) exec(query string, args ...any) {
	d.t.Helper()
	d.write(func(tx *casebook.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
}

// couple makes a couple of two people with these names.
func (d desk) couple(a, b string) ids.ID {
	d.t.Helper()
	id := ids.New()
	d.write(func(tx *casebook.Tx) error {
		pa, pb := ids.New(), ids.New()
		for _, p := range []struct {
			id   ids.ID
			name string
		}{{pa, a}, {pb, b}} {
			if _, err := tx.Exec(`INSERT INTO person (id, given_name) VALUES (?, ?)`, p.id, p.name); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`INSERT INTO couple (id, a_id, b_id) VALUES (?, ?, ?)`, id, pa, pb)
		return err
	})
	return id
}

// note writes a note with one field and returns the note's and the field's ids.
func (d desk) note(couple ids.ID, subject, visibility, sensitivity, body string) (note, field ids.ID) {
	d.t.Helper()
	note, field = ids.New(), ids.New()
	at := time.Date(2026, 7, 1, 23, 30, 0, 0, time.UTC).UnixMilli()
	d.write(func(tx *casebook.Tx) error {
		rev := ids.New()
		for _, s := range []struct {
			sql  string
			args []any
		}{
			{`INSERT INTO note (id, couple_id, written_at, zone) VALUES (?, ?, ?, 'Europe/Berlin')`, []any{note, couple, at}},
			{`INSERT INTO note_rev (id, note_id, field_id, body) VALUES (?, ?, ?, ?)`, []any{rev, note, field, body}},
			{`INSERT INTO note_field (id, note_id, key, head, subject, visibility, sensitivity) VALUES (?, ?, 'content', ?, ?, ?, ?)`, []any{field, note, rev, subject, visibility, sensitivity}},
		} {
			if _, err := tx.Exec(s.sql, s.args...); err != nil {
				return err
			}
		}
		return nil
	})
	return note, field
}

func (d desk) find(r clients.Reader, typed string, o search.Options) search.Result {
	d.t.Helper()
	res, err := search.Query(context.Background(), d.cb.Reader(), clients.For(r, today).GateOn, typed, o)
	if err != nil {
		d.t.Fatalf("%q: %v", typed, err)
	}
	return res
}

func (d desk) sound() {
	d.t.Helper()
	found, err := search.Check(context.Background(), d.cb.Reader())
	if err != nil {
		d.t.Fatal(err)
	}
	for _, f := range found {
		d.t.Error(f)
	}
}

func TestEveryReaderFindsAndCountsOnlyTheirOwn(t *testing.T) {
	d := newDesk(t)
	couple := d.couple("Ada", "Bo")
	sees := map[string][]clients.Reader{
		"coach_only normal": {clients.CoachView},
		"partner_A normal":  {clients.CoachView, clients.A},
		"partner_B normal":  {clients.CoachView, clients.B},
		"joint normal":      {clients.CoachView, clients.A, clients.B, clients.Us},
		"joint sensitive":   {clients.CoachView, clients.A, clients.B, clients.Us},
		"coach_only safety": {clients.CoachView},
		"joint safety":      {clients.CoachView}, // cannot be saved through a store, stays closed all the same
		"nonsense normal":   {clients.CoachView},
	}
	token := map[string]string{}
	for what := range sees {
		token[what] = "tok" + strings.Map(func(r rune) rune {
			if r == ' ' || r == '_' {
				return 'x'
			}
			return r
		}, what)
		v, s, _ := strings.Cut(what, " ")
		d.note(couple, "both", v, s, "lantern "+token[what]+" lantern")
	}
	for _, r := range []clients.Reader{"", clients.Us, clients.A, clients.B, clients.CoachView} {
		want := 0
		for what, readers := range sees {
			res := d.find(r, token[what], search.Options{})
			n := 0
			if slices.Contains(readers, r) {
				n = 1
				want++
			}
			if res.Total != n || len(res.Hits) != n {
				t.Errorf("reader %q finds %d (%d shown) of %s, want %d", r, res.Total, len(res.Hits), what, n)
			}
		}
		for _, o := range []search.Options{{}, {Couple: couple}, {Limit: -1}, {Limit: 1}} {
			if res := d.find(r, "lantern", o); res.Total != want {
				t.Errorf("reader %q counts %d with %+v, want %d", r, res.Total, o, want)
			}
		}
	}
	res, err := search.Query(context.Background(), d.cb.Reader(), nil, "lantern", search.Options{})
	if err != nil || res.Total != 0 || len(res.Hits) != 0 {
		t.Errorf("without a gate: %+v, %v", res, err)
	}
}

func TestAReleaseOpensAndAWithdrawalCloses(t *testing.T) {
	d := newDesk(t)
	couple := d.couple("Ada", "Bo")
	_, field := d.note(couple, "A", "partner_A", "normal", "quartz")
	if n := d.find(clients.Us, "quartz", search.Options{}).Total; n != 0 {
		t.Fatalf("found %d before the release", n)
	}
	rel := ids.New()
	d.exec(`INSERT INTO release (id, couple_id, partner, item_id) VALUES (?, ?, 'A', ?)`, rel, couple, field)
	if n := d.find(clients.Us, "quartz", search.Options{Couple: couple}).Total; n != 1 {
		t.Fatalf("found %d after the release", n)
	}
	d.exec(`INSERT INTO release (id, couple_id, partner, item_id, state, replaces) VALUES (?, ?, 'A', ?, 'withdrawn', ?)`, ids.New(), couple, field, rel)
	if n := d.find(clients.Us, "quartz", search.Options{}).Total; n != 0 {
		t.Fatalf("found %d after the withdrawal", n)
	}
}

// A topic stands in the conversation and in the answer of its form: it is one place.
func TestATopicIsFoundOnce(t *testing.T) {
	d := newDesk(t)
	couple, conv, answer := d.couple("Ada", "Bo"), ids.New(), ids.New()
	found := func(words string, want int) {
		t.Helper()
		if n := d.find(clients.CoachView, words, search.Options{}).Total; n != want {
			t.Errorf("%q is found %d times, want %d", words, n, want)
		}
		d.sound()
	}
	d.exec(`INSERT INTO conversation (id, couple_id, topic) VALUES (?, ?, 'granite')`, conv, couple)
	d.exec(`INSERT INTO conversation_answer (id, conversation_id, couple_id, key, value, visibility) VALUES (?, ?, ?, 'topic', 'granite', 'joint')`, answer, conv, couple)
	found("granite", 1)
	d.exec(`UPDATE conversation_answer SET value = 'basalt' WHERE id = ?`, answer) // two computers, two topics
	found("granite", 1)
	found("basalt", 1)
	d.exec(`UPDATE conversation SET topic = 'basalt' WHERE id = ?`, conv)
	found("granite", 0)
	found("basalt", 1)
}

func TestWhatIsDeletedIsNotFoundAndComesBack(t *testing.T) {
	d := newDesk(t)
	one, two := d.couple("Ada", "Bo"), d.couple("Cy", "Di")
	note, _ := d.note(one, "both", "joint", "normal", "granite")
	d.exec(`INSERT INTO addendum (id, note_id, body, visibility) VALUES (?, ?, 'granite later', 'joint')`, ids.New(), note)
	conv := ids.New()
	d.exec(`INSERT INTO conversation (id, couple_id, topic) VALUES (?, ?, 'money')`, conv, one)
	d.exec(`INSERT INTO conversation_answer (id, conversation_id, couple_id, key, value, visibility) VALUES (?, ?, ?, 'wish', 'granite wish', 'joint')`, ids.New(), conv, one)
	practice := ids.New()
	d.exec(`INSERT INTO assignment (id, couple_id, practice, cue, visibility) VALUES (?, ?, 'PR-01', 'at breakfast', 'joint')`, practice, one)
	d.exec(`INSERT INTO practice_log (id, assignment_id, couple_id, noticed, visibility) VALUES (?, ?, ?, 'granite smile', 'joint')`, ids.New(), practice, one)
	d.note(two, "both", "joint", "normal", "granite")
	count := func(want int) {
		t.Helper()
		for _, r := range []clients.Reader{clients.CoachView, clients.Us} {
			if n := d.find(r, "granite", search.Options{}).Total; n != want {
				t.Errorf("%s finds %d, want %d", r, n, want)
			}
		}
		d.sound()
	}
	count(5)
	d.exec(`UPDATE note SET deleted = 1 WHERE id = ?`, note)
	count(3)
	d.exec(`UPDATE conversation SET deleted = 1 WHERE id = ?`, conv)
	count(2)
	d.exec(`UPDATE assignment SET deleted = 1 WHERE id = ?`, practice)
	count(1)
	d.exec(`UPDATE assignment SET deleted = 0 WHERE id = ?`, practice)
	d.exec(`UPDATE note SET deleted = 0 WHERE id = ?`, note)
	d.exec(`UPDATE conversation SET deleted = 0 WHERE id = ?`, conv)
	count(5)
	d.exec(`UPDATE couple SET deleted = 1 WHERE id = ?`, one)
	count(1)
	if n := d.find(clients.CoachView, "Ada", search.Options{}).Total; n != 0 {
		t.Errorf("the deleted couple is found by name")
	}
	d.exec(`UPDATE couple SET deleted = 0 WHERE id = ?`, one)
	count(5)
}

func TestWhatAHitSays(t *testing.T) {
	d := newDesk(t)
	couple := d.couple("Ada", "Bo")
	long := strings.Repeat("Plain words go here. ", 40)
	note, field := d.note(couple, "both", "coach_only", "normal", long+"They\nkept the Café\topen. "+long)
	res := d.find(clients.CoachView, `"the cafe"`, search.Options{})
	if res.Total != 1 {
		t.Fatalf("total %d", res.Total)
	}
	h := res.Hits[0]
	if h.Kind != "note" || h.ID != note || h.Row != field || h.Couple != couple || h.Field != "content" || h.Date != "2026-07-02" {
		t.Errorf("hit %+v", h)
	}
	if !strings.HasPrefix(h.Snippet, "… ") || !strings.HasSuffix(h.Snippet, " …") || strings.ContainsAny(h.Snippet, "\n\t") || len(h.Snippet) > 260 {
		t.Errorf("snippet %q", h.Snippet)
	}
	if len(h.Marks) != 1 || h.Snippet[h.Marks[0].From:h.Marks[0].To] != "the Café" {
		t.Errorf("marks %v in %q", h.Marks, h.Snippet)
	}
}

func TestWhatMatches(t *testing.T) {
	d := newDesk(t)
	couple := d.couple("Zoë", "王晓梅")
	d.note(couple, "both", "coach_only", "normal", "Appreciation grew. Don't forget: tea-time at nine, Straße 7.")
	d.note(couple, "both", "coach_only", "normal", "我们谈到了长距离关系。")
	d.note(couple, "both", "coach_only", "normal", "Łukasz и Анна: Ёлка; סמירה")
	for typed, want := range map[string]int{
		"appreciation": 1, "APPRECIATION": 1, "appre": 1, "appre ": 0, "ap": 0, "don't": 1, "dont": 0, "tea-time": 1, "time tea": 1, `"tea time"`: 1, `"time tea"`: 0,
		"“tea time”": 1, `"tea time`: 1, "tea OR nothing": 0, "NOT tea": 0, "tea AND nine": 0, "body:tea": 0, "tea*": 1, "straße": 1, "7": 1,
		"zoe": 1, "Zoë": 1, "晓梅": 1, "梅晓": 0, "长距离": 1, "距离 我们": 1, "анна": 1, "ёлка": 1, "סמירה": 1,
		"": 0, " ": 0, `"`: 0, `""`: 0, "!!! ???": 0, "\x00": 0, "tea\x00": 1, "\xff": 0, "́": 0,
	} {
		if n := d.find(clients.CoachView, typed, search.Options{}).Total; n != want {
			t.Errorf("%q finds %d, want %d", typed, n, want)
		}
	}
}

func TestBestFirstAndPages(t *testing.T) {
	d := newDesk(t)
	couple := d.couple("Ada", "Bo")
	filler := strings.Repeat("other words ", 60)
	d.note(couple, "both", "coach_only", "normal", "ember "+filler)
	best, _ := d.note(couple, "both", "coach_only", "normal", "ember ember ember")
	for i := range 8 {
		d.note(couple, "both", "coach_only", "normal", fmt.Sprintf("ember number%d %s", i, filler))
	}
	all := d.find(clients.CoachView, "ember", search.Options{})
	if all.Total != 10 || len(all.Hits) != 10 || all.Hits[0].ID != best {
		t.Fatalf("total %d, %d shown, best first: %v", all.Total, len(all.Hits), all.Hits[0].ID == best)
	}
	var paged []search.Hit
	for off := 0; off < 12; off += 4 {
		paged = append(paged, d.find(clients.CoachView, "ember", search.Options{Limit: 4, Offset: off}).Hits...)
	}
	if len(paged) != 10 {
		t.Fatalf("pages hold %d", len(paged))
	}
	for i := range paged {
		if paged[i].ID != all.Hits[i].ID {
			t.Errorf("hit %d differs between pages and the whole", i)
		}
	}
}

func TestCheckSeesEveryDifference(t *testing.T) {
	d := newDesk(t)
	couple := d.couple("Ada", "Bo")
	d.note(couple, "both", "coach_only", "normal", "first")
	_, field := d.note(couple, "both", "coach_only", "normal", "second")
	d.sound()
	for name, s := range map[string]string{
		"a missing document":  `DELETE FROM search_doc WHERE row_id = ?1`,
		"a wider audience":    `UPDATE search_doc SET visibility = 'joint' WHERE row_id = ?1`,
		"another text":        `UPDATE search_doc SET sum = sum + 1 WHERE row_id = ?1`,
		"another couple":      `UPDATE search_doc SET couple_id = NULL WHERE row_id = ?1`,
		"an entry too few":    `DELETE FROM search_fts WHERE rowid = (SELECT n FROM search_doc WHERE row_id = ?1)`,
		"an unknown document": `INSERT INTO search_doc (kind, row_id, field, at, subject, visibility, sensitivity, sum) VALUES ('note_field', randomblob(16), '', 0, '', '', '', ?1 IS NULL)`,
		"an unknown kind":     `UPDATE search_doc SET kind = 'rumour' WHERE row_id = ?1`,
	} {
		t.Run(name, func(t *testing.T) {
			tx := d.begin(t)
			if _, err := tx.Exec(s, field); err != nil {
				t.Fatal(err)
			}
			found, err := search.Check(context.Background(), tx)
			if err != nil {
				t.Fatal(err)
			}
			if len(found) == 0 {
				t.Error("not seen")
			}
		})
	}
}

// begin gives a transaction whose writes are undone at the end of the test.
func (d desk) begin(t *testing.T) *casebook.Tx {
	t.Helper()
	got, undo, gone := make(chan *casebook.Tx), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		err := d.cb.Write(context.Background(), "test", func(tx *casebook.Tx) error {
			got <- tx
			<-undo
			return context.Canceled
		})
		if err == nil {
			t.Error("it was not undone")
		}
	}()
	t.Cleanup(func() { close(undo); <-gone })
	return <-got
}

func TestNothingTypedMakesItFail(t *testing.T) {
	d := newDesk(t)
	couple := d.couple("Ada", "Bo")
	d.note(couple, "both", "joint", "normal", "river stone 河 \"quoted\" it's")
	rapid.Check(t, func(rt *rapid.T) {
		typed := rapid.OneOf(rapid.String(), rapid.StringMatching(`["*^:()+{}\- a-z']{0,40}`), rapid.StringMatching(`(AND|OR|NOT|NEAR| |"|river|stone|\()*`)).Draw(rt, "typed")
		for _, r := range []clients.Reader{clients.CoachView, clients.A} {
			res, err := search.Query(context.Background(), d.cb.Reader(), clients.For(r, today).GateOn, typed, search.Options{Couple: couple})
			if err != nil {
				rt.Fatalf("%q: %v", typed, err)
			}
			for _, h := range res.Hits {
				for _, m := range h.Marks {
					if m.From < 0 || m.From >= m.To || m.To > len(h.Snippet) {
						rt.Fatalf("%q: mark %v in %q", typed, m, h.Snippet)
					}
				}
			}
		}
	})
}

func FuzzQuery(f *testing.F) {
	for _, s := range []string{`"a b" c*`, `NEAR(a b)`, "river", "\x00\"", "河流", "a-b'c", "{x}:y", "é"} {
		f.Add(s, "the river\x00 is é 河 long "+s)
	}
	f.Fuzz(func(t *testing.T, typed, body string) { search.Try(t, typed, body) })
}
