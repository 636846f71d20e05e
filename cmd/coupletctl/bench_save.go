package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/mattn/go-sqlite3" // the plain database to compare with

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
)

// measureSaving times saving a note of 300 words beside the same insert into a plain
// SQLite file in the same folder, synchronous=FULL. What it saves stays in the bin.
func measureSaving(ctx context.Context, cb *casebook.Casebook, couple ids.ID) (measure, error) {
	body := strings.Repeat("they talked about the week and what each of them noticed ", 27)
	dir, err := os.MkdirTemp(filepath.Dir(cb.Path()), ".bench-*")
	if err != nil {
		return measure{}, err
	}
	defer os.RemoveAll(dir)
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "plain.db")+"?_journal_mode=WAL&_synchronous=FULL&_stmt_cache_size=64")
	if err != nil {
		return measure{}, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if err := plainTables(ctx, cb, db); err != nil {
		return measure{}, err
	}
	store := sessions.New(cb, nil)
	var begun []sessions.Note // beginning one is no part of saving it
	for range saves {
		n, err := store.Start(ctx, coachToday(), sessions.NewNote{Couple: couple, Template: "brief-contact", At: cb.Now(), Zone: "UTC"})
		if err != nil {
			return measure{}, err
		}
		begun = append(begun, n)
	}
	next := 0
	x, err := inTurns("save a note", saves, saveLimit, func() error {
		next++
		return store.SaveRevision(ctx, begun[next-1], map[string]string{"content": body})
	}, func() error { return plainSave(context.WithoutCancel(ctx), db, couple, body) }) // as the casebook writes: to the end
	for _, n := range begun[:next] {
		err = errors.Join(err, store.DeleteNote(ctx, n.ID))
	}
	return x, err
}

// plainTables makes the tables that a saved note stands in, with their indexes and the
// search index, as they are in a casebook, but without triggers, references or seal.
func plainTables(ctx context.Context, cb *casebook.Casebook, db *sql.DB) error {
	return cb.Scan(ctx, `SELECT sql FROM sqlite_schema WHERE tbl_name IN ('note', 'note_field', 'note_rev', 'search_doc', 'search_fts') AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC`, func(v []any) error {
		_, err := db.ExecContext(ctx, fmt.Sprint(v[0]))
		return err
	})
}

func plainSave(ctx context.Context, db *sql.DB, couple ids.ID, body string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	note, field, rev := ids.New(), ids.New(), ids.New()
	for _, s := range []casebook.Statement{
		{Query: `INSERT INTO note (id, couple_id, template, coach_id, about, written_at, zone, created_at) VALUES (?, ?, 'brief-contact', ?, 'both', 1, 'UTC', 1)`, Args: []any{note, couple, couple}},
		{Query: `INSERT INTO note_field (id, note_id, key, position, head, created_at) VALUES (?, ?, 'content', 1, ?, 1)`, Args: []any{field, note, rev}},
		{Query: `INSERT INTO note_rev (id, note_id, field_id, body, coach_id, at, created_at) VALUES (?, ?, ?, ?, ?, 1, 1)`, Args: []any{rev, note, field, body, couple}},
		{Query: `INSERT INTO search_doc (kind, row_id, field, couple_id, at, subject, visibility, sensitivity, sum) VALUES ('note_field', ?, 'content', ?, 1, 'both', 'coach_only', 'normal', 1)`, Args: []any{field, couple}},
		{Query: `INSERT INTO search_fts (rowid, body) VALUES (last_insert_rowid(), ?)`, Args: []any{body}},
	} {
		if _, err := tx.ExecContext(ctx, s.Query, s.Args...); err != nil {
			return err
		}
	}
	return tx.Commit()
}
