package intake_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

func TestPipelineAndToday(t *testing.T) {
	d := open(t)
	second := must[ids.ID](t)(d.people.AddCoach(ctx, "Mara"))
	enquire := func(given, source string, coachID ids.ID) ids.ID {
		d.clock.Move(time.Minute)
		return must[ids.ID](t)(d.Create(ctx, intake.Enquiry{A: clients.Person{Name: clients.Name{Given: given}}, Source: source, CoachID: coachID}))
	}
	enquire("Waiting", "article", ids.Nil)
	early := enquire("Early", "friend", second)
	late := enquire("Late", "article", ids.Nil)
	ok(t, d.BookCall(ctx, late, casebooktest.Start.Add(30*time.Hour)))
	ok(t, d.BookCall(ctx, early, casebooktest.Start.Add(3*time.Hour)))
	gone := enquire("Gone", "", ids.Nil)
	ok(t, d.MoveEnquiry(ctx, gone, intake.ExitNoShow, "nobody answered"))
	thinking := enquire("Thinking", "", ids.Nil)
	ok(t, d.MoveEnquiry(ctx, thinking, intake.StageConsidering, ""))
	ok(t, d.Update(ctx, thinking, func(e *intake.Enquiry) error { e.NextOn = "2026-11-25"; return nil }))
	ok(t, d.Archive(ctx, enquire("Archived", "", ids.Nil), true))
	ok(t, d.Delete(ctx, enquire("Deleted", "", ids.Nil)))
	became := enquire("Became", "article", ids.Nil)
	couple := must[ids.ID](t)(d.Convert(ctx, became, intake.Conversion{Kind: clients.KindSingle, Coaches: []ids.ID{second}}))
	direct := must[ids.ID](t)(d.people.CreateCouple(ctx, clients.NewCouple{A: &clients.Person{Name: clients.Name{Given: "Direct"}}}))
	ok(t, d.MoveCouple(ctx, direct, intake.StageAgreementSigned, ""))

	for _, c := range []struct {
		aud     clients.Audience
		letters string
		want    string
	}{
		{coach, "LATE", "Late"},
		{coach, "gon", "Gone"},
		{coach, "archived", "Archived"},
		{coach, "became", ""}, // a record by now
		{coach, "deleted", ""},
		{partner, "late", ""},
	} {
		var names []string
		for _, x := range must[[]intake.Card](t)(d.Named(ctx, c.aud, c.letters, 5)) {
			names = append(names, x.Title)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%q names %q, want %q", c.letters, got, c.want)
		}
	}
	if two := must[[]intake.Card](t)(d.Named(ctx, coach, "", 2)); len(two) != 2 {
		t.Errorf("%d cards for a limit of 2", len(two))
	}

	columns := func(aud clients.Audience, f intake.PipelineFilter) string {
		var out []string
		for _, c := range must[[]intake.Column](t)(d.Pipeline(ctx, aud, f)) {
			for _, card := range c.Cards {
				if card.Stage != c.Stage {
					t.Errorf("%q stands in %s", card.Title, c.Stage)
				}
				out = append(out, string(c.Stage)+":"+card.Title)
			}
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		f    intake.PipelineFilter
		want string
	}{
		{intake.PipelineFilter{}, "enquiry:Waiting enquiry:Became call_booked:Early call_booked:Late considering:Thinking agreement_signed:Direct"},
		{intake.PipelineFilter{Closed: true, Text: "gone"}, "no_show:Gone"},
		{intake.PipelineFilter{Source: "article"}, "enquiry:Waiting enquiry:Became call_booked:Late"},
		{intake.PipelineFilter{Coach: second}, "enquiry:Became call_booked:Early"},
		{intake.PipelineFilter{Archived: true}, "enquiry:Archived"},
	} {
		if got := columns(coach, c.f); got != c.want {
			t.Errorf("%+v: %q, want %q", c.f, got, c.want)
		}
	}
	ok(t, d.people.DeleteCouple(ctx, couple))
	if got := columns(coach, intake.PipelineFilter{Text: "became"}); got != "" {
		t.Errorf("deleted, and still in the pipeline: %q", got)
	}
	for _, aud := range []clients.Audience{partner, clients.For(clients.B, onDay), clients.For(clients.Us, onDay), {}} {
		if got := columns(aud, intake.PipelineFilter{Closed: true}); got != "" {
			t.Errorf("%q sees the pipeline: %q", aud.Reader(), got)
		}
		v := must[intake.TodayView](t)(d.Today(ctx, aud, "2027-01-01", ids.Nil))
		if len(v.ToAnswer)+len(v.Calls)+len(v.FollowUps) != 0 {
			t.Errorf("%q sees what there is to do", aud.Reader())
		}
	}

	titles := func(v intake.TodayView) string {
		var out []string
		for _, c := range v.ToAnswer {
			out = append(out, "answer:"+c.Title)
		}
		for _, c := range v.Calls {
			out = append(out, "call:"+c.Title)
		}
		for _, f := range v.FollowUps {
			out = append(out, fmt.Sprintf("%s:%s:%s", f.FollowUp.Kind, f.Card.Title, f.FollowUp.On))
		}
		return strings.Join(out, " ")
	}
	on := func(today day.Day, by ids.ID) string {
		return titles(must[intake.TodayView](t)(d.Today(ctx, coach, today, by)))
	}
	for _, c := range []struct {
		today day.Day
		by    ids.ID
		want  string
	}{
		{onDay, ids.Nil, "answer:Waiting call:Early call:Late"},
		{onDay, second, "call:Early"},
		{"2026-11-23", ids.Nil, "answer:Waiting call:Early call:Late gentle_message:Gone:2026-11-23"},
		{"2026-12-01", ids.Nil, "answer:Waiting call:Early call:Late ask_again:Thinking:2026-11-25 gentle_message:Gone:2026-11-30"},
	} {
		if got := on(c.today, c.by); got != c.want {
			t.Errorf("%s: %q, want %q", c.today, got, c.want)
		}
	}
	ok(t, d.MarkFollowUp(ctx, gone, "2026-11-30", "2026-12-01"))
	if got := must[[]intake.Due](t)(d.FollowUpsDue(ctx, coach, "2026-12-01")); len(got) != 1 || got[0].Card.EnquiryID != thinking {
		t.Errorf("%+v", got)
	}
	ok(t, d.MarkFollowUp(ctx, gone, "2026-11-30", ""))
	if got := must[[]intake.Due](t)(d.FollowUpsDue(ctx, coach, "2026-12-01")); len(got) != 2 {
		t.Errorf("%+v", got)
	}
}
