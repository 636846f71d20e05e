// Package icons holds the line drawings of the window: 24 by 24, one stroke, no
// fill, drawn in currentColor.
package icons

import (
	"embed"
)

//go:embed *.svg
var files embed.FS

//go:embed couplet.png
var App []byte

// SVG is the drawing of that name; an unknown name is a programming mistake and
// panics at the first look.
func SVG(name string) string {
	b, err := files.ReadFile(name + ".svg")
	if err != nil {
		panic("no icon " + name)
	}
	return string(b)
}
