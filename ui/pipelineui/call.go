package pipelineui

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// How often the clock of the call is looked at, and how soon what was typed is kept.
const (
	clockPause = 15 * time.Second
	savePause  = time.Second
)

// callSheet is the discovery call: its parts with their minutes, the sheet, and the
// decision. Everything on it is the coach's alone.
type callSheet struct {
	widget.BaseWidget
	page   *Page
	call   intake.Call
	began  time.Time
	clock  *kit.Line
	status *kit.Line
	total  *kit.Line
	stops  []func()
	save   func()
	dirty  bool
	body   fyne.CanvasObject
}

func (p *Page) openCall(c intake.Call) {
	p.closeCall()
	p.call = newCallSheet(p, c)
	p.show(p.call)
}

func (p *Page) closeCall() {
	if p.call == nil {
		return
	}
	p.call.leave()
	p.call = nil
}

func newCallSheet(p *Page, c intake.Call) *callSheet {
	s := &callSheet{page: p, call: c, began: c.HeldAt, clock: kit.Bold(""), status: kit.Soft(""), total: kit.Soft("")}
	if s.began.IsZero() {
		s.began = p.deps.Now()
	}
	head := kit.HBox(8, kit.Quiet(text.T("call.back", "Back to the enquiry"), s.back), s.clock, kit.Spacer(), s.status, kit.Primary(text.T("call.finish", "Finish the call"), s.finish))
	objects := []fyne.CanvasObject{kit.HBox(8, kit.Section(text.T("call.title", "Discovery call")), kit.NewChip(text.T("talk.for_you", "for you alone"), kit.ColorCoach))}
	fields := intake.CallSheet()
	for _, ph := range intake.Phases() {
		title := ph.Title
		if ph.To > 0 {
			title = fmt.Sprintf("%s (%d–%d min)", ph.Title, ph.From, ph.To)
		}
		box := kit.VBox(8)
		for _, a := range ph.Ask {
			box.Add(kit.Hint("• " + a))
		}
		for _, f := range fields {
			if f.Phase == ph.Key {
				box.Add(kit.NewLine(f.Label))
				if f.Hint != "" {
					box.Add(kit.Hint(f.Hint))
				}
				box.Add(s.input(f))
			}
		}
		objects = append(objects, kit.TitledCard(title, nil, box))
	}
	s.body = kit.Frame(kit.Insets(12, 8, 24, 24, head), nil, kit.ScrollPast(kit.Insets(8, 24, 24, 24, kit.AtMost(760, kit.VBox(16, objects...)))), nil, nil)
	s.ExtendBaseWidget(s)
	s.tick()
	return s
}

// CreateRenderer is Fyne's.
func (s *callSheet) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.body) }

// tick says how far the call is and which part is on.
func (s *callSheet) tick() {
	if s.call.Minutes == 0 {
		minutes := int(s.page.deps.Now().Sub(s.began).Minutes())
		s.clock.SetText(text.T("call.clock", "minute %d of %d · %s", minutes, intake.CallMinutes, intake.PhaseAt(minutes).Title))
		s.stops = append(s.stops[:0], s.page.deps.Schedule.After(clockPause, s.tick))
	}
	if sum, rated := s.call.Sheet.Fit.Total(); rated > 0 {
		words := text.T("fit.total", "%d of 12", sum)
		if s.call.Sheet.Fit.Unsafe() {
			words += " · " + text.T("fit.unsafe", "not safe: that overrides the total")
		}
		s.total.SetText(words)
	}
}

// input is the widget of one field of the sheet, bound to its place by the key.
func (s *callSheet) input(f intake.CallField) fyne.CanvasObject {
	switch f.Kind {
	case "choice", "yes_no":
		options := []kit.Option[string]{{Value: "", Label: "–"}}
		if f.Kind == "yes_no" {
			options = append(options, kit.Option[string]{Value: "yes", Label: text.T("sheet.yes", "Yes")}, kit.Option[string]{Value: "no", Label: text.T("sheet.no", "No")})
		}
		for _, o := range f.Options {
			options = append(options, kit.Option[string]{Value: o.Value, Label: o.Label})
		}
		c := kit.NewChoice(options, func(v string) { s.setText(f.Key, v) })
		c.SetValue(s.getText(f.Key))
		return c
	case "many":
		box := kit.Flow(8)
		list := s.list(f.Key)
		for _, o := range f.Options {
			k := kit.NewCheck(o.Label, nil)
			k.SetChecked(slices.Contains(*list, o.Value))
			k.OnChanged = func(on bool) {
				*list = slices.DeleteFunc(*list, func(v string) bool { return v == o.Value })
				if on {
					*list = append(*list, o.Value)
				}
				s.changed()
			}
			box.Add(k)
		}
		return box
	case "scale10":
		return s.scale(s.number(f.Key), 0, 10)
	case "fit":
		box := kit.VBox(6)
		for _, it := range s.call.Sheet.Fit.Items() {
			box.Add(kit.Columns(12, []float32{300, 0}, kit.Soft(it.Label), s.scale(s.fit(it.Key), 0, 2)))
		}
		box.Add(s.total)
		return box
	case "day":
		x := kit.NewDateField(s.page.deps.Today, nil)
		x.SetValue(*s.day(f.Key))
		x.Entry().OnLeave = func() {
			if v, err := x.Value(); err == nil {
				*s.day(f.Key) = v
				s.changed()
			}
		}
		return x
	case "number":
		e := kit.NewEntry("")
		if n := *s.number(f.Key); n != nil {
			e.SetText(strconv.Itoa(*n))
		}
		e.OnChanged = func(v string) {
			*s.number(f.Key) = nil
			if n, err := strconv.Atoi(strings.TrimSpace(v)); err == nil {
				*s.number(f.Key) = &n
			}
			s.changed()
		}
		return e
	}
	e := kit.NewArea("", 2)
	e.SetText(s.getText(f.Key))
	e.OnChanged = func(v string) { s.setText(f.Key, strings.TrimSpace(v)) }
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

func (s *callSheet) changed() {
	s.dirty = true
	if s.save != nil {
		s.save()
	}
	s.save = s.page.deps.Schedule.After(savePause, s.keep)
	s.tick()
}

// keep saves the sheet as it stands.
func (s *callSheet) keep() {
	if !s.dirty {
		return
	}
	s.dirty = false
	deps, id, sheet := s.page.deps, s.call.ID, s.call.Sheet
	kit.Do(deps.Runner, deps.Messages, func(ctx context.Context) error {
		return deps.Intake.UpdateCall(ctx, id, func(c *intake.Call) error { c.Sheet = sheet; return nil })
	}, func() { s.status.SetText(text.T("quizzes.saved", "Saved %s", deps.Now().Format("15:04"))) })
}

func (s *callSheet) leave() {
	for _, stop := range s.stops {
		stop()
	}
	s.keep()
}

func (s *callSheet) back() {
	s.page.closeCall()
	s.page.Reload()
}

// finish ends the call; the decision moves the stage.
func (s *callSheet) finish() {
	deps, id, sheet := s.page.deps, s.call.ID, s.call.Sheet
	minutes := max(1, int(deps.Now().Sub(s.began).Minutes()))
	kit.Do(deps.Runner, deps.Messages, func(ctx context.Context) error {
		return deps.Intake.FinishCall(ctx, id, func(c *intake.Call) error {
			c.Sheet = sheet
			if c.Minutes == 0 {
				c.Minutes = minutes
			}
			return nil
		})
	}, func() {
		s.dirty = false
		deps.Messages.Toast(text.T("call.finished", "The call is kept."))
		s.back()
	})
}
