package large

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// maxField is how many characters one field of a note holds.
const maxField = 20_000

const zone = "Europe/Amsterdam"

// shapes is what the program ships, as far as the story uses it.
type shapes struct {
	practices []*practices.Practice
	quizzes   []*quizzes.Definition
	joint     sessions.Template
	alone     sessions.Template
	brief     sessions.Template
}

func readShapes() (s shapes, err error) {
	all, err := practices.All()
	if err != nil {
		return s, err
	}
	for _, p := range all {
		if p.Level == practices.Starter {
			s.practices = append(s.practices, p)
		}
	}
	for _, d := range quizzes.Shipped() {
		if slices.Contains([]string{"icp-18", "pulse", "csi-16", "ras"}, d.ID) {
			s.quizzes = append(s.quizzes, d)
		}
	}
	for _, t := range []struct {
		id string
		to *sessions.Template
	}{{"couple-session", &s.joint}, {"individual-contact", &s.alone}, {"brief-contact", &s.brief}} {
		if *t.to, err = sessions.TemplateByID(t.id); err != nil {
			return s, err
		}
	}
	return s, nil
}

// writer keeps the statements of one transaction and what must be written in the next.
type writer struct {
	tx    *casebook.Tx
	stmts map[string]*sql.Stmt
	left  []*record
}

func (w *writer) reset() { w.stmts = map[string]*sql.Stmt{} }

func (w *writer) later(c *record) { w.left = append(w.left, c) }

func (w *writer) exec(query string, args ...any) error {
	st := w.stmts[query]
	if st == nil {
		var err error
		if st, err = w.tx.Prepare(query); err != nil {
			return err
		}
		w.stmts[query] = st
	}
	_, err := st.ExecContext(w.tx.Context(), args...)
	return err
}

// insert writes one row; columns are those after the id.
func (w *writer) insert(table, columns string, id ids.ID, at time.Time, values ...any) error {
	query := `INSERT INTO ` + table + ` (id, created_at, ` + columns + `) VALUES (?, ?` + strings.Repeat(`, ?`, len(values)) + `)`
	return w.exec(query, append([]any{id, at.UnixMilli()}, values...)...)
}

// arrive begins a new record with all that coaching together asks for.
func (f *filler) arrive(tx *casebook.Tx, w int) error {
	c := &record{single: f.r.IntN(12) == 0, ends: w + 16 + f.r.IntN(33), coach: f.coaches[f.r.IntN(len(f.coaches))], screened: f.now}
	person := func() *clients.Person {
		p := &clients.Person{Name: clients.Name{Given: givenNames[f.r.IntN(len(givenNames))], Family: familyName(f.r)}, Language: "en", Zone: zone, BirthYear: f.now.Year() - 24 - f.r.IntN(40)}
		p.Email = strings.ToLower(fmt.Sprintf("%s.%d@example.org", p.Given, f.have.Couples))
		p.Phone = fmt.Sprintf("+44 7700 900%03d", f.r.IntN(1000))
		return p
	}
	a := person()
	n := clients.NewCouple{A: a, Stage: string(intake.StageActive), StageAt: f.now, Engagement: &clients.Engagement{StartedOn: day.Of(f.now), Coaches: []ids.ID{c.coach}, Intent: "grow"}}
	var b *clients.Person
	if !c.single {
		b = person()
		n.B = b
	}
	var err error
	if c.id, err = clients.InsertCouple(tx, n); err != nil {
		return err
	}
	if err := tx.QueryRow(`SELECT id FROM engagement WHERE couple_id = ?`, c.id).Scan(&c.engagement); err != nil {
		return err
	}
	if err := clients.InsertStage(tx, ids.Nil, c.id, string(intake.StageActive), ""); err != nil {
		return err
	}
	c.a = a.ID
	people := []ids.ID{c.a}
	if b != nil {
		c.b = b.ID
		people = append(people, c.b)
	}
	for _, p := range people {
		for _, purpose := range []string{clients.PurposeAgreement, clients.PurposeRecords} {
			if err := f.rows.insert("signature", "couple_id, person_id, purpose, state, text_version, language, signed_on, way", f.id(f.now), f.now,
				c.id, p, purpose, clients.StateGiven, "1", "en", day.Of(f.now), "on paper"); err != nil {
				return err
			}
		}
	}
	if err := f.screen(tx, c); err != nil {
		return err
	}
	for range 2 + f.r.IntN(4) {
		if err := f.assign(c); err != nil {
			return err
		}
	}
	f.have.Couples++
	f.active = append(f.active, c)
	return nil
}

// screen holds the talk with each partner alone; it counts for six months.
func (f *filler) screen(tx *casebook.Tx, c *record) error {
	for _, p := range []ids.ID{c.a, c.b} {
		if p.IsZero() {
			continue
		}
		if _, err := clients.InsertScreen(tx, clients.Screen{CoupleID: c.id, PersonID: p, Outcome: clients.ScreenClear, HeldOn: day.Of(f.now)}); err != nil {
			return err
		}
	}
	c.screened = f.now
	return nil
}

func (f *filler) assign(c *record) error {
	n := f.r.IntN(len(f.shapes.practices))
	p := f.shapes.practices[n]
	target := practices.ToBoth
	if c.single {
		target = practices.ToA
	}
	cadence, err := json.Marshal(p.Cadence)
	if err != nil {
		return err
	}
	id, x := f.id(f.now), target.DefaultAccess()
	c.assignments = append(c.assignments, assigned{id, n})
	return f.rows.insert("assignment", "couple_id, practice, practice_version, target, cue, size, cadence, times, starts_on, state, subject, visibility, sensitivity", id, f.now,
		c.id, p.ID, p.Version, target, f.words.text(f.r, 6), f.words.text(f.r, 5), string(cadence), p.Cadence.Times, day.Of(f.now), practices.Active, x.Subject, x.Visibility, x.Sensitivity)
}

// slot is one of the partners, by chance.
func (f *filler) slot(c *record) (clients.Slot, ids.ID) {
	if c.single || f.r.IntN(2) == 0 {
		return clients.SlotA, c.a
	}
	return clients.SlotB, c.b
}

// session is a meeting and its note.
func (f *filler) session(tx *casebook.Tx, c *record) error {
	at := f.moment()
	if !c.single && at.Sub(c.screened) > 150*24*time.Hour {
		if err := f.screen(tx, c); err != nil {
			return err
		}
	}
	s := sessions.Session{Kind: sessions.JointSession}
	there := []ids.ID{c.a, c.b}
	if c.single || f.r.IntN(6) == 0 {
		slot, person := f.slot(c)
		s.Kind, s.Slot, there = sessions.IndividualSession, slot, []ids.ID{person}
	}
	id, x := f.id(at), s.Access()
	if err := f.rows.insert("session", "couple_id, kind, starts_at, zone, minutes, mode, state, subject, visibility, sensitivity", id, at,
		c.id, s.Kind, at.UnixMilli(), zone, 60, sessions.Video, sessions.Held, x.Subject, x.Visibility, x.Sensitivity); err != nil {
		return err
	}
	for _, p := range there {
		if err := f.rows.insert("attendance", "session_id, person_id, state", f.id(at), at, id, p, sessions.Present); err != nil {
			return err
		}
	}
	if err := f.rows.insert("attendance", "session_id, coach_id, state", f.id(at), at, id, c.coach, sessions.Present); err != nil {
		return err
	}
	t := f.shapes.joint
	if s.Kind == sessions.IndividualSession {
		t = f.shapes.alone
	}
	return f.note(c, id, t, s.Slot, at.Add(time.Hour))
}

// contact is a note between sessions.
func (f *filler) contact(_ *casebook.Tx, c *record) error {
	slot, _ := f.slot(c)
	if f.r.IntN(2) == 0 && !c.single {
		slot = ""
	}
	return f.note(c, ids.Nil, f.shapes.brief, slot, f.moment())
}

// note writes a note of some hundred words, spread over so many fields that each holds
// what is written in it.
func (f *filler) note(c *record, session ids.ID, t sessions.Template, about clients.Slot, at time.Time) error {
	if c.single {
		t = t.ForSingle()
	}
	words := noteWords(f.r)
	body := f.words.text(f.r, words)
	places := textFields(t)
	k := min(1+words/400, len(places))
	for need := len(body)/(maxField-200) + 1; k < need; k++ {
		if k == len(places) {
			t, places = f.shapes.joint, textFields(f.shapes.joint)
		}
	}
	who := string(about)
	if about == "" {
		who = "both"
	}
	id := f.id(at)
	if err := f.rows.insert("note", "couple_id, session_id, template, template_version, coach_id, about, written_at, zone", id, at,
		c.id, session, t.ID, t.Version, c.coach, who, at.UnixMilli(), zone); err != nil {
		return err
	}
	at0 := f.r.IntN(len(places))
	for i, part := range parts(body, k) {
		n := places[(at0+i)%len(places)]
		field, rev, x := f.id(at), f.id(at), t.Fields[n].Access(about)
		if err := f.rows.insert("note_rev", "note_id, field_id, body, coach_id, at", rev, at, id, field, part, c.coach, at.UnixMilli()); err != nil {
			return err
		}
		if err := f.rows.insert("note_field", "note_id, key, position, head, subject, visibility, sensitivity", field, at, id, t.Fields[n].Key, n, rev, x.Subject, x.Visibility, x.Sensitivity); err != nil {
			return err
		}
	}
	f.have.Notes++
	f.unlock = append(f.unlock, dated{id, at})
	return nil
}

// textFields are the places of the fields of a template that hold free text. The coaches of
// the generator have no passphrases of their own, so nothing is sealed to them.
func textFields(t sessions.Template) []int {
	var out []int
	for i, x := range t.Fields {
		if x.Kind == "text" && x.Sensitivity != clients.Safety && !x.Sealed && x.Key != "attendance" {
			out = append(out, i)
		}
	}
	return out
}

// parts cuts a text into k parts of about the same length, between words.
func parts(s string, k int) []string {
	var out []string
	for ; k > 1; k-- {
		at := len(s) / k
		at += strings.IndexByte(s[at:]+" ", ' ')
		out = append(out, s[:at])
		s = strings.TrimSpace(s[min(at, len(s)):])
	}
	return append(out, s)
}

// quiz is a filling-in of one quiz by one partner, locked at once.
func (f *filler) quiz(_ *casebook.Tx, c *record) error {
	at := f.moment()
	slot, person := f.slot(c)
	d := f.shapes.quizzes[f.r.IntN(len(f.shapes.quizzes))]
	answers := make([]quizzes.Answer, len(d.Items))
	for i, it := range d.Items {
		set, ok := d.ResponseSet(it.ResponseSet)
		if !ok {
			return fmt.Errorf("%s: no response set %s", d.ID, it.ResponseSet)
		}
		answers[i] = quizzes.Is(set.Min + f.r.IntN(set.Max-set.Min+1))
	}
	given, err := json.Marshal(answers)
	if err != nil {
		return err
	}
	return f.rows.insert("administration", "couple_id, person_id, instrument, version, definition_hash, taken_at, zone, mode, seconds, answers, picks, locked_at, subject, visibility, sensitivity", f.id(at), at,
		c.id, person, d.ID, d.Version, d.Hash(), at.UnixMilli(), zone, quizzes.OnScreenAlone, 60+f.r.IntN(300), string(given), "[]", at.UnixMilli(), slot.Subject(), slot.Own(), clients.Sensitive)
}

var results = []practices.Result{practices.Done, practices.Done, practices.Done, practices.Partly, practices.Tried, practices.Skipped}

// log is one use of a practice as one partner tells it.
func (f *filler) log(_ *casebook.Tx, c *record) error {
	at := f.moment()
	slot, _ := f.slot(c)
	a := c.assignments[f.r.IntN(len(c.assignments))]
	x := f.shapes.practices[a.practice].DefaultLogAccess(slot)
	noticed := ""
	if f.r.IntN(20) == 0 {
		noticed = f.words.text(f.r, 4+f.r.IntN(12))
	}
	return f.rows.insert("practice_log", "assignment_id, couple_id, partner, used_on, used_at, zone, minutes, result, helpfulness, difficulty, noticed, subject, visibility, sensitivity", f.id(at), at,
		a.id, c.id, slot, day.Of(at), at.UnixMilli(), zone, 2+f.r.IntN(40), results[f.r.IntN(len(results))], f.r.IntN(11), f.r.IntN(11), noticed, x.Subject, x.Visibility, x.Sensitivity)
}

// lockDue ends the records that were left, and locks the notes that are old enough.
func (f *filler) lockDue(tx *casebook.Tx) error {
	for _, c := range f.rows.left {
		if err := f.rows.exec(`UPDATE engagement SET ended_on = ? WHERE id = ?`, day.Of(f.now), c.engagement); err != nil {
			return err
		}
		if err := f.rows.exec(`UPDATE couple SET stage = ?, stage_at = ? WHERE id = ?`, intake.StageCompleted, f.now.UnixMilli(), c.id); err != nil {
			return err
		}
		if err := clients.InsertStage(tx, ids.Nil, c.id, string(intake.StageCompleted), ""); err != nil {
			return err
		}
		for _, a := range c.assignments {
			if err := f.rows.exec(`UPDATE assignment SET state = ?, ends_on = ? WHERE id = ?`, practices.Ended, day.Of(f.now), a.id); err != nil {
				return err
			}
		}
	}
	f.rows.left = nil
	old := f.now.AddDate(0, 0, -lockAfterDays)
	var due []ids.ID
	f.unlock = slices.DeleteFunc(f.unlock, func(n dated) bool {
		if n.at.Before(old) {
			due = append(due, n.id)
			return true
		}
		return false
	})
	_, err := sessions.LockNotes(tx, due)
	return err
}
