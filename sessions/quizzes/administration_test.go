package quizzes

import (
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

var autumn = time.Date(2026, 9, 1, 18, 30, 0, 0, time.UTC)

func filled(t *testing.T, at time.Time) (*Definition, *Administration) {
	t.Helper()
	d := quiz(t, "icp-18")
	a := NewAdministration(d, ids.New(), ids.New(), at, "Asia/Shanghai", OnScreenAlone)
	for i := range d.Items {
		if err := a.SetAnswer(d, i, Is(i%5)); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.SetPicks(d, []string{"EM"}); err != nil {
		t.Fatal(err)
	}
	return d, &a
}

func TestLockedAdministrationNeverChanges(t *testing.T) {
	d, a := filled(t, autumn)
	if err := a.Lock(d, autumn.Add(time.Hour)); err != nil || !a.Locked() {
		t.Fatal(err)
	}
	before := FormatAnswers(a.Answers)
	for name, err := range map[string]error{
		"answer": a.SetAnswer(d, 0, Is(3)), "picks": a.SetPicks(d, nil), "lock": a.Lock(d, autumn),
	} {
		if !fault.Is(err, fault.Refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, err := a.Correction()
	if err != nil || c.Replaces != a.ID || c.ID == a.ID || c.Locked() {
		t.Fatalf("%+v %v", c, err)
	}
	if err := c.SetAnswer(d, 0, Answer{Status: PreferNot}); err != nil {
		t.Fatal(err)
	}
	c.Picks[0] = "IN"
	if FormatAnswers(a.Answers) != before || a.Picks[0] != "EM" {
		t.Error("correcting changed the locked one")
	}
	if err := c.Lock(d, autumn.Add(2*time.Hour)); err != nil {
		t.Error(err)
	}
	_, open := filled(t, autumn)
	if _, err := open.Correction(); !fault.Is(err, fault.Refused) {
		t.Errorf("an open one was corrected: %v", err)
	}
}

func TestOpenAdministrationTakesOnlyWhatIsOffered(t *testing.T) {
	d, a := filled(t, autumn)
	for name, err := range map[string]error{
		"code": a.SetAnswer(d, 2, Is(5)), "before the first": a.SetAnswer(d, -1, Is(1)), "after the last": a.SetAnswer(d, 18, Is(1)),
		"pick": a.SetPicks(d, []string{"EM", "IN", "AF"}),
	} {
		if !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := a.Validate(d); err != nil {
		t.Error(err)
	}
}

func TestValidateNamesEachField(t *testing.T) {
	d, whole := filled(t, autumn)
	for field, bend := range map[string]func(*Administration){
		"id":         func(a *Administration) { a.ID = ids.Nil },
		"couple":     func(a *Administration) { a.Couple = ids.Nil },
		"person":     func(a *Administration) { a.Person = ids.Nil },
		"instrument": func(a *Administration) { a.Hash = "0" },
		"taken_at":   func(a *Administration) { a.TakenAt = time.Time{} },
		"zone":       func(a *Administration) { a.Zone = "Mars/Base" },
		"mode":       func(a *Administration) { a.Mode = "telepathy" },
		"seconds":    func(a *Administration) { a.Seconds = -1 },
		"replaces":   func(a *Administration) { a.Replaces = a.ID },
		"3":          func(a *Administration) { a.Answers[2] = Is(5) },
		"18":         func(a *Administration) { a.Answers = a.Answers[:17] },
		"19":         func(a *Administration) { a.Picks = []string{"XX"} },
	} {
		a := *whole
		a.Answers = append([]Answer(nil), whole.Answers...)
		bend(&a)
		err := a.Validate(d)
		if f, ok := fault.As(err); !ok || f.Kind != fault.BadInput || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
		if lock := a.Lock(d, autumn); lock == nil || a.Locked() {
			t.Errorf("%s: locked all the same", field)
		}
	}
	empty := Administration{}
	many, ok := empty.Validate(d).(interface{ Unwrap() []error })
	if !ok || len(many.Unwrap()) != 8 {
		t.Errorf("%v", empty.Validate(d))
	}
}

func TestRetakeWarning(t *testing.T) {
	d, first := filled(t, autumn)
	for days, warned := range map[int]bool{0: true, 20: true, 21: false, 28: false, -1: false} {
		_, next := filled(t, autumn.AddDate(0, 0, days))
		got := RetakeWarning(d, first, next)
		if (got != "") != warned {
			t.Errorf("%d days: %q", days, got)
		}
	}
	// 1 September 23:30 UTC is the 2nd on the wall in Shanghai: 20 days to the 22nd.
	_, late := filled(t, time.Date(2026, 9, 1, 23, 30, 0, 0, time.UTC))
	_, next := filled(t, time.Date(2026, 9, 22, 1, 0, 0, 0, time.UTC))
	if got := RetakeWarning(d, late, next); !strings.Contains(got, "20 days ago") {
		t.Errorf("%q", got)
	}
	pulse := quiz(t, "pulse")
	a := NewAdministration(pulse, ids.New(), ids.New(), autumn, "Europe/Paris", Paper)
	if got := RetakeWarning(pulse, &a, &a); got != "" {
		t.Errorf("the pulse has no look-back to wait for: %q", got)
	}
}

func TestComparisonWarnings(t *testing.T) {
	d := quiz(t, "qmi")
	paper := NewAdministration(d, ids.New(), ids.New(), autumn, "Europe/Warsaw", Paper)
	phone := NewAdministration(d, ids.New(), ids.New(), autumn, "Europe/Warsaw", Phone)
	if got := ComparisonWarnings(&paper, &phone); len(got) != 1 || !strings.Contains(got[0], "first “On paper, keyed in”, then “By telephone”") {
		t.Errorf("%q", got)
	}
	other := paper
	other.Version = "2.0"
	if got := ComparisonWarnings(&paper, &other); len(got) != 1 || SameVersion(&paper, &other) {
		t.Errorf("%q", got)
	}
	if got := ComparisonWarnings(&paper, &paper); len(got) != 0 {
		t.Errorf("%q", got)
	}
}
