package changes

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// Binned is a record in the recycle bin.
type Binned struct {
	Table string // what it is
	ID    ids.ID
	Title string // of the couple, person or enquiry that it belongs to
	On    time.Time
	Zone  string
	At    time.Time // when it was deleted
	Coach string    // by whom

	stamp
	people [2]ids.ID // of a couple
	parent ids.ID    // the session of a note
}

// listed are the kinds of records that the bin shows one by one, with the couple of a
// row x and the time that it is of. Parts of records come and go with them.
var listed = []struct{ table, couple, at, zone string }{
	{"couple", "x.id", "x.created_at", "''"},
	{"person", "NULL", "0", "''"},
	{"enquiry", "NULL", "x.received_at", "''"},
	{"discovery_call", "x.couple_id", "x.held_at", "''"},
	{"engagement", "x.couple_id", "0", "''"},
	{"session", "x.couple_id", "x.starts_at", "x.zone"},
	{"note", "x.couple_id", "x.written_at", "x.zone"},
	{"administration", "x.couple_id", "x.taken_at", "x.zone"},
	{"assignment", "x.couple_id", "x.created_at", "''"},
	{"practice_log", "x.couple_id", "x.used_at", "x.zone"},
	{"conversation", "x.couple_id", "x.held_at", "x.zone"},
	{"couple_agreement", "x.couple_id", "x.created_at", "''"},
	{"noted_condition", "x.couple_id", "x.created_at", "''"},
	{"letter", "x.couple_id", "x.created_at", "''"},
	{"attachment", "x.couple_id", "x.at", "''"},
}

// Bin is what lies in the recycle bin, the last deleted first: what went with another
// record comes back with it and is not listed. It is the coach's alone.
func (s *Store) Bin(ctx context.Context, aud clients.Audience, limit int) ([]Binned, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	var out []Binned
	for _, l := range listed {
		rows, err := s.binned(ctx, l.table, l.couple, l.at, l.zone)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	went := map[ids.ID]stamp{} // persons with their couple, notes with their session
	for _, b := range out {
		if b.Table == "couple" || b.Table == "session" {
			went[b.ID] = b.stamp
			went[b.people[0]], went[b.people[1]] = b.stamp, b.stamp
		}
	}
	out = slices.DeleteFunc(out, func(b Binned) bool {
		at, with := went[b.ID]
		if b.Table == "note" {
			at, with = went[b.parent]
		}
		return with && at == b.stamp && (b.Table == "person" || b.Table == "note")
	})
	slices.SortFunc(out, func(a, b Binned) int { return cmp.Or(cmp.Compare(b.hlc, a.hlc), cmp.Compare(a.Table, b.Table)) })
	return out[:min(len(out), limit)], nil
}

func (s *Store) binned(ctx context.Context, table, couple, at, zone string) ([]Binned, error) {
	session, a, b, people, mine := "NULL", "NULL", "NULL", "p.id = c.a_id", "1"
	switch table {
	case "note":
		session, mine = "x.session_id", clients.NotOnlyAnothers("x", s.cb.Me())
	case "couple":
		a, b = "x.a_id", "x.b_id"
	case "person":
		people = "p.id = x.id"
	}
	names := [4]string{"coalesce(p.given_name, '')", "coalesce(p.family_name, '')", "coalesce(q.given_name, '')", "coalesce(q.family_name, '')"}
	if table == "enquiry" {
		names = [4]string{"x.a_given", "x.a_family", "x.b_given", "x.b_family"}
	}
	return casebook.Collect(ctx, s.q, func(r *sql.Rows, x *Binned) error {
		var on int64
		var kind clients.Kind
		var first, second clients.Name
		err := r.Scan(&x.ID, &x.hlc, &x.dev, &on, &x.Zone, &x.Coach, &kind, &first.Given, &first.Family, &first.Order, &first.Latin,
			&second.Given, &second.Family, &second.Order, &second.Latin, &x.parent, &x.people[0], &x.people[1])
		x.Table, x.At = table, x.stamp.at()
		if on > 0 {
			x.On = time.UnixMilli(on).UTC()
		}
		if table == "person" {
			kind = clients.KindSingle
		}
		x.Title = clients.Title(kind, first, second)
		return err
	}, `SELECT x.id, k.hlc, k.dev, `+at+`, `+zone+`, coalesce(h.name, ''), coalesce(c.kind, 'couple'), `+names[0]+`, `+names[1]+`, coalesce(p.name_order, ''), coalesce(p.latin_name, ''),
		`+names[2]+`, `+names[3]+`, coalesce(q.name_order, ''), coalesce(q.latin_name, ''), `+session+`, `+a+`, `+b+`
		FROM col_clock k JOIN `+table+` x ON x.id = k.id LEFT JOIN couple c ON c.id = `+couple+` LEFT JOIN person p ON `+people+` LEFT JOIN person q ON q.id = c.b_id
		LEFT JOIN action t ON t.hlc = k.hlc AND t.dev = k.dev LEFT JOIN coach h ON h.id = t.coach_id
		WHERE k.tbl = (SELECT num FROM schema_rule WHERE tbl = ?1 AND col = '*') AND k.col = 'deleted' AND x.deleted = 1 AND `+mine, table)
}

// BringBack takes a record out of the bin that no store has a rule of its own for.
func (s *Store) BringBack(ctx context.Context, table string, id ids.ID) error {
	if !slices.ContainsFunc(listed, func(l struct{ table, couple, at, zone string }) bool { return l.table == table }) {
		return clients.NotFound()
	}
	return s.cb.Write(ctx, "bin.restore", func(tx *casebook.Tx) error {
		res, err := tx.Exec(`UPDATE `+table+` SET deleted = 0 WHERE id = ? AND deleted = 1`, id)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return cmp.Or(err, clients.NotFound())
		}
		return nil
	})
}
