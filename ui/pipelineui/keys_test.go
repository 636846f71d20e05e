package pipelineui

import (
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/ui/kit"
)

func TestTabAloneWalksTheWholeForm(t *testing.T) {
	p := newPlace(t)
	p.page.NewEnquiry()
	driver := fyne.CurrentApp().Driver()
	fields := 0
	for range 60 {
		o, ok := p.Focused().(fyne.CanvasObject)
		if !ok {
			t.Fatalf("%T has the keys after %d fields", p.Focused(), fields)
		}
		y := driver.AbsolutePositionForObject(o).Y
		if y < 0 || y+o.Size().Height > 760 {
			t.Fatalf("field %d has the keys out of view, at %v", fields, y)
		}
		if b, ok := o.(*kit.Button); ok && b.Text == "Save" {
			break
		}
		fields++
		p.Key(fyne.KeyTab)
	}
	if fields < 30 || fields > 40 {
		t.Errorf("%d fields before the button that saves", fields)
	}
	p.quiet()
}
