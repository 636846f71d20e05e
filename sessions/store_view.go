package sessions

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// sessionColumns are those of a SessionRow, of sessions s with their number.
func sessionColumns(e eyes) string {
	return `s.id, s.couple_id, s.kind, s.subject, s.starts_at, s.zone, s.minutes, s.mode, s.place, s.state, s.number,
		(SELECT count(*) FROM note n WHERE n.session_id = s.id AND n.deleted = 0 AND ` + visibleNote(e) + `),
		` + draftAt(e)
}

func (r *SessionRow) scan(rows scanner, more ...any) error {
	var subject clients.Subject
	var at int64
	err := rows.Scan(append([]any{&r.ID, &r.Couple, &r.Kind, &subject, &at, &r.Zone, &r.Minutes, &r.Mode, &r.Place, &r.State, &r.Number, &r.Notes, &r.Draft}, more...)...)
	r.Start, r.Slot = instant(at), slotOf(r.Kind, subject)
	return err
}

// numbered are the sessions of a couple that the audience may see. Those held are
// numbered from 1 for every reader anew (rule PV-06).
func numbered(aud clients.Audience, couple string) string {
	return `SELECT *, CASE WHEN state = 'held' THEN sum(state = 'held') OVER (ORDER BY starts_at, id) ELSE 0 END AS number
		FROM session WHERE couple_id = ` + couple + ` AND deleted = 0 AND ` + aud.Gate("session")
}

// Sessions lists a couple's sessions, newest first: for both partners the joint ones
// alone, for one of them also their own.
func (s *Store) Sessions(ctx context.Context, aud clients.Audience, couple ids.ID) ([]SessionRow, error) {
	back, err := cameBack(ctx, s.q, aud, "session", "couple_id", couple)
	if err != nil {
		return nil, err
	}
	twice, err := writtenTwice(ctx, s.q, s.as(aud), couple)
	if err != nil {
		return nil, err
	}
	return casebook.Collect(ctx, s.q, func(r *sql.Rows, x *SessionRow) error {
		err := x.scan(r)
		x.Back, x.Twice = back[x.ID], twice[x.ID]
		return err
	}, `SELECT `+sessionColumns(s.as(aud))+` FROM (`+numbered(aud, `?1`)+`) s ORDER BY s.starts_at DESC, s.id DESC`, couple)
}

// Around is the last session before now that was held and the next that is booked,
// nil where there is none.
func (s *Store) Around(ctx context.Context, aud clients.Audience, couple ids.ID, now time.Time) (last, next *SessionRow, err error) {
	both, err := casebook.Collect(ctx, s.q, func(r *sql.Rows, x *SessionRow) error { return x.scan(r) },
		`SELECT `+sessionColumns(s.as(aud))+` FROM (`+numbered(aud, `?1`)+`) s
		WHERE s.id = (SELECT id FROM session WHERE couple_id = ?1 AND deleted = 0 AND starts_at <= ?2 AND state = 'held' AND `+aud.Gate("session")+` ORDER BY starts_at DESC, id DESC LIMIT 1)
		OR s.id = (SELECT id FROM session WHERE couple_id = ?1 AND deleted = 0 AND starts_at > ?2 AND state = 'booked' AND `+aud.Gate("session")+` ORDER BY starts_at, id LIMIT 1)`, couple, now.UnixMilli())
	for i := range both {
		if both[i].State == Held {
			last = &both[i]
		} else {
			next = &both[i]
		}
	}
	return last, next, err
}

// Session is one session with attendance and notes, as far as the audience sees;
// fault.NotFound when this audience may not know of it.
func (s *Store) Session(ctx context.Context, aud clients.Audience, id ids.ID) (SessionView, error) {
	q := s.q
	found, err := casebook.Collect(ctx, q, func(r *sql.Rows, v *SessionView) error { return v.scan(r, v.Names.dest()...) },
		`SELECT `+sessionColumns(s.as(aud))+`, `+nameColumns("a")+`, `+nameColumns("b")+`
		FROM (`+numbered(aud, `(SELECT couple_id FROM session WHERE id = ?1)`)+`) s JOIN couple c ON c.id = s.couple_id`+coupleNames+` WHERE s.id = ?1`, id)
	if err != nil {
		return SessionView{}, err
	}
	if len(found) == 0 {
		return SessionView{}, gone()
	}
	v := found[0]
	back, err := cameBack(ctx, q, aud, "session", "id", id)
	if err != nil {
		return SessionView{}, err
	}
	v.Back = back[id]
	v.Attendance, err = casebook.Collect(ctx, q, func(r *sql.Rows, a *AttendanceView) error {
		var name clients.Name
		err := r.Scan(append(append([]any{&a.Person, &a.Coach, &a.Presence, &a.Attendance.Mode, &a.Name}, nameDest(&name)...), &a.Slot)...)
		if !a.Person.IsZero() {
			if a.Name = name.Full(); a.Name == "" {
				a.Name = clients.PartnerLabel(a.Slot, clients.KindCouple)
			}
		}
		return err
	}, `SELECT t.person_id, t.coach_id, t.state, t.mode, coalesce(k.name, ''), `+nameColumns("p")+`, CASE t.person_id WHEN c.a_id THEN 'A' WHEN c.b_id THEN 'B' ELSE '' END
		FROM attendance t JOIN session s ON s.id = t.session_id JOIN couple c ON c.id = s.couple_id LEFT JOIN person p ON p.id = t.person_id AND p.deleted = 0 LEFT JOIN coach k ON k.id = t.coach_id
		WHERE t.session_id = ? AND t.deleted = 0 AND `+aud.Gate("s")+` ORDER BY t.coach_id IS NOT NULL, 10, t.id`, id)
	if err != nil {
		return SessionView{}, err
	}
	e := s.as(aud)
	if v.Written, err = readNotes(ctx, q, e, `n.session_id = ?1`, id); err != nil {
		return SessionView{}, err
	}
	return v, addMerged(ctx, q, e, v.Written)
}

// Note is one note, as far as the audience sees; fault.NotFound when it sees nothing.
func (s *Store) Note(ctx context.Context, aud clients.Audience, id ids.ID) (NoteView, error) {
	notes, err := readNotes(ctx, s.q, s.as(aud), `n.id = ?1`, id)
	if err != nil {
		return NoteView{}, err
	}
	if len(notes) == 0 {
		return NoteView{}, gone()
	}
	err = addMerged(ctx, s.q, s.as(aud), notes)
	return notes[0], err
}

// Notes lists a couple's notes written before a time (the zero time is no bound),
// newest first, at most limit of them.
func (s *Store) Notes(ctx context.Context, aud clients.Audience, couple ids.ID, before time.Time, limit int) ([]NoteRow, error) {
	back, err := cameBack(ctx, s.q, aud, "note", "couple_id", couple)
	if err != nil {
		return nil, err
	}
	e := s.as(aud)
	twice, err := writtenTwice(ctx, s.q, e, couple)
	if err != nil {
		return nil, err
	}
	return casebook.Collect(ctx, s.q, func(r *sql.Rows, n *NoteRow) error {
		var about string
		var at int64
		var first snippet
		err := r.Scan(&n.ID, &n.Session, &n.Template, &about, &at, &n.Zone, &n.Locked, &first)
		n.Snippet = first.shown(e)
		n.Template, n.About = discreet(aud, n.Template, aboutSlot(about))
		n.At, n.Back, n.Twice = instant(at), back[n.ID], twice[n.ID]
		return err
	}, `SELECT n.id, s.id, n.template, n.about, n.written_at, n.zone, EXISTS (SELECT 1 FROM note_lock l WHERE l.note_id = n.id),
		coalesce((SELECT `+firstOf("v.body", "f")+` FROM note_field f JOIN note_rev v ON v.id = f.head WHERE f.note_id = n.id AND f.deleted = 0 AND octet_length(v.body) > 0 AND `+e.texts("f")+` ORDER BY f.position, f.key LIMIT 1),
			(SELECT `+firstOf("d.body", "d")+` FROM addendum d WHERE d.note_id = n.id AND d.deleted = 0 AND `+e.texts("d")+` ORDER BY d.at, d.id LIMIT 1), 'o')
		FROM note n LEFT JOIN session s ON s.id = n.session_id AND s.deleted = 0 AND `+aud.Gate("s")+`
		WHERE n.couple_id = ?1 AND n.deleted = 0 AND n.written_at < ?2 AND `+visibleNote(e)+` ORDER BY n.written_at DESC, n.id DESC LIMIT ?3`, couple, bound(before), limit)
}

// snippetRunes is how much of a text a list shows.
const snippetRunes = 200

// firstOf is the beginning of a text of row x, behind a sign that tells whether it is
// sealed: that one is given whole.
func firstOf(body, x string) string {
	return fmt.Sprintf(`CASE WHEN %[2]s.sealed_to IS NULL THEN 'o' || substr(%[1]s, 1, %[3]d) ELSE 's' || %[1]s END`, body, x, snippetRunes)
}

// snippet is what firstOf selects.
type snippet string

func (s snippet) shown(e eyes) string {
	body, sealed := strings.CutPrefix(string(s), "s")
	if !sealed {
		return strings.TrimPrefix(body, "o")
	}
	r := []rune(e.shown(e.me(), body))
	return string(r[:min(len(r), snippetRunes)])
}

func bound(before time.Time) int64 {
	if before.IsZero() {
		return 1<<63 - 1
	}
	return before.UnixMilli()
}
