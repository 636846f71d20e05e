package consentui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

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
	case clients.JointParted:
		return text.T("jointwork.parted", "Parted"), kit.ColorInkSoft, text.T("jointwork.parted_words", "They have parted. What was joint stays to be read; nothing joint is begun.")
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
