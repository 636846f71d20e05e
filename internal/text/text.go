// Package text holds every word that Couplet says. The English stands in the code
// beside its key; assets/translations/en.json lists both for translators.
package text

import (
	"fmt"
	"strings"
	"sync/atomic"
)

var current atomic.Pointer[map[string]string]

// T is the text for key in the language in use, or english. With args it is a
// format in the manner of fmt.
func T(key, english string, args ...any) string {
	s := english
	if m := current.Load(); m != nil {
		if v, ok := (*m)[key]; ok && v != "" {
			s = v
		}
	}
	if len(args) > 0 {
		return fmt.Sprintf(s, args...)
	}
	return s
}

// N is T for a count: one is used for exactly 1, many (with the count as first
// argument, if it has a verb) for all others.
func N(key string, n int, one, many string) string {
	if n == 1 {
		return T(key+".one", one)
	}
	return T(key+".many", many, n)
}

// Phrase is a text that is said later, for tables of words. The zero Phrase says nothing.
type Phrase struct{ key, english string }

// P is the Phrase that T would say at once.
func P(key, english string) Phrase { return Phrase{key, english} }

// String is the text in the language in use.
func (p Phrase) String() string { return T(p.key, p.english) }

// Phrases is a table of words in which a name may stand for several, parted by spaces.
func Phrases(table map[string]Phrase) map[string]Phrase {
	out := make(map[string]Phrase, len(table))
	for names, p := range table {
		for _, name := range strings.Fields(names) {
			out[name] = p
		}
	}
	return out
}

// Use makes m the language in use; nil is English as it stands in the code.
func Use(m map[string]string) {
	if m == nil {
		current.Store(nil)
		return
	}
	current.Store(&m)
}
