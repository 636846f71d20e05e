package changes

import (
	"context"
	"database/sql"

	"github.com/couplet-app/couplet/internal/casebook"
)

// CountStatements counts what the store asks the casebook from now on.
func (s *Store) CountStatements() *int {
	c := &counting{Querier: s.q}
	s.q = c
	return &c.n
}

type counting struct {
	casebook.Querier
	n int
}

func (c *counting) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	c.n++
	return c.Querier.QueryContext(ctx, query, args...)
}

func (c *counting) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	c.n++
	return c.Querier.QueryRowContext(ctx, query, args...)
}
