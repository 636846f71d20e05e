package kit_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// Between a name that is written from right to left and what comes after it stands a
// space: what is drawn of the line begins with nothing and has the space on the right side.
func TestANameFromRightToLeftKeepsItsSpaces(t *testing.T) {
	a := uitest.NewApp(t)
	const samira = "سميرة حداد"
	for _, line := range []string{samira + " & Jonas", "Jonas & " + samira, samira + " · Joint session", samira + " & " + samira} {
		l := kit.NewLine(line)
		a.Show(l)
		if l.Text != line || !a.Says(line) {
			t.Errorf("%q says %q", line, l.Text)
		}
		drawn := test.WidgetRenderer(l).Objects()[0].(*canvas.Text).Text
		if !strings.HasPrefix(drawn, "\u200e") || strings.Contains(drawn, samira+" ") || strings.ReplaceAll(drawn, "\u200e", "") != line {
			t.Errorf("%q is drawn %+q", line, drawn)
		}
		if got, want := l.MinSize().Width, fyne.MeasureText(drawn, 14, fyne.TextStyle{}).Width; got < want-2 {
			t.Errorf("%q has room %v, needs %v", line, got, want)
		}
	}
	for _, line := range []string{samira, "Mara & Jonas", "王晓梅 & Łukasz"} {
		l := kit.NewLine(line)
		a.Show(l)
		if drawn := test.WidgetRenderer(l).Objects()[0].(*canvas.Text).Text; drawn != line {
			t.Errorf("%q is drawn %+q", line, drawn)
		}
	}
	p := kit.Hint(samira + " & Jonas")
	a.Show(p)
	a.Capture("directions")
	if p.Text() != samira+" & Jonas" {
		t.Errorf("%+q", p.Text())
	}
}
