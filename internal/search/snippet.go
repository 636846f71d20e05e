package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much of a text is shown around what was found, in bytes of it.
const (
	snippetLen  = 200
	snippetLead = 50
	maxFound    = 200 // matches looked at in one text
)

// Mark is a stretch of a snippet that matches the query, in bytes.
type Mark struct {
	From, To int
}

// match is a stretch of a body that matches term number term.
type match struct {
	word
	term int
}

// snippet is the part of body that says most about terms, on one line, and where the
// matches stand in it. Without a match it is the beginning.
func snippet(body string, terms []term) (string, []Mark) {
	found := matches(body, terms)
	from, to := window(body, found)
	return oneLine(body, from, to, found)
}

// matches finds the terms in body. Of the words read it keeps only as many as the
// longest phrase has.
func matches(body string, terms []term) []match {
	longest := 0
	for _, t := range terms {
		longest = max(longest, len(t.folded))
	}
	if longest == 0 {
		return nil
	}
	initials := initialsOf(terms)
	var out []match
	starts, folded := make([]int, 0, longest), make([]string, 0, longest)
	spans(body, func(w word) bool {
		if longest == 1 && initials.leaveOut(body[w.from:w.to]) {
			return true
		}
		f := fold(body[w.from:w.to])
		if f == "" {
			return true
		}
		if len(folded) == longest {
			copy(starts, starts[1:])
			copy(folded, folded[1:])
			starts, folded = starts[:longest-1], folded[:longest-1]
		}
		starts, folded = append(starts, w.from), append(folded, f)
		for i, t := range terms {
			if at := len(folded) - len(t.folded); at >= 0 && t.is(folded[at:]) {
				out = append(out, match{word{starts[at], w.to}, i})
			}
		}
		return len(out) < maxFound
	})
	return out
}

// initials are the first letters of terms, as far as they are plain ones. They spare
// nearly all words of a long text the folding.
type initials [utf8.RuneSelf]bool

func initialsOf(terms []term) *initials {
	var is initials
	for _, t := range terms {
		if len(t.folded) > 0 && t.folded[0][0] < utf8.RuneSelf {
			is[t.folded[0][0]] = true
		}
	}
	return &is
}

// leaveOut says that a word cannot be one of the terms. What has an accent on its first
// letter, written as a mark of its own, is left to folding.
func (is *initials) leaveOut(w string) bool {
	c := w[0]
	if c >= utf8.RuneSelf || (len(w) > 1 && w[1] >= utf8.RuneSelf) {
		return false
	}
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return !is[c]
}

// is says whether words are those of the term. The last word decides most cases.
func (t term) is(words []string) bool {
	last := len(words) - 1
	if words[last] != t.folded[last] && !(t.prefix && strings.HasPrefix(words[last], t.folded[last])) {
		return false
	}
	return slices.Equal(words[:last], t.folded[:last])
}

// window is the part of body with the most different terms, the first of them if equal.
func window(body string, found []match) (from, to int) {
	at, best := 0, 0
	for i, m := range found {
		seen := map[int]bool{}
		for _, n := range found[i:] {
			if n.to > m.from+snippetLen-snippetLead {
				break
			}
			seen[n.term] = true
		}
		if len(seen) > best {
			at, best = m.from, len(seen)
		}
	}
	from = at - snippetLead
	if from+snippetLen > len(body) {
		from = len(body) - snippetLen
	}
	from = wordStart(body, from, at)
	to = min(from+snippetLen, len(body))
	for to > from && to < len(body) && !utf8.RuneStart(body[to]) {
		to--
	}
	if to < len(body) {
		if sp := strings.LastIndexFunc(body[from:to], unicode.IsSpace); sp > snippetLen/2 {
			to = from + sp
		}
	}
	return from, to
}

// wordStart is the first start of a word at or after from, but not after at.
func wordStart(body string, from, at int) int {
	if from <= 0 {
		return 0
	}
	for from < len(body) && !utf8.RuneStart(body[from]) {
		from++
	}
	sp := strings.IndexFunc(body[from:max(from, at)], unicode.IsSpace)
	if sp < 0 {
		return from
	}
	return from + sp + 1
}

// oneLine writes body[from:to] with single blanks and the marks that lie in it.
func oneLine(body string, from, to int, found []match) (string, []Mark) {
	var b strings.Builder
	var marks []Mark
	if strings.TrimSpace(body[:from]) != "" {
		b.WriteString("… ")
	}
	open := map[int]int{} // end in body -> start in the snippet
	next, blank := 0, true
	for i, r := range body[from:to] {
		at := from + i
		if start, ok := open[at]; ok {
			marks = append(marks, Mark{start, b.Len()})
			delete(open, at)
		}
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			if !blank {
				b.WriteByte(' ')
			}
			blank = true
			continue
		}
		for next < len(found) && found[next].from <= at {
			if m := found[next]; m.from == at && m.to <= to {
				if _, ok := open[m.to]; !ok {
					open[m.to] = b.Len()
				}
			}
			next++
		}
		b.WriteRune(r)
		blank = false
	}
	if start, ok := open[to]; ok {
		marks = append(marks, Mark{start, b.Len()})
	}
	if strings.TrimSpace(body[to:]) != "" {
		b.WriteString(" …")
	}
	return strings.TrimRight(b.String(), " "), marks
}
