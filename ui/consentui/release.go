package consentui

import (
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/releaseui"
)

// counts says whether a release lets the other see something on a day.
func counts(r clients.Release, on day.Day) bool {
	return r.Current && r.State == clients.StateGiven && (r.ExpiresOn.IsZero() || r.ExpiresOn >= on)
}

// releaseCard is what each partner lets the other see now.
func (t *tab) releaseCard() fyne.CanvasObject {
	lines := kit.VBox(8)
	for _, s := range []clients.Slot{clients.SlotA, clients.SlotB} {
		for _, r := range t.state.releases {
			if r.Partner == s {
				lines.Add(t.releaseLine(r))
			}
		}
	}
	if len(t.state.allReleases) == 0 {
		return nil
	}
	if len(lines.Objects) == 0 {
		lines.Add(kit.Hint(text.T("overview.no_releases", "Nothing is released now.")))
	}
	return kit.TitledCard(text.T("overview.releases", "Releases"), t.act("releases", text.T("overview.history", "History"), t.releaseHistory), lines)
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
