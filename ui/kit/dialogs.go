package kit

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Dialogs opens dialogs over one window, one at a time: a second waits until the
// first is closed. Escape closes, Ctrl+Enter (a command of the menu, because a
// focused entry swallows it) confirms, and the first field has the focus.
type Dialogs struct {
	canvas  fyne.Canvas
	runner  Runner
	open    *modal
	waiting []Dialog
	locked  *locked
	done    func() // what Ctrl+Enter does while nothing is open
	// Kept is told when a dialog was left with words in it that were not saved; back
	// opens it again as it was.
	Kept func(back func())
	// Refuse is asked before a dialog that is not Public opens, and says why it does not.
	Refuse func() (refused bool)
}

// NewDialogs opens dialogs over c. Escape closes the open one also where nothing has the
// focus: a menu took it, say.
func NewDialogs(c fyne.Canvas, r Runner) *Dialogs {
	d := &Dialogs{canvas: c, runner: r}
	c.SetOnTypedKey(func(k *fyne.KeyEvent) {
		if k.Name == fyne.KeyEscape && d.open != nil {
			d.open.cancel()
		}
	})
	return d
}

// Dialog is what to open. Only Title and Content are needed.
type Dialog struct {
	Title   string
	Content fyne.CanvasObject
	First   fyne.Focusable // gets the focus; nil: the first field, else the first button
	Width   float32        // 0 is dialogWidth; never wider than the window
	Height  float32        // 0 is what the content needs, never higher than the window
	// OK is the word on the clay button; empty: there is only a button that closes.
	OK     string
	OnOK   func(*Handle)
	Cancel string // empty: "Cancel", or "Close" without OK
	// Closed is called after the dialog has gone, however it went.
	Closed func()
	// Bare leaves out title and buttons (the palette).
	Bare bool
	// Stays ignores Escape and has no cancel button.
	Stays bool
	// Over opens it above the dialog that is open, which waits: where a file is to
	// lie.
	Over bool
	// Public says that it holds nothing of clients, so that it may open while somebody
	// else looks at the screen.
	Public bool
	form   bool // what is typed in it outlives a lock
}

const (
	dialogWidth = 520
	dialogEdge  = 20
	scrollBar   = 14 // the room of a scroll bar, in the edge
	ringRoom    = 2
)

// Handle is an open dialog, for its own callbacks.
type Handle struct {
	d *Dialogs
	m *modal
}

// Close closes the dialog.
func (h *Handle) Close() { h.d.close(h.m) }

// Show says inside the dialog what went wrong.
func (h *Handle) Show(err error) { h.m.say(err) }

// Busy greys the confirming button while something is saved.
func (h *Handle) Busy(on bool) { h.m.busy(on) }

// Open shows the dialog, or keeps it until the one that is open has closed.
func (d *Dialogs) Open(spec Dialog) {
	if !spec.Public && d.Refuse != nil && d.Refuse() {
		return
	}
	if d.open != nil && !spec.Over {
		d.waiting = append(d.waiting, spec)
		return
	}
	m := newModal(d, spec)
	m.before, m.under = together(answers(spec.Content)), d.open
	d.open = m
	d.canvas.Overlays().Add(m)
	m.Resize(d.canvas.Size())
	d.takeBack(m)
	first := spec.First
	if first == nil {
		first = FirstFocusable(spec.Content)
	}
	if first == nil && m.ok != nil {
		first = m.ok
	}
	if first == nil && m.no != nil {
		first = m.no
	}
	if first != nil {
		d.canvas.Focus(first)
	}
}

// IsOpen says whether a dialog is shown.
func (d *Dialogs) IsOpen() bool { return d.open != nil }

// Confirm does what the clay button of the open dialog does; without a dialog, what
// Otherwise said.
func (d *Dialogs) Confirm() {
	switch {
	case d.open != nil:
		d.open.confirm()
	case d.done != nil:
		d.done()
	}
}

// CanConfirm says whether Confirm would do something.
func (d *Dialogs) CanConfirm() bool { return d.open != nil || d.done != nil }

// Otherwise sets what Ctrl+Enter does while no dialog is open, such as finishing a
// note; nil is nothing.
func (d *Dialogs) Otherwise(f func()) { d.done = f }

// Dismiss does what Escape does.
func (d *Dialogs) Dismiss() {
	if d.open != nil {
		d.open.cancel()
	}
}

// CloseAll closes the open dialog and forgets those that wait: the window is locked. What
// was typed in a form is in it again when it is opened again.
func (d *Dialogs) CloseAll() {
	d.waiting, d.done = nil, nil
	d.keep(d.open)
	for d.open != nil {
		d.close(d.open)
	}
}

// Say shows err in the open dialog and tells whether there was one.
func (d *Dialogs) Say(err error) bool {
	if d.open == nil || d.open.spec.Bare {
		return false
	}
	d.open.say(err)
	return true
}

func (d *Dialogs) close(m *modal) {
	if d.open != m {
		return
	}
	d.open = m.under
	d.canvas.Overlays().Remove(m)
	if m.spec.Closed != nil {
		m.spec.Closed()
	}
	if d.open == nil && len(d.waiting) > 0 {
		next := d.waiting[0]
		d.waiting = d.waiting[1:]
		d.Open(next)
	}
}

// Form opens a form. Confirming checks nothing by itself: save is the rule, and a
// fault that names a field stands at that field. done follows a save that worked.
func (d *Dialogs) Form(title, ok string, f *Form, save func(context.Context) error, done func()) {
	d.Open(Dialog{Title: title, Content: d.Scrolled(f), First: f.First(), form: true, OK: ok, OnOK: func(h *Handle) {
		f.Clear()
		h.Busy(true)
		var err error
		d.runner.Run(func(ctx context.Context) { err = save(ctx) }, func() {
			h.Busy(false)
			if err == nil {
				h.Close()
				if done != nil {
					done()
				}
				return
			}
			if !f.Mark(err) {
				h.Show(err)
			}
		})
	}})
}

// Scrolled is o for a dialog of the usual width: as high as it is, and scrolling where
// the window is too low for it. The bar stands in the dialog's edge, and the left edge of
// a ring is not cut off.
func (d *Dialogs) Scrolled(o fyne.CanvasObject) fyne.CanvasObject {
	inner := Insets(0, 4, ringRoom, scrollBar, o)
	inner.Resize(fyne.NewSize(dialogWidth-2*dialogEdge+ringRoom+scrollBar, inner.MinSize().Height)) // wrapped text knows its height only at its width
	return container.New(&scrolled{d}, container.NewVScroll(inner))
}

// scrolled is as high as what scrolls in it, also when that grows, and as wide as it needs.
type scrolled struct{ d *Dialogs }

func (s *scrolled) MinSize(objects []fyne.CanvasObject) fyne.Size {
	needs, room := objects[0].(*container.Scroll).Content.MinSize(), s.d.canvas.Size()
	wide := min(needs.Width-ringRoom-scrollBar, room.Width-2*GapCards-2*dialogEdge)
	return fyne.NewSize(max(0, wide), max(60, min(needs.Height+8, room.Height-190)))
}

func (s *scrolled) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], -ringRoom, 0, size.Width+ringRoom+scrollBar, size.Height)
}

// Ask is for the few things that Undo cannot take back: one sentence, what it means,
// and the word for doing it.
func (d *Dialogs) Ask(title, sentence, ok string, do func()) {
	d.Open(Dialog{Title: title, Content: Paragraph(sentence), OK: ok, OnOK: func(h *Handle) {
		h.Close()
		do()
	}})
}

// Progress shows long work with its progress and a button that cancels it. The
// context of work ends when the person cancels; done gets what work returned, and an
// error has been shown already unless it was the cancelling.
func (d *Dialogs) Progress(title string, m Messenger, work func(ctx context.Context, report func(part, whole int, what string)) error, done func(error)) {
	bar, what := widget.NewProgressBar(), Soft("").Short()
	stop, cancel := context.WithCancel(context.Background())
	var handle *Handle
	d.Open(Dialog{
		Title: title, Public: true, Content: VBox(GapInside, bar, what),
		Cancel: text.T("kit.cancel", "Cancel"), Closed: cancel,
	})
	handle = &Handle{d, d.open}
	last := -1
	report := func(part, whole int, words string) {
		percent := 0
		if whole > 0 {
			percent = part * 100 / whole
		}
		if percent == last {
			return
		}
		last = percent
		d.runner.Post(func() {
			bar.SetValue(float64(percent) / 100)
			what.SetText(words)
		})
	}
	var err error
	d.runner.Run(func(ctx context.Context) {
		defer context.AfterFunc(ctx, cancel)()
		err = work(stop, report)
	}, func() {
		handle.Close()
		if err != nil && !errors.Is(err, context.Canceled) {
			m.Show(err)
		}
		done(err)
	})
}

// modal is the overlay: a scrim over the window and the box in the middle.
type modal struct {
	widget.BaseWidget
	d      *Dialogs
	spec   Dialog
	ok, no *Button
	error  *fyne.Container
	scrim  *Panel
	box    *fyne.Container
	isBusy bool
	before string // the answers with which it was opened
	under  *modal // what waits below
}

func newModal(d *Dialogs, spec Dialog) *modal {
	m := &modal{d: d, spec: spec, scrim: NewPanel(ColorScrim), error: VBox(0)}
	m.error.Hide()
	ground := NewPanel(ColorCard)
	ground.Stroke, ground.Radius = ColorLine, 8
	if spec.Bare {
		m.box = container.NewStack(ground, Inset(GapInside, spec.Content))
	} else {
		head := Insets(0, GapInside, 0, 0, Section(spec.Title).Short())
		foot := Insets(GapCards, 0, 0, 0, VBox(GapInside, m.error, m.buttons()))
		m.box = container.NewStack(ground, Inset(dialogEdge, Frame(head, nil, spec.Content, nil, foot)))
	}
	m.ExtendBaseWidget(m)
	return m
}

func (m *modal) buttons() fyne.CanvasObject {
	row := HBox(GapInside, Spacer())
	if !m.spec.Stays {
		word := m.spec.Cancel
		switch {
		case word != "":
		case m.spec.OK == "":
			word = text.T("kit.close", "Close")
		default:
			word = text.T("kit.cancel", "Cancel")
		}
		m.no = Secondary(word, m.cancel)
		row.Add(m.no)
	}
	if m.spec.OK != "" {
		m.ok = Primary(m.spec.OK, m.confirm)
		row.Add(m.ok)
	}
	return row
}

func (m *modal) cancel() {
	if m.spec.Stays {
		return
	}
	typed := m.spec.OnOK != nil && !m.isBusy && together(answers(m.spec.Content)) != m.before
	m.d.close(m)
	if typed && m.d.Kept != nil {
		spec, before := m.spec, m.before
		m.d.Kept(func() {
			m.d.Open(spec)
			if m.d.open != nil {
				m.d.open.before = before
			}
		})
	}
}

func (m *modal) confirm() {
	switch {
	case m.isBusy:
	case m.spec.OnOK != nil:
		m.error.Hide()
		m.spec.OnOK(&Handle{m.d, m})
	default:
		m.d.close(m)
	}
}

func (m *modal) busy(on bool) {
	m.isBusy = on
	if m.ok == nil {
		return
	}
	if on {
		m.ok.Disable()
	} else {
		m.ok.Enable()
	}
}

func (m *modal) say(err error) {
	sentence, hint := fault.Words(err)
	m.error.Objects = []fyne.CanvasObject{Wrapped(sentence, ColorStop)}
	if hint != "" {
		m.error.Add(Hint(hint))
	}
	m.error.Show()
	m.Refresh()
}

// Tapped swallows clicks beside the box.
func (m *modal) Tapped(*fyne.PointEvent) {}

func (m *modal) CreateRenderer() fyne.WidgetRenderer { return &modalRenderer{m} }

type modalRenderer struct{ m *modal }

func (r *modalRenderer) MinSize() fyne.Size { return fyne.NewSize(0, 0) }
func (r *modalRenderer) Destroy()           {}
func (r *modalRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.m.scrim, r.m.box}
}

func (r *modalRenderer) Layout(s fyne.Size) {
	r.m.scrim.Resize(s)
	w := r.m.spec.Width
	if w == 0 {
		w = dialogWidth
	}
	w = min(max(w, r.m.box.MinSize().Width), s.Width-2*GapCards)
	r.m.box.Resize(fyne.NewSize(w, r.m.box.Size().Height)) // wrapped text knows its height only at its width
	h := min(max(r.m.spec.Height, r.m.box.MinSize().Height), s.Height-2*GapCards)
	top := (s.Height - h) / 3
	if r.m.spec.Bare {
		top = s.Height / 10
	}
	place(r.m.box, (s.Width-w)/2, top, w, h)
}

func (r *modalRenderer) Refresh() {
	r.Layout(r.m.Size())
	r.m.scrim.Refresh()
	r.m.box.Refresh()
	canvas.Refresh(r.m)
}
