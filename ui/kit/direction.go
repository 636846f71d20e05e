package kit

import (
	"strings"
	"unicode"
)

// leftToRight is a sign of no width: what stands beside it goes on from left to right.
const leftToRight = "\u200e"

// between are the joints of the names and facts of a line.
var between = strings.NewReplacer(" & ", leftToRight+" & ", " · ", leftToRight+" · ")

// inOrder is text as it is drawn where its parts follow each other from left to right.
// The toolkit takes the direction of the first letter for that of the whole line and
// then sets the space between a name in Arabic or Hebrew and what comes after it on the
// wrong side of the name.
func inOrder(s string) string {
	if !strings.ContainsFunc(s, rightToLeft) || !strings.ContainsFunc(s, otherLetter) && between.Replace(s) == s {
		return s
	}
	return leftToRight + between.Replace(s)
}

func rightToLeft(r rune) bool {
	return r >= 0x0590 && unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko)
}

func otherLetter(r rune) bool { return unicode.IsLetter(r) && !rightToLeft(r) }
