package reports

import (
	"sync"

	"github.com/couplet-app/couplet/assets"
)

// Shingles stand for phrases as numbers: of a text nearly all is compared, and very little
// ever said. They are of FNV-1a.
const (
	fnvBasis = 14695981039346656037
	fnvPrime = 1099511628211
)

// shingles calls tell for each phrase of a text, in its order: the same phrases have the
// same number, whatever the text around them.
func shingles(s string, tell func(sum uint64, i int)) {
	var sums []uint64
	var chars [][]rune
	if isASCII(s) {
		sums = asciiSums(s)
	} else {
		var words []string
		words, chars = runs(s)
		for _, w := range words {
			sums = append(sums, wordSum(w))
		}
	}
	for i := 0; i+phraseWords <= len(sums); i++ {
		h := uint64(fnvBasis)
		for _, w := range sums[i : i+phraseWords] {
			h = (h ^ w) * fnvPrime
			h ^= h >> 29
		}
		tell(h, i)
	}
	at := max(0, len(sums)-phraseWords+1) // as phrases lists them
	for _, run := range chars {
		for i := 0; i+phraseChars <= len(run); i++ {
			tell(^wordSum(string(run[i:i+phraseChars])), at)
			at++
		}
	}
}

func wordSum(w string) uint64 {
	h := uint64(fnvBasis)
	for i := range len(w) {
		h = (h ^ uint64(w[i])) * fnvPrime
	}
	return h
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// asciiSums are the sums of the words of a text without anything to fold but capitals.
func asciiSums(s string) []uint64 {
	sums := make([]uint64, 0, len(s)/5)
	h, in := uint64(fnvBasis), false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'A' && c <= 'Z':
			h, in = (h^uint64(c+'a'-'A'))*fnvPrime, true
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			h, in = (h^uint64(c))*fnvPrime, true
		case c == '\'':
		case in:
			sums, h, in = append(sums, h), fnvBasis, false
		}
	}
	if in {
		sums = append(sums, h)
	}
	return sums
}

// shipped are the phrases and words of what comes with the program: nobody's.
var shipped = sync.OnceValues(func() (s struct{ phrases, words map[string]bool }, err error) {
	all, err := assets.Texts()
	s.phrases, s.words = map[string]bool{}, map[string]bool{}
	for _, t := range all {
		for _, p := range phrases(t) {
			s.phrases[p] = true
		}
		for _, w := range wordsOf(t) {
			s.words[w] = true
		}
	}
	return s, err
})
