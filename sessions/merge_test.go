package sessions

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTwoTextsAreMergedOnlyWhereThatIsSafe(t *testing.T) {
	const base = "They came late.\n\nHe spoke first.\nShe listened.\n\nNext: the letter."
	for _, c := range []struct{ name, base, left, right, want string }{
		{"other paragraphs", base, strings.Replace(base, "late", "early", 1), strings.Replace(base, "letter", "walk", 1), "They came early.\n\nHe spoke first.\nShe listened.\n\nNext: the walk."},
		{"neighbouring paragraphs", base, strings.Replace(base, "late", "early", 1), strings.Replace(base, "He spoke", "He asked", 1), "They came early.\n\nHe asked first.\nShe listened.\n\nNext: the letter."},
		{"one adds, one changes", base, base + "\n\nPhones away.", strings.Replace(base, "late", "early", 1), strings.Replace(base, "late", "early", 1) + "\n\nPhones away."},
		{"one takes out, one changes", base, strings.Replace(base, "They came late.\n\n", "", 1), strings.Replace(base, "letter", "walk", 1), "He spoke first.\nShe listened.\n\nNext: the walk."},
		{"the same, and one more", base, strings.Replace(base, "late", "early", 1), strings.NewReplacer("late", "early", "letter", "walk").Replace(base), strings.NewReplacer("late", "early", "letter", "walk").Replace(base)},
		{"lines of Windows", "a\r\nb\r\nc", "a\r\nb\r\nd", "e\nb\nc", "e\nb\nd"},
		{"the same line", base, strings.Replace(base, "late", "early", 1), strings.Replace(base, "late", "on time", 1), ""},
		{"neighbouring lines", base, strings.Replace(base, "He spoke", "He asked", 1), strings.Replace(base, "She listened", "She wept", 1), ""},
		{"both add at the end", base, base + "\nPhones away.", base + "\nA walk.", ""},
		{"one takes out what one changes", base, strings.Replace(base, "He spoke first.\n", "", 1), strings.Replace(base, "He spoke", "He asked", 1), ""},
		{"both move the same line in", base, "Phones away.\n" + base, base + "\nPhones away.", ""},
		{"a line that stands twice", "- yes\nand\n- yes\nthen\nend", "- yes\nand\n- no\nthen\nend", "- yes\nand\n- yes\nthen\nover", ""},
		{"nothing in common", "", "one", "two", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i, x := range [][2]string{{c.left, c.right}, {c.right, c.left}} {
				if got, ok := merge(c.base, x[0], x[1]); ok != (c.want != "") || (ok && got != c.want) {
					t.Errorf("%d: %q, %v", i, got, ok)
				}
			}
		})
	}
}

// TestAMergeDropsNothing: every line that either wrote anew is in the merged text, and
// every line that either took out is not.
func TestAMergeDropsNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		line := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "h", ""})
		texts := rapid.SliceOfN(rapid.SliceOfN(line, 0, 9), 3, 3).Draw(rt, "texts")
		base, left, right := strings.Join(texts[0], "\n"), strings.Join(texts[1], "\n"), strings.Join(texts[2], "\n")
		got, ok := merge(base, left, right)
		if !ok {
			return
		}
		has := func(s, l string) bool { return strings.Contains("\n"+s+"\n", "\n"+l+"\n") }
		for _, l := range strings.Fields("a b c d e f g h") {
			want := has(left, l) && has(right, l)
			if !has(base, l) {
				want = has(left, l) || has(right, l)
			}
			if has(got, l) != want {
				rt.Fatalf("%q in the merge of %q, %q and %q: %q", l, base, left, right, got)
			}
		}
	})
}
