package casebook

import (
	"context"
	"database/sql"
	"sync"
)

// Statement is one query as it was asked.
type Statement struct {
	Query string
	Args  []any
}

// Recorder is a Querier that keeps what is asked through it, for measuring what a page
// costs beyond the bare statements behind it.
type Recorder struct {
	q     Querier
	mu    sync.Mutex
	asked []Statement
}

// Record makes Reader return a Recorder until stop is called. Stores that were made
// before do not see it.
func (c *Casebook) Record() (r *Recorder, stop func()) {
	r = &Recorder{q: c.reader}
	c.recorder.Store(r)
	return r, func() { c.recorder.Store(nil) }
}

// QueryContext makes Recorder a Querier.
func (r *Recorder) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	r.keep(query, args)
	return r.q.QueryContext(ctx, query, args...)
}

// QueryRowContext makes Recorder a Querier.
func (r *Recorder) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	r.keep(query, args)
	return r.q.QueryRowContext(ctx, query, args...)
}

func (r *Recorder) keep(query string, args []any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, Statement{query, args})
}

// Asked is what was asked so far.
func (r *Recorder) Asked() []Statement {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Statement(nil), r.asked...)
}

// Run asks a statement of q and reads all its rows, without making anything of them.
func Run(ctx context.Context, q Querier, s Statement) error {
	rows, err := q.QueryContext(ctx, s.Query, s.Args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return err
	}
	raw := make([]sql.RawBytes, len(cols))
	into := make([]any, len(cols))
	for i := range raw {
		into[i] = &raw[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return rows.Err()
}
