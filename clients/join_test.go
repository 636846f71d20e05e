package clients_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

// opened are the tables whose items a partner may come to see, with the columns that a
// row needs besides its audience.
var opened = map[string]string{
	"session": "", "administration": "person_id", "assignment": "", "practice_log": "assignment_id", "conversation": "", "conversation_answer": "conversation_id",
	"couple_agreement": "", "letter": "", "report_made": "", "discovery_call": "enquiry_id", "note_field": "note_id", "addendum": "note_id", "noted_condition": "person_id", "attachment": "",
}

// Every table with a visibility is narrowed when a partner joins, but the screens, which
// are never open, the index, and the record of changes itself.
func TestEveryTableIsNarrowed(t *testing.T) {
	_, cb := book(t)
	rows, err := cb.Reader().QueryContext(ctx, `SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'visibility' ORDER BY m.name`)
	ok(t, err)
	defer rows.Close()
	for rows.Next() {
		var tbl string
		ok(t, rows.Scan(&tbl))
		switch tbl {
		case "safety_screen", "scope_check", "referral", "safety_step", "search_doc", "visibility_change":
			continue
		}
		if _, known := opened[tbl]; !known {
			t.Errorf("table %s has a visibility that nothing narrows when a partner joins", tbl)
		}
	}
	ok(t, rows.Err())
}

// seen are the items of a record that a reader may see, by the gate.
func seen(t testing.TB, cb *casebook.Casebook, aud clients.Audience, couple ids.ID) map[ids.ID]bool {
	out := map[ids.ID]bool{}
	for tbl, parent := range opened {
		of := "x.couple_id = ?"
		if parent == "note_id" {
			of = "x.note_id IN (SELECT id FROM note WHERE couple_id = ?)"
		}
		rows, err := cb.Reader().QueryContext(ctx, `SELECT x.id FROM `+tbl+` x WHERE `+of+` AND `+aud.Gate("x"), couple)
		ok(t, err)
		for rows.Next() {
			var id ids.ID
			ok(t, rows.Scan(&id))
			out[id] = true
		}
		ok(t, rows.Err())
		rows.Close()
	}
	return out
}

// fill puts items of any audience into a record, through nothing but SQL, as a later
// version or another copy might have written them.
func fill(t *rapid.T, tx *casebook.Tx, couple, person ids.ID) error {
	parents := map[string]ids.ID{"person_id": person, "assignment_id": ids.New(), "conversation_id": ids.New(), "enquiry_id": ids.New(), "note_id": ids.New()}
	for _, q := range []struct {
		sql string
		id  ids.ID
	}{
		{`INSERT INTO assignment (id, couple_id) VALUES (?, ?)`, parents["assignment_id"]},
		{`INSERT INTO conversation (id, couple_id, visibility) VALUES (?, ?, 'coach_only')`, parents["conversation_id"]},
		{`INSERT INTO enquiry (id, couple_id) VALUES (?, ?)`, parents["enquiry_id"]},
		{`INSERT INTO note (id, couple_id) VALUES (?, ?)`, parents["note_id"]},
	} {
		if _, err := tx.Exec(q.sql, q.id, couple); err != nil {
			return err
		}
	}
	for tbl, parent := range opened {
		for range rapid.IntRange(0, 3).Draw(t, tbl) {
			id := ids.New()
			cols, vals := []string{"id"}, []any{id}
			if parent != "" {
				cols, vals = append(cols, parent), append(vals, parents[parent])
			}
			if parent != "note_id" {
				cols, vals = append(cols, "couple_id"), append(vals, couple)
			}
			subject := rapid.SampledFrom([]string{"A", "B", "both", "third_party", "?"}).Draw(t, "subject")
			cols = append(cols, "subject", "visibility", "sensitivity")
			vals = append(vals, subject, rapid.SampledFrom([]string{"coach_only", "partner_A", "partner_B", "joint", "?"}).Draw(t, "visibility"),
				rapid.SampledFrom([]string{"normal", "sensitive", "safety", "?"}).Draw(t, "sensitivity"))
			marks := strings.TrimSuffix(strings.Repeat("?, ", len(cols)), ", ")
			if _, err := tx.Exec(fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, tbl, strings.Join(cols, ", "), marks), vals...); err != nil {
				return err
			}
			if rapid.Bool().Draw(t, "released") {
				if _, err := clients.InsertRelease(tx, clients.Release{CoupleID: couple, Partner: clients.SlotA, ItemID: id}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Whatever is in a single client's record, nobody sees more of it once a partner has
// joined, and the partner sees nothing of it at all (rule PV-19).
func TestPV19NothingWidensWhenAPartnerJoins(t *testing.T) {
	s, cb := book(t)
	readers := []clients.Audience{us, asA, asB, nobody}
	rapid.Check(t, func(rt *rapid.T) {
		id := must[ids.ID](t)(s.CreateCouple(ctx, clients.NewCouple{A: named("Mateus", "Oliveira")}))
		a := must[clients.Couple](t)(s.Couple(ctx, coach, id)).A
		ok(t, cb.Write(ctx, "test", func(tx *casebook.Tx) error { return fill(rt, tx, id, a) }))
		before := map[clients.Audience]map[ids.ID]bool{}
		for _, aud := range readers {
			before[aud] = seen(t, cb, aud, id)
		}
		ok(t, s.JoinPartner(ctx, id, named("Ana", "Reis")))
		for _, aud := range readers {
			for item := range seen(t, cb, aud, id) {
				if !before[aud][item] {
					rt.Errorf("%q sees more than before", aud.Reader())
				}
				if aud == asB || aud == us {
					rt.Errorf("%q sees something from before the partner joined", aud.Reader())
				}
			}
		}
	})
}

func TestJoin(t *testing.T) {
	s, cb := book(t)
	id := must[ids.ID](t)(s.CreateCouple(ctx, clients.NewCouple{A: named("Renske", "de Graaf")}))
	_, err := s.Header(ctx, asB, id, casebooktest.Start)
	wantKind(t, err, fault.NotFound)
	exec(t, cb, `INSERT INTO letter (id, couple_id, visibility, body) VALUES (?, ?, 'joint', 'x')`, ids.New(), id)
	wantKind(t, s.JoinPartner(ctx, id, &clients.Person{ID: ids.New()}), fault.NotFound)
	same := must[clients.Couple](t)(s.Couple(ctx, coach, id)).A
	wantKind(t, s.JoinPartner(ctx, id, &clients.Person{ID: same}), fault.BadInput)
	if n := number(t, cb, `SELECT count(*) FROM visibility_change`); n != 0 {
		t.Errorf("%d changes of a joining that was refused", n)
	}
	ok(t, s.JoinPartner(ctx, id, named("Ivonne", "Salcedo")))
	h := must[clients.Header](t)(s.Header(ctx, asB, id, casebooktest.Start))
	if h.Kind != clients.KindCouple || h.Title != "Renske de Graaf & Ivonne Salcedo" || h.Partner(clients.SlotB).Short != "Ivonne" {
		t.Errorf("%+v", h)
	}
	if n := number(t, cb, `SELECT count(*) FROM visibility_change WHERE was = 'joint' AND visibility = 'partner_A'`); n != 1 {
		t.Errorf("%d changes on record, want 1", n)
	}
	wantKind(t, s.JoinPartner(ctx, id, named("C", "C")), fault.Refused)
}

// Every audience of every item is planted with a word of its own; each reader gets
// exactly theirs from every method, counts included (rules PV-02, PV-06).
func TestPlantedTokens(t *testing.T) {
	s, cb := book(t)
	id, a, b := couple(t, s, named("Priya", "Raman"), named("Thomas", "Whitlow"))
	contact := "tokencontact"
	ok(t, s.UpdatePerson(ctx, b, func(p *clients.Person) error {
		p.Email, p.Phone, p.Safe.Note, p.Safe.When = contact+"@example.org", contact, contact, contact
		return nil
	}))
	ok(t, s.SetTags(ctx, id, []string{"tokentag"}))
	must[ids.ID](t)(s.RecordScreen(ctx, clients.Screen{CoupleID: id, PersonID: b, Outcome: clients.ScreenClear, HeldOn: today, Body: "tokenscreen", Reason: "tokenscreen"}))
	ok(t, s.OverrideJoint(ctx, id, "tokenoverride", ""))
	for _, p := range []struct {
		id    ids.ID
		token string
	}{{a, "tokensigneda"}, {b, "tokensignedb"}} {
		must[ids.ID](t)(s.Sign(ctx, clients.Signature{CoupleID: id, PersonID: p.id, Purpose: clients.PurposeRecords, TextVersion: p.token, Language: "en", Way: "on paper", SignedOn: today}))
	}
	type key struct{ vis, sens string }
	var keys []key
	for _, v := range []string{"coach_only", "partner_A", "partner_B", "joint"} {
		for _, n := range []string{"normal", "sensitive", "safety"} {
			keys = append(keys, key{v, n})
		}
	}
	token := func(k key) string { return "token" + k.vis + k.sens }
	for _, k := range keys {
		exec(t, cb, `INSERT INTO session (id, couple_id, starts_at, zone, subject, visibility, sensitivity) VALUES (?, ?, ?, ?, 'A', ?, ?)`, ids.New(), id, casebooktest.Start.UnixMilli()-1, token(k), k.vis, k.sens)
		exec(t, cb, `INSERT INTO assignment (id, couple_id, cue, subject, visibility, sensitivity) VALUES (?, ?, ?, 'A', ?, ?)`, ids.New(), id, token(k), k.vis, k.sens)
		exec(t, cb, `INSERT INTO couple_agreement (id, couple_id, body, subject, visibility, sensitivity) VALUES (?, ?, ?, 'A', ?, ?)`, ids.New(), id, token(k), k.vis, k.sens)
		exec(t, cb, `INSERT INTO administration (id, couple_id, person_id, instrument, zone, locked_at, subject, visibility, sensitivity) VALUES (?, ?, ?, ?, 'z', 1, 'A', ?, ?)`, ids.New(), id, a, token(k), k.vis, k.sens)
	}
	allowed := map[clients.Audience][]string{
		coach: {"coach_only", "partner_A", "partner_B", "joint"}, us: {"joint"}, asA: {"partner_A", "joint"}, asB: {"partner_B", "joint"}, nobody: nil,
	}
	for aud, open := range allowed {
		o, err := s.Overview(ctx, aud, id, casebooktest.Start)
		if aud == nobody {
			wantKind(t, err, fault.NotFound)
		} else {
			ok(t, err)
		}
		h, _ := s.Header(ctx, aud, id, casebooktest.Start)
		p, _ := s.Person(ctx, aud, b)
		c, _ := s.Couple(ctx, aud, id)
		var all strings.Builder
		fmt.Fprintf(&all, "%+v %+v %+v %+v", o, h, p, c)
		for _, read := range []func() (any, error){
			func() (any, error) { return s.Signatures(ctx, aud, id) },
			func() (any, error) { return s.Releases(ctx, aud, id) },
			func() (any, error) { return s.Screens(ctx, aud, id) },
			func() (any, error) { return s.Overrides(ctx, aud, id) },
			func() (any, error) { return s.Engagements(ctx, aud, id) },
			func() (any, error) { return s.List(ctx, aud, clients.Filter{}) },
			func() (any, error) { return s.Counts(ctx, aud) },
			func() (any, error) { return s.Tags(ctx, aud) },
			func() (any, error) { return s.People(ctx, aud, "", 99) },
			func() (any, error) {
				return s.Namesakes(ctx, aud, clients.Name{Given: "Priya", Family: "Raman"}, ids.Nil)
			},
		} {
			v, err := read()
			ok(t, err)
			fmt.Fprintf(&all, " %+v", v)
		}
		n := 0
		for _, k := range keys {
			may := aud == coach
			for _, v := range open {
				may = may || v == k.vis && k.sens != "safety"
			}
			if may {
				n++
			}
			want := 0
			if may {
				want = 1
			}
			for list, got := range map[string]int{
				"agreements": countIn(o.Agreements, token(k)), "practices": countIn(o.Practices, token(k)), "quizzes": countIn(o.Quizzes, token(k)), "sessions": countIn(o.Sessions, token(k)),
			} {
				// The coach's lists are cut; nobody else's reaches that length here.
				if aud != coach && got != want || aud == coach && got > want {
					t.Errorf("%q: %s of %s: %d, want %d", aud.Reader(), list, token(k), got, want)
				}
			}
		}
		if aud != nobody && (h.Sessions != n || h.Practices != n || o.Header.Sessions != n || o.Header.Practices != n || len(o.Practices) != n || len(o.Quizzes) != n) {
			t.Errorf("%q counts %d sessions, %d practices, %d quizzes; want %d", aud.Reader(), h.Sessions, h.Practices, len(o.Quizzes), n)
		}
		for tok, may := range map[string]bool{
			contact: aud == coach, "tokentag": aud == coach, "tokenscreen": aud == coach, "tokenoverride": aud == coach, clients.FirstStage: aud == coach,
			"tokensigneda": aud == coach || aud == asA, "tokensignedb": aud == coach || aud == asB, "Priya": aud != nobody,
		} {
			if got := strings.Contains(all.String(), tok); got != may {
				t.Errorf("%q: %q shows %v, want %v", aud.Reader(), tok, got, may)
			}
		}
	}
}

// countIn is how many elements of a list hold a token.
func countIn[T any](l []T, token string) int {
	n := 0
	for _, v := range l {
		for _, w := range strings.FieldsFunc(fmt.Sprintf("%+v", v), func(r rune) bool { return r == ' ' || r == ':' || r == '{' || r == '}' }) {
			if w == token {
				n++
			}
		}
	}
	return n
}
