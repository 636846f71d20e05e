package sessions

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Start prepares a note: its fields by template, with what is carried over from the
// couple's last note of the same kind. Nothing is stored before something is written.
// A note that was already begun for this session, template and partner is opened
// instead. The audience decides which fields there are.
func (s *Store) Start(ctx context.Context, aud clients.Audience, n NewNote) (Note, error) {
	q, e := s.q, s.as(aud)
	note, single, err := begin(ctx, q, aud, n)
	if err != nil {
		return Note{}, err
	}
	if !note.Session.IsZero() {
		var begun ids.ID
		err := q.QueryRowContext(ctx, `SELECT id FROM note WHERE session_id = ? AND template = ? AND about = ? AND deleted = 0 ORDER BY created_at DESC, id DESC LIMIT 1`,
			note.Session, note.Template.ID, aboutText(note.About)).Scan(&begun)
		if err == nil {
			return openNote(ctx, q, e, begun, true)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return Note{}, err
		}
	}
	if err := mayWrite(ctx, q, note); err != nil {
		return Note{}, err
	}
	if single {
		note.Template = note.Template.ForSingle()
	}
	note.ID, note.Coach = ids.New(), s.cb.Coach()
	note.addFields(e)
	return note, carryOver(ctx, q, aud, &note)
}

// mayWrite refuses a new note about one partner who withdrew the consent to notes (rule
// PV-45). That something happened, and how the work ended, may always be noted.
func mayWrite(ctx context.Context, q casebook.Querier, n Note) error {
	if n.About == "" || n.Template.ID == "brief-contact" || n.Template.ID == "closing" {
		return nil
	}
	var person ids.ID
	if err := q.QueryRowContext(ctx, `SELECT iif(? = 'B', b_id, a_id) FROM couple WHERE id = ?`, string(n.About), n.Couple).Scan(&person); err != nil {
		return err
	}
	return clients.MayProcess(ctx, q, n.Couple, person, clients.PurposeRecords)
}

// begin fills in what a new note takes from its couple and session.
func begin(ctx context.Context, q casebook.Querier, aud clients.Audience, n NewNote) (note Note, single bool, err error) {
	note = Note{Couple: n.Couple, Session: n.Session, About: n.About, At: n.At, Zone: n.Zone}
	kind := Kind("")
	if !n.Session.IsZero() {
		x, err := scanSession(q.QueryRowContext(ctx, sessionRow+` WHERE id = ? AND deleted = 0 AND `+aud.Gate("session"), n.Session))
		if err != nil {
			return note, false, err
		}
		note.Couple, note.At, note.Zone, kind = x.Couple, x.Start, x.Zone, x.Kind
		if note.About == "" {
			note.About = x.Slot
		}
	}
	var couple string
	switch err := q.QueryRowContext(ctx, `SELECT kind FROM couple WHERE id = ? AND deleted = 0`, note.Couple).Scan(&couple); {
	case errors.Is(err, sql.ErrNoRows):
		return note, false, gone()
	case err != nil:
		return note, false, err
	}
	single = couple == "single"
	if note.About == clients.SlotB && single {
		return note, false, fault.Input("about", text.T("note.single", "There is no second partner yet."))
	}
	if note.At.IsZero() {
		return note, false, fault.Input("at", text.T("note.at", "A note needs a day and a time."))
	}
	if n.Template == "" {
		n.Template = templateFor(kind)
	}
	if n.Template == templateFor(IndividualSession) && note.About == "" && single {
		note.About = clients.SlotA
	}
	note.Template, err = TemplateByID(n.Template)
	return note, single, err
}

// addFields gives the note those fields of its template that it has not yet and that
// the audience may see.
func (n *Note) addFields(e eyes) {
	for i, tf := range n.Template.Fields {
		if _, ok := n.Field(tf.Key); ok {
			continue
		}
		if f := e.blankField(n.ID, i, tf, n.About); e.Sees(f.Access) {
			n.Fields = append(n.Fields, f)
		}
	}
}

// carryOver fills the fields that begin where the last note about the same people
// ended, as far as the reader may see it. A note that is written late begins where the
// one before its own day ended.
func carryOver(ctx context.Context, q casebook.Querier, aud clients.Audience, n *Note) error {
	for i, f := range n.Fields {
		tf, _ := n.Template.Field(f.Key)
		if !tf.CarryOver {
			continue
		}
		var was clients.Access
		var body string
		err := q.QueryRowContext(ctx, `SELECT f.subject, f.visibility, f.sensitivity, r.body FROM note n JOIN note_field f ON f.note_id = n.id JOIN note_rev r ON r.id = f.head
			WHERE n.couple_id = ? AND n.deleted = 0 AND n.written_at < ? AND n.about = ? AND f.key = ? AND f.deleted = 0 AND f.sealed_to IS NULL AND `+aud.Gate("f")+`
			ORDER BY n.written_at DESC, n.id DESC LIMIT 1`, n.Couple, n.At.UnixMilli(), aboutText(n.About), f.Key).Scan(&was.Subject, &was.Visibility, &was.Sensitivity, &body)
		if errors.Is(err, sql.ErrNoRows) || (err == nil && body == "") {
			continue
		}
		if err != nil {
			return err
		}
		n.Fields[i].Body, n.Fields[i].Carried, n.Fields[i].Access = body, true, carry(was, f.Access)
	}
	return nil
}

// Edit opens a note for writing: the saved texts with the drafts over them, in the
// order of the template, as far as the audience sees. fault.NotFound when there is
// nothing for this audience.
func (s *Store) Edit(ctx context.Context, aud clients.Audience, id ids.ID) (Note, error) {
	return openNote(ctx, s.q, s.as(aud), id, aud.IsCoach())
}

// openNote reads a note for writing. With form, the fields that were not written yet
// are there even when this audience sees no written one.
func openNote(ctx context.Context, q casebook.Querier, e eyes, id ids.ID, form bool) (Note, error) {
	n := Note{ID: id}
	var template, about, kind string
	var at, locked int64
	err := q.QueryRowContext(ctx, `SELECT n.couple_id, (SELECT s.id FROM session s WHERE s.id = n.session_id AND `+e.Gate("s")+`), n.template, n.about, n.written_at, n.zone, n.coach_id, c.kind, coalesce((SELECT min(at) FROM note_lock WHERE note_id = n.id), 0)
		FROM note n JOIN couple c ON c.id = n.couple_id WHERE n.id = ? AND n.deleted = 0`, id).
		Scan(&n.Couple, &n.Session, &template, &about, &at, &n.Zone, &n.Coach, &kind, &locked)
	if errors.Is(err, sql.ErrNoRows) {
		return Note{}, gone()
	}
	if err != nil {
		return Note{}, err
	}
	n.At, n.LockedAt = instant(at), instant(locked)
	template, n.About = discreet(e.Audience, template, aboutSlot(about))
	if t, err := TemplateByID(template); err == nil {
		n.Template = t
		if kind == "single" {
			n.Template = t.ForSingle()
		}
	}
	if err := n.readFields(ctx, q, e, form); err != nil {
		return Note{}, err
	}
	if len(n.Fields) == 0 {
		return Note{}, gone()
	}
	return n, nil
}

// readFields reads the stored fields, adds the others of the template, and lays the
// drafts over them.
func (n *Note) readFields(ctx context.Context, q casebook.Querier, e eyes, form bool) error {
	rows, err := q.QueryContext(ctx, `SELECT f.id, f.key, f.position, f.subject, f.visibility, f.sensitivity, f.head, coalesce(r.body, ''), f.sealed_to, `+e.Gate("f")+`
		FROM note_field f LEFT JOIN note_rev r ON r.id = f.head WHERE f.note_id = ? AND f.deleted = 0 AND `+e.unsealed("f")+` ORDER BY f.position, f.key`, n.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	hidden := map[string]bool{}
	for rows.Next() {
		var f Field
		var open bool
		if err := rows.Scan(&f.ID, &f.Key, &f.Position, &f.Access.Subject, &f.Access.Visibility, &f.Access.Sensitivity, &f.Follows, &f.Saved, &f.SealedTo, &open); err != nil {
			return err
		}
		if plain, ok := e.read(f.SealedTo, f.Saved); ok {
			f.Saved = plain
		} else {
			f.Saved = "" // it stays in the history, sealed
		}
		if f.Body = f.Saved; open {
			n.Fields = append(n.Fields, f)
			form = form || f.Saved != ""
		} else {
			hidden[f.Key] = true
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if !form {
		n.Fields = nil
		return nil
	}
	n.complete(e, hidden)
	if !e.IsCoach() {
		return nil // what is being written is nobody else's yet
	}
	return n.readDrafts(ctx, q, e)
}

// complete adds the template's other fields, in its order.
func (n *Note) complete(e eyes, hidden map[string]bool) {
	written := n.Fields
	n.Fields = nil
	byKey := map[string]Field{}
	for _, f := range written {
		byKey[f.Key] = f
	}
	for i, tf := range n.Template.Fields {
		f, ok := byKey[tf.Key]
		own := e.blankField(n.ID, i, tf, n.About)
		if ok && tf.Sealed && f.SealedTo.IsZero() && !n.Locked() { // from before reflections were sealed
			if n.Coach == e.me() {
				own.Body, own.Carried, own.replaces = f.Saved, true, f.ID
			}
			f = own
		}
		if ok {
			n.Fields = append(n.Fields, f)
			delete(byKey, tf.Key)
		} else if !hidden[tf.Key] && e.Sees(own.Access) && !n.Locked() {
			n.Fields = append(n.Fields, own)
		}
	}
	for _, f := range written {
		if _, ok := byKey[f.Key]; ok {
			n.Fields = append(n.Fields, f)
		}
	}
}

func (n *Note) readDrafts(ctx context.Context, q casebook.Querier, e eyes) error {
	rows, err := q.QueryContext(ctx, `SELECT d.field_id, d.body, d.at, d.follows, coalesce(r.body, ''), d.sealed_to FROM draft d LEFT JOIN note_rev r ON r.id = d.follows WHERE d.note_id = ? AND `+e.unsealed("d"), n.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var field, follows, sealedTo ids.ID
		var body, saved string
		var at int64
		if err := rows.Scan(&field, &body, &at, &follows, &saved, &sealedTo); err != nil {
			return err
		}
		body, ok := e.read(sealedTo, body)
		if !ok {
			continue
		}
		saved, _ = e.read(sealedTo, saved)
		if field == additionID(n.ID, e.me()) || field == n.ID {
			n.Addition = body
		}
		for i := range n.Fields {
			if f := &n.Fields[i]; f.ID == field {
				f.Body, f.DraftAt, f.Follows, f.Saved = body, instant(at), follows, saved
			}
		}
	}
	return rows.Err()
}

// DeleteNote puts a note into the recycle bin; a locked one stays.
func (s *Store) DeleteNote(ctx context.Context, id ids.ID) error {
	return s.cb.Write(ctx, "note.delete", func(tx *casebook.Tx) error {
		var locked bool
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM note_lock WHERE note_id = ?)`, id).Scan(&locked); err != nil {
			return err
		}
		if locked {
			return lockedNote()
		}
		return one(tx.Exec(`UPDATE note SET deleted = 1 WHERE id = ? AND deleted = 0`, id))
	})
}

// RestoreNote brings a deleted note back.
func (s *Store) RestoreNote(ctx context.Context, id ids.ID) error {
	return s.cb.Write(ctx, "note.restore", func(tx *casebook.Tx) error {
		return one(tx.Exec(`UPDATE note SET deleted = 0 WHERE id = ? AND deleted = 1`, id))
	})
}

// one is gone() unless a statement touched a row.
func one(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return gone()
	}
	return err
}

func lockedNote() error {
	return fault.New(fault.Refused, text.T("casebook.note_locked", "This note is locked."), text.T("casebook.note_locked_hint", "Write an addendum instead. The note is unchanged."))
}

// QuickNote keeps a brief contact in one stroke: the text is for the reader named, and
// about that partner alone if it is one of them. It returns the note's id.
func (s *Store) QuickNote(ctx context.Context, couple ids.ID, to clients.Reader, body string, at time.Time, zone string) (ids.ID, error) {
	access := clients.Access{Subject: clients.SubjectBoth, Visibility: clients.CoachOnly, Sensitivity: clients.Normal}
	about := clients.For(to, "").Slot()
	switch {
	case about != "":
		access.Subject, access.Visibility = about.Subject(), about.Own()
	case to == clients.Us:
		access.Visibility = clients.Joint
	case to != clients.CoachView:
		return ids.Nil, fault.Input("for", text.T("audience.unknown", "The reader must be one of joint, a, b or coach."))
	}
	if blank(body) {
		return ids.Nil, fault.Input("text", text.T("note.empty", "There is nothing to keep yet."))
	}
	n, err := s.Start(ctx, coach, NewNote{Couple: couple, Template: "brief-contact", About: about, At: at, Zone: zone})
	if err != nil {
		return ids.Nil, err
	}
	for i := range n.Fields {
		if n.Fields[i].Key == "content" {
			n.Fields[i].Access = access
		}
	}
	return n.ID, s.SaveRevision(ctx, n, map[string]string{"content": body})
}
