package pdf

import (
	"strings"
	"unicode"

	"github.com/couplet-app/couplet/internal/glyph"
)

// span is a piece of text in one style.
type span struct {
	text  string
	style glyph.Style
}

// markup reads **bold** and *italic*; a backslash makes the next star or backslash
// a plain one. A star with no partner stays a star.
func markup(s string) []span {
	var out []span
	var b strings.Builder
	var st glyph.Style
	flush := func() {
		if b.Len() > 0 {
			out = append(out, span{b.String(), st})
			b.Reset()
		}
	}
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '*' || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		case strings.HasPrefix(s[i:], "**") && (st.Bold || strings.Contains(s[i+2:], "**")):
			flush()
			st.Bold = !st.Bold
			i++
		case strings.HasPrefix(s[i:], "**"):
			b.WriteString("**")
			i++
		case s[i] == '*' && (st.Italic || strings.Contains(s[i+1:], "*")):
			flush()
			st.Italic = !st.Italic
		default:
			b.WriteByte(s[i])
		}
	}
	flush()
	return out
}

// atom is what a line is filled with: a word, or the space before it.
type atom struct {
	width float64
	space float64 // white before it, 0 where no break with a space stands
	glue  bool    // no break before it
	text  string
	style glyph.Style
}

// line is a filled line.
type line struct {
	atoms []atom
	rtl   bool
	width float64
}

// ltr sets lines to run from the left whatever their first letter: a title or a name
// in a cell stands where the page has it, and only its own letters run to the left.
func ltr(lines []line) []line {
	for i := range lines {
		lines[i].rtl = false
	}
	return lines
}

// fill breaks a text into lines of the width. '\n' always breaks.
func fill(text string, k ink, width float64, styled bool) []line {
	var lines []line
	for _, para := range strings.Split(text, "\n") {
		spans := []span{{para, glyph.Style{}}}
		if styled {
			spans = markup(para)
		}
		lines = append(lines, breakLines(atoms(spans, k), width, glyph.BaseRTL(para), k)...)
	}
	return lines
}

// atoms cuts spans into words; between Chinese characters each is its own.
func atoms(spans []span, k ink) []atom {
	var out []atom
	gap := false // white before the next word
	for _, sp := range spans {
		st := glyph.Style{Bold: k.style.Bold || sp.style.Bold, Italic: k.style.Italic || sp.style.Italic}
		for first, rest := true, sp.text; rest != ""; first = false {
			n := strings.IndexByte(rest, ' ')
			if n == 0 {
				gap, rest = true, rest[1:]
				continue
			}
			word := rest
			if n > 0 {
				word = rest[:n]
			}
			rest = rest[len(word):]
			for i, piece := range ideographs(word) {
				a := atom{text: piece, style: st, width: glyph.Width(piece, st) * k.size}
				if gap {
					a.space = glyph.Sans(st).Advance(' ') * k.size
				} else {
					// Two styles in one word, or punctuation that must not start a line.
					a.glue = len(out) > 0 && (i == 0 && first || i > 0 && noStart(piece))
				}
				gap = false
				out = append(out, a)
			}
		}
	}
	return out
}

func ideographic(r rune) bool {
	return r >= 0x2E80 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF || r >= 0xFF00 && r <= 0xFFEF
}

// ideographs cuts a word where a line may break inside it: around Chinese characters.
func ideographs(word string) []string {
	if strings.IndexFunc(word, ideographic) < 0 {
		return []string{word}
	}
	var out []string
	var open []rune
	for _, r := range word {
		last := rune(0)
		if len(open) > 0 {
			last = open[len(open)-1]
		}
		if len(open) > 0 && (ideographic(r) || ideographic(last)) && !opening(last) {
			out = append(out, string(open))
			open = nil
		}
		open = append(open, r)
	}
	return append(out, string(open))
}

func opening(r rune) bool { return strings.ContainsRune("（「『《【〔“‘", r) }

func noStart(s string) bool {
	for _, r := range s {
		return strings.ContainsRune("，。、；：？！）」』》】〕”’…", r) || unicode.IsPunct(r)
	}
	return false
}

// breakLines fills lines greedily; a word wider than a line is cut where it ends.
func breakLines(words []atom, width float64, rtl bool, k ink) []line {
	cur := line{rtl: rtl}
	var lines []line
	end := func() {
		lines = append(lines, cur)
		cur = line{rtl: rtl}
	}
	for i := 0; i < len(words); i++ {
		group := 1
		w := words[i].width
		for i+group < len(words) && words[i+group].glue {
			w += words[i+group].width
			group++
		}
		if len(cur.atoms) > 0 && cur.width+words[i].space+w > width {
			end()
		}
		for _, a := range words[i : i+group] {
			for _, part := range cut(a, width, k) {
				if len(cur.atoms) > 0 && cur.width+part.space+part.width > width+0.01 {
					end()
				}
				if len(cur.atoms) == 0 {
					part.space = 0
				}
				cur.width += part.space + part.width
				cur.atoms = append(cur.atoms, part)
			}
		}
		i += group - 1
	}
	if len(cur.atoms) > 0 || len(lines) == 0 {
		end()
	}
	return lines
}

// cut parts a word that no line can hold.
func cut(a atom, width float64, k ink) []atom {
	if a.width <= width {
		return []atom{a}
	}
	var out []atom
	r := []rune(a.text)
	for len(r) > 0 {
		n, w := 1, 0.0
		for ; n <= len(r); n++ {
			w += runeWidth(r[n-1], a.style) * k.size
			if w > width && n > 1 {
				break
			}
		}
		n = max(1, n-1)
		for n < len(r) && n > 1 && unicode.IsMark(r[n]) {
			n--
		}
		part := atom{text: string(r[:n]), style: a.style}
		part.width = glyph.Width(part.text, a.style) * k.size
		if len(out) == 0 {
			part.space = a.space
		}
		out = append(out, part)
		r = r[n:]
	}
	return out
}

func runeWidth(r rune, st glyph.Style) float64 {
	if f := glyph.FaceFor(r, st); f != nil {
		return f.Advance(r)
	}
	return 0
}
