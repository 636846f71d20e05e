package reportui

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/uitest"
)

func TestPartsPeriodAndPaper(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.sessionOn(30)
	w.sessionOn(3)
	w.open(clients.Us)
	headings := func() string {
		var out []string
		for _, b := range w.tab.current.report.Document.Blocks {
			if h, ok := b.(reports.Heading); ok {
				out = append(out, h.Text)
			}
		}
		return strings.Join(out, "|")
	}
	if !strings.Contains(headings(), "When we met") {
		t.Fatal(headings())
	}
	w.Tap("When we met")
	if strings.Contains(headings(), "When we met") {
		t.Error("the part left out is still there")
	}
	for _, s := range uitest.Texts(w.tab.sections) {
		if s == "How to read this" {
			t.Error("the note that every report carries can be left out")
		}
	}
	w.tab.from.SetValue(w.Today().On().Add(-10))
	w.tab.Reload()
	if got := w.tab.current.report.Request.From; got != w.Today().On().Add(-10) {
		t.Errorf("from %s", got)
	}
	w.tab.size = reports.Letter
	w.tab.Reload()
	if !bytes.Contains(w.tab.current.pdf, []byte("612.00 792.00")) {
		t.Error("the paper is not Letter")
	}
}

func (w *world) sessionOn(daysAgo int) {
	w.T.Helper()
	_, err := w.Sessions.Create(context.Background(), sessions.Session{Couple: w.couple, Kind: sessions.JointSession, Start: w.Clock.Now().AddDate(0, 0, -daysAgo), Zone: "Europe/Berlin", Minutes: 60, State: sessions.Held})
	w.Must(err)
}

// A channel can be left out of a joint profile, also one that both released.
func TestAChannelCanBeLeftOut(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	const answers = "3,3,2,1,2,3,1,1,2,3,2,1,3,3,4,2,3,3"
	w.release(clients.SlotA, w.took(clients.SlotA, answers, 20))
	w.release(clients.SlotB, w.took(clients.SlotB, answers, 20))
	w.open(clients.Us)
	w.MustNotSay("Channels in the profile")
	w.open(clients.CoachView)
	w.MustSay("Channels in the profile", "Sexual")
	w.Tap("Sexual")
	found := ""
	w.tab.current.report.Document.Walk(func(_, s string) { found += s + "\n" })
	if strings.Contains(found, "Sexual") || !strings.Contains(found, "Channels chosen for this conversation") {
		t.Error("the channel left out is told of")
	}
	w.tab.choose(clients.A)
	w.MustNotSay("Channels in the profile")
}
