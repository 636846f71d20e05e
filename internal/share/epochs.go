package share

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/ids"
)

// Who may no longer read what the others write gets no key of it. An epoch is a key under
// which the folder is sealed; another one begins before the first file that is written by
// somebody who knows that a coach was shut out, or a computer removed. Its key, and those of
// all epochs before, lie in every snapshot, sealed to the coaches who may open the casebook.
// The casebook's own key stays what it is: it seals what lies on each one's own computer.

// epoch is one of them.
type epoch struct {
	At      int64    `json:"at"` // when it began, later than those that its beginner knew
	Key     []byte   `json:"key"`
	Without []string `json:"without"` // who was to be left out when it began
}

// ring are the keys of all epochs, as a snapshot carries them sealed.
type ring struct {
	Epochs []epoch `json:"epochs"`
}

func (e epoch) after(o epoch) int {
	return cmp.Or(cmp.Compare(e.At, o.At), bytes.Compare(e.Key, o.Key))
}

// readEpochs are the epochs that a casebook knows, the newest last: of two that began at the
// same time on two computers, all agree on one.
func readEpochs(ctx context.Context, q casebook.Querier) ([]epoch, error) {
	var has bool // a casebook from before there were epochs is backed up before it is brought up to date
	if err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'share_epoch')`).Scan(&has); err != nil || !has {
		return nil, err
	}
	all, err := casebook.Collect(ctx, q, func(r *sql.Rows, e *epoch) error {
		var without string
		if err := r.Scan(&e.Key, &e.At, &without); err != nil {
			return err
		}
		e.Without = strings.Fields(without)
		return nil
	}, `SELECT key, at, without FROM share_epoch`)
	slices.SortFunc(all, epoch.after)
	return all, err
}

// keysOf are the keys of the folder, as far as a casebook knows them.
func keysOf(ctx context.Context, cb *casebook.Casebook) (*container.Keys, error) {
	all, err := readEpochs(ctx, cb.Whole())
	keys := container.Own(cb.Key())
	for _, e := range all {
		keys.Epochs = append(keys.Epochs, e.Key)
	}
	return keys, err
}

func keepEpochs(ctx context.Context, tx *sql.Tx, all []epoch) error {
	for _, e := range all {
		if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO share_epoch (key, at, without) VALUES (?, ?, ?)`, e.Key, e.At, strings.Join(e.Without, " ")); err != nil {
			return err
		}
	}
	return nil
}

// take takes in the keys that the beginning of a snapshot carries, if they are sealed to the
// coach signed in. It says whether they are.
func (e *engine) take(ctx context.Context, p container.Preamble) (bool, error) {
	raw, ok := e.cb.OpenMine(p.Ring)
	if !ok {
		return false, nil
	}
	var r ring
	if err := json.Unmarshal(raw, &r); err != nil || slices.ContainsFunc(r.Epochs, func(e epoch) bool { return len(e.Key) != container.EpochKeySize }) {
		return false, nil //nolint:nilerr // whoever has the keys can write nonsense: the file stays closed
	}
	if err := e.cb.Locally(ctx, func(tx *sql.Tx) error { return keepEpochs(ctx, tx, r.Epochs) }); err != nil {
		return false, err
	}
	var err error
	e.keys, err = keysOf(ctx, e.cb)
	return true, err
}

// learn looks for new keys in the snapshots of the folder, before anything is read.
func (e *engine) learn(ctx context.Context, files []file) error {
	for i := range files {
		if files[i].read {
			continue
		}
		f, err := os.Open(filepath.Join(e.local.folder, filepath.FromSlash(files[i].path)))
		if err != nil {
			continue // reading it will say why
		}
		p, err := container.ReadPreamble(f)
		f.Close()
		if err != nil || p.Ring == nil {
			continue
		}
		if _, known := e.keys.Epoch(p); known {
			continue
		}
		if _, err := e.take(ctx, p); err != nil {
			return err
		}
	}
	for i := range files {
		files[i].old = files[i].epoch != e.keys.Newest()
	}
	return nil
}

// leftOut is who may not read what is written from now on: coaches who were shut out, each
// by the decision, and computers that somebody else removed.
func leftOut(ctx context.Context, q casebook.Querier) ([]string, error) {
	out, err := casebook.Collect(ctx, q, casebook.Value[string], `SELECT 'coach:' || lower(hex(a.id)) FROM coach_access a WHERE a.deleted = 0 AND a.state <> 'open' AND NOT EXISTS (SELECT 1 FROM coach_access x WHERE x.replaces = a.id)
		UNION SELECT 'left:' || lower(hex(k.id)) || ':' || coalesce(c.hlc, 0) FROM coach k LEFT JOIN col_clock c ON c.id = k.id AND c.col = 'role' AND c.tbl = (SELECT num FROM schema_rule WHERE tbl = 'coach' AND col = '*') WHERE k.role = 'left'
		UNION SELECT 'device:' || substr(s.name, ?1) || ':' || s.value FROM setting s JOIN schema_rule r ON r.tbl = 'setting' AND r.col = '*' LEFT JOIN col_clock c ON c.tbl = r.num AND c.id = s.id AND c.col = 'value' LEFT JOIN row_clock w ON w.tbl = r.num AND w.id = s.id
			JOIN device d ON d.n = coalesce(c.dev, w.dev) WHERE s.deleted = 0 AND s.name LIKE ?2 || '%' AND lower(replace(substr(s.name, ?1), '-', '')) <> lower(hex(d.uuid))
		ORDER BY 1`, len(removedMark)+1, removedMark)
	return slices.DeleteFunc(out, func(s string) bool { return strings.ContainsAny(s, " \t\r\n") }), err
}

// seals are the keys for small files: those until now with a planted bug.
func (e *engine) seals() *container.Keys {
	if n := len(e.keys.Epochs); e.mutant == oldEpoch && n > 0 {
		return &container.Keys{Casebook: e.keys.Casebook, Epochs: e.keys.Epochs[:n-1]}
	}
	return e.keys
}

// begun says whether the newest epoch leaves out everybody who is to be.
func (e *engine) begun(ctx context.Context, q casebook.Querier) (bool, error) {
	out, err := leftOut(ctx, q)
	if err != nil || len(out) == 0 {
		return true, err
	}
	if to, err := e.cb.Recipients(ctx); err != nil || len(to) == 0 { // nobody could be given a key
		return true, err
	}
	all, err := readEpochs(ctx, q)
	if err != nil {
		return false, err
	}
	var without []string
	if len(all) > 0 {
		without = all[len(all)-1].Without
	}
	return !slices.ContainsFunc(out, func(s string) bool { return !slices.Contains(without, s) }), nil
}

// begin lets an epoch begin. Those who are left out are told so under the key that they
// have: their own program stops then. The folder gets a whole snapshot under the new key.
func (e *engine) begin(ctx context.Context) error {
	out, err := leftOut(ctx, e.cb.Whole())
	if err != nil {
		return err
	}
	if err := e.farewell(ctx); err != nil {
		return err
	}
	all, err := readEpochs(ctx, e.cb.Whole())
	if err != nil {
		return err
	}
	next := epoch{At: max(e.cb.Now().UnixMilli(), 0), Key: make([]byte, container.EpochKeySize), Without: out}
	rand.Read(next.Key) // crypto/rand never returns an error
	if n := len(all); n > 0 {
		next.At = max(next.At, all[n-1].At+1)
	}
	if err := e.cb.Locally(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE share_local SET heal = 1`); err != nil {
			return err
		}
		return keepEpochs(ctx, tx, []epoch{next})
	}); err != nil {
		return err
	}
	if e.keys, err = keysOf(ctx, e.cb); err != nil {
		return err
	}
	return e.load(ctx)
}

// farewell tells under the keys until now who is left out, and nothing else. It covers
// nothing.
func (e *engine) farewell(ctx context.Context) error {
	x, err := newExtract(ctx, e.cb, e.cb.Whole())
	if err != nil {
		return err
	}
	a := &about{schema: x.about.schema, writer: x.about.writer, at: x.about.at, names: map[ids.ID]string{x.about.writer: x.about.names[x.about.writer]}, claims: vector{}}
	var records []*record
	for _, of := range []struct{ tbl, which string }{{"coach_access", `1`}, {"coach", `role = 'left'`}, {"setting", `name LIKE '` + removedMark + `%'`}} {
		t := x.schema.byName[of.tbl]
		rows, err := casebook.Collect(ctx, e.cb.Whole(), casebook.Value[ids.ID], `SELECT id FROM `+of.tbl+` WHERE `+of.which+` ORDER BY id`)
		if err != nil {
			return err
		}
		for _, id := range rows {
			r, err := x.rowOf(t, id)
			if err != nil {
				return err
			}
			if r != nil {
				records = append(records, r)
			}
		}
	}
	var file bytes.Buffer
	if err := a.seal(&file, e.keys, records); err != nil {
		return err
	}
	_, err = e.placeChanges(ctx, file.Bytes())
	return err
}

// ring are the keys as a snapshot carries them; nil in the first epoch.
func (e *engine) ring(ctx context.Context, q casebook.Querier) ([]byte, error) {
	all, err := readEpochs(ctx, q)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	to, err := e.cb.Recipients(ctx)
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(ring{Epochs: all})
	if err != nil {
		return nil, err
	}
	defer clear(raw)
	return casebook.SealToAll(to, raw)
}

// shutOut says by whom something in a file was written after their access was closed: such
// a file is not taken in by itself once the folder is sealed without them. What they wrote
// before comes in files of its own, or with what somebody else had read of it.
func (e *engine) shutOut(ctx context.Context, f *file) error {
	if !f.old || f.trouble != nil || len(f.by) == 0 {
		return nil
	}
	type closing struct {
		coach ids.ID
		name  string
		hlc   int64
	}
	closed, err := casebook.Collect(ctx, e.cb.Whole(), func(r *sql.Rows, c *closing) error { return r.Scan(&c.coach, &c.name, &c.hlc) },
		`SELECT k.id, k.name, max(coalesce(w.hlc, 0), coalesce(c.hlc, 0)) FROM coach_closed o JOIN coach k ON k.id = o.coach_id
		LEFT JOIN coach_access a ON a.coach_id = k.id AND a.deleted = 0 AND a.state <> 'open' AND NOT EXISTS (SELECT 1 FROM coach_access x WHERE x.replaces = a.id)
		LEFT JOIN row_clock w ON w.id = a.id AND w.tbl = (SELECT num FROM schema_rule WHERE tbl = 'coach_access' AND col = '*')
		LEFT JOIN col_clock c ON k.role = 'left' AND c.id = k.id AND c.col = 'role' AND c.tbl = (SELECT num FROM schema_rule WHERE tbl = 'coach' AND col = '*')`)
	if err != nil {
		return err
	}
	for _, c := range closed {
		if f.by[c.coach] <= c.hlc {
			continue
		}
		if all, err := e.hasAll(ctx, f.claims); err != nil || all {
			return err
		}
		f.trouble = fmt.Errorf("%w: %s", errShutOut, c.name)
		return nil
	}
	return nil
}
