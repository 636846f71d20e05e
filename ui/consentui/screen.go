package consentui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

func outcomeWords(s clients.Outcome) string {
	switch s {
	case clients.ScreenClear:
		return text.T("screen.clear", "clear")
	case clients.ScreenDiscuss:
		return text.T("screen.discuss", "to be discussed before joint work")
	case clients.ScreenStop:
		return text.T("screen.stop", "stops joint work")
	}
	return text.T("screen.declined", "declined")
}

func outcomeColor(s clients.Outcome) fyne.ThemeColorName {
	switch s {
	case clients.ScreenClear:
		return kit.ColorGood
	case clients.ScreenStop:
		return kit.ColorStop
	}
	return kit.ColorCare
}

// screensOf are the screens of a person, the latest first.
func (t *tab) screensOf(p clients.Person) []clients.Screen {
	var out []clients.Screen
	for _, s := range t.state.screens {
		if s.PersonID == p.ID {
			out = append(out, s)
		}
	}
	return out
}

// screenPart is how the last talk alone with a person ended, for the coach.
func (t *tab) screenPart(p clients.Person) fyne.CanvasObject {
	all, key := t.screensOf(p), p.ID.String()
	lines := kit.VBox(4)
	for _, s := range all {
		if !s.Current {
			continue
		}
		words := s.HeldOn.Words()
		if s.Supervisor != "" {
			words += " · " + text.T("screen.with", "discussed with %s", s.Supervisor)
		}
		lines.Add(kit.Frame(nil, kit.HBox(8, kit.NewChip(outcomeWords(s.Outcome), outcomeColor(s.Outcome))), kit.Insets(0, 0, 8, 0, kit.NewLine(words).Short()), nil, nil))
	}
	if len(lines.Objects) == 0 {
		lines.Add(kit.Hint(text.T("screen.none", "No talk alone with this person yet.")))
	}
	actions := kit.HBox(4)
	if len(all) > 0 {
		actions.Add(t.act("screens "+key, text.T("overview.history", "History"), func() { t.screenHistory(p) }))
	}
	actions.Add(t.act("screen "+key, text.T("person.record_screen", "Record a screen"), func() { t.screen(p) }))
	return kit.VBox(4, kit.Beside(kit.Bold(text.T("person.screen", "Safety screen")), actions.Objects...), lines)
}

// screenHistory shows every screen of a person, with what was said.
func (t *tab) screenHistory(p clients.Person) {
	lines := kit.VBox(14)
	for _, s := range t.screensOf(p) {
		entry := kit.VBox(2, kit.HBox(8, kit.NewChip(outcomeWords(s.Outcome), outcomeColor(s.Outcome)), kit.Bold(s.HeldOn.Words())))
		if s.Body != "" {
			entry.Add(kit.Paragraph(s.Body))
		}
		if s.Supervisor != "" {
			entry.Add(kit.Hint(text.T("screen.with", "discussed with %s", s.Supervisor)))
		}
		if s.Reason != "" {
			entry.Add(kit.Hint(text.T("screen.why", "Why joint work may go on: %s", s.Reason)))
		}
		lines.Add(entry)
	}
	t.showHistory(text.T("screen.history", "Safety screens of %s", p.Short()), lines)
}

func (t *tab) screen(p clients.Person) {
	d := t.deps
	var outcomes []kit.Option[clients.Outcome]
	for _, s := range []clients.Outcome{clients.ScreenClear, clients.ScreenDiscuss, clients.ScreenStop, clients.ScreenDeclined} {
		outcomes = append(outcomes, kit.Option[clients.Outcome]{Value: s, Label: kit.Upper(outcomeWords(s))})
	}
	outcome := kit.NewChoice(outcomes, nil)
	on := kit.NewDateField(d.Today, nil)
	on.SetValue(d.today())
	body, supervisor, reason := kit.NewArea("", 4), kit.NewEntry(""), kit.NewEntry("")
	fields := []kit.Field{
		{Key: "outcome", Label: text.T("screen.outcome", "What you concluded"), Widget: outcome, Half: true},
		{Key: "held_on", Label: text.T("screen.held", "Spoken on"), Widget: on, Half: true},
		{Key: "body", Label: text.T("screen.body", "What was said, alone with you"), Widget: body, Hint: text.T("screen.private", "For coaches alone. It is in no report, no search and no list.")},
		{Key: "supervisor", Label: text.T("screen.supervisor", "Discussed with"), Widget: supervisor},
	}
	if t.stopped(p) {
		fields = append(fields, kit.Field{Key: "reason", Label: text.T("screen.reason", "Why joint work may go on after a stop"), Widget: reason})
	}
	couple := t.shown.Couple
	d.Dialogs.Form(text.T("screen.title", "Safety screen of %s", p.Short()), text.T("record.save", "Save"), kit.NewForm(fields...), func(ctx context.Context) error {
		held, err := on.FieldValue("held_on")
		if err != nil {
			return err
		}
		what, _ := outcome.Value()
		_, err = d.Clients.RecordScreen(ctx, clients.Screen{
			CoupleID: couple, PersonID: p.ID, Outcome: what, HeldOn: held, Body: body.Text, Supervisor: supervisor.Text, Reason: reason.Text,
		})
		return err
	}, nil)
}

// stopped says whether a screen of the person stops joint work now.
func (t *tab) stopped(p clients.Person) bool {
	for _, s := range t.screensOf(p) {
		if s.Current && s.Outcome == clients.ScreenStop {
			return true
		}
	}
	return false
}

// JointWords say whether there may be joint work: in a word with its colour, and in a
// sentence that does not say why not.
func JointWords(v clients.JointVerdict) (word string, colour fyne.ThemeColorName, sentence string) {
	switch v {
	case clients.JointScreensDue:
		return text.T("jointwork.waits", "Waits"), kit.ColorCare, text.T("jointwork.begins", "It begins after a talk alone with each partner, not older than six months.")
	case clients.JointDiscuss:
		return text.T("jointwork.waits", "Waits"), kit.ColorCare, text.T("jointwork.waiting", "Something is to be looked at first.")
	case clients.JointOnHold:
		return text.T("record.on_hold", "On hold"), kit.ColorStop, text.T("jointwork.hold", "Sessions alone go on.")
	}
	return text.T("jointwork.is_open", "Open"), kit.ColorGood, text.T("jointwork.open", "Joint sessions, practices and reports are open.")
}

// jointCard says whether there may be joint work, and what the coach can do about it.
func (t *tab) jointCard() fyne.CanvasObject {
	if t.state.Kind == clients.KindSingle {
		return nil
	}
	j := t.state.Joint
	word, colour, words := JointWords(j.Verdict)
	switch j.Verdict {
	case clients.JointScreensDue:
		words = text.T("jointwork.due", "It begins after a talk alone with each partner, not older than six months. Still due: %s.", t.dueNames())
	case clients.JointDiscuss:
		words = text.T("jointwork.discuss", "A screen is to be discussed with a supervisor first. Record it again with the supervisor's name.")
	case clients.JointOnHold:
		words = text.T("jointwork.paused", "The engagement is paused. Sessions alone go on.")
		if t.anyStop() {
			words = text.T("jointwork.stopped", "A safety screen stops it, and only a new screen with a reason ends that. The clients see “On hold” and nothing else: do not say why, and reach each of them only as their safe contact says.")
		}
	}
	content := kit.VBox(8, kit.Paragraph(words))
	if j.Overridden {
		content.Add(kit.Paragraph(text.T("jointwork.overridden", "You decided to go ahead before the talks. Still due: %s.", t.dueNames())))
	}
	for _, x := range t.state.overrides[:min(3, len(t.state.overrides))] {
		content.Add(kit.Hint(text.T("jointwork.override_line", "Gone ahead until %s, by %s: %s", x.Until.Words(), x.Coach, x.Reason)))
	}
	if j.Verdict == clients.JointScreensDue {
		content.Add(kit.QuietRow(t.act("override", text.T("jointwork.override", "Go ahead with a reason…"), t.override)))
	}
	return kit.TitledCard(text.T("overview.joint", "Joint work"), kit.NewChip(word, colour), content)
}

func (t *tab) anyStop() bool {
	for _, p := range t.state.People {
		if t.stopped(p) {
			return true
		}
	}
	return false
}

// dueNames are those whose screen is due.
func (t *tab) dueNames() string {
	var out []string
	for _, s := range t.state.Joint.Due {
		out = append(out, t.state.Partner(s).Short)
	}
	return strings.Join(out, ", ")
}

func (t *tab) override() {
	d := t.deps
	reason, until := kit.NewArea("", 3), kit.NewDateField(d.Today, nil)
	until.SetValue(d.today().Add(clients.OverrideDays))
	form := kit.NewForm(
		kit.Field{Key: "reason", Label: text.T("jointwork.reason", "Why you go ahead before the talks"), Widget: reason, Hint: text.T("jointwork.reason_hint", "It never counts against a stop.")},
		kit.Field{Key: "until", Label: text.T("jointwork.until", "Until"), Widget: until})
	couple := t.shown.Couple
	d.Dialogs.Form(text.T("jointwork.override_title", "Go ahead"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		last, err := until.FieldValue("until")
		if err != nil {
			return err
		}
		return d.Clients.OverrideJoint(ctx, couple, reason.Text, last)
	}, nil)
}
