package pdf

import (
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/glyph"
	"github.com/couplet-app/couplet/reports"
)

func TestMarkup(t *testing.T) {
	tests := map[string]string{
		"plain":           "plain",
		"a **b** c":       "a |B:b| c",
		"a *b* c":         "a |I:b| c",
		"**a *b***":       "B:a |BI:b",
		"5 * 3":           "5 * 3",
		`\*\*typed\*\*`:   "**typed**",
		"**open":          "**open",
		`back\slash \\ x`: `back\slash \ x`,
	}
	for in, want := range tests {
		var parts []string
		for _, s := range markup(in) {
			tag := ""
			if s.style.Bold {
				tag += "B"
			}
			if s.style.Italic {
				tag += "I"
			}
			if tag != "" {
				tag += ":"
			}
			parts = append(parts, tag+s.text)
		}
		if got := strings.Join(parts, "|"); got != want {
			t.Errorf("markup(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTypedStarsStayStars(t *testing.T) {
	b, _ := render(t, small1(reports.Paragraph{Text: reports.Escape(`2 ** 3 \ *x*`)}))
	if out := tool(t, b, "pdftotext", "FILE", "-"); !strings.Contains(out, `2 ** 3 \ *x*`) {
		t.Errorf("the page says %q", out)
	}
}

func FuzzFill(f *testing.F) {
	for _, s := range absurd {
		f.Add(s, 200.0)
	}
	f.Fuzz(func(t *testing.T, s string, width float64) {
		if !(width > 20) || width > 2000 || len(s) > 4000 {
			t.Skip()
		}
		var c glyph.Cleaner
		for _, l := range fill(c.Clean("p", s), bodyInk, width, true) {
			if l.width > width+bodyInk.size*2 {
				t.Fatalf("a line of %v in %v for %q", l.width, width, s)
			}
			merge(l)
		}
	})
}
