package clients

import (
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Kind tells a couple from a single client.
type Kind string

// The kinds of client records.
const (
	KindCouple Kind = "couple"
	KindSingle Kind = "single" // one person in slot A; a partner may join later
)

// Couple is the record of two persons in neutral slots, or of a single client. Which
// slot somebody has means nothing.
type Couple struct {
	ID        ids.ID
	Kind      Kind
	A, B      ids.ID // B is zero for a single client
	Status    string // free words: engaged, living together, long-distance
	Since     string // together since: a year, a month "2015-06" or a day
	Stage     string // the pipeline stage; changed by intake alone
	StageAt   time.Time
	Archived  bool
	Deleted   bool
	CreatedAt time.Time
}

var sinceForm = regexp.MustCompile(`^\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?$`)

// validSince says whether s is a year, a month, a day of the calendar, or nothing.
func validSince(s string) bool {
	if s == "" || !sinceForm.MatchString(s) {
		return s == ""
	}
	_, err := day.Parse((s + "-01-01")[:len("2006-01-02")])
	return err == nil
}

// Validate returns one fault for each field that cannot be stored.
func (c Couple) Validate() error {
	var errs []error
	switch {
	case c.Kind != KindCouple && c.Kind != KindSingle:
		errs = append(errs, fault.Input("kind", text.T("clients.kind", "This is either a couple or a single client.")))
	case c.A.IsZero():
		errs = append(errs, fault.Input("a", text.T("clients.need_a", "Say who this is.")))
	case c.Kind == KindCouple && c.B.IsZero():
		errs = append(errs, fault.Input("b", text.T("clients.need_b", "A couple is two people. Add the partner, or make a single client.")))
	case c.Kind == KindSingle && !c.B.IsZero():
		errs = append(errs, fault.Input("b", text.T("clients.single_b", "A single client has no partner in the record.")))
	case c.A == c.B:
		errs = append(errs, fault.Input("b", text.T("clients.same_person", "A couple is two different people.")))
	}
	if !validSince(c.Since) {
		errs = append(errs, fault.Input("together_since", text.T("clients.since", "Write a year, a month like 2015-06, or a day like 2015-06-20.")))
	}
	if utf8.RuneCountInString(c.Status) > MaxName {
		errs = append(errs, fault.Input("status", text.T("clients.too_long", "This has room for %d characters.", MaxName)))
	}
	return errors.Join(errs...)
}

// Person is who has the slot, zero when nobody has.
func (c Couple) Person(s Slot) ids.ID {
	if s == SlotB {
		return c.B
	}
	return c.A
}

// SlotOf is the slot of a person, "" for somebody who is not in the record.
func (c Couple) SlotOf(person ids.ID) Slot {
	switch {
	case person.IsZero():
		return ""
	case person == c.A:
		return SlotA
	case person == c.B:
		return SlotB
	}
	return ""
}

// MaxTag is how many characters a tag may have.
const MaxTag = 40

// cleanTags are the tags without blanks and repetitions (by Fold), in their order.
func cleanTags(tags []string) ([]string, error) {
	seen := map[string]bool{}
	var out []string
	for _, t := range tags {
		t = strings.Join(strings.Fields(OneLine(t)), " ")
		if utf8.RuneCountInString(t) > MaxTag {
			return nil, fault.Input("tags", text.T("clients.too_long", "This has room for %d characters.", MaxTag))
		}
		if k := Fold(t); t != "" && !seen[k] {
			seen[k] = true
			out = append(out, t)
		}
	}
	return out, nil
}

// PartnerLabel is what a slot is called where no name is known.
func PartnerLabel(s Slot, k Kind) string {
	switch {
	case k == KindSingle:
		return text.T("clients.unnamed", "No name yet")
	case s == SlotB:
		return text.T("clients.partner_b", "Partner B")
	}
	return text.T("clients.partner_a", "Partner A")
}
