package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Entry is Fyne's entry that passes Tab and Escape on.
type Entry struct {
	widget.Entry
	// OnKey sees each key first and swallows it by answering true.
	OnKey func(*fyne.KeyEvent) bool
	// OnLeave is called when the field loses the focus.
	OnLeave func()
}

// NewEntry is a field of one line.
func NewEntry(placeholder string) *Entry {
	e := &Entry{}
	e.PlaceHolder = placeholder
	e.Wrapping = fyne.TextWrapOff
	e.ExtendBaseWidget(e)
	return e
}

// NewPassword is a field of one line that hides what is typed.
func NewPassword(placeholder string) *Entry {
	e := NewEntry(placeholder)
	e.Password = true
	return e
}

// NewArea is a field of several lines; for notes there is NoteEditor.
func NewArea(placeholder string, rows int) *Entry {
	e := NewEntry(placeholder)
	e.MultiLine, e.Wrapping = true, fyne.TextWrapWord
	e.SetMinRowsVisible(rows)
	return e
}

// AcceptsTab is always false: Tab goes to the next field.
func (e *Entry) AcceptsTab() bool { return false }

// TypedKey passes Escape on to the dialog.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	Touch()
	if e.OnKey != nil && e.OnKey(k) {
		return
	}
	if k.Name == fyne.KeyEscape {
		escape(e)
		return
	}
	e.Entry.TypedKey(k)
}

// TypedShortcut tells of what is copied.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	Touch()
	copyVia(s, e.Entry.TypedShortcut)
}

// TypedRune types r.
func (e *Entry) TypedRune(r rune) {
	Touch()
	e.Entry.TypedRune(r)
}

// FocusGained brings the field into view.
func (e *Entry) FocusGained() {
	e.Entry.FocusGained()
	showFocused(e)
}

// FocusLost tells OnLeave.
func (e *Entry) FocusLost() {
	e.Entry.FocusLost()
	if e.OnLeave != nil {
		e.OnLeave()
	}
}
