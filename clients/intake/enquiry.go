package intake

import (
	"errors"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Enquiry is somebody's first word to the practice. Everything in it is the coach's
// alone until it becomes a couple or a single client.
type Enquiry struct {
	ID            ids.ID
	ReceivedAt    time.Time
	Source        string
	Kind          clients.Kind // what it seems to become
	BookedBy      string       // who wrote: a, b, both
	A, B          clients.Person
	SharedAddress bool // the two share a mailbox or a telephone
	BothAgreed    bool // both agreed to messages to the shared address
	Message       string
	Intent        string
	CoachID       ids.ID
	CallAt        time.Time // the discovery call that is booked
	NextStep      string
	NextOn        day.Day
	Done          []FollowUpDone
	Stage         Stage
	StageAt       time.Time
	CoupleID      ids.ID // the record it became
	Archived      bool
	Deleted       bool
	CreatedAt     time.Time
}

// FollowUpDone is a follow-up that was carried out: which, by its due day, and when.
type FollowUpDone struct {
	Due day.Day `json:"due"`
	On  day.Day `json:"on"`
}

// details is what of an enquiry has no column of its own.
type details struct {
	A             contact        `json:"a"`
	B             contact        `json:"b"`
	SharedAddress bool           `json:"shared_address,omitempty"`
	BothAgreed    bool           `json:"both_agreed,omitempty"`
	Done          []FollowUpDone `json:"done,omitempty"`
}

// contact is a person without the names that have columns.
type contact struct {
	Order     clients.NameOrder `json:"name_order,omitempty"`
	Latin     string            `json:"latin_name,omitempty"`
	Say       string            `json:"say_name,omitempty"`
	Pronouns  string            `json:"pronouns,omitempty"`
	Language  string            `json:"language,omitempty"`
	Zone      string            `json:"zone,omitempty"`
	BirthYear int               `json:"birth_year,omitempty"`
	Email     string            `json:"email,omitempty"`
	Phone     string            `json:"phone,omitempty"`
	Channel   string            `json:"safe_channel,omitempty"`
	When      string            `json:"safe_when,omitempty"`
	Message   string            `json:"safe_message,omitempty"`
	Note      string            `json:"safe_note,omitempty"`
	Shared    string            `json:"safe_shared,omitempty"`
}

func contactOf(p clients.Person) contact {
	return contact{p.Order, p.Latin, p.Say, p.Pronouns, p.Language, p.Zone, p.BirthYear, p.Email, p.Phone, p.Safe.Channel, p.Safe.When, p.Safe.Message, p.Safe.Note, p.Safe.Shared}
}

func (c contact) person(given, family string) clients.Person {
	return clients.Person{
		Name: clients.Name{Given: given, Family: family, Order: c.Order, Latin: c.Latin}, Say: c.Say, Pronouns: c.Pronouns, Language: c.Language, Zone: c.Zone,
		BirthYear: c.BirthYear, Email: c.Email, Phone: c.Phone, Safe: clients.SafeContact{Channel: c.Channel, When: c.When, Message: c.Message, Note: c.Note, Shared: c.Shared},
	}
}

// Validate returns one fault for each field that cannot be stored; a partner's fields
// begin with a_ or b_.
func (e Enquiry) Validate() error {
	var errs []error
	if e.Kind != clients.KindCouple && e.Kind != clients.KindSingle {
		errs = append(errs, fault.Input("kind", text.T("clients.kind", "This is either a couple or a single client.")))
	}
	switch e.BookedBy {
	case "a", "b", "both":
	default:
		errs = append(errs, fault.Input("booked_by", text.T("intake.booked_by", "Say who wrote.")))
	}
	if e.A.IsEmpty() && e.B.IsEmpty() && e.A.Email == "" && e.A.Phone == "" {
		errs = append(errs, fault.Input("a_given_name", text.T("intake.need_name", "Write a name, an e-mail address or a telephone number.")))
	}
	if _, err := day.Parse(string(e.NextOn)); err != nil {
		errs = append(errs, fault.Input("next_on", text.T("sheet.day", "Write the day like 2026-11-22.")))
	}
	errs = append(errs, prefixed("a_", e.A.Validate()), prefixed("b_", e.B.Validate()))
	return errors.Join(errs...)
}

// prefixed puts a prefix before the field of each fault in err.
func prefixed(prefix string, err error) error {
	if err == nil {
		return nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var out []error
		for _, e := range many.Unwrap() {
			out = append(out, prefixed(prefix, e))
		}
		return errors.Join(out...)
	}
	if f, ok := fault.As(err); ok {
		g := *f
		g.Field = prefix + f.Field
		return &g
	}
	return err
}

// Names are the names of those who enquire, as each wishes, without those not known.
func (e Enquiry) Names() []string {
	var out []string
	for _, p := range []clients.Person{e.A, e.B} {
		if !p.IsEmpty() {
			out = append(out, p.Full())
		}
	}
	return out
}

// Call is a discovery call with its sheet. Everything in it is the coach's alone.
type Call struct {
	ID        ids.ID
	EnquiryID ids.ID
	CoupleID  ids.ID
	HeldAt    time.Time
	Minutes   int
	Sheet     Sheet
	Deleted   bool
}

// sensitivity is how careful to be with the sheet.
func (s Sheet) sensitivity() clients.Sensitivity {
	if s.Fit.Unsafe() {
		return clients.Safety
	}
	for _, x := range s.Exclusions {
		if x == "fear_violence" || x == "self_harm" || x == "child_protection" {
			return clients.Safety
		}
	}
	return clients.Sensitive
}
