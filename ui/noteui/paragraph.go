package noteui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

const (
	atOnce = 2500                  // bytes of a long text that are drawn in one go
	frame  = 20 * time.Millisecond // between two goes, for keys and clicks
	piece  = 600                   // bytes after which a paragraph goes on in a new one
)

// around is how many unchanged paragraphs stand before and after a changed one.
const around = 1

// goes shows a long text piece by piece, so that keys and clicks come through between.
type goes struct {
	schedule kit.Scheduler
	view     func(paragraph) fyne.CanvasObject
	shown    *fyne.Container
	scroll   *container.Scroll
	forget   func() // stops showing the rest
}

func newGoes(s kit.Scheduler, view func(paragraph) fyne.CanvasObject) goes {
	shown := kit.VBox(10)
	return goes{schedule: s, view: view, shown: shown, scroll: kit.Scroll(kit.Insets(4, kit.GapPage, kit.GapCards, 0, shown))}
}

// more shows the parts from i on, as many as can be drawn without a stutter, and the
// rest a moment later.
func (g *goes) more(parts []paragraph, i int) {
	next := kit.VBox(10)
	for room := atOnce; i < len(parts) && room > 0; {
		if n := unchanged(parts, i); n > 0 {
			next.Add(kit.Soft(text.N("note.unchanged", n, "… 1 paragraph unchanged …", "… %d paragraphs unchanged …")))
			i += n
			continue
		}
		next.Add(g.view(parts[i]))
		room -= parts[i].length()
		i++
	}
	g.shown.Add(next) // what stands there already is not drawn anew
	g.scroll.Refresh()
	if i < len(parts) {
		g.forget = g.schedule.After(frame, func() { g.more(parts, i) })
	}
}

func (g *goes) rest() {
	if g.forget != nil {
		g.forget()
		g.forget = nil
	}
}

// paragraph is a stretch of runs that ends with a line.
type paragraph []sessions.Run

func (p paragraph) length() int {
	n := 0
	for _, r := range p {
		n += len(r.Text)
	}
	return n
}

func (p paragraph) changed() bool {
	for _, r := range p {
		if r.Change != sessions.Equal {
			return true
		}
	}
	return false
}

// paragraphs cuts runs at the ends of lines, and very long lines at the end of a
// sentence; lines without words are left out.
func paragraphs(runs []sessions.Run) []paragraph {
	var out []paragraph
	var p paragraph
	end := func() {
		for _, r := range p {
			if strings.TrimSpace(r.Text) != "" {
				out = append(out, p)
				break
			}
		}
		p = nil
	}
	for _, r := range runs {
		lines := strings.Split(strings.ReplaceAll(r.Text, "\r\n", "\n"), "\n")
		for i, line := range lines {
			if i > 0 {
				end()
			}
			for line != "" {
				n := len(line)
				if long := p.length(); long+n > piece {
					n = sentence(line, piece-long, 2*piece-long)
				}
				p = append(p, sessions.Run{Change: r.Change, Text: line[:n]})
				if line = line[n:]; line != "" {
					end()
				}
			}
		}
	}
	end()
	return out
}

// sentence is the length of s up to the first end of a sentence after from bytes, or of a
// word after limit bytes; all of it if there is none.
func sentence(s string, from, limit int) int {
	for i, r := range s {
		if i >= from && (r == '.' || r == '!' || r == '?') && i+1 < len(s) && s[i+1] == ' ' {
			return i + 2
		}
		if i >= limit && r == ' ' {
			return i + 1
		}
	}
	return len(s)
}

// unchanged is how many paragraphs from i on can be left out: none of them changed, nor
// is near one that did. One alone is shown.
func unchanged(all []paragraph, i int) int {
	n := 0
	for ; i+n < len(all); n++ {
		for j := max(0, i+n-around); j <= min(len(all)-1, i+n+around); j++ {
			if all[j].changed() {
				if n > 1 {
					return n
				}
				return 0
			}
		}
	}
	if n > 1 {
		return n
	}
	return 0
}

// view shows each run in the style of its change.
func (p paragraph) view(style func(sessions.Change) widget.RichTextStyle) fyne.CanvasObject {
	var segments []widget.RichTextSegment
	for _, r := range p {
		segments = append(segments, &widget.TextSegment{Text: r.Text, Style: style(r.Change)})
	}
	rt := widget.NewRichText(segments...)
	rt.Wrapping = fyne.TextWrapWord
	return kit.Insets(-4, -4, -8, -8, rt) // in line with the words above
}

// runStyle has added words underlined and removed ones struck through, so that colour
// never speaks alone.
func runStyle(c sessions.Change) widget.RichTextStyle {
	style := widget.RichTextStyle{Inline: true, ColorName: kit.ColorInk}
	switch c {
	case sessions.Inserted:
		style.ColorName, style.TextStyle = kit.ColorGood, fyne.TextStyle{Underline: true}
	case sessions.Deleted:
		style.ColorName, style.TextStyle = kit.ColorStop, fyne.TextStyle{Strikethrough: true}
	}
	return style
}

func legend(c sessions.Change, word string) fyne.CanvasObject {
	style, l := runStyle(c), kit.Soft(word)
	l.ColorName, l.Style = style.ColorName, style.TextStyle
	return l
}
