package kit_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// said is every line that is shown, with marks for bold and italic.
func said(root fyne.CanvasObject) string {
	var out []string
	mark := func(s string, st fyne.TextStyle) string {
		if st.Bold {
			s = "<b>" + s + "</b>"
		}
		if st.Italic {
			s = "<i>" + s + "</i>"
		}
		return s
	}
	uitest.Walk(root, func(o fyne.CanvasObject, _ []fyne.CanvasObject) bool {
		switch w := o.(type) {
		case *widget.Label:
			out = append(out, mark(w.Text, w.TextStyle))
			return false
		case *widget.RichText:
			line := ""
			for _, s := range w.Segments {
				seg := s.(*widget.TextSegment)
				line += mark(seg.Text, seg.Style.TextStyle)
			}
			out = append(out, line)
			return false
		case *kit.Line:
			out = append(out, w.Text)
		}
		return true
	})
	return strings.Join(out, "|")
}

func TestMarkdownIsShownAndNothingVanishes(t *testing.T) {
	a := uitest.NewApp(t)
	for in, want := range map[string]string{
		"one line\nand the next":                 "one line|and the next",
		"Phones away\r\n\r\nFriday walk":         "Phones away|Friday walk",
		"She **really** meant *it*.":             "She <b>really</b> meant <i>it</i>.",
		"# Pattern\nasks, goes quiet":            "<b>Pattern</b>|asks, goes quiet",
		"- drawer\n- walk **daily**":             "•|drawer|•|walk <b>daily</b>",
		"3. third\n4. fourth":                    "3.|third|4.|fourth",
		"> “You never ask.”\n\nHe said nothing.": "“You never ask.”|He said nothing.",
		"2 * 3 * 4, snake_case_word":             "2 * 3 * 4, snake_case_word",
		"![x](http://example.org/a.png) [y](z)":  "![x](http://example.org/a.png) [y](z)",
		"<b>tag</b> & `code`":                    "<b>tag</b> & `code`",
		"[name]: stays":                          "[name]: stays",
		"Heading?\n---":                          "Heading?|---",
		"我们**和好**了":                              "我们<b>和好</b>了",
		"":                                       "",
	} {
		m := kit.Markdown(in)
		a.Show(m)
		if got := said(m); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}
