package portable

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-sqlite3"

	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// rowsPerTransaction keeps a large import within modest memory.
const rowsPerTransaction = 20_000

// Import fills the empty casebook c with what Export wrote. What is not as Export
// writes it is refused (fault.BadInput, with the line and the item; fault.Newer for a
// layout or schema that this program does not know). After an error c must be thrown
// away. Time and memory are bounded by the size of the file, whoever made it.
func Import(ctx context.Context, c *casebook.Casebook, file io.ReadSeeker) error {
	in := newReader(file)
	err := c.Import(ctx, func(to *casebook.Importing) error {
		tables, err := schema(ctx, to)
		if err != nil {
			return err
		}
		m := &importer{in: in, to: to, files: attach.Of(c), tables: map[string]table{}, devices: map[ids.ID]int64{}, stmts: map[string]*sql.Stmt{}, sealed: map[ids.ID]ids.ID{}}
		for _, t := range tables {
			m.tables[t.Table] = t
		}
		if err := m.file(); err != nil {
			return err
		}
		return m.claim()
	})
	var bad *refusal
	if errors.As(err, &bad) {
		return bad.explain(file, in)
	}
	return err
}

type importer struct {
	in      *reader
	to      *casebook.Importing
	files   attach.Store
	tables  map[string]table
	devices map[ids.ID]int64
	stmts   map[string]*sql.Stmt
	rows    int
	schema  int64
	coach   ids.ID            // who exported it
	sealed  map[ids.ID]ids.ID // fields whose texts are sealed, to whom
}

// exec runs a statement that is used again and again.
func (m *importer) exec(query string, args ...any) error {
	st := m.stmts[query]
	if st == nil {
		var err error
		if st, err = m.to.Prepare(query); err != nil {
			return err
		}
		m.stmts[query] = st
	}
	_, err := st.ExecContext(m.to.Context(), args...)
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	switch vault.PlainCode(e) {
	case sqlite3.ErrConstraint, sqlite3.ErrMismatch, sqlite3.ErrTooBig:
		return refuse("", err)
	}
	return err
}

// wrote counts what was written and starts a new transaction when this one is long.
func (m *importer) wrote() error {
	if m.rows++; m.rows%rowsPerTransaction != 0 {
		return nil
	}
	m.stmts = map[string]*sql.Stmt{}
	return m.to.Next()
}

func (m *importer) file() error {
	read := map[string]func() error{
		secAbout:       m.about,
		secActions:     func() error { return m.in.list(m.action) },
		secAttachments: m.attachments,
		secHistory:     func() error { return m.in.list(m.history) },
		secLost:        func() error { return m.in.list(m.lost) },
		secTables:      m.allTables,
	}
	next := 0
	err := m.in.object(func(key string) error {
		if next < len(sections) && sections[next] == secLost && key != secLost {
			next++ // from before values that lost were kept
		}
		if next == len(sections) || key != sections[next] {
			return refuse("", fmt.Errorf("unexpected part %s", clip([]byte(key))))
		}
		next++
		return read[key]()
	})
	if err != nil {
		return err
	}
	if next < len(sections) {
		return refuse("", fmt.Errorf("part %q is missing", sections[next]))
	}
	return m.in.end()
}

func (m *importer) about() error {
	var a about
	if err := m.in.value(&a); err != nil {
		return err
	}
	switch {
	case a.Format != formatName:
		return refuse("", errors.New("not an export of Couplet"))
	case a.Version > formatVersion || a.Schema > casebook.SchemaVersion():
		return fault.New(fault.Newer, text.T("import.newer", "This file was exported by a newer version of Couplet (schema %d).", a.Schema),
			text.T("import.newer_hint", "Update Couplet on this computer, then import it again. Nothing was imported."))
	case a.Version < 1 || a.Schema < 1:
		return refuse("", fmt.Errorf("version %d, schema %d", a.Version, a.Schema))
	}
	m.schema = a.Schema
	if a.Coach == "" {
		return nil
	}
	var err error
	if m.coach, err = ids.Parse(a.Coach); err != nil || m.coach.IsZero() {
		return refuse("", errors.New("the coach is not an id"))
	}
	return nil
}

// stamp is a clock as it is written: a number in quotes and a device.
type stamp struct {
	Device string `json:"device"`
	HLC    string `json:"hlc"`
}

// clock reads a stamp and finds the local number of its device.
func (m *importer) clock(s stamp) (hlc, dev int64, err error) {
	hlc, err = strconv.ParseInt(s.HLC, 10, 64)
	if err != nil || hlc < 0 || strconv.FormatInt(hlc, 10) != s.HLC {
		return 0, 0, fmt.Errorf("%s is not a clock", clip([]byte(s.HLC)))
	}
	id, err := ids.Parse(s.Device)
	if err != nil || id.IsZero() {
		return 0, 0, fmt.Errorf("%s is not a device", clip([]byte(s.Device)))
	}
	if dev, ok := m.devices[id]; ok {
		return hlc, dev, nil
	}
	if err := m.to.QueryRow(`INSERT INTO device (uuid, own) VALUES (?, 0) RETURNING n`, id).Scan(&dev); err != nil {
		return 0, 0, err
	}
	m.devices[id] = dev
	return hlc, dev, nil
}

func (m *importer) action(n int) error {
	var a struct {
		Coach *string `json:"coach"`
		Name  string  `json:"name"`
		stamp
	}
	item := text.T("import.action", "action %d", n)
	if err := m.in.value(&a); err != nil {
		return within(item, err)
	}
	hlc, dev, err := m.clock(a.stamp)
	if err != nil {
		return refuse(item, err)
	}
	var coach any
	if a.Coach != nil {
		id, err := ids.Parse(*a.Coach)
		if err != nil || id.IsZero() {
			return refuse(item, errors.New("the coach is not an id"))
		}
		coach = id
	}
	if err := m.exec(`INSERT INTO action (hlc, dev, coach_id, name) VALUES (?, ?, ?, ?)`, hlc, dev, coach, a.Name); err != nil {
		return within(item, err)
	}
	return m.wrote()
}

func (m *importer) history(n int) error {
	var h struct {
		Old json.RawMessage `json:"old"`
		cell
	}
	item := text.T("import.history", "history %d", n)
	if err := m.in.value(&h); err != nil {
		return within(item, err)
	}
	return m.cell(item, `INSERT INTO history (tbl, id, col, old, hlc, dev) VALUES (?, ?, ?, ?, ?, ?)`, h.cell, h.Old)
}

func (m *importer) lost(n int) error {
	var l struct {
		Value json.RawMessage `json:"value"`
		cell
	}
	item := text.T("import.lost", "lost %d", n)
	if err := m.in.value(&l); err != nil {
		return within(item, err)
	}
	return m.cell(item, `INSERT INTO lost (tbl, id, col, value, hlc, dev) VALUES (?, ?, ?, ?, ?, ?)`, l.cell, l.Value)
}

// cell is a column of a row at a clock.
type cell struct {
	Column string `json:"column"`
	ID     string `json:"id"`
	Table  string `json:"table"`
	stamp
}

// cell writes a value of a column that stands in no row.
func (m *importer) cell(item, query string, at cell, raw json.RawMessage) error {
	t, ok := m.tables[at.Table]
	c, known := t.byName[at.Column]
	if !ok || !known {
		return refuse(item, fmt.Errorf("there is no column %s of %s", clip([]byte(at.Column)), clip([]byte(at.Table))))
	}
	id, err := ids.Parse(at.ID)
	if err != nil || id.IsZero() {
		return refuse(item, errors.New("the id is not one"))
	}
	v, err := c.value(raw)
	if err != nil {
		return refuse(item, err)
	}
	hlc, dev, err := m.clock(at.stamp)
	if err != nil {
		return refuse(item, err)
	}
	if err := m.exec(query, t.Num, id, at.Column, v, hlc, dev); err != nil {
		return within(item, err)
	}
	return m.wrote()
}

func (m *importer) allTables() error {
	seen := map[string]bool{}
	err := m.in.object(func(name string) error {
		t, ok := m.tables[name]
		if !ok || seen[name] {
			return refuse("", fmt.Errorf("unexpected table %s", clip([]byte(name))))
		}
		seen[name] = true
		return m.in.list(func(n int) error {
			return within(text.T("import.row", "%s row %d", name, n), m.row(t))
		})
	})
	if err != nil {
		return err
	}
	for name := range m.tables {
		if !seen[name] && newTables[name] <= m.schema {
			return refuse("", fmt.Errorf("table %s is missing", name))
		}
	}
	return nil
}

func (m *importer) row(t table) error {
	var r struct {
		Clock *struct {
			Columns map[string]stamp `json:"columns"`
			stamp
		} `json:"clock"`
		Row map[string]json.RawMessage `json:"row"`
	}
	if err := m.in.value(&r); err != nil {
		return err
	}
	id, err := m.insert(t, r.Row)
	if err != nil {
		return err
	}
	if r.Clock == nil {
		return m.wrote()
	}
	hlc, dev, err := m.clock(r.Clock.stamp)
	if err != nil {
		return refuse("", err)
	}
	if err := m.exec(`INSERT INTO row_clock (tbl, id, hlc, dev) VALUES (?, ?, ?, ?)`, t.Num, id, hlc, dev); err != nil {
		return err
	}
	for name, s := range r.Clock.Columns {
		if _, ok := t.byName[name]; !ok {
			return refuse("", fmt.Errorf("there is no column %s", clip([]byte(name))))
		}
		hlc, dev, err := m.clock(s)
		if err != nil {
			return refuse("", err)
		}
		if err := m.exec(`INSERT INTO col_clock (tbl, id, col, hlc, dev) VALUES (?, ?, ?, ?, ?)`, t.Num, id, name, hlc, dev); err != nil {
			return err
		}
	}
	return m.wrote()
}

// insert writes one row. A file of an older schema has fewer columns, never others.
func (m *importer) insert(t table, row map[string]json.RawMessage) (any, error) {
	names := make([]string, 0, len(row))
	for name := range row {
		if _, ok := t.byName[name]; !ok {
			return nil, refuse("", fmt.Errorf("there is no column %s", clip([]byte(name))))
		}
		names = append(names, name)
	}
	slices.Sort(names)
	values := make([]any, len(names))
	var id any
	for i, name := range names {
		v, err := m.value(t, t.byName[name], row)
		if err != nil {
			return nil, refuse("", err)
		}
		if name == "id" {
			id = v
		}
		if err := knownAudience(t, name, v); err != nil {
			return nil, refuse("", err)
		}
		values[i] = v
	}
	if b, ok := id.([]byte); !ok || len(b) != len(ids.ID{}) {
		return nil, refuse("", errors.New("the row has no id"))
	}
	return id, m.exec(`INSERT INTO `+t.Table+` (`+strings.Join(names, ", ")+`) VALUES (?`+strings.Repeat(", ?", len(names)-1)+`)`, values...)
}

// value reads one value of a row, and seals what is to be sealed.
func (m *importer) value(t table, c column, row map[string]json.RawMessage) (any, error) {
	raw := row[c.name]
	where, text := textOf[t.Table]
	if c.name == "sealed_to" {
		return m.sealedTo(t, c, row)
	}
	if !text || c.name != where.body {
		return c.value(raw)
	}
	var kept inAge
	if strict(raw, &kept) == nil && kept.Age != "" {
		if !casebook.Sealed(kept.Age) {
			return nil, fmt.Errorf("column %s: this is not sealed", c.name)
		}
		return kept.Age, nil
	}
	v, err := c.value(raw)
	body, isText := v.(string)
	if err != nil || !isText || body == "" {
		return v, err
	}
	to, err := m.whose(t, row)
	switch {
	case err != nil || to.IsZero():
		return v, err
	case to != m.coach:
		return nil, fmt.Errorf("column %s: a text of another coach is not sealed", c.name)
	}
	return m.to.Seal(body)
}
