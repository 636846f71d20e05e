package glyph

// Metrics measures words in the program's own faces, for the charts.
type Metrics struct{}

// Width is the advance of s in points at the size; s need not be cleaned.
func (Metrics) Width(s string, size float64, bold bool) float64 {
	return Width(s, Style{Bold: bold}) * size
}
