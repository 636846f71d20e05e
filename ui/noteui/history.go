package noteui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// change is what one revision made of a text, by paragraphs.
type change struct {
	sessions.Revision
	parts []paragraph
}

// history shows who changed a note when, and word by word what. It can only be read.
func (t *tab) history(n sessions.NoteView) {
	s, aud, visit := t.deps.Sessions, t.rec.Coach(), t.visit
	var revisions []sessions.Revision
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) (err error) {
		revisions, err = s.History(ctx, aud, n.ID)
		return err
	}, func() {
		if visit != t.visit || t.editor != nil {
			return
		}
		h := newHistory(t, n, revisions)
		t.past = h
		t.face()
		h.open(0)
	})
}

// history is the list of revisions, and beside it the chosen one.
type history struct {
	widget.BaseWidget
	tab       *tab
	note      sessions.NoteView
	revisions []sessions.Revision
	load      *kit.Loader[change]
	list      *kit.List
	body      fyne.CanvasObject
	goes
}

func newHistory(t *tab, n sessions.NoteView, revisions []sessions.Revision) *history {
	h := &history{tab: t, note: n, revisions: revisions, load: kit.NewLoader[change](t.deps.Runner, t.deps.Messages)}
	h.list = kit.NewList(kit.ListSpec{
		Length: func() int { return len(h.revisions) },
		Row: func(i int) kit.Row {
			r := h.revisions[i]
			return kit.Row{Title: r.At.Local().Format("2 January 2006, 15:04"), Detail: facts(t.label(n.Template, r.Key, n.About), r.Coach)}
		},
		Open: h.open, Keeps: true,
		Empty: kit.Hint(text.T("note.no_history", "Nothing was saved yet: there is only a draft.")),
	})
	h.goes = newGoes(t.deps.Schedule, func(p paragraph) fyne.CanvasObject { return kit.ReadingWidth(p.view(runStyle)) })
	back := kit.QuietRow(kit.Quiet(text.T("note.history_back", "Back to the note"), h.leave).WithIcon("back"))
	head := kit.VBox(4, back, kit.Section(text.T("note.history_of", "History of “%s”", templateTitle(n.Template))).Short(),
		kit.HBox(12, legend(sessions.Inserted, text.T("note.added", "added")), legend(sessions.Deleted, text.T("note.removed", "taken out"))))
	h.body = kit.Insets(kit.GapCards, kit.GapCards, kit.GapPage, kit.GapPage,
		kit.Frame(kit.Insets(0, kit.GapInside, 0, 0, head), nil, container.New(besideOrAbove{}, h.list, h.scroll), nil, nil))
	h.ExtendBaseWidget(h)
	h.list.Reload()
	return h
}

// besideOrAbove sets the list of revisions beside the text, or above it where that would
// leave the text no width to be read in.
type besideOrAbove struct{}

func (besideOrAbove) Layout(o []fyne.CanvasObject, s fyne.Size) {
	line := fyne.MeasureText("22 November 2026, 22:22", theme.Size(kit.SizeBody), fyne.TextStyle{}).Width + 3*kit.GapCards
	at, list := fyne.NewPos(line, 0), fyne.NewSize(line, s.Height)
	if s.Width < 2.5*line {
		list = fyne.NewSize(s.Width, s.Height/3)
		at = fyne.NewPos(-kit.GapCards, list.Height+kit.GapInside) // in line with the list
	}
	o[0].Move(fyne.NewPos(0, 0))
	o[0].Resize(list)
	o[1].Move(at)
	o[1].Resize(fyne.NewSize(s.Width-at.X, s.Height-at.Y))
}

func (besideOrAbove) MinSize(o []fyne.CanvasObject) fyne.Size {
	return o[0].MinSize().Max(o[1].MinSize())
}

// CreateRenderer is Fyne's.
func (h *history) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(h.body) }

// Parts lets tests and focus look inside.
func (h *history) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{h.body} }

func (h *history) leave() {
	h.stop()
	h.tab.past = nil
	h.tab.Reload()
}

// open compares off the drawing thread: five thousand words take a moment.
func (h *history) open(i int) {
	if i >= len(h.revisions) {
		return
	}
	h.stop()
	h.list.Mark(i)
	r := h.revisions[i]
	template := h.note.Template
	h.load.Load(func(context.Context) (change, error) {
		return change{r, paragraphs(sessions.Diff(words(template, r.Key, r.Before), words(template, r.Key, r.Body)))}, nil
	}, h.show)
}

func (h *history) show(c change) {
	first := ""
	if c.Before == "" {
		first = text.T("note.first", "written for the first time")
	}
	h.shown.Objects = []fyne.CanvasObject{kit.Hint(facts(h.tab.label(h.note.Template, c.Key, h.note.About), c.Coach, when(c.At.Local()), first))}
	if h.older(c.Revision) {
		h.shown.Add(kit.HBox(0, kit.Secondary(text.T("note.bring_back", "Bring this text back"), func() { h.bringBack(c.Revision) })))
	}
	h.scroll.ScrollToTop()
	h.more(c.parts, 0)
	h.shown.Refresh()
}

// older says whether a revision is not what its field says now, and may be again.
func (h *history) older(r sessions.Revision) bool {
	for _, f := range h.note.Fields {
		if f.ID == r.Field {
			return !h.note.Locked() && f.Body != r.Body
		}
	}
	return false
}

// bringBack makes an earlier text the text of now, as a revision that follows it. What was
// typed meanwhile becomes a revision first: it stands in the history like the rest.
func (h *history) bringBack(r sessions.Revision) {
	d, aud := h.tab.deps, h.tab.rec.Coach()
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) error {
		n, err := d.Sessions.Edit(ctx, aud, h.note.ID)
		if err != nil {
			return err
		}
		now, _ := n.Field(r.Key)
		for _, body := range []string{now.Body, r.Body} {
			if err := d.Sessions.SaveRevision(ctx, n, map[string]string{r.Key: body}); err != nil {
				return err
			}
		}
		return nil
	}, func() {
		d.Messages.Toast(text.T("note.brought_back", "The text of %s is back. What stood there is in the history.", when(r.At.Local())))
		h.leave()
	})
}

func (h *history) stop() {
	h.load.Stop()
	h.rest()
}
