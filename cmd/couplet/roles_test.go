package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/searchui"
	"github.com/couplet-app/couplet/ui/uitest"
)

// account is a casebook of planted couples, opened by somebody who is not their coach.
type account struct {
	*tokens
	me          ids.ID
	pool        []ids.ID        // ids of rows of the planted couples
	judgedLater map[string]bool // readers who may find something
	onlyReads   bool
	place       map[string]string // reader and token: where it was found first
}

const herPassphrase = "nine herons beside the winter canal"

// signIn plants two couples of the owner, and opens the casebook as a colleague with a role.
// The colleague has a couple of their own, so that there is something to find.
func signIn(t *testing.T, role clients.Role, before func(p *tokens, me ids.ID)) *account {
	t.Helper()
	ctx, p := context.Background(), plant(t)
	cb := p.s.book
	p.rowOf(ctx, "engagement_coach")
	me := casebooktest.AddCoach(t, cb, "Mara Holt")
	if role != clients.RoleCoach {
		if err := p.s.clients.SetRole(ctx, me, role); err != nil {
			t.Fatal(err)
		}
	}
	own, err := p.s.clients.CreateCouple(ctx, clients.NewCouple{
		A: &clients.Person{Name: clients.Name{Given: "Ownlight", Family: "Rivers"}}, B: &clients.Person{Name: clients.Name{Given: "Theo"}}, Engagement: &clients.Engagement{StartedOn: "2026-01-01", Coaches: []ids.ID{me}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_ = own
	if before != nil {
		before(p, me)
	}
	a := &account{tokens: p, me: me, pool: p.pool(ctx), judgedLater: map[string]bool{}}
	a.reopen(herPassphrase)
	return a
}

// rowOf makes the owner the coach of the planted engagements.
func (p *tokens) rowOf(ctx context.Context, _ string) {
	p.t.Helper()
	if err := p.s.book.Write(ctx, "tokens.coach", func(tx *casebook.Tx) error {
		all, err := casebook.Collect(ctx, tx, casebook.Value[ids.ID], `SELECT id FROM engagement`)
		for _, e := range all {
			if _, err := tx.Exec(`INSERT INTO engagement_coach (id, engagement_id, coach_id, created_at) VALUES (?, ?, ?, 1)`, ids.New(), e, tx.Coach); err != nil {
				return err
			}
		}
		return err
	}); err != nil {
		p.t.Fatal(err)
	}
}

// reopen opens the casebook with another passphrase, and the pages over it anew.
func (p *tokens) reopen(passphrase string) {
	p.t.Helper()
	ctx, old := context.Background(), p.s.book
	if err := old.Close(); err != nil {
		p.t.Fatal(err)
	}
	cb, err := casebook.Open(ctx, old.Path(), vault.Secret{Passphrase: passphrase}, casebook.Options{Now: p.a.Env.Now})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { cb.Close() })
	w := newWorkspace(cb, "Planted", cb.Path())
	p.s, p.views = w.stores, map[string]kit.View{}
	var shell *ui.Shell
	for _, page := range pages(shell, w, p.a.Env) {
		if page.ID != pageSettings {
			p.views[page.ID] = page.Build()
		}
	}
}

// pool are ids of rows of every kind of the planted couples.
func (p *tokens) pool(ctx context.Context) []ids.ID {
	p.t.Helper()
	out := []ids.ID{p.Couple, p.Other, p.A, p.B}
	tables, err := casebook.Collect(ctx, p.s.book.Whole(), casebook.Value[string], `SELECT tbl FROM schema_rule WHERE col = '*' AND audience NOT IN ('none', 'key') ORDER BY num`)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, t := range tables {
		some, err := casebook.Collect(ctx, p.s.book.Whole(), casebook.Value[ids.ID], `SELECT id FROM `+t+` WHERE deleted = 0 LIMIT 2`)
		if err != nil {
			p.t.Fatal(err)
		}
		out = append(out, some...)
	}
	return out
}

// places opens every page and every tab of the planted records.
func (a *account) places(reader string) {
	a.t.Helper()
	a.a.Window.Resize(tall)
	for page, v := range a.views {
		a.a.Window.SetContent(v)
		a.look(reader, page, kit.Route{Page: page})
		for _, couple := range []ids.ID{a.Couple, a.Other} {
			for _, tab := range []string{"overview", "people", "sessions", "quizzes", "practices", "reports"} {
				a.look(reader, page, kit.Route{Page: page, ID: couple.String(), Tab: tab, Lens: kit.LensCoach})
			}
		}
		for _, lens := range lenses {
			rep, err := a.s.reports.Build(context.Background(), reports.Request{Couple: a.Couple, Reader: clients.Reader(lens), Date: day.Day(a.a.Env.Today())})
			if err == nil {
				a.read(reader, "report", rep.FileName())
				rep.Document.Walk(func(place, text string) { a.read(reader, "report, "+place, place+" "+text) })
			}
		}
		for _, id := range slices.Concat(a.Sessions[:1], a.Notes[:2]) {
			a.look(reader, page, kit.Route{Page: page, ID: a.Couple.String(), Tab: "sessions", Lens: kit.LensCoach, Item: id.String()})
		}
	}
}

// read is tokens.read; who may find something is judged by only.
func (a *account) read(reader, place, text string) {
	a.t.Helper()
	if !a.judgedLater[reader] {
		a.tokens.read(reader, place, text)
		return
	}
	if a.found[reader] == nil {
		a.found[reader] = map[string]bool{}
	}
	for k := range a.Check("coach", place, text) {
		if a.found[reader][k] = true; a.place == nil {
			a.place = map[string]string{}
		}
		if a.place[reader+k] == "" {
			a.place[reader+k] = place
		}
	}
}

// searches asks for every planted text at once, everywhere and in one record: who is shown
// nothing is told of no hit, and nobody of more hits than they are shown.
func (a *account) searches(reader string, nothing bool) {
	a.t.Helper()
	for _, lens := range lenses {
		for _, record := range []string{"", a.Couple.String()} {
			got, err := a.s.Search(context.Background(), searchui.Query{Words: casebooktest.Lantern, Lens: lens, Record: record, Limit: 100_000})
			if err != nil {
				a.t.Fatal(err)
			}
			if got.Total != len(got.Hits) || nothing && got.Total != 0 {
				a.t.Errorf("%s, as %s in %q, is told of %d hits and shown %d", reader, lens, record, got.Total, len(got.Hits))
			}
			for _, h := range got.Hits {
				a.read(reader, "search", fmt.Sprintf("%+v", h))
			}
		}
	}
	if found, err := a.s.Find(context.Background(), casebooktest.Lantern, 1000); err != nil || nothing && len(found) != 0 {
		a.t.Errorf("the palette offers %d (%v)", len(found), err)
	}
}

func (a *account) look(reader, page string, r kit.Route) {
	a.t.Helper()
	v := a.views[page]
	v.Open(r)
	a.read(reader, r.String(), strings.Join(uitest.Texts(v), "\n"))
}

// opening are methods that open what they are asked for, knowingly: tests of their own ask them.
var opening = []string{"*clients.Store.BreakGlass"}

// asks calls every exported method of every store with every id of the pool, and reads what
// comes back: results, what a change is given to change, and errors.
func (a *account) asks(reader string) (methods int) {
	a.t.Helper()
	ctx := context.Background()
	for _, store := range []any{a.s, a.s.clients, a.s.intake, a.s.sessions, a.s.quizzes, a.s.practices, a.s.reports, a.s.changes, a.s.traces, a.s.rights} {
		v := reflect.ValueOf(store)
		for i := range v.NumMethod() {
			m, name := v.Method(i), fmt.Sprintf("%T.%s", store, v.Type().Method(i).Name)
			if m.Type().NumIn() == 0 || m.Type().In(0) != reflect.TypeFor[context.Context]() || slices.Contains(opening, name) || a.onlyReads && !takesAudience(m.Type()) {
				continue
			}
			methods++
			for _, id := range a.pool {
				args, heard, byID := a.arguments(ctx, m.Type(), id)
				var out []reflect.Value
				if m.Type().IsVariadic() {
					out = m.CallSlice(args)
				} else {
					out = m.Call(args)
				}
				told := heard.String()
				for _, o := range out {
					if err, is := o.Interface().(error); is {
						if fault.Is(err, fault.Damaged) || fault.Is(err, fault.System) || strings.Contains(fmt.Sprintf("%+v", errors.Unwrap(err)), "no such") {
							a.t.Errorf("%s: %v", name, err)
						}
						told += err.Error()
						continue
					}
					b, err := json.Marshal(o.Interface())
					if err != nil {
						b = []byte(fmt.Sprintf("%+v", o.Interface()))
					}
					told += string(b)
				}
				a.read(reader, name, told)
				if !byID {
					break // no id among its arguments: once is enough
				}
			}
		}
	}
	return methods
}

// takesAudience says whether a method shows something to somebody.
func takesAudience(of reflect.Type) bool {
	for i := range of.NumIn() {
		if t := of.In(i); t == audType || t.Kind() == reflect.Interface && t.NumMethod() > 0 && audType.Implements(t) {
			return true
		}
	}
	return false
}

var (
	idType   = reflect.TypeFor[ids.ID]()
	timeType = reflect.TypeFor[time.Time]()
	audType  = reflect.TypeFor[clients.Audience]()
)

// arguments are values for the parameters of a method, all ids the same one; heard gets what
// a callback is told.
func (a *account) arguments(ctx context.Context, of reflect.Type, id ids.ID) (args []reflect.Value, heard *bytes.Buffer, byID bool) {
	heard = new(bytes.Buffer)
	for i := range of.NumIn() {
		t := of.In(i)
		var v reflect.Value
		switch {
		case i == 0:
			v = reflect.ValueOf(&ctx).Elem()
		case t == audType || t.Kind() == reflect.Interface && audType.Implements(t):
			v = reflect.ValueOf(a.s.audience(kit.LensCoach))
		case t.Kind() == reflect.Func:
			v = reflect.MakeFunc(t, func(in []reflect.Value) []reflect.Value {
				for _, x := range in {
					if b, err := json.Marshal(x.Interface()); err == nil {
						heard.Write(b)
					}
				}
				out := make([]reflect.Value, t.NumOut())
				for i := range out {
					out[i] = reflect.Zero(t.Out(i))
				}
				return out
			})
		default:
			v = reflect.New(t).Elem()
			byID = a.fill(v, id, 0) || byID
		}
		args = append(args, v)
	}
	return args, heard, byID
}

// fill puts the id wherever an id belongs, and plain values elsewhere.
func (a *account) fill(v reflect.Value, id ids.ID, depth int) (byID bool) {
	switch {
	case v.Type() == idType:
		v.Set(reflect.ValueOf(id))
		return true
	case v.Type() == timeType:
		v.Set(reflect.ValueOf(a.a.Env.Now()))
		return false
	case v.Type() == reflect.TypeFor[day.Day]():
		v.SetString(a.a.Env.Today())
		return false
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(map[bool]string{true: casebooktest.Lantern, false: ""}[v.Type() == reflect.TypeFor[string]()])
		if v.Type() == reflect.TypeFor[clients.Slot]() {
			v.SetString("A")
		}
	case reflect.Int, reflect.Int64:
		v.SetInt(1000)
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() && depth < 2 {
				byID = a.fill(f, id, depth+1) || byID
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		byID = a.fill(v.Index(0), id, depth+1)
	case reflect.Pointer:
		if v.Type().Elem().Kind() == reflect.Struct {
			v.Set(reflect.New(v.Type().Elem()))
			byID = a.fill(v.Elem(), id, depth+1)
		}
	}
	return byID
}

// state is all that the tables of clients hold of the planted couples, for comparing.
func (a *account) state() map[string]string {
	a.t.Helper()
	ctx, out := context.Background(), map[string]string{}
	tables, err := casebook.Collect(ctx, a.s.book.Whole(), casebook.Value[string], `SELECT tbl FROM schema_rule WHERE col = '*' ORDER BY num`)
	if err != nil {
		a.t.Fatal(err)
	}
	for _, t := range append(tables, "draft") {
		var b strings.Builder
		if err := a.s.book.Scan(ctx, `SELECT * FROM `+t+` ORDER BY 1, 2`, func(row []any) error {
			_, err := fmt.Fprintf(&b, "%v\n", row)
			return err
		}); err != nil {
			a.t.Fatal(err)
		}
		out[t] = b.String()
	}
	return out
}

// unchanged holds the tables to what they held before. Traces of what was read are left.
func (a *account) unchanged(before map[string]string) {
	a.t.Helper()
	now := a.state()
	for table := range before {
		if before[table] != now[table] && table != "trace" && table != "export_made" {
			a.t.Errorf("%s was changed", table)
		}
	}
}

// nothing holds that no token at all was found.
func (a *account) nothing(reader string) {
	a.t.Helper()
	if n := len(a.found[reader]); n > 0 {
		a.t.Errorf("%s is shown %d tokens: %v", reader, n, slices.Sorted(maps.Keys(a.found[reader]))[:min(n, 5)])
	}
}

func TestPV22ACoachReachesOwnCouplesAlone(t *testing.T) {
	a := signIn(t, clients.RoleCoach, nil)
	list, err := a.s.clients.List(context.Background(), a.s.audience(kit.LensCoach), clients.Filter{Now: a.a.Env.Now()})
	if err != nil || len(list.Rows) != 1 || list.Rows[0].Title != "Ownlight Rivers & Theo" || list.Total != 1 {
		t.Fatalf("%v %v", list, err)
	}
	before := a.state()
	if n := a.asks("closed"); n < 100 {
		t.Errorf("only %d methods were asked", n)
	}
	a.places("closed")
	a.searches("closed", true)
	a.nothing("closed")
	for table, was := range before {
		now := a.state()[table]
		for row := range strings.Lines(was) {
			if !strings.Contains(now, row) {
				t.Errorf("a row of %s was changed: %s", table, row)
			}
		}
	}
}

// lend lets the colleague see the first of the planted couples.
func (p *tokens) lend(me ids.ID, kind clients.LendKind, until day.Day, veiled, safety bool) {
	p.t.Helper()
	if err := p.s.clients.Lend(context.Background(), clients.Lending{CoupleID: p.Couple, CoachID: me, Kind: kind, From: day.Day(p.a.Env.Today()), Until: until, Veiled: veiled, Safety: safety}); err != nil {
		p.t.Fatal(err)
	}
}

// only holds what was found to the tokens for which may is true, and wants some of each table.
func (a *account) only(reader string, may func(k casebooktest.Token) bool, tables ...string) {
	a.t.Helper()
	seen := map[string]bool{}
	for _, k := range a.Tokens {
		if !a.found[reader][k.Text] {
			continue
		}
		if seen[strings.Split(k.Where, ".")[0]] = true; !may(k) {
			a.t.Errorf("%s is shown %s of %s (%s) by %s", reader, k.Text, k.Where, k.Case, a.place[reader+k.Text])
		}
	}
	for _, t := range tables {
		if !seen[t] {
			a.t.Errorf("%s is shown nothing of %s", reader, t)
		}
	}
}

// ofOther says whether a token is of the second planted couple alone.
func ofOther(k casebooktest.Token) bool {
	return k.Case == "of another couple" || k.Case == "not a couple yet" || strings.HasPrefix(k.Case, "of another couple")
}

func TestPV22AHandOverOpensOneCoupleAndEndsByItself(t *testing.T) {
	var until day.Day
	a := signIn(t, clients.RoleCoach, func(p *tokens, me ids.ID) {
		until = day.Day(p.a.Env.Today()).Add(3)
		p.lend(me, clients.HandOver, until, false, false)
	})
	a.coachMayRead("during")
	a.asksReading("during")
	a.only("during", func(k casebooktest.Token) bool { return !ofOther(k) }, "person", "note_rev", "letter", "session", "safety_screen")
	st, err := a.s.clients.Standing(context.Background(), a.s.audience(kit.LensCoach), a.Couple)
	if err != nil || st.Lent == nil || st.Lent.Until != until || st.Broken {
		t.Fatalf("%+v %v", st, err)
	}
	// Whom it was lent to does not pass it on.
	err = a.s.clients.Lend(context.Background(), clients.Lending{CoupleID: a.Couple, CoachID: a.coachNamed("Test coach"), Kind: clients.HandOver, From: until, Until: until})
	if !fault.Is(err, fault.Refused) {
		t.Errorf("passed on: %v", err)
	}
	if _, err := a.s.clients.CreateEngagement(context.Background(), clients.Engagement{CoupleID: a.Couple, StartedOn: "2026-11-22", Coaches: []ids.ID{a.me}}); !fault.Is(err, fault.Refused) {
		t.Errorf("made it their own: %v", err)
	}
	a.a.Clock.Jump(4 * 24 * time.Hour)
	a.asks("after")
	a.nothing("after")
}

func TestPV22GlassIsBrokenWithAReasonAndATraceAndHealsAtTheLock(t *testing.T) {
	ctx := context.Background()
	a := signIn(t, clients.RoleCoach, nil)
	if is, err := a.s.clients.Closed(ctx, a.Couple); err != nil || !is {
		t.Fatalf("closed: %v %v", is, err)
	}
	if err := a.s.clients.BreakGlass(ctx, a.Couple, " "); !fault.Is(err, fault.BadInput) {
		t.Fatalf("without a reason: %v", err)
	}
	if err := a.s.clients.BreakGlass(ctx, a.Couple, "An urgent call from her"); err != nil {
		t.Fatal(err)
	}
	a.coachMayRead("open")
	a.asksReading("open")
	a.only("open", func(k casebooktest.Token) bool { return !ofOther(k) }, "person", "note_rev", "letter", "session")
	if st, err := a.s.clients.Standing(ctx, a.s.audience(kit.LensCoach), a.Couple); err != nil || !st.Broken {
		t.Fatalf("%+v %v", st, err)
	}
	a.reopen(herPassphrase)
	a.asks("locked")
	a.nothing("locked")
	a.reopen(passphrase)
	seen, err := a.s.clients.Openings(ctx, a.s.audience(kit.LensCoach), a.a.Env.Now().Add(-time.Hour))
	if err != nil || len(seen) != 1 || seen[0].Coach != "Mara Holt" || seen[0].Reason != "An urgent call from her" || seen[0].CoupleID != a.Couple {
		t.Fatalf("the owner is told %+v %v", seen, err)
	}
}

func TestPV22ASupervisorReadsWhatWasGivenAndWritesNothing(t *testing.T) {
	a := signIn(t, clients.RoleSupervisor, func(p *tokens, me ids.ID) { p.lend(me, clients.Supervision, "", false, false) })
	before := a.state()
	a.coachMayRead("supervisor")
	a.asks("supervisor")
	a.places("supervisor")
	a.searches("supervisor", false)
	a.only("supervisor", func(k casebooktest.Token) bool { return !ofOther(k) && forSupervisor(k, false) }, "person", "note_rev", "letter", "session", "assignment")
	a.unchanged(before)
}

func TestPV22TheNamedSupervisorSeesWhatConcernsSafety(t *testing.T) {
	a := signIn(t, clients.RoleSupervisor, func(p *tokens, me ids.ID) { p.lend(me, clients.Supervision, "", false, true) })
	a.coachMayRead("named")
	a.asksReading("named")
	a.only("named", func(k casebooktest.Token) bool { return !ofOther(k) && forSupervisor(k, true) }, "safety_screen", "note_rev")
}

// forSupervisor says whether a token of a record given for supervision may be shown.
func forSupervisor(k casebooktest.Token, named bool) bool {
	table, column, _ := strings.Cut(k.Where, ".")
	switch {
	case table == "person":
		return !slices.Contains([]string{"email", "phone", "safe_channel", "safe_when", "safe_message", "safe_note", "safe_shared", "birth_year"}, column)
	case table == "safety_screen" || table == "joint_override" || table == "disclosure_plan":
		return named
	case slices.Contains([]string{"enquiry", "lost", "glass", "draft", "trace", "export_made"}, table):
		return false
	}
	return named || !strings.Contains(k.Case, "safety") && !strings.Contains(k.Case, "unheard_of") && !strings.Contains(k.Case, "unknown sensitivity")
}

func TestPV22ASupervisorBehindTheVeilFindsNoName(t *testing.T) {
	names := map[string]bool{}
	a := signIn(t, clients.RoleSupervisor, func(p *tokens, me ids.ID) {
		p.lend(me, clients.Supervision, "", true, false)
		var words []string
		for _, k := range p.Tokens {
			switch k.Where {
			case "person.given_name", "person.family_name", "person.latin_name", "person.say_name":
				if ofOther(k) {
					continue
				}
				names[k.Text] = true
				words = append(words, strings.ToUpper(k.Text)+"s") // as somebody writes it
			}
		}
		p.writeNames(strings.Join(words, ", "))
	})
	a.coachMayRead("veiled")
	a.asks("veiled")
	a.places("veiled")
	a.searches("veiled", false)
	for name := range names {
		for _, words := range []string{name, name[:5], name + "s"} {
			got, err := a.s.Search(context.Background(), searchui.Query{Words: words, Lens: kit.LensCoach, Limit: 1000})
			if err != nil || got.Total != 0 || len(got.Hits) != 0 {
				t.Errorf("searching %q finds %d (%v)", words, got.Total, err)
			}
		}
	}
	a.only("veiled", func(k casebooktest.Token) bool { return !ofOther(k) && forSupervisor(k, false) && !names[k.Text] }, "note_rev", "letter", "session", "assignment")
	h, err := a.s.clients.Header(context.Background(), a.s.audience(kit.LensCoach), a.Couple, a.a.Env.Now())
	if err != nil || h.Title == "" || strings.Contains(h.Title, "lantern") {
		t.Fatalf("%q %v", h.Title, err)
	}
	was := h.Title
	a.reopen(herPassphrase)
	if h, err = a.s.clients.Header(context.Background(), a.s.audience(kit.LensCoach), a.Couple, a.a.Env.Now()); err != nil || h.Title != was {
		t.Errorf("the pseudonyms changed from %q to %q (%v)", was, h.Title, err)
	}
}

// writeNames puts words into texts of the first couple where somebody writes freely.
func (p *tokens) writeNames(words string) {
	p.t.Helper()
	if err := p.s.book.Write(context.Background(), "tokens.names", func(tx *casebook.Tx) error {
		for _, c := range []string{"couple_agreement.body", "letter.body", "practice_log.noticed", "practice_log.next_change", "conversation.topic", "conversation_answer.value", "assignment.cue", "session.place", "discovery_call.reason"} {
			table, column, _ := strings.Cut(c, ".")
			if _, err := tx.Exec(fmt.Sprintf(`UPDATE %[1]s SET %[2]s = %[2]s || ' ' || ? WHERE couple_id = ?`, table, column), words, p.Couple); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`UPDATE couple SET status = ? WHERE id = ?`, words, p.Couple)
		return err
	}); err != nil {
		p.t.Fatal(err)
	}
}

func TestPV22AnAssistantSeesNamesAndTimes(t *testing.T) {
	a := signIn(t, clients.RoleAssistant, nil)
	before := a.state()
	a.coachMayRead("assistant")
	a.asks("assistant")
	a.places("assistant")
	a.searches("assistant", false)
	a.only("assistant", func(k casebooktest.Token) bool {
		switch k.Where {
		case "person.given_name", "person.family_name", "person.latin_name", "person.say_name", "person.pronouns", "person.language", "person.zone", "person.safe_channel", "person.safe_when", "person.safe_message", "person.safe_shared":
			return true
		case "session.starts_at", "session.minutes", "session.zone", "session.mode":
			return !strings.Contains(k.Case, "safety") && !strings.Contains(k.Case, "unheard_of")
		}
		return false
	}, "person", "session")
	a.unchanged(before)
}

// coachMayRead lets a reader's finds be judged by only alone.
func (a *account) coachMayRead(reader string) { a.judgedLater[reader] = true }

// asksReading is asks without what writes: it would change what the account may change.
func (a *account) asksReading(reader string) {
	a.t.Helper()
	a.onlyReads = true
	a.asks(reader)
	a.onlyReads = false
}

func (a *account) coachNamed(name string) ids.ID {
	a.t.Helper()
	all, err := a.s.clients.Coaches(context.Background())
	if err != nil {
		a.t.Fatal(err)
	}
	return all[slices.IndexFunc(all, func(c clients.Coach) bool { return c.Name == name })].ID
}

func TestPV21TheCoachOfOneCoupleReadsNothingOfTheOther(t *testing.T) {
	a := signIn(t, clients.RoleCoach, func(p *tokens, me ids.ID) {
		if _, err := p.s.clients.CreateEngagement(context.Background(), clients.Engagement{CoupleID: p.Other, StartedOn: "2026-01-01", Coaches: []ids.ID{me}}); err != nil {
			p.t.Fatal(err)
		}
	})
	a.coachMayRead("other")
	a.asksReading("other")
	a.places("other")
	a.searches("other", false)
	a.only("other", func(k casebooktest.Token) bool {
		return ofOther(k) || k.Case == "A" || k.Case == "A, of person" || k.Case == "asked by A" // the person's own facts go with the person
	}, "person", "note_rev", "letter", "session", "assignment")
}
