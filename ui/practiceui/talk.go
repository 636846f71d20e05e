package practiceui

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

// talksCard lists the conversations with what this reader may know of each.
func (t *tab) talksCard() fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for i := len(t.state.talks) - 1; i >= 0; i-- {
		k := t.state.talks[i]
		words := []string{k.At.Local().Format("2 January 2006"), k.Topic, text.T("talk.step", "step %d of 9", k.Step)}
		line := fyne.CanvasObject(kit.Paragraph(strings.Join(nonEmpty(words), " · ")))
		if t.coach() {
			line = kit.Frame(nil, nil, line, kit.HBox(0,
				kit.Quiet(text.T("talk.open", "Open"), func() { t.openForm(k) }),
				kit.Quiet(text.T("record.delete", "Delete"), func() { t.deleteTalk(k) })), nil)
		}
		lines = append(lines, line)
	}
	return kit.TitledCard(text.T("talk.title", "From conflict to connection"), nil, kit.VBox(6, lines...))
}

func (t *tab) deleteTalk(k practices.Talk) {
	store := t.deps.Practices
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return store.DeleteTalk(ctx, k.ID) }, func() {
		t.deps.Messages.Undo(text.T("talk.deleted", "The conversation was deleted."), func() {
			kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return store.RestoreTalk(ctx, k.ID) }, nil)
		})
	})
}

func (t *tab) newTalk() {
	t.openForm(practices.Talk{ID: ids.New(), Couple: t.rec.Couple, Zone: t.deps.Zone(), Record: practices.Record{At: t.deps.Now(), State: practices.ConversationOpen}})
}

func (t *tab) openForm(k practices.Talk) {
	form, err := practices.Conversation()
	if err != nil {
		t.deps.Messages.Show(err)
		return
	}
	t.form = newConversation(t, form, k)
	t.stack.Objects = append(t.stack.Objects[:1], t.form)
	t.stack.Objects[0].Hide()
	t.stack.Refresh()
}

func (t *tab) closeForm() {
	if t.form == nil {
		return
	}
	t.form.save()
	t.form = nil
	t.stack.Objects = t.stack.Objects[:1]
	t.stack.Objects[0].Show()
	t.stack.Refresh()
}

// conversation is the guided form: one step at a time, each answer for its audience.
type conversation struct {
	widget.BaseWidget
	tab   *tab
	form  *practices.ConversationForm
	talk  practices.Talk
	dirty bool
	step  int
	inner *fyne.Container
	body  fyne.CanvasObject
}

func newConversation(t *tab, form *practices.ConversationForm, k practices.Talk) *conversation {
	c := &conversation{tab: t, form: form, talk: k, step: min(k.Step, len(form.Steps)-1), inner: kit.VBox(12)}
	c.body = kit.ScrollPast(kit.Insets(16, 24, 24, 24, kit.AtMost(760, c.inner)))
	c.ExtendBaseWidget(c)
	c.fill()
	return c
}

// CreateRenderer is Fyne's.
func (c *conversation) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(c.body)
}

func (c *conversation) fill() {
	st := c.form.Steps[c.step]
	objects := []fyne.CanvasObject{
		kit.HBox(8, kit.Quiet(text.T("talk.back", "Back to the practices"), c.tab.closeForm), kit.Spacer(), kit.Soft(text.T("talk.step", "step %d of 9", c.step))),
		kit.Section(st.Title),
	}
	for _, s := range st.Do {
		objects = append(objects, kit.Paragraph("• "+s))
	}
	for _, f := range st.Fields {
		objects = append(objects, c.field(f)...)
	}
	nav := kit.HBox(8)
	if c.step > 0 {
		nav.Add(kit.Secondary(text.T("talk.previous", "Back"), func() { c.turn(c.step - 1) }))
	}
	if c.step < len(c.form.Steps)-1 {
		nav.Add(kit.Primary(text.T("talk.next", "Next step"), func() { c.turn(c.step + 1) }))
	} else {
		nav.Add(kit.Primary(text.T("talk.done", "Done"), c.finish))
	}
	nav.Add(kit.Spacer())
	nav.Add(kit.Quiet(text.T("talk.stop", "Stop here"), c.stop))
	c.inner.Objects = append(objects, nav)
	c.inner.Refresh()
}

// field is one thing to record: once for both, or once for each partner.
func (c *conversation) field(f practices.Field) []fyne.CanvasObject {
	label := func(s clients.Slot) string {
		names := strings.NewReplacer("{A}", c.tab.rec.Header.Partner(clients.SlotA).Short, "{B}", c.tab.rec.Header.Partner(clients.SlotB).Short)
		if s == "" {
			return names.Replace(f.Label)
		}
		return c.tab.rec.Header.Partner(s).Short + ": " + names.Replace(f.Label)
	}
	slots := []clients.Slot{""}
	if f.PerPartner() {
		slots = []clients.Slot{clients.SlotA, clients.SlotB}
	}
	var out []fyne.CanvasObject
	for _, s := range slots {
		colour, who := kit.ColorBoth, text.T("talk.for_both", "for both")
		switch {
		case f.Audience == practices.SafetyOnly:
			colour, who = kit.ColorCoach, text.T("talk.for_you", "for you alone")
		case s == clients.SlotA:
			colour, who = kit.ColorA, text.T("talk.own", "own")
		case s == clients.SlotB:
			colour, who = kit.ColorB, text.T("talk.own", "own")
		}
		out = append(out, kit.HBox(8, kit.NewLine(label(s)), kit.NewChip(who, colour)), c.input(f, s, colour))
	}
	return out
}

func (c *conversation) input(f practices.Field, s clients.Slot, colour fyne.ThemeColorName) fyne.CanvasObject {
	set := func(v string) { c.set(f.Key, s, v) }
	have := c.talk.Value(f.Key, s)
	switch f.Kind {
	case "yes_no", "choice":
		options := []kit.Option[string]{{Value: "", Label: "–"}}
		values := f.Options
		if f.Kind == "yes_no" {
			values = []string{"yes", "no"}
		}
		for _, v := range values {
			options = append(options, kit.Option[string]{Value: v, Label: c.optionWords(v)})
		}
		x := kit.NewChoice(options, set)
		x.SetValue(have)
		return x
	case "scale10":
		x := kit.NewAnswers(0, 10, nil, colour)
		var n int
		if _, err := fmt.Sscan(have, &n); err == nil {
			x.SetValue(n)
		}
		x.OnSet = func(v int, answered bool) {
			if !answered {
				set("")
				return
			}
			set(fmt.Sprint(v))
		}
		return x
	case "day":
		x := kit.NewDateField(c.tab.deps.Today, nil)
		x.SetValue(day.Day(have))
		x.Entry().OnLeave = func() {
			if v, err := x.Value(); err == nil {
				set(string(v))
			}
		}
		return x
	}
	x := kit.NewEntry("")
	if f.Kind == "list" || f.Kind == "text" {
		x = kit.NewArea("", 2)
	}
	x.SetText(have)
	x.OnChanged = func(v string) { set(strings.TrimSpace(v)) }
	return x
}

// optionWords is an option for a person: a partner by name, a code in its words.
func (c *conversation) optionWords(v string) string {
	switch v {
	case "A", "B":
		return c.tab.rec.Header.Partner(clients.Slot(v)).Short
	case "yes":
		return text.T("talk.yes", "yes")
	case "no":
		return text.T("talk.no", "no")
	}
	return strings.ReplaceAll(v, "_", " ")
}

func (c *conversation) set(key string, s clients.Slot, v string) {
	c.dirty = true
	if key == "topic" {
		c.talk.Topic = v
	}
	for i, a := range c.talk.Answers {
		if a.Key == key && a.Partner == s {
			c.talk.Answers[i].Value = v
			return
		}
	}
	c.talk.Answers = append(c.talk.Answers, practices.Answer{Key: key, Partner: s, Value: v})
}

func (c *conversation) turn(step int) {
	c.step = step
	c.talk.Step = max(c.talk.Step, step)
	c.dirty = true
	c.save()
	c.fill()
}

// save keeps what was entered; an answer that does not fit is named and the rest waits.
func (c *conversation) save() {
	if !c.dirty {
		return
	}
	c.dirty = false
	k, store := c.talk, c.tab.deps.Practices
	k.Answers = append([]practices.Answer(nil), c.talk.Answers...)
	kit.Do(c.tab.deps.Runner, c.tab.deps.Messages, func(ctx context.Context) error { return store.SaveTalk(ctx, k) }, nil)
}

// finish ends the conversation; what was agreed becomes an agreement of the couple.
func (c *conversation) finish() {
	c.talk.State, c.talk.Step, c.dirty = practices.ConversationHeld, len(c.form.Steps)-1, true
	if body := c.talk.Value("agreement", ""); body != "" {
		a := practices.Agreement{ID: ids.New(), Couple: c.talk.Couple, Conversation: c.talk.ID, Body: body, Agreed: c.tab.rec.Today(), Review: day.Day(c.talk.Value("review_on", "")), State: practices.InForce}
		k, store := c.talk, c.tab.deps.Practices
		c.dirty = false
		kit.Do(c.tab.deps.Runner, c.tab.deps.Messages, func(ctx context.Context) error {
			if err := store.SaveTalk(ctx, k); err != nil {
				return err
			}
			return store.SaveAgreement(ctx, a)
		}, nil)
	}
	c.tab.closeForm()
	c.tab.Reload()
}

// stop ends it at once; a private talk with each follows.
func (c *conversation) stop() {
	c.talk.State, c.dirty = practices.ConversationHalted, true
	c.tab.closeForm()
	c.tab.deps.Messages.Toast(text.T("talk.stopped", "Stopped. Talk with each alone before the next one."))
	c.tab.Reload()
}
