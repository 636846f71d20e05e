package reports_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/search"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/reports/pdf"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// few lets a property that makes pages be looked at less often than the others.
func few(t *testing.T, n string) {
	before := flag.Lookup("rapid.checks").Value.String()
	if err := flag.Set("rapid.checks", n); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Set("rapid.checks", before) })
}

// another is one more couple of the same names, which the practice goes on with.
func (p *practice) another() {
	p.t.Helper()
	id, err := p.clients.CreateCouple(ctx, clients.NewCouple{A: &clients.Person{Name: clients.Name{Given: "Ada", Family: "Testa"}, Zone: "Europe/London"}, B: &clients.Person{Name: clients.Name{Given: "Ben", Family: "Proof"}, Zone: "Europe/London"}})
	p.ok(err)
	p.couple, err = p.clients.Couple(ctx, clients.For(clients.CoachView, today), id)
	p.ok(err)
	_, err = p.clients.CreateEngagement(ctx, clients.Engagement{CoupleID: id, Intent: "grow", Policy: clients.NoSecrets, StartedOn: today.Add(-60)})
	p.ok(err)
}

var anID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// shows is everything that a reader is shown of the couple, byte for byte but for ids: the
// report with its drawn pages, the pages of quizzes, sessions, notes, practices and
// conversations, the first page with its counts, and what searching finds.
func (p *practice) shows(r clients.Reader) string {
	p.t.Helper()
	aud, id := clients.For(r, today), p.couple.ID
	var out strings.Builder
	say := func(what string, v any, err error) {
		if err != nil {
			v = []string{"refused", err.Error()}
		}
		b, err := json.Marshal(v)
		p.ok(err)
		fmt.Fprintf(&out, "%s: %s\n", what, anID.ReplaceAllString(string(b), "#"))
	}
	rep, err := p.reports.Build(ctx, reports.Request{Couple: id, Reader: r, Date: today})
	if err != nil {
		sentence, hint := fault.Words(err)
		say("report", sentence+hint, nil)
	} else {
		rep.Document.ID = "" // a hash of the content and of the couple's id
		rep.Document.Walk(func(place, s string) { fmt.Fprintln(&out, place, s) })
		file, _, err := pdf.Render(rep.Document)
		p.ok(err)
		fmt.Fprintf(&out, "pages: %x\n", file)
	}
	results, err := p.quiz.Results(ctx, aud, id)
	for _, x := range results {
		say("quiz", []any{x.Instrument, x.TakenAt, x.Slot, x.Own, x.Channels, x.Profile, x.Scores, x.Answers, x.Picks}, err)
	}
	o, err := p.clients.Overview(ctx, aud, id, casebooktest.Start)
	o.Engagement.CreatedAt = casebooktest.Start
	say("overview", o, err)
	meetings, err := p.notes.Sessions(ctx, aud, id)
	say("sessions", meetings, err)
	notes, err := p.notes.Notes(ctx, aud, id, casebooktest.Start.AddDate(1, 0, 0), 99)
	say("notes", notes, err)
	board, err := p.tasks.Board(ctx, aud, id, today.Add(-90), today)
	say("practices", board, err)
	talks, err := p.tasks.Talks(ctx, aud, id, "", "")
	say("conversations", talks, err)
	signed, err := p.clients.Signatures(ctx, aud, id)
	say("signatures", len(signed), err)
	for _, words := range []string{"kettle", "Ada", "lantern", "hold", "stop", "quiz"} {
		found, err := search.Query(ctx, p.cb.Reader(), aud.GateOn, words, search.Options{Couple: id})
		say("search", []any{found.Total, len(found.Hits)}, err)
	}
	return out.String()
}

// answersOf draws answers to a quiz: most of them given, some left out, some not to be said.
func answersOf(t *rapid.T, d *quizzes.Definition, label string) string {
	var out []string
	for i, it := range d.Items {
		lo, hi := 0, 4
		for _, set := range d.ResponseSets {
			if set.ID == it.ResponseSet {
				lo, hi = set.Min, set.Max
			}
		}
		out = append(out, fmt.Sprint(rapid.IntRange(lo, hi).Draw(t, fmt.Sprintf("%s %d", label, i))))
	}
	return strings.Join(out, ",")
}

// filled is one filling-in of B that A may see a part of, or nothing.
type filled struct {
	instrument string
	daysAgo    int
	answers    string
	other      string // other answers, where B has not released them
	released   []string
	whole      bool
}

// No number of B that B has not released can be solved from what A, or both together, are
// shown: whatever B answered instead, not one byte of it is another. So no equation over
// what is shown (mean, gap, change, rank, count, axis) holds an unreleased number of B.
func TestPV04PV05PV07NothingUnreleasedCanBeSolvedFromWhatIsShown(t *testing.T) {
	few(t, "12")
	p := newPractice(t, clients.KindCouple)
	d, err := quizzes.ByID("icp-18")
	p.ok(err)
	rapid.Check(t, func(rt *rapid.T) {
		var mine []string
		var theirs []filled
		for i, daysAgo := range []int{50, 5} {
			mine = append(mine, answersOf(rt, d, fmt.Sprintf("A %d", i)))
			f := filled{instrument: "icp-18", daysAgo: daysAgo, answers: answersOf(rt, d, fmt.Sprintf("B %d", i)), other: answersOf(rt, d, fmt.Sprintf("B instead %d", i))}
			if rapid.Bool().Draw(rt, "released in part") {
				f.released = rapid.SampledFrom([][]string{{"EM"}, {"EM", "SP"}, {"IN", "EX", "AF"}}).Draw(rt, "channels")
			}
			theirs = append(theirs, f)
		}
		withheld := filled{instrument: "pulse", daysAgo: 8, answers: "3,4,2,4,4", other: "9,1,8,0,7", whole: rapid.Bool().Draw(rt, "pulse released")}
		aReleases := rapid.Bool().Draw(rt, "A releases")
		tell := func(instead bool) map[clients.Reader]string {
			p.another()
			p.screens(clients.ScreenClear, clients.ScreenClear)
			for i, daysAgo := range []int{50, 5} {
				a := p.quizOf(clients.SlotA, "icp-18", mine[i], daysAgo)
				if aReleases {
					p.give(clients.SlotA, a.ID)
				}
			}
			pulse := p.quizOf(clients.SlotA, "pulse", "5,5,5,5,5", 8)
			p.give(clients.SlotA, pulse.ID)
			for _, f := range append([]filled{withheld}, theirs...) {
				answers := f.answers
				if instead && !f.whole {
					answers = mixed(d, f)
				}
				b := p.quizOf(clients.SlotB, f.instrument, answers, f.daysAgo)
				if f.whole || f.released != nil {
					_, err := p.clients.GiveRelease(ctx, clients.Release{CoupleID: p.couple.ID, Partner: clients.SlotB, ItemID: b.ID, Channels: f.released, GivenOn: today, Way: "said"})
					p.ok(err)
				}
			}
			return map[clients.Reader]string{clients.A: p.shows(clients.A), clients.Us: p.shows(clients.Us)}
		}
		as, instead := tell(false), tell(true)
		for _, r := range []clients.Reader{clients.A, clients.Us} {
			if a, b := as[r], instead[r]; a != b {
				rt.Fatalf("%s is shown something that hangs on what B has not released: %s", r, firstDifference(a, b))
			}
		}
	})
}

// mixed are other answers for what was not released, and the same for what was.
func mixed(d *quizzes.Definition, f filled) string {
	if f.instrument != d.ID || f.released == nil {
		return f.other
	}
	was, instead := strings.Split(f.answers, ","), strings.Split(f.other, ",")
	released := map[string]bool{}
	for _, code := range f.released {
		if c, ok := d.Channel(code); ok {
			for _, scale := range d.Scales {
				if scale.ID == c.Experienced || scale.ID == c.Wanted {
					for _, item := range scale.Items {
						released[item] = true
					}
				}
			}
		}
	}
	for i, it := range d.Items {
		if released[it.ID] {
			instead[i] = was[i]
		}
	}
	return strings.Join(instead, ",")
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range x {
		if i >= len(y) || x[i] != y[i] {
			other := ""
			if i < len(y) {
				other = y[i]
			}
			return fmt.Sprintf("%.300q and %.300q", x[i], other)
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}

// Over random records: what each client is shown of one that a safety screen stops is byte
// for byte what they are shown of one on an ordinary pause, reports and their pages,
// search, counts and refusals among it.
func TestPV31AStopIsByteForByteAPause(t *testing.T) {
	few(t, "10")
	p := newPractice(t, clients.KindCouple)
	d, err := quizzes.ByID("icp-18")
	p.ok(err)
	rapid.Check(t, func(rt *rapid.T) {
		a, b := answersOf(rt, d, "A"), answersOf(rt, d, "B")
		releases := []bool{rapid.Bool().Draw(rt, "A releases"), rapid.Bool().Draw(rt, "B releases")}
		held := rapid.IntRange(0, 3).Draw(rt, "sessions")
		noted := rapid.Bool().Draw(rt, "a note")
		assigned := rapid.Bool().Draw(rt, "a practice")
		stopped := rapid.SampledFrom([]clients.Slot{clients.SlotA, clients.SlotB}).Draw(rt, "whose screen")
		ended := rapid.Bool().Draw(rt, "the work ends then")
		tell := func(hold func()) map[clients.Reader]string {
			p.another()
			p.screens(clients.ScreenClear, clients.ScreenClear)
			for i := range held {
				id, err := p.notes.Create(ctx, sessions.Session{Couple: p.couple.ID, Kind: sessions.JointSession, Start: casebooktest.Start.AddDate(0, 0, -20+i), Zone: "Europe/London", Minutes: 60, State: sessions.Held})
				p.ok(err)
				if noted {
					p.note(sessions.NewNote{Couple: p.couple.ID, Session: id}, "joint")
				}
			}
			for i, s := range []clients.Slot{clients.SlotA, clients.SlotB} {
				x := p.quizOf(s, "icp-18", []string{a, b}[i], 10)
				if releases[i] {
					p.give(s, x.ID)
				}
			}
			if assigned {
				p.ok(p.tasks.Assign(ctx, practices.Assignment{ID: ids.New(), CoupleID: p.couple.ID, Practice: "pr-12", PracticeVersion: "1", Target: practices.ToBoth, Cue: "kettle", Cadence: practices.Cadence{Text: "daily", Times: 1, Every: practices.EveryDay}, Starts: today.Add(-30), State: practices.Active}))
			}
			hold()
			if ended {
				all, err := p.clients.Engagements(ctx, clients.For(clients.CoachView, today), p.couple.ID)
				p.ok(err)
				p.ok(p.clients.EndEngagement(ctx, all[0].ID, today.Add(-1)))
			}
			out := map[clients.Reader]string{}
			for _, r := range []clients.Reader{clients.A, clients.B, clients.Us} {
				out[r] = p.shows(r)
			}
			meet := p.clients.MayBeginJoint(ctx, p.couple.ID)
			sentence, hint := fault.Words(meet)
			out[clients.Us] += sentence + hint
			return out
		}
		stop := tell(func() {
			person := p.couple.Person(stopped)
			_, err := p.clients.RecordScreen(ctx, clients.Screen{CoupleID: p.couple.ID, PersonID: person, Outcome: clients.ScreenStop, HeldOn: today, Body: "stop lantern", Supervisor: "lantern", Answers: map[string]clients.Spoken{"hurt": {Said: clients.SaidYes, Words: "lantern"}}})
			p.ok(err)
			p.ok(p.clients.SaveStep(ctx, clients.SafetyStep{CoupleID: p.couple.ID, Step: clients.StepSupervision, On: today, Who: "lantern"}))
			_, err = p.clients.SaveReferral(ctx, clients.Referral{CoupleID: p.couple.ID, PersonID: person, ToWhom: "lantern", On: today, Outcome: clients.ReferralOpen})
			p.ok(err)
			_, err = p.clients.CheckScope(ctx, clients.ScopeCheck{CoupleID: p.couple.ID, On: today, Signs: []string{"violence"}, Outcome: clients.ScopePause, Body: "lantern"})
			p.ok(err)
		})
		pause := tell(func() {
			all, err := p.clients.Engagements(ctx, clients.For(clients.CoachView, today), p.couple.ID)
			p.ok(err)
			p.ok(p.clients.PauseEngagement(ctx, all[0].ID, true))
		})
		for _, r := range []clients.Reader{clients.A, clients.B, clients.Us} {
			if stop[r] != pause[r] {
				rt.Fatalf("%s can tell a stop from a pause: %s", r, firstDifference(pause[r], stop[r]))
			}
		}
	})
}
