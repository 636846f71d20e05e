// Package chart turns figures into geometry: a Scene of paths, marks and texts in
// points, drawn the same by the window (Raster) and by the PDF (reports/pdf).
//
// Every chart keeps the rules of domain.md §6.3: gaps for missing points, a true
// time axis, the full scale, the direction in words, the number of measurements
// printed, a caption in words, its data as a table, and a second sign besides
// colour (line style, marker shape), so that a grey print says the same.
package chart

import "image/color"

// Point is a place in a Scene, in points (1/72 inch), x to the right, y down.
type Point struct{ X, Y float64 }

// Stroke says how a line is drawn; the zero value draws none.
type Stroke struct {
	Color color.NRGBA
	Width float64   // points; 0 draws no line
	Dash  []float64 // lengths on and off in points; nil is a whole line
}

// Item is one thing to draw: a Path, a Circle or a Text.
type Item interface{ item() }

// Path is a polyline, or a polygon when Closed. A Fill with alpha 0 fills nothing.
type Path struct {
	Points []Point
	Closed bool
	Stroke Stroke
	Fill   color.NRGBA
}

// Circle is a round mark.
type Circle struct {
	Center Point
	Radius float64
	Stroke Stroke
	Fill   color.NRGBA
}

// Anchor says which end of a Text stands at its point.
type Anchor int

// The anchors of a Text.
const (
	Start Anchor = iota
	Middle
	End
)

// Text is one line of words; At is on the baseline.
type Text struct {
	At     Point
	S      string
	Size   float64 // points
	Bold   bool
	Italic bool
	Anchor Anchor
	Color  color.NRGBA
}

func (Path) item()   {}
func (Circle) item() {}
func (Text) item()   {}

// Scene is a display list; later items lie on earlier ones.
type Scene struct {
	W, H  float64 // points
	Items []Item
}

// Add appends items.
func (s *Scene) Add(items ...Item) { s.Items = append(s.Items, items...) }

// Table is a chart's data in rows, for readers who do not see the picture.
type Table struct {
	Head []string
	Rows [][]string
}

// Figure is a finished chart: what the section builders put into a report and the
// window shows. Caption says in words how to read it; Table holds its data.
type Figure struct {
	Kind    string // "radar", "dumbbell", "pulse", "outcome", "practice", "goals", "reconnect", "levels"
	Title   string
	Caption string
	Scene   Scene
	Table   Table
}

// Metrics measures words, so that both renderers place them alike.
type Metrics interface {
	// Width is the advance of s in points at the size.
	Width(s string, size float64, bold bool) float64
}

// Value is a number that may be missing. A missing one is never drawn as 0.
type Value struct {
	V  float64
	OK bool
}

// Num is a known value.
func Num(v float64) Value { return Value{v, true} }

// Of is the value behind p, missing for nil.
func Of(p *float64) Value {
	if p == nil {
		return Value{}
	}
	return Value{*p, true}
}
