package share

import (
	"cmp"
	"slices"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

const maxClock = casebook.MaxClock

// stamp says when something was written and by which device: of two, the later counts.
type stamp struct {
	hlc int64
	dev ids.ID
}

// after says whether s is later than o. Of two that are equally late the device
// decides, on every computer the same.
func (s stamp) after(o stamp) bool {
	if s.hlc != o.hlc {
		return s.hlc > o.hlc
	}
	return compareIDs(s.dev, o.dev) > 0
}

func compareIDs(a, b ids.ID) int { return slices.Compare(a[:], b[:]) }

// span is a stretch of a device's clock, the first end not in it.
type span struct{ after, upto int64 }

// vector says of every device which of its changes are known.
type vector map[ids.ID][]span

// add takes in more stretches and keeps the list sorted and without overlaps.
func (v vector) add(dev ids.ID, more ...span) {
	all := slices.DeleteFunc(slices.Concat(v[dev], more), func(s span) bool { return s.upto <= s.after })
	if len(all) == 0 {
		return
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.after, b.after) })
	out := all[:1]
	for _, next := range all[1:] {
		if last := &out[len(out)-1]; next.after <= last.upto {
			last.upto = max(last.upto, next.upto)
		} else {
			out = append(out, next)
		}
	}
	v[dev] = out
}

func (v vector) join(o vector) {
	for dev, spans := range o {
		v.add(dev, spans...)
	}
}

// covers says whether every stretch of o is in v.
func (v vector) covers(o vector) bool {
	for dev, spans := range o {
		for _, s := range spans {
			if !slices.ContainsFunc(v[dev], func(h span) bool { return h.after <= s.after && s.upto <= h.upto }) {
				return false
			}
		}
	}
	return true
}

// about is the head of a payload: who wrote it, from which schema, and what it covers.
type about struct {
	schema  int64
	writer  ids.ID
	at      int64 // by the writer's clock, to show when it was last heard of
	names   map[ids.ID]string
	claims  vector
	devices []ids.ID // the numbers that records use for devices
}

// number is the place of a device in the list, which grows as needed.
func (a *about) number(dev ids.ID) uint64 {
	i := slices.Index(a.devices, dev)
	if i < 0 {
		i = len(a.devices)
		a.devices = append(a.devices, dev)
	}
	return uint64(i)
}

// numberAll gives every device that records speak of its place: the list stands before them.
func (a *about) numberAll(records []*record) {
	for _, r := range records {
		if r.what != recCells {
			a.number(r.stamp.dev)
		}
		for _, c := range r.cells {
			if c.own {
				a.number(c.stamp.dev)
			}
		}
	}
}

func (w *writer) about(a *about) {
	w.uint(uint64(a.schema))
	w.base = a.at << 16
	w.int(a.at)
	w.uint(a.number(a.writer))
	w.uint(uint64(len(a.devices)))
	for _, d := range a.devices {
		w.id(d[:])
		w.text(a.names[d])
		spans := a.claims[d]
		w.uint(uint64(len(spans)))
		for _, s := range spans {
			w.clock(s.after)
			w.uint(uint64(s.upto - s.after))
		}
	}
}

func (r *reader) about() *about {
	a := &about{schema: int64(r.uint()), names: map[ids.ID]string{}, claims: vector{}}
	if a.schema > casebook.SchemaVersion() {
		r.err = errNewer
		return a
	}
	a.at = r.int()
	if a.at < 0 || a.at > maxClock>>16 {
		r.fail(errContents)
		return a
	}
	r.base = a.at << 16
	who := r.uint()
	n, all := r.count(maxDevices), 0
	for range n {
		d := r.id()
		a.devices = append(a.devices, d)
		a.names[d] = r.text(maxName)
		ranges := r.count(maxRanges - uint64(all))
		all += ranges
		var spans []span
		for range ranges {
			s := span{after: r.clock()}
			length := r.uint()
			if length > uint64(maxClock-s.after) {
				r.fail(errContents)
				return a
			}
			s.upto = s.after + int64(length)
			spans = append(spans, s)
			if r.err != nil {
				return a
			}
		}
		if r.err != nil {
			return a
		}
		a.claims.add(d, spans...)
	}
	if who >= uint64(len(a.devices)) {
		r.fail(errContents)
		return a
	}
	a.writer = a.devices[who]
	return a
}

// The records of a payload.
const (
	recEnd byte = iota
	recAction
	recHistory
	recRow
	recCells
	recLost
	recStandIn // a row that the writer itself waits for
)

// cell is one column's value with its stamp.
type cell struct {
	col   int // the column's place in its table
	value any
	stamp stamp
	own   bool // it carries a stamp of its own; else its row's counts
}

// record is one thing that a payload says.
type record struct {
	what  byte
	tbl   int64
	id    ids.ID
	stamp stamp
	cells []cell // rows and cells
	col   int    // history and lost
	value any    // history: what stood there before; lost: the value
	coach ids.ID // actions
	name  string
}

func (w *writer) stamp(a *about, s stamp) {
	w.uint(a.number(s.dev))
	w.clock(s.hlc)
}

func (w *writer) record(a *about, r *record) {
	w.byte(r.what)
	switch r.what {
	case recEnd:
		return
	case recAction:
		w.stamp(a, r.stamp)
		w.value(idValue(r.coach))
		w.text(r.name)
		return
	}
	w.uint(uint64(r.tbl))
	w.id(r.id[:])
	switch r.what {
	case recHistory, recLost:
		w.stamp(a, r.stamp)
		w.uint(uint64(r.col))
		w.value(r.value)
	case recRow, recCells:
		if r.what == recRow {
			w.stamp(a, r.stamp)
		}
		w.uint(uint64(len(r.cells)))
		for _, c := range r.cells {
			own := uint64(0)
			if c.own {
				own = 1
			}
			w.uint(uint64(c.col)<<1 | own)
			if c.own {
				w.stamp(a, c.stamp)
			}
			w.value(c.value)
		}
	}
}

func idValue(id ids.ID) any {
	if id.IsZero() {
		return nil
	}
	return id[:]
}

func (r *reader) stamp(a *about) stamp {
	n := r.uint()
	if n >= uint64(len(a.devices)) {
		r.fail(errContents)
		return stamp{}
	}
	return stamp{dev: a.devices[n], hlc: r.clock()}
}

// record reads the next record; at the end it is recEnd, with nothing after it.
func (r *reader) record(a *about, out *record) error {
	*out = record{what: r.byte(), cells: out.cells[:0]}
	switch out.what {
	case recEnd:
		if r.err == nil {
			if _, err := r.r.ReadByte(); err == nil {
				r.fail(errContents)
			}
		}
		return r.err
	case recAction:
		out.stamp = r.stamp(a)
		if b, ok := r.value().([]byte); ok {
			copy(out.coach[:], b)
		}
		out.name = r.text(maxName)
		return r.err
	}
	out.tbl, out.id = int64(r.uint()), r.id()
	switch out.what {
	case recHistory, recLost:
		out.stamp = r.stamp(a)
		out.col = r.count(maxColumns)
		out.value = r.value()
	case recRow, recCells:
		if out.what == recRow {
			out.stamp = r.stamp(a)
		}
		for range r.count(maxColumns) {
			head := r.count(maxColumns<<1 | 1)
			c := cell{col: head >> 1, own: head&1 == 1, stamp: out.stamp}
			if c.own {
				c.stamp = r.stamp(a)
			} else if out.what == recCells {
				r.fail(errContents)
			}
			c.value = r.value()
			out.cells = append(out.cells, c)
		}
	case recStandIn:
	default:
		r.fail(errContents)
	}
	return r.err
}
