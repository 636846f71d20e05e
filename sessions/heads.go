package sessions

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Version is one of several texts of a field that were written at the same time.
type Version struct {
	ID       ids.ID
	At       time.Time
	Coach    string
	Computer string // where it was written; "" when that has no name
	Own      bool   // on this computer
	Body     string
}

// Beside are the texts of a field that stand side by side because no one followed all of
// them: the one that is shown first, then the others, the latest first.
type Beside struct {
	Field    ids.ID
	Key      string
	Versions []Version

	sealedTo ids.ID
}

// Comparison is two versions of a text, and both changes in one text where that is safe.
type Comparison struct {
	Beside
	Left, Right Version
	Merged      string
	Safe        bool
}

// revision is a revision without its text.
type revision struct {
	id, field ids.ID
	parents   []ids.ID
}

// family are the revisions of a field by their ids.
type family map[ids.ID]revision

// heads are those that no other one followed.
func (f family) heads() []ids.ID {
	followed := map[ids.ID]bool{}
	for _, r := range f {
		for _, p := range r.parents {
			followed[p] = p != r.id
		}
	}
	var out []ids.ID
	for id := range f {
		if !followed[id] {
			out = append(out, id)
		}
	}
	return out
}

// before are a revision and all that it follows.
func (f family) before(id ids.ID) map[ids.ID]bool {
	out := map[ids.ID]bool{}
	for queue := []ids.ID{id}; len(queue) > 0; queue = queue[1:] {
		if at := queue[0]; !out[at] {
			out[at] = true
			queue = append(queue, f[at].parents...)
		}
	}
	return out
}

// common is the revision that both go on from: the one that follows all others that both
// follow. Where there is no such one, nothing is known in common.
func (f family) common(a, b ids.ID) (ids.ID, bool) {
	of := f.before(b)
	var both []ids.ID
	for id := range f.before(a) {
		if _, here := f[id]; here && of[id] {
			both = append(both, id)
		}
	}
	for _, id := range both {
		under := f.before(id)
		if !slices.ContainsFunc(both, func(x ids.ID) bool { return !under[x] }) {
			return id, true
		}
	}
	return ids.Nil, false
}

// families are the revisions of the fields f that a condition selects and a gate opens, by field.
func families(ctx context.Context, q casebook.Querier, gate, where string, args ...any) (map[ids.ID]family, error) {
	out := map[ids.ID]family{}
	err := casebook.Each(ctx, q, func(r *sql.Rows) error {
		var x revision
		var parents string
		if err := r.Scan(&x.field, &x.id, &parents); err != nil {
			return err
		}
		x.parents = ids.List(parents)
		if out[x.field] == nil {
			out[x.field] = family{}
		}
		out[x.field][x.id] = x
		return nil
	}, `SELECT f.id, v.id, v.parents FROM note_field f JOIN note_rev v ON v.field_id = f.id WHERE `+where+` AND f.deleted = 0 AND v.deleted = 0 AND `+gate, args...)
	return out, err
}

// unlocked is true for fields f of a note that is open. In a locked one nothing stands
// side by side: what was written without knowing of the lock was added to it.
const unlocked = `NOT EXISTS (SELECT 1 FROM note_lock l WHERE l.note_id = f.note_id)`

// besides are the fields of a note that several wrote at the same time, as they are stored.
func besides(ctx context.Context, q casebook.Querier, gate string, note ids.ID, unsealed func(to ids.ID, body string) string) ([]Beside, error) {
	all, err := families(ctx, q, gate, `f.note_id = ? AND `+unlocked, note)
	if err != nil {
		return nil, err
	}
	var out []Beside
	for field, f := range all {
		heads := f.heads()
		if len(heads) < 2 {
			continue
		}
		b, err := beside(ctx, q, field, f, heads, unsealed)
		if err != nil {
			return nil, err
		}
		if len(b.Versions) > 1 {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(a, b Beside) int { return slices.Compare(a.Field[:], b.Field[:]) })
	return out, nil
}

// writtenTwice are the notes of a couple with a text that stands in several versions, and
// the sessions that they are about. Only the coach is told. It looks at open notes alone.
func writtenTwice(ctx context.Context, q casebook.Querier, e eyes, couple ids.ID) (map[ids.ID]bool, error) {
	if !e.IsCoach() {
		return nil, nil
	}
	type note struct{ id, session ids.ID }
	changed, err := casebook.Collect(ctx, q, func(r *sql.Rows, n *note) error { return r.Scan(&n.id, &n.session) },
		`SELECT DISTINCT n.id, n.session_id FROM note_open o CROSS JOIN note n ON n.id = o.note_id JOIN note_field f ON f.note_id = n.id
		WHERE n.couple_id = ? AND n.deleted = 0 AND f.deleted = 0 AND (SELECT count(*) FROM note_rev v WHERE v.field_id = f.id) > 1`, couple)
	if err != nil {
		return nil, err
	}
	out := map[ids.ID]bool{}
	for _, n := range changed {
		b, err := besides(ctx, q, e.texts("f"), n.id, e.shown)
		if err != nil {
			return nil, err
		}
		if len(b) > 0 {
			out[n.id], out[n.session] = true, true
		}
	}
	return out, nil
}

// addMerged says of notes what a merge left to be decided. It is the coach's alone, like
// the history: what one of them took out of a text before somebody was shown it must not
// come back through the other's.
func addMerged(ctx context.Context, q casebook.Querier, e eyes, notes []NoteView) error {
	for i := range notes {
		n := &notes[i]
		back, err := cameBack(ctx, q, e.Audience, "note", "id", n.ID)
		if err != nil {
			return err
		}
		n.Back = back[n.ID]
		if !e.IsCoach() {
			continue
		}
		if n.Beside, err = besides(ctx, q, e.texts("f"), n.ID, e.shown); err != nil {
			return err
		}
	}
	return nil
}

// beside reads the versions of a field that are to be told of, if there are several: the
// one that is shown, and those others that say something which nobody went on from. Two
// who came to the same text have nothing to decide. What is sealed reads as unsealed says.
func beside(ctx context.Context, q casebook.Querier, field ids.ID, f family, heads []ids.ID, unsealed func(to ids.ID, body string) string) (Beside, error) {
	b := Beside{Field: field}
	bodies := map[ids.ID]string{}
	var all []Version
	err := casebook.Each(ctx, q, func(r *sql.Rows) error {
		var v Version
		var at int64
		if err := r.Scan(&b.Key, &v.ID, &at, &v.Coach, &v.Computer, &v.Own, &v.Body, &b.sealedTo); err != nil {
			return err
		}
		v.Body = unsealed(b.sealedTo, v.Body)
		v.At, bodies[v.ID] = instant(at), v.Body
		if slices.Contains(heads, v.ID) {
			all = append(all, v)
		}
		return nil
	}, `SELECT f.key, v.id, v.at, coalesce(k.name, ''), coalesce(d.name, ''), coalesce(d.own, 0), v.body, f.sealed_to
		FROM note_field f JOIN note_rev v ON v.field_id = f.id LEFT JOIN coach k ON k.id = v.coach_id
		LEFT JOIN row_clock c ON c.id = v.id AND c.tbl = (SELECT num FROM schema_rule WHERE tbl = 'note_rev' AND col = '*') LEFT JOIN device d ON d.n = c.dev
		WHERE f.id = ? ORDER BY v.id IS NOT f.head, c.hlc DESC, v.id DESC`, field)
	said := map[string]bool{} // what the versions told of say, and all that they go on from
	for _, v := range all {
		if said[v.Body] {
			continue
		}
		b.Versions = append(b.Versions, v)
		for id := range f.before(v.ID) {
			if body, here := bodies[id]; here {
				said[body] = true
			}
		}
	}
	return b, err
}

// Compare sets a version of a field, the first after the one that is shown if it is not
// named, beside that one. fault.NotFound when there is nothing to compare any more.
func (s *Store) Compare(ctx context.Context, aud clients.Audience, field, with ids.ID) (Comparison, error) {
	if !aud.IsCoach() {
		return Comparison{}, gone()
	}
	e := s.as(aud)
	all, err := families(ctx, s.q, e.texts("f"), `f.id = ? AND `+unlocked, field)
	if err != nil {
		return Comparison{}, err
	}
	f := all[field]
	c := Comparison{}
	if c.Beside, err = beside(ctx, s.q, field, f, f.heads(), e.shown); err != nil {
		return c, err
	}
	if len(c.Versions) < 2 {
		return c, gone()
	}
	i := max(1, slices.IndexFunc(c.Versions, func(v Version) bool { return v.ID == with }))
	c.Left, c.Right = c.Versions[0], c.Versions[i]
	from, known := f.common(c.Left.ID, c.Right.ID)
	if !known {
		return c, nil
	}
	var body string
	if err := s.q.QueryRowContext(ctx, `SELECT body FROM note_rev WHERE id = ?`, from).Scan(&body); err != nil {
		return c, err
	}
	body, readable := e.read(c.sealedTo, body)
	c.Merged, c.Safe = merge(body, c.Left.Body, c.Right.Body)
	c.Safe = c.Safe && readable && checkLength(c.Key, c.Merged) == nil
	return c, nil
}

// Join makes one text of two versions: a revision that follows both. Neither is dropped:
// they stay in the history. fault.Refused when somebody went on from one of them
// meanwhile, or the note was locked.
func (s *Store) Join(ctx context.Context, aud clients.Audience, field, left, right ids.ID, body string) error {
	if !aud.IsCoach() {
		return gone()
	}
	return s.cb.Write(ctx, "note.join", func(tx *casebook.Tx) error {
		all, err := families(ctx, tx, s.as(aud).texts("f"), `f.id = ? AND `+unlocked, field)
		if err != nil {
			return err
		}
		heads := all[field].heads()
		if left == right || !slices.Contains(heads, left) || !slices.Contains(heads, right) {
			return fault.New(fault.Refused, text.T("note.joined_already", "This text was changed again meanwhile."), text.T("note.joined_already_hint", "Look at both versions once more. Nothing was changed."))
		}
		var note, sealedTo ids.ID
		var key string
		if err := tx.QueryRow(`SELECT note_id, key, sealed_to FROM note_field WHERE id = ?`, field).Scan(&note, &key, &sealedTo); err != nil {
			return err
		}
		if err := checkLength(key, body); err != nil {
			return err
		}
		body, err := kept(tx, sealedTo, body)
		if err != nil {
			return err
		}
		rev, now := ids.New(), tx.Now.UnixMilli()
		if _, err := tx.Exec(`INSERT INTO note_rev (id, note_id, field_id, parents, body, coach_id, at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			rev, note, field, left.String()+" "+right.String(), body, tx.Coach, now, now); err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE note_field SET head = ? WHERE id = ?`, rev, field)
		return err
	})
}

// Incoming is a version that somebody else saved of a field that is open for writing.
type Incoming struct {
	Field     ids.ID
	Key       string
	Saved     string // the text that the writing began with
	Continues bool   // the version goes on from that one
	Version
}

// Meanwhile is what came in the fields of a note that is open for writing, one version of
// each, and whether the note was locked.
func (s *Store) Meanwhile(ctx context.Context, aud clients.Audience, n Note) (came []Incoming, locked bool, err error) {
	if !aud.IsCoach() {
		return nil, false, nil
	}
	if err := s.q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM note_lock WHERE note_id = ?)`, n.ID).Scan(&locked); err != nil || locked {
		return nil, locked, err
	}
	e := s.as(aud)
	all, err := families(ctx, s.q, e.texts("f"), `f.note_id = ?`, n.ID)
	if err != nil {
		return nil, false, err
	}
	for _, f := range n.Fields {
		fam := all[f.ID]
		heads := slices.DeleteFunc(fam.heads(), func(id ids.ID) bool { return id == f.Follows })
		if len(heads) == 0 {
			continue
		}
		b, err := beside(ctx, s.q, f.ID, fam, heads, e.shown)
		if err != nil {
			return nil, false, err
		}
		at := slices.IndexFunc(b.Versions, func(v Version) bool { return v.Body != f.Saved })
		if at < 0 {
			continue
		}
		v := b.Versions[at]
		came = append(came, Incoming{Field: f.ID, Key: f.Key, Saved: f.Saved, Continues: fam.before(v.ID)[f.Follows], Version: v})
	}
	return came, false, nil
}
