package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"reflect"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/ui/uitest"
)

// TestMain is the program itself when COUPLET_E2E_SOCK names a socket: the real
// window with the real driver, and on the socket what stands in it. So the released
// program opens no such socket. Build it with "go test -c ./cmd/couplet".
func TestMain(m *testing.M) {
	if path := os.Getenv("COUPLET_E2E_SOCK"); path != "" {
		onWindow = func(a fyne.App, w fyne.Window) {
			a.Lifecycle().SetOnStarted(sayFirstFrame)
			if err := serveTree(path, w); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
		os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
	}
	if path := os.Getenv("COUPLET_BENCH_KEY"); path != "" {
		os.Exit(deriveOnce(path))
	}
	os.Exit(m.Run())
}

// sayFirstFrame prints a line once a whole frame was drawn and the window takes keys:
// animations tick just before drawing, so at the second tick one frame is out.
func sayFirstFrame() {
	ticks := 0
	var a *fyne.Animation
	a = fyne.NewAnimation(time.Second, func(float32) {
		if ticks++; ticks == 2 {
			fmt.Println("first-frame", time.Now().UnixNano())
			a.Stop()
		}
	})
	a.RepeatCount = fyne.AnimationRepeatForever // on a busy computer more than its time passes between two frames
	a.Start()
}

// node is one visible thing; rectangles are pixels of the window's content.
type node struct {
	Type     string `json:"type"`
	Text     string `json:"text,omitempty"`
	X        int    `json:"x"`
	Y        int    `json:"y"`
	W        int    `json:"w"`
	H        int    `json:"h"`
	Depth    int    `json:"depth"`
	Focused  bool   `json:"focused,omitempty"`
	Disabled bool   `json:"disabled,omitempty"`
	Chosen   bool   `json:"chosen,omitempty"`
	Overlay  bool   `json:"overlay,omitempty"`
}

type tree struct {
	Title string  `json:"title"`
	Scale float32 `json:"scale"`
	W     int     `json:"w"`
	H     int     `json:"h"`
	Nodes []node  `json:"nodes"`
}

// serveTree answers each connection with one JSON document.
func serveTree(path string, w fyne.Window) error {
	l, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			var t tree
			fyne.DoAndWait(func() { t = look(w) })
			if err := json.NewEncoder(c).Encode(t); err != nil {
				fmt.Fprintln(os.Stderr, "tree:", err)
			}
			c.Close()
		}
	}()
	return nil
}

func look(w fyne.Window) tree {
	c := w.Canvas()
	scale := c.Scale()
	px := func(v float32) int { return int(v * scale) }
	t := tree{Title: w.Title(), Scale: scale, W: px(c.Size().Width), H: px(c.Size().Height)}
	visit := func(root fyne.CanvasObject, overlay bool) {
		uitest.Walk(root, func(o fyne.CanvasObject, above []fyne.CanvasObject) bool {
			if !worthTelling(o) {
				return true
			}
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
			n := node{
				Type: reflect.TypeOf(o).String(), Text: uitest.TextOf(o), Depth: len(above), Overlay: overlay,
				X: px(at.X), Y: px(at.Y), W: px(o.Size().Width), H: px(o.Size().Height),
			}
			if f, ok := o.(fyne.Focusable); ok {
				n.Focused = c.Focused() == f
			}
			if d, ok := o.(fyne.Disableable); ok {
				n.Disabled = d.Disabled()
			}
			if s, ok := o.(interface{ Chosen() bool }); ok {
				n.Chosen = s.Chosen()
			}
			t.Nodes = append(t.Nodes, n)
			return true
		})
	}
	visit(w.Content(), false)
	for _, o := range c.Overlays().List() {
		visit(o, true)
	}
	return t
}

// worthTelling leaves out bare shapes.
func worthTelling(o fyne.CanvasObject) bool {
	switch o.(type) {
	case *fyne.Container, *canvas.Rectangle, *canvas.Image, *canvas.Line, *widget.Separator:
		return false
	}
	return true
}

func TestTreeTellsTextAndPlace(t *testing.T) {
	a := test.NewTempApp(t)
	w := a.NewWindow("x")
	defer w.Close()
	e := widget.NewEntry()
	e.SetText("Mara")
	w.SetContent(e)
	w.Resize(fyne.NewSize(200, 100))
	w.Canvas().Focus(e)
	got := look(w)
	for _, n := range got.Nodes {
		if n.Text == "Mara" && n.Type == "*widget.Entry" {
			if n.W <= 0 || n.H <= 0 || !n.Focused {
				t.Errorf("%+v", n)
			}
			return
		}
	}
	t.Errorf("no entry in %+v", got)
}
