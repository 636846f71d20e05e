package kit

import (
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// A note's field holds at most NoteCap characters, because typing slows down beyond;
// from NoteWarn on the editor says how many are left.
const (
	NoteCap  = 20_000
	NoteWarn = 18_000
)

// DraftDelay is the longest that a keystroke waits before it is handed to OnDraft.
const DraftDelay = time.Second

// RetryDelay is how long until a text that could not be saved is tried again: what
// stood in the way, a full disk say, may be gone without another key.
const RetryDelay = 5 * time.Second

// NoteEditor is one field of a note. What is typed goes to OnDraft within a second
// and the line below says when it was saved. It never writes into its own text, so
// Ctrl+Z keeps working.
type NoteEditor struct {
	widget.BaseWidget
	entry    *noteEntry
	status   *Line
	body     *fyne.Container
	schedule Scheduler
	forget   func()
	dirty    bool
	loading  bool
	least    int // rows, however short the text
	rows     int // rows now
	follow   func()
	// OnDraft saves the text; it calls saved on the drawing thread when the text is
	// safe, or with what went wrong.
	OnDraft func(text string, saved func(at time.Time, err error))
	// OnLeave is told when the editor loses the focus, after the draft was handed
	// over: a revision is made then.
	OnLeave func()
	// OnFocus is told when the editor gets the focus.
	OnFocus func()
}

// NewNoteEditor is an empty editor of that many visible rows, which become more with its
// text.
func NewNoteEditor(s Scheduler, placeholder string, rows int) *NoteEditor {
	n := &NoteEditor{schedule: s, status: Soft("").Short(), least: rows, rows: rows}
	n.entry = &noteEntry{note: n}
	n.entry.MultiLine, n.entry.Wrapping = true, fyne.TextWrapWord
	n.entry.PlaceHolder = placeholder
	n.entry.SetMinRowsVisible(rows)
	n.entry.OnChanged = n.changed
	n.entry.ExtendBaseWidget(n.entry)
	n.body = Frame(nil, nil, n.entry, nil, Insets(2, 0, 2, 2, n.status))
	n.ExtendBaseWidget(n)
	return n
}

// CreateRenderer is Fyne's.
func (n *NoteEditor) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(n.body) }

// Parts lets tests and focus look inside.
func (n *NoteEditor) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{n.body} }

// Text is what stands in the editor.
func (n *NoteEditor) Text() string { return n.entry.Text }

// Status is the line below: when it was saved, how much room is left.
func (n *NoteEditor) Status() string { return n.status.Text }

// Load shows a stored text; it is not a change. Do it after the editor has a size.
func (n *NoteEditor) Load(s string) {
	n.loading = true
	n.entry.SetText(s)
	n.loading = false
	n.dirty = false
	n.status.Set("", ColorInkSoft)
	if n.rows > n.least {
		n.show(n.least)
	}
	n.grow()
}

// Lock makes it read-only, or lets it be written again.
func (n *NoteEditor) Lock(on bool) {
	if on {
		n.entry.Disable()
	} else {
		n.entry.Enable()
	}
}

// Focusable is what takes the keys.
func (n *NoteEditor) Focusable() fyne.Focusable { return n.entry }

// Flush hands over at once what was typed and not yet handed over. A page calls it
// in Leave.
func (n *NoteEditor) Flush() {
	if n.forget != nil {
		n.forget()
		n.forget = nil
	}
	if !n.dirty || n.OnDraft == nil {
		return
	}
	n.dirty = false
	n.OnDraft(n.entry.Text, n.saved)
}

// Retry hands over again what stands in the editor.
func (n *NoteEditor) Retry() {
	n.dirty = true
	n.Flush()
}

func (n *NoteEditor) changed(s string) {
	if n.loading {
		return
	}
	n.grow()
	n.dirty = true
	n.sayRoom(utf8.RuneCountInString(s))
	if n.forget == nil {
		n.forget = n.schedule.After(DraftDelay, n.Flush)
	}
}

func (n *NoteEditor) sayRoom(length int) {
	if length >= NoteWarn {
		n.status.Set(room(length), ColorCare)
		return
	}
	n.status.Set(text.T("note.typing", "Saving…"), ColorInkSoft)
}

func room(length int) string {
	return text.N("note.room", max(0, NoteCap-length), "1 character left in this field. Go on in another one.", "%d characters left in this field. Go on in another one.")
}

func (n *NoteEditor) saved(at time.Time, err error) {
	if err != nil {
		sentence, _ := fault.Words(err)
		n.dirty = true
		n.status.Set(text.T("note.not_saved", "Not saved yet: %s Your text stays here, and saving is tried again.", sentence), ColorStop)
		if n.forget == nil {
			n.forget = n.schedule.After(RetryDelay, n.Flush)
		}
		return
	}
	if n.dirty {
		return
	}
	word := text.T("note.saved", "Saved %s", at.Format("15:04"))
	if length := utf8.RuneCountInString(n.entry.Text); length >= NoteWarn {
		n.status.Set(word+" · "+room(length), ColorCare)
		return
	}
	n.status.Set(word, ColorInkSoft)
}

func (n *NoteEditor) full() {
	n.status.Set(text.T("note.full", "This field is full at %d characters. Go on in another one; nothing was lost.", NoteCap), ColorCare)
}

type noteEntry struct {
	widget.Entry
	note    *NoteEditor
	focused bool
}

// AcceptsTab is false: Tab goes to the next field of the note.
func (e *noteEntry) AcceptsTab() bool { return false }

// TypedRune types r while there is room.
func (e *noteEntry) TypedRune(r rune) {
	Touch()
	if utf8.RuneCountInString(e.Text) >= NoteCap && e.SelectedText() == "" {
		e.note.full()
		return
	}
	e.Entry.TypedRune(r)
}

// TypedKey passes Escape on; it never loses text.
func (e *noteEntry) TypedKey(k *fyne.KeyEvent) {
	Touch()
	switch k.Name {
	case fyne.KeyEscape:
		escape(e)
		return
	case fyne.KeyReturn, fyne.KeyEnter:
		if utf8.RuneCountInString(e.Text) >= NoteCap {
			e.note.full()
			return
		}
	}
	e.Entry.TypedKey(k)
}

// TypedShortcut refuses a paste that does not fit, whole: half a paste would be lost
// text that nobody sees.
func (e *noteEntry) TypedShortcut(s fyne.Shortcut) {
	Touch()
	if p, ok := s.(*fyne.ShortcutPaste); ok && p.Clipboard != nil {
		room := NoteCap - utf8.RuneCountInString(e.Text) + utf8.RuneCountInString(e.SelectedText())
		if long := utf8.RuneCountInString(p.Clipboard.Content()); long > room {
			e.note.status.Set(text.T("note.paste_long", "Not pasted: it has %d characters, and this field has room for %d. Paste it in parts; nothing was lost.", long, room), ColorCare)
			return
		}
	}
	copyVia(s, e.Entry.TypedShortcut)
}

// FocusGained tells OnFocus.
func (e *noteEntry) FocusGained() {
	e.Entry.FocusGained()
	e.focused = true
	if e.note.OnFocus != nil {
		e.note.OnFocus()
	}
}

// FocusLost hands the draft over.
func (e *noteEntry) FocusLost() {
	e.Entry.FocusLost()
	e.focused = false
	e.note.Flush()
	if e.note.OnLeave != nil {
		e.note.OnLeave()
	}
}
