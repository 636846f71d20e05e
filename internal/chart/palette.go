package chart

import "image/color"

// Tone names whom or what a colour stands for. Colour never speaks alone: a
// letter, a name or a shape says the same.
type Tone int

// The tones of look.md.
const (
	Plain Tone = iota // ink
	Soft              // second line
	Clay              // the one accent
	A
	B
	Both
	Coach
	Good
	Care
	Stop
)

// Palette holds the colours of look.md for one theme.
type Palette struct {
	Paper, Card, Line, Ink, InkSoft, Clay color.NRGBA
	A, B, Both, Coach, Good, Care, Stop   color.NRGBA
}

// Light is the palette of paper and of the light window.
var Light = Palette{
	Paper: hex(0xFBF8F4), Card: hex(0xFFFFFF), Line: hex(0xE4DCD2), Ink: hex(0x2B2622),
	InkSoft: hex(0x6B625A), Clay: hex(0xA8481F), A: hex(0x1F6F6B), B: hex(0x7A3E72),
	Both: hex(0x8A5F0C), Coach: hex(0x4A5568), Good: hex(0x2F6B3A), Care: hex(0x8A5F0C), Stop: hex(0xA32A2A),
}

// Dark is the palette of the dark window.
var Dark = Palette{
	Paper: hex(0x1B1917), Card: hex(0x262320), Line: hex(0x3A352F), Ink: hex(0xF0EAE2),
	InkSoft: hex(0xB3A99D), Clay: hex(0xE58A5F), A: hex(0x5BB8B2), B: hex(0xC58ABD),
	Both: hex(0xD9AE55), Coach: hex(0x9AA7BC), Good: hex(0x7DBE88), Care: hex(0xD9AE55), Stop: hex(0xE98080),
}

// Tone is the colour of a tone.
func (p Palette) Tone(t Tone) color.NRGBA {
	switch t {
	case Soft:
		return p.InkSoft
	case Clay:
		return p.Clay
	case A:
		return p.A
	case B:
		return p.B
	case Both:
		return p.Both
	case Coach:
		return p.Coach
	case Good:
		return p.Good
	case Care:
		return p.Care
	case Stop:
		return p.Stop
	default:
		return p.Ink
	}
}

// Mix is the colour between a and b, t of the way (0 is a, 1 is b); opaque, so
// that a print without transparency shows the same.
func Mix(a, b color.NRGBA, t float64) color.NRGBA {
	part := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*t + 0.5) }
	return color.NRGBA{R: part(a.R, b.R), G: part(a.G, b.G), B: part(a.B, b.B), A: 0xFF}
}

func hex(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xFF}
}

// shade is part i of n of a tone, from pale to full.
func (d *pen) shade(t Tone, i, n int) color.NRGBA {
	if n < 2 {
		return d.p.Tone(t)
	}
	return Mix(d.p.Card, d.p.Tone(t), 0.2+0.8*float64(i)/float64(n-1))
}
