package kit

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// How long a bar stays. An error stays until it is closed.
const (
	ToastTime = 4 * time.Second
	UndoTime  = 12 * time.Second
)

// Notices is the bar at the foot of the window: what was done, with Undo where it can
// be taken back, and what went wrong. It is the program's Messenger.
type Notices struct {
	// Bar is the widget; the shell sets it below every page.
	Bar *fyne.Container

	schedule Scheduler
	dialogs  *Dialogs
	// Log is told the reference of an unknown error and its Go type, never its
	// words: they may quote a client.
	Log func(reference, kind string)
	// Copy puts the details of an unknown error on the clipboard.
	Copy func(string)
	// Covered says that somebody else looks at the screen: then only that something was
	// done, or was not, is said, and the words wait for Uncover.
	Covered func() bool

	ground *Panel
	row    *fyne.Container
	undo   func()
	forget func()
	errs   int
	again  func() // says once more what the bar says
	waits  func() // what was covered last
}

var _ Messenger = (*Notices)(nil)

// NewNotices is an empty, hidden bar. Errors go into an open dialog of d instead.
func NewNotices(s Scheduler, d *Dialogs) *Notices {
	n := &Notices{schedule: s, dialogs: d, ground: NewPanel(ColorCard), row: container.NewStack()}
	n.ground.Stroke, n.ground.Radius = ColorLine, 8
	n.Bar = Insets(0, GapCards, GapPage, GapPage, container.NewStack(n.ground, Inset(GapInside, n.row)))
	n.Bar.Hide()
	return n
}

// Toast says that something was done; the bar goes by itself.
func (n *Notices) Toast(sentence string) {
	words := sentence
	if n.covers(func() { n.Toast(sentence) }) {
		words = text.T("shield.done", "Done.")
	}
	n.show(nil, ToastTime, ColorLine, Paragraph(words))
}

// Say says something that has to be read: the bar stays until it is closed.
func (n *Notices) Say(sentence string) {
	if n.covers(func() { n.Say(sentence) }) {
		return
	}
	n.show(nil, 0, ColorLine, Paragraph(sentence))
}

// covers keeps for later what must not be said now.
func (n *Notices) covers(say func()) bool {
	n.again = say
	if n.Covered == nil || !n.Covered() {
		return false
	}
	n.waits = say
	return true
}

// Cover takes away what the bar says, until Uncover.
func (n *Notices) Cover() {
	said := n.again
	shown := n.Bar.Visible()
	n.Clear()
	if shown {
		n.waits = said
	}
}

// Uncover says what was not said while the screen was shared: the last of it.
func (n *Notices) Uncover() {
	n.Clear()
	if say := n.waits; say != nil {
		n.waits = nil
		say()
	}
}

// Undo says what was done and offers to take it back, by the button or Ctrl+Z.
func (n *Notices) Undo(sentence string, undo func()) {
	words := sentence
	if n.covers(func() { n.Undo(sentence, undo) }) {
		words = text.T("shield.done", "Done.")
	}
	b := Secondary(text.T("kit.undo", "Undo"), func() { n.UndoLast() }).WithIcon("undo")
	n.show(undo, UndoTime, ColorClay, Paragraph(words), b)
}

// CanUndo says whether the bar offers something to take back.
func (n *Notices) CanUndo() bool { return n.undo != nil }

// UndoLast takes back what the bar offers.
func (n *Notices) UndoLast() {
	undo := n.undo
	n.Clear()
	if undo != nil {
		undo()
	}
}

// Errors counts what was shown by Show, so that quitting can see whether the last
// save went wrong.
func (n *Notices) Errors() int { return n.errs }

// Show says what went wrong: in the open dialog if there is one, else in the bar.
// Cancelling is no error.
func (n *Notices) Show(err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	n.errs++
	if n.covers(func() { n.errs--; n.Show(err) }) {
		n.show(nil, ToastTime, ColorLine, Paragraph(text.T("shield.trouble", "Something could not be done. It is said when the screen is no longer shared.")))
		return
	}
	sentence, hint := fault.Words(err)
	known := fault.KindOf(err) != fault.Internal
	ref := ""
	if !known {
		ref = reference()
		hint = text.T("kit.reference", "%s Reference %s.", hint, ref)
		if n.Log != nil {
			n.Log(ref, kindName(err))
		}
	}
	if n.dialogs != nil && n.dialogs.Say(err) {
		return
	}
	words := VBox(2, Wrapped(sentence, ColorStop).Strong(), Hint(hint))
	var buttons []fyne.CanvasObject
	if !known && n.Copy != nil {
		buttons = append(buttons, Secondary(text.T("kit.copy_details", "Copy details"), func() { n.Copy(ref + "\n" + err.Error()) }))
	}
	n.show(nil, 0, ColorStop, words, buttons...)
}

// Clear takes the bar away.
func (n *Notices) Clear() {
	n.undo = nil
	if n.forget != nil {
		n.forget()
		n.forget = nil
	}
	n.Bar.Hide()
}

func (n *Notices) show(undo func(), stay time.Duration, line fyne.ThemeColorName, words fyne.CanvasObject, buttons ...fyne.CanvasObject) {
	n.Clear()
	n.undo = undo
	n.ground.Stroke = line
	buttons = append(buttons, IconButton("close", n.Clear))
	n.row.Objects = []fyne.CanvasObject{Frame(nil, Sized(8, 0, Spacer()), container.New(middle{}, words), Insets(0, 0, GapInside, 0, container.New(middle{}, HBox(GapInside, buttons...))), nil)}
	n.Bar.Show()
	n.Bar.Refresh()
	if stay > 0 {
		n.forget = n.schedule.After(stay, n.Clear)
	}
}

func reference() string {
	b := make([]byte, 4)
	rand.Read(b) // crypto/rand never returns an error
	return hex.EncodeToString(b)
}

func kindName(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return fmt.Sprintf("%T", err)
		}
		err = inner
	}
}
