package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func TestTabBringsTheFieldIntoView(t *testing.T) {
	a := uitest.NewApp(t)
	box := kit.VBox(40)
	var fields []*kit.Entry
	for range 40 {
		e := kit.NewEntry("")
		fields = append(fields, e)
		box.Add(e)
	}
	s := kit.Scroll(box)
	a.Show(container.NewStack(s))
	inView := func(o fyne.CanvasObject) bool {
		y := fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y
		return y >= 0 && y+o.Size().Height <= s.Size().Height
	}
	a.Window.Canvas().Focus(fields[0])
	for i := range 39 {
		a.Key(fyne.KeyTab)
		if a.Focused() != fyne.Focusable(fields[i+1]) || !inView(fields[i+1]) {
			t.Fatalf("field %d is out of view", i+1)
		}
	}
	if inView(fields[0]) {
		t.Fatal("everything is in view anyway")
	}
	a.Window.Canvas().Focus(fields[0])
	if !inView(fields[0]) || s.Offset.Y != 0 {
		t.Errorf("back at the first, the page stands at %v", s.Offset.Y)
	}
}
