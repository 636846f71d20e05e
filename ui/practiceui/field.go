package practiceui

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

// input is one field of the conversation for one partner, or for both.
type input struct {
	c      *conversation
	f      practices.Field
	slot   clients.Slot
	colour fyne.ThemeColorName
	box    *fyne.Container // what is asked, redrawn when it closes or opens
	error  *kit.Line
	twin   *input // the other partner's, for what opens when both have entered it
}

// field is one thing to record: once for both, or once for each partner.
func (c *conversation) field(f practices.Field) []fyne.CanvasObject {
	slots := []clients.Slot{""}
	if f.PerPartner() {
		slots = []clients.Slot{clients.SlotA, clients.SlotB}
	}
	var out []fyne.CanvasObject
	var all []*input
	for _, s := range slots {
		in := &input{c: c, f: f, slot: s, colour: kit.ColorBoth, box: kit.VBox(0), error: kit.Soft("").In(kit.ColorStop).Short()}
		in.error.Hide()
		who := text.T("talk.for_both", "for both")
		switch {
		case f.Audience == practices.SafetyOnly:
			in.colour, who = kit.ColorCoach, text.T("talk.for_you", "for coaches alone")
		case s == clients.SlotA:
			in.colour, who = kit.ColorA, text.T("talk.own", "own")
		case s == clients.SlotB:
			in.colour, who = kit.ColorB, text.T("talk.own", "own")
		}
		all = append(all, in)
		whole := kit.VBox(3, kit.Flow(8, kit.NewLine(c.label(f, s)), kit.NewChip(who, in.colour)), in.box, in.error)
		if f.Hint != "" && s != clients.SlotB {
			whole.Objects = append(whole.Objects[:1:1], append([]fyne.CanvasObject{kit.Hint(f.Hint)}, whole.Objects[1:]...)...)
		}
		out = append(out, whole)
	}
	if len(all) == 2 {
		all[0].twin, all[1].twin = all[1], all[0]
	}
	for _, in := range all {
		in.show()
	}
	return out
}

func (in *input) value() string { return in.c.talk.Value(in.f.Key, in.slot) }

// closed says that the value is not to be read on the screen now: the answer to the
// private question never, a rating of one partner until the other has entered theirs.
func (in *input) closed() bool {
	switch {
	case in.value() == "":
		return false
	case in.f.Audience == practices.SafetyOnly:
		return true
	}
	return in.f.OpensWhenBoth && !in.c.talk.BothEntered(in.f.Key)
}

func (in *input) show() {
	if !in.closed() {
		in.box.Objects = []fyne.CanvasObject{in.widget()}
		in.box.Refresh()
		return
	}
	words := text.T("talk.entered", "Entered. It is shown when both have entered it.")
	if in.f.Audience == practices.SafetyOnly {
		words = text.T("talk.answered", "Answered. Nothing here shows what.")
	}
	in.box.Objects = []fyne.CanvasObject{kit.HBox(8, kit.Soft(words), in.again())}
	in.box.Refresh()
}

// again lets the answer be given anew, without showing what it was.
func (in *input) again() *kit.Button {
	return kit.Quiet(text.T("talk.again", "Enter it again"), func() {
		in.set("")
		in.show()
		in.focus()
	})
}

func (in *input) focus() {
	driver := fyne.CurrentApp().Driver()
	canvas := driver.CanvasForObject(in.box)
	if canvas == nil {
		return
	}
	if f := kit.FirstFocusable(in.box); f != nil {
		canvas.Focus(f)
	}
}

// settle closes or opens what has just been entered, here and for the other partner.
func (in *input) settle() {
	in.show()
	in.twin.show()
	in.focus()
}

// set keeps the value if it fits the question, else it says why it does not.
func (in *input) set(v string) {
	a := practices.Answer{Key: in.f.Key, Partner: in.slot, Value: strings.TrimSpace(v)}
	in.take(a, in.c.form.CheckAnswer(a))
}

func (in *input) take(a practices.Answer, err error) {
	key := in.f.Key + string(in.slot)
	if err != nil {
		in.c.bad[key] = err
		sentence, _ := fault.Words(err)
		in.error.SetText(sentence)
		in.error.Show()
		return
	}
	delete(in.c.bad, key)
	in.error.Hide()
	in.c.set(a)
}

func (c *conversation) set(a practices.Answer) {
	if a.Key == "topic" {
		c.talk.Topic = a.Value
	}
	defer c.saver.Changed()
	for i, x := range c.talk.Answers {
		if x.Key == a.Key && x.Partner == a.Partner {
			c.talk.Answers[i].Value = a.Value
			return
		}
	}
	c.talk.Answers = append(c.talk.Answers, a)
}

func (in *input) widget() fyne.CanvasObject {
	have := in.value()
	switch in.f.Kind {
	case "yes_no", "choice":
		if in.f.Audience == practices.SafetyOnly {
			return in.private()
		}
		return in.choice(have)
	case "scale10":
		return in.scale(have)
	case "day":
		var x *kit.DateField
		x = kit.NewDateField(in.c.tab.deps.Today, func() {
			v, err := x.FieldValue(in.f.Key)
			in.take(practices.Answer{Key: in.f.Key, Partner: in.slot, Value: string(v)}, err)
		})
		setQuietly(x, day.Day(have))
		return kit.HBox(0, sized(200, x))
	case "time":
		return in.moment(have)
	case "minutes", "count":
		x := kit.NewEntry("")
		x.SetText(have)
		x.OnChanged = in.set
		return kit.HBox(0, sized(120, x))
	}
	x := kit.NewArea("", 2)
	x.SetText(have)
	x.OnChanged = in.set
	return x
}

// sized is a field as wide as what it holds, which grows with the text.
func sized(w float32, o fyne.CanvasObject) fyne.CanvasObject {
	return kit.Sized(w*theme.Size(kit.SizeBody)/14, 0, o)
}

// setQuietly shows a day without telling that it changed.
func setQuietly(x *kit.DateField, d day.Day) {
	tell := x.Entry().OnChanged
	x.Entry().OnChanged = nil
	x.SetValue(d)
	x.Entry().OnChanged = tell
}

func (in *input) choice(have string) fyne.CanvasObject {
	values := in.f.Options
	if in.f.Kind == "yes_no" {
		values = []string{"yes", "no"}
	}
	options := []kit.Option[string]{{Value: "", Label: "–"}}
	for _, v := range values {
		options = append(options, kit.Option[string]{Value: v, Label: in.c.optionWords(v)})
	}
	const side, room = 5, 700 // as many, and as wide, as stand side by side; more drop down
	if x := kit.NewSegments(options, in.set); len(options) <= side && x.MinSize().Width <= room {
		x.SetValue(have)
		return x
	}
	x := kit.NewChoice(options, in.set)
	x.SetValue(have)
	return kit.HBox(0, sized(260, x))
}

func (in *input) scale(have string) fyne.CanvasObject {
	x := kit.NewAnswers(0, 10, nil, in.colour)
	var n int
	if _, err := fmt.Sscan(have, &n); err == nil {
		x.SetValue(n)
	}
	x.OnSet = func(v int, answered bool) {
		if !answered {
			in.set("")
			return
		}
		in.set(fmt.Sprint(v))
		if in.f.OpensWhenBoth && x.Settled() {
			in.settle()
		}
	}
	if in.f.OpensWhenBoth {
		x.OnMove = in.settle
	}
	return x
}

// private asks the question that only the coach sees; a click closes it.
func (in *input) private() fyne.CanvasObject {
	row := kit.HBox(6)
	for _, v := range []string{"yes", "no"} {
		row.Add(kit.Secondary(in.c.optionWords(v), func() {
			in.set(v)
			in.c.saver.Flush(nil) // who is afraid is seen alone: that waits for nothing
			in.show()
			in.focus()
		}))
	}
	return row
}

// moment is a day and a time of day.
func (in *input) moment(have string) fyne.CanvasObject {
	loc, err := time.LoadLocation(in.c.talk.Zone)
	if err != nil {
		loc = time.UTC
	}
	clock := kit.NewEntry(text.T("talk.clock", "19:30"))
	var on *kit.DateField
	changed := func() {
		v, err := momentOf(in.f.Key, on, clock.Text, loc)
		in.take(practices.Answer{Key: in.f.Key, Partner: in.slot, Value: v}, err)
	}
	on = kit.NewDateField(in.c.tab.deps.Today, changed)
	if at, err := time.Parse(time.RFC3339, have); err == nil {
		setQuietly(on, day.Of(at.In(loc)))
		clock.SetText(at.In(loc).Format("15:04"))
	}
	clock.OnChanged = func(string) { changed() }
	return kit.HBox(8, sized(200, on), sized(90, clock))
}

// momentOf puts a day and a time of day together, nothing for neither.
func momentOf(key string, on *kit.DateField, clock string, loc *time.Location) (string, error) {
	d, err := on.FieldValue(key)
	clock = strings.TrimSpace(clock)
	if err != nil || d.IsZero() && clock == "" {
		return "", err
	}
	at, err := time.Parse("15:04", strings.ReplaceAll(clock, ".", ":"))
	if err != nil || d.IsZero() {
		return "", fault.Input(key, text.T("talk.moment", "Write the day and the time, such as %s and %s.", "2026-11-22", "19:30"))
	}
	return time.Date(d.Time().Year(), d.Time().Month(), d.Time().Day(), at.Hour(), at.Minute(), 0, 0, loc).Format(time.RFC3339), nil
}

// held is the day on which it was held: a talk at home is told days later.
func (c *conversation) held() fyne.CanvasObject {
	var x *kit.DateField
	wrong := kit.Soft("").In(kit.ColorStop).Short()
	wrong.Hide()
	x = kit.NewDateField(c.tab.deps.Today, func() {
		v, err := x.FieldValue("held")
		if err != nil || v.IsZero() || v > c.tab.rec.Today() {
			wrong.SetText(text.T("talk.held_when", "Write the day on which it was held."))
			wrong.Show()
			return
		}
		wrong.Hide()
		if n := v.Sub(heldOn(c.talk)); n != 0 {
			c.talk.At = c.talk.At.AddDate(0, 0, n)
			c.saver.Changed()
		}
	})
	setQuietly(x, heldOn(c.talk))
	return kit.VBox(3, kit.NewLine(text.T("talk.held_on", "Held on")), kit.HBox(0, sized(200, x)), wrong)
}
