package uitest

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/ui/kit"
)

// Walk visits root and everything visible in it, in the order it is drawn; visit gets
// the objects above too, outermost first, and stops the descent with false.
func Walk(root fyne.CanvasObject, visit func(o fyne.CanvasObject, above []fyne.CanvasObject) bool) {
	walk(root, nil, visit)
}

func walk(o fyne.CanvasObject, above []fyne.CanvasObject, visit func(fyne.CanvasObject, []fyne.CanvasObject) bool) {
	if o == nil || !o.Visible() || !visit(o, above) {
		return
	}
	above = append(above[:len(above):len(above)], o)
	switch c := o.(type) {
	case *fyne.Container:
		for _, child := range c.Objects {
			walk(child, above, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(c).Objects() {
			walk(child, above, visit)
		}
	}
}

// Roots are the content of the window and the overlays above it, or only the topmost
// overlay, which is all that a person can reach.
func (a *App) Roots() []fyne.CanvasObject {
	if top := a.Window.Canvas().Overlays().Top(); top != nil {
		return []fyne.CanvasObject{top}
	}
	return []fyne.CanvasObject{a.Window.Content()}
}

// Find is every visible object of type T inside root.
func Find[T fyne.CanvasObject](root fyne.CanvasObject) []T {
	var found []T
	Walk(root, func(o fyne.CanvasObject, _ []fyne.CanvasObject) bool {
		if x, ok := o.(T); ok {
			found = append(found, x)
		}
		return true
	})
	return found
}

// First is the first visible object of type T that the person can reach.
func First[T fyne.CanvasObject](a *App) T {
	a.T.Helper()
	for _, root := range a.Roots() {
		if all := Find[T](root); len(all) > 0 {
			return all[0]
		}
	}
	var none T
	a.T.Fatalf("there is no %T; there is:\n%s", none, strings.Join(a.Texts(), "\n"))
	return none
}

// TextOf is what o says by itself, empty for what only holds others.
func TextOf(o fyne.CanvasObject) string {
	switch x := o.(type) {
	case *kit.Line:
		return x.Text
	case *widget.Label:
		return x.Text
	case *widget.RichText:
		return said(x.String())
	case *widget.Button:
		return x.Text
	case *kit.Button:
		return x.Text
	case *kit.Check:
		return x.Text
	case *kit.Entry:
		return x.Text
	case *widget.Entry:
		return x.Text
	case *canvas.Text:
		return said(x.Text)
	case interface{ Text() string }:
		return x.Text()
	}
	return ""
}

// said leaves out the signs of direction, which nobody reads.
func said(s string) string { return strings.ReplaceAll(s, "\u200e", "") }

// Texts is everything that can be read and reached now, in order.
func (a *App) Texts() []string {
	var all []string
	for _, root := range a.Roots() {
		all = append(all, Texts(root)...)
	}
	return all
}

// Texts is everything that can be read in root, in order.
func Texts(root fyne.CanvasObject) []string {
	var all []string
	Walk(root, func(o fyne.CanvasObject, _ []fyne.CanvasObject) bool {
		s := TextOf(o)
		if s != "" {
			all = append(all, s)
		}
		return s == ""
	})
	return all
}

// Says tells whether a visible text contains s.
func (a *App) Says(s string) bool {
	for _, t := range a.Texts() {
		if strings.Contains(t, s) {
			return true
		}
	}
	return false
}

// MustSay ends the test unless a visible text contains each of words.
func (a *App) MustSay(words ...string) {
	a.T.Helper()
	for _, w := range words {
		if !a.Says(w) {
			a.T.Fatalf("nothing says %q; there is:\n%s", w, strings.Join(a.Texts(), "\n"))
		}
	}
}

// MustNotSay ends the test if a visible text contains one of words.
func (a *App) MustNotSay(words ...string) {
	a.T.Helper()
	for _, w := range words {
		if a.Says(w) {
			a.T.Fatalf("something says %q:\n%s", w, strings.Join(a.Texts(), "\n"))
		}
	}
}

// Tap clicks the innermost thing that can be clicked around the text, which must be
// whole; a text that contains it is taken if none is equal.
func (a *App) Tap(text string) {
	a.T.Helper()
	for _, fits := range []func(string) bool{
		func(s string) bool { return s == text },
		func(s string) bool { return strings.Contains(s, text) },
	} {
		if target := a.tappable(fits); target != nil {
			test.Tap(target)
			a.Settle()
			return
		}
	}
	a.T.Fatalf("there is no %q to click; there is:\n%s", text, strings.Join(a.Texts(), "\n"))
}

func (a *App) tappable(fits func(string) bool) fyne.Tappable {
	var target fyne.Tappable
	for _, root := range a.Roots() {
		Walk(root, func(o fyne.CanvasObject, above []fyne.CanvasObject) bool {
			if target != nil {
				return false
			}
			if s := TextOf(o); s == "" || !fits(s) {
				return true
			}
			chain := append(above[:len(above):len(above)], o)
			for i := len(chain) - 1; i >= 0; i-- {
				if t, ok := chain[i].(fyne.Tappable); ok {
					target = t
					return false
				}
			}
			return true
		})
	}
	return target
}

// Type types text where the focus is.
func (a *App) Type(text string) {
	a.T.Helper()
	for _, r := range text {
		f := a.Window.Canvas().Focused()
		if f == nil {
			a.T.Fatalf("nothing has the focus for %q", text)
		}
		f.TypedRune(r)
	}
}

// Key presses a key where the focus is; Tab moves the focus as in the window.
func (a *App) Key(names ...fyne.KeyName) {
	a.T.Helper()
	c := a.Window.Canvas()
	for _, k := range names {
		if k == fyne.KeyTab {
			if t, ok := c.Focused().(fyne.Tabbable); !ok || !t.AcceptsTab() {
				c.FocusNext()
				continue
			}
		}
		f := c.Focused()
		if f == nil {
			a.T.Fatalf("nothing has the focus for the key %s", k)
		}
		f.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

// Field is what takes keys in the field with that label, of a form or of any box whose
// label stands first.
func (a *App) Field(label string) fyne.Focusable {
	a.T.Helper()
	var found fyne.Focusable
	for _, root := range a.Roots() {
		Walk(root, func(o fyne.CanvasObject, above []fyne.CanvasObject) bool {
			if found != nil {
				return false
			}
			if TextOf(o) != label || len(above) == 0 {
				return true
			}
			if box, ok := above[len(above)-1].(*fyne.Container); ok {
				found = focusableAfter(box, o)
			}
			return true
		})
	}
	if found == nil {
		a.T.Fatalf("there is no field %q; there is:\n%s", label, strings.Join(a.Texts(), "\n"))
	}
	return found
}

func focusableAfter(box *fyne.Container, label fyne.CanvasObject) fyne.Focusable {
	var found fyne.Focusable
	after := false
	for _, o := range box.Objects {
		if after && found == nil {
			Walk(o, func(x fyne.CanvasObject, _ []fyne.CanvasObject) bool {
				if f, ok := x.(fyne.Focusable); ok && found == nil {
					found = f
				}
				return found == nil
			})
		}
		after = after || o == label
	}
	return found
}

// Fill focuses the field with that label and types text, as a person would.
func (a *App) Fill(label, text string) {
	a.T.Helper()
	a.Window.Canvas().Focus(a.Field(label))
	a.Type(text)
}

// Focused is what has the focus.
func (a *App) Focused() fyne.Focusable { return a.Window.Canvas().Focused() }

// Clipped is each text that is wider than the room it was given: clipped words.
func Clipped(t testing.TB, root fyne.CanvasObject) []string {
	t.Helper()
	var cut []string
	Walk(root, func(o fyne.CanvasObject, _ []fyne.CanvasObject) bool {
		if l, ok := o.(*kit.Line); ok && l.Size().Width+0.5 < l.MinSize().Width {
			cut = append(cut, l.Text)
		}
		return true
	})
	return cut
}
