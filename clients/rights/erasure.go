package rights

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Tasks are what the program cannot reach after an erasure: the coach does it and says so.
var Tasks = []string{"cloud_versions", "other_computers", "copies", "printed", "exports", "messages"}

var taskWords = text.Phrases(map[string]text.Phrase{
	"cloud_versions":  text.P("rights.task_cloud", "Delete earlier versions and the bin of the file service that carries the shared folder."),
	"other_computers": text.P("rights.task_computers", "See that every other computer has opened the casebook since, so that it is erased there, too."),
	"copies":          text.P("rights.task_copies", "Delete copies of the casebook and of backups that lie elsewhere: on disks, sticks, in mail."),
	"printed":         text.P("rights.task_printed", "Destroy what was printed or written by hand."),
	"exports":         text.P("rights.task_exports", "Delete reports, exports and subject files that were saved or sent, and ask those who got one to do so."),
	"messages":        text.P("rights.task_messages", "Delete mails, messages, calendar entries and invoices that need not be kept."),
})

// TaskWords is a task as the coach reads it.
func TaskWords(task string) string {
	if p, ok := taskWords[task]; ok {
		return p.String()
	}
	return text.T("rights.task_other", "Look after what a later version of Couplet asks for.")
}

// Task is one of them and when it was done.
type Task struct {
	ID   ids.ID
	Name string
	Done day.Day
}

// Erasure is what is left of one: when, on which ground, how much, and what is to be done.
type Erasure struct {
	ID     ids.ID
	Ground string
	At     time.Time
	Counts Counts
	Tasks  []Task
}

// Erasures are all erasures, the latest first. They say nothing of whom.
func (s *Store) Erasures(ctx context.Context, aud clients.Audience) ([]Erasure, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	q := s.cb.Reader()
	all, err := casebook.Collect(ctx, q, func(r *sql.Rows, e *Erasure) error {
		var at int64
		var counts string
		if err := r.Scan(&e.ID, &e.Ground, &at, &counts); err != nil {
			return err
		}
		e.At = clients.AtMillis(at)
		_ = json.Unmarshal([]byte(counts), &e.Counts) // what cannot be read counts nothing
		return nil
	}, `SELECT id, ground, at, counts FROM erasure WHERE id = run_id ORDER BY at DESC, id`)
	for i := range all {
		if err == nil {
			all[i].Tasks, err = casebook.Collect(ctx, q, func(r *sql.Rows, t *Task) error { return r.Scan(&t.ID, &t.Name, &t.Done) },
				`SELECT id, task, done_on FROM erasure_task WHERE run_id = ? AND deleted = 0 ORDER BY created_at, id`, all[i].ID)
		}
	}
	return all, err
}

// Erasure is one of them.
func (s *Store) Erasure(ctx context.Context, aud clients.Audience, run ids.ID) (Erasure, error) {
	all, err := s.Erasures(ctx, aud)
	for _, e := range all {
		if e.ID == run {
			return e, err
		}
	}
	if err == nil {
		err = clients.NotFound()
	}
	return Erasure{}, err
}

// TaskDone notes the day on which a task was done; no day takes that back.
func (s *Store) TaskDone(ctx context.Context, task ids.ID, on day.Day) error {
	if on > day.Of(s.cb.Now()) {
		return fault.Input("done_on", text.T("clients.to_come", "This day is still to come."))
	}
	return s.cb.Write(ctx, "erasure.task", func(tx *casebook.Tx) error {
		res, err := tx.Exec(`UPDATE erasure_task SET done_on = ?, coach_id = ? WHERE id = ? AND deleted = 0`, string(on), tx.Coach, task)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return missing(sql.ErrNoRows)
		}
		return nil
	})
}

// outside lists what left the house and the program cannot erase.
func (b *planner) outside() error {
	for _, pl := range b.plan.Places {
		err := casebook.Each(b.ctx, b.q, func(r *sql.Rows) error {
			o := Outside{Kind: "report"}
			if err := r.Scan(&o.Name, &o.On); err != nil {
				return err
			}
			b.plan.Outside = append(b.plan.Outside, o)
			return nil
		}, `SELECT report_no, report_on FROM report_made WHERE couple_id = ? AND deleted = 0 ORDER BY report_on, id`, pl.Couple)
		if err != nil {
			return err
		}
	}
	return nil
}
