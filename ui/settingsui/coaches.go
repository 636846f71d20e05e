package settingsui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/strength"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// Member is a coach, and how they open the casebook.
type Member struct {
	clients.Coach
	Me         bool     // signed in at this window
	Passphrase bool     // they have one
	Given      bool     // the owner chose it, and they have not changed it yet
	Records    []string // what they coach or coached, where who is signed in is told
}

// records say how many records a coach has, and the first of them.
func (m Member) records() string {
	if len(m.Records) == 0 {
		return ""
	}
	words := text.N("settings.coach_records", len(m.Records), "1 record", "%d records") + ": " + strings.Join(m.Records[:min(3, len(m.Records))], ", ")
	if len(m.Records) > 3 {
		words += ", …"
	}
	return words
}

// access are the words for how a coach opens the casebook.
func (m Member) access() string {
	switch {
	case m.Left():
		return text.T("settings.coach_left", "Cannot open the casebook any more; stays with what they did")
	case m.Me:
		return text.T("settings.coach_me", "%s · signed in here", m.Role.Words())
	case m.Given:
		return text.T("settings.coach_given", "%s · has a first passphrase, and has not chosen their own yet", m.Role.Words())
	case m.Passphrase:
		return text.T("settings.coach_own", "%s · signs in with a passphrase of their own", m.Role.Words())
	}
	return text.T("settings.coach_none", "%s · cannot open the casebook: has no passphrase", m.Role.Words())
}

func (p *Page) coachCard() fyne.CanvasObject {
	p.coaches = kit.VBox(10)
	p.addCoach = kit.Quiet(text.T("settings.add_coach", "Add a coach"), p.askNewCoach)
	return kit.TitledCard(text.T("settings.coaches", "Coaches"), nil, kit.VBox(10, p.coaches, kit.QuietRow(p.addCoach),
		kit.Hint(text.T("settings.coaches_hint", "Each coach opens the casebook with a passphrase of their own, and it says who did what. A coach's reflections are sealed: no other coach can read them, find them or see how many there are."))))
}

// showCoaches keeps the rows that there are, with whatever has the focus in them.
func (p *Page) showCoaches() {
	if len(p.coachRows) > len(p.state.coaches) {
		p.coachRows = nil
		p.coaches.RemoveAll()
	}
	for i := len(p.coachRows); i < len(p.state.coaches); i++ {
		r := coachRow{
			name: kit.NewLine(""), what: kit.Hint(""), records: kit.Hint(""),
			change: kit.Quiet(text.T("settings.change", "Change"), func() { p.changeCoach(i) }),
			letIn:  kit.Quiet(text.T("settings.coach_let_in", "Passphrase…"), func() { p.letIn(i) }),
			close:  kit.Quiet("", func() { p.setAccess(i) }),
		}
		p.coachRows = append(p.coachRows, r)
		p.coaches.Add(kit.Beside(kit.VBox(2, r.what, r.name.Short(), r.records), r.close, r.letIn, r.change))
	}
	for i, m := range p.state.coaches {
		p.coachRows[i].show(m, p.state.manages)
	}
	p.addCoach.Hidden = !p.state.manages
	p.coaches.Refresh()
}

// coachRow is one coach: the name, how they open the casebook, and what can be done about it.
type coachRow struct {
	name                 *kit.Line
	what, records        *kit.Prose
	change, letIn, close *kit.Button
}

func (r coachRow) show(m Member, manages bool) {
	r.what.SetText(m.access())
	r.records.SetText(m.records())
	r.records.Hidden = m.records() == ""
	r.name.Set(m.Name, kit.ColorInk)
	r.close.SetText(text.T("settings.coach_shut", "Close access…"))
	if m.Left() {
		r.name.Set(m.Name, kit.ColorInkSoft)
		r.close.SetText(text.T("settings.coach_back", "Open again"))
	}
	others := manages && !m.Me
	r.change.Hidden = !others && !m.Me
	r.letIn.Hidden = !others || m.Left()
	r.close.Hidden = !others || m.Owner()
}

func (p *Page) askNewCoach() {
	name, role := kit.NewEntry(""), roleChoice(clients.RoleCoach)
	fresh, again, fields := newPassphrase()
	form := kit.NewForm(append([]kit.Field{
		{Key: "name", Label: text.T("settings.coach_name", "Name"), Widget: name},
		{Key: "role", Label: text.T("settings.coach_role", "Role"), Widget: role, Hint: roleHint()},
		{Widget: kit.Hint(text.T("settings.coach_first", "With a first passphrase they can open the casebook; they choose their own when they come. Without one they can only be chosen for clients."))},
	}, fields...)...)
	p.deps.Dialogs.Form(text.T("settings.add_coach", "Add a coach"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		if fresh.Text != "" || again.Text != "" {
			if err := strength.Choose(fresh.Text, again.Text); err != nil {
				return err
			}
		}
		r, _ := role.Value()
		return p.deps.Workspace.AddCoach(ctx, strings.TrimSpace(name.Text), r, fresh.Text)
	}, p.Reload)
}

// roleHint says what each role sees.
func roleHint() string {
	return text.T("settings.roles_hint", "A coach sees their own records; a supervisor reads what is given to them and changes nothing; an assistant sees names and times; the owner sees everything but others' reflections.")
}

func roleChoice(now clients.Role) *kit.Choice[clients.Role] {
	var options []kit.Option[clients.Role]
	for _, r := range clients.Roles {
		options = append(options, kit.Option[clients.Role]{Value: r, Label: r.Words()})
	}
	c := kit.NewChoice(options, nil)
	c.SetValue(now)
	return c
}

// newPassphrase are the fields in which one is chosen.
func newPassphrase() (fresh, again *kit.Entry, fields []kit.Field) {
	fresh, again = kit.NewPassword(""), kit.NewPassword("")
	honest := kit.Hint(strength.Of("").Sentence())
	fresh.OnChanged = func(s string) { honest.SetText(strength.Of(s).Sentence()) }
	return fresh, again, []kit.Field{
		{Key: "passphrase", Label: text.T("settings.coach_passphrase", "Their passphrase"), Widget: fresh},
		{Key: "strength", Widget: honest},
		{Key: "again", Label: text.T("create.again", "The same passphrase again"), Widget: again},
	}
}

func (p *Page) changeCoach(i int) {
	m := p.state.coaches[i]
	name, role := kit.NewEntry(""), roleChoice(m.Role)
	name.SetText(m.Name)
	fields := []kit.Field{{Key: "name", Label: text.T("settings.coach_name", "Name"), Widget: name}}
	if p.state.manages && !m.Left() {
		fields = append(fields, kit.Field{Key: "role", Label: text.T("settings.coach_role", "Role"), Widget: role, Hint: roleHint()})
	}
	p.deps.Dialogs.Form(text.T("settings.coach", "Coach"), text.T("record.save", "Save"), kit.NewForm(fields...), func(ctx context.Context) error {
		if v := strings.TrimSpace(name.Text); v != m.Name {
			if err := p.deps.Workspace.RenameCoach(ctx, m.ID, v); err != nil {
				return err
			}
		}
		if r, ok := role.Value(); ok && len(fields) > 1 && r != m.Role {
			return p.deps.Workspace.SetRole(ctx, m.ID, r)
		}
		return nil
	}, p.Reload)
}

// letIn gives a coach a passphrase: the first, or another one after it was forgotten.
func (p *Page) letIn(i int) {
	m := p.state.coaches[i]
	said := text.T("settings.let_in_first", "Tell %s this first passphrase by a safe way. They choose their own when they come; until then they cannot keep reflections, since you could read them.", m.Name)
	if m.Passphrase && !m.Given {
		said = text.T("settings.let_in_again", "This is for a passphrase that was forgotten. What %s wrote as reflections until now stays sealed for ever: only their passphrase so far or their own recovery key opens it, and this closes both. Everything else stays as it is.", m.Name)
	}
	fresh, again, fields := newPassphrase()
	form := kit.NewForm(append([]kit.Field{{Widget: kit.Hint(said)}}, fields...)...)
	p.deps.Dialogs.Form(text.T("settings.let_in_title", "A passphrase for %s", m.Name), text.T("settings.let_in_ok", "Give it"), form, func(ctx context.Context) error {
		if err := strength.Choose(fresh.Text, again.Text); err != nil {
			return err
		}
		return p.deps.Workspace.LetIn(ctx, m.ID, fresh.Text)
	}, p.Reload)
}

// setAccess closes the casebook for a coach after a question, or opens it again.
func (p *Page) setAccess(i int) {
	m, d := p.state.coaches[i], p.deps
	set := func(open bool, then func()) {
		kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Workspace.SetAccess(ctx, m.ID, open) }, then)
	}
	if m.Left() {
		set(true, func() {
			p.Reload()
			d.Messages.Undo(text.T("settings.coach_here", "%s can open the casebook again.", m.Name), func() { set(false, p.Reload) })
		})
		return
	}
	d.Dialogs.Ask(text.T("settings.shut_title", "Close the access of %s", m.Name),
		text.T("settings.shut_text", "%s can no longer open this casebook: here at once, and on every computer that shares it after its next sync. What they did stays, their reflections stay sealed, and they are not offered for new work. What is written from then on is sealed in the shared folder with a new key, which they never get. What they already had they keep: copies and backups that they have still open with their passphrase, and what they read they know; no program takes that back. End their access to the shared folder in the file service, too.", m.Name),
		text.T("settings.shut_ok", "Close it"), func() {
			set(false, func() {
				p.Reload()
				d.Messages.Undo(text.T("settings.coach_gone", "%s can no longer open the casebook.", m.Name), func() { set(true, p.Reload) })
			})
		})
}
