package practices

import (
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Result is how one use went.
type Result string

// The results. A practice that ends with a "no" was done.
const (
	Done    Result = "done"
	Partly  Result = "partly"
	Tried   Result = "tried"
	Skipped Result = "skipped"
)

// Results are all results, best first.
func Results() []Result { return []Result{Done, Partly, Tried, Skipped} }

// Counts says whether the use counts towards what was planned: done fully or partly.
func (r Result) Counts() bool { return r == Done || r == Partly }

// Words is the result as the couple reads it.
func (r Result) Words() string {
	switch r {
	case Done:
		return text.T("practices.result.done", "done fully")
	case Partly:
		return text.T("practices.result.partly", "done in part")
	case Tried:
		return text.T("practices.result.tried", "tried")
	case Skipped:
		return text.T("practices.result.skipped", "skipped")
	}
	return ""
}

// Obstacle is what got in the way; empty is nothing.
type Obstacle string

// The obstacles.
const (
	NoObstacle Obstacle = ""
	Time       Obstacle = "time"
	Forgot     Obstacle = "forgot"
	Mood       Obstacle = "mood"
	Conflict   Obstacle = "conflict"
	Unclear    Obstacle = "unclear"
	NotWanted  Obstacle = "not_wanted"
	Other      Obstacle = "other"
)

// Obstacles are all obstacles in the order of a form.
func Obstacles() []Obstacle {
	return []Obstacle{Time, Forgot, Mood, Conflict, Unclear, NotWanted, Other}
}

// Words is the obstacle as the couple reads it.
func (o Obstacle) Words() string {
	switch o {
	case Time:
		return text.T("practices.obstacle.time", "no time")
	case Forgot:
		return text.T("practices.obstacle.forgot", "forgot")
	case Mood:
		return text.T("practices.obstacle.mood", "not in the mood")
	case Conflict:
		return text.T("practices.obstacle.conflict", "a conflict")
	case Unclear:
		return text.T("practices.obstacle.unclear", "it was not clear how")
	case NotWanted:
		return text.T("practices.obstacle.not_wanted", "did not want to")
	case Other:
		return text.T("practices.obstacle.other", "something else")
	}
	return ""
}

// Log is one use of a practice as one partner tells it. Nil ratings were not asked.
type Log struct {
	ID           ids.ID
	AssignmentID ids.ID
	CoupleID     ids.ID
	Partner      clients.Slot
	On           day.Day   // the day on the writer's wall
	At           time.Time // when, in UTC
	Zone         string    // the writer's time zone
	Minutes      int
	Result       Result
	Helpfulness  *int // 0 to 10
	Difficulty   *int // 0 to 10
	Obstacle     Obstacle
	Noticed      string
	NextChange   string
	Access       clients.Access
}

// Validate returns one fault.BadInput per field, joined; nil when it can be saved.
func (l *Log) Validate() error {
	var errs []error
	bad := func(is bool, field, sentence string) {
		if is {
			errs = append(errs, fault.Input(field, sentence))
		}
	}
	scale := func(n *int) bool { return n != nil && (*n < 0 || *n > 10) }
	bad(l.Partner != clients.SlotA && l.Partner != clients.SlotB, "partner", text.T("log.partner", "Say who tells this."))
	bad(l.On.IsZero(), "on", text.T("log.on", "Choose the day."))
	bad(l.Minutes < 0 || l.Minutes > 24*60, "minutes", text.T("log.minutes", "The minutes of one day are 0 to 1440."))
	bad(!slices.Contains(Results(), l.Result), "result", text.T("log.result", "Say how it went."))
	bad(scale(l.Helpfulness), "helpfulness", text.T("log.scale", "Choose a number from 0 to 10."))
	bad(scale(l.Difficulty), "difficulty", text.T("log.scale", "Choose a number from 0 to 10."))
	bad(l.Obstacle != NoObstacle && !slices.Contains(Obstacles(), l.Obstacle), "obstacle", text.T("log.obstacle", "Choose from the list what got in the way."))
	bad(utf8.RuneCountInString(l.Noticed) > maxShort, "noticed", text.T("assignment.long", "Keep it under %d characters.", maxShort))
	bad(utf8.RuneCountInString(l.NextChange) > maxShort, "next_change", text.T("assignment.long", "Keep it under %d characters.", maxShort))
	if _, err := time.LoadLocation(l.Zone); err != nil {
		bad(true, "zone", text.T("log.zone", "This time zone is not known."))
	}
	if err := l.Access.Validate(); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
