package strength

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// words are the commonest passwords, names and English words with their rank; from
// the frequency lists of zxcvbn (MIT, see words.LICENSE.txt).
//
//go:embed words.txt
var words string

// longestWord is as far as the list is searched for one word.
const longestWord = 24

var ranks = sync.OnceValue(func() map[string]int {
	m := map[string]int{}
	for line := range strings.Lines(words) {
		w, n, _ := strings.Cut(strings.TrimSpace(line), " ")
		rank, err := strconv.Atoi(n)
		if err != nil {
			panic("strength: bad line in the word list: " + line)
		}
		m[w] = rank
	}
	return m
})

// commonRank is how far down the list counts as "tried first".
const commonRank = 300

func matches(r []rune) []match {
	var all []match
	all = append(all, dictionary(r)...)
	all = append(all, keyboards(r)...)
	all = append(all, repeats(r)...)
	all = append(all, sequences(r)...)
	return append(all, dates(r)...)
}

// swaps are the usual signs in place of letters.
var swaps = map[rune]rune{
	'4': 'a', '@': 'a', '8': 'b', '(': 'c', '3': 'e', '6': 'g', '9': 'g',
	'1': 'i', '!': 'i', '|': 'i', '0': 'o', '$': 's', '5': 's', '7': 't', '+': 't', '2': 'z',
}

func unswap(r []rune) ([]rune, int) {
	out, n := make([]rune, len(r)), 0
	for i, c := range r {
		out[i] = c
		if l, ok := swaps[c]; ok {
			out[i] = l
			n++
		}
	}
	return out, n
}

func dictionary(r []rune) []match {
	known := ranks()
	lower := []rune(strings.Map(unicode.ToLower, string(r)))
	if len(lower) != len(r) {
		return nil
	}
	var all []match
	for i := range lower {
		for j := i + 3; j <= min(len(lower), i+longestWord); j++ {
			piece := lower[i:j]
			plain := string(piece)
			if rank, ok := known[plain]; ok {
				all = append(all, wordMatch(r, i, j, rank, 0))
			}
			if rank, ok := known[reverse(plain)]; ok && len(piece) > 3 {
				all = append(all, wordMatch(r, i, j, rank, 1))
			}
			if letters, n := unswap(piece); n > 0 && n < len(piece) {
				if rank, ok := known[string(letters)]; ok {
					m := wordMatch(r, i, j, rank, float64(n))
					m.notes = append([]Note{NoteSwapped}, m.notes...)
					all = append(all, m)
				}
			}
		}
	}
	return all
}

func wordMatch(r []rune, i, j, rank int, extra float64) match {
	note := NoteWord
	if rank <= commonRank && j-i > 4 {
		note = NoteCommon
	}
	return match{i, j, math.Log2(float64(rank)) + 1 + extra + capitals(r[i:j]), []Note{note}}
}

// capitals is what upper case adds: one bit for the first or all letters, more for
// others.
func capitals(r []rune) float64 {
	up := 0
	for _, c := range r {
		if unicode.IsUpper(c) {
			up++
		}
	}
	switch {
	case up == 0:
		return 0
	case up == len(r), up == 1 && unicode.IsUpper(r[0]):
		return 1
	}
	return float64(min(up, len(r)-up)) * math.Log2(float64(len(r)))
}

// rows of the keyboards that people sit at; runs are found in both directions.
var rows = []string{
	"`1234567890-=", "~!@#$%^&*()_+", "qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./",
	"qwertzuiopü+", "asdfghjklöä#", "yxcvbnm,.-", "azertyuiop", "qsdfghjklm", "wxcvbn",
	"1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/",
	"йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю",
}

func keyboards(r []rune) []match {
	lower := []rune(strings.Map(unicode.ToLower, string(r)))
	if len(lower) != len(r) {
		return nil
	}
	var all []match
	for i := range lower {
		for j := i + 4; j <= len(lower); j++ {
			piece := string(lower[i:j])
			if !inRow(piece) && !inRow(reverse(piece)) {
				break
			}
			all = append(all, match{i, j, 6 + math.Log2(float64(j-i)) + capitals(r[i:j]), []Note{NoteKeyboard}})
		}
	}
	return all
}

func inRow(piece string) bool {
	for _, row := range rows {
		if strings.Contains(row, piece) {
			return true
		}
	}
	return false
}

// repeats finds a piece that comes again and again: it costs the piece once and the
// count.
func repeats(r []rune) []match {
	var all []match
	for i := range r {
		for size := 1; i+2*size <= len(r) && size <= 12; size++ {
			unit := string(r[i : i+size])
			n := 1
			for i+(n+1)*size <= len(r) && string(r[i+n*size:i+(n+1)*size]) == unit {
				n++
			}
			if n < 2 || n*size < 3 {
				continue
			}
			bits := unitBits(r[i:i+size]) + math.Log2(float64(n))
			all = append(all, match{i, i + n*size, bits, []Note{NoteRepeat}})
		}
	}
	return all
}

func unitBits(unit []rune) float64 {
	if len(unit) < 3 {
		bits := 0.0
		for _, c := range unit {
			bits += charBits(c)
		}
		return bits
	}
	inner := append(dictionary(unit), keyboards(unit)...)
	_, bits := cheapest(unit, append(inner, sequences(unit)...))
	return bits
}

// sequences finds abc, 135 or zyx: the same small step from each to the next.
func sequences(r []rune) []match {
	var all []match
	for i := 0; i+2 < len(r); {
		step := r[i+1] - r[i]
		j := i + 2
		for j < len(r) && r[j]-r[j-1] == step {
			j++
		}
		if j-i >= 3 && step != 0 && step >= -5 && step <= 5 {
			all = append(all, match{i, j, 4 + math.Log2(float64(j-i)), []Note{NoteSequence}})
		}
		i = j - 1
	}
	return all
}

// dates finds years of living people and days written with or without signs between.
func dates(r []rune) []match {
	var all []match
	for i := range r {
		for _, n := range []int{4, 6, 8, 10} {
			if i+n > len(r) {
				break
			}
			piece := string(r[i : i+n])
			switch {
			case n == 4 && isYear(piece):
				all = append(all, match{i, i + n, math.Log2(120), []Note{NoteDate}})
			case n > 4 && isDate(piece):
				all = append(all, match{i, i + n, math.Log2(365 * 120), []Note{NoteDate}})
			}
		}
	}
	return all
}

func isYear(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 1920 && n <= 2040
}

func isDate(s string) bool {
	digits := strings.Map(func(c rune) rune {
		if strings.ContainsRune("./- ", c) {
			return -1
		}
		return c
	}, s)
	two := func(i int) int {
		n, err := strconv.Atoi(digits[i : i+2])
		if err != nil {
			return -1
		}
		return n
	}
	day := func(d, m int) bool { return d >= 1 && d <= 31 && m >= 1 && m <= 12 }
	for _, c := range digits {
		if c < '0' || c > '9' {
			return false
		}
	}
	switch len(digits) {
	case 6:
		a, b, c := two(0), two(2), two(4)
		return day(a, b) || day(b, a) || day(c, b)
	case 8:
		if isYear(digits[4:]) {
			return day(two(0), two(2)) || day(two(2), two(0))
		}
		return isYear(digits[:4]) && day(two(6), two(4))
	}
	return false
}

func reverse(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}
