package sessions

// pair says that word a of the old text is word b of the new one.
type pair struct{ a, b int }

// match finds a longest common run of x and y, as pairs in rising order. Words that
// only one text has can match nothing and are left out first: of two texts on
// different things little remains to be searched.
func match(x, y []int32) []pair {
	xi, xs := shared(x, y)
	yi, ys := shared(y, x)
	d := differ{x: xs, y: ys}
	size := 2*((len(xs)+len(ys)+1)/2) + 3
	d.fwd, d.bwd = make([]int, size), make([]int, size)
	d.compare(0, len(xs), 0, len(ys))
	for i, p := range d.out {
		d.out[i] = pair{xi[p.a], yi[p.b]}
	}
	return d.out
}

// shared are the words of x that y has too, and where in x they stand.
func shared(x, y []int32) (at []int, kept []int32) {
	has := make(map[int32]bool, len(y))
	for _, w := range y {
		has[w] = true
	}
	for i, w := range x {
		if has[w] {
			at, kept = append(at, i), append(kept, w)
		}
	}
	return at, kept
}

// differ is one comparison by Myers' algorithm with middle snakes: time O((n+m)·d)
// for d changed words, memory O(n+m).
type differ struct {
	x, y     []int32
	fwd, bwd []int // furthest reaching paths by diagonal
	out      []pair
}

// compare appends the pairs of x[a0:a1] and y[b0:b1].
func (d *differ) compare(a0, a1, b0, b1 int) {
	for a0 < a1 && b0 < b1 && d.x[a0] == d.y[b0] {
		d.out = append(d.out, pair{a0, b0})
		a0, b0 = a0+1, b0+1
	}
	tail := 0
	for a0 < a1 && b0 < b1 && d.x[a1-1] == d.y[b1-1] {
		a1, b1 = a1-1, b1-1
		tail++
	}
	if a0 < a1 && b0 < b1 {
		u, v := d.middle(a0, a1, b0, b1)
		d.compare(a0, u, b0, v)
		d.compare(u, a1, v, b1)
	}
	for i := range tail {
		d.out = append(d.out, pair{a1 + i, b1 + i})
	}
}

// middle is a point in the middle of a shortest way from (a0,b0) to (a1,b1): the
// forward and the backward search meet there. It lies truly between the two ends,
// because neither the first words nor the last ones are equal here.
func (d *differ) middle(a0, a1, b0, b1 int) (int, int) {
	n, m := a1-a0, b1-b0
	delta := n - m
	limit := (n + m + 1) / 2
	off := limit + 1
	d.fwd[off+1], d.bwd[off+1] = 0, 0
	for step := 0; ; step++ {
		for k := -step; k <= step; k += 2 {
			i := d.further(d.fwd, off, k, step)
			for i < n && i-k < m && d.x[a0+i] == d.y[b0+i-k] {
				i++
			}
			d.fwd[off+k] = i
			if back := delta - k; delta%2 != 0 && back > -step && back < step && i+d.bwd[off+back] >= n {
				return a0 + i, b0 + i - k
			}
		}
		for k := -step; k <= step; k += 2 {
			i := d.further(d.bwd, off, k, step)
			for i < n && i-k < m && d.x[a1-1-i] == d.y[b1-1-i+k] {
				i++
			}
			d.bwd[off+k] = i
			if forth := delta - k; delta%2 == 0 && forth >= -step && forth <= step && i+d.fwd[off+forth] >= n {
				return a1 - i, b1 - i + k
			}
		}
	}
}

// further is where diagonal k begins at this step: below or beside the better neighbour.
func (d *differ) further(v []int, off, k, step int) int {
	if k == -step || (k != step && v[off+k-1] < v[off+k+1]) {
		return v[off+k+1]
	}
	return v[off+k-1] + 1
}
