package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/rightsui"
	"github.com/couplet-app/couplet/ui/searchui"
	"github.com/couplet-app/couplet/ui/tracesui"
	"github.com/couplet-app/couplet/ui/uitest"
)

var lenses = []kit.Lens{kit.LensCoach, kit.LensJoint, kit.LensA, kit.LensB}

// tall is a window in which no list has anything below its edge.
var tall = fyne.NewSize(1400, 9000)

// tokens is a casebook full of tokens and the pages over it.
type tokens struct {
	*casebooktest.Planted
	t     *testing.T
	a     *uitest.App
	s     *stores
	w     *workspace
	views map[string]kit.View
	found map[string]map[string]bool // reader -> tokens found
}

func plant(t *testing.T) *tokens {
	t.Helper()
	ctx := context.Background()
	a := uitest.NewApp(t)
	cb, _, err := casebook.Create(ctx, filepath.Join(t.TempDir(), "planted.couplet"), casebook.New{Passphrase: passphrase, KDF: vault.FloorKDF, Workspace: "Test practice", Coach: "Test coach"}, casebook.Options{Now: a.Env.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cb.Close() })
	d, err := quizzes.ByID("ras")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorkspace(cb, "Planted", cb.Path())
	p := &tokens{t: t, a: a, s: w.stores, w: w, views: map[string]kit.View{}, found: map[string]map[string]bool{}}
	p.Planted = casebooktest.Plant(t, cb, casebooktest.Quiz{ID: d.ID, Version: d.Version, Hash: d.Hash(), Answers: `[4,3,3,3,3,3,3]`}, casebooktest.Few)
	var shell *ui.Shell
	for _, page := range pages(shell, w, a.Env) {
		if page.ID != pageSettings {
			p.views[page.ID] = page.Build()
		}
	}
	return p
}

// read holds a text to its reader and keeps what was found.
func (p *tokens) read(reader, place, text string) {
	p.t.Helper()
	if p.found[reader] == nil {
		p.found[reader] = map[string]bool{}
	}
	for k := range p.Check(reader, place, text) {
		p.found[reader][k] = true
	}
}

// look opens a place as a person would and reads all that stands there.
func (p *tokens) look(lens kit.Lens, r kit.Route) {
	p.t.Helper()
	v := p.views[r.Page]
	v.Open(r)
	p.read(string(lens), r.String(), strings.Join(uitest.Texts(v), "\n"))
}

func TestPlantedTokensInTheWindow(t *testing.T) {
	p := plant(t)
	p.a.Window.Resize(tall)
	for _, page := range []string{pageToday, pagePipeline} {
		p.a.Window.SetContent(p.views[page])
		p.look(kit.LensCoach, kit.Route{Page: page})
	}
	p.a.Window.SetContent(p.views[tracesui.PageID])
	for _, tab := range []string{"", tracesui.CopiesTab} {
		p.look(kit.LensCoach, kit.Route{Page: tracesui.PageID, Tab: tab})
	}
	p.a.Window.SetContent(p.views[rightsui.PageID])
	for _, person := range []string{"", p.A.String(), p.B.String()} {
		p.look(kit.LensCoach, kit.Route{Page: rightsui.PageID, ID: person})
	}
	p.a.Window.SetContent(p.views[pageCouples])
	p.look(kit.LensCoach, kit.Route{Page: pageCouples})
	for _, lens := range lenses {
		for _, tab := range []string{"overview", "sessions", "quizzes", "practices", "reports", "consent"} {
			p.look(lens, kit.Route{Page: pageCouples, ID: p.Couple.String(), Tab: tab, Lens: lens})
		}
		for i, id := range slices.Concat(p.Sessions, p.Notes) {
			if lens == kit.LensCoach && i%10 > 0 {
				continue // what the coach reads only proves that there is something to find
			}
			p.look(lens, kit.Route{Page: pageCouples, ID: p.Couple.String(), Tab: "sessions", Lens: lens, Item: id.String()})
		}
	}
	p.storesThemselves()
	p.searches()
	p.reports()
	p.complete()
}

// storesThemselves asks the stores for all that they tell, so that nothing is kept from a
// reader only because a page does not show it.
func (p *tokens) storesThemselves() {
	p.t.Helper()
	ctx, s, now := context.Background(), p.s, p.a.Env.Now()
	for _, lens := range lenses {
		aud := s.audience(lens)
		tell := func(what string) func(any, error) {
			return func(v any, err error) {
				if err != nil && !fault.Is(err, fault.NotFound) {
					p.t.Fatalf("%s, %s: %v", lens, what, err)
				}
				b, err := json.Marshal(v)
				if err != nil {
					p.t.Fatal(err)
				}
				p.read(string(lens), "store, "+what, string(b))
			}
		}
		tell("traces")(asAny(s.traces.Log(ctx, aud, traces.Filter{})))
		tell("copies")(asAny(s.traces.Exports(ctx, aud, traces.Filter{})))
		tell("traces of A")(asAny(s.traces.OfPerson(ctx, aud, p.A)))
		for _, person := range []ids.ID{p.A, p.B} {
			tell("requests")(asAny(s.rights.Requests(ctx, aud, person)))
		}
		tell("open requests")(asAny(s.rights.OpenRequests(ctx, aud)))
		tell("holds")(asAny(s.rights.Holds(ctx, aud)))
		tell("restricted")(asAny(s.rights.Restricted(ctx, aud)))
		tell("header")(asAny(s.clients.Header(ctx, aud, p.Couple, now)))
		tell("overview")(asAny(s.clients.Overview(ctx, aud, p.Couple, now)))
		tell("couple")(asAny(s.clients.Couple(ctx, aud, p.Couple)))
		tell("list")(asAny(s.clients.List(ctx, aud, clients.Filter{Now: now})))
		tell("counts")(asAny(s.clients.Counts(ctx, aud)))
		tell("tags")(asAny(s.clients.Tags(ctx, aud)))
		tell("A")(asAny(s.clients.Person(ctx, aud, p.A)))
		tell("B")(asAny(s.clients.Person(ctx, aud, p.B)))
		tell("people")(asAny(s.clients.People(ctx, aud, casebooktest.Lantern, 10)))
		tell("engagements")(asAny(s.clients.Engagements(ctx, aud, p.Couple)))
		tell("signatures")(asAny(s.clients.Signatures(ctx, aud, p.Couple)))
		tell("screens")(asAny(s.clients.Screens(ctx, aud, p.Couple)))
		tell("overrides")(asAny(s.clients.Overrides(ctx, aud, p.Couple)))
		tell("releases")(asAny(s.clients.Releases(ctx, aud, p.Couple)))
		tell("own releases")(asAny(s.clients.OwnReleases(ctx, aud, p.Couple)))
		tell("withdrawals")(asAny(s.clients.Withdrawals(ctx, aud, p.Couple)))
		tell("plans")(asAny(s.clients.Plans(ctx, aud, p.Couple)))
		tell("plans due")(asAny(s.clients.PlansDue(ctx, aud, 1000)))
		tell("scope")(asAny(s.clients.ScopeChecks(ctx, aud, p.Couple)))
		tell("referrals")(asAny(s.clients.Referrals(ctx, aud, p.Couple)))
		tell("steps")(asAny(s.clients.Steps(ctx, aud, p.Couple)))
		tell("parted")(asAny(s.clients.Parted(ctx, aud, p.Couple)))
		tell("reach")(asAny(s.clients.Reach(ctx, aud, p.A)))
		for _, slot := range []clients.Slot{clients.SlotA, clients.SlotB} {
			tell("releasable")(asAny(s.clients.Releasable(ctx, aud, p.Couple, slot)))
		}
		tell("pipeline")(asAny(s.intake.Pipeline(ctx, aud, intake.PipelineFilter{Closed: true})))
		tell("origin")(asAny(s.intake.OfCouple(ctx, aud, p.Couple)))
		tell("stages")(asAny(s.intake.HistoryOfCouple(ctx, aud, p.Couple)))
		tell("sources")(asAny(s.intake.Sources(ctx, aud)))
		tell("enquiries today")(asAny(s.intake.Today(ctx, aud, aud.On(), ids.Nil)))
		tell("sessions")(asAny(s.sessions.Sessions(ctx, aud, p.Couple)))
		tell("notes")(asAny(s.sessions.Notes(ctx, aud, p.Couple, time.Time{}, 1000)))
		tell("drafts")(asAny(s.sessions.Drafts(ctx, aud)))
		tell("today")(asAny(s.sessions.Today(ctx, aud, now)))
		tell("files")(asAny(s.clients.Attachments(ctx, aud, p.Couple)))
		tell("erasures")(asAny(s.rights.Erasures(ctx, aud)))
		tell("late texts")(asAny(s.rights.Late(ctx, aud)))
		for _, id := range p.Sessions {
			tell("session")(asAny(s.sessions.Session(ctx, aud, id)))
		}
		for _, id := range p.Notes {
			tell("note")(asAny(s.sessions.Note(ctx, aud, id)))
			tell("note to edit")(asAny(s.sessions.Edit(ctx, aud, id)))
			tell("history of a note")(asAny(s.sessions.History(ctx, aud, id)))
		}
		tell("results")(asAny(s.quizzes.Results(ctx, aud, p.Couple)))
		tell("board")(asAny(s.practices.Board(ctx, aud, p.Couple, "", "")))
		tell("due")(asAny(s.practices.DueOn(ctx, aud, 1000)))
		tell("talks")(asAny(s.practices.Talks(ctx, aud, p.Couple, "", "")))
		tell("agreements")(asAny(s.practices.Agreements(ctx, aud, p.Couple)))
		tell("conditions")(asAny(s.practices.Conditions(ctx, aud, p.Couple)))
		tell("letter")(asAny(s.reports.Letter(ctx, aud, p.Couple)))
		tell("history")(asAny(s.changes.History(ctx, aud, p.Couple, p.A, p.B)))
		tell("reports made")(asAny(s.reports.History(ctx, aud, p.Couple)))
	}
}

func asAny[T any](v T, err error) (any, error) { return v, err }

// searches asks for every planted text at once, through each lens.
func (p *tokens) searches() {
	p.t.Helper()
	for _, lens := range lenses {
		got, err := p.s.Search(context.Background(), searchui.Query{Words: casebooktest.Lantern, Lens: lens, Record: p.Couple.String(), Limit: 100_000})
		if err != nil {
			p.t.Fatal(err)
		}
		if got.Total != len(got.Hits) {
			p.t.Errorf("%s is told of %d hits and shown %d", lens, got.Total, len(got.Hits))
		}
		for _, h := range got.Hits {
			p.read(string(lens), "search", fmt.Sprintf("%+v", h))
		}
		for _, k := range p.Tokens {
			if lens != kit.LensCoach && searched[k.Where] && k.May(string(lens)) && !p.found[string(lens)][k.Text] {
				p.t.Errorf("%s does not find %s of %s (%s)", lens, k.Text, k.Where, k.Case)
			}
		}
	}
}

// reports reads the four reports and their names; TestPlantedTokensOnTheCommandLine
// reads the finished files.
func (p *tokens) reports() {
	p.t.Helper()
	for _, lens := range lenses {
		rep, err := p.s.reports.Build(context.Background(), reports.Request{Couple: p.Couple, Reader: clients.Reader(lens), Date: day.Day(p.a.Env.Today())})
		if err != nil {
			p.t.Fatal(err)
		}
		if !rep.Clean() {
			p.t.Errorf("%s: the leak check found %d places", lens, len(rep.Hits))
		}
		p.read(string(lens), "name of the report", rep.FileName())
		rep.Document.Walk(func(place, text string) { p.read(string(lens), "report, "+place, place+" "+text) })
	}
}

// complete says that the search can fail: the coach is shown every token but those that
// no page has a place for, and each client something of each kind that is theirs.
func (p *tokens) complete() {
	p.t.Helper()
	all, missing := map[string]int{}, map[string]int{}
	for _, k := range p.Tokens {
		if k.Case == "deleted" || k.Case == "of another couple" || nowhere[k.Where] {
			continue
		}
		if all[k.Where]++; !p.found["coach"][k.Text] {
			missing[k.Where]++
		}
	}
	for where, n := range missing {
		if n == all[where] || searched[where] {
			p.t.Errorf("the coach is shown %d of %d planted in %s", all[where]-n, all[where], where)
		}
	}
	for _, reader := range []string{"joint", "a", "b"} {
		seen := map[string]bool{}
		for _, k := range p.Tokens {
			if p.found[reader][k.Text] && len(k.Readers) > 0 {
				seen[strings.Split(k.Where, ".")[0]] = true
			}
		}
		for _, table := range []string{"person", "couple", "session", "note_rev", "addendum", "administration", "assignment", "conversation", "couple_agreement", "letter"} {
			if !seen[table] {
				p.t.Errorf("%s is shown nothing of %s", reader, table)
			}
		}
	}
}

// searched are columns all of which a search finds.
var searched = map[string]bool{
	"addendum.body": true, "couple_agreement.body": true, "letter.body": true, "practice_log.noticed": true, "conversation.topic": true, "conversation_answer.value": true, "assignment.cue": true,
}

// nowhere are columns that stand on no page or report: in forms only, in words that only
// known values have, or kept for the record.
var nowhere = map[string]bool{
	"hold.reason": true, "hold.at": true, "hold.review_on": true, "restriction.reason": true, "restriction.at": true, // lifted ones
	"redaction.body":  true, // of nothing
	"request_step.at": true,
	"glass.at":        true, "glass.reason": true, // the coach's own: others are told
	"administration.seconds": true, "administration.zone": true,
	"assignment.reason": true,
	"attendance.mode":   true,
	"conversation.step": true, "conversation.zone": true,
	"conversation_answer.key": true,
	"couple.stage":            true,
	"discovery_call.decision": true, "discovery_call.reason": true,
	"attachment.at": true,
	"draft.at":      true, "draft.body": true,
	"enquiry.intent": true, "enquiry.stage_at": true,
	"letter.written_on":     true,
	"note.template_version": true, "note.zone": true,
	"note_field.key": true, "note_field.position": true,
	"note_rev.at":               true,
	"noted_condition.condition": true,
	"person.safe_channel":       true, "person.safe_message": true,
	"practice_log.difficulty": true, "practice_log.minutes": true, "practice_log.obstacle": true, "practice_log.zone": true,
	"report_made.releases": true, "report_made.instruments": true,
	"report_made.from_on": true, "report_made.pages": true, "report_made.sections": true, "report_made.sha256": true, "report_made.to_on": true,
	"separation.on_day":  true, // of two who are together again
	"safety_screen.body": true, "safety_screen.reason": true,
	"session.mode":       true,
	"signature.language": true, "signature.way": true,
	"stage_change.at": true, "stage_change.reason": true, "stage_change.stage": true,
	"visibility_change.at": true, "visibility_change.reason": true, "visibility_change.visibility": true, "visibility_change.was": true,
}
