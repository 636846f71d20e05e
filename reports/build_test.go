package reports_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/reports/pdf"
	"github.com/couplet-app/couplet/reports/pdf/pdftest"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

var (
	ctx   = context.Background()
	today = day.Of(casebooktest.Start)
)

// practice is a casebook with one couple in it, through every store.
type practice struct {
	t       *testing.T
	cb      *casebook.Casebook
	clock   *casebooktest.Clock
	clients *clients.Store
	notes   *sessions.Store
	quiz    *quizzes.Store
	tasks   *practices.Store
	reports *reports.Store
	couple  clients.Couple
}

func newPractice(t *testing.T, kind clients.Kind) *practice {
	t.Helper()
	cb, clock := casebooktest.NewClock(t)
	p := &practice{t: t, cb: cb, clock: clock, clients: clients.New(cb), quiz: quizzes.NewStore(cb)}
	p.notes = sessions.New(cb, p.clients.MayBeginJoint)
	p.tasks = practices.NewStore(cb, p.clients)
	p.reports = reports.NewStore(cb, p.clients, p.notes, p.quiz, p.tasks)
	n := clients.NewCouple{A: &clients.Person{Name: clients.Name{Given: "Ada", Family: "Testa"}, Zone: "Europe/London", Phone: "TOKENphoneA", Email: "tokenmail@example.org"}}
	if kind == clients.KindCouple {
		n.B = &clients.Person{Name: clients.Name{Given: "Ben", Family: "Proof"}, Zone: "Europe/London", Phone: "TOKENphoneB", Safe: clients.SafeContact{Note: "TOKENsafecontact"}}
	}
	id, err := p.clients.CreateCouple(ctx, n)
	p.ok(err)
	p.couple, err = p.clients.Couple(ctx, clients.For(clients.CoachView, today), id)
	p.ok(err)
	_, err = p.clients.CreateEngagement(ctx, clients.Engagement{CoupleID: id, Intent: "grow", Policy: clients.NoSecrets, StartedOn: today.Add(-60)})
	p.ok(err)
	return p
}

func (p *practice) ok(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *practice) screens(a, b clients.Outcome) {
	p.t.Helper()
	for slot, o := range map[clients.Slot]clients.Outcome{clients.SlotA: a, clients.SlotB: b} {
		_, err := p.clients.RecordScreen(ctx, clients.Screen{CoupleID: p.couple.ID, PersonID: p.couple.Person(slot), Outcome: o, HeldOn: today.Add(-50), Body: "TOKENscreen" + string(slot)})
		p.ok(err)
	}
}

func (p *practice) quizOf(slot clients.Slot, instrument, answers string, daysAgo int) *quizzes.Administration {
	p.t.Helper()
	d, err := quizzes.ByID(instrument)
	p.ok(err)
	a := quizzes.NewAdministration(d, p.couple.ID, p.couple.Person(slot), casebooktest.Start.AddDate(0, 0, -daysAgo), "Europe/London", quizzes.WithCoach)
	a.Answers, err = quizzes.ParseAnswers(d, answers)
	p.ok(err)
	p.ok(p.quiz.Save(ctx, &a))
	p.ok(p.quiz.Lock(ctx, &a))
	return &a
}

func (p *practice) build(r clients.Reader) reports.Report {
	p.t.Helper()
	rep, err := p.reports.Build(ctx, reports.Request{Couple: p.couple.ID, Reader: r, Date: today})
	p.ok(err)
	return rep
}

// words is everything a reader can get out of the file: text, metadata, bookmarks and
// the raw bytes.
func (p *practice) words(rep reports.Report) string {
	p.t.Helper()
	file, _, err := pdf.Render(rep.Document)
	p.ok(err)
	path := filepath.Join(p.t.TempDir(), rep.FileName())
	p.ok(os.WriteFile(path, file, 0o600))
	all := rep.FileName() + string(file)
	for _, text := range pdftest.Texts(p.t, path) {
		all += "\n" + text
	}
	rep.Document.Walk(func(_, s string) { all += "\n" + s })
	return strings.ReplaceAll(all, "\n", " ")
}

// note writes a session note with a token in every field that the template has.
func (p *practice) note(n sessions.NewNote, mark string) {
	p.t.Helper()
	note, err := p.notes.Start(ctx, clients.For(clients.CoachView, today), n)
	p.ok(err)
	texts := map[string]string{}
	for _, f := range note.Fields {
		if tf, ok := note.Template.Field(f.Key); ok && tf.Kind == sessions.FieldText || tf.Kind == sessions.FieldList {
			texts[f.Key] = "TOKEN" + mark + strings.ReplaceAll(f.Key, "_", "")
		}
	}
	p.ok(p.notes.SaveRevision(ctx, note, texts))
}

func full(t *testing.T) *practice {
	t.Helper()
	p := newPractice(t, clients.KindCouple)
	p.screens(clients.ScreenClear, clients.ScreenClear)
	start := casebooktest.Start.AddDate(0, 0, -20)
	joint, err := p.notes.Create(ctx, sessions.Session{Couple: p.couple.ID, Kind: sessions.JointSession, Start: start, Zone: "Europe/London", Minutes: 75, State: sessions.Held})
	p.ok(err)
	p.note(sessions.NewNote{Couple: p.couple.ID, Session: joint}, "joint")
	for i, s := range []clients.Slot{clients.SlotA, clients.SlotB} {
		id, err := p.notes.Create(ctx, sessions.Session{Couple: p.couple.ID, Kind: sessions.IndividualSession, Slot: s, Start: start.AddDate(0, 0, i+1), Zone: "Europe/London", Minutes: 41 + i, State: sessions.Held, Place: "TOKENplace" + string(s)})
		p.ok(err)
		p.note(sessions.NewNote{Couple: p.couple.ID, Session: id, About: s}, "alone"+string(s))
	}
	qa := p.quizOf(clients.SlotA, "icp-18", "2,1,2,2,1,2,3,4,2,2,3,2,4,4,3,3,4,2", 50)
	p.quizOf(clients.SlotA, "icp-18", "3,3,3,2,3,2,1,2,1,2,1,2,4,4,3,3,4,2", 5)
	p.quizOf(clients.SlotB, "icp-18", "3,3,2,-,2,2,1,1,2,-,2,2,3,3,3,-,3,3", 50)
	p.quizOf(clients.SlotB, "ras", "2,2,3,4,2,4,4", 40)
	_ = qa
	both := practices.Assignment{ID: ids.New(), CoupleID: p.couple.ID, Practice: "pr-12", PracticeVersion: "1", Target: practices.ToBoth, Cue: "TOKENcueboth", Cadence: practices.Cadence{Text: "daily", Times: 1, Every: practices.EveryDay}, Starts: today.Add(-30), State: practices.Active}
	p.ok(p.tasks.Assign(ctx, both))
	forB := both
	forB.ID, forB.Practice, forB.Target, forB.Cue = ids.New(), "pr-07", practices.ToB, "TOKENcueB"
	p.ok(p.tasks.Assign(ctx, forB))
	for _, s := range []clients.Slot{clients.SlotA, clients.SlotB} {
		p.ok(p.tasks.SaveLog(ctx, practices.Log{ID: ids.New(), AssignmentID: both.ID, CoupleID: p.couple.ID, Partner: s, On: today.Add(-12), Zone: "Europe/London", Minutes: 10, Result: practices.Done, Noticed: "TOKENlog" + string(s)}))
	}
	p.ok(p.reports.SaveLetter(ctx, p.couple.ID, clients.Us, "TOKENletterjoint is for you both."))
	p.ok(p.reports.SaveLetter(ctx, p.couple.ID, clients.A, "TOKENletterA is for you."))
	p.ok(p.reports.SaveLetter(ctx, p.couple.ID, clients.B, "TOKENletterB is for you."))
	p.ok(p.tasks.SaveAgreement(ctx, practices.Agreement{ID: ids.New(), Couple: p.couple.ID, Body: "TOKENagreement", Agreed: today.Add(-10), Review: today.Add(10), State: practices.InForce}))
	return p
}

func TestPV02NoReaderGetsWhatIsNotTheirs(t *testing.T) {
	p := full(t)
	never := []string{"TOKENscreen", "TOKENphone", "tokenmail", "TOKENsafecontact", "TOKENjoint", "TOKENalone", "TOKENplace", "Relationship Assessment"}
	for _, c := range []struct {
		reader clients.Reader
		has    []string
		not    []string
	}{
		{clients.A, []string{"TOKENletterA", "TOKENlogA", "TOKENagreement", "TOKENcueboth", "Ada"}, append([]string{"TOKENletterB", "TOKENletterjoint", "TOKENlogB", "TOKENcueB"}, never...)},
		{clients.B, []string{"TOKENletterB", "TOKENlogB", "TOKENagreement", "TOKENcueB", "Ben"}, append([]string{"TOKENletterA", "TOKENletterjoint", "TOKENlogA"}, never[:len(never)-1]...)},
		{clients.Us, []string{"TOKENletterjoint", "TOKENagreement", "TOKENcueboth"}, append([]string{"TOKENletterA", "TOKENletterB", "TOKENlog", "TOKENcueB", "Channels of closeness"}, never...)},
		{clients.CoachView, []string{"TOKENlogA", "TOKENlogB", "TOKENcueB", "TOKENagreement", "Relationship Assessment", "Channels of closeness"}, []string{"TOKENscreen", "TOKENphone", "TOKENletter"}},
	} {
		rep := p.build(c.reader)
		if !rep.Clean() {
			t.Errorf("%s: hits %+v", c.reader, rep.Hits)
		}
		all := p.words(rep)
		for _, tok := range c.has {
			if !strings.Contains(all, tok) {
				t.Errorf("%s: %s is missing", c.reader, tok)
			}
		}
		for _, tok := range c.not {
			if strings.Contains(all, tok) {
				t.Errorf("%s: %s got into the report", c.reader, tok)
			}
		}
	}
}

func TestPV11SameBytesAndNumbersThatTellNothing(t *testing.T) {
	p := full(t)
	numbers := map[string]bool{}
	for _, r := range []clients.Reader{clients.Us, clients.A, clients.B, clients.CoachView} {
		one, _, err := pdf.Render(p.build(r).Document)
		p.ok(err)
		p.clock.Move(time.Hour)
		rep := p.build(r)
		two, _, err := pdf.Render(rep.Document)
		p.ok(err)
		if !bytes.Equal(one, two) {
			t.Errorf("%s: an hour later the file is another", r)
		}
		numbers[rep.Document.ID] = true
	}
	if len(numbers) != 4 {
		t.Error("two readers' reports have the same number")
	}
}

func TestPV04JointProfileNeedsBothReleases(t *testing.T) {
	p := newPractice(t, clients.KindCouple)
	p.screens(clients.ScreenClear, clients.ScreenClear)
	a := p.quizOf(clients.SlotA, "icp-18", "3,3,2,1,2,3,1,1,2,3,2,1,3,3,4,2,3,3", 20)
	b := p.quizOf(clients.SlotB, "icp-18", "3,3,2,1,2,2,1,1,2,2,2,2,3,3,3,2,3,3", 20)
	give := func(s clients.Slot, item ids.ID, channels ...string) {
		t.Helper()
		_, err := p.clients.GiveRelease(ctx, clients.Release{CoupleID: p.couple.ID, Partner: s, ItemID: item, Channels: channels, State: clients.StateGiven, GivenOn: today, Way: "in person"})
		p.ok(err)
	}
	give(clients.SlotA, a.ID)
	if strings.Contains(p.words(p.build(clients.Us)), "Channels of closeness") {
		t.Error("one release made a joint profile")
	}
	give(clients.SlotB, b.ID, "EM", "IN", "EX", "SP")
	all := p.words(p.build(clients.Us))
	if !strings.Contains(all, "Channels chosen for this conversation") || !strings.Contains(all, "Emotional") {
		t.Error("the released channels are missing")
	}
	for _, word := range []string{"Sexual", "Affectionate", "All channels together", "prefer"} {
		if strings.Contains(all, word) {
			t.Errorf("%q tells of what was not released", word)
		}
	}
}

// A pause and a safety stop refuse the joint report in the same words; the others are made.
func TestPV30AReportThatMayNotBeMade(t *testing.T) {
	var said []string
	for _, stop := range []bool{true, false} {
		p := newPractice(t, clients.KindCouple)
		if stop {
			p.screens(clients.ScreenClear, clients.ScreenStop)
		} else {
			p.screens(clients.ScreenClear, clients.ScreenClear)
			h, err := p.clients.Header(ctx, clients.For(clients.CoachView, today), p.couple.ID, casebooktest.Start)
			p.ok(err)
			p.ok(p.clients.PauseEngagement(ctx, h.Engagement.ID, true))
		}
		_, err := p.reports.Build(ctx, reports.Request{Couple: p.couple.ID, Reader: clients.Us, Date: today})
		if !fault.Is(err, fault.Refused) {
			t.Fatalf("stop %v: %v", stop, err)
		}
		sentence, hint := fault.Words(err)
		said = append(said, sentence+hint)
		for _, r := range []clients.Reader{clients.A, clients.B, clients.CoachView} {
			p.build(r)
		}
	}
	single := newPractice(t, clients.KindSingle)
	for _, r := range []clients.Reader{clients.B, clients.Us} {
		_, err := single.reports.Build(ctx, reports.Request{Couple: single.couple.ID, Reader: r, Date: today})
		sentence, hint := fault.Words(err)
		said = append(said, sentence+hint)
	}
	for _, s := range said[1:] {
		if s != said[0] {
			t.Errorf("%q is not %q", s, said[0])
		}
	}
}

func TestALetterWithAnothersWordsIsStopped(t *testing.T) {
	p := full(t)
	id, err := p.notes.QuickNote(ctx, p.couple.ID, clients.B, "He told me that the old job was never really finished for him.", casebooktest.Start, "Europe/London")
	p.ok(err)
	p.ok(p.reports.SaveLetter(ctx, p.couple.ID, clients.A, "I wish you well. Remember: the old job was never really finished, so be patient."))
	rep := p.build(clients.A)
	if rep.Clean() || !strings.Contains(rep.Hits[0].Place, "letter") || rep.Hits[0].Source.Kind == "" {
		t.Errorf("hits: %+v", rep.Hits)
	}
	rep, err = p.reports.Build(ctx, reports.Request{Couple: p.couple.ID, Reader: clients.A, Date: today, Leave: map[reports.Section]bool{reports.CoachLetter: true}})
	if err != nil || !rep.Clean() {
		t.Errorf("left out, it is clean: %v %+v", err, rep.Hits)
	}
	if err := p.notes.DeleteNote(ctx, id); err != nil {
		t.Fatal(err)
	}
	if p.build(clients.A).Clean() {
		t.Error("a note in the bin is still B's")
	}
}

func TestALetterWithOtherClientsWordsIsStopped(t *testing.T) {
	p := full(t)
	other, err := p.clients.CreateCouple(ctx, clients.NewCouple{A: &clients.Person{Name: clients.Name{Given: "Cleo"}}})
	p.ok(err)
	_, err = p.notes.QuickNote(ctx, other, clients.CoachView, "The lighthouse keeper's daughter sold seven violins in one winter.", casebooktest.Start, "Europe/London")
	p.ok(err)
	p.ok(p.reports.SaveLetter(ctx, p.couple.ID, clients.Us, "Somebody's daughter sold seven violins in one winter, you know."))
	rep := p.build(clients.Us)
	if rep.Clean() {
		t.Error("another client's words were not found")
	}
}
