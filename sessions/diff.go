package sessions

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Change says what became of a run of words between two texts.
type Change int

// The changes.
const (
	Equal Change = iota
	Inserted
	Deleted
)

// Run is a stretch of text that was kept, added or taken away as a whole.
type Run struct {
	Change Change
	Text   string
}

// Diff compares two texts word by word, by the word boundaries of Unicode (UAX 29), and
// says how the new one came from the old: the runs that are not Inserted make up the
// old text, those that are not Deleted the new one, byte for byte. The kept part is a
// longest common run of words (Myers 1986, in linear space). Neighbouring runs never
// have the same change, and what was taken away stands before what came in its place.
func Diff(before, after string) []Run {
	a, b := words(before), words(after)
	x, y := number(a, b)
	var out runs
	i, j := 0, 0
	for _, m := range match(x, y) {
		for ; i < m.a; i++ {
			out.add(Deleted, a[i].text+a[i].space)
		}
		for ; j < m.b; j++ {
			out.add(Inserted, b[j].text+b[j].space)
		}
		out.add(Equal, a[i].text)
		out.spaces(a[i].space, b[j].space)
		i, j = i+1, j+1
	}
	for ; i < len(a); i++ {
		out.add(Deleted, a[i].text+a[i].space)
	}
	for ; j < len(b); j++ {
		out.add(Inserted, b[j].text+b[j].space)
	}
	return out.done()
}

// DiffLines compares two texts that stand side by side: like Diff, but first line by line, so
// that what one has in a paragraph is not found in another one of the other.
func DiffLines(before, after string) []Run {
	a, b := strings.SplitAfter(before, "\n"), strings.SplitAfter(after, "\n")
	aw, bw := bare(a), bare(b)
	var out runs
	i, j := 0, 0
	gap := func(to, upto int) {
		for _, r := range Diff(strings.Join(a[i:to], ""), strings.Join(b[j:upto], "")) {
			out.add(r.Change, r.Text)
		}
	}
	for _, m := range match(number(aw, bw)) {
		gap(m.a, m.b)
		out.add(Equal, aw[m.a].text)
		out.spaces(aw[m.a].space, bw[m.b].space)
		i, j = m.a+1, m.b+1
	}
	gap(len(a), len(b))
	return out.done()
}

// bare are lines as words, with what ends them as the white space.
func bare(lines []string) []word {
	out := make([]word, len(lines))
	for i, l := range lines {
		text := strings.TrimRight(l, "\r\n")
		out[i] = word{text, l[len(text):]}
	}
	return out
}

// word is a word or a mark of punctuation with the white space after it. Words are
// compared without that space, so that a new line break is not a new word.
type word struct{ text, space string }

func words(s string) []word {
	out := make([]word, 0, len(s)/6+1)
	state := -1
	for len(s) > 0 {
		var w string
		w, s, state = uniseg.FirstWordInString(s, state)
		r, _ := utf8.DecodeRuneInString(w)
		if unicode.IsSpace(r) && len(out) > 0 {
			out[len(out)-1].space += w
			continue
		}
		out = append(out, word{text: w})
	}
	return out
}

// number gives every distinct word a number, the same in both texts.
func number(a, b []word) (x, y []int32) {
	seen := make(map[string]int32, len(a))
	of := func(ws []word) []int32 {
		out := make([]int32, len(ws))
		for i, w := range ws {
			n, ok := seen[w.text]
			if !ok {
				n = int32(len(seen))
				seen[w.text] = n
			}
			out[i] = n
		}
		return out
	}
	return of(a), of(b)
}

// runs gathers what one stretch of change deletes and inserts, and joins neighbours.
type runs struct {
	out      []Run
	eq       strings.Builder
	del, ins strings.Builder
}

func (r *runs) add(c Change, s string) {
	switch {
	case s == "":
	case c == Deleted:
		r.flushEqual()
		r.del.WriteString(s)
	case c == Inserted:
		r.flushEqual()
		r.ins.WriteString(s)
	default:
		r.flushChange()
		r.eq.WriteString(s)
	}
}

// spaces adds the white space after a kept word: kept as far as both texts agree.
func (r *runs) spaces(before, after string) {
	if before == after {
		r.add(Equal, before)
		return
	}
	r.add(Deleted, before)
	r.add(Inserted, after)
}

func (r *runs) flushEqual() {
	if r.eq.Len() > 0 {
		r.out = append(r.out, Run{Equal, r.eq.String()})
		r.eq.Reset()
	}
}

func (r *runs) flushChange() {
	if r.del.Len() > 0 {
		r.out = append(r.out, Run{Deleted, r.del.String()})
		r.del.Reset()
	}
	if r.ins.Len() > 0 {
		r.out = append(r.out, Run{Inserted, r.ins.String()})
		r.ins.Reset()
	}
}

func (r *runs) done() []Run {
	r.flushEqual()
	r.flushChange()
	return r.out
}
