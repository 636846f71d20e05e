package search

import (
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

// matches finds the terms in body.
func matches(body string, terms []term) []match {
	var out []match
	var last []word // the words read so far that a phrase could still need, folded beside
	var folded []string
	spans(body, func(w word) bool {
		f := fold(body[w.from:w.to])
		if f == "" {
			return true
		}
		last, folded = append(last, w), append(folded, f)
		for i, t := range terms {
			if n := len(t.folded); n <= len(folded) && t.ends(folded[len(folded)-n:]) {
				out = append(out, match{word{last[len(last)-n].from, w.to}, i})
			}
		}
		return len(out) < maxFound
	})
	return out
}

// ends says whether words are those of the term.
func (t term) ends(words []string) bool {
	n := len(words) - 1
	for i, w := range words[:n] {
		if w != t.folded[i] {
			return false
		}
	}
	return words[n] == t.folded[n] || t.prefix && strings.HasPrefix(words[n], t.folded[n])
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
