package clients

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// NewCouple is what a new record begins with. A partner with an ID is somebody already
// known; one without is stored as a new person. B nil makes a single client.
type NewCouple struct {
	A, B       *Person
	Status     string
	Since      string
	Tags       []string
	Engagement *Engagement // nil begins none

	// Stage is set by intake, whose history of stages goes on; empty begins one here.
	Stage   string
	StageAt time.Time
}

// FirstStage is where a record begins that was made without an enquiry: they have
// talked with the coach already.
const FirstStage = "call_held"

// CreateCouple stores a couple or a single client with the persons in it, in one
// transaction. At least one of them needs a name.
func (s *Store) CreateCouple(ctx context.Context, n NewCouple) (ids.ID, error) {
	var id ids.ID
	err := s.cb.Write(ctx, "couple.create", func(tx *casebook.Tx) (err error) {
		id, err = InsertCouple(tx, n)
		return err
	})
	return id, err
}

// InsertCouple is CreateCouple inside a transaction.
func InsertCouple(tx *casebook.Tx, n NewCouple) (ids.ID, error) {
	c := Couple{ID: ids.New(), Kind: KindCouple, Status: OneLine(n.Status), Since: OneLine(n.Since)}
	if n.B == nil {
		c.Kind = KindSingle
	}
	if n.A == nil {
		return ids.Nil, c.Validate()
	}
	if n.A.ID.IsZero() && n.A.IsEmpty() && (n.B == nil || n.B.ID.IsZero() && n.B.IsEmpty()) {
		return ids.Nil, fault.Input("given_name", text.T("clients.need_name", "Write at least one name."))
	}
	tags, err := cleanTags(n.Tags)
	if err != nil {
		return ids.Nil, err
	}
	if c.A, err = partner(tx, n.A); err != nil {
		return ids.Nil, err
	}
	if n.B != nil {
		if c.B, err = partner(tx, n.B); err != nil {
			return ids.Nil, err
		}
	}
	if err := c.Validate(); err != nil {
		return ids.Nil, err
	}
	c.Stage, c.StageAt = n.Stage, n.StageAt
	if n.Stage == "" {
		c.Stage, c.StageAt = FirstStage, tx.Now
	}
	if _, err := tx.Exec(`INSERT INTO couple (id, kind, a_id, b_id, status, together_since, stage, stage_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.Kind, c.A, c.B, c.Status, c.Since, c.Stage, Millis(c.StageAt), tx.Now.UnixMilli()); err != nil {
		return ids.Nil, err
	}
	if n.Stage == "" {
		if err := InsertStage(tx, ids.Nil, c.ID, c.Stage, ""); err != nil {
			return ids.Nil, err
		}
	}
	if err := setTags(tx, c.ID, tags); err != nil {
		return ids.Nil, err
	}
	if n.Engagement != nil {
		e := *n.Engagement
		e.CoupleID = c.ID
		if err := InsertEngagement(tx, &e); err != nil {
			return ids.Nil, err
		}
	}
	return c.ID, nil
}

// InsertStage appends a change of stage to the history of an enquiry, a record or both.
// The rules of the pipeline are intake's.
func InsertStage(tx *casebook.Tx, enquiry, couple ids.ID, stage, reason string) error {
	_, err := tx.Exec(`INSERT INTO stage_change (id, enquiry_id, couple_id, stage, at, coach_id, reason, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		ids.New(), enquiry, couple, stage, tx.Now.UnixMilli(), tx.Coach, OneLine(reason), tx.Now.UnixMilli())
	return err
}

// partner is the id of somebody known, or of the person newly stored.
func partner(tx *casebook.Tx, p *Person) (ids.ID, error) {
	if p.ID.IsZero() {
		err := InsertPerson(tx, p)
		return p.ID, err
	}
	var id ids.ID
	err := tx.QueryRow(`SELECT id FROM person WHERE id = ? AND deleted = 0`, p.ID).Scan(&id)
	return id, found(err)
}

// Couple is the bare record; the zero Audience finds none. Stage and tags are the
// coach's: others get no stage.
func (s *Store) Couple(ctx context.Context, aud Audience, id ids.ID) (Couple, error) {
	return LoadCouple(ctx, s.cb.Reader(), aud, id)
}

// LoadCouple is Store.Couple on a reader or inside a transaction.
func LoadCouple(ctx context.Context, q casebook.Querier, aud Audience, id ids.ID) (Couple, error) {
	var c Couple
	var stageAt, created int64
	err := q.QueryRowContext(ctx, `SELECT id, kind, a_id, b_id, status, together_since, iif(?1, stage, ''), iif(?1, stage_at, 0), archived, deleted, created_at FROM couple WHERE id = ?2 AND ?3`,
		aud.IsCoach(), id, aud.isSomebody()).
		Scan(&c.ID, &c.Kind, &c.A, &c.B, &c.Status, &c.Since, &c.Stage, &stageAt, &c.Archived, &c.Deleted, &created)
	c.StageAt, c.CreatedAt = AtMillis(stageAt), AtMillis(created)
	return c, found(err)
}

// UpdateCouple loads a record, lets change edit status and since, and stores it. Kind,
// persons and stage have methods of their own and are not stored here.
func (s *Store) UpdateCouple(ctx context.Context, id ids.ID, change func(*Couple) error) error {
	return s.cb.Write(ctx, "couple.edit", func(tx *casebook.Tx) error {
		c, err := LoadCouple(ctx, tx, Audience{reader: CoachView}, id)
		if err != nil {
			return err
		}
		if err := change(&c); err != nil {
			return err
		}
		c.Status, c.Since = OneLine(c.Status), OneLine(c.Since)
		if err := c.Validate(); err != nil {
			return err
		}
		return one(tx.Exec(`UPDATE couple SET status = ?, together_since = ? WHERE id = ?`, c.Status, c.Since, id))
	})
}

// ArchiveCouple puts a record aside without loss, or brings it back.
func (s *Store) ArchiveCouple(ctx context.Context, id ids.ID, archived bool) error {
	return s.flag(ctx, "couple.archive", "couple", "archived", id, archived)
}

// DeleteCouple moves a couple or single client to the recycle bin, with the persons who
// are in no other record.
func (s *Store) DeleteCouple(ctx context.Context, id ids.ID) error {
	return s.cb.Write(ctx, "couple.delete", func(tx *casebook.Tx) error {
		if err := one(tx.Exec(`UPDATE couple SET deleted = 1 WHERE id = ?`, id)); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE person SET deleted = 1 WHERE id IN (SELECT a_id FROM couple WHERE id = ?1 UNION SELECT b_id FROM couple WHERE id = ?1)
 AND NOT EXISTS (SELECT 1 FROM main.couple o WHERE o.deleted = 0 AND (o.a_id = person.id OR o.b_id = person.id))`, id)
		return err
	})
}

// RestoreCouple undoes DeleteCouple: with the record come back the persons who were
// deleted with it, which the same clock tells, and nobody who was deleted before.
func (s *Store) RestoreCouple(ctx context.Context, id ids.ID) error {
	return s.cb.Write(ctx, "couple.restore", func(tx *casebook.Tx) error {
		var deletedAt sql.NullInt64
		if err := tx.QueryRow(`SELECT (SELECT k.hlc FROM col_clock k JOIN schema_rule t ON t.num = k.tbl AND t.tbl = 'couple' AND t.col = '*' WHERE k.id = ? AND k.col = 'deleted')`, id).Scan(&deletedAt); err != nil {
			return err
		}
		if err := one(tx.Exec(`UPDATE couple SET deleted = 0 WHERE id = ?`, id)); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE person SET deleted = 0 WHERE id IN (SELECT a_id FROM couple WHERE id = ?1 UNION SELECT b_id FROM couple WHERE id = ?1)
 AND (SELECT p.hlc FROM col_clock p JOIN schema_rule t ON t.num = p.tbl AND t.tbl = 'person' AND t.col = '*' WHERE p.id = person.id AND p.col = 'deleted')
 IS ?2`, id, deletedAt)
		return err
	})
}

// KeepCouple says of a record that came back that it is to stay: it is no longer marked.
func (s *Store) KeepCouple(ctx context.Context, id ids.ID) error {
	return s.cb.Write(ctx, "couple.keep", func(tx *casebook.Tx) error {
		if err := one(tx.Exec(`UPDATE couple SET deleted = 1 WHERE id = ? AND deleted = 0`, id)); err != nil {
			return err
		}
		return one(tx.Exec(`UPDATE couple SET deleted = 0 WHERE id = ?`, id))
	})
}

// SetTags makes tags the tags of a record: only the coach sees them.
func (s *Store) SetTags(ctx context.Context, couple ids.ID, tags []string) error {
	tags, err := cleanTags(tags)
	if err != nil {
		return err
	}
	return s.cb.Write(ctx, "couple.tags", func(tx *casebook.Tx) error { return setTags(tx, couple, tags) })
}

func setTags(tx *casebook.Tx, couple ids.ID, tags []string) error {
	type row struct {
		id      ids.ID
		tag     string
		deleted bool
	}
	have, err := casebook.Collect(tx.Context(), tx, func(r *sql.Rows, x *row) error { return r.Scan(&x.id, &x.tag, &x.deleted) },
		`SELECT id, tag, deleted FROM couple_tag WHERE couple_id = ?`, couple)
	if err != nil {
		return err
	}
	left := slices.Clone(tags)
	for _, r := range have {
		i := slices.Index(left, r.tag)
		if i >= 0 {
			left = slices.Delete(left, i, i+1)
		}
		if gone := i < 0; gone != r.deleted {
			if _, err := tx.Exec(`UPDATE couple_tag SET deleted = ? WHERE id = ?`, gone, r.id); err != nil {
				return err
			}
		}
	}
	for _, t := range left {
		if _, err := tx.Exec(`INSERT INTO couple_tag (id, couple_id, tag, created_at) VALUES (?, ?, ?, ?)`, ids.New(), couple, t, tx.Now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// TagCount is a tag and how many records have it.
type TagCount struct {
	Tag string
	N   int
}

// Tags are all tags in use, in alphabetical order. Only the coach is told.
func (s *Store) Tags(ctx context.Context, aud Audience) ([]TagCount, error) {
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, t *TagCount) error { return r.Scan(&t.Tag, &t.N) },
		`SELECT t.tag, count(*) FROM couple_tag t JOIN couple c ON c.id = t.couple_id WHERE t.deleted = 0 AND c.deleted = 0 AND ? GROUP BY t.tag ORDER BY t.tag COLLATE NOCASE, t.tag`, aud.IsCoach())
}

// today is the day of a transaction on the clock of the computer.
func today(tx *casebook.Tx) day.Day { return day.Of(tx.Now) }
