package coupleui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// HistoryStore tells what happened to records: changes.Store.
type HistoryStore interface {
	History(ctx context.Context, aud clients.Audience, of ...ids.ID) ([]changes.Event, error)
	BringBackValue(ctx context.Context, aud clients.Audience, c changes.Change) error
	TakeLost(ctx context.Context, aud clients.Audience, c changes.Change) error
}

// shownEvents is how many of the newest changes the history lists.
const shownEvents = 100

// history shows who changed what in the record and its persons, and when.
func (r *record) history() {
	d, of := r.deps, []ids.ID{r.id}
	names := map[ids.ID]string{}
	for _, p := range r.header.Partners {
		if !p.PersonID.IsZero() {
			of, names[p.PersonID] = append(of, p.PersonID), p.Short
		}
	}
	var events []changes.Event
	d.do(func(ctx context.Context) (err error) {
		events, err = d.History.History(ctx, d.coach(), of...)
		return err
	}, func() {
		list := kit.VBox(kit.GapCards)
		for _, e := range events[:min(len(events), shownEvents)] {
			list.Add(r.event(e, names))
		}
		d.Dialogs.Open(kit.Dialog{Title: text.T("record.history", "History of this record"), Content: d.Dialogs.Scrolled(list), Width: 620})
	})
}

func (r *record) event(e changes.Event, names map[ids.ID]string) fyne.CanvasObject {
	head := r.deps.at(e.At, "2 January 2006, 15:04")
	if e.Coach != "" {
		head += " · " + e.Coach
	}
	out := kit.VBox(2, kit.Soft(head+" · "+changes.Words(e.Action)))
	for _, c := range e.Changes {
		line := changes.FieldWords(c.Field)
		if name := names[c.Row]; name != "" {
			line = name + " · " + line
		} else if c.Row != r.id && (c.Lost || c.Table == "letter") { // of something that belongs to the record
			line = changes.KindWords(c.Table) + " · " + line
		}
		switch {
		case c.Field == "" || c.Field == "stage_at" || c.Table == "stage_change":
			continue // said beside the stage itself
		case c.Lost:
			line += ": " + lostWords(c)
		case c.Made:
			line += ": " + changes.ValueWords(c.Field, c.After)
		default:
			line += ": " + quoted(changes.ValueWords(c.Field, c.Before)) + " → " + quoted(changes.ValueWords(c.Field, c.After))
		}
		switch words := kit.Paragraph(line); {
		case changes.CanTake(c):
			out.Add(kit.Beside(words, kit.Quiet(text.T("record.take_lost", "Take “%s” instead", short(c.After)), func() {
				r.change(func(ctx context.Context) error { return r.deps.History.TakeLost(ctx, r.deps.coach(), c) }, text.T("record.take_done", "Taken. The other value is in the history."))
			})))
		case changes.CanBringBack(c):
			out.Add(kit.Beside(words, kit.Quiet(text.T("record.history_back", "Bring back “%s”", short(c.Before)), func() {
				r.change(func(ctx context.Context) error { return r.deps.History.BringBackValue(ctx, r.deps.coach(), c) }, text.T("record.history_done", "The earlier value is back."))
			})))
		default:
			out.Add(words)
		}
	}
	return out
}

// change does something that a line of the history offers.
func (r *record) change(do func(context.Context) error, done string) {
	r.deps.Dialogs.Dismiss()
	r.deps.do(do, func() { r.deps.Messages.Toast(done) })
}

// lostWords say what was written at the same time as the value that stands.
func lostWords(c changes.Change) string {
	lost, stands := quoted(changes.ValueWords(c.Field, c.After)), quoted(changes.ValueWords(c.Field, c.Stands))
	if c.By == "" {
		return text.T("record.lost", "%s was written at the same time as %s, which stands.", lost, stands)
	}
	return text.T("record.lost_to", "%s was written at the same time as %s by %s, which stands.", lost, stands, c.By)
}

func quoted(s string) string {
	if s == "" {
		return text.T("record.nothing", "nothing")
	}
	return "“" + s + "”"
}

// short is the beginning of a value, for a button.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 24 {
		return string(r[:24]) + "…"
	}
	return s
}
