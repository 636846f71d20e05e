package share

import (
	"database/sql"
	"fmt"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/ids"
)

// nothingNew says whether all that a file covers is here already. A device that was
// copied without anybody noticing claims what it has not: its last action must be here, too.
func nothingNew(mine, claims vector, has func(dev ids.ID, hlc int64) (bool, error)) (bool, error) {
	if len(claims) == 0 || !mine.covers(claims) {
		return false, nil
	}
	for dev, spans := range claims {
		for _, s := range spans {
			if there, err := has(dev, s.upto); err != nil || !there {
				return false, err
			}
		}
	}
	return true, nil
}

// did says whether an action of a device is here.
func (a *applier) did(dev ids.ID, hlc int64) (bool, error) {
	return a.one(`SELECT 1 FROM action WHERE hlc = ? AND dev = ?`, []any{hlc, a.devs[dev]}, new(int))
}

// file takes in all records of the container at path.
func (a *applier) file(path string, keys *container.Keys) error {
	c, err := openContents(path, keys)
	if err != nil {
		return err
	}
	defer c.close()
	return a.all(c)
}

func (a *applier) all(c *contents) error {
	for r := (record{}); ; {
		if err := c.record(c.about, &r); err != nil {
			return err
		}
		if r.what == recEnd {
			return nil
		}
		if err := a.apply(&r); err != nil {
			return fmt.Errorf("record: %w", err)
		}
	}
}

// covers notes that all that a file covers is here now.
func (a *applier) covers(f *file) error {
	for dev, spans := range f.claims {
		n, err := a.device(dev)
		if err != nil {
			return err
		}
		if err := a.see(n, spans); err != nil {
			return err
		}
	}
	return nil
}

// heard notes what a file calls the computers and that its writer was heard of.
func (a *applier) heard(f *file, cb *casebook.Casebook) error {
	for dev, name := range f.about.names {
		n, err := a.device(dev)
		if err != nil {
			return err
		}
		if name != "" && dev != cb.Device() {
			if err := a.exec(`UPDATE device SET name = ? WHERE n = ? AND name <> ? AND (name = '' OR ?)`, name, n, name, dev == f.about.writer); err != nil {
				return err
			}
		}
	}
	n, err := a.device(f.about.writer)
	if err != nil || f.about.writer == cb.Device() {
		return err
	}
	return a.exec(`UPDATE device SET last_seen = ?1, heard = ?2 WHERE n = ?3 AND last_seen < ?1`, f.about.at, cb.Now().UnixMilli(), n)
}

// see joins stretches of a device's clock to those that are here.
func (a *applier) see(dev int64, spans []span) error {
	there, err := casebook.Collect(a.ctx, a.to, func(r *sql.Rows, s *span) error { return r.Scan(&s.after, &s.upto) }, `SELECT after, upto FROM share_seen WHERE dev = ?`, dev)
	if err != nil {
		return err
	}
	v, id := vector{}, ids.Nil
	v.add(id, append(there, spans...)...)
	if err := a.exec(`DELETE FROM share_seen WHERE dev = ?`, dev); err != nil {
		return err
	}
	for _, s := range v[id] {
		if err := a.exec(`INSERT INTO share_seen (dev, after, upto) VALUES (?, ?, ?)`, dev, s.after, s.upto); err != nil {
			return err
		}
	}
	return nil
}
