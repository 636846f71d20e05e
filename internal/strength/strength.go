// Package strength says honestly how long a passphrase would hold against somebody
// who has the file: the fewest guesses that words, keyboard runs, repeats,
// sequences, dates and swapped letters make of it.
package strength

import (
	"math"
	"strings"
	"unicode"

	"github.com/couplet-app/couplet/internal/text"
)

// Level is the short answer.
type Level int

// The levels. Good is the least that the window suggests; nothing is forbidden but
// an empty passphrase and what stands on the list of the commonest.
const (
	Empty Level = iota
	Weak
	Fair
	Good
	Strong
)

// Estimate is what a passphrase is worth.
type Estimate struct {
	Bits  float64 // log2 of the guesses that an informed attacker needs
	Level Level
	Notes []Note // what made it weaker, in the order of the text
}

// Note is a pattern that was found.
type Note int

// The patterns.
const (
	NoteCommon Note = iota // among the commonest passwords
	NoteWord
	NoteKeyboard
	NoteRepeat
	NoteSequence
	NoteDate
	NoteSwapped // 4 for a, 0 for o
)

// guessesPerSecond is what a well-equipped attacker does against Argon2id with 64 MiB
// and three passes: a machine of many cores tries about a thousand a second, a rented
// hall of them a thousand times that.
const guessesPerSecond = 1e6

// longest is the most that is looked at: what follows only helps.
const longest = 128

// Of estimates passphrase. It finds the cover of the text by patterns and single
// characters that needs the fewest guesses.
func Of(passphrase string) Estimate {
	r := []rune(strings.TrimSpace(passphrase))
	if len(r) == 0 {
		return Estimate{}
	}
	if len(r) > longest {
		r = r[:longest]
	}
	cover, bits := cheapest(r, matches(r))
	e := Estimate{Bits: bits, Level: level(bits)}
	seen := map[Note]bool{}
	for _, m := range cover {
		for _, n := range m.notes {
			if !seen[n] {
				seen[n] = true
				e.Notes = append(e.Notes, n)
			}
		}
	}
	return e
}

func level(bits float64) Level {
	switch {
	case bits < 28:
		return Weak
	case bits < 44:
		return Fair
	case bits < 60:
		return Good
	}
	return Strong
}

// match is a piece from i to before j that a pattern explains with bits.
type match struct {
	i, j  int
	bits  float64
	notes []Note
}

// cheapest is the cover of r with the fewest bits. Each further piece costs one bit,
// because the attacker must guess how the pieces are put together.
func cheapest(r []rune, all []match) ([]match, float64) {
	best := make([]float64, len(r)+1)
	from := make([]match, len(r)+1)
	for j := 1; j <= len(r); j++ {
		best[j] = best[j-1] + charBits(r[j-1])
		from[j] = match{i: j - 1, j: j}
		for _, m := range all {
			if m.j != j {
				continue
			}
			if b := best[m.i] + m.bits + 1; b < best[j] {
				best[j], from[j] = b, m
			}
		}
	}
	var cover []match
	for j := len(r); j > 0; j = from[j].i {
		cover = append([]match{from[j]}, cover...)
	}
	return cover, best[len(r)]
}

// charBits is a character that no pattern explains: the size of its own class.
func charBits(c rune) float64 {
	switch {
	case c >= 'a' && c <= 'z':
		return math.Log2(26)
	case c >= 'A' && c <= 'Z':
		return math.Log2(26) + 1
	case c >= '0' && c <= '9':
		return math.Log2(10)
	case c == ' ':
		return 1
	case c < unicode.MaxASCII:
		return math.Log2(33)
	}
	return 7
}

// Time is how long the casebook would hold, in words.
func (e Estimate) Time() string {
	seconds := math.Exp2(e.Bits-1) / guessesPerSecond
	const day = 86400.0
	switch {
	case e.Level == Empty:
		return ""
	case seconds < 60:
		return text.T("strength.time.seconds", "seconds")
	case seconds < 3600:
		return text.T("strength.time.minutes", "minutes")
	case seconds < day:
		return text.T("strength.time.hours", "hours")
	case seconds < 60*day:
		return text.T("strength.time.days", "days")
	case seconds < 3*365*day:
		return text.T("strength.time.months", "months")
	case seconds < 200*365*day:
		return text.T("strength.time.years", "years")
	}
	return text.T("strength.time.centuries", "centuries")
}

// Sentence is the honest answer for the person who types.
func (e Estimate) Sentence() string {
	time := e.Time()
	switch e.Level {
	case Empty:
		return text.T("strength.empty", "Four or more words that do not belong together make a good passphrase.")
	case Weak:
		return text.T("strength.weak", "Weak: somebody with the file and strong computers would need %s.", time)
	case Fair:
		return text.T("strength.fair", "Fair: somebody with the file and strong computers would need %s.", time)
	case Good:
		return text.T("strength.good", "Good: somebody with the file and strong computers would need %s.", time)
	}
	return text.T("strength.strong", "Strong: somebody with the file and strong computers would need %s.", time)
}

// Advice names the pattern that costs most, empty when there is none to name.
func (e Estimate) Advice() string {
	if len(e.Notes) == 0 || e.Level >= Strong {
		return ""
	}
	switch e.Notes[0] {
	case NoteCommon:
		return text.T("strength.advice.common", "It is, or holds, one of the passwords that are tried first.")
	case NoteKeyboard:
		return text.T("strength.advice.keyboard", "Rows of the keyboard are tried early.")
	case NoteRepeat:
		return text.T("strength.advice.repeat", "Repeating adds little.")
	case NoteSequence:
		return text.T("strength.advice.sequence", "Sequences such as abc or 123 add little.")
	case NoteDate:
		return text.T("strength.advice.date", "Years and dates are tried early.")
	case NoteSwapped:
		return text.T("strength.advice.swapped", "Signs in place of letters add little.")
	}
	if e.Level >= Good {
		return ""
	}
	return text.T("strength.advice.word", "More words would make it stronger.")
}
