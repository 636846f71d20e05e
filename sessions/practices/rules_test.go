package practices

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// faultFields are the fields of all faults joined in err.
func faultFields(err error) []string {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var out []string
		for _, e := range joined.Unwrap() {
			out = append(out, faultFields(e)...)
		}
		return out
	}
	var f *fault.Error
	if errors.As(err, &f) {
		return []string{f.Field}
	}
	return nil
}

type vectors struct {
	Adherence []struct {
		Planned, Done int
		Rate          *float64
	}
	MedianUnderstood float64 `json:"conflict_median_understood"`
}

func readVectors(t *testing.T) (v vectors) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "quizzes", "testdata", "scoring.json")) // the one file of worked vectors
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAdherenceVectors(t *testing.T) {
	v := readVectors(t)
	if len(v.Adherence) != 5 {
		t.Fatalf("%d vectors, want 5", len(v.Adherence))
	}
	for _, x := range v.Adherence {
		got, ok := Adherence(x.Done, x.Planned)
		if ok != (x.Rate != nil) || (ok && math.Abs(got-*x.Rate) > 5e-5) {
			t.Errorf("%d of %d is %v, %v; want %v", x.Done, x.Planned, got, ok, x.Rate)
		}
	}
	if got, _ := Adherence(49, 62); math.Abs(got-.7903) > 5e-5 {
		t.Errorf("49 of 62 is %v", got)
	}
}

func TestPercentNeedsFiveLogs(t *testing.T) {
	if _, ok := Percent(3, 4, 4); ok {
		t.Error("a percentage for four logs")
	}
	if p, ok := Percent(4, 7, 5); !ok || p != 57 {
		t.Errorf("4 of 7 is %d %%, %v", p, ok)
	}
	if _, ok := Percent(9, 0, 9); ok {
		t.Error("a percentage of nothing planned")
	}
}

func TestCountJoint(t *testing.T) {
	r := func(x Result) *Result { return &x }
	today := day.Day("2026-03-20")
	for name, c := range map[string]struct {
		use  JointUse
		want JointCount
	}{
		"both confirm":               {JointUse{On: "2026-03-19", A: r(Done), B: r(Partly)}, JointCount{Confirmed: 1}},
		"one, six days ago":          {JointUse{On: "2026-03-14", A: r(Done)}, JointCount{Waiting: 1}},
		"one, the seventh day":       {JointUse{On: "2026-03-13", B: r(Done)}, JointCount{Waiting: 1}},
		"one, the eighth day":        {JointUse{On: "2026-03-12", B: r(Done)}, JointCount{Unconfirmed: 1}},
		"the other says no":          {JointUse{On: "2026-03-01", A: r(Done), B: r(Skipped)}, JointCount{}},
		"both say no":                {JointUse{On: "2026-03-01", A: r(Tried), B: r(Skipped)}, JointCount{}},
		"one says no, nobody else":   {JointUse{On: "2026-03-01", A: r(Skipped)}, JointCount{}},
		"late answers still confirm": {JointUse{On: "2026-01-01", A: r(Done), B: r(Done)}, JointCount{Confirmed: 1}},
	} {
		if got := CountJoint([]JointUse{c.use}, today); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestPairPutsTheSameUseTogether(t *testing.T) {
	x, y := ids.New(), ids.New()
	log := func(a ids.ID, on day.Day, p clients.Slot, r Result) Log {
		return Log{AssignmentID: a, On: on, Partner: p, Result: r}
	}
	got := CountJoint(Pair([]Log{
		log(x, "2026-03-01", clients.SlotA, Done),
		log(y, "2026-03-01", clients.SlotB, Done), // another practice
		log(x, "2026-03-01", clients.SlotA, Done), // a second time that day
		log(x, "2026-03-01", clients.SlotB, Partly),
		log(x, "2026-03-02", clients.SlotB, Done),
		log(x, "2026-03-02", clients.SlotA, Skipped),
	}), "2026-04-01")
	if want := (JointCount{Confirmed: 1, Unconfirmed: 2}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestPlanned(t *testing.T) {
	for name, c := range map[string]struct {
		cadence  Cadence
		from, to day.Day
		want     int
	}{
		"daily for a week":         {Cadence{Times: 1, Every: EveryDay}, "2026-03-02", "2026-03-08", 7},
		"twice daily":              {Cadence{Times: 2, Every: EveryDay}, "2026-03-02", "2026-03-03", 4},
		"weekly before it is due":  {Cadence{Times: 1, Every: EveryWeek}, "2026-03-02", "2026-03-07", 0},
		"weekly when it is due":    {Cadence{Times: 1, Every: EveryWeek}, "2026-03-02", "2026-03-08", 1},
		"three a week, two weeks":  {Cadence{Times: 3, Every: EveryWeek}, "2026-03-02", "2026-03-15", 6},
		"over the end of summer":   {Cadence{Times: 1, Every: EveryDay}, "2026-10-24", "2026-10-26", 3},
		"over a leap day":          {Cadence{Times: 1, Every: EveryDay}, "2028-02-28", "2028-03-01", 3},
		"every two weeks at most":  {Cadence{Times: 1, Every: EveryTwoWeeks, AtMost: true}, "2026-03-02", "2026-06-02", 0},
		"as needed":                {Cadence{Every: AsNeeded}, "2026-03-02", "2026-06-02", 0},
		"once":                     {Cadence{Times: 1, Every: EveryOnce}, "2026-03-02", "2026-06-02", 1},
		"the wrong way round":      {Cadence{Times: 1, Every: EveryDay}, "2026-03-02", "2026-03-01", 0},
		"no first day":             {Cadence{Times: 1, Every: EveryDay}, "", "2026-03-01", 0},
		"three times a year, half": {Cadence{Times: 1, Every: EveryFourMonths}, "2026-01-01", "2026-07-02", 1},
	} {
		if got := c.cadence.Planned(c.from, c.to); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// However a stretch of time is cut into periods, the plans of the parts add up to the
// plan of the whole.
func TestPlansOfNeighbouringPeriodsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := day.Day("2026-01-01").Add(rapid.IntRange(0, 400).Draw(t, "start"))
		a := Assignment{
			Starts:  start,
			Cadence: Cadence{Times: rapid.IntRange(1, 5).Draw(t, "times"), Every: rapid.SampledFrom([]Every{EveryDay, EveryWeek, EveryTwoWeeks, EveryMonth, EveryOnce, EveryYear}).Draw(t, "every")},
		}
		if rapid.Bool().Draw(t, "ends") {
			a.Ends = start.Add(rapid.IntRange(0, 200).Draw(t, "length"))
		}
		from := start.Add(rapid.IntRange(-30, 60).Draw(t, "from"))
		mid := from.Add(rapid.IntRange(0, 100).Draw(t, "mid"))
		to := mid.Add(rapid.IntRange(0, 100).Draw(t, "to"))
		if got, want := a.Planned(from, mid)+a.Planned(mid.Add(1), to), a.Planned(from, to); got != want {
			t.Fatalf("the parts have %d, the whole %d", got, want)
		}
	})
}

func TestAssignmentValidate(t *testing.T) {
	good := Assignment{Practice: "pr-01", Target: ToBoth, Cadence: Cadence{Times: 1, Every: EveryDay}, Starts: "2026-03-01", State: Active, Access: ToBoth.DefaultAccess()}
	if err := good.Validate(); err != nil {
		t.Fatalf("a good one: %v", err)
	}
	bad := Assignment{Target: "C", Cue: strings.Repeat("x", maxShort+1), Size: strings.Repeat("ü", maxShort+1), Cadence: Cadence{Every: EveryDay}, Starts: "2026-03-02", Ends: "2026-03-01", Access: good.Access}
	want := []string{"practice", "target", "state", "ends", "cue", "size", "times"}
	if d := cmp.Diff(want, faultFields(bad.Validate())); d != "" {
		t.Error(d)
	}
	bad = good
	bad.Starts, bad.Access, bad.Cadence.Every = "", clients.Access{}, "sometimes"
	if d := cmp.Diff([]string{"starts", "cadence", "subject"}, faultFields(bad.Validate())); d != "" {
		t.Error(d)
	}
	if got := ToB.DefaultAccess().Visibility; got != clients.PartnerB {
		t.Errorf("what is given to B is visible to %s", got)
	}
}

func TestLogValidate(t *testing.T) {
	n := func(x int) *int { return &x }
	good := Log{Partner: clients.SlotA, On: "2026-03-01", Zone: "Europe/Warsaw", Minutes: 5, Result: Done, Helpfulness: n(10), Difficulty: n(0), Obstacle: Forgot, Access: clients.Access{Subject: "A", Visibility: "partner_A", Sensitivity: "normal"}}
	if err := good.Validate(); err != nil {
		t.Fatalf("a good one: %v", err)
	}
	bad := Log{Partner: "C", Zone: "Mars/Olympus", Minutes: -1, Result: "great", Helpfulness: n(11), Difficulty: n(-1), Obstacle: "rain", Noticed: strings.Repeat("x", maxShort+1), NextChange: strings.Repeat("x", maxShort+1), Access: good.Access}
	want := []string{"partner", "on", "minutes", "result", "helpfulness", "difficulty", "obstacle", "noticed", "next_change", "zone"}
	if d := cmp.Diff(want, faultFields(bad.Validate())); d != "" {
		t.Error(d)
	}
	for _, r := range Results() {
		if r.Words() == "" || r.Counts() != (r == Done || r == Partly) {
			t.Errorf("result %s", r)
		}
	}
	for _, o := range Obstacles() {
		if o.Words() == "" {
			t.Errorf("obstacle %s has no words", o)
		}
	}
}

func reasons(ls []Lock) []Condition {
	var out []Condition
	for _, l := range ls {
		out = append(out, l.Condition)
	}
	return out
}

// A bereavement four months ago locks the practice on mortality, whoever it happened
// to; after twelve months it is open again.
func TestBereavementLocksTheAdvancedPractice(t *testing.T) {
	p, err := ByID("pr-04")
	if err != nil {
		t.Fatal(err)
	}
	clear := []clients.Screen{{Outcome: clients.ScreenClear, HeldOn: "2026-10-01"}}
	facts := clients.JointFacts{Kind: clients.KindCouple, A: clear, B: clear}
	today := day.Day("2026-11-22")
	for _, c := range []struct {
		since  day.Day
		locked bool
	}{{"2026-07-20", true}, {"2025-11-23", true}, {"2025-11-22", false}, {"", false}} {
		n := Noted{Condition: Bereavement12m, Since: c.since}
		if n.Holds(today) != c.locked {
			t.Errorf("a loss on %q holds: %v", c.since, n.Holds(today))
			continue
		}
		var noted []Condition
		if n.Holds(today) {
			noted = []Condition{n.Condition}
		}
		got := reasons(p.Locked(ToA, SituationOf(facts, noted, today)))
		if !slices.Equal(got, noted) {
			t.Errorf("a loss on %q: locked by %v", c.since, got)
		}
	}
}

func TestPV30JointPracticesFollowTheRuleOnJointWork(t *testing.T) {
	screens := func(o clients.Outcome) []clients.Screen { return []clients.Screen{{Outcome: o, HeldOn: "2026-10-01"}} }
	today := day.Day("2026-11-22")
	couple := func(a, b []clients.Screen) Situation {
		return SituationOf(clients.JointFacts{Kind: clients.KindCouple, A: a, B: b}, nil, today)
	}
	overridden := SituationOf(clients.JointFacts{Kind: clients.KindCouple, A: screens(clients.ScreenClear), Override: "2026-12-01"}, nil, today)
	single := SituationOf(clients.JointFacts{Kind: clients.KindSingle, A: screens(clients.ScreenClear)}, nil, today)
	for name, c := range map[string]struct {
		id     string
		target Target
		s      Situation
		want   []Condition
	}{
		"both clear":                     {"pr-06", ToBoth, couple(screens(clients.ScreenClear), screens(clients.ScreenClear)), nil},
		"one screen is missing":          {"pr-03", ToBoth, couple(screens(clients.ScreenClear), nil), []Condition{JointNotAllowed}},
		"missing but overridden":         {"pr-03", ToBoth, overridden, nil},
		"conflict talks need them clear": {"pr-06", ToBoth, overridden, []Condition{AnyScreenNotClear}},
		"stop":                           {"pr-10", ToBoth, couple(screens(clients.ScreenClear), screens(clients.ScreenStop)), []Condition{JointNotAllowed}},
		"stop, given to one only":        {"pr-10", ToA, couple(screens(clients.ScreenClear), screens(clients.ScreenStop)), []Condition{JointNotAllowed}},
		"stop leaves individual work":    {"pr-07", ToA, couple(screens(clients.ScreenClear), screens(clients.ScreenStop)), nil},
		"individual work given to both":  {"pr-07", ToBoth, couple(screens(clients.ScreenClear), screens(clients.ScreenStop)), []Condition{JointNotAllowed}},
		"outside view is locked on stop": {"pr-14", ToB, couple(screens(clients.ScreenStop), screens(clients.ScreenClear)), []Condition{AnyScreenStop}},
		"a single client":                {"pr-09", ToA, single, nil},
	} {
		p, err := ByID(c.id)
		if err != nil {
			t.Fatal(err)
		}
		if got := reasons(p.Locked(c.target, c.s)); !slices.Equal(got, c.want) {
			t.Errorf("%s: locked by %v, want %v", name, got, c.want)
		}
	}
}

// Every lock of every practice locks, and nothing else does.
func TestEveryLockLocks(t *testing.T) {
	for _, p := range library14(t) {
		named := map[Condition]bool{}
		for _, l := range p.Locks {
			s := Situation{JointAllowed: true, Conditions: []Condition{l.Condition}}
			closed := p.Locked(ToA, s)
			if l.Scope != "" {
				if len(closed) != 0 {
					t.Errorf("%s: %s closes all of it", p.ID, l.Condition)
				}
				closed = p.LockedLevels(s)
			}
			if !slices.Equal(reasons(closed), []Condition{l.Condition}) {
				t.Errorf("%s: %s does not lock", p.ID, l.Condition)
			}
			named[l.Condition] = true
		}
		for _, c := range conditions {
			if !named[c] && len(p.Locked(ToA, Situation{JointAllowed: true, Conditions: []Condition{c}})) > 0 {
				t.Errorf("%s is locked by %s, which it does not name", p.ID, c)
			}
		}
	}
	if p, err := ByID("pr-10"); err != nil || len(p.LockedLevels(Situation{})) != 0 {
		t.Error("level 3 is closed in peace")
	}
}

// What has ended asks for no more uses, and what goes on again has no end in the past.
func TestAnEndedPracticeIsNotPlannedOn(t *testing.T) {
	a := Assignment{Cadence: Cadence{Times: 1, Every: EveryDay}, Starts: "2026-11-01", Ends: "2026-11-21", State: Active}
	a.Stop(Resting, "exams", "2026-11-10")
	if a.State != Resting || a.Reason != "exams" || a.Ends != "2026-11-21" {
		t.Errorf("resting: %+v", a)
	}
	a.Stop(Ended, "", "2026-11-10")
	if n := a.Planned("2026-11-01", "2026-11-30"); a.State != Ended || n != 10 {
		t.Errorf("ended, %d uses are planned: %+v", n, a)
	}
	a.Stop(Ended, "", "2026-11-15")
	if a.Ends != "2026-11-10" {
		t.Errorf("it had ended before: %+v", a)
	}
	a.Resume("2026-11-20")
	if n := a.Planned("2026-11-01", "2026-11-30"); a.State != Active || n != 10+11 {
		t.Errorf("going on, %d uses are planned: %+v", n, a)
	}
	early := Assignment{Cadence: a.Cadence, Starts: "2026-12-01", Ends: "2026-12-21"}
	if early.Stop(Ended, "", "2026-11-10"); early.Ends < early.Starts {
		t.Errorf("it ends before it begins: %+v", early)
	}
}

// A pause is no time in which something was not done: nothing is planned for it.
func TestAPauseIsNotPlanned(t *testing.T) {
	a := Assignment{Cadence: Cadence{Times: 2, Every: EveryWeek}, Starts: "2026-11-01", State: Active}
	planned := func(want int, when string) {
		t.Helper()
		if n := a.Planned("2026-11-01", "2026-11-28"); n != want {
			t.Errorf("%s: %d uses are planned, want %d (%+v)", when, n, want, a.Rests)
		}
	}
	planned(8, "active")
	a.Stop(Resting, "", "2026-11-07")
	planned(2, "resting")
	a.Stop(Resting, "still", "2026-11-09")
	planned(2, "resting on")
	a.Resume("2026-11-15")
	planned(6, "after a week of rest")
	a.Stop(Resting, "", "2026-11-21")
	a.Resume("2026-11-21")
	planned(6, "changed at once")
	if n := a.Planned("2026-11-08", "2026-11-14"); n != 0 {
		t.Errorf("%d uses are planned for the week of rest", n)
	}
	a.Stop(Resting, "", "2026-11-21")
	a.Stop(Ended, "", "2026-11-23")
	planned(4, "ended while it rested")
	a.Resume("2026-11-28")
	planned(5, "going on again on the last day, when one is due")
	later := Assignment{Cadence: Cadence{Times: 1, Every: EveryDay}, Starts: "2026-12-01", State: Active}
	later.Stop(Resting, "", "2026-11-20")
	later.Resume("2026-12-03")
	if n := later.Planned("2026-12-01", "2026-12-05"); n != 3 {
		t.Errorf("%d uses are planned after a late start", n)
	}
}
