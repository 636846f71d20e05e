package glyph

import (
	"slices"
	"strings"
)

// Order puts the runs of one line from reading order into the order on the page,
// left to right (the Unicode bidirectional algorithm for text without embeddings,
// rules W2, W7, N1, N2, I1, I2, L2 and L4, on whole runs).
func Order(runs []Run, baseRTL bool) []Run {
	if !baseRTL && !slices.ContainsFunc(runs, Run.RTL) {
		return runs
	}
	runs = slices.Clone(runs)
	levels := levelsOf(runs, baseRTL)
	for i := range runs {
		if levels[i] == 1 && runs[i].class == neutral && !runs[i].Face.Shaped {
			runs[i].Text = mirror(runs[i].Text)
		}
	}
	for lvl := 2; lvl >= 1; lvl-- {
		for i := 0; i < len(runs); {
			j := i
			for j < len(runs) && levels[j] >= lvl {
				j++
			}
			slices.Reverse(runs[i:j])
			slices.Reverse(levels[i:j])
			i = max(j, i+1)
		}
	}
	return runs
}

func levelsOf(runs []Run, baseRTL bool) []int {
	base := left
	if baseRTL {
		base = right
	}
	// A number belongs to the letters before it; a neutral to what stands on both
	// sides of it, or to the base.
	strong := make([]class, len(runs))
	last := base
	for i, r := range runs {
		if r.class == left || r.class == right {
			last = r.class
		}
		strong[i] = last
	}
	next := base
	for i := len(runs) - 1; i >= 0; i-- {
		if runs[i].class != neutral {
			next = strong[i]
			continue
		}
		if strong[i] != next {
			strong[i] = base
		}
	}
	pairBrackets(runs, strong, base)
	levels := make([]int, len(runs))
	for i, r := range runs {
		switch {
		case strong[i] == right && r.class == number:
			levels[i] = 2
		case strong[i] == right:
			levels[i] = 1
		case baseRTL:
			levels[i] = 2
		}
	}
	return levels
}

// pairBrackets gives both brackets of a pair one direction (rule N0): the base if
// a letter of the base stands between them, else that of the letters around them
// if they are of the same kind as those inside.
func pairBrackets(runs []Run, strong []class, base class) {
	var open []int
	for i, r := range runs {
		switch {
		case r.class != neutral || len(r.Text) != 1:
		case strings.Contains("([{", r.Text):
			open = append(open, i)
		case strings.Contains(")]}", r.Text) && len(open) > 0:
			first := open[len(open)-1]
			open = open[:len(open)-1]
			inside, other := base, false
			for k := first + 1; k < i; k++ {
				if runs[k].class == neutral {
					continue
				}
				if strong[k] == base {
					other = false
					break
				}
				inside, other = strong[k], true
			}
			dir := base
			if other && before(runs, strong, first, base) == inside {
				dir = inside
			}
			strong[first], strong[i] = dir, dir
		}
	}
}

// before is the direction of the last letters or digits before run i.
func before(runs []Run, strong []class, i int, base class) class {
	for i--; i >= 0; i-- {
		if runs[i].class != neutral {
			return strong[i]
		}
	}
	return base
}

// mirror turns punctuation round for a place where the text runs to the left.
func mirror(s string) string {
	r := []rune(pairs.Replace(s))
	slices.Reverse(r)
	return string(r)
}

var pairs = strings.NewReplacer("(", ")", ")", "(", "[", "]", "]", "[", "{", "}", "}", "{", "<", ">", ">", "<", "«", "»", "»", "«")
