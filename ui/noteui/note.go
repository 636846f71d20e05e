package noteui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// seenBy says who may see a text, in words, and in whose colour.
func (t *tab) seenBy(a clients.Access) (string, fyne.ThemeColorName) {
	if a.Sensitivity == clients.Safety {
		return text.T("seen.safety", "safety, for coaches alone"), kit.ColorStop
	}
	switch a.Visibility {
	case clients.Joint:
		return text.T("seen.both", "for both"), kit.ColorBoth
	case clients.PartnerA:
		return text.T("seen.one", "for %s", t.name(clients.SlotA)), kit.ColorA
	case clients.PartnerB:
		return text.T("seen.one", "for %s", t.name(clients.SlotB)), kit.ColorB
	}
	return text.T("talk.for_you", "for coaches alone"), kit.ColorCoach
}

// seenChip is that as a chip; what is the coach's alone has the lock sign as well.
func (t *tab) seenChip(a clients.Access) fyne.CanvasObject {
	word, colour := t.seenBy(a)
	chip := kit.NewChip(word, colour)
	if a.Sensitivity != clients.Safety && a.Visibility != clients.CoachOnly {
		return chip
	}
	return kit.HBox(4, container.NewCenter(kit.Sized(14, 14, widget.NewIcon(kit.Icon("lock", colour)))), chip)
}

// chip is seenChip; what is sealed no other coach sees either.
func (t *tab) chip(x shown) fyne.CanvasObject {
	if !x.sealed {
		return t.seenChip(x.access)
	}
	return kit.HBox(4, container.NewCenter(kit.Sized(14, 14, widget.NewIcon(kit.Icon("lock", kit.ColorCoach)))), kit.NewChip(text.T("seen.sealed", "sealed, for you alone"), kit.ColorCoach))
}

// label is a field's name with the partners' names in it.
func (t *tab) label(template, key string, about clients.Slot) string {
	tpl, err := sessions.TemplateByID(template)
	if err == nil {
		if f, ok := tpl.Field(key); ok {
			return sessions.Named(f.Label, t.name(clients.SlotA), t.name(clients.SlotB), about)
		}
	}
	return strings.ReplaceAll(key, "_", " ")
}

// words is what a field says: of given answers, the label.
func words(template, key, body string) string {
	tpl, err := sessions.TemplateByID(template)
	if err != nil {
		return body
	}
	if f, ok := tpl.Field(key); ok {
		for _, c := range f.Choices {
			if c.Value == body {
				return c.Label
			}
		}
	}
	return body
}

// snippet is the beginning of a note in a list: a given answer by its label.
func snippet(n sessions.NoteRow) string {
	if tpl, err := sessions.TemplateByID(n.Template); err == nil {
		for _, f := range tpl.Fields {
			if w := words(n.Template, f.Key, n.Snippet); w != n.Snippet {
				return w
			}
		}
	}
	return n.Snippet
}

// noteView is a note to read: the fields that this reader sees, and what was added.
func (t *tab) noteView(n sessions.NoteView) fyne.CanvasObject {
	title := kit.HBox(8, kit.Bold(templateTitle(n.Template)))
	if n.About != "" {
		c := whoCell(sessions.IndividualSession, n.About)
		title.Add(kit.NewChip(t.name(n.About), c.Chip))
	}
	if n.Locked() && t.coach() {
		title.Add(kit.NewChip(text.T("note.locked", "locked"), kit.ColorInkSoft))
	}
	if n.Draft {
		title.Add(kit.NewChip(text.T("sessions.draft", "a draft waits"), kit.ColorCare))
	}
	if len(n.Beside) > 0 {
		title.Add(kit.NewChip(twoVersions(), kit.ColorCare))
	}
	box := kit.VBox(10, kit.VBox(2, title, kit.Soft(facts(onDay(n.At, n.Zone), n.Coach)).Short()))
	if n.Back {
		box.Add(t.backBanner("note", n.ID))
	}
	if plan := t.planPart(n); plan != nil {
		box.Add(plan)
	}
	for _, f := range n.Fields {
		box.Add(t.fieldView(n, f))
	}
	for _, b := range n.Beside { // one of two is empty, and shown for now
		if !slices.ContainsFunc(n.Fields, func(f sessions.FieldView) bool { return f.ID == b.Field }) {
			box.Add(kit.VBox(4, kit.Soft(t.label(n.Template, b.Key, n.About)), t.besideBanner(n, b.Field)))
		}
	}
	for _, a := range n.Addenda {
		box.Add(t.addendumView(n, a))
	}
	if t.writes() {
		box.Add(t.noteActions(n))
	}
	return kit.Card(box)
}

func (t *tab) fieldView(n sessions.NoteView, f sessions.FieldView) fyne.CanvasObject {
	label := t.label(n.Template, f.Key, n.About)
	body := words(n.Template, f.Key, f.Body)
	head := t.textHead(shown{id: f.ID, label: label, body: body, access: f.Access, sealed: !f.SealedTo.IsZero()})
	if b := t.besideBanner(n, f.ID); b != nil {
		return kit.VBox(4, head, b, kit.Markdown(body))
	}
	return kit.VBox(2, head, kit.Markdown(body))
}

// textHead names a text; for the coach it says who sees it and lets that be changed.
func (t *tab) textHead(x shown) fyne.CanvasObject {
	if !t.coach() {
		return kit.Soft(x.label)
	}
	x = t.now(x)
	words := kit.HBox(8, kit.Soft(x.label), container.NewCenter(t.chip(x)))
	if x.sealed || x.access.Sensitivity == clients.Safety { // it is for nobody else, ever
		return kit.Sized(0, kit.Quiet(x.label, nil).MinSize().Height, words) // as high as the others
	}
	if !t.writes() {
		return words
	}
	actions := kit.HBox(4, append(t.releaseActions(x), kit.Quiet(text.T("note.who_sees", "Who sees it…"), func() { t.changeVisibility(x) }))...)
	return kit.Frame(nil, nil, words, actions, nil)
}

func (t *tab) addendumView(n sessions.NoteView, a sessions.Addendum) fyne.CanvasObject {
	label := text.T("note.addendum_of", "Added on %s by %s", a.At.Local().Format("2 January 2006"), coachName(a.Coach))
	if a.Field != "" {
		label = t.label(n.Template, a.Field, n.About) + " · " + label
	}
	return kit.VBox(2, t.textHead(shown{id: a.ID, label: label, body: a.Body, access: a.Access, sealed: !a.SealedTo.IsZero()}), kit.Markdown(a.Body))
}

func (t *tab) noteActions(n sessions.NoteView) fyne.CanvasObject {
	row := kit.Flow(4)
	if n.Locked() {
		row.Add(kit.Secondary(text.T("note.addendum", "Add something…"), func() { t.addTo(n.ID) }))
	} else {
		row.Add(kit.Secondary(text.T("record.edit", "Edit"), func() { t.edit(n.ID) }))
		row.Add(kit.Quiet(text.T("note.lock", "Lock now"), func() { t.lock(n) }))
		row.Add(kit.Quiet(text.T("record.delete", "Delete"), func() { t.removeNote(n) }))
	}
	row.Add(kit.Quiet(text.T("note.history", "History"), func() { t.history(n) }))
	return row
}

func (t *tab) lock(n sessions.NoteView) {
	s, d := t.deps.Sessions, t.deps
	means := text.T("note.lock_means", "It can never be changed again. What comes later is added to it, with its date.")
	if len(n.Beside) > 0 {
		means += " " + text.T("note.lock_beside", "Of a text that was written twice, the version that is shown is locked, and the other is added to it.")
	}
	d.Dialogs.Ask(text.T("note.lock_title", "Lock this note?"), means, text.T("note.lock", "Lock now"), func() {
		kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return s.LockNote(ctx, n.ID) }, func() {
			d.Messages.Toast(text.T("note.lock_done", "Locked. What comes later is added to it."))
			t.Reload()
		})
	})
}

func (t *tab) removeNote(n sessions.NoteView) {
	s, d := t.deps.Sessions, t.deps
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return s.DeleteNote(ctx, n.ID) }, func() {
		t.Reload()
		d.Messages.Undo(text.T("note.deleted", "The note was deleted."), func() {
			kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return s.RestoreNote(ctx, n.ID) }, t.Reload)
		})
	})
}
