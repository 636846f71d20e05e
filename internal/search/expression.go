package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What one query may ask for: enough for any person, too little to tie up the program.
const (
	maxTerms     = 16
	maxTermWords = 32
	minPrefix    = 3
)

// term is one thing that must occur: a word, or the words of a phrase in a row. With
// prefix, words that begin with the last word do as well.
type term struct {
	words  []string // as typed; the tokenizer folds them its own way
	folded []string // as snippets compare them
	prefix bool
}

// parse reads what a person typed. Words must all occur, in any order; "words in
// quotes" in that order; the last word may be unfinished. Whatever is no letter and no
// digit only separates. There are no operators, so there is nothing to get wrong.
func parse(typed string) []term {
	var out []term
	add := func(part string) {
		words, folded := wordsOf(part)
		if len(words) > 0 && len(out) < maxTerms {
			n := min(len(words), maxTermWords)
			out = append(out, term{words: words[:n], folded: folded[:n]})
		}
	}
	for i, part := range strings.Split(unifyQuotes(typed), `"`) {
		if i%2 == 1 {
			add(part)
			continue
		}
		for _, field := range strings.Fields(part) {
			add(field)
		}
	}
	if n := len(out); n > 0 && endsInWord(typed) {
		last := out[n-1].folded
		out[n-1].prefix = len([]rune(last[len(last)-1])) >= minPrefix
	}
	return out
}

func unifyQuotes(s string) string {
	return strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`).Replace(s)
}

func endsInWord(s string) bool {
	r := []rune(s)
	return len(r) > 0 && inWord(r[len(r)-1])
}

// expression is the query in the language of FTS5: quoted phrases side by side, all
// of which must match. It is empty if there is nothing to look for.
func expression(terms []term) string {
	var b strings.Builder
	for _, t := range terms {
		b.WriteString(`"` + strings.Join(t.words, " ") + `"`)
		if t.prefix {
			b.WriteByte('*')
		}
		b.WriteByte(' ')
	}
	return strings.TrimSpace(b.String())
}

// inWord says whether the tokenizer keeps r as part of a word: letters, numbers,
// private use, and the marks that belong to the letter before.
func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return unicode.In(r, unicode.L, unicode.N, unicode.Co, unicode.M)
}

// word is a stretch of a text that the index knows as one word.
type word struct {
	from, to int // bytes
}

// asciiWord are the bytes below 128 that stand in words: most of what most people write.
var asciiWord = func() (is [utf8.RuneSelf]bool) {
	for c := range is {
		is[c] = inWord(rune(c))
	}
	return is
}()

// spans are the words of a text in turn, as Segment and the tokenizer part them.
func spans(s string, each func(word) bool) {
	from := -1
	for i := 0; i < len(s); {
		alone, within, n := false, false, 1
		if c := s[i]; c < utf8.RuneSelf {
			within = asciiWord[c]
		} else {
			var r rune
			r, n = utf8.DecodeRuneInString(s[i:])
			alone, within = spaceless(r), inWord(r)
		}
		if from >= 0 && (alone || !within) {
			if !each(word{from, i}) {
				return
			}
			from = -1
		}
		switch {
		case alone:
			if !each(word{i, i + n}) {
				return
			}
		case from < 0 && within:
			from = i
		}
		i += n
	}
	if from >= 0 {
		each(word{from, len(s)})
	}
}

// wordsOf are the words of a text, without those that are marks alone.
func wordsOf(s string) (words, folded []string) {
	spans(s, func(w word) bool {
		if f := fold(s[w.from:w.to]); f != "" {
			words, folded = append(words, s[w.from:w.to]), append(folded, f)
		}
		return true
	})
	return words, folded
}

// fold is a word as it is compared: small letters without accents.
func fold(w string) string {
	for i := 0; i < len(w); i++ {
		if w[i] >= utf8.RuneSelf {
			return foldUnicode(w)
		}
	}
	return strings.ToLower(w) // no copy of what is small already
}

func foldUnicode(w string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(w) {
		if !unicode.Is(unicode.M, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return norm.NFC.String(b.String())
}
