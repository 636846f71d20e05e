package reports

import (
	"testing"

	"pgregory.net/rapid"
)

// check is LeakCheck where nothing goes wrong.
func check(d Document, private []Source, allowed []string) []Hit {
	hits, err := LeakCheck(d, private, allowed)
	if err != nil {
		panic(err)
	}
	return hits
}

func doc(s string) Document { return Document{Blocks: []Block{Paragraph{Text: s}}} }

func TestLeakCheck(t *testing.T) {
	secret := []Source{{Kind: "note", ID: "n1", Text: "She said that her mother's letters were never opened, not one."}}
	for _, c := range []struct {
		name, text string
		allowed    []string
		hit        bool
	}{
		{"the sentence itself", "She said that her mother's letters were never opened, not one.", nil, true},
		{"six words of it", "I heard: HER MOTHERS LETTERS, were — never opened!", nil, true},
		{"five words only", "her mother's letters were never", nil, false},
		{"emphasis inside", "her **mother's** letters were *never* opened", nil, true},
		{"a typed star inside", `her mother's\* letters were never opened`, nil, true},
		{"a line break inside", "her mother's letters\nwere never opened", nil, true},
		{"full-width letters", "ｈｅｒ mother's letters were never opened", nil, true},
		{"a soft hyphen inside", "her mo\u00adther's letters were never opened", nil, true},
		{"the reader may see it elsewhere", "her mother's letters were never opened", []string{"We spoke of how her mother's letters were never opened."}, false},
		{"other words", "It was a good evening and they laughed a lot.", nil, false},
	} {
		if got := len(check(doc(c.text), secret, c.allowed)) > 0; got != c.hit {
			t.Errorf("%s: hit is %v", c.name, got)
		}
	}
}

func TestLeakCheckWithoutSpaces(t *testing.T) {
	secret := []Source{{Kind: "note", Text: "她说她从来没有打开过母亲的信。"}}
	if len(check(doc("我们知道：从来没有打开过母亲。"), secret, nil)) == 0 {
		t.Error("eight characters were not found")
	}
	katakana := []Source{{Kind: "note", Text: "コーヒーサーバー"}}
	if len(check(doc("彼はコーヒーサーバーを買った"), katakana, nil)) == 0 {
		t.Error("a long vowel hides a phrase")
	}
	if len(check(doc("从来没有打，开"), secret, nil)) != 0 {
		t.Error("six characters are too few")
	}
}

// Marks of emphasis inside a word split no phrase.
func TestStarsHideNothing(t *testing.T) {
	secret := []Source{{Kind: "note", Text: "one two three four five six"}}
	for _, s := range []string{"one **two** three *four* five six", "one t*w*o three f\\our five si**x**"} {
		if len(check(Document{Blocks: []Block{Paragraph{Text: s}}}, secret, nil)) == 0 {
			t.Errorf("nothing found in %q", s)
		}
	}
}

func TestLeakCheckReadsEveryPartOfADocument(t *testing.T) {
	const s = "one two three four five six"
	secret := []Source{{Kind: "note", Text: s}}
	for name, d := range map[string]Document{
		"title":   {Title: s},
		"cover":   {Blocks: []Block{Cover{Facts: []KeyValue{{"x", s}}}}},
		"bullets": {Blocks: []Block{Bullets{Items: []string{s}}}},
		"table":   {Blocks: []Block{Table{Columns: []Column{{Head: "h"}}, Rows: [][]string{{s}}}}},
		"letter":  {Blocks: []Block{LetterText{Text: s}}},
		"facts":   {Blocks: []Block{KeyValues{Items: []KeyValue{{s, "v"}}}}},
		"heading": {Blocks: []Block{Heading{Level: 1, Text: s}}},
	} {
		if len(check(d, secret, nil)) == 0 {
			t.Errorf("nothing found in the %s", name)
		}
	}
}

// Any six words of a private text are found, wherever they are put.
func TestAnyRunOfSixWordsIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-zé]{1,8}`)
		words := rapid.SliceOfN(word, phraseWords, 40).Draw(t, "words")
		join := func(ws []string) (s string) {
			for _, w := range ws {
				s += w + rapid.SampledFrom([]string{" ", ", ", "\n", " – "}).Draw(t, "gap")
			}
			return s
		}
		at := rapid.IntRange(0, len(words)-phraseWords).Draw(t, "at")
		private := []Source{{Text: join(words)}}
		if len(check(doc("before. "+join(words[at:at+phraseWords])+" after"), private, nil)) == 0 {
			t.Fatal("not found")
		}
	})
}
