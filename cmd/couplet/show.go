package main

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// show makes the window. Without a display the toolkit panics, and without OpenGL it
// goes on with no window at all; here either is a fault like any other.
func show(w fyne.Window) (err error) {
	defer func() {
		v := recover()
		switch {
		case isMade(w) && v != nil:
			panic(v)
		case !isMade(w):
			err = fault.Wrap(fault.System, fmt.Errorf("%v", v),
				text.T("main.no_window", "No window can be opened here: there is no display, or it has no OpenGL."),
				text.T("main.no_window_hint", "Start Couplet on a desktop. coupletctl does everything without a window."))
		}
	}()
	w.Show()
	return nil
}

// isMade says whether the system has given a window.
func isMade(w fyne.Window) bool {
	var handle uintptr
	w.(driver.NativeWindow).RunNative(func(context any) {
		switch c := context.(type) {
		case driver.X11WindowContext:
			handle = c.WindowHandle
		case driver.WaylandWindowContext:
			handle = c.WaylandSurface
		case driver.WindowsWindowContext:
			handle = c.HWND
		case driver.MacWindowContext:
			handle = c.NSWindow
		}
	})
	return handle != 0
}
