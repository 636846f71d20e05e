package sessions

import (
	"context"
	"database/sql"

	"github.com/couplet-app/couplet/internal/casebook"
)

// readNotes reads the notes n that a condition selects, with the fields and addenda
// that the audience may see; a note of which it sees nothing is not there. For the coach
// one is there, too, of which another version than the one shown says something.
func readNotes(ctx context.Context, q casebook.Querier, e eyes, where string, args ...any) ([]NoteView, error) {
	head := `SELECT n.id AS note, n.couple_id, s.id AS session, n.template, n.about, n.written_at, n.zone, coalesce(k.name, ''), coalesce((SELECT min(at) FROM note_lock WHERE note_id = n.id), 0), ` + draftOf(e) + `, `
	from := ` FROM note n LEFT JOIN session s ON s.id = n.session_id AND s.deleted = 0 AND ` + e.Gate("s") + ` LEFT JOIN coach k ON k.id = n.coach_id `
	besideOnly := ""
	if e.IsCoach() {
		besideOnly = ` UNION ALL ` + head + `2, n.id, '', 0, '', '', '', '', 0, '', NULL` + from + ` WHERE ` + where + ` AND n.deleted = 0 AND ` + onlyBeside(e)
	}
	rows, err := q.QueryContext(ctx, head+`0 AS part, f.id AS item, f.key, f.position AS place, f.subject, f.visibility, f.sensitivity, v.body, v.at AS at, '', f.sealed_to`+from+`
		JOIN note_field f ON f.note_id = n.id JOIN note_rev v ON v.id = f.head
		WHERE `+where+` AND n.deleted = 0 AND f.deleted = 0 AND octet_length(v.body) > 0 AND `+e.texts("f")+`
		UNION ALL `+head+`1, d.id, CASE WHEN f.deleted = 0 AND `+e.texts("f")+` THEN f.key ELSE '' END, 0, d.subject, d.visibility, d.sensitivity, d.body, d.at, coalesce(w.name, ''), d.sealed_to`+from+`
		JOIN addendum d ON d.note_id = n.id LEFT JOIN note_field f ON f.id = d.field_id LEFT JOIN coach w ON w.id = d.coach_id
		WHERE `+where+` AND n.deleted = 0 AND d.deleted = 0 AND `+e.texts("d")+``+besideOnly+`
		ORDER BY n.written_at, note, part, place, at, item`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []NoteView
	for rows.Next() {
		n, f, part, author, err := scanNote(rows, e)
		if err != nil {
			return nil, err
		}
		if len(out) == 0 || out[len(out)-1].ID != n.ID {
			out = append(out, n)
		}
		last := &out[len(out)-1]
		switch part {
		case 0:
			last.Fields = append(last.Fields, f)
		case 1:
			last.Addenda = append(last.Addenda, Addendum{ID: f.ID, Note: n.ID, Field: f.Key, Access: f.Access, SealedTo: f.SealedTo, Body: f.Body, At: f.SavedAt, Coach: author})
		}
	}
	return out, rows.Err()
}

func scanNote(rows *sql.Rows, e eyes) (n NoteView, f FieldView, part int, author string, err error) {
	var about string
	var at, locked, saved int64
	err = rows.Scan(&n.ID, &n.Couple, &n.Session, &n.Template, &about, &at, &n.Zone, &n.Coach, &locked, &n.Draft,
		&part, &f.ID, &f.Key, &f.Position, &f.Access.Subject, &f.Access.Visibility, &f.Access.Sensitivity, &f.Body, &saved, &author, &f.SealedTo)
	f.Body = e.shown(f.SealedTo, f.Body)
	n.Template, n.About = discreet(e.Audience, n.Template, aboutSlot(about))
	n.At, n.LockedAt, f.SavedAt = instant(at), instant(locked), instant(saved)
	return n, f, part, author, err
}
