package noteui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// shown is a text whose audience may change.
type shown struct {
	id     ids.ID
	label  string
	body   string
	access clients.Access
	sealed bool // to the coach who reads it here
}

func (t *tab) visibilities() []kit.Option[clients.Visibility] {
	all := []clients.Visibility{clients.CoachOnly, clients.PartnerA, clients.PartnerB, clients.Joint}
	if !t.couple() {
		all = all[:2]
	}
	var out []kit.Option[clients.Visibility]
	for _, v := range all {
		word, _ := t.seenBy(clients.Access{Visibility: v})
		out = append(out, kit.Option[clients.Visibility]{Value: v, Label: kit.Upper(word)})
	}
	return out
}

// changeVisibility shows exactly what becomes visible to whom, and then does it. A text
// that is a partner's own needs that partner's release (rule PV-16): without one the
// store refuses with its sentence. What is about both asks for what is lacking of both.
func (t *tab) changeVisibility(x shown) {
	s, aud, visit := t.deps.Sessions, t.rec.Coach(), t.visit
	var made []sessions.ShownIn
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) (err error) {
		made, err = s.Shown(ctx, aud, x.id)
		return err
	}, func() {
		if visit == t.visit {
			t.askVisibility(x, made)
		}
	})
}

func (t *tab) askVisibility(x shown, made []sessions.ShownIn) {
	means, keeps, agreed := kit.Wrapped("", kit.ColorInk), kit.Wrapped("", kit.ColorCare), t.newAgreement()
	var lacking []clients.Slot
	say := func(v clients.Visibility) {
		lacking = t.lacking(x, v)
		agreed.show(lacking)
		means.SetText(t.meaning(x.access.Visibility, v))
		keeps.SetText(t.keeping(made, x.access.Visibility, v))
	}
	sees := kit.NewChoice(t.visibilities(), say)
	sees.SetValue(x.access.Visibility)
	say(x.access.Visibility)
	reason := kit.NewEntry(text.T("note.reason_hint", "why, for the record"))
	whole := container.NewVScroll(kit.Inset(8, kit.Markdown(x.body)))
	whole.SetMinSize(fyne.NewSize(0, 120))
	ground := kit.NewPanel(kit.ColorPaper)
	ground.Radius = 6
	form := kit.NewForm(
		kit.Field{Key: "visibility", Label: text.T("note.sees", "Who may see it"), Widget: sees},
		kit.Field{Key: "means", Widget: kit.Sized(0, 40, means)},
		kit.Field{Key: "made", Widget: keeps},
		kit.Field{Key: "agreed", Widget: agreed.box},
		kit.Field{Key: "text", Label: x.label, Widget: container.NewStack(ground, whole)},
		kit.Field{Key: "reason", Label: text.T("stage.reason", "Reason"), Widget: reason})
	d, s, couple := t.deps, t.deps.Sessions, t.rec.Couple
	var change ids.ID
	d.Dialogs.Form(text.T("note.visibility_title", "Who may see this text"), text.T("record.save", "Save"), form, func(ctx context.Context) (err error) {
		v, _ := sees.Value()
		releases, err := agreed.releases(x, couple, lacking)
		if err != nil {
			return err
		}
		for _, r := range releases { // one alone opens nothing
			if _, err := d.Releases.GiveRelease(ctx, r); err != nil {
				return err
			}
		}
		change, err = s.SetVisibility(ctx, x.id, v, strings.TrimSpace(reason.Text))
		return err
	}, func() {
		t.Reload()
		if !change.IsZero() {
			d.Messages.Undo(text.T("note.visibility_done", "Changed who may see it."), func() { t.undoVisibility(change) })
		}
	})
}

// meaning says in words what a change opens or closes.
func (t *tab) meaning(from, to clients.Visibility) string {
	word, _ := t.seenBy(clients.Access{Visibility: to})
	switch {
	case from == to:
		return text.T("note.stays", "It stays as it is: %s.", word)
	case clients.Widens(from, to):
		return text.T("note.opens", "From now on the whole text below is %s: in this record, in search and in reports.", word)
	}
	return text.T("note.closes", "From now on it is %s. What was printed or sent before stays with those who have it.", word)
}

// reportsNamed is how many reports are named that keep a text.
const reportsNamed = 4

// keeping names the reports that were made, for whom and when, in which a text may stand
// that is being closed: they keep it.
func (t *tab) keeping(made []sessions.ShownIn, from, to clients.Visibility) string {
	if from == to || clients.Widens(from, to) {
		return ""
	}
	var named []string
	for _, m := range made {
		if clients.For(m.Reader, m.On).Sees(clients.Access{Subject: clients.SubjectBoth, Visibility: to, Sensitivity: clients.Normal}) {
			continue // who goes on seeing it
		}
		who := text.T("note.report_both", "for both, of %s", m.On.Words())
		if slot := clients.For(m.Reader, m.On).Slot(); slot != "" {
			who = text.T("note.report_of", "for %s, of %s", t.name(slot), m.On.Words())
		}
		named = append(named, who)
	}
	if more := len(named) - reportsNamed; more > 0 {
		named = append(named[:reportsNamed], text.N("note.reports_more", more, "1 earlier", "%d earlier"))
	}
	if len(named) == 0 {
		return ""
	}
	return text.T("note.reports_keep", "It may stand in reports that were made: %s. They keep it.", strings.Join(named, "; "))
}

func (t *tab) undoVisibility(change ids.ID) {
	d, s, reports := t.deps, t.deps.Sessions, 0
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) (err error) {
		reports, err = s.UndoVisibility(ctx, change)
		return err
	}, func() {
		if reports > 0 {
			d.Messages.Toast(text.N("note.undone_reports", reports, "Taken back. 1 report was made meanwhile and keeps it.", "Taken back. %d reports were made meanwhile and keep it."))
		}
		t.Reload()
	})
}

// addTo opens what may have been begun already and asks for the rest of it.
func (t *tab) addTo(note ids.ID) {
	s, aud, visit := t.deps.Sessions, t.rec.Coach(), t.visit
	var n sessions.Note
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) (err error) {
		n, err = s.Edit(ctx, aud, note)
		return err
	}, func() {
		if visit == t.visit {
			t.addendum(n)
		}
	})
}

// addendum adds to a locked note, to the whole or to one of its fields. What is typed is
// kept as a draft, as in any note, until it is saved.
func (t *tab) addendum(n sessions.Note) {
	saver := newWriter(t.deps.Sessions, n)
	body := kit.NewNoteEditor(t.deps.Schedule, "", 6)
	body.OnDraft = func(s string, saved func(time.Time, error)) {
		turn := saver.turn()
		var at time.Time
		var err error
		t.deps.Runner.Run(func(ctx context.Context) { at, err = saver.draft(ctx, turn, sessions.Addition, s) }, func() { saved(at.Local(), err) })
	}
	body.Load(n.Addition)
	sees := kit.NewChoice(t.visibilities(), nil)
	sees.SetValue(clients.CoachOnly)
	where := kit.NewChoice(t.addendumPlaces(n), nil)
	where.SetValue("")
	form := kit.NewForm(
		kit.Field{Key: "body", Label: text.T("note.what_added", "What you add"), Widget: body},
		kit.Field{Key: "field", Label: text.T("note.added_to", "To"), Widget: where, Half: true},
		kit.Field{Key: "visibility", Label: text.T("note.sees", "Who may see it"), Widget: sees, Half: true})
	t.adding = body
	t.deps.Dialogs.Form(text.T("note.addendum_title", "Add to a locked note"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		v, _ := sees.Value()
		field, _ := where.Value()
		if strings.TrimSpace(body.Text()) == "" {
			return fault.Input("body", text.T("note.empty", "There is nothing to keep yet."))
		}
		return saver.add(ctx, field, addendumAccess(n, field, v), strings.TrimSpace(body.Text()))
	}, t.Reload)
}

// addendumAccess is whose an addendum is: that of the field that it belongs to; otherwise
// what one partner is shown alone, and what stands in a note about one partner, is that
// partner's.
func addendumAccess(n sessions.Note, field string, v clients.Visibility) clients.Access {
	a := clients.Access{Subject: clients.SubjectBoth, Visibility: v, Sensitivity: clients.Normal}
	f, ok := n.Field(field)
	if ok {
		a.Sensitivity = f.Access.Sensitivity
	}
	switch {
	case ok && f.Access.Subject != clients.SubjectBoth:
		a.Subject = f.Access.Subject
	case n.About != "":
		a.Subject = n.About.Subject()
	case v == clients.PartnerA:
		a.Subject = clients.SubjectA
	case v == clients.PartnerB:
		a.Subject = clients.SubjectB
	}
	return a
}

func (t *tab) addendumPlaces(n sessions.Note) []kit.Option[string] {
	out := []kit.Option[string]{{Value: "", Label: text.T("note.whole", "The whole note")}}
	for _, f := range n.Fields {
		out = append(out, kit.Option[string]{Value: f.Key, Label: t.label(n.Template.ID, f.Key, n.About)})
	}
	return out
}
