package reports_test

import (
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/sessions/practices"
)

func (p *practice) give(s clients.Slot, items ...ids.ID) {
	p.t.Helper()
	for _, id := range items {
		_, err := p.clients.GiveRelease(ctx, clients.Release{CoupleID: p.couple.ID, Partner: s, ItemID: id, State: clients.StateGiven, GivenOn: today, Way: "in person"})
		p.ok(err)
	}
}

// textsOf are all texts of a report.
func textsOf(rep reports.Report) string {
	var b strings.Builder
	rep.Document.Walk(func(place, s string) { b.WriteString(place + ": " + s + "\n") })
	return b.String()
}

func csi(total int) string {
	out := make([]string, 16)
	for i := range out {
		out[i] = string(rune('0' + total/16))
		if i < total%16 {
			out[i] = string(rune('1' + total/16))
		}
	}
	return strings.Join(out, ",")
}

// A clear drop is in no part of a joint report, neither its words nor its numbers, until
// the coach says that it was talked about; its owner reads of it, gently (rule R-11).
func TestAClearDropIsPrivateFirst(t *testing.T) {
	p := newPractice(t, clients.KindCouple)
	p.screens(clients.ScreenClear, clients.ScreenClear)
	high, low := "4,3,2,2,2,2,0,1,2,2,2,2,3,3,3,3,3,3", "0,3,2,2,2,2,4,1,2,2,2,2,3,3,3,3,3,3"
	for s, second := range map[clients.Slot]string{clients.SlotA: low, clients.SlotB: high} {
		p.give(s, p.quizOf(s, "icp-18", high, 50).ID, p.quizOf(s, "icp-18", second, 10).ID)
	}
	p.give(clients.SlotA, p.quizOf(clients.SlotA, "csi-16", csi(60), 49).ID, p.quizOf(clients.SlotA, "csi-16", csi(41), 9).ID)
	p.give(clients.SlotB, p.quizOf(clients.SlotB, "csi-16", csi(60), 49).ID, p.quizOf(clients.SlotB, "csi-16", csi(62), 9).ID)

	joint := p.build(clients.Us)
	all := textsOf(joint)
	for _, not := range []string{"Emotional", "Couples Satisfaction", "went down", "points less", ": 41", ": 60"} {
		if strings.Contains(all, not) {
			t.Errorf("the joint report says %q before it was talked about", not)
		}
	}
	if !strings.Contains(all, "Channels chosen for this conversation") || !strings.Contains(all, "Intellectual") {
		t.Error("the other channels are missing")
	}
	if got := strings.Join(joint.Withheld, ","); got != "Emotional,Couples Satisfaction Index, 16 items" {
		t.Errorf("withheld: %s", got)
	}
	confirmed, err := p.reports.Build(ctx, reports.Request{Couple: p.couple.ID, Reader: clients.Us, Date: today, ConfirmDrops: true})
	p.ok(err)
	if all := textsOf(confirmed); !strings.Contains(all, "Emotional") || !strings.Contains(all, "Couples Satisfaction") || len(confirmed.Withheld) != 0 {
		t.Error("talked about, it is still kept out")
	}
	if own := textsOf(p.build(clients.A)); !strings.Contains(own, "19 points less") || !strings.Contains(own, "it is no failure") {
		t.Error("the own report does not say it gently")
	}
	if strings.Contains(textsOf(p.build(clients.B)), "points less") {
		t.Error("the other partner reads of the drop")
	}
}

// The note on low points at the start is in every report, left out or not (rule R-05).
func TestTheNoteOnLowPointsIsNeverLeftOut(t *testing.T) {
	p := full(t)
	for _, r := range []clients.Reader{clients.Us, clients.A, clients.B, clients.CoachView} {
		rep, err := p.reports.Build(ctx, reports.Request{Couple: p.couple.ID, Reader: r, Date: today, Leave: map[reports.Section]bool{reports.HowToRead: true}})
		p.ok(err)
		if !strings.Contains(textsOf(rep), "People often answer at a low point when they start.") {
			t.Errorf("%s: the note is missing", r)
		}
	}
}

// A partner's report has no couple's count beside their own: the difference would be the
// other partner's (rule PV-05). Fewer than five times are no percentage (rule R-09).
func TestPV05NoCountCanBeSubtracted(t *testing.T) {
	p := newPractice(t, clients.KindCouple)
	p.screens(clients.ScreenClear, clients.ScreenClear)
	a := practices.Assignment{ID: ids.New(), CoupleID: p.couple.ID, Practice: "pr-12", PracticeVersion: "1", Target: practices.ToBoth, Cadence: practices.Cadence{Text: "daily", Times: 1, Every: practices.EveryDay}, Starts: today.Add(-30), State: practices.Active}
	p.ok(p.tasks.Assign(ctx, a))
	for i := range 7 {
		for _, s := range []clients.Slot{clients.SlotA, clients.SlotB} {
			if s == clients.SlotB && i > 2 {
				continue
			}
			p.ok(p.tasks.SaveLog(ctx, practices.Log{ID: ids.New(), AssignmentID: a.ID, CoupleID: p.couple.ID, Partner: s, On: today.Add(-20 + i), Zone: "Europe/London", Result: practices.Done}))
		}
	}
	own, joint := textsOf(p.build(clients.A)), textsOf(p.build(clients.Us))
	if strings.Contains(own, "Together") || !strings.Contains(own, "7 (") {
		t.Errorf("A's report: %s", own)
	}
	if !strings.Contains(joint, "What you did, table row 1: 3\n") || strings.Contains(joint, "%") {
		t.Errorf("three times: %s", joint)
	}
}

// Every wish has a practice; while joint work is closed it is one to do alone.
func TestAWishComesWithAPractice(t *testing.T) {
	p := newPractice(t, clients.KindCouple)
	p.screens(clients.ScreenClear, clients.ScreenClear)
	p.quizOf(clients.SlotA, "icp-18", "3,1,2,2,1,2,1,4,2,2,3,2,2,4,3,3,3,2", 20)
	say := func() string {
		t.Helper()
		all := textsOf(p.build(clients.A))
		at := strings.Index(all, "Your strongest wish")
		if at < 0 {
			t.Fatal(all)
		}
		return all[at : at+200]
	}
	if s := say(); !strings.Contains(s, "**Listen to understand**") {
		t.Error(s)
	}
	h, err := p.clients.Header(ctx, clients.For(clients.CoachView, today), p.couple.ID, today.Time())
	p.ok(err)
	p.ok(p.clients.PauseEngagement(ctx, h.Engagement.ID, true))
	if s := say(); strings.Contains(s, "**Listen to understand**") {
		t.Errorf("on hold, a practice for two is named: %s", s)
	}
}

// A picture that speaks of both compares what both answered at the same time and
// released: anything else is left out, and its absence tells nothing (rule PV-04).
func TestPV04AJointReportComparesTheSameTimes(t *testing.T) {
	const answers = "3,3,2,1,2,3,1,1,2,3,2,1,3,3,4,2,3,3"
	p := newPractice(t, clients.KindCouple)
	p.screens(clients.ScreenClear, clients.ScreenClear)
	p.give(clients.SlotA, p.quizOf(clients.SlotA, "icp-18", answers, 50).ID)
	p.give(clients.SlotB, p.quizOf(clients.SlotB, "icp-18", answers, 10).ID)
	for _, w := range []struct {
		s       clients.Slot
		daysAgo int
	}{{clients.SlotA, 30}, {clients.SlotA, 23}, {clients.SlotB, 23}, {clients.SlotB, 16}} {
		p.give(w.s, p.quizOf(w.s, "pulse", "7,6,5,4,3", w.daysAgo).ID)
	}
	joint := textsOf(p.build(clients.Us))
	for _, not := range []string{"Channels of closeness", "Where your wishes meet and differ", "Emotional"} {
		if strings.Contains(joint, not) {
			t.Errorf("the start of one and the end of the other are compared: %q", not)
		}
	}
	if !strings.Contains(joint, "2 answers to each question.") {
		t.Error("the week that both answered is not the only one")
	}
	p.give(clients.SlotA, p.quizOf(clients.SlotA, "icp-18", answers, 4).ID)
	joint = textsOf(p.build(clients.Us))
	if !strings.Contains(joint, "Channels of closeness") || strings.Contains(joint, "Ada then") {
		t.Error("the end of both is not shown, or the start of one stands beside it")
	}
}

// A change has its plural, and its half point where the table has one (rules ).
func TestAChangeIsSaidAsItStandsInTheTable(t *testing.T) {
	p := newPractice(t, clients.KindCouple)
	p.quizOf(clients.SlotA, "csi-16", csi(60), 49)
	p.quizOf(clients.SlotA, "csi-16", csi(59), 9)
	p.quizOf(clients.SlotA, "icp-18", "2,2,2,2,2,2,2,2,2,2,2,2,2,2,2,2,2,2", 49)
	p.quizOf(clients.SlotA, "icp-18", "3,3,2,2,2,2,2,1,2,2,2,2,2,2,2,2,2,2", 9)
	own := textsOf(p.build(clients.A))
	for _, want := range []string{"Then and now: 1 point less.", "Emotional: 12.5 points more.", "Intellectual: 25 points more.", "The score runs from 0 to 81."} {
		if !strings.Contains(own, want) {
			t.Errorf("missing: %s", want)
		}
	}
}

// The coach reads about the clients, by name, and in no sentence of a "you".
func TestTheCoachReadsAboutThem(t *testing.T) {
	p := full(t)
	p.build(clients.CoachView).Document.Walk(func(place, s string) {
		if strings.HasPrefix(place, "Practice sheets") {
			return // to be handed out
		}
		if strings.Contains(strings.ToLower(s)+" ", "you ") || strings.Contains(s, "A − B") {
			t.Errorf("%s: %s", place, s)
		}
	})
}
