package pipelineui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// sheet is the parts of the call in order, each with what to ask and its fields.
func (s *callSheet) sheet(e intake.Enquiry) fyne.CanvasObject {
	objects := []fyne.CanvasObject{kit.HBox(12, kit.Section(text.T("call.title", "Discovery call")), forYou())}
	fields := intake.NamedCallSheet(e.A.Short(), e.B.Short())
	for _, ph := range intake.Phases() {
		title := ph.Title
		if ph.To > 0 {
			title = fmt.Sprintf("%s (%d–%d min)", ph.Title, ph.From, ph.To)
		}
		ask := kit.VBox(2)
		for _, a := range ph.Ask {
			ask.Add(kit.Hint("• " + a))
		}
		box := kit.VBox(12, ask)
		for _, f := range fields {
			if f.Phase == ph.Key {
				box.Add(s.field(f))
			}
		}
		objects = append(objects, kit.TitledCard(title, nil, box))
	}
	return kit.VBox(16, objects...)
}

// field is a label, the widget, and room for what is not right yet.
func (s *callSheet) field(f intake.CallField) fyne.CanvasObject {
	wrong := kit.Soft("").In(kit.ColorStop).Short()
	wrong.Hide()
	s.errors[f.Key] = wrong
	box := kit.VBox(3, kit.Soft(f.Label).Short(), s.input(f))
	if f.Hint != "" {
		box.Add(kit.Hint(f.Hint))
	}
	box.Add(wrong)
	return box
}

// wrong says under a field what is not right, or with "" that it is.
func (s *callSheet) wrong(key, sentence string) {
	line := s.errors[key]
	if line.Text == sentence {
		return
	}
	line.SetText(sentence)
	setShown(line, sentence != "")
	s.body.Refresh()
}

// unreadable says that what stands in a field cannot be read, or that it can again.
func (s *callSheet) unreadable(key string, is bool, sentence string) {
	s.unread[key] = is
	if !is {
		sentence = ""
	}
	s.wrong(key, sentence)
}

// forYou says that what follows is the coach's alone, with the lock.
func forYou() fyne.CanvasObject {
	return kit.HBox(4, kit.Sized(14, 14, widget.NewIcon(kit.Icon("lock", kit.ColorCoach))), kit.NewChip(text.T("talk.for_you", "for coaches alone"), kit.ColorCoach))
}

// input is the widget of one field of the sheet, bound to its place by the key.
func (s *callSheet) input(f intake.CallField) fyne.CanvasObject {
	switch f.Kind {
	case "choice", "yes_no":
		return s.choice(f)
	case "many":
		return s.many(f)
	case "scale10":
		return s.scale(s.number(f.Key), 0, 10)
	case "fit":
		box := kit.VBox(6)
		for _, it := range s.call.Sheet.Fit.Items() {
			box.Add(kit.Columns(12, []float32{300, 0}, kit.NewLine(it.Label).Short(), s.scale(s.fit(it.Key), 0, 2)))
		}
		box.Add(s.total)
		return box
	case "day":
		return kit.AtMost(220, s.dayField(f))
	case "number":
		return kit.AtMost(220, s.numberField(f))
	}
	e := kit.NewArea("", 2)
	e.SetText(s.getText(f.Key))
	e.OnChanged = func(v string) { s.setText(f.Key, strings.TrimSpace(v)) }
	return e
}

func (s *callSheet) choice(f intake.CallField) fyne.CanvasObject {
	options := []kit.Option[string]{{Value: "", Label: "–"}}
	if f.Kind == "yes_no" {
		options = append(options, kit.Option[string]{Value: "yes", Label: text.T("sheet.yes", "Yes")}, kit.Option[string]{Value: "no", Label: text.T("sheet.no", "No")})
	}
	for _, o := range f.Options {
		options = append(options, kit.Option[string]{Value: o.Value, Label: o.Label})
	}
	c := kit.NewChoice(options, func(v string) { s.setText(f.Key, v) })
	c.SetValue(s.getText(f.Key))
	return kit.AtMost(420, c)
}

func (s *callSheet) many(f intake.CallField) fyne.CanvasObject {
	box := kit.Flow(8)
	list := s.list(f.Key)
	for _, o := range f.Options {
		k := kit.NewCheck(o.Label, nil)
		k.SetChecked(slices.Contains(*list, o.Value))
		k.OnChanged = func(on bool) {
			kit.Touch()
			*list = slices.DeleteFunc(slices.Clone(*list), func(v string) bool { return v == o.Value })
			if on {
				*list = append(*list, o.Value)
			}
			s.changed()
		}
		box.Add(k)
	}
	return box
}

func (s *callSheet) dayField(f intake.CallField) fyne.CanvasObject {
	var x *kit.DateField
	x = kit.NewDateField(s.page.deps.Today, func() {
		v, err := x.Value()
		if err != nil {
			return // it is still being typed; leaving the field says so
		}
		if *s.day(f.Key) != v {
			*s.day(f.Key) = v
			s.changed()
		}
	})
	x.SetValue(*s.day(f.Key))
	tidy := x.Entry().OnLeave
	x.Entry().OnLeave = func() {
		tidy()
		_, err := x.Value()
		s.unreadable(f.Key, err != nil, text.T("sheet.day", "Write the day like 2026-11-22."))
	}
	return x
}

func (s *callSheet) numberField(f intake.CallField) fyne.CanvasObject {
	e := kit.NewEntry("")
	if n := *s.number(f.Key); n != nil {
		e.SetText(strconv.Itoa(*n))
	}
	e.OnChanged = func(v string) {
		at := s.number(f.Key)
		v = strings.TrimSpace(v)
		n, err := strconv.Atoi(v)
		s.unreadable(f.Key, v != "" && err != nil, text.T("sheet.whole", "Write a whole number."))
		if *at = nil; err == nil {
			*at = &n
		}
		s.changed()
	}
	return e
}

func (s *callSheet) scale(at **int, low, high int) fyne.CanvasObject {
	a := kit.NewAnswers(low, high, nil, kit.ColorCoach)
	if *at != nil {
		a.SetValue(**at)
	}
	a.OnSet = func(v int, answered bool) {
		*at = nil
		if answered {
			*at = &v
		}
		s.changed()
	}
	return a
}

// texts are the places of the sheet that hold words.
func (s *callSheet) texts() map[string]*string {
	x := &s.call.Sheet
	return map[string]*string{
		"participants": &x.Participants, "mode": &x.Mode, "source": &x.Source, "free_to_speak": &x.FreeToSpeak, "concern": &x.Concern, "partner_knows": &x.PartnerKnows, "intent": &x.Intent,
		"hope": &x.Hope, "strengths": &x.Strengths, "prior_help": &x.PriorHelp, "decision": (*string)(&x.Decision), "reason_code": &x.ReasonCode, "next_step": &x.NextStep, "next_owner": &x.NextOwner, "promised": &x.Promised, "reaction": &x.Reaction,
	}
}

func (s *callSheet) getText(key string) string {
	if p, ok := s.texts()[key]; ok {
		return *p
	}
	return ""
}

func (s *callSheet) setText(key, v string) {
	if p, ok := s.texts()[key]; ok {
		*p = v
		s.changed()
	}
}

func (s *callSheet) list(key string) *[]string {
	if key == "exclusions" {
		return &s.call.Sheet.Exclusions
	}
	return &s.call.Sheet.ConcernCodes
}

func (s *callSheet) number(key string) **int {
	x := &s.call.Sheet
	switch key {
	case "readiness_a":
		return &x.ReadinessA
	case "readiness_b":
		return &x.ReadinessB
	case "now":
		return &x.Now
	}
	return &x.Months
}

func (s *callSheet) fit(key string) **int {
	f := &s.call.Sheet.Fit
	return map[string]**int{"goal": &f.Goal, "willing": &f.Willing, "safe": &f.Safe, "competence": &f.Competence, "means": &f.Means, "rapport": &f.Rapport}[key]
}

func (s *callSheet) day(key string) *day.Day {
	x := &s.call.Sheet
	switch key {
	case "notes_consent_a":
		return &x.NotesConsentA
	case "notes_consent_b":
		return &x.NotesConsentB
	}
	return &x.NextOn
}
