package reports_test

import (
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/sessions/practices"
)

// agreed is something that was agreed with one partner alone, and is theirs.
func (p *practice) agreed(subject, visibility, body string) ids.ID {
	id := ids.New()
	p.ok(p.cb.Write(ctx, "agreement.save", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO couple_agreement (id, couple_id, body, subject, visibility, agreed_on, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`, id, p.couple.ID, body, subject, visibility, today, tx.Now.UnixMilli())
		return err
	}))
	return id
}

func (p *practice) letter(to clients.Reader, body string) {
	p.t.Helper()
	p.ok(p.reports.SaveLetter(ctx, p.couple.ID, to, body))
}

// Names of other clients, and how they are reached, stand in no letter.
func TestLeakCheckKnowsOtherClients(t *testing.T) {
	p := newPractice(t, clients.KindCouple)
	p.screens(clients.ScreenClear, clients.ScreenClear)
	_, err := p.clients.CreateCouple(ctx, clients.NewCouple{
		A: &clients.Person{Name: clients.Name{Given: "Marguerite", Family: "Dubois"}, Phone: "+44 20 7946 0123", Email: "marguerite@example.org"},
		B: &clients.Person{Name: clients.Name{Given: "健", Family: "田中"}},
	})
	p.ok(err)
	for body, want := range map[string]string{
		"Another couple, Marguerite and her husband, did the same.": "marguerite",
		"Dubois, Marguerite told me so.":                            "dubois marguerite",
		"Call 020 7946 0123 in the evening.":                        "02079460123",
		"Write to Marguerite@Example.org, please.":                  "marguerite@example.org",
		"Ada and Ben, you came in May, and Grace said Will you?":    "",
		"You said that marguerites grow on the balcony.":            "",
	} {
		p.letter(clients.Us, body)
		rep := p.build(clients.Us)
		found := ""
		for _, h := range rep.Hits {
			found += h.Phrase + "\n"
		}
		if want == "" != rep.Clean() || !strings.Contains(found, want) {
			t.Errorf("%q: found %q, want %q", body, found, want)
		}
	}
}

// TestLeakCheckKnowsWhatIsFilledIn: what stands in a conversation that is not saved yet is
// private word for word, across its lines, for a report and for a file.
func TestLeakCheckKnowsWhatIsFilledIn(t *testing.T) {
	p := newPractice(t, clients.KindCouple)
	p.screens(clients.ScreenClear, clients.ScreenClear)
	felt := practices.Answer{Key: "feeling_words", Partner: clients.SlotA, Value: "the violin was\nsold before anybody knew"}
	talk := practices.Talk{ID: ids.New(), Couple: p.couple.ID, Zone: "Europe/Berlin", Record: practices.Record{At: p.cb.Now(), State: practices.ConversationOpen, Answers: []practices.Answer{felt}}}
	p.ok(p.tasks.KeepTalk(ctx, talk))
	words := "You told me the violin was sold before anybody knew."
	p.letter(clients.Us, words)
	rep := p.build(clients.Us)
	if len(rep.Hits) != 1 || rep.Hits[0].Phrase != "the violin was sold before anybody" || rep.Hits[0].Source.Kind != "a conversation" {
		t.Errorf("the report: %+v", rep.Hits)
	}
	p.letter(clients.Us, "")
	hits, err := p.reports.LeaksIn(ctx, clients.For(clients.Us, today), p.couple.ID, []reports.Part{{Place: "page 1", Text: words}})
	if err != nil || len(hits) != 1 || hits[0].Source.Kind != "draft.body" {
		t.Errorf("the file: %+v (%v)", hits, err)
	}
}

// What was found can stand for a reason, which the trace keeps as a code; what concerns
// safety cannot be told apart from a leak by any reason of the window.
func TestALeakThatIsNoneIsKeptWithItsReason(t *testing.T) {
	p := newPractice(t, clients.KindCouple)
	p.screens(clients.ScreenClear, clients.ScreenClear)
	item := p.agreed("B", "partner_B", "He will write to his brother about the house by Sunday")
	p.letter(clients.A, "I heard that he will write to his brother about the house.")
	rep := p.build(clients.A)
	if len(rep.Hits) != 1 || rep.Hits[0].Source.Of != clients.SlotB || rep.Hits[0].Source.ID != item.String() || rep.Hits[0].Source.Safety {
		t.Fatalf("hits %+v", rep.Hits)
	}
	key := rep.Hits[0].Key()
	r := reports.Request{Couple: p.couple.ID, Reader: clients.A, Date: today, Keep: map[string]reports.Why{key: reports.WhyKnown}}
	rep, err := p.reports.Build(ctx, r)
	if p.ok(err); !rep.Clean() {
		t.Fatalf("hits %+v", rep.Hits)
	}
	p.ok(p.reports.Record(ctx, rep, [32]byte{1}, 2, "letter.pdf"))
	log, err := traces.New(p.cb).Log(ctx, clients.For(clients.CoachView, today), traces.Filter{Kinds: []traces.Kind{traces.LeakKept}})
	if p.ok(err); len(log) != 1 || log[0].Was != key || log[0].Became != string(reports.WhyKnown) {
		t.Errorf("the trace says %+v", log)
	}
	p.letter(clients.A, "It was other words that he wrote about his brother and that house of theirs by Sunday.")
	if rep, err = p.reports.Build(ctx, r); err != nil || !rep.Clean() {
		t.Errorf("%v, %+v", err, rep.Hits)
	}
	p.letter(clients.A, "TOKENscreenB is what she said to me that day") // no phrase: short
	_, err = p.clients.RecordScreen(ctx, clients.Screen{CoupleID: p.couple.ID, PersonID: p.couple.B, Outcome: clients.ScreenClear, HeldOn: today, Body: "She feels safe at home with him and can speak freely"})
	p.ok(err)
	p.letter(clients.A, "She feels safe at home with him, and I am glad.")
	if rep = p.build(clients.A); len(rep.Hits) != 1 || !rep.Hits[0].Source.Safety || rep.Hits[0].Source.Of != "" {
		t.Errorf("hits %+v", rep.Hits)
	}
}

// A report says with which releases and questionnaires it was made, keeps that for ever,
// and is superseded once one of those releases is taken back.
func TestPV17ReportsAreFrozenAndSuperseded(t *testing.T) {
	p := newPractice(t, clients.KindCouple)
	p.screens(clients.ScreenClear, clients.ScreenClear)
	p.quizOf(clients.SlotA, "ras", "4,4,4,4,4,4,4", 5)
	item := p.agreed("B", "partner_B", "He cooks on Fridays")
	coach := clients.For(clients.CoachView, today)
	release, err := p.clients.GiveRelease(ctx, clients.Release{CoupleID: p.couple.ID, Partner: clients.SlotB, ItemID: item, GivenOn: today})
	p.ok(err)
	rep := p.build(clients.A)
	p.ok(p.reports.Record(ctx, rep, [32]byte{7}, 3, "a.pdf"))
	var used, instruments, sum string
	p.ok(p.cb.Reader().QueryRowContext(ctx, `SELECT releases, instruments, sha256 FROM report_made`).Scan(&used, &instruments, &sum))
	if used != strings.ReplaceAll(release.String(), "-", "") || !strings.HasPrefix(instruments, "ras@") || !strings.HasPrefix(sum, "07") {
		t.Errorf("made with %q and %q, hash %q", used, instruments, sum)
	}
	made := func() []reports.Made {
		l, err := p.reports.History(ctx, coach, p.couple.ID)
		p.ok(err)
		return l
	}
	if l := made(); len(l) != 1 || l[0].Superseded != "" {
		t.Fatalf("%+v", l)
	}
	p.clock.Move(1000)
	_, err = p.clients.WithdrawRelease(ctx, p.couple.ID, clients.SlotB, item, today, "by phone")
	p.ok(err)
	l := made()
	if l[0].Superseded != today || l[0].SHA256 != sum {
		t.Errorf("after the release was taken back: %+v", l)
	}
	copies, err := traces.New(p.cb).Exports(ctx, coach, traces.Filter{})
	if p.ok(err); len(copies) != 1 || copies[0].Superseded != today || copies[0].Name != "a.pdf" {
		t.Errorf("the register says %+v", copies)
	}
	again := p.build(clients.A)
	if again.Document.ID == rep.Document.ID {
		t.Error("a report of other content has the same number")
	}
	p.ok(p.reports.Record(ctx, again, [32]byte{8}, 3, "a2.pdf"))
	if l := made(); len(l) != 2 || l[0].Superseded != "" || l[1].Superseded != today {
		t.Errorf("made anew: %+v", l)
	}
	if err := p.cb.Write(ctx, "test", func(tx *casebook.Tx) error { _, err := tx.Exec(`UPDATE report_made SET releases = ''`); return err }); err == nil {
		t.Error("what a report was made with can be changed")
	}
}

// Nothing of the casebook stands in a file that somebody made elsewhere, without being found.
func TestLeaksInAFile(t *testing.T) {
	p := newPractice(t, clients.KindCouple)
	p.agreed("B", "partner_B", "He will write to his brother about the house by Sunday")
	p.agreed("both", "joint", "We have tea together every evening at nine o'clock")
	find := func(aud clients.Audience, couple ids.ID, text string) string {
		hits, err := p.reports.LeaksIn(ctx, aud, couple, []reports.Part{{Place: "page 1", Text: text}})
		p.ok(err)
		var out []string
		for _, h := range hits {
			out = append(out, h.Phrase)
		}
		return strings.Join(out, "; ")
	}
	as := func(r clients.Reader) clients.Audience { return clients.For(r, today) }
	for _, c := range []struct {
		name   string
		reader clients.Reader
		couple ids.ID
		text   string
		want   string
	}{
		{"B's agreement before A", clients.A, p.couple.ID, "He will write to his brother about everything", "he will write to his brother"},
		{"B's agreement before B", clients.B, p.couple.ID, "He will write to his brother about everything", ""},
		{"what both may see", clients.Us, p.couple.ID, "We have tea together every evening at nine o'clock", ""},
		{"the same before somebody else", "", ids.Nil, "We have tea together every evening at nine o'clock", "we have tea together every evening"},
		{"a short private text", clients.Us, p.couple.ID, "See TOKENsafecontact there", "tokensafecontact"},
		{"an address", clients.Us, p.couple.ID, "mail tokenmail@example.org now", "tokenmail@example.org"},
		{"a name before somebody else", "", ids.Nil, "Ada Testa was here", "ada testa"},
		{"nothing", clients.Us, p.couple.ID, "A good evening with other words altogether", ""},
		{"before the coach", clients.CoachView, p.couple.ID, "He will write to his brother about everything", ""},
	} {
		if got := find(as(c.reader), c.couple, c.text); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: found %q, want %q", c.name, got, c.want)
		}
	}
}
