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

// screenHistory shows every screen of a person, with what was said. That it was looked at
// is on record.
func (t *tab) screenHistory(p clients.Person) {
	couple, all := t.shown.Couple, t.screensOf(p)
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return t.deps.Traces.Viewed(ctx, couple, "safety_screen", all[0].ID) }, nil)
	lines := kit.VBox(14)
	for _, s := range all {
		entry := kit.VBox(2, kit.HBox(8, kit.NewChip(outcomeWords(s.Outcome), outcomeColor(s.Outcome)), kit.Bold(s.HeldOn.Words())))
		for _, topic := range clients.Guide() {
			if a, ok := s.Answers[topic.Code]; ok {
				entry.Add(kit.Hint(topic.Question))
				entry.Add(kit.Paragraph(strings.TrimSuffix(kit.Upper(saidWords(a.Said))+". "+a.Words, " ")))
			}
		}
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

func saidWords(s clients.Said) string {
	switch s {
	case clients.SaidNo:
		return text.T("said.no", "no")
	case clients.SaidYes:
		return text.T("said.yes", "yes")
	case clients.SaidUnsure:
		return text.T("said.unsure", "not clear")
	}
	return text.T("said.not", "not spoken about")
}

// topicField is what was said to one topic: a word, and the coach's own.
type topicField struct {
	said  *kit.Choice[clients.Said]
	words *kit.Entry
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
		{Key: "guide", Widget: kit.Hint(text.T("screen.guide", "Speak with each partner alone. You write down what was said; nothing is added up, and a no proves nothing."))},
	}
	topics := map[string]topicField{}
	for _, topic := range clients.Guide() {
		var said []kit.Option[clients.Said]
		for _, s := range []clients.Said{clients.SaidNot, clients.SaidNo, clients.SaidYes, clients.SaidUnsure} {
			said = append(said, kit.Option[clients.Said]{Value: s, Label: kit.Upper(saidWords(s))})
		}
		f := topicField{kit.NewChoice(said, nil), kit.NewEntry("")}
		f.said.SetValue(clients.SaidNot)
		topics[topic.Code] = f
		fields = append(fields, kit.Field{Key: "topic_" + topic.Code, Label: topic.Question, Widget: kit.Columns(8, []float32{150, 0}, f.said, f.words)})
	}
	fields = append(fields,
		kit.Field{Key: "body", Label: text.T("screen.body", "What was said, alone with you"), Widget: body, Hint: text.T("screen.private", "For coaches alone. It is in no report, no search and no list.")},
		kit.Field{Key: "supervisor", Label: text.T("screen.supervisor", "Discussed with"), Widget: supervisor})
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
		n := clients.Screen{CoupleID: couple, PersonID: p.ID, Outcome: what, HeldOn: held, Body: body.Text, Supervisor: supervisor.Text, Reason: reason.Text, Answers: map[string]clients.Spoken{}}
		for code, f := range topics {
			said, _ := f.said.Value()
			n.Answers[code] = clients.Spoken{Said: said, Words: f.words.Text}
		}
		_, err = d.Clients.RecordScreen(ctx, n)
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
