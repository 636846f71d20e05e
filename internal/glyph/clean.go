package glyph

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"
)

// Cleaner makes texts drawable and remembers what it had to replace. The zero
// value works; it is for one document and one goroutine.
type Cleaner struct {
	// Latin holds the entered Latin forms of names: used where no face draws the
	// name as it is written.
	Latin map[string]string

	subs  []Substitution
	at    map[Substitution]int // index into subs, by a key without Count
	names []string             // the names of Latin that need their form, longest first
	ready bool
}

// Substitutions lists what was replaced, in the order it was met.
func (c *Cleaner) Substitutions() []Substitution { return slices.Clone(c.subs) }

// Clean returns a text in NFC in which every rune but '\n' has a face. Invisible
// marks (soft hyphen, zero-width space, direction controls) are dropped; anything
// else that cannot be drawn is replaced and listed under the place.
func (c *Cleaner) Clean(where, s string) string {
	if simple(s) {
		return s
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	s = norm.NFC.String(s)
	s = c.pass(where, c.latinForms(where, s))
	// What was dropped may have stood between a letter and its accent.
	for n := norm.NFC.String(s); n != s; n = norm.NFC.String(s) {
		s = c.pass(where, n)
	}
	return s
}

func (c *Cleaner) pass(where, s string) string {
	var out strings.Builder
	out.Grow(len(s))
	runes := []rune(s)
	for i := 0; i < len(runes); {
		i += c.one(where, runes[i:], &out)
	}
	return out.String()
}

// replacement stands for bytes that are no text.
const replacement = "[?]"

// simple is the common case: printable ASCII and line ends need no work.
func simple(s string) bool {
	for i := 0; i < len(s); i++ {
		if b := s[i]; b >= 0x7f || b < 0x20 && b != '\n' {
			return false
		}
	}
	return true
}

// one handles the start of runes and says how many it took.
func (c *Cleaner) one(where string, runes []rune, out *strings.Builder) int {
	r := runes[0]
	switch {
	case r == '\n' || r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f' || r == '\u0085':
		out.WriteByte('\n')
		return 1
	case r == '\r':
		return 1
	case r == '\t':
		out.WriteByte(' ')
		return 1
	case r == '\ufffd':
		c.note(where, string(r), replacement, BadText)
		out.WriteString(replacement)
		return 1
	case unicode.IsControl(r):
		c.note(where, string(r), "", BadText)
		return 1
	case r == '\u200c' || r == '\u200d':
		out.WriteRune(r) // Split keeps it inside a shaped script only
		return 1
	case invisible(r):
		return 1
	case unicode.Is(unicode.Zs, r) && r != '\u00a0' && r != '\u202f':
		out.WriteByte(' ')
		return 1
	case r == '\u202f':
		out.WriteRune('\u00a0')
		return 1
	case pictured(runes):
		n := pictureLength(runes)
		with := pictureWords(runes[:n])
		c.note(where, string(runes[:n]), with, Emoji)
		out.WriteString(with)
		return n
	case FaceFor(r, Style{}) != nil:
		out.WriteRune(r)
		return 1
	}
	if with := norm.NFKC.String(string(r)); drawable(with) {
		c.note(where, string(r), with, NoFace)
		out.WriteString(with)
		return 1
	}
	n, with := unknown(runes)
	c.note(where, string(runes[:n]), with, NoFace)
	out.WriteString(with)
	return n
}

// unknown finds the words for the start of runes, which no face draws: a word of
// one script is named once, not letter by letter.
func unknown(runes []rune) (n int, with string) {
	r := runes[0]
	if !unicode.IsLetter(r) && !unicode.IsMark(r) {
		return 1, "[" + strings.ToLower(nameOf(r)) + "]"
	}
	script := scriptOf(r)
	n = 1
	for n < len(runes) && FaceFor(runes[n], Style{}) == nil &&
		(scriptOf(runes[n]) == script || unicode.IsMark(runes[n])) {
		n++
	}
	if script == "" {
		return n, replacement
	}
	return n, "[" + strings.ReplaceAll(script, "_", " ") + "]"
}

func scriptOf(r rune) string {
	for name, table := range unicode.Scripts {
		if name != "Common" && name != "Inherited" && unicode.Is(table, r) {
			return name
		}
	}
	return ""
}

// nameOf is the Unicode name, "?" for a rune without one.
func nameOf(r rune) string {
	name := runenames.Name(r)
	if name == "" || strings.HasPrefix(name, "<") {
		return "?"
	}
	return name
}

func drawable(s string) bool {
	for _, r := range s {
		if FaceFor(r, Style{}) == nil {
			return false
		}
	}
	return s != ""
}

// invisible runes carry no picture and no sound of their own.
func invisible(r rune) bool {
	return r == '\u00ad' || r == '\u061c' || r == '\u180e' || r == '\ufeff' ||
		r >= '\u200b' && r <= '\u200f' || r >= '\u202a' && r <= '\u202e' ||
		r >= '\u2060' && r <= '\u206f' || variation(r) || r >= 0xE0000 && r <= 0xE007F
}

func variation(r rune) bool { return r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF }

// pictured says whether runes start with a picture character that no face draws.
func pictured(runes []rune) bool {
	r := runes[0]
	return r >= 0x1F000 && r <= 0x1FBFF && FaceFor(r, Style{}) == nil
}

// pictureLength is the length of one picture: joined pictures, skin tones and flags
// count as one.
func pictureLength(runes []rune) int {
	n := 1
	if flagLetter(runes[0]) && len(runes) > 1 && flagLetter(runes[1]) {
		return 2
	}
	for n < len(runes) {
		switch r := runes[n]; {
		case variation(r), r >= 0x1F3FB && r <= 0x1F3FF, r == 0x20E3, r >= 0xE0020 && r <= 0xE007F:
			n++
		case r == '\u200d' && n+1 < len(runes):
			n += 2
		default:
			return n
		}
	}
	return n
}

// pictureWords says in words what one picture shows: "[grinning face]", "[flag ch]".
func pictureWords(picture []rune) string {
	if len(picture) == 2 && flagLetter(picture[0]) && flagLetter(picture[1]) {
		return "[flag " + string([]rune{picture[0] - 0x1F1E6 + 'a', picture[1] - 0x1F1E6 + 'a'}) + "]"
	}
	return "[" + strings.ToLower(nameOf(picture[0])) + "]"
}

func flagLetter(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// latinForms writes the entered Latin form for each name that no face draws.
func (c *Cleaner) latinForms(where, s string) string {
	if !c.ready {
		c.ready = true
		for name, form := range c.Latin {
			if name != "" && form != "" && !drawable(norm.NFC.String(name)) {
				c.names = append(c.names, name)
			}
		}
		slices.SortFunc(c.names, func(a, b string) int {
			if len(a) != len(b) {
				return len(b) - len(a)
			}
			return strings.Compare(a, b)
		})
	}
	for _, name := range c.names {
		written := norm.NFC.String(name)
		if n := strings.Count(s, written); n > 0 {
			s = strings.ReplaceAll(s, written, c.Latin[name])
			for range n {
				c.note(where, name, c.Latin[name], Latin)
			}
		}
	}
	return s
}

func (c *Cleaner) note(where, text, with string, why Reason) {
	key := Substitution{Where: where, Text: text, With: with, Reason: why}
	if i, ok := c.at[key]; ok {
		c.subs[i].Count++
		return
	}
	if c.at == nil {
		c.at = map[Substitution]int{}
	}
	c.at[key] = len(c.subs)
	key.Count = 1
	c.subs = append(c.subs, key)
}
