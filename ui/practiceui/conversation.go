package practiceui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

// The steps at which something ends: the talk itself, and all of it.
const (
	stepReconnect = 8
	stepFollowUp  = 9
)

// conversation is the guided form: one step at a time, each answer for its audience.
type conversation struct {
	widget.BaseWidget
	tab    *tab
	form   *practices.ConversationForm
	talk   practices.Talk
	step   int
	saver  *kit.Saver
	status *kit.Line
	at     *kit.Segments[int]
	bad    map[string]error // what is typed and does not fit, by field and partner
	page   *fyne.Container
	inner  *fyne.Container
	body   fyne.CanvasObject
}

func newConversation(t *tab, form *practices.ConversationForm, k practices.Talk) *conversation {
	c := &conversation{tab: t, form: form, talk: k, step: min(k.Step, len(form.Steps)-1), status: kit.Soft(""), bad: map[string]error{}, inner: kit.VBox(12)}
	store := t.deps.Practices
	c.saver = kit.NewSaver(t.deps.Env, kit.Saving{Keep: c.with(store.KeepTalk), Save: c.with(store.SaveTalk), Told: func() {
		c.status.SetText(text.T("quizzes.saved", "Saved %s", t.deps.Now().Format("15:04")))
	}})
	c.page = kit.ScrollPast(kit.Insets(16, 24, 24, 24, kit.AtMost(760, c.inner)))
	c.body = c.page
	c.ExtendBaseWidget(c)
	c.fill()
	return c
}

// CreateRenderer is Fyne's.
func (c *conversation) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(c.body)
}

// Parts lets tests and focus look inside.
func (c *conversation) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{c.body} }

// with holds what was entered still for a save.
func (c *conversation) with(save func(context.Context, practices.Talk) error) func() func(context.Context) error {
	return func() func(context.Context) error {
		k := c.still()
		return func(ctx context.Context) error { return save(ctx, k) }
	}
}

func (c *conversation) still() practices.Talk {
	k := c.talk
	k.Answers = slices.Clone(c.talk.Answers)
	return k
}

func (c *conversation) fill() {
	st := c.form.Steps[c.step]
	var steps []kit.Option[int]
	for _, s := range c.form.Steps {
		steps = append(steps, kit.Option[int]{Value: s.Number, Label: fmt.Sprint(s.Number)})
	}
	c.at = kit.NewSegments(steps, c.turn)
	c.at.SetValue(c.step)
	objects := []fyne.CanvasObject{
		kit.HBox(8, kit.Quiet(text.T("talk.back", "Back to the practices"), c.leave), kit.Spacer(), c.status),
		c.at,
		kit.Flow(8, kit.Section(fmt.Sprintf("%d  %s", st.Number, st.Title)), kit.Soft(minutesWords(st.Minutes))),
	}
	if st.Note != "" {
		objects = append(objects, kit.Hint(st.Note))
	}
	for _, s := range st.Do {
		objects = append(objects, kit.Paragraph("• "+s))
	}
	if c.step == 0 {
		objects = append(objects, c.held())
	}
	for _, f := range st.Fields {
		objects = append(objects, c.field(f)...)
	}
	c.inner.Objects = append(objects, c.nav())
	c.inner.Refresh()
}

func minutesWords(m practices.Minutes) string {
	if m.From == m.To {
		return text.N("talk.minutes", m.To, "1 minute", "%d minutes")
	}
	return text.T("talk.minutes_range", "%d to %d minutes", m.From, m.To)
}

func (c *conversation) nav() fyne.CanvasObject {
	nav := kit.Flow(8)
	if c.step > 0 {
		nav.Add(kit.Secondary(text.T("talk.previous", "Back"), func() { c.turn(c.step - 1) }))
	}
	switch c.step {
	case stepReconnect:
		nav.Add(kit.Primary(text.T("talk.done_today", "Done for today"), c.finish))
		nav.Add(kit.Secondary(text.T("talk.next", "Next step"), func() { c.turn(c.step + 1) }))
	case stepFollowUp:
		nav.Add(kit.Primary(text.T("talk.done", "Done"), c.finish))
	case 0:
		nav.Add(kit.Primary(text.T("talk.next", "Next step"), func() { c.turn(c.step + 1) }))
		nav.Add(kit.Secondary(text.T("talk.put_off", "Put it off"), c.putOff))
	default:
		nav.Add(kit.Primary(text.T("talk.next", "Next step"), func() { c.turn(c.step + 1) }))
	}
	if c.talk.State == practices.ConversationOpen {
		nav.Add(kit.Quiet(text.T("talk.stop", "Stop here…"), c.stop))
	}
	return nav
}

// turn goes to another step. Nobody goes past the first before both have said yes.
func (c *conversation) turn(step int) {
	err := c.wrong()
	if err == nil && step > 0 && c.talk.Step == 0 && !c.talk.MayBegin() {
		err = fault.New(fault.Refused, text.T("talk.not_ready", "It begins when both say yes to now."), text.T("talk.not_ready_hint", "Otherwise set a time within 24 hours and put it off."))
	}
	if err != nil {
		c.at.SetValue(c.step)
		c.tab.deps.Messages.Show(err)
		return
	}
	c.step = step
	if step > c.talk.Step {
		c.talk.Step = step
		c.saver.Changed()
	}
	c.saver.Flush(nil)
	c.fill()
	c.page.Objects[0].Refresh()
	kit.BringIntoView(c.page, c.inner.Objects[0])
}

// wrong is the first thing on this step that is typed and does not fit.
func (c *conversation) wrong() error {
	for _, f := range c.form.Steps[c.step].Fields {
		for _, s := range []clients.Slot{"", clients.SlotA, clients.SlotB} {
			if err := c.bad[f.Key+string(s)]; err != nil {
				return err
			}
		}
	}
	return nil
}

// leave goes back to the list once all is saved.
func (c *conversation) leave() {
	if err := c.wrong(); err != nil {
		c.tab.deps.Messages.Show(err)
		return
	}
	c.saver.Flush(func() {
		c.tab.closeForm()
		c.tab.Reload()
	})
}

// putOff keeps when it shall be instead.
func (c *conversation) putOff() {
	if c.talk.Value("postponed_to", "") == "" {
		c.tab.deps.Messages.Show(fault.New(fault.Refused, text.T("talk.put_off_when", "Say for when it is put off, within 24 hours."), ""))
		return
	}
	c.end(practices.ConversationPostponed)
}

// finish ends the talk, or all of it after the follow-up. What was agreed becomes an
// agreement of the couple.
func (c *conversation) finish() {
	state := practices.ConversationHeld
	if c.talk.Value("closed", "") == "yes" {
		state = practices.ConversationClosed
	}
	c.end(state)
}

func (c *conversation) end(state practices.ConversationState) {
	if err := c.wrong(); err != nil {
		c.tab.deps.Messages.Show(err)
		return
	}
	k, a, d := c.still(), c.agreement(), c.tab.deps
	k.State = state
	if state != practices.ConversationPostponed {
		k.Step = stepFollowUp // what comes next is the follow-up
	}
	c.saver.End(func(ctx context.Context) error { return d.Practices.FinishTalk(ctx, k, a) }, func() {
		c.tab.closeForm()
		c.tab.Reload()
	})
}

// agreement is what was agreed, empty if nothing was.
func (c *conversation) agreement() practices.Agreement {
	if kind := c.talk.Value("agreement_kind", ""); kind == "next_talk" || kind == "none" {
		return practices.Agreement{}
	}
	a := practices.Agreement{Body: c.talk.Value("agreement", ""), Agreed: heldOn(c.talk), Review: day.Day(c.talk.Value("review_on", ""))}
	if s := c.talk.Value("revised", ""); s != "" {
		a.Body = s
	}
	if who := c.talk.Value("agreement_who", ""); who != "" {
		a.Who = c.optionWords(who)
	}
	switch c.talk.Value("kept", "") {
	case "kept":
		a.State = practices.Kept
	case "partly":
		a.State = practices.Partial
	case "not_kept":
		a.State = practices.NotKept
	}
	return a
}

// stop ends it at once; a talk alone with each comes before the next one.
func (c *conversation) stop() {
	content := kit.VBox(6, kit.Paragraph(text.T("talk.stop_at", "Stop at once at any of these:")))
	for _, r := range c.form.StopRules {
		content.Add(kit.Paragraph("• " + r.Text))
	}
	content.Add(kit.Bold(text.T("talk.stop_then", "Then")))
	for _, s := range c.form.AfterStop {
		content.Add(kit.Paragraph("• " + s))
	}
	c.tab.deps.Dialogs.Open(kit.Dialog{Title: text.T("talk.stop_title", "Stop the conversation"), Content: content, OK: text.T("talk.stop_ok", "Stop it now"), OnOK: func(h *kit.Handle) {
		h.Close()
		c.talk.State = practices.ConversationHalted
		c.saver.Changed()
		c.saver.Flush(func() {
			c.tab.deps.Messages.Toast(text.T("talk.stopped", "Stopped. Each of them is seen alone before the next one."))
			c.tab.closeForm()
			c.tab.Reload()
		})
	}})
}

func (c *conversation) optionWords(v string) string {
	if v == "A" || v == "B" {
		return c.tab.short(clients.Slot(v))
	}
	return practices.OptionWords(v)
}

// label is what a field asks, of a partner or of both.
func (c *conversation) label(f practices.Field, s clients.Slot) string {
	names := strings.NewReplacer("{A}", c.tab.short(clients.SlotA), "{B}", c.tab.short(clients.SlotB))
	if s == "" {
		return names.Replace(f.Label)
	}
	return c.tab.short(s) + ": " + names.Replace(f.Label)
}
