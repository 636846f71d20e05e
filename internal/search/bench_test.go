package search

import (
	"strings"
	"testing"
)

// BenchmarkSnippet is one note of 300 words in which the word stands once, at its end.
func BenchmarkSnippet(b *testing.B) {
	body := strings.Repeat("They talked about the week, and what each of them had noticed. ", 27) + "Lantern."
	terms := parse("lantern")
	b.ReportAllocs()
	for b.Loop() {
		if s, marks := snippet(body, terms); len(marks) != 1 {
			b.Fatal(s)
		}
	}
}
