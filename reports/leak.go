package reports

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
)

// A phrase is the shortest run that counts as taken from a text: so many words, or so
// many characters in a script that writes without spaces.
const (
	phraseWords = 6
	phraseChars = 8
)

// Hit is one place in a document that must not be there.
type Hit struct {
	Place  string // where in the document
	Phrase string // what stands there, as words
	Source Source // where it comes from
}

// Key names a hit for the decision that it is no leak; it tells nothing of either text.
func (h Hit) Key() string {
	sum := sha256.Sum256([]byte(h.Source.ID + "\x00" + h.Phrase + "\x00" + h.Place))
	return hex.EncodeToString(sum[:8])
}

// Why is a reason why what was found is no leak. What stands in the trace is its code.
type Why string

// The reasons.
const (
	WhyOwn    Why = "own"    // the reader said or wrote it
	WhyKnown  Why = "known"  // the reader knows it, and both partners know that
	WhyCommon Why = "common" // it is a common phrase
	WhyOther  Why = "other"  // it is somebody or something else
)

// Whys are the reasons in the order in which they are offered.
func Whys() []Why { return []Why{WhyOwn, WhyKnown, WhyCommon, WhyOther} }

// Words are the reason's.
func (w Why) Words() string {
	switch w {
	case WhyOwn:
		return text.T("leak.own", "The reader said or wrote it themselves")
	case WhyKnown:
		return text.T("leak.known", "The reader knows it already, and both know that")
	case WhyCommon:
		return text.T("leak.common", "It is a common phrase")
	}
	return text.T("leak.somebody", "It is somebody or something else")
}

// Source is a text that the reader may not see, or an item that is not theirs. It
// names the kind and the day, for the coach who must decide.
type Source struct {
	Kind string // "note", "practice log", ...
	ID   string
	Day  string
	Text string
	// Of is whose data it is, where their release would open it to the reader.
	Of clients.Slot
	// Safety says that it concerns safety: no reason lets it stand.
	Safety bool
}

// LeakCheck finds in doc each phrase of a text in private that stands neither in the
// shipped texts nor in what the reader may see (allowed). Every private text is
// reported once for each place, with its first phrase there.
func LeakCheck(doc Document, private []Source, allowed []string) ([]Hit, error) {
	free, err := shipped()
	if err != nil {
		return nil, err
	}
	type spot struct {
		place, phrase string
		seq           int
	}
	stands := map[uint64][]spot{} // the document is small, and what is private is not
	seq := 0
	doc.Walk(func(place, s string) {
		s = unmark(s)
		all := phrases(s)
		shingles(s, func(sum uint64, i int) {
			if seq++; !free.phrases[all[i]] {
				stands[sum] = append(stands[sum], spot{place, strings.Trim(all[i], "\x00"), seq})
			}
		})
	})
	for _, s := range allowed {
		shingles(s, func(sum uint64, _ int) { delete(stands, sum) })
	}
	type found struct {
		spot
		source int
	}
	var all []found
	for i, src := range private {
		first := map[string]spot{}
		shingles(src.Text, func(sum uint64, _ int) {
			for _, at := range stands[sum] {
				if f, ok := first[at.place]; !ok || at.seq < f.seq {
					first[at.place] = at
				}
			}
		})
		for _, at := range first {
			all = append(all, found{at, i})
		}
	}
	slices.SortFunc(all, func(a, b found) int { return cmp.Or(cmp.Compare(a.seq, b.seq), cmp.Compare(a.source, b.source)) })
	var hits []Hit
	for _, f := range all {
		hits = append(hits, Hit{Place: f.place, Phrase: f.phrase, Source: private[f.source]})
	}
	return hits, nil
}

// phrases are the runs by which a text is recognised: NFKC, case-folded, punctuation
// dropped; six words, or eight characters of a script without spaces.
func phrases(s string) []string {
	words, chars := runs(s)
	var out []string
	for i := 0; i+phraseWords <= len(words); i++ {
		out = append(out, strings.Join(words[i:i+phraseWords], " "))
	}
	for _, run := range chars {
		for i := 0; i+phraseChars <= len(run); i++ {
			out = append(out, "\x00"+string(run[i:i+phraseChars]))
		}
	}
	return out
}

// runs splits a text into its words and into its stretches of spaceless characters.
// Punctuation and spaces do not end a stretch: a line break must not hide a phrase.
// A stretch counts as one word among words.
func runs(s string) (words []string, chars [][]rune) {
	if isASCII(s) { // nearly all: nothing to fold but capitals
		return strings.FieldsFunc(strings.ReplaceAll(strings.ToLower(s), "'", ""), func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < '0' || r > '9')
		}), nil
	}
	s = cases.Fold().String(norm.NFKC.String(s))
	var word, run []rune
	endWord := func() {
		if len(word) > 0 {
			words = append(words, string(word))
			word = word[:0]
		}
	}
	endRun := func() {
		if len(run) > 0 {
			words = append(words, string(run))
			chars = append(chars, run)
			run = nil
		}
	}
	for _, r := range s {
		switch {
		case spacelessScript(r):
			endWord()
			run = append(run, r)
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			endRun()
			word = append(word, r)
		case unicode.Is(unicode.Cf, r) || r == '\'' || r == '’':
			// joins what stands around it: "don't" is one word, a soft hyphen hides nothing
		default:
			endWord()
		}
	}
	endWord()
	endRun()
	return words, chars
}

func spacelessScript(r rune) bool {
	if r == 'ー' { // the long vowel of Katakana, which Unicode gives to no script
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// unmark drops the marks of emphasis and escape from a block's text, so that stars
// cannot split a phrase.
func unmark(s string) string { return strings.NewReplacer(`\`, "", `*`, "").Replace(s) }
