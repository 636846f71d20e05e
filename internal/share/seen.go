package share

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/ids"
)

// seenSuffix ends the name of the file in which a computer says what it has read, so that
// the others know which of their small files nobody is still on the way to. It has one
// writer, is replaced whole, and covers nothing: what it says can only ever be too little.
const seenSuffix = ".seen"

func (e *engine) seenPath() string {
	return e.local.name + changesSuffix + "/" + e.cb.Device().String() + seenSuffix
}

// company are the other computers that take part: known, not removed, and heard of or
// read of within the time that a small file is kept at most. What this one was before it was
// copied or put back is nobody to wait for, until it is heard of.
func (e *engine) company(ctx context.Context) ([]ids.ID, error) {
	out, err := removed(ctx, e.cb.Whole())
	if err != nil {
		return nil, err
	}
	since := e.cb.Now().Add(-keepChanges).UnixMilli()
	all, err := casebook.Collect(ctx, e.cb.Whole(), casebook.Value[ids.ID],
		`SELECT uuid FROM device d WHERE own = 0 AND NOT (mark IS NOT NULL AND heard = 0) AND max(heard, last_seen, coalesce((SELECT max(upto) >> 16 FROM share_seen s WHERE s.dev = d.n), 0)) > ?`, since)
	return slices.DeleteFunc(all, func(d ids.ID) bool { _, is := out[d]; return is }), err
}

// readBy is what each computer says that it has read, in whatever copies of its file
// there are: older ones only say less.
func readBy(files []file) map[ids.ID]vector {
	out := map[ids.ID]vector{}
	for i := range files {
		if f := &files[i]; f.kind == seen && f.trouble == nil {
			if out[f.writer] == nil {
				out[f.writer] = vector{}
			}
			out[f.writer].join(f.claims)
		}
	}
	return out
}

// acknowledge tells the others what was read here, when that lets them take away a small
// file: once a snapshot covers it. So hearing of a change makes no file.
func (e *engine) acknowledge(ctx context.Context, files []file) error {
	own, path := e.cb.Device(), e.seenPath()
	said, broken := vector{}, false
	for i := range files {
		f := &files[i]
		switch {
		case f.path == path && f.trouble != nil:
			broken = true
		case f.path == path:
			said.join(f.claims)
		}
	}
	news := broken
	for i := range files {
		f := &files[i]
		switch {
		case f.trouble != nil || len(f.claims) == 0:
		case f.kind == changes && authorOf(f.path) != own && !said.covers(f.claims) && inSnapshot(files, f.claims):
			news = true
		case f.kind == seen && f.writer == own && f.path != path && said.covers(f.claims):
			if err := e.remove(f); err != nil { // a copy that a file service made
				return err
			}
		}
	}
	if !news {
		return nil
	}
	return e.writeSeen(ctx, path)
}

func (e *engine) writeSeen(ctx context.Context, path string) error {
	x, err := newExtract(ctx, e.cb, e.cb.Whole())
	if err != nil {
		return err
	}
	own := e.cb.Device()
	a := &about{schema: x.about.schema, writer: own, at: x.about.at, names: map[ids.ID]string{own: x.about.names[own]}, claims: x.about.claims}
	delete(a.claims, own)
	a.number(own)
	for dev := range a.claims {
		a.number(dev)
	}
	var sealedSeen bytes.Buffer
	if err := sealed(&sealedSeen, e.keys, seen, func(out *writer) error {
		out.about(a)
		out.record(a, &record{what: recEnd})
		return out.err
	}); err != nil {
		return err
	}
	at := filepath.Join(e.local.folder, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return err
	}
	if err := durable.Write(at, sealedSeen.Bytes(), 0o600); err != nil {
		return err
	}
	f := file{path: path, kind: seen, writer: own, claims: a.claims, epoch: e.keys.Newest()}
	if err := f.look(at); err != nil {
		return err
	}
	now := e.cb.Now().UnixMilli()
	return e.cb.Locally(ctx, func(tx *sql.Tx) error {
		return remember(func(q string, args ...any) (sql.Result, error) { return tx.ExecContext(ctx, q, args...) }, &f, now)
	})
}
