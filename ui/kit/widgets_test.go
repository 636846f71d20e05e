package kit_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func TestParseDay(t *testing.T) {
	for _, c := range []struct {
		in         string
		monthFirst bool
		want       string
		ok         bool
	}{
		{"", false, "", true},
		{" 2026-11-22 ", false, "2026-11-22", true},
		{"2026-1-2", false, "2026-01-02", true},
		{"20261122", false, "2026-11-22", true},
		{"22.11.2026", true, "2026-11-22", true},
		{"22/11/26", false, "2026-11-22", true},
		{"11/22/26", true, "2026-11-22", true},
		{"3.4.81", false, "1981-04-03", true},
		{"3.4", false, "2026-04-03", true},
		{"22 Nov 2026", false, "2026-11-22", true},
		{"november 22, 2026", false, "2026-11-22", true},
		{"Today", false, "2026-11-22", true},
		{"30.02.2026", false, "", false},
		{"soon", false, "", false},
		{"1/2/3/4", false, "", false},
		{"é", false, "", false},
	} {
		got, ok := kit.ParseDay(c.in, "2026-11-22", c.monthFirst)
		if string(got) != c.want || ok != c.ok {
			t.Errorf("%q: %q, %v; want %q, %v", c.in, got, ok, c.want, c.ok)
		}
	}
}

func TestDateField(t *testing.T) {
	a := uitest.NewApp(t)
	d := kit.NewDateField(a.Env.Today, nil)
	a.Show(kit.VBox(4, d, kit.NewEntry("")))
	a.Window.Canvas().Focus(d.Entry())
	if v, err := d.Value(); v != "" || err != nil {
		t.Fatalf("empty is %q, %v", v, err)
	}
	a.Type("3.4.2026")
	a.Key(fyne.KeyTab)
	if d.Entry().Text != "2026-04-03" {
		t.Errorf("it shows %q", d.Entry().Text)
	}
	d.Entry().SetText("soon")
	_, err := d.FieldValue("start")
	if f, ok := fault.As(err); !ok || f.Field != "start" {
		t.Errorf("a text that is no day gives %v", err)
	}
}

func TestAnswers(t *testing.T) {
	a := uitest.NewApp(t)
	one, two := kit.NewAnswers(0, 4, nil, kit.ColorA), kit.NewAnswers(0, 10, nil, kit.ColorB)
	last := kit.NewEntry("")
	a.Show(kit.VBox(4, one, two, last))
	var told []string
	one.OnSet = func(v int, ok bool) { told = append(told, fmt.Sprint(v, ok)) }
	a.Window.Canvas().Focus(one)
	a.Type("9")
	if _, ok := one.Value(); ok || a.Focused() != one {
		t.Fatal("a number that is not offered does nothing")
	}
	a.Type("3")
	if v, ok := one.Value(); v != 3 || !ok || a.Focused() != two {
		t.Fatalf("value %d, focus %T", v, a.Focused())
	}
	a.Type("1")
	if a.Focused() != two {
		t.Fatal("1 may become 10: stay")
	}
	a.Type("0")
	if v, _ := two.Value(); v != 10 || a.Focused() != last {
		t.Fatalf("value %d, focus %T", v, a.Focused())
	}
	a.Window.Canvas().Focus(one)
	a.Type("-")
	if _, ok := one.Value(); ok || !one.LeftOut() || a.Focused() != two {
		t.Fatal("- leaves out and moves on")
	}
	a.Window.Canvas().Focus(one)
	a.Key(fyne.KeyRight, fyne.KeyRight, fyne.KeyLeft)
	if v, _ := one.Value(); v != 0 {
		t.Errorf("the arrows chose %d", v)
	}
	if want := "3 true|0 false|0 true|1 true|0 true"; strings.Join(told, "|") != want {
		t.Errorf("told %v", told)
	}
}

func TestNoteEditorSavesWithinTwoSeconds(t *testing.T) {
	a := uitest.NewApp(t)
	n, next := kit.NewNoteEditor(a.Clock, "", 5), kit.NewEntry("")
	a.Show(kit.VBox(4, n, next))
	var drafts []string
	left := 0
	n.OnDraft = func(s string, saved func(time.Time, error)) { drafts = append(drafts, s); saved(a.Clock.Now(), nil) }
	n.OnLeave = func() { left++ }
	n.Load("Stored. ")
	if a.Clock.Wind(time.Minute); len(drafts) != 0 {
		t.Fatal("loading is no change")
	}
	a.Window.Canvas().Focus(n.Focusable())
	for range 30 { // typing without a pause must not put the save off
		a.Type("x")
		a.Clock.Wind(100 * time.Millisecond)
	}
	if len(drafts) < 2 {
		t.Fatalf("%d drafts in 3 seconds of typing", len(drafts))
	}
	a.Clock.Wind(2 * time.Second)
	if drafts[len(drafts)-1] != n.Text() || !strings.HasPrefix(n.Status(), "Saved 14:0") {
		t.Errorf("draft %q, text %q, status %q", drafts[len(drafts)-1], n.Text(), n.Status())
	}
	a.Type("y")
	a.Key(fyne.KeyTab)
	if drafts[len(drafts)-1] != n.Text() || left != 1 || a.Focused() != next {
		t.Errorf("leaving must hand over at once; focus %T", a.Focused())
	}
}

func TestNoteEditorSaysWhatWasNotSaved(t *testing.T) {
	a := uitest.NewApp(t)
	n := kit.NewNoteEditor(a.Clock, "", 5)
	a.Show(n)
	tries := 0
	n.OnDraft = func(_ string, saved func(time.Time, error)) {
		if tries++; tries == 1 {
			saved(a.Clock.Now(), fault.New(fault.System, "The disk is full.", ""))
			return
		}
		saved(a.Clock.Now(), nil)
	}
	a.Window.Canvas().Focus(n.Focusable())
	a.Type("x")
	a.Clock.Wind(time.Second)
	if !strings.HasPrefix(n.Status(), "Not saved yet: The disk is full. Your text stays here") || n.Text() != "x" {
		t.Errorf("status %q", n.Status())
	}
	a.Clock.Wind(kit.RetryDelay) // without another key
	if !strings.HasPrefix(n.Status(), "Saved ") || tries != 2 {
		t.Errorf("status %q after %d tries", n.Status(), tries)
	}
}

func TestNoteEditorCap(t *testing.T) {
	a := uitest.NewApp(t)
	n := kit.NewNoteEditor(a.Clock, "", 5)
	a.Show(n)
	n.Load(strings.Repeat("é\n", kit.NoteCap/2-1))
	a.Window.Canvas().Focus(n.Focusable())
	a.Type("a")
	if !strings.Contains(n.Status(), "1 character left") {
		t.Errorf("status %q", n.Status())
	}
	a.Type("bc")
	if got := len([]rune(n.Text())); got != kit.NoteCap {
		t.Errorf("%d characters", got)
	}
	if !strings.Contains(n.Status(), "full") {
		t.Errorf("status %q", n.Status())
	}
	clip := test.NewClipboard()
	clip.SetContent("too long to fit")
	before := n.Text()
	n.Focusable().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	if n.Text() != before {
		t.Error("a paste that does not fit is refused whole")
	}
	if !strings.Contains(n.Status(), "Not pasted: it has 15 characters, and this field has room for 0") {
		t.Errorf("status %q", n.Status())
	}
}

func TestListWalksAndOpens(t *testing.T) {
	a := uitest.NewApp(t)
	rows, opened := 200, -1
	empty := kit.NewEmptyState("couples", "Couples stand here.", "New couple", func() { opened = 1000 })
	l := kit.NewList(kit.ListSpec{
		Length: func() int { return rows },
		Row: func(i int) kit.Row {
			return kit.Row{Title: fmt.Sprintf("Row %d", i), Detail: "facts", Cells: []kit.Cell{{Text: "Active", Chip: kit.ColorGood}, {Text: "7 of 12"}}}
		},
		Columns: []float32{120, 100},
		Open:    func(i int) { opened = i },
		Empty:   empty,
	})
	a.Show(kit.Page("Couples", nil, l))
	l.Reload()
	a.MustSay("Row 0", "facts", "Active", "7 of 12")
	a.MustNotSay("Row 150", "Couples stand here.")
	a.Window.Canvas().Focus(l.Focusable())
	a.Key(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	if opened != 2 {
		t.Errorf("Enter opened %d", opened)
	}
	a.Tap("Row 5")
	a.Tap("Row 5")
	if opened != 5 {
		t.Errorf("a click opened %d", opened)
	}
	rows = 0
	l.Reload()
	a.Tap("New couple")
	if opened != 1000 {
		t.Error("the empty list offers its first action")
	}
}

func TestLongNamesShrinkAndNothingElseIsCut(t *testing.T) {
	a := uitest.NewApp(t)
	long := strings.Repeat("Wilhelmina ", 20)
	l := kit.NewList(kit.ListSpec{
		Length: func() int { return 1 },
		Row: func(int) kit.Row {
			return kit.Row{Title: long, Detail: long, Cells: []kit.Cell{{Text: "Considering", Chip: kit.ColorCare}}}
		},
		Columns: []float32{120},
	})
	a.Show(kit.Page(long, []fyne.CanvasObject{kit.Primary("New couple", nil)}, l))
	l.Reload()
	a.Settle()
	if cut := uitest.Clipped(t, a.Window.Content()); len(cut) > 0 {
		t.Errorf("cut off: %q", cut)
	}
	if w := a.Window.Content().MinSize().Width; w > 1024 {
		t.Errorf("the page needs %g", w)
	}
}

func TestLensSwitch(t *testing.T) {
	a := uitest.NewApp(t)
	var got []kit.Lens
	s := kit.NewLensSwitch(func(l kit.Lens) { got = append(got, l) })
	a.Show(kit.VBox(0, s.Band(), s))
	s.SetNames("Mara", "Jonas")
	a.MustSay("Us", "A · Mara", "B · Jonas", "Coach only")
	a.Tap("B · Jonas")
	a.Tap("Coach only")
	s.SetValue(kit.LensA)
	if len(got) != 2 || got[0] != kit.LensB || got[1] != kit.LensCoach || s.Value() != kit.LensA {
		t.Errorf("changed %v, value %q", got, s.Value())
	}
	s.SetNames("Mara", "")
	a.MustNotSay("Us", "B ·")
	if s.Value() != kit.LensA {
		t.Errorf("a single client keeps the lens, got %q", s.Value())
	}
}

func TestChoice(t *testing.T) {
	a := uitest.NewApp(t)
	changed := 0
	c := kit.NewChoice([]kit.Option[int]{{Value: 1, Label: "One"}, {Value: 2, Label: "Two"}}, func(int) { changed++ })
	a.Show(c)
	if _, ok := c.Value(); ok {
		t.Error("nothing is chosen yet")
	}
	c.SetValue(2)
	if v, ok := c.Value(); v != 2 || !ok || changed != 0 {
		t.Errorf("value %d %v, changed %d", v, ok, changed)
	}
	c.SetSelected("One")
	if v, _ := c.Value(); v != 1 || changed != 1 {
		t.Errorf("value %d, changed %d", v, changed)
	}
}

func TestChartDrawsAndTurnsIntoATable(t *testing.T) {
	a := uitest.NewApp(t)
	draws := 0
	c := kit.NewChart(kit.ChartSpec{
		Width: 200, Height: 100, Caption: "Emotional is nearest.",
		Draw: func(w, h int) image.Image {
			draws++
			img := image.NewNRGBA(image.Rect(0, 0, w, h))
			img.Set(0, 0, color.Black)
			return img
		},
		Columns: []kit.Column{{Title: "Channel"}, {Title: "Value", Width: 80, Number: true}},
		Rows:    [][]string{{"Emotional", "62"}},
	})
	a.Show(c)
	a.Window.Canvas().Capture()
	if draws == 0 {
		t.Error("nothing was drawn")
	}
	a.MustSay("Emotional is nearest.")
	a.MustNotSay("62")
	a.Tap("Show as a table")
	a.MustSay("Channel", "62")
	a.Tap("Show as a chart")
	a.MustNotSay("62")
}

func TestPagePreview(t *testing.T) {
	a := uitest.NewApp(t)
	p := kit.NewPagePreview(a.Env.Runner, a.Said)
	a.Show(p)
	a.MustNotSay("Previous")
	var drawn []int
	wide := 0
	p.Set(2, func(_ context.Context, page, w int) (image.Image, error) {
		drawn, wide = append(drawn, page), w
		if page == 1 {
			return nil, errors.New("no")
		}
		return image.NewNRGBA(image.Rect(0, 0, w, w*2)), nil
	})
	a.MustSay("Page 1 of 2")
	a.Window.Canvas().Focus(p)
	a.Key(fyne.KeyPageDown, fyne.KeyPageDown)
	if p.Page() != 1 || len(drawn) != 2 || len(a.Said.Errors) != 1 {
		t.Errorf("page %d, drawn %v, said %v", p.Page(), drawn, a.Said.Errors)
	}
	a.Key(fyne.KeyPageUp)
	a.Show(kit.Frame(nil, nil, p, kit.Sized(a.Window.Canvas().Size().Width-500, 0, kit.NewPanel(kit.ColorLine)), nil))
	if wide > 500 || wide < 400 {
		t.Errorf("in 500 of room a page is %d wide", wide)
	}
	p.TypedRune('+')
	if bigger := wide; bigger <= 500 {
		t.Errorf("made larger it is %d wide", bigger)
	}
	p.Clear()
	a.MustNotSay("Previous")
}

func TestTabGoesInReadingOrder(t *testing.T) {
	a := uitest.NewApp(t)
	search, list, side := kit.NewEntry(""), kit.NewEntry(""), kit.NewEntry("")
	a.Show(kit.Frame(search, side, list, nil, nil))
	a.Window.Canvas().Focus(search)
	a.Key(fyne.KeyTab)
	if a.Focused() != side {
		t.Fatal("after the top comes the left")
	}
	a.Key(fyne.KeyTab)
	if a.Focused() != list {
		t.Fatal("then the centre")
	}
}

func TestActivityIsNoticed(t *testing.T) {
	a := uitest.NewApp(t)
	n := 0
	kit.OnActivity(func() { n++ })
	t.Cleanup(func() { kit.OnActivity(nil) })
	e := kit.NewEntry("")
	a.Show(e)
	a.Window.Canvas().Focus(e)
	a.Type("ab")
	if n != 2 {
		t.Errorf("noticed %d of 2 keys", n)
	}
}
