package noteui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

func cameBack() string { return text.T("sessions.back_again", "came back from the recycle bin") }

// twoVersions marks what stands in two versions, in lists and over the text.
func twoVersions() string { return text.T("note.two_versions", "two versions") }

// backBanner says that something was deleted and came back, and lets it stay so.
func (t *tab) backBanner(table string, id ids.ID) fyne.CanvasObject {
	s, d := t.deps.Sessions, t.deps
	why := text.T("sessions.why_back", "This was deleted on one computer and changed on another at the same time, so it came back.")
	if !t.writes() {
		return kit.Banner(why)
	}
	return kit.Banner(why, kit.Quiet(text.T("sessions.keep", "Keep it"), func() {
		kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return s.Keep(ctx, table, id) }, t.Reload)
	}))
}

// author names who wrote a version.
func author(v sessions.Version) string { return coachName(v.Coach) }

// whoWrote says who wrote a text at the same time.
func whoWrote(b sessions.Beside) string {
	var names []string
	for _, v := range b.Versions {
		if n := author(v); !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	switch len(names) {
	case 1:
		return text.T("note.beside_one", "%s wrote this on two computers at the same time.", names[0])
	case 2:
		return text.T("note.beside_two", "%s and %s wrote this at the same time.", names[0], names[1])
	}
	return text.T("note.beside_more", "%s wrote this at the same time.", listed(names...))
}

// besideBanner says that a field was written by several at the same time, nil if not.
func (t *tab) besideBanner(n sessions.NoteView, field ids.ID) fyne.CanvasObject {
	i := slices.IndexFunc(n.Beside, func(b sessions.Beside) bool { return b.Field == field })
	if i < 0 {
		return nil
	}
	if !t.writes() {
		return kit.Banner(whoWrote(n.Beside[i]))
	}
	c := compared{note: n.ID, template: n.Template, about: n.About, field: field}
	return kit.Banner(whoWrote(n.Beside[i]), kit.Quiet(text.T("note.look_at_both", "Look at both…"), func() { t.compareSaved(c) }))
}

// compared is the field whose versions are set side by side.
type compared struct {
	note     ids.ID
	template string
	about    clients.Slot
	field    ids.ID
	left     func() // shows again what was there before; nil: the note
	joined   func() // the same after one text was made of two
}

// compareSaved makes what was typed in a field a version of it first: nothing that
// somebody decides about here is out of sight.
func (t *tab) compareSaved(c compared) {
	s, aud, visit := t.deps.Sessions, t.rec.Coach(), t.visit
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error {
		n, err := s.Edit(ctx, aud, c.note)
		if err != nil {
			return err
		}
		for _, f := range n.Fields {
			if f.ID == c.field && !f.DraftAt.IsZero() {
				return s.SaveRevision(ctx, n, map[string]string{f.Key: f.Body})
			}
		}
		return nil
	}, func() {
		if visit == t.visit && t.editor == nil {
			t.compare(c, ids.Nil)
		}
	})
}

// compare sets a version beside the one that is shown.
func (t *tab) compare(c compared, with ids.ID) {
	s, aud, visit := t.deps.Sessions, t.rec.Coach(), t.visit
	var both sessions.Comparison
	var parts []paragraph
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) (err error) {
		if both, err = s.Compare(ctx, aud, c.field, with); err != nil {
			return err
		}
		parts = paragraphs(sessions.DiffLines(words(c.template, both.Key, both.Left.Body), words(c.template, both.Key, both.Right.Body)))
		return nil
	}, func() {
		if visit != t.visit {
			return
		}
		x := newComparison(t, c, both)
		t.past = x
		t.face()
		x.more(parts, 0)
	})
}

// besideBar is the room that the scrolled texts leave for the bar.
const besideBar = 14

// comparison shows two versions of a text side by side, in one page that scrolls.
type comparison struct {
	widget.BaseWidget
	goes
	tab  *tab
	of   compared
	both sessions.Comparison
	body fyne.CanvasObject
}

func newComparison(t *tab, of compared, both sessions.Comparison) *comparison {
	c := &comparison{goes: newGoes(t.deps.Schedule, twoSides), tab: t, of: of, both: both}
	back := kit.QuietRow(kit.Quiet(text.T("note.history_back", "Back to the note"), c.leave).WithIcon("back"))
	head := kit.VBox(4, back, kit.Section(text.T("note.versions_of", "“%s”, written twice", t.label(of.template, both.Key, of.about))).Short(),
		kit.Hint(text.T("note.versions_mean", "The left one is shown for now. Choose what is to stand here; the history keeps both.")))
	if len(both.Versions) > 2 {
		head.Add(c.others())
	}
	head.Add(kit.HBox(12, c.legend()))
	sides := kit.Columns(kit.GapCards, nil,
		c.side(both.Left, text.T("note.keep_left", "Keep the left one")), c.side(both.Right, text.T("note.keep_right", "Keep the right one")))
	sides = kit.Insets(kit.GapInside, kit.GapInside, 0, besideBar, sides)
	c.body = kit.Insets(kit.GapCards, kit.GapCards, kit.GapPage, kit.GapPage,
		kit.Frame(kit.VBox(0, head, sides), nil, kit.Insets(0, 0, -kit.GapCards, 0, c.scroll), nil, c.foot()))
	c.ExtendBaseWidget(c)
	return c
}

// CreateRenderer is Fyne's.
func (c *comparison) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.body) }

// Parts lets tests and focus look inside.
func (c *comparison) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{c.body} }

func (c *comparison) legend() fyne.CanvasObject {
	style, l := onlyHere(sessions.Inserted), kit.Soft(text.T("note.only_here", "stands on this side only"))
	l.ColorName, l.Style = style.ColorName, style.TextStyle
	return l
}

// others lets one of several be set at the right.
func (c *comparison) others() fyne.CanvasObject {
	var options []kit.Option[ids.ID]
	for _, v := range c.both.Versions[1:] {
		options = append(options, kit.Option[ids.ID]{Value: v.ID, Label: facts(author(v), when(v.At.Local()))})
	}
	pick := kit.NewChoice(options, func(id ids.ID) {
		c.rest()
		c.tab.compare(c.of, id)
	})
	pick.SetValue(c.both.Right.ID)
	return kit.HBox(kit.GapInside, kit.Soft(text.T("note.versions", "%d versions; at the right:", len(c.both.Versions))), pick)
}

// side says who wrote a version and when, and lets it be kept.
func (c *comparison) side(v sessions.Version, keep string) fyne.CanvasObject {
	at := v.Computer
	if v.Own {
		at = text.T("note.this_computer", "this computer")
	}
	return kit.VBox(6, kit.VBox(2, kit.Bold(author(v)).Short(), kit.Soft(facts(at, when(v.At.Local()))).Short()),
		kit.HBox(0, kit.Secondary(keep, func() { c.join(v.Body) })))
}

// foot offers to keep both: one after the other, or in one text where that is safe.
func (c *comparison) foot() fyne.CanvasObject {
	if tpl, err := sessions.TemplateByID(c.of.template); err == nil {
		if f, ok := tpl.Field(c.both.Key); ok && (f.Kind == sessions.FieldChoice || f.Kind == sessions.FieldNumber) {
			return nil
		}
	}
	after := kit.Secondary(text.T("note.both_after", "Both, one after the other…"), func() {
		c.offer(text.T("note.both_after_title", "Both, one after the other"), c.both.Left.Body+"\n\n"+c.both.Right.Body)
	})
	if !c.both.Safe {
		return kit.Insets(kit.GapInside, 0, 0, 0, kit.VBox(4, kit.HBox(0, after),
			kit.Hint(text.T("note.not_merged", "Both changes are at the same lines, or nothing is known in common: only you can make one text of them."))))
	}
	return kit.Insets(kit.GapInside, 0, 0, 0, kit.Flow(8, kit.Primary(text.T("note.merged", "Both changes in one text…"), func() {
		c.offer(text.T("note.merged_title", "Both changes in one text"), c.both.Merged)
	}), after))
}

// offer shows a text before it is taken.
func (c *comparison) offer(title, body string) {
	d := c.tab.deps.Dialogs
	d.Open(kit.Dialog{Title: title, Content: d.Scrolled(kit.Markdown(body)), OK: text.T("note.take", "Take this text"), OnOK: func(h *kit.Handle) {
		h.Close()
		c.join(body)
	}})
}

// join makes one text of the two.
func (c *comparison) join(body string) {
	d, aud, visit, both := c.tab.deps, c.tab.rec.Coach(), c.tab.visit, c.both
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) error {
		return d.Sessions.Join(ctx, aud, c.of.field, both.Left.ID, both.Right.ID, body)
	}, func() {
		d.Messages.Toast(text.T("note.joined", "Done. What each of them wrote stays in the history."))
		if visit == c.tab.visit {
			c.turn(c.of.joined)
		}
	})
}

func (c *comparison) leave() { c.turn(c.of.left) }

func (c *comparison) turn(to func()) {
	c.rest()
	c.tab.past = nil
	if to == nil {
		to = c.tab.Reload
	}
	to()
}

// twoSides sets what a paragraph says in either version side by side.
func twoSides(p paragraph) fyne.CanvasObject {
	return kit.Columns(kit.GapCards, nil, p.without(sessions.Inserted).view(onlyHere), p.without(sessions.Deleted).view(onlyHere))
}

// without is what a paragraph says in the version that does not have such runs.
func (p paragraph) without(c sessions.Change) paragraph {
	return slices.DeleteFunc(slices.Clone(p), func(r sessions.Run) bool { return r.Change == c })
}

// onlyHere underlines what the other version does not say.
func onlyHere(c sessions.Change) widget.RichTextStyle {
	if c != sessions.Equal {
		c = sessions.Inserted
	}
	return runStyle(c)
}
