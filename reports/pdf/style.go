package pdf

import (
	"image/color"

	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/glyph"
)

// The sizes of a page in points: few, on a grid of 4, generous.
const (
	headTop   = 40.0 // baseline of the running head
	bodyTop   = 70.0
	bodyEnd   = 72.0 // from the foot of the paper
	footLine  = 40.0 // baseline of the footer, from the foot of the paper
	readWidth = 404  // about 78 characters of body text

	body      = 10.5
	leading   = 15.5
	small     = 8.8
	smallLead = 12.4
)

// ink is a text style: face, size and colour.
type ink struct {
	size  float64
	lead  float64
	color color.NRGBA
	style glyph.Style
}

var (
	p = chart.Light

	bodyInk   = ink{body, leading, p.Ink, glyph.Style{}}
	leadInk   = ink{12.6, 18.5, p.Ink, glyph.Style{}}
	softInk   = ink{small, smallLead, p.InkSoft, glyph.Style{}}
	letterInk = ink{11.2, 17.4, p.Ink, glyph.Style{}}
	cellInk   = ink{9.6, 13, p.Ink, glyph.Style{}}
	dataInk   = ink{8.4, 11, p.InkSoft, glyph.Style{}}
	titleInk  = ink{27, 32, p.Ink, glyph.Style{Bold: true}}
	subInk    = ink{13, 18, p.InkSoft, glyph.Style{}}
	keyInk    = ink{small, smallLead, p.InkSoft, glyph.Style{}}
	valueInk  = ink{11, 15, p.Ink, glyph.Style{}}
	footInk   = ink{8, 10, p.InkSoft, glyph.Style{}}
)

// headInk is the style of a heading and the white above it.
func headInk(level int, tone chart.Tone) (style ink, before float64) {
	c := p.Tone(tone)
	switch level {
	case 0, 1:
		return ink{17, 22, c, glyph.Style{Bold: true}}, 30
	case 2:
		return ink{12.4, 17, c, glyph.Style{Bold: true}}, 20
	default:
		return ink{10.5, 15, p.InkSoft, glyph.Style{Bold: true}}, 14
	}
}

func (k ink) bold() ink {
	k.style.Bold = true
	return k
}

func (k ink) italic() ink {
	k.style.Italic = true
	return k
}

func (k ink) toned(c color.NRGBA) ink {
	k.color = c
	return k
}
