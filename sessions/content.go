package sessions

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"strconv"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// contentColumns are what is committed to when a note is locked, one row a field of
// note n, field f and its revision r.
const (
	contentColumns = `n.id, n.couple_id, n.session_id, coalesce(n.template, ''), coalesce(n.template_version, 0), coalesce(n.about, ''), n.coach_id, coalesce(n.written_at, 0), coalesce(n.zone, ''), f.id, f.key,
		CASE WHEN f.sealed_to IS NULL OR r.body = '' THEN r.body ELSE 'sealed ' || lower(hex(r.id)) END`
	contentOrder = `f.position, f.key, f.id`
)

type contentRow struct {
	note, couple, session, coach, field ids.ID
	template, about, zone               string
	version, at                         int64
	key, body                           sql.NullString
}

func (r *contentRow) columns() []any {
	return []any{&r.note, &r.couple, &r.session, &r.template, &r.version, &r.about, &r.coach, &r.at, &r.zone, &r.field, &r.key, &r.body}
}

// content gathers the canonical bytes of a note. Each part is its length in eight
// bytes, big end first, and then itself: the label "couplet note 1"; the note's id,
// couple and session; template and its version in decimal; about; coach; when it was
// written, in decimal milliseconds since 1970 UTC; zone; then for every field that has
// a text, by position, key and id: id, key, text. Ids are 16 bytes, or none. Who may
// see a field is left out: that can be narrowed when the text no longer changes. Of a
// reflection, which nobody but its coach can read, "sealed " and the id of its revision in
// hex stand for the text: the seal itself holds the text to what it was.
type content struct{ b bytes.Buffer }

func (c *content) add(r *contentRow) {
	if c.b.Len() == 0 {
		c.part("couplet note 1")
		c.id(r.note)
		c.id(r.couple)
		c.id(r.session)
		c.part(r.template)
		c.part(strconv.FormatInt(r.version, 10))
		c.part(r.about)
		c.id(r.coach)
		c.part(strconv.FormatInt(r.at, 10))
		c.part(r.zone)
	}
	if r.body.Valid {
		c.id(r.field)
		c.part(r.key.String)
		c.part(r.body.String)
	}
}

func (c *content) part(s string) {
	c.b.Write(binary.BigEndian.AppendUint64(nil, uint64(len(s))))
	c.b.WriteString(s)
}

func (c *content) id(id ids.ID) {
	if id.IsZero() {
		c.part("")
		return
	}
	c.part(string(id[:]))
}

// noteContent is the canonical content of one note, nil when it has no text.
func noteContent(ctx context.Context, q casebook.Querier, note ids.ID) ([]byte, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+contentColumns+` FROM note n JOIN note_field f ON f.note_id = n.id JOIN note_rev r ON r.id = f.head WHERE n.id = ? ORDER BY `+contentOrder, note)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var c content
	for rows.Next() {
		var r contentRow
		if err := rows.Scan(r.columns()...); err != nil {
			return nil, err
		}
		c.add(&r)
	}
	return c.b.Bytes(), rows.Err()
}
