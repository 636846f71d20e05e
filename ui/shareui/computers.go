package shareui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// computers is the list of those that take part, and of those that did.
func (p *Page) computers(s share.State) fyne.CanvasObject {
	if len(s.Devices) == 0 {
		return nil
	}
	col := kit.VBox(8)
	alone := true
	for _, d := range s.Devices {
		col.Add(p.computer(d))
		alone = alone && (d.Own || d.Earlier || !d.Removed.IsZero())
	}
	if alone {
		col.Add(kit.Hint(text.T("sharing.nobody_yet", "Nobody else takes part yet. On the other computer choose “Join a shared casebook…” once the folder has come there.")))
	}
	return kit.TitledCard(text.T("sharing.computers", "Computers"), nil, col)
}

func (p *Page) computer(d share.Device) fyne.CanvasObject {
	line, facts := name(d), text.T("sharing.not_heard", "not heard yet")
	var do fyne.CanvasObject
	switch {
	case d.Own:
		facts = text.T("sharing.this_one", "this computer")
		do = kit.Quiet(text.T("sharing.rename", "Rename…"), func() { p.rename(d) })
	case !d.Removed.IsZero():
		facts = text.T("sharing.not_any_more", "takes part no longer, since %s", d.Removed.Local().Format("2 January 2006"))
		do = kit.Quiet(text.T("sharing.take_back", "Take back"), func() { p.takeBack(d) })
	case d.Earlier:
		facts = text.T("sharing.earlier", "an earlier copy of this computer; it leaves this list by itself")
		do = kit.Quiet(text.T("sharing.remove", "Remove…"), func() { p.remove(d) })
	default:
		if !d.Heard.IsZero() {
			facts = text.T("sharing.heard", "last heard %s", Ago(p.deps.Now().Sub(d.Heard)))
		}
		do = kit.Quiet(text.T("sharing.remove", "Remove…"), func() { p.remove(d) })
	}
	return kit.Frame(nil, nil, kit.VBox(2, kit.NewLine(line).Short(), kit.Soft(facts).Short()), do, nil)
}

func (p *Page) rename(d share.Device) {
	e := kit.NewEntry("")
	e.SetText(d.Name)
	form := kit.NewForm(kit.Field{Key: "name", Label: text.T("sharing.name", "This computer is called"), Widget: e, Hint: text.T("sharing.name_hint", "So the others know whose changes they see")})
	p.deps.Dialogs.Form(text.T("sharing.rename_title", "Rename this computer"), text.T("record.save", "Save"), form,
		func(ctx context.Context) error { return p.deps.Sharing.Rename(ctx, strings.TrimSpace(e.Text)) }, p.look)
}

// look shows the list anew after a change.
func (p *Page) look() {
	d := p.deps
	kit.Do(d.Runner, d.Messages, d.Sharing.Look, p.Reload)
}

func (p *Page) remove(c share.Device) {
	d := p.deps
	d.Dialogs.Ask(text.T("sharing.remove_title", "Remove %s?", name(c)),
		text.T("sharing.remove_text", "It is told that it takes part no longer, and sends nothing more; what is written from then on is sealed in the folder with a new key. Nothing is lost: all that was written there stays here, and that computer keeps its own copy, with all that it already had, which still opens with the passphrase. If it was stolen and somebody may know its passphrase, give that coach another one under Coaches: the old one, even if it is changed there, opens the new key, too."),
		text.T("sharing.remove_ok", "Remove"), func() {
			kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Sharing.Remove(ctx, c.ID) }, p.look)
		})
}

func (p *Page) takeBack(c share.Device) {
	d := p.deps
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Sharing.TakeBack(ctx, c.ID) }, p.look)
}

// again takes part again after this computer was removed.
func (p *Page) again(s share.State) {
	d := p.deps
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Sharing.Share(ctx, s.Folder, d.Sharing.Called()) }, func() {
		d.Messages.Toast(text.T("sharing.again_done", "This computer takes part again."))
		p.Reload()
	})
}

func (p *Page) leave() {
	d := p.deps
	d.Dialogs.Ask(text.T("sharing.leave_title", "Leave sharing on this computer?"),
		text.T("sharing.leave_text", "Nothing is lost: this casebook stays whole, and so do those of the others. They get what is new here and are told that you left. From then on changes stay on this computer until you share or join again."),
		text.T("sharing.leave_ok", "Leave"), func() { p.leaving(false) })
}

func (p *Page) leaving(quietly bool) {
	d := p.deps
	var err error
	d.Runner.Run(func(ctx context.Context) { err = d.Sharing.Leave(ctx, quietly) }, func() {
		switch {
		case err == nil:
			d.Messages.Toast(text.T("sharing.left", "This casebook is on this computer alone now."))
			p.Reload()
		case quietly:
			d.Messages.Show(err)
		default:
			p.leaveQuietly(err)
		}
	})
}

// leaveQuietly asks whether to leave although the others cannot be told.
func (p *Page) leaveQuietly(err error) {
	d := p.deps
	d.Dialogs.Open(kit.Dialog{
		Title:   text.T("sharing.quietly_title", "The others could not be told"),
		Content: kit.VBox(12, problem(err), kit.Paragraph(text.T("sharing.quietly_text", "You can wait and try again, or leave now: what was written here since the folder was reached last then stays on this computer alone."))),
		OK:      text.T("sharing.quietly_ok", "Leave now"),
		OnOK: func(h *kit.Handle) {
			h.Close()
			p.leaving(true)
		},
	})
}
