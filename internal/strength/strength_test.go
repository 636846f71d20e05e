package strength

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Level
		note Note
	}{
		{"", Empty, -1},
		{"   ", Empty, -1},
		{"password", Weak, NoteCommon},
		{"P@ssw0rd", Weak, NoteSwapped},
		{"Password1", Weak, NoteCommon},
		{"drowssap", Weak, NoteCommon},
		{"qwertyuiop", Weak, -1},
		{"qwertzuiop", Weak, NoteKeyboard},
		{"asdfghjkl;", Weak, NoteKeyboard},
		{"aaaaaaaaaaaaaaaa", Weak, NoteRepeat},
		{"abcabcabcabcabc", Weak, NoteRepeat},
		{"abcdefghijklm", Weak, NoteSequence},
		{"24.12.1985", Weak, NoteDate},
		{"19851224", Weak, NoteDate},
		{"jennifer1985", Weak, NoteDate},
		{"iloveyou", Weak, NoteCommon},
		{"correct horse battery staple", Good, -1},
		{"kettle orbit walnut mosaic ferry", Strong, -1},
		{"vX9#qLm2!tRz8", Strong, -1},
		{"Größe unter Wäsche Föhn Käse", Strong, -1},
	} {
		e := Of(c.in)
		if e.Level != c.want {
			t.Errorf("%q: level %d with %.1f bits, want %d", c.in, e.Level, e.Bits, c.want)
		}
		if c.note >= 0 && !slices.Contains(e.Notes, c.note) {
			t.Errorf("%q: notes %v lack %d", c.in, e.Notes, c.note)
		}
		if e.Sentence() == "" {
			t.Errorf("%q: no sentence", c.in)
		}
	}
}

func TestPatternsAreCheaperThanChance(t *testing.T) {
	for _, pair := range [][2]string{
		{"qwertyui", "qmzxvkwj"}, {"12345678", "83619402"}, {"monkey", "mqzvky"}, {"0000000", "8361940"},
	} {
		if a, b := Of(pair[0]).Bits, Of(pair[1]).Bits; a >= b {
			t.Errorf("%q has %.1f bits, %q only %.1f", pair[0], a, pair[1], b)
		}
	}
}

func TestAnyTextHasBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringN(1, 20, -1).Draw(t, "s")
		more := s + rapid.SampledFrom([]string{"x", "7", "!", "q"}).Draw(t, "more")
		if strings.TrimSpace(s) != "" && Of(more).Bits <= 0 {
			t.Fatalf("%q has no bits", more)
		}
		if b := Of(s).Bits; b < 0 {
			t.Fatalf("%q has %.1f bits", s, b)
		}
	})
}

func TestLongTextIsQuick(t *testing.T) {
	if e := Of(strings.Repeat("the quick brown fox ", 10_000)); e.Bits <= 0 {
		t.Errorf("%.1f bits", e.Bits)
	}
}
