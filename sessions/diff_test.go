package sessions

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// rebuilt are the two texts that a diff says it compares.
func rebuilt(runs []Run) (before, after string) {
	var a, b strings.Builder
	for _, r := range runs {
		if r.Change != Inserted {
			a.WriteString(r.Text)
		}
		if r.Change != Deleted {
			b.WriteString(r.Text)
		}
	}
	return a.String(), b.String()
}

func show(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		fmt.Fprintf(&b, "%s%s|", map[Change]string{Equal: "=", Inserted: "+", Deleted: "-"}[r.Change], r.Text)
	}
	return b.String()
}

func TestDiffSaysWhatChanged(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"", "", ""},
		{"", "new words", "+new words|"},
		{"old words", "", "-old words|"},
		{"same", "same", "=same|"},
		{"She spoke of her mother.", "She spoke of her father.", "=She spoke of her |-mother|+father|=.|"},
		{"They pause at night", "They often pause at night", "=They |+often |=pause at night|"},
		{"one two three", "one three", "=one |-two |=three|"},
		{"first line second", "first line\nsecond", "=first line|- |+\n|=second|"},
		{"can't stop", "can't go", "=can't |-stop|+go|"},
		{"naïve Привет", "naïve Пока", "=naïve |-Привет|+Пока|"},
		{"我们吵架", "我们和好", "=我们|-吵架|+和好|"},
		{"a\xffb c", "a\xffb d", "=a\xffb |-c|+d|"},
		{"👩‍👩‍👧 ok", "👩‍👩‍👧 no", "=👩‍👩‍👧 |-ok|+no|"},
		{"sad 🙁🏽 now", "sad 🙂🏽 now", "=sad |-🙁🏽 |+🙂🏽 |=now|"},
		{"ne\u0301e Zoë\u0308", "ne\u0301e Zoe", "=ne\u0301e |-Zoë\u0308|+Zoe|"},
		{"พวกเขาคุย", "พวกเขารัก", "=พวกเขา|-คุย|+รัก|"},
		{"彼は静かだ", "彼女は静かだ", "=彼|+女|=は静かだ|"},
		{"שלום לך", "שלום לכם", "=שלום |-לך|+לכם|"},
	} {
		if got := show(Diff(c.before, c.after)); got != c.want {
			t.Errorf("Diff(%q, %q) = %q, want %q", c.before, c.after, got, c.want)
		}
	}
}

// someText is a text of few words, so that many stand in both, with odd spaces and
// bytes between them.
func someText() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"a", "b", "c", "mother", "né", "愛", " ", "  ", "\n", ". ", "\u00a0", "\xff", "e\u0301", "🙂"}),
		rapid.String())
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "pieces"), "")
	})
}

func TestDiffRebuildsBothTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := someText().Draw(t, "before"), someText().Draw(t, "after")
		runs := Diff(before, after)
		if a, b := rebuilt(runs); a != before || b != after {
			t.Fatalf("rebuilt %q and %q", a, b)
		}
		for i, r := range runs {
			if r.Text == "" || (i > 0 && runs[i-1].Change == r.Change) || (i > 0 && runs[i-1].Change == Inserted && r.Change == Deleted) {
				t.Fatalf("run %d of %s is not in order", i, show(runs))
			}
		}
	})
}

// The kept words are as many as the textbook's table says.
func TestDiffKeepsALongestCommonRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.Int32Range(0, 5), 0, 30)
		x, y := words.Draw(t, "x"), words.Draw(t, "y")
		m := match(x, y)
		for i, p := range m {
			if x[p.a] != y[p.b] || (i > 0 && (p.a <= m[i-1].a || p.b <= m[i-1].b)) {
				t.Fatalf("pair %d of %v does not match", i, m)
			}
		}
		if want := longest(x, y); len(m) != want {
			t.Fatalf("kept %d words of %v and %v, want %d", len(m), x, y, want)
		}
	})
}

func longest(x, y []int32) int {
	best := make([][]int, len(x)+1)
	best[0] = make([]int, len(y)+1)
	for i := range x {
		best[i+1] = make([]int, len(y)+1)
		for j := range y {
			if x[i] == y[j] {
				best[i+1][j+1] = best[i][j] + 1
			} else {
				best[i+1][j+1] = max(best[i][j+1], best[i+1][j])
			}
		}
	}
	return best[len(x)][len(y)]
}

// prose is n words with natural frequencies: few common ones, many rare ones.
func prose(n int, seed uint64) []string {
	r := rand.New(rand.NewPCG(seed, 1))
	z := rand.NewZipf(r, 1.1, 3, 20000)
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("w%d", z.Uint64())
	}
	return out
}

// BenchmarkDiff shows what ten times the words cost, for a usual edit and for the worst.
func BenchmarkDiff(b *testing.B) {
	for _, n := range []int{500, 5000} {
		base := prose(n, 1)
		edited := append([]string(nil), base...)
		for i := 50; i < len(edited); i += 50 {
			edited[i] = "changed" + edited[i]
		}
		swapped := append(append([]string(nil), base[n/2:]...), base[:n/2]...)
		mixed := append([]string(nil), base...)
		rand.New(rand.NewPCG(3, 3)).Shuffle(n, func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		for _, c := range []struct {
			name string
			to   []string
		}{{"every fiftieth word changed", edited}, {"halves swapped", swapped}, {"another text", prose(n, 2)}, {"every word elsewhere", mixed}} {
			b.Run(fmt.Sprintf("%d words/%s", n, c.name), func(b *testing.B) {
				before, after := strings.Join(base, " "), strings.Join(c.to, " ")
				for b.Loop() {
					Diff(before, after)
				}
			})
		}
	}
}

func TestDiffLinesStaysInTheParagraph(t *testing.T) {
	got := show(DiffLines("They came early.\nHe looked out for a while.", "They came late.\nHe looked out for a while.\n\nThe letter waits for it."))
	if want := "=They came |-early|+late|=.\nHe looked out for a while.|+\n\nThe letter waits for it.|"; got != want {
		t.Errorf("%q", got)
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`([ab .]{0,4}(\r?\n)?){0,6}`)
		a, b := text.Draw(rt, "before"), text.Draw(rt, "after")
		if x, y := rebuilt(DiffLines(a, b)); x != a || y != b {
			rt.Fatalf("%q and %q became %q and %q", a, b, x, y)
		}
	})
}
