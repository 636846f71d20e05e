package changes

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
)

// Step is an action of this computer that can be asked to be undone. The zero Step is none.
type Step struct {
	Action string
	At     time.Time

	stamp stamp
}

// undoPrefix begins the name of an action that undoes another; its stamp stands behind.
const undoPrefix = "undo."

// reach is how many actions back are looked through for the last step.
const reach = 400

// Last is the newest step of the coach signed in, on this computer, that was not undone; with a step, the newest
// before that one. What a program does by itself is no step. Only the
// coach undoes.
func (s *Store) Last(ctx context.Context, aud clients.Audience, before Step) (Step, error) {
	if !aud.IsCoach() {
		return Step{}, nil
	}
	type action struct {
		stamp
		name string
	}
	all, err := casebook.Collect(ctx, s.q, func(r *sql.Rows, a *action) error { return r.Scan(&a.hlc, &a.dev, &a.name) },
		`SELECT hlc, dev, name FROM action WHERE dev = (SELECT n FROM device WHERE own = 1) AND (coach_id IS NULL OR coach_id = ?) ORDER BY hlc DESC LIMIT ?`, s.cb.Coach(), reach)
	if err != nil {
		return Step{}, err
	}
	undone := map[int64]bool{}
	for i, a := range all {
		if at, is := undoes(a.name); is {
			undone[at] = true
			continue
		}
		if undone[a.hlc] || byItself(a.name) {
			continue
		}
		below := i + 1 // the step before, if this one took exactly that one back
		for below < len(all) && (undone[all[below].hlc] || byItself(all[below].name) || isUndo(all[below].name)) {
			if at, is := undoes(all[below].name); is {
				undone[at] = true
			}
			below++
		}
		if below < len(all) {
			back, err := s.tookBack(ctx, a.stamp, all[below].stamp)
			if err != nil {
				return Step{}, err
			}
			if back {
				undone[all[below].hlc] = true
				continue
			}
		}
		if before.stamp.hlc == 0 || a.hlc < before.stamp.hlc {
			return Step{Action: a.name, At: a.at(), stamp: a.stamp}, nil
		}
	}
	return Step{}, nil
}

func isUndo(name string) bool { return strings.HasPrefix(name, undoPrefix) }

// undoes is the stamp of the step that an action undid.
func undoes(name string) (hlc int64, is bool) {
	if !isUndo(name) {
		return 0, false
	}
	_, at, _ := strings.Cut(name, "@")
	hlc, err := strconv.ParseInt(at, 10, 64)
	return hlc, err == nil
}

func undoName(s Step) string { return fmt.Sprintf("%s%s@%d", undoPrefix, s.Action, s.stamp.hlc) }

// byItself are the actions that nobody can take back: the program took them, or they are
// about keys.
func byItself(name string) bool {
	switch name {
	case "note.lock", "quiz.lock", "report.made", "export.made", casebook.ExportAction, "export.deleted", "safety.viewed", "casebook.create", "casebook.import", "device.join", "device.rename", "device.leave",
		"coach.way", "coach.passphrase", "coach.recovery", "coach.let_in", "coach.shut_out", "coach.back", "glass.break": // keys are changed again, never undone
		return true
	}
	return false
}

// offered is how long the bar at the foot of the window offers to take something back,
// and a little more.
const offered = 15 * time.Second

// tookBack says whether the later of two actions left things as they were before the
// earlier, and soon after it: the bar at the foot of the window undid it. Later on it is
// a step like any other.
func (s *Store) tookBack(ctx context.Context, later, earlier stamp) (bool, error) {
	if later.at().Sub(earlier.at()) > offered {
		return false, nil
	}
	a, err := tail(ctx, s.q, later)
	if err != nil || len(a) == 0 {
		return false, err
	}
	b, err := tail(ctx, s.q, earlier)
	if err != nil {
		return false, err
	}
	onlyMade := true
	for k := range a {
		var made bool
		if err := s.q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM row_clock WHERE tbl = ? AND id = ? AND hlc = ? AND dev = ?)`, k.tbl, k.row, earlier.hlc, earlier.dev).Scan(&made); err != nil {
			return false, err
		}
		onlyMade = onlyMade && made && k.col == "deleted"
	}
	if onlyMade {
		return true, nil
	}
	if len(a) != len(b) {
		return false, nil
	}
	all, err := rules(ctx, s.q)
	if err != nil {
		return false, err
	}
	for k := range a {
		was, both := b[k]
		if !both {
			return false, nil
		}
		var now any
		err := s.q.QueryRowContext(ctx, `SELECT `+k.col+` FROM `+all[k.tbl].Table+` WHERE id = ?`, k.row).Scan(&now)
		if err != nil || !reflect.DeepEqual(now, was) {
			return false, err
		}
	}
	return true, nil
}

// tail are the cells that an action of this computer changed, with what stood in them
// before it. It reads the history from its end: the last steps stand there.
func tail(ctx context.Context, q casebook.Querier, at stamp) (map[key]any, error) {
	rows, err := q.QueryContext(ctx, oldColumns+` ORDER BY n DESC`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[key]any{}
	for rows.Next() {
		var o old
		if err := scanOld(rows, &o); err != nil {
			return nil, err
		}
		if o.dev == at.dev && o.hlc < at.hlc {
			break
		}
		if o.stamp == at {
			out[o.key] = o.value // the first of several is read last
		}
	}
	return out, rows.Err()
}
