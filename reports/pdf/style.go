package pdf

import (
	"image/color"

	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/glyph"
)

// The sizes of a page in points: few, on a grid of 4, generous.
const (
	headTop   = 38.0 // baseline of the running head
	bodyTop   = 58.0
	bodyEnd   = 58.0 // from the foot of the paper
	footLine  = 36.0 // baseline of the footer, from the foot of the paper
	readWidth = 432  // about 85 characters of body text

	body      = 10.2
	leading   = 14.2
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
	leadInk   = ink{12, 17, p.Ink, glyph.Style{}}
	softInk   = ink{small, smallLead, p.InkSoft, glyph.Style{}}
	letterInk = ink{10.8, 16, p.Ink, glyph.Style{}}
	cellInk   = ink{9.4, 12.6, p.Ink, glyph.Style{}}
	dataInk   = ink{8.4, 11, p.InkSoft, glyph.Style{}}
	titleInk  = ink{24, 28, p.Ink, glyph.Style{Bold: true}}
	subInk    = ink{12, 16, p.InkSoft, glyph.Style{}}
	keyInk    = ink{small, smallLead, p.InkSoft, glyph.Style{}}
	valueInk  = ink{10.6, 14, p.Ink, glyph.Style{}}
	footInk   = ink{8, 10, p.InkSoft, glyph.Style{}}
)

// headInk is the style of a heading and the white above it.
func headInk(level int, tone chart.Tone) (style ink, before float64) {
	c := p.Tone(tone)
	switch level {
	case 0, 1:
		return ink{15.5, 20, c, glyph.Style{Bold: true}}, 18
	case 2:
		return ink{11.6, 16, c, glyph.Style{Bold: true}}, 14
	default:
		return ink{10.5, 15, p.InkSoft, glyph.Style{Bold: true}}, 10
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
