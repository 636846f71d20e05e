package main

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/mattn/go-sqlite3" // the plain database to compare with

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
)

// plainTables are those that saving a note writes to, without triggers, clocks or seal.
const plainTables = `
CREATE TABLE note (id BLOB PRIMARY KEY, couple_id BLOB, template TEXT, coach_id BLOB, about TEXT, written_at INTEGER, zone TEXT, created_at INTEGER);
CREATE INDEX note_couple ON note (couple_id, written_at);
CREATE TABLE note_field (id BLOB PRIMARY KEY, note_id BLOB, key TEXT, position INTEGER, head BLOB, subject TEXT, visibility TEXT, sensitivity TEXT, created_at INTEGER);
CREATE INDEX note_field_note ON note_field (note_id);
CREATE TABLE note_rev (id BLOB PRIMARY KEY, note_id BLOB, field_id BLOB, parents TEXT, body TEXT, coach_id BLOB, at INTEGER, created_at INTEGER);
CREATE INDEX note_rev_field ON note_rev (field_id);
CREATE VIRTUAL TABLE search USING fts5 (body, content='');`

// measureSaving times saving a note of 300 words beside the same insert into a plain
// SQLite file in the same folder, synchronous=FULL. What it saves stays in the bin.
func measureSaving(ctx context.Context, cb *casebook.Casebook, couple ids.ID) (measure, error) {
	body := strings.Repeat("they talked about the week and what each of them noticed ", 27)
	dir, err := os.MkdirTemp(filepath.Dir(cb.Path()), ".bench-*")
	if err != nil {
		return measure{}, err
	}
	defer os.RemoveAll(dir)
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "plain.db")+"?_journal_mode=WAL&_synchronous=FULL")
	if err != nil {
		return measure{}, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, plainTables); err != nil {
		return measure{}, err
	}
	store := sessions.New(cb, nil)
	var saved []ids.ID
	x, err := inTurns("save a note", saveLimit, func() error {
		id, err := store.QuickNote(ctx, couple, clients.CoachView, body, cb.Now(), "UTC")
		saved = append(saved, id)
		return err
	}, func() error { return plainSave(ctx, db, couple, body) })
	for _, id := range saved {
		err = errors.Join(err, store.DeleteNote(ctx, id))
	}
	return x, err
}

func plainSave(ctx context.Context, db *sql.DB, couple ids.ID, body string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	note, field, rev := ids.New(), ids.New(), ids.New()
	for _, s := range []casebook.Statement{
		{Query: `INSERT INTO note VALUES (?, ?, 'brief-contact', ?, 'both', 1, 'UTC', 1)`, Args: []any{note, couple, couple}},
		{Query: `INSERT INTO note_field VALUES (?, ?, 'content', 1, ?, 'both', 'coach_only', 'normal', 1)`, Args: []any{field, note, rev}},
		{Query: `INSERT INTO note_rev VALUES (?, ?, ?, '', ?, ?, 1, 1)`, Args: []any{rev, note, field, body, couple}},
		{Query: `INSERT INTO search (body) VALUES (?)`, Args: []any{body}},
	} {
		if _, err := tx.ExecContext(ctx, s.Query, s.Args...); err != nil {
			return err
		}
	}
	return tx.Commit()
}
