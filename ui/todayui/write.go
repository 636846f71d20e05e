package todayui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// Commands can be run from anywhere: Ctrl+N starts the note of the session just held.
func Commands(p *Page) []kit.Command {
	return []kit.Command{{
		ID: "note.new", Title: text.T("today.new_note", "Write the note of the last session"), Menu: "record",
		Shortcut: &desktop.CustomShortcut{KeyName: fyne.KeyN, Modifier: fyne.KeyModifierShortcutDefault},
		Run:      p.writeLast,
	}}
}

// write opens the note of a session, or a note that was begun, for writing.
func (p *Page) write(couple, item ids.ID) { p.open(couple, "sessions", kit.WriteItem(item)) }

// writeLast begins the note of the session just held.
func (p *Page) writeLast() {
	d, aud, now := p.deps, p.audience(), p.deps.Now()
	var s sessions.Today
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) (err error) {
		s, err = d.Sessions.Today(ctx, aud, now)
		return err
	}, func() {
		x := justHeld(s, now)
		if x == nil {
			d.Messages.Toast(text.T("today.all_written", "Every session has its note."))
			return
		}
		p.write(x.Couple, x.ID)
	})
}

// justHeld is the session that is going on, else the last one without a note.
func justHeld(s sessions.Today, now clock) *sessions.SessionRow {
	for i := range s.Next {
		if x := &s.Next[i].SessionRow; !x.Start.After(now) && x.Notes == 0 {
			return x
		}
	}
	if len(s.WithoutNote) > 0 {
		return &s.WithoutNote[0].SessionRow
	}
	return nil
}
