package large

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// vocabularySize is how many different words the invented notes are made of.
const vocabularySize = 24_000

// commonest are the words that any English text is mostly made of, the commonest first.
var commonest = strings.Fields(`the to and of a that they in was it for her his she he with on as not but had be this about when what at them we were so each
have both is said one how or from more there than feel who felt their week time would other could up talk after out you do if all no by some an will which did
been before my only me your session where then day home now like can because our into most over just again between still us are has these here him first long
back even new way many down made any much too well through good own might same never last made very small work such want still old came things thing want wants
asked told agreed listen listened heard quiet evening morning dinner walk children partner couple question answer practice practised kept helped tried argue
argued tired worried calm angry sad glad close closer distance touch warm kiss tea phone work money family mother father sister brother friend friends house
kitchen bed night weekend holiday plan plans planned agreement appointment later soon often sometimes always maybe together alone apart share shared sharing
appreciate appreciated appreciation thanks thank care caring trust safe honest open gentle patient kind respect wish wishes hope hopes hoped fear afraid hurt
pain tears laugh laughed smile smiled joke fun play music garden city train school doctor sleep slept rest pause breath breathe slowly quickly clear unclear
pattern cycle pursue withdraw silence tone voice eyes hands body head heart mind story memory memories past future year years month months minutes hour hours
start started stop stopped begin began end ended change changed changes better worse easier harder next step steps goal goals measure score answer pulse
ritual rituals check conversation conflict connect connection intimacy intimate affection attention interest curious wonder notice noticed learn learned`)

// vocabulary is the words by frequency: real ones first, then invented ones that look
// and sound like English, so that no index or search meets another shape of text.
type vocabulary struct {
	words []string
	cum   []float64 // cumulated frequency
}

// newVocabulary makes the same words for everybody: it takes no seed.
func newVocabulary() *vocabulary {
	v := &vocabulary{}
	seen := map[string]bool{}
	add := func(w string) {
		if !seen[w] && len(v.words) < vocabularySize {
			seen[w] = true
			v.words = append(v.words, w)
		}
	}
	for _, w := range commonest {
		add(w)
	}
	r := rand.New(rand.NewPCG(20, 26))
	onsets := strings.Fields(`b bl br c ch cl cr d dr f fl fr g gl gr h j k l m n p pl pr qu r s sc sh sl sm sn sp st str sw t th tr tw v w wh`)
	vowels := strings.Fields(`a a e e i i o o u ai ea ee ou oa`)
	codas := strings.Fields(`b ck d ft g l ld ll m mp n nd ng nk nt p pt r rd rk rm rn rt s sh sk ss st t tch th v x`)
	middles := strings.Fields(`b d f g l m n p r s t v tt ll mm nn ct mb`)
	endings := []string{"", "", "", "s", "ed", "ing", "er", "ly", "ness", "ment", "able", "ful", "tion", "al", "ous", "ity", "ish", "less", "en", "ive"}
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	for len(v.words) < vocabularySize {
		stem := pick(onsets) + pick(vowels)
		if r.IntN(3) > 0 {
			stem += pick(middles) + pick(vowels)
		}
		if r.IntN(4) == 0 {
			stem += pick(middles) + pick(vowels)
		}
		add(stem + pick(codas) + pick(endings))
	}
	// The law of Zipf and Mandelbrot: the word of rank n occurs in proportion to 1/(n+2.7)^1.07.
	total := 0.0
	for n := range v.words {
		total += 1 / math.Pow(float64(n)+1+2.7, 1.07)
		v.cum = append(v.cum, total)
	}
	return v
}

// word draws a word by its frequency.
func (v *vocabulary) word(r *rand.Rand) string {
	x := r.Float64() * v.cum[len(v.cum)-1]
	n, _ := slices.BinarySearch(v.cum, x)
	return v.words[min(n, len(v.words)-1)]
}

// text writes n words as sentences and paragraphs.
func (v *vocabulary) text(r *rand.Rand, n int) string {
	var b strings.Builder
	b.Grow(n * 7)
	sentence := 0
	for i := range n {
		w := v.word(r)
		if sentence == 0 {
			sentence = 5 + r.IntN(16)
			if i > 0 {
				if r.IntN(6) == 0 {
					b.WriteString(".\n\n")
				} else {
					b.WriteString(". ")
				}
			}
			b.WriteString(strings.ToUpper(w[:1]) + w[1:])
		} else {
			b.WriteByte(' ')
			b.WriteString(w)
		}
		sentence--
	}
	b.WriteByte('.')
	return b.String()
}

// Prose returns a writer of texts of about the given number of bytes, as they stand in the
// notes of a large casebook. It is for measuring on what people might write.
func Prose(seed uint64) func(bytes int) string {
	v, r := newVocabulary(), rand.New(rand.NewPCG(seed, 1))
	return func(bytes int) string {
		t := v.text(r, bytes/4+1)
		if i := strings.LastIndexByte(t[:min(bytes, len(t))], ' '); i > 0 {
			t = t[:i]
		}
		return t + "."
	}
}

// The length of a note in words: half have fewer than 226, a few have thousands, the mean is 300.
const (
	minWords   = 50
	maxWords   = 5000
	wordsMu    = 5.42
	wordsSigma = 0.75
)

func noteWords(r *rand.Rand) int {
	n := int(math.Exp(wordsMu + wordsSigma*r.NormFloat64()))
	return min(max(n, minWords), maxWords)
}

var (
	givenNames = strings.Fields(`Alma Anton Bela Bruno Carla Cem Dalia Darian Edda Emre Fabio Farah Gesa Goran Hanna Hugo Ilse Ivan Jana Jonas Kaja Karim Lena Levi
 Mara Milo Nadia Nils Odile Omar Paula Pavel Quinn Ragna Rafael Sana Sven Tala Timo Una Umar Vera Viktor Wanda Wim Xenia Yara Yusuf Zora Zeno`)
	familyFirst = strings.Fields(`Ahl Berg Brand Dal Eck Feld Gar Hol Jans Kirch Lind Mar Nord Ost Pel Ros Sund Tal Veld West`)
	familyLast  = strings.Fields(`mann berg dal en er ström sen son hoff stein wald ova ini ez ford wick ham ley`)
)

func familyName(r *rand.Rand) string {
	return familyFirst[r.IntN(len(familyFirst))] + familyLast[r.IntN(len(familyLast))]
}
