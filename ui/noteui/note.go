package noteui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

func dayOf(row sessions.SessionRow) day.Day { return day.Of(row.Local()) }

// startOf reads a day and an hour on the clocks of a zone.
func startOf(on *kit.DateField, at, zone string) (time.Time, error) {
	d, err := on.FieldValue("start")
	if err != nil {
		return time.Time{}, err
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.Local
	}
	start, err := time.ParseInLocation("2006-01-02 15:04", string(d)+" "+strings.TrimSpace(at), loc)
	if err != nil {
		return start, fault.Input("at", text.T("call.hour", "Write the hour like 15:00."))
	}
	return start, nil
}

// seenBy says who may see a text, in words, and in whose colour.
func (t *tab) seenBy(a clients.Access) (string, fyne.ThemeColorName) {
	if a.Sensitivity == clients.Safety {
		return text.T("seen.safety", "safety, for you alone"), kit.ColorStop
	}
	switch a.Visibility {
	case clients.Joint:
		return text.T("seen.both", "for both"), kit.ColorBoth
	case clients.PartnerA:
		return text.T("seen.one", "for %s", t.rec.Header.Partner(clients.SlotA).Short), kit.ColorA
	case clients.PartnerB:
		return text.T("seen.one", "for %s", t.rec.Header.Partner(clients.SlotB).Short), kit.ColorB
	}
	return text.T("talk.for_you", "for you alone"), kit.ColorCoach
}

// label is a field's name with the partners' names in it.
func (t *tab) label(template, key string, about clients.Slot) string {
	tpl, err := sessions.TemplateByID(template)
	if err != nil {
		return strings.ReplaceAll(key, "_", " ")
	}
	f, ok := tpl.Field(key)
	if !ok {
		return strings.ReplaceAll(key, "_", " ")
	}
	return sessions.Named(f.Label, t.rec.Header.Partner(clients.SlotA).Short, t.rec.Header.Partner(clients.SlotB).Short, about)
}

// noteView is a note to read: the fields that this reader sees, and what was added.
func (t *tab) noteView(n sessions.NoteView) fyne.CanvasObject {
	title := text.T("note.title", "Note")
	if tpl, err := sessions.TemplateByID(n.Template); err == nil {
		title = tpl.Title
	}
	head := kit.HBox(8, kit.Bold(title), kit.Soft(strings.Join([]string{n.At.Local().Format("2 January 2006"), n.Coach}, " · ")))
	if n.Locked() {
		head.Add(kit.NewChip(text.T("note.locked", "locked"), kit.ColorInkSoft))
	}
	box := kit.VBox(10, head)
	for _, f := range n.Fields {
		word, colour := t.seenBy(f.Access)
		line := kit.HBox(8, kit.Soft(t.label(n.Template, f.Key, n.About)))
		if t.coach() {
			line.Add(kit.NewChip(word, colour))
			line.Add(kit.Quiet(text.T("note.who_sees", "Who sees it…"), func() { t.changeVisibility(n, f) }))
		}
		box.Add(kit.VBox(2, line, kit.LongText(f.Body)))
	}
	for _, a := range n.Addenda {
		word, colour := t.seenBy(a.Access)
		line := kit.HBox(8, kit.Soft(text.T("note.addendum_of", "Added on %s by %s", a.At.Local().Format("2 January 2006"), a.Coach)))
		if t.coach() {
			line.Add(kit.NewChip(word, colour))
		}
		box.Add(kit.VBox(2, line, kit.LongText(a.Body)))
	}
	if t.coach() {
		box.Add(t.noteActions(n))
	}
	return kit.Card(box)
}

func (t *tab) noteActions(n sessions.NoteView) fyne.CanvasObject {
	row := kit.HBox(4)
	s, d := t.deps.Sessions, t.deps
	if n.Locked() {
		row.Add(kit.Secondary(text.T("note.addendum", "Add something…"), func() { t.addendum(n) }))
	} else {
		row.Add(kit.Secondary(text.T("record.edit", "Edit"), func() { t.edit(n) }))
		row.Add(kit.Quiet(text.T("note.lock", "Lock now"), func() {
			kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return s.LockNote(ctx, n.ID) }, func() {
				d.Messages.Toast(text.T("note.lock_done", "Locked. What comes later is added to it."))
			})
		}))
		row.Add(kit.Quiet(text.T("record.delete", "Delete"), func() {
			kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return s.DeleteNote(ctx, n.ID) }, func() {
				d.Messages.Undo(text.T("note.deleted", "The note was deleted."), func() {
					kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return s.RestoreNote(ctx, n.ID) }, nil)
				})
			})
		}))
	}
	row.Add(kit.Quiet(text.T("note.history", "History"), func() { t.history(n) }))
	return row
}

func (t *tab) addendum(n sessions.NoteView) {
	body := kit.NewArea("", 5)
	var options []kit.Option[clients.Visibility]
	for _, v := range t.visibilities() {
		word, _ := t.seenBy(clients.Access{Visibility: v})
		options = append(options, kit.Option[clients.Visibility]{Value: v, Label: word})
	}
	sees := kit.NewChoice(options, nil)
	sees.SetValue(clients.CoachOnly)
	form := kit.NewForm(kit.Field{Key: "body", Label: text.T("note.what_added", "What you add"), Widget: body}, kit.Field{Key: "visibility", Label: text.T("note.sees", "Who may see it"), Widget: sees})
	s := t.deps.Sessions
	t.deps.Dialogs.Form(text.T("note.addendum_title", "Add to a locked note"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		v, _ := sees.Value()
		a := clients.Access{Subject: clients.SubjectBoth, Visibility: v, Sensitivity: clients.Normal}
		switch v {
		case clients.PartnerA:
			a.Subject = clients.SubjectA
		case clients.PartnerB:
			a.Subject = clients.SubjectB
		}
		_, err := s.AddAddendum(ctx, n.ID, "", a, strings.TrimSpace(body.Text))
		return err
	}, nil)
}

func (t *tab) visibilities() []clients.Visibility {
	if t.rec.Header.Kind == clients.KindSingle {
		return []clients.Visibility{clients.CoachOnly, clients.PartnerA}
	}
	return []clients.Visibility{clients.CoachOnly, clients.PartnerA, clients.PartnerB, clients.Joint}
}

// changeVisibility shows exactly what becomes visible to whom, and then does it.
func (t *tab) changeVisibility(n sessions.NoteView, f sessions.FieldView) {
	var options []kit.Option[clients.Visibility]
	for _, v := range t.visibilities() {
		word, _ := t.seenBy(clients.Access{Visibility: v})
		options = append(options, kit.Option[clients.Visibility]{Value: v, Label: word})
	}
	sees := kit.NewChoice(options, nil)
	sees.SetValue(f.Access.Visibility)
	reason := kit.NewEntry("")
	beginning := f.Body
	if r := []rune(beginning); len(r) > 160 {
		beginning = string(r[:160]) + "…"
	}
	form := kit.NewForm(
		kit.Field{Key: "visibility", Label: text.T("note.sees", "Who may see it"), Widget: sees, Hint: t.label(n.Template, f.Key, n.About) + ": " + beginning},
		kit.Field{Key: "reason", Label: text.T("stage.reason", "Reason"), Widget: reason})
	d, s := t.deps, t.deps.Sessions
	var did func()
	d.Dialogs.Form(text.T("note.visibility_title", "Who may see this text"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		v, _ := sees.Value()
		change, err := s.SetVisibility(ctx, f.ID, v, strings.TrimSpace(reason.Text))
		if err == nil && !change.IsZero() {
			did = func() {
				kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { _, err := s.UndoVisibility(ctx, change); return err }, nil)
			}
		}
		return err
	}, func() {
		if did != nil {
			d.Messages.Undo(text.T("note.visibility_done", "Changed who may see it."), did)
		}
	})
}

// history shows what changed from one saved text to the next, word by word.
func (t *tab) history(n sessions.NoteView) {
	s, aud := t.deps.Sessions, t.rec.Coach()
	var revisions []sessions.Revision
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) (err error) {
		revisions, err = s.History(ctx, aud, n.ID)
		return err
	}, func() {
		box := kit.VBox(16, kit.HBox(0, kit.Quiet(text.T("note.history_back", "Back to the note"), t.Reload)), kit.Section(text.T("note.history", "History")))
		for _, r := range revisions {
			box.Add(kit.Card(kit.VBox(6,
				kit.Soft(strings.Join([]string{r.At.Local().Format("2 January 2006, 15:04"), r.Coach, t.label(n.Template, r.Key, n.About)}, " · ")),
				diffText(sessions.Diff(r.Before, r.Body)))))
		}
		t.inner.Objects = []fyne.CanvasObject{box}
		t.inner.Refresh()
	})
}

// diffText shows runs of words: added ones underlined, removed ones in brackets and
// struck by colour, so that colour never speaks alone.
func diffText(runs []sessions.Run) fyne.CanvasObject {
	var segments []widget.RichTextSegment
	for _, r := range runs {
		style := widget.RichTextStyle{Inline: true, ColorName: kit.ColorInk}
		words := r.Text
		switch r.Change {
		case sessions.Inserted:
			style.ColorName, style.TextStyle = kit.ColorGood, fyne.TextStyle{Bold: true, Underline: true}
		case sessions.Deleted:
			style.ColorName, style.TextStyle, words = kit.ColorStop, fyne.TextStyle{Italic: true}, "["+r.Text+"]"
		}
		segments = append(segments, &widget.TextSegment{Text: words, Style: style})
	}
	rt := widget.NewRichText(segments...)
	rt.Wrapping = fyne.TextWrapWord
	return rt
}
