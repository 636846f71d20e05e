package share

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// device is one row of the table of devices.
type device struct {
	n    int64
	id   ids.ID
	name string
	own  bool
}

func readDevices(ctx context.Context, q casebook.Querier) ([]device, error) {
	return casebook.Collect(ctx, q, func(r *sql.Rows, d *device) error { return r.Scan(&d.n, &d.id, &d.name, &d.own) },
		`SELECT n, uuid, name, own FROM device ORDER BY n`)
}

// known is what of every device is in a casebook: all that this device did, the
// stretches that merges brought, and of devices from before anything was shared the
// whole, for then there was one casebook only.
func known(ctx context.Context, q casebook.Querier) (vector, []device, error) {
	devices, err := readDevices(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	type stretch struct {
		dev int64
		span
	}
	seen, err := casebook.Collect(ctx, q, func(r *sql.Rows, s *stretch) error { return r.Scan(&s.dev, &s.after, &s.upto) }, `SELECT dev, after, upto FROM share_seen`)
	if err != nil {
		return nil, nil, err
	}
	byN, v := map[int64]ids.ID{}, vector{}
	for _, d := range devices {
		byN[d.n] = d.id
	}
	for _, s := range seen {
		v.add(byN[s.dev], s.span)
	}
	for _, d := range devices {
		var told int64 // what is older needs no looking for
		switch _, ok := v[d.id]; {
		case ok && !d.own:
			continue
		case d.own:
			if err := q.QueryRowContext(ctx, `SELECT coalesce((SELECT told FROM share_local), 0)`).Scan(&told); err != nil {
				return nil, nil, err
			}
		}
		var upto int64
		if err := q.QueryRowContext(ctx, `SELECT coalesce(max(hlc), ?1) FROM action WHERE hlc > ?1 AND dev = ?2`, told, d.n).Scan(&upto); err != nil {
			return nil, nil, err
		}
		v.add(d.id, span{0, upto})
	}
	return v, devices, nil
}

// encode writes a vector as the casebook keeps it.
func (v vector) encode() []byte {
	b := []byte{} // nothing is no NULL
	for dev, spans := range v {
		b = append(b, dev[:]...)
		b = binary.AppendUvarint(b, uint64(len(spans)))
		for _, s := range spans {
			b = binary.AppendUvarint(b, uint64(s.after))
			b = binary.AppendUvarint(b, uint64(s.upto))
		}
	}
	return b
}

var errClaims = errors.New("what a file covers is not readable")

func parseClaims(b []byte) (vector, error) {
	v := vector{}
	next := func() uint64 {
		n, size := binary.Uvarint(b)
		if size <= 0 {
			b = nil
			return 0
		}
		b = b[size:]
		return n
	}
	for len(b) > 0 {
		var dev ids.ID
		if copy(dev[:], b) < len(dev) {
			return nil, errClaims
		}
		b = b[len(dev):]
		for range min(next(), maxRanges) {
			s := span{after: int64(next())}
			s.upto = int64(next())
			v.add(dev, s)
		}
	}
	return v, nil
}
