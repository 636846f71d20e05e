package kit

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// marks reads the part of Markdown that people type into notes: headings, lists,
// quotations, bold and italic. All else, links, pictures and tags too, is text as it was
// typed: nothing is ever fetched and nothing vanishes.
var marks = parser.NewParser(
	parser.WithBlockParsers(
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(parser.NewParagraphParser(), 1000)),
	parser.WithInlineParsers(util.Prioritized(parser.NewEmphasisParser(), 500)))

// Markdown shows text of any length for reading, at most 72 characters wide. Every line
// that was typed is a line, one label each, which costs a twentieth of one long label.
func Markdown(body string) *fyne.Container {
	src := []byte(strings.ReplaceAll(body, "\r\n", "\n"))
	box := longBox()
	addBlocks(box, marks.Parse(text.NewReader(src)), src, ColorInk)
	return ReadingWidth(box)
}

func longBox() *fyne.Container { return container.New(layout.NewCustomPaddedVBoxLayout(GapInside)) }

func addBlocks(box *fyne.Container, above ast.Node, src []byte, c fyne.ThemeColorName) {
	for n := above.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.List:
			addList(box, n, src, c)
		case *ast.Blockquote:
			inner := longBox()
			addBlocks(inner, n, src, ColorInkSoft)
			box.Add(Insets(0, 0, 2*GapInside, 0, inner))
		default:
			for _, line := range lines(n, src) {
				box.Add(lineView(line, c))
			}
		}
	}
}

func addList(box *fyne.Container, list *ast.List, src []byte, c fyne.ThemeColorName) {
	number := list.Start
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "•"
		if list.IsOrdered() {
			mark = strconv.Itoa(number) + string(list.Marker)
			number++
		}
		inner := longBox()
		addBlocks(inner, item, src, c)
		box.Add(Frame(nil, nil, Insets(0, 0, GapInside, GapInside, VBox(0, NewLine(mark).In(c))), nil, inner))
	}
}

// run is a stretch of one line in one style.
type run struct {
	text  string
	style fyne.TextStyle
}

// lines are the lines of a paragraph or heading as they were typed.
func lines(block ast.Node, src []byte) [][]run {
	out := [][]run{nil}
	style := fyne.TextStyle{Bold: block.Kind() == ast.KindHeading}
	var walk func(ast.Node, fyne.TextStyle)
	walk = func(above ast.Node, style fyne.TextStyle) {
		for n := above.FirstChild(); n != nil; n = n.NextSibling() {
			switch n := n.(type) {
			case *ast.Emphasis:
				inside := style
				inside.Bold, inside.Italic = style.Bold || n.Level == 2, style.Italic || n.Level == 1
				walk(n, inside)
			case *ast.Text:
				last := &out[len(out)-1]
				*last = append(*last, run{string(n.Segment.Value(src)), style})
				if n.SoftLineBreak() || n.HardLineBreak() {
					out = append(out, nil)
				}
			}
		}
	}
	walk(block, style)
	return out
}

// lineView is a label, which lets its text be selected, as long as one style is enough.
func lineView(line []run, c fyne.ThemeColorName) fyne.CanvasObject {
	whole, plain := "", c == ColorInk
	for _, r := range line {
		whole += r.text
		plain = plain && r.style == line[0].style
	}
	if plain {
		l := widget.NewLabel(whole)
		if len(line) > 0 {
			l.TextStyle = line[0].style
		}
		l.Wrapping, l.Selectable = fyne.TextWrapWord, true
		return bleed(l)
	}
	var segments []widget.RichTextSegment
	for _, r := range line {
		segments = append(segments, &widget.TextSegment{Text: r.text, Style: widget.RichTextStyle{Inline: true, ColorName: c, TextStyle: r.style}})
	}
	rich := widget.NewRichText(segments...)
	rich.Wrapping = fyne.TextWrapWord
	return bleed(rich)
}
