package consentui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/releaseui"
)

// counts says whether a release lets the other see something on a day.
func counts(r clients.Release, on day.Day) bool {
	return r.Current && r.State == clients.StateGiven && (r.ExpiresOn.IsZero() || r.ExpiresOn >= on)
}

// releaseCard is what each partner lets the other see now, each to be taken back with one
// key, and how several things are released at once.
func (t *tab) releaseCard() fyne.CanvasObject {
	if t.state.Kind == clients.KindSingle {
		return nil
	}
	lines := kit.VBox(8)
	for _, s := range []clients.Slot{clients.SlotA, clients.SlotB} {
		for _, r := range t.state.releases {
			if r.Partner == s && r.ItemID != t.shown.Couple {
				lines.Add(t.releaseLine(r))
			}
		}
	}
	if len(lines.Objects) == 0 {
		lines.Add(kit.Hint(text.T("overview.no_releases", "Nothing is released now.")))
	}
	var actions []fyne.CanvasObject
	for _, p := range t.state.Partners {
		actions = append(actions, t.act("give "+string(p.Slot), text.T("release.several", "%s releases…", p.Short), func() { t.chooseItems(p) }))
	}
	var history fyne.CanvasObject
	if len(t.state.allReleases) > 0 {
		history = t.act("releases", text.T("overview.history", "History"), t.releaseHistory)
	}
	return kit.TitledCard(text.T("overview.releases", "Releases"), history, kit.VBox(10, lines, kit.QuietRow(actions...)))
}

// chooseItems asks which of their own things a partner lets the other see.
func (t *tab) chooseItems(p clients.Partner) {
	d := t.deps
	var all []clients.Releasable
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) (err error) {
		all, err = d.Clients.Releasable(ctx, t.shown.Coach(), t.shown.Couple, p.Slot)
		return err
	}, func() {
		if len(all) == 0 {
			d.Messages.Toast(text.T("release.nothing", "There is nothing of %s alone that is not released.", p.Short))
			return
		}
		list := kit.VBox(2)
		ticks := make([]*kit.Check, len(all))
		for i, x := range all {
			ticks[i] = kit.NewCheck(t.itemWords(x), nil)
			list.Add(ticks[i])
		}
		form := kit.NewForm(kit.Field{Key: "items", Label: text.T("release.choose", "What %s lets the other see", p.Short), Widget: list})
		var chosen []ids.ID
		d.Dialogs.Form(text.T("release.several", "%s releases…", p.Short), text.T("release.go_on", "Go on"), form, func(context.Context) error {
			chosen = nil
			for i, x := range all {
				if ticks[i].Checked {
					chosen = append(chosen, x.ID)
				}
			}
			if len(chosen) == 0 {
				return fault.Input("items", text.T("release.choose_one", "Choose at least one."))
			}
			return nil
		}, func() { t.give(p.Slot, chosen...) })
	})
}

// itemWords are what can be released, by kind and day.
func (t *tab) itemWords(x clients.Releasable) string {
	on := t.deps.at(x.At, "2 January 2006")
	switch x.Kind {
	case "quiz":
		if d, err := quizzes.ByID(x.What); err == nil {
			return d.Name + ", " + on
		}
		return text.T("release.answers", "their answers of %s", on)
	case "log":
		title := x.What
		if p, err := practices.ByID(x.What); err == nil {
			title = p.Title
		}
		return text.T("release.log", "their words about %s, %s", title, on)
	}
	return text.T("release.note", "their part of the note of %s", on)
}

// give asks when, how and until when some things are released, and stores that.
func (t *tab) give(partner clients.Slot, items ...ids.ID) {
	d := t.deps
	sees := []kit.Field{{Key: "items", Label: text.T("release.what", "What becomes visible"), Widget: kit.Paragraph(strings.Join(t.namesOf(items), "\n"))}}
	releaseui.GiveAll(d.Env, d.Clients, releaseui.Item{Record: t.shown, Partner: partner, Sees: sees}, items, nil)
}

// namesOf are what things are called, in a line each.
func (t *tab) namesOf(items []ids.ID) []string {
	out := make([]string, 0, len(items))
	for _, id := range items {
		name := text.T("release.item", "one item")
		if id == t.shown.Couple {
			name = text.T("release.joint_report", "a joint report")
		}
		for _, all := range t.state.releasable {
			for _, x := range all {
				if x.ID == id {
					name = t.itemWords(x)
				}
			}
		}
		out = append(out, "– "+name)
	}
	return out
}

// releaseHistory shows every release and withdrawal of the record.
func (t *tab) releaseHistory() {
	lines := kit.VBox(10)
	for _, r := range t.state.allReleases {
		what, scope := t.releasedWords(r)
		head := text.T("release.by", "%s released %s (%s)", t.shown.Header.Partner(r.Partner).Short, what, scope)
		if r.State == clients.StateWithdrawn {
			head = text.T("release.taken_back", "%s took back %s", t.shown.Header.Partner(r.Partner).Short, what)
		}
		words := []string{r.GivenOn.Words()}
		if r.Way != "" {
			words = append(words, r.Way)
		}
		if !r.ExpiresOn.IsZero() {
			words = append(words, text.T("release.until", "until %s", r.ExpiresOn.Words()))
		}
		lines.Add(kit.VBox(2, kit.Paragraph(head), kit.Hint(strings.Join(words, " · "))))
	}
	t.showHistory(text.T("release.history", "Releases of this record"), lines)
}

// releasedWords are what a release is of, and how much of it.
func (t *tab) releasedWords(r clients.Release) (what, scope string) {
	x, known := t.state.released[r.ItemID]
	note, isNote := t.state.notes[r.ItemID]
	named := known && x.Definition != nil // one of another version of the program is not known here
	switch {
	case named:
		what = x.Definition.Name + ", " + t.deps.at(x.TakenAt, "2 January 2006")
	case known:
		what = text.T("release.answers", "their answers of %s", t.deps.at(x.TakenAt, "2 January 2006"))
	case isNote:
		what = text.T("release.note", "their part of the note of %s", t.deps.at(note, "2 January 2006"))
	case r.ItemID == t.shown.Couple:
		what = text.T("release.joint_report", "a joint report")
	default:
		what = text.T("release.item", "one item")
	}
	if r.Channels == nil {
		return what, text.T("release.whole", "all of it")
	}
	var channels []string
	for _, code := range r.Channels {
		if named {
			if c, ok := x.Definition.Channel(code); ok {
				code = c.Name
			}
		}
		channels = append(channels, code)
	}
	return what, strings.Join(channels, ", ")
}

func (t *tab) releaseLine(r clients.Release) fyne.CanvasObject {
	h := t.shown.Header
	what, scope := t.releasedWords(r)
	words := text.T("release.line", "%s lets %s see %s (%s)", h.Partner(r.Partner).Short, h.Partner(r.Partner.Other()).Short, what, scope)
	facts := []string{text.T("release.given", "given on %s", r.GivenOn.Words())}
	if r.Way != "" {
		facts = append(facts, r.Way)
	}
	if !r.ExpiresOn.IsZero() {
		facts = append(facts, text.T("release.until", "until %s", r.ExpiresOn.Words()))
	}
	return kit.Beside(kit.VBox(2, kit.Paragraph(words), kit.Hint(strings.Join(facts, " · "))),
		t.act("release "+r.ID.String(), text.T("release.withdraw", "Withdraw"), func() { t.withdrawRelease(r) }))
}

func (t *tab) withdrawRelease(r clients.Release) {
	d := t.deps
	releaseui.Withdraw(d.Env, d.Clients, releaseui.Item{Record: t.shown, Partner: r.Partner, ID: r.ItemID}, nil)
}

// ownReleases is what a client lets the other see now, for that client alone.
func (t *tab) ownReleases() fyne.CanvasObject {
	lines := kit.VBox(6)
	for _, r := range t.state.own {
		what := text.T("release.item", "one item")
		switch x, quiz := t.state.released[r.ItemID]; {
		case r.ItemID == t.shown.Couple:
			what = text.T("release.joint_report", "a joint report")
		case quiz && x.Definition != nil:
			what = x.Definition.Name + ", " + t.deps.at(x.TakenAt, "2 January 2006")
		}
		words := text.T("release.given", "given on %s", r.GivenOn.Words())
		if !r.ExpiresOn.IsZero() {
			words += " · " + text.T("release.until", "until %s", r.ExpiresOn.Words())
		}
		lines.Add(kit.Fact(220, kit.Upper(what), words))
	}
	if len(lines.Objects) == 0 {
		lines.Add(kit.Hint(text.T("overview.no_releases", "Nothing is released now.")))
	}
	return kit.TitledCard(text.T("overview.you_released", "What you let the other see"), nil, lines)
}
