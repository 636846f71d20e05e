package quizzes

import (
	"errors"
	"slices"
	"time"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Administration is one filling-in of one version of a quiz by one person at one
// time (rule Q-16). Once locked it never changes; a correction is a new
// administration that replaces it.
type Administration struct {
	ID         ids.ID
	Couple     ids.ID // the couple or single client whose record it stands in
	Person     ids.ID // who answered
	Instrument string
	Version    string
	Hash       string    // of the definition
	TakenAt    time.Time // UTC
	Zone       string    // IANA name of the zone it was taken in
	Mode       Mode
	KeyedBy    ids.ID // the coach who keyed it in; zero if the person did
	Seconds    int    // how long it took; 0 is not timed
	Answers    []Answer
	Picks      []string  // channels chosen at the end, unscored
	LockedAt   time.Time // UTC; zero while it can still change
	Replaces   ids.ID    // the administration that this one corrects
}

// maxSeconds is a day: a longer filling-in is a clock that went wrong.
const maxSeconds = 24 * 60 * 60

// NewAdministration starts an empty filling-in of d at a moment in a zone, every
// item skipped.
func NewAdministration(d *Definition, couple, person ids.ID, at time.Time, zone string, mode Mode) Administration {
	return Administration{
		ID: ids.New(), Couple: couple, Person: person,
		Instrument: d.ID, Version: d.Version, Hash: d.Hash(),
		TakenAt: at.UTC(), Zone: zone, Mode: mode, Answers: make([]Answer, len(d.Items)),
	}
}

// Locked says whether the administration can no longer change.
func (a *Administration) Locked() bool { return !a.LockedAt.IsZero() }

// SetAnswer gives the answer to the item at index i of the definition. It is
// fault.Refused once locked, and fault.BadInput for an answer that is not offered.
func (a *Administration) SetAnswer(d *Definition, i int, answer Answer) error {
	if a.Locked() {
		return errLocked()
	}
	if i < 0 || i >= len(a.Answers) || i >= len(d.Items) {
		return fault.Input("answers", text.T("quiz.admin_no_item", "There is no item number %d.", i+1))
	}
	if err := checkAnswer(d, i, answer); err != nil {
		return err
	}
	a.Answers[i] = answer
	return nil
}

// SetPicks chooses the channels of the last item; fault.Refused once locked.
func (a *Administration) SetPicks(d *Definition, picks []string) error {
	if a.Locked() {
		return errLocked()
	}
	if err := CheckPicks(d, picks); err != nil {
		return err
	}
	a.Picks = append([]string(nil), picks...)
	return nil
}

// Lock makes the administration final after checking it whole.
func (a *Administration) Lock(d *Definition, now time.Time) error {
	if a.Locked() {
		return errLocked()
	}
	if err := a.Validate(d); err != nil {
		return err
	}
	a.LockedAt = now.UTC()
	return nil
}

// Correction is an open copy under a new id that replaces this locked one.
func (a *Administration) Correction() (Administration, error) {
	if !a.Locked() {
		return Administration{}, fault.New(fault.Refused, text.T("quiz.admin_open", "This quiz is still open: change it directly."), "")
	}
	c := *a
	c.ID, c.Replaces, c.LockedAt = ids.New(), a.ID, time.Time{}
	c.Answers = append([]Answer(nil), a.Answers...)
	c.Picks = append([]string(nil), a.Picks...)
	return c, nil
}

func errLocked() error {
	return fault.New(fault.Refused,
		text.T("quiz.admin_locked", "This quiz is locked and keeps its answers."),
		text.T("quiz.admin_locked_hint", "Make a correction: it replaces this one and both are kept."))
}

// Validate checks the administration against the definition it was filled in with.
// The error holds one fault.BadInput for every field that is off.
func (a *Administration) Validate(d *Definition) error {
	var errs []error
	add := func(field, sentence string) { errs = append(errs, fault.Input(field, sentence)) }
	if a.ID.IsZero() {
		add("id", text.T("quiz.admin_id", "The quiz has no id."))
	}
	if a.Couple.IsZero() {
		add("couple", text.T("quiz.admin_couple", "Whose record does it belong to?"))
	}
	if a.Person.IsZero() {
		add("person", text.T("quiz.admin_person", "Who answered?"))
	}
	if a.Instrument != d.ID || a.Version != d.Version || a.Hash != d.Hash() {
		add("instrument", text.T("quiz.admin_definition", "It was filled in with another version of this quiz."))
	}
	if a.TakenAt.IsZero() {
		add("taken_at", text.T("quiz.admin_taken", "When was it filled in?"))
	}
	if _, err := time.LoadLocation(a.Zone); err != nil || a.Zone == "" || a.Zone == "Local" {
		add("zone", text.T("quiz.admin_zone", "%q is not a time zone like Europe/Berlin.", a.Zone))
	}
	if !slices.Contains(Modes(), a.Mode) {
		add("mode", text.T("quiz.admin_mode", "How was it filled in?"))
	}
	if a.Seconds < 0 || a.Seconds > maxSeconds {
		add("seconds", text.T("quiz.admin_seconds", "The time it took must be from 0 seconds to one day."))
	}
	if a.Replaces == a.ID && !a.ID.IsZero() {
		add("replaces", text.T("quiz.admin_replaces", "A quiz cannot replace itself."))
	}
	if err := CheckAnswers(d, a.Answers); err != nil {
		errs = append(errs, err)
	}
	if err := CheckPicks(d, a.Picks); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// TakenOn is the calendar day on the wall where the quiz was filled in.
func (a *Administration) TakenOn() day.Day { return day.Of(day.Clock(a.TakenAt, a.Zone)) }

// RetakeWarning says that the quiz is taken again before its look-back has passed
// (rule Q-15), or nothing. It never forbids.
func RetakeWarning(d *Definition, last, next *Administration) string {
	if d.RetakeDays == 0 || last.Instrument != next.Instrument {
		return ""
	}
	days := next.TakenOn().Sub(last.TakenOn())
	if days < 0 || days >= d.RetakeDays {
		return ""
	}
	return text.T("quiz.retake", "The last time was %d days ago. The questions look back over %s, so the answers overlap before %d days have passed.", days, d.LookBack, d.RetakeDays)
}

// ComparisonWarnings say why two administrations of a quiz are hard to compare:
// another way of asking, another version. Lines are never joined across versions.
func ComparisonWarnings(first, second *Administration) []string {
	var warnings []string
	if first.Mode != second.Mode {
		warnings = append(warnings, text.T("quiz.mode_differs", "The two times were asked in different ways: first “%s”, then “%s”. That alone can move a score.", first.Mode.Words(), second.Mode.Words()))
	}
	if !SameVersion(first, second) {
		warnings = append(warnings, text.T("quiz.version_differs", "The two times used different versions of the quiz. They are not compared."))
	}
	return warnings
}

// SameVersion says whether both used the very same definition.
func SameVersion(a, b *Administration) bool {
	return a.Instrument == b.Instrument && a.Version == b.Version && a.Hash == b.Hash
}
