package rightsui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/ui/kit"
)

// plan makes the plan and shows it.
func (p *Page) plan() {
	var plan *rights.Plan
	kit.Do(p.deps.Runner, p.deps.Messages, func(ctx context.Context) (err error) {
		plan, err = p.deps.Rights.PlanPerson(ctx, p.deps.aud(), p.person)
		return err
	}, func() {
		p.queue = newQueue(p, plan)
		p.fill(p.facts)
		p.queue.focus()
	})
}

// queue is a plan as it is looked through: one item with its text and the choices, by
// button or by key. The keys work while the item has the focus.
type queue struct {
	widget.BaseWidget
	page    *Page
	plan    *rights.Plan
	at      int
	focused bool
	box     *fyne.Container
}

func newQueue(p *Page, plan *rights.Plan) *queue {
	q := &queue{page: p, plan: plan, box: kit.VBox(kit.GapInside)}
	q.at = max(0, slices.IndexFunc(plan.Items, func(i rights.Item) bool { return i.Choice == rights.Undecided }))
	q.ExtendBaseWidget(q)
	q.show()
	return q
}

// CreateRenderer is Fyne's.
func (q *queue) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(kit.Card(q.box))
}

// FocusGained and FocusLost make it take keys.
func (q *queue) FocusGained() { q.focused = true; q.show() }

// FocusLost is FocusGained's end.
func (q *queue) FocusLost() { q.focused = false; q.show() }

// TypedKey walks.
func (q *queue) TypedKey(k *fyne.KeyEvent) {
	kit.Touch()
	switch k.Name {
	case fyne.KeyDown, fyne.KeyRight:
		q.walk(1)
	case fyne.KeyUp, fyne.KeyLeft:
		q.walk(-1)
	}
}

// TypedRune chooses.
func (q *queue) TypedRune(r rune) {
	kit.Touch()
	for _, c := range q.choices() {
		if c.key == r {
			c.do()
		}
	}
}

func (q *queue) focus() {
	if c := fyne.CurrentApp(); c != nil {
		if o := c.Driver().CanvasForObject(q); o != nil {
			o.Focus(q)
		}
	}
}

func (q *queue) walk(n int) {
	q.at = min(max(0, q.at+n), len(q.plan.Items)-1)
	q.show()
}

type choice struct {
	key  rune
	word string
	of   rights.Choice
	do   func()
}

// choices are what can become of the item.
func (q *queue) choices() []choice {
	if len(q.plan.Items) == 0 {
		return nil
	}
	i := &q.plan.Items[q.at]
	if i.Held {
		return nil
	}
	set := func(c rights.Choice) func() {
		return func() {
			i.Choice = c
			q.next()
		}
	}
	out := []choice{{'d', text.T("rights.choose_delete", "Delete (D)"), rights.Delete, set(rights.Delete)}}
	if i.Both && !i.Sealed {
		out = append(out, choice{'r', text.T("rights.choose_redact", "Redact (R)"), rights.Redact, q.redact})
	}
	out = append(out, choice{'k', text.T("rights.choose_keep", "Keep (K)"), rights.Keep, q.keep})
	if i.Both && !i.Sealed {
		out = append(out, choice{'l', text.T("rights.choose_leave", "Nothing of them (L)"), rights.Leave, set(rights.Leave)})
	}
	return out
}

// next goes to the next item that is not decided, if there is one.
func (q *queue) next() {
	n := len(q.plan.Items)
	for k := 1; k <= n; k++ {
		if at := (q.at + k) % n; q.plan.Items[at].Choice == rights.Undecided {
			q.at = at
			q.show()
			return
		}
	}
	q.show()
}

func (q *queue) redact() {
	i := &q.plan.Items[q.at]
	area := kit.NewArea("", 8)
	said := i.Redacted
	if said == "" {
		n := q.page.facts.person.Name
		said = rights.Without(i.Text, n.Full(), n.Latin, n.Given, n.Family)
	}
	area.SetText(said)
	q.page.deps.Dialogs.Form(text.T("rights.redact_title", "What is to stand there"), text.T("record.save", "Save"), kit.NewForm(kit.Field{Key: "redacted", Label: i.What, Widget: area, Hint: text.T("rights.redact_hint", "Take out what is the person's. The old text is erased.")}),
		func(context.Context) error { return nil }, func() {
			i.Choice, i.Redacted = rights.Redact, strings.TrimSpace(area.Text)
			q.next()
			q.focus()
		})
}

func (q *queue) keep() {
	i := &q.plan.Items[q.at]
	q.page.why(text.T("rights.keep_title", "Keep it, and why"), text.T("rights.keep", "Keep"), func(_ context.Context, reason, ground string, review day.Day) error {
		h := rights.Hold{Reason: reason, Ground: ground, ReviewOn: review}
		if err := h.Validate(); err != nil {
			return err
		}
		i.Choice, i.Reason, i.Ground, i.ReviewOn = rights.Keep, reason, ground, review
		return nil
	}, func() { q.next(); q.focus() })
}

func choiceWords(i rights.Item) string {
	switch i.Choice {
	case rights.Delete:
		return text.T("rights.will_delete", "Will be deleted")
	case rights.Redact:
		return text.T("rights.will_redact", "Will read: %s", i.Redacted)
	case rights.Keep:
		return text.T("rights.will_keep", "Stays, because of %s: %s", reports.GroundWords(i.Ground), i.Reason)
	case rights.Leave:
		return text.T("rights.will_leave", "Stays as it is")
	}
	return text.T("rights.to_decide", "Not decided yet")
}

// show draws the item.
func (q *queue) show() {
	n, left := len(q.plan.Items), q.plan.Undecided()
	head := text.T("rights.progress", "%d items · %d to decide", n, left)
	q.box.RemoveAll()
	q.box.Add(kit.Beside(kit.VBox(2, kit.Section(text.T("rights.queue", "What goes, and what stays")), kit.Soft(head).Short()), kit.Quiet(text.T("rights.back", "Not now"), func() {
		q.page.queue = nil
		q.page.Reload()
	})))
	if q.plan.Hold != "" {
		q.box.Add(kit.Banner(text.T("rights.plan_held", "There is a hold: nothing may be erased until it is lifted. %s", q.plan.Hold)))
	}
	if n > 0 {
		i := q.plan.Items[q.at]
		title := text.T("rights.item", "%d of %d · %s", q.at+1, n, i.What)
		if i.On != "" {
			title += " · " + i.On.Words()
		}
		said := i.Text
		switch {
		case i.Sealed:
			said = text.T("rights.sealed", "Another coach sealed this for their own eyes. It can be deleted or kept.")
		case said == "":
			said = text.T("rights.no_text", "No text of its own.")
		}
		q.box.Add(kit.Rule())
		q.box.Add(kit.Bold(title).Short())
		q.box.Add(kit.Paragraph(said))
		q.box.Add(kit.Hint(choiceWords(i)))
		var buttons []fyne.CanvasObject
		for _, c := range q.choices() {
			b := kit.Secondary(c.word, c.do)
			if c.of == i.Choice {
				b = kit.Primary(c.word, c.do)
			}
			buttons = append(buttons, b)
		}
		q.box.Add(kit.Flow(8, buttons...))
		q.box.Add(kit.Flow(8, kit.Quiet(text.T("rights.before", "Before (↑)"), func() { q.walk(-1) }), kit.Quiet(text.T("rights.after", "Next (↓)"), func() { q.walk(1) })))
		if q.focused {
			q.box.Add(kit.Hint(text.T("rights.keys", "The letters in brackets choose, the arrows walk.")))
		}
	}
	q.box.Add(kit.Rule())
	if len(q.plan.Outside) > 0 {
		q.box.Add(kit.Hint(text.N("rights.outside", len(q.plan.Outside), "1 report was made that may name this person. Whoever has it must be asked to delete it.", "%d reports were made that may name this person. Whoever has them must be asked to delete them.")))
	}
	var end []fyne.CanvasObject
	if left > 0 {
		end = append(end, kit.Secondary(text.N("rights.rest", left, "Delete the one that is left", "Delete the %d that are left"), func() {
			for k := range q.plan.Items {
				if q.plan.Items[k].Choice == rights.Undecided {
					q.plan.Items[k].Choice = rights.Delete
				}
			}
			q.show()
		}))
	} else if q.plan.Hold == "" {
		end = append(end, kit.Primary(text.T("rights.erase_now", "Erase…"), q.erase))
	}
	q.box.Add(kit.Flow(8, end...))
	q.box.Refresh()
}

func (q *queue) erase() {
	p := q.page
	p.deps.Dialogs.Ask(text.T("rights.erase_person", "Erase this person for ever?"), text.T("rights.erase_person_words", "It is done in this casebook, the shared folder and the backups, and by every other computer when it reads of it. It cannot be undone."), text.T("rights.erase_ok", "Erase"), func() {
		p.working(func(ctx context.Context, report func(int, int, string)) (rights.Erasure, error) {
			return p.deps.Work.Erase(ctx, q.plan, report)
		})
	})
}
