package sessions

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

// planner explains every query before it runs, and keeps what reads a table whole.
type planner struct {
	casebook.Querier
	t     *testing.T
	plans int
}

func (p *planner) explain(ctx context.Context, query string, args []any) {
	p.t.Helper()
	rows, err := p.Querier.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		p.t.Fatalf("%v: %s", err, query)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			p.t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	all := strings.Join(plan, "\n")
	p.plans++
	for _, step := range plan {
		table, ok := strings.CutPrefix(step, "SCAN ")
		table, _, _ = strings.Cut(table, " ")
		made := strings.Contains(all, "CO-ROUTINE "+table+"\n") || strings.Contains(all, "MATERIALIZE "+table+"\n")
		// Only what is small by nature is read whole: drafts, open notes, one constant row.
		if ok && !made && table != "CONSTANT" && table != "draft" && table != "o" {
			p.t.Errorf("%s reads a whole table:\n%s\n%s", step, all, query)
		}
	}
}

func (p *planner) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	p.explain(ctx, query, args)
	return p.Querier.QueryContext(ctx, query, args...)
}

func (p *planner) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	p.explain(ctx, query, args)
	return p.Querier.QueryRowContext(ctx, query, args...)
}

func TestEveryReadFindsItsWayByIndex(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id := w.session(JointSession, "", 1, Held)
	n := w.written(NewNote{Session: id}, map[string]string{"agreements": "x"})
	p := &planner{Querier: w.cb.Reader(), t: t}
	w.q = p
	for _, r := range readers[:4] { // nobody's queries are false from the start
		aud := as(r)
		for _, err := range []error{
			second(w.Sessions(ctx, aud, w.couple)), second(w.Session(ctx, aud, id)), second(w.Note(ctx, aud, n.ID)),
			second(w.Notes(ctx, aud, w.couple, time.Time{}, 20)),
			second(w.History(ctx, aud, n.ID)), second(w.Compare(ctx, aud, w.fieldID(n, "agreements"), ids.Nil)),
			second(w.VisibilityLog(ctx, aud, n.ID)), second(w.Today(ctx, aud, w.clock.Now())), second(w.Edit(ctx, aud, n.ID)), second(w.Start(ctx, aud, NewNote{Couple: w.couple, At: w.clock.Now()})),
			second(w.LockDue(ctx, w.clock.Now())),
		} {
			if err != nil && !fault.Is(err, fault.NotFound) {
				t.Error(err)
			}
		}
		_, _, err := w.Meanwhile(ctx, aud, n)
		w.must(err)
		_, _, err = w.Around(ctx, aud, w.couple, w.clock.Now())
		w.must(err)
	}
	if p.plans < 50 {
		t.Errorf("only %d queries were looked at", p.plans)
	}
}

func second[T any](_ T, err error) error { return err }
