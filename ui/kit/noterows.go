package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// A note's field grows with its text up to this part of the window, then it scrolls.
const partOfWindow = 0.5

// mostRows is that where the window is not known yet.
const mostRows = 16

// grow gives the field the rows that its text needs, and never takes one away while
// somebody writes, so that nothing jumps. It looks at no more of a text than the rows
// that it may have.
func (n *NoteEditor) grow() {
	most := n.room()
	need := max(n.least, rowsOf(n.entry.Text, n.entry.perRow(), most))
	if need = min(need, max(most, n.least)); need <= n.rows {
		return
	}
	n.show(need)
	if n.OnFocus != nil && n.entry.focused && n.follow == nil {
		n.follow = n.schedule.After(0, func() { // once the page has been laid out
			n.follow = nil
			n.OnFocus()
		})
	}
}

func (n *NoteEditor) show(rows int) {
	n.rows = rows
	n.entry.SetMinRowsVisible(rows)
	n.Refresh()
}

// room is how many rows the field may have.
func (n *NoteEditor) room() int {
	c := fyne.CurrentApp().Driver().CanvasForObject(n)
	if c == nil || c.Size().Height <= 0 {
		return mostRows
	}
	return max(1, int(c.Size().Height*partOfWindow/fyne.MeasureText("M", theme.Size(theme.SizeNameText), fyne.TextStyle{}).Height))
}

// rowsOf is about how many rows a text takes with so many letters of usual width in one,
// but no more than most. Letters of Chinese and the like take the room of two.
func rowsOf(s string, perRow, most int) int {
	rows, used := 1, 0
	for _, r := range s {
		wide := 1
		if r >= 0x2E80 {
			wide = 2
		}
		switch {
		case r == '\n':
			rows, used = rows+1, 0
		case used+wide > perRow:
			rows, used = rows+1, wide
		default:
			used += wide
		}
		if rows >= most {
			return most
		}
	}
	return rows
}

// perRow is how many letters of usual width stand in a row; words that do not fit to its
// end leave a part of it empty.
func (e *noteEntry) perRow() int {
	const sample = "The two of them said what they had not said for a while."
	width := e.Size().Width - 4*theme.Size(theme.SizeNameInnerPadding)
	if width <= 0 {
		return 80
	}
	letter := fyne.MeasureText(sample, theme.Size(theme.SizeNameText), fyne.TextStyle{}).Width / float32(len(sample))
	return max(8, int(width/letter*0.93))
}

// Resize gives the field the rows of its new width.
func (e *noteEntry) Resize(s fyne.Size) {
	narrower := s.Width < e.Size().Width || e.Size().Width == 0
	e.Entry.Resize(s)
	if narrower && e.Text != "" {
		e.note.grow()
	}
}
