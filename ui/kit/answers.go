package kit

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Answers is one item of a quiz for one person: a row of boxes, one a possible
// answer. A digit sets the answer and moves on, "-" leaves the item out and moves on,
// Left and Right choose, Backspace clears.
type Answers struct {
	widget.BaseWidget
	values  []int
	at      int // index into values; notYet or leftOut
	pending string
	focused bool
	boxes   []*segment
	skip    *segment
	body    *fyne.Container
	// OnSet is told of each change: the value and true, or false when left out or cleared.
	OnSet func(value int, answered bool)
	// OnMove goes to the next item; nil is the next field in Tab order.
	OnMove func()
}

const (
	notYet  = -1
	leftOut = -2
)

// NewAnswers offers the whole numbers from low to high. Words may name them
// (index 0 is low); nil shows the numbers.
func NewAnswers(low, high int, words []string, c fyne.ThemeColorName) *Answers {
	a := &Answers{at: notYet, body: HBox(4)}
	for v := low; v <= high; v++ {
		label := strconv.Itoa(v)
		if i := v - low; i < len(words) && words[i] != "" {
			label = words[i]
		}
		i := len(a.values)
		a.values = append(a.values, v)
		box := newSegment(label, c, func() { a.take(i); a.focusMe() })
		a.boxes = append(a.boxes, box)
		a.body.Add(box)
	}
	a.skip = newSegment("–", ColorInkSoft, func() { a.leaveOut(); a.focusMe() })
	a.body.Add(a.skip)
	a.ExtendBaseWidget(a)
	a.mark()
	return a
}

// Value is the answer; false when there is none.
func (a *Answers) Value() (int, bool) {
	if a.at < 0 {
		return 0, false
	}
	return a.values[a.at], true
}

// LeftOut says that the item was left out on purpose.
func (a *Answers) LeftOut() bool { return a.at == leftOut }

// SetValue shows an answer without telling OnSet; a value not offered clears it.
func (a *Answers) SetValue(v int) {
	a.at = notYet
	for i, x := range a.values {
		if x == v {
			a.at = i
		}
	}
	a.mark()
}

func (a *Answers) take(i int) {
	Touch()
	a.at = i
	a.mark()
	if a.OnSet != nil {
		a.OnSet(a.values[i], true)
	}
}

func (a *Answers) leaveOut() { a.none(leftOut) }

func (a *Answers) none(at int) {
	Touch()
	a.at = at
	a.mark()
	if a.OnSet != nil {
		a.OnSet(0, false)
	}
}

func (a *Answers) mark() {
	for i, b := range a.boxes {
		b.set(i == a.at, a.focused && (i == a.at || a.at < 0 && i == 0))
	}
	a.skip.set(a.at == leftOut, a.focused && a.at == leftOut)
}

func (a *Answers) focusMe() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(a); c != nil {
		c.Focus(a)
	}
}

func (a *Answers) move() {
	a.pending = ""
	if a.OnMove != nil {
		a.OnMove()
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(a); c != nil {
		c.FocusNext()
	}
}

// CreateRenderer is Fyne's.
func (a *Answers) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(a.body) }

// FocusGained rings the row.
func (a *Answers) FocusGained() { a.focused, a.pending = true, ""; a.mark(); showFocused(a) }

// FocusLost takes the ring away.
func (a *Answers) FocusLost() { a.focused, a.pending = false, ""; a.mark() }

// TypedRune sets the answer with a digit, or leaves the item out with "-".
func (a *Answers) TypedRune(r rune) {
	switch {
	case r == '-' || r == '–':
		a.leaveOut()
		a.move()
	case r >= '0' && r <= '9':
		a.digit(string(r))
	}
}

// digit sets the answer. Where a second digit may follow (1 and then 0 for 10), the
// row stays until it is clear; Enter and Tab move on as well.
func (a *Answers) digit(d string) {
	typed := a.pending + d
	i := a.index(typed)
	if i < 0 {
		typed = d
		if i = a.index(d); i < 0 {
			return
		}
	}
	a.pending = ""
	if a.longer(typed) {
		a.pending = typed
	}
	a.take(i)
	if a.pending == "" {
		a.move()
	}
}

// Settled says that no second digit is waited for: the answer is what the person means.
func (a *Answers) Settled() bool { return a.pending == "" }

func (a *Answers) index(typed string) int {
	for i, v := range a.values {
		if strconv.Itoa(v) == typed {
			return i
		}
	}
	return -1
}

func (a *Answers) longer(typed string) bool {
	for _, v := range a.values {
		if s := strconv.Itoa(v); len(s) > len(typed) && s[:len(typed)] == typed {
			return true
		}
	}
	return false
}

// TypedKey chooses, clears and moves.
func (a *Answers) TypedKey(k *fyne.KeyEvent) {
	Touch()
	switch k.Name {
	case fyne.KeyLeft:
		a.take(max(0, a.at-1))
	case fyne.KeyRight:
		a.take(min(len(a.values)-1, max(notYet, a.at)+1))
	case fyne.KeyBackspace, fyne.KeyDelete:
		a.none(notYet)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		a.move()
	case fyne.KeyEscape:
		escape(a)
	}
}
