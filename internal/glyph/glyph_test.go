package glyph

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

func words(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	return b.String()
}

func TestCleanKeepsWhatTheFacesDraw(t *testing.T) {
	for _, s := range []string{
		"Plain", "Zoë & Ğülşen", "Ελένη Παπαδοπούλου", "Наталья Щербакова", "李小龙，你好。", "two\nlines",
		"يوسف", "דָּנָה", "अंजलि", "สมชาย", "Անահիտ", "ნინო", "❤ ✓ → ★ ½",
	} {
		var c Cleaner
		if got := c.Clean("cover", s); got != s {
			t.Errorf("Clean(%q) = %q", s, got)
		}
		if subs := c.Substitutions(); len(subs) != 0 {
			t.Errorf("Clean(%q) lists %v", s, subs)
		}
	}
}

func TestCleanReplacesAndLists(t *testing.T) {
	tests := []struct {
		in, want string
		subs     []Substitution
	}{
		{"a\u00adb\u200bc\ufeff", "abc", nil},
		{"\tx\r\ny", " x\ny", nil},
		{"e\u0301", "é", nil},
		{"well done 😀", "well done [grinning face]", []Substitution{{"p", "😀", "[grinning face]", Emoji, 1}}},
		{"👩🏽\u200d🚀!", "[woman]!", []Substitution{{"p", "👩🏽\u200d🚀", "[woman]", Emoji, 1}}},
		{"🇨🇭", "[flag ch]", []Substitution{{"p", "🇨🇭", "[flag ch]", Emoji, 1}}},
		{"❤\ufe0f", "❤", nil},
		{"a\xffb", "a[?]b", []Substitution{{"p", "\ufffd", "[?]", BadText, 1}}},
		{"a\ufffdb", "a[?]b", []Substitution{{"p", "\ufffd", "[?]", BadText, 1}}},
		{"a\x00b", "ab", []Substitution{{"p", "\x00", "", BadText, 1}}},
		{"𝓐nna", "Anna", []Substitution{{"p", "𝓐", "A", NoFace, 1}}},
		{"ሰላም ok", "[Ethiopic] ok", []Substitution{{"p", "ሰላም", "[Ethiopic]", NoFace, 1}}},
		{"Mulu: ሙሉ, ሙሉ", "Mulu: Mulu, Mulu", []Substitution{{"p", "ሙሉ", "Mulu", Latin, 2}}},
		{"\ue000", "[?]", []Substitution{{"p", "\ue000", "[?]", NoFace, 1}}},
	}
	for _, tt := range tests {
		c := Cleaner{Latin: map[string]string{"ሙሉ": "Mulu", "李": "Li"}}
		if got := c.Clean("p", tt.in); got != tt.want {
			t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.want)
		}
		subs := c.Substitutions()
		if len(subs) != len(tt.subs) {
			t.Errorf("Clean(%q) lists %v, want %v", tt.in, subs, tt.subs)
			continue
		}
		for i := range subs {
			if subs[i] != tt.subs[i] {
				t.Errorf("Clean(%q) lists %v, want %v", tt.in, subs[i], tt.subs[i])
			}
		}
	}
}

func TestALatinFormIsUsedOnlyWhereNoFaceDraws(t *testing.T) {
	c := Cleaner{Latin: map[string]string{"李": "Li"}}
	if got := c.Clean("p", "李"); got != "李" {
		t.Errorf("a drawn name was replaced by %q", got)
	}
}

func TestSplitChoosesFaces(t *testing.T) {
	tests := []struct {
		in    string
		faces []string
	}{
		{"Anna 5", []string{"SourceSans3-Regular"}},
		{"李 Li", []string{"DroidSansFallbackFull", "SourceSans3-Regular"}},
		{"يوسف", []string{"NotoSansArabic-Regular"}},
		{"अंजलि", []string{"NotoSansDevanagari-Regular"}},
	}
	for _, tt := range tests {
		runs := Split(tt.in, Style{})
		if len(runs) != len(tt.faces) {
			t.Errorf("Split(%q) has %d runs, want %d", tt.in, len(runs), len(tt.faces))
			continue
		}
		for i, r := range runs {
			if r.Face.File != tt.faces[i] {
				t.Errorf("Split(%q)[%d] by %s, want %s", tt.in, i, r.Face.File, tt.faces[i])
			}
			if r.Em <= 0 {
				t.Errorf("Split(%q)[%d] has no width", tt.in, i)
			}
			if r.Face.Shaped != (len(r.Glyphs) > 0) {
				t.Errorf("Split(%q)[%d] shaped %v, %d glyphs", tt.in, i, r.Face.Shaped, len(r.Glyphs))
			}
		}
	}
	if f := Split("Ж", Style{Bold: true, Italic: true})[0].Face; f.File != "SourceSans3-BoldItalic" {
		t.Errorf("bold italic Cyrillic is drawn by %s", f.File)
	}
	if f := Split("李", Style{Bold: true})[0].Face; !f.FauxBold {
		t.Error("bold Chinese must be marked as drawn bold")
	}
}

func TestArabicIsJoined(t *testing.T) {
	whole := Split("بب", Style{})[0]
	one := Split("ب", Style{})[0]
	if len(whole.Glyphs) == 2 && whole.Glyphs[0].ID == one.Glyphs[0].ID {
		t.Error("two letters have the shape of letters that stand alone")
	}
	for _, g := range whole.Glyphs {
		if len(whole.Face.Outline(g.ID)) == 0 {
			t.Error("a glyph without an outline")
		}
	}
}

func TestOrderOnTheLine(t *testing.T) {
	tests := []struct {
		in, want string // want: runs from left to right, parted by |
		base     bool
	}{
		{"abc", "abc", false},
		{"a אב גד b", "a| |גד| |אב| |b", false},
		{"a אב 12 b", "a| |12| |אב| |b", false},
		{"אב (גד)", "(|גד|)| |אב", true},
		{"a אב (12) b", "a| |(|12|)| |אב| |b", false},
		{"a (אב) b", "a| |(|אב|)| |b", false},
		{"אב Li 5", "Li| |5| |אב", true},
	}
	for _, tt := range tests {
		runs := Order(Split(tt.in, Style{}), tt.base)
		parts := make([]string, len(runs))
		for i, r := range runs {
			parts[i] = r.Text
		}
		if got := strings.Join(parts, "|"); got != tt.want {
			t.Errorf("Order(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestOutlineIsUpright(t *testing.T) {
	top := 0.0
	f := Sans(Style{})
	for _, s := range f.Outline(f.rune('H').gid) {
		top = math.Max(top, s.P[0].Y)
	}
	if top < 0.6 || top > 0.75 {
		t.Errorf("H reaches %v em, want a cap height", top)
	}
}

func TestEveryShippedFaceLoads(t *testing.T) {
	for _, fam := range []family{sans, arabic, hebrew, devanagari, bengali, tamil, thai, armenian, georgian, symbols, cjk} {
		for _, f := range fam {
			if f.load().upem == 0 {
				t.Errorf("%s has no size", f.File)
			}
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "a😀b", "\xff\xfe", "אב (12) cd", "अंजलि\u200dक", "👩\u200d", "🇨", strings.Repeat("李", 200), `<>&"` + "\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var c Cleaner
		got := c.Clean("p", s)
		if !utf8.ValidString(got) {
			t.Fatalf("Clean(%q) is not UTF-8", s)
		}
		for _, r := range got {
			if r != '\n' && r != '\u200c' && r != '\u200d' && FaceFor(r, Style{}) == nil {
				t.Fatalf("Clean(%q) leaves %U", s, r)
			}
		}
		again := Cleaner{}
		if twice := again.Clean("p", got); twice != got {
			t.Fatalf("Clean twice: %q then %q", got, twice)
		}
		runs := Split(strings.ReplaceAll(got, "\n", " "), Style{Bold: true})
		before := len(words(runs))
		if after := len(words(Order(runs, BaseRTL(got)))); after != before {
			t.Fatalf("ordering %q changed its length", got)
		}
		if got != "" && len(runs) == 0 && strings.Trim(got, "\u200c\u200d") != "" {
			t.Fatalf("no runs for %q", got)
		}
	})
}
