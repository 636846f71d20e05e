package glyph

import (
	"strings"

	"golang.org/x/text/unicode/bidi"
)

// class is what a run means for the order on the line.
type class int

const (
	left    class = iota // letters that run left to right
	right                // letters that run right to left
	number               // digits
	neutral              // spaces and punctuation
)

// Run is a piece of a line drawn by one face in one direction.
type Run struct {
	Text string
	Face *Face
	Em   float64 // width in em
	// Glyphs are set for a shaped run: it is drawn as their outlines.
	Glyphs []Placed
	class  class
}

// RTL says that the letters of the run go from right to left; Text is in reading
// order all the same.
func (r Run) RTL() bool { return r.class == right }

// Split cuts a cleaned text into runs, in reading order. A rune that no face draws
// (Clean leaves none) is drawn as a question mark.
func Split(text string, s Style) []Run {
	if text == "" {
		return nil
	}
	own := sans[s.index()]
	if em, ok := own.plainWidth(text); ok {
		return []Run{{Text: text, Face: own, Em: em}}
	}
	mixed := HasRTL(text)
	var runs []Run
	var open []rune
	var face *Face
	var cl class
	flush := func() {
		if len(open) == 0 {
			return
		}
		run := Run{Text: string(open), Face: face, class: cl}
		if face.Shaped {
			run.Glyphs, run.Em = face.shape(open, cl == right)
		} else {
			run.Em = face.Width(run.Text)
		}
		runs = append(runs, run)
		open = open[:0]
	}
	for _, r := range text {
		if r == '\u200c' || r == '\u200d' {
			if len(open) > 0 && face.Shaped {
				open = append(open, r) // joins or parts letters, has no picture
			}
			continue
		}
		f := FaceFor(r, s)
		if f == nil {
			r, f = '?', sans[s.index()]
		}
		c := left
		if mixed {
			c = classOf(r)
		}
		mark := bidiClass(r) == bidi.NSM && len(open) > 0
		if mark && f.Shaped == face.Shaped {
			f, c = face, cl
		}
		if f != face || c != cl || mixed && (bracket(r) || len(open) > 0 && bracket(open[len(open)-1])) {
			flush()
			face, cl = f, c
		}
		open = append(open, r)
	}
	flush()
	return runs
}

// Width is the width of a cleaned text in em, drawn in a style.
func Width(text string, s Style) float64 {
	if em, ok := sans[s.index()].plainWidth(text); ok {
		return em
	}
	em := 0.0
	for _, r := range Split(text, s) {
		em += r.Em
	}
	return em
}

// plainWidth is the width of a text of Latin, Greek or Cyrillic, the common case.
func (f *Face) plainWidth(text string) (em float64, ok bool) {
	p := f.load()
	for _, r := range text {
		if r >= tableEnd {
			ga := f.rune(r)
			if ga.gid == 0 || r < 0x0900 {
				return 0, false
			}
			em += float64(ga.em)
			continue
		}
		ga := p.table[r]
		if ga.gid == 0 {
			return 0, false
		}
		em += float64(ga.em)
	}
	return em, true
}

// Width is the sum of advances in em.
func (f *Face) Width(text string) float64 {
	em := 0.0
	for _, r := range text {
		em += f.Advance(r)
	}
	return em
}

// HasRTL says whether a text holds letters that run from right to left.
func HasRTL(text string) bool {
	for _, r := range text {
		if r >= 0x0590 && classOf(r) == right {
			return true
		}
	}
	return false
}

// BaseRTL says whether a text as a whole runs from right to left: its first letter
// does.
func BaseRTL(text string) bool {
	for _, r := range text {
		switch classOf(r) {
		case right:
			return true
		case left:
			return false
		}
	}
	return false
}

// bracket says whether r opens or closes a pair.
func bracket(r rune) bool { return r < 0x80 && strings.ContainsRune("()[]{}", r) }

func bidiClass(r rune) bidi.Class {
	p, _ := bidi.LookupRune(r)
	return p.Class()
}

func classOf(r rune) class {
	switch bidiClass(r) {
	case bidi.L:
		return left
	case bidi.R, bidi.AL:
		return right
	case bidi.EN, bidi.AN:
		return number
	default:
		return neutral
	}
}
