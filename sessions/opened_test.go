package sessions

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook"
)

// asked counts how often a text is read out of the casebook.
type asked struct {
	casebook.Querier
	mu    sync.Mutex
	texts int
}

func (a *asked) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if strings.HasPrefix(query, "SELECT body FROM note_rev") {
		a.mu.Lock()
		a.texts++
		a.mu.Unlock()
	}
	return a.Querier.QueryRowContext(ctx, query, args...)
}

// TestReflectionsAreOpenedOnce: beside the pages, and a search that comes meanwhile neither
// waits for that nor goes without.
func TestReflectionsAreOpenedOnce(t *testing.T) {
	w := newWorld(t)
	const many = 12
	for range many {
		w.written(NewNote{Session: w.session(JointSession, "", 1, Held)}, map[string]string{"reflection": "slower next time"})
	}
	a := &asked{Querier: w.cb.Reader()}
	w.q = a
	ahead := make(chan int)
	go func() {
		found, err := w.Opened(context.Background(), coach)
		if err != nil {
			t.Error(err)
		}
		ahead <- len(found)
	}()
	found, err := w.Opened(context.Background(), coach)
	if n := <-ahead; err != nil || len(found) != many || n != many {
		t.Fatalf("%d and %d are found (%v)", len(found), n, err)
	}
	had := a.texts
	if found, err := w.Opened(context.Background(), coach); err != nil || len(found) != many || a.texts != had {
		t.Errorf("%d are found, and %d texts are read again (%v)", len(found), a.texts-had, err)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	w.opened.texts = nil
	if _, err := w.Opened(stopped, coach); err == nil {
		t.Error("it goes on after the casebook was locked")
	}
}
