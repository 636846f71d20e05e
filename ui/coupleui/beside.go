package coupleui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/couplet-app/couplet/ui/kit"
)

// beside sets what can be done with something at its right, on one level with it.
func beside(words fyne.CanvasObject, actions ...fyne.CanvasObject) *fyne.Container {
	return kit.Frame(nil, nil, container.New(level{}, words), kit.HBox(4, actions...), nil)
}

// level sets an object in the middle of the height, over the whole width.
type level struct{}

func (level) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSize(s.Width, o.MinSize().Height)) // wrapped text knows its height only at its width
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(s.Width, h))
		o.Move(fyne.NewPos(0, max(0, (s.Height-h)/2)))
	}
}

func (level) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range objects {
		s = s.Max(o.MinSize())
	}
	return s
}
