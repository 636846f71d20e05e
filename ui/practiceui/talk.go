package practiceui

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

// fewTalks is how many conversations are listed before the rest is asked for.
const fewTalks = 5

// talksCard lists the conversations with what this reader may know of each, and what
// they come to.
func (t *tab) talksCard() fyne.CanvasObject {
	all := t.state.talks
	if len(all) == 0 {
		return nil
	}
	lines := kit.VBox(6)
	if words := t.figureWords(); words != "" {
		lines.Add(kit.Hint(words))
	}
	for i := len(all) - 1; i >= 0; i-- {
		if len(all)-i > fewTalks && !t.allTalks {
			lines.Add(kit.QuietRow(kit.Quiet(text.T("talk.show_all", "Show all %d conversations", len(all)), func() {
				t.allTalks = true
				t.fill(t.state)
			})))
			break
		}
		lines.Add(t.talkLine(all[i]))
	}
	return kit.TitledCard(text.T("talk.title", "From conflict to connection"), nil, lines)
}

func (t *tab) talkLine(k practices.Talk) fyne.CanvasObject {
	words := []string{heldOn(k).Words(), k.Topic, k.State.Words()}
	switch {
	case k.State == practices.ConversationOpen:
		words = append(words, stepWords(k.Step))
	case k.State == practices.ConversationHeld && k.Value("held_after", "") == "":
		words = append(words, t.followUpWords(k))
	}
	if t.state.typed[k.ID] {
		words = append(words, text.T("sessions.draft", "a draft waits"))
	}
	line := fyne.CanvasObject(kit.Paragraph(strings.Join(nonEmpty(words), " · ")))
	if !t.writes() {
		return line
	}
	return kit.Beside(line,
		kit.Quiet(text.T("talk.open", "Open"), func() { t.openForm(k) }),
		kit.Quiet(text.T("record.delete", "Delete"), func() { t.deleteTalk(k) }))
}

// heldOn is the day on the wall where it was held.
func heldOn(k practices.Talk) day.Day { return day.Of(day.Clock(k.At, k.Zone)) }

func stepWords(step int) string { return text.T("talk.step", "step %d of 9", step) }

func (t *tab) followUpWords(k practices.Talk) string {
	form, err := practices.Conversation()
	if err != nil {
		return ""
	}
	on := heldOn(k)
	return text.T("talk.follow_up", "follow up between %s and %s", on.Add(form.FollowUpHrs.From/24).Words(), on.Add(form.FollowUpHrs.To/24).Words())
}

// figureWords are the figures that this reader may have: joint facts for everybody, the
// middle of both partners' ratings where both are to be seen. A partner who reads alone
// gets no figure made of the other's ratings.
func (t *tab) figureWords() string {
	records := make([]practices.Record, len(t.state.talks))
	for i, k := range t.state.talks {
		records[i] = k.Record
	}
	n := practices.Summarise(records)
	if n.Held == 0 {
		return ""
	}
	words := []string{text.T("talk.held", "%d held", n.Held)}
	add := func(is bool, s string) {
		if is {
			words = append(words, s)
		}
	}
	add(n.Pauses > 0, text.T("talk.pauses", "pauses back on time: %d of %d", n.PausesOnTime, n.Pauses))
	add(n.Agreements > 0, text.T("talk.agreed", "with an agreement: %d of %d", n.Agreements, n.Held))
	add(n.Reviewed > 0, text.T("talk.kept_review", "kept at review: %d of %d", n.Kept, n.Reviewed))
	if n.ReconnectMedian != nil {
		add(true, text.T("talk.reconnect", "usual time until connected: %s minutes", number(*n.ReconnectMedian)))
	}
	if n.UnderstoodMedian != nil && t.rec.Audience.Slot() == "" {
		add(true, text.T("talk.understood", "felt understood, middle value: %s of 10", number(*n.UnderstoodMedian)))
	}
	return strings.Join(words, " · ")
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func (t *tab) deleteTalk(k practices.Talk) {
	store := t.deps.Practices
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return store.DeleteTalk(ctx, k) }, func() {
		t.deps.Messages.Undo(text.T("talk.deleted", "The conversation was deleted."), func() {
			kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return store.RestoreTalk(ctx, k.ID) }, nil)
		})
	})
}

// newTalk opens the guided form, unless the practice is closed for this couple.
func (t *tab) newTalk() {
	form, err := practices.Conversation()
	if err == nil {
		err = practices.TalkRefusal(form, t.state.situation)
	}
	if err != nil {
		t.deps.Messages.Show(err)
		return
	}
	t.openForm(practices.Talk{ID: ids.New(), Couple: t.rec.Couple, Zone: t.deps.Zone(), Record: practices.Record{At: t.deps.Now(), State: practices.ConversationOpen}})
}

func (t *tab) openForm(k practices.Talk) {
	form, err := practices.Conversation()
	if err != nil {
		t.deps.Messages.Show(err)
		return
	}
	c := newConversation(t, form, k)
	t.showForm(c)
	if t.state.typed[k.ID] { // it becomes part of the record when it is left
		c.saver.Changed()
	}
}

func (t *tab) showForm(c *conversation) {
	t.form = c
	t.stack.Objects = []fyne.CanvasObject{t.form}
	t.stack.Refresh()
}

// closeForm goes back to the list; what was entered is saved first.
func (t *tab) closeForm() {
	if t.form == nil {
		return
	}
	t.form.saver.Leave()
	t.form = nil
	t.stack.Objects = []fyne.CanvasObject{t.list}
	t.stack.Refresh()
}
