// Command bare is the least that a window can be: one label. The benchmarks of the
// window stand beside it.
package main

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	a := app.NewWithID("app.couplet.Bare")
	w := a.NewWindow("Bare")
	w.Resize(fyne.NewSize(1280, 800))
	w.CenterOnScreen()
	w.SetContent(widget.NewLabel("bare"))
	a.Lifecycle().SetOnStarted(func() {
		ticks := 0
		var tick *fyne.Animation
		tick = fyne.NewAnimation(time.Second, func(float32) {
			if ticks++; ticks == 2 { // one whole frame is out: animations tick just before drawing
				fmt.Println("first-frame", time.Now().UnixNano())
				tick.Stop()
			}
		})
		tick.Start()
	})
	w.ShowAndRun()
}
