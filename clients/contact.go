package clients

import (
	"context"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// NeutralTitle is what everything outside the program is called that stands for a session:
// no names, no kind, no place (rule PV-35).
func NeutralTitle() string { return text.T("contact.neutral", "Appointment") }

// Outgoing is something that is about to be made for a person outside the program.
type Outgoing string

// What can be made. Paper is what the coach hands over or sends: a report, a sheet.
const (
	OutLetter   Outgoing = "letter"
	OutEmail    Outgoing = "email"
	OutText     Outgoing = "text"
	OutCall     Outgoing = "call"
	OutLabel    Outgoing = "label"
	OutICS      Outgoing = "ics"
	OutReminder Outgoing = "reminder"
	OutPaper    Outgoing = "paper"
)

// Outgoings are the kinds that there are.
func Outgoings() []Outgoing {
	return []Outgoing{OutLetter, OutEmail, OutText, OutCall, OutLabel, OutICS, OutReminder, OutPaper}
}

// address is which of the person's addresses a kind goes to, "" for none: it is handed over.
func (o Outgoing) address() string {
	switch o {
	case OutLetter, OutLabel:
		return "post"
	case OutEmail, OutICS:
		return "email"
	case OutText, OutReminder:
		return "text"
	case OutCall:
		return "phone"
	}
	return ""
}

// leavesWord says whether the thing stays lying about for others to find.
func (o Outgoing) leavesWord() bool { return o != OutCall && o != OutPaper }

// Shared are the addresses that others read too, as they can be ticked.
func SharedAddresses() []string { return []string{"email", "phone", "post"} }

// IsShared says whether others read what comes to an address of the person.
func (s SafeContact) IsShared(address string) bool {
	if address == "text" {
		address = "phone"
	}
	return slices.Contains(strings.Fields(s.Shared), address)
}

// Reach is how a person may be reached: what was said, and what follows from the record.
type Reach struct {
	Person Person
	// Same are the addresses that the partner has too.
	Same []string
}

// shared says whether somebody else reads what comes to an address.
func (r Reach) shared(address string) bool {
	if address == "text" {
		address = "phone"
	}
	return r.Person.Safe.IsShared(address) || slices.Contains(r.Same, address)
}

// May is nil when a thing may be made for the person, else the refusal with its
// explanation (rule PV-32). Individual says that it holds something of that person alone:
// where an address is shared, that is never made. What is handed over is not refused; Mind
// says what to mind.
func (r Reach) May(o Outgoing, individual bool) error {
	if !slices.Contains(Outgoings(), o) {
		return fault.Input("for", text.T("contact.kind", "Say what it is for: letter, email, text, call, label, ics, reminder or paper."))
	}
	address, safe, name := o.address(), r.Person.Safe, r.Person.Short()
	if address == "" {
		return nil
	}
	refuse := func(sentence string) error {
		return fault.New(fault.Refused, sentence, text.T("contact.hint", "How they may be reached stands under People & consent. Nothing was made."))
	}
	switch {
	case individual && r.shared(address):
		return refuse(text.T("contact.shared", "Somebody else reads what comes to this address of %s, so nothing of theirs alone goes there.", name))
	case safe.Message == "no" && o.leavesWord() && safe.Channel != address:
		return refuse(text.T("contact.no_message", "No message may be left for %s.", name))
	case safe.Channel != "" && safe.Channel != "other" && safe.Channel != address:
		return refuse(text.T("contact.channel", "%s may be reached only so: %s.", name, safe.Words()))
	case safe.Channel == "other":
		return refuse(text.T("contact.channel", "%s may be reached only so: %s.", name, safe.Words()))
	}
	return nil
}

// Mind is what to mind before something reaches the person, "" for nothing said.
func (r Reach) Mind() string {
	out := []string{}
	if w := r.Person.Safe.Words(); w != "" {
		out = append(out, w)
	}
	for _, a := range r.Same {
		if !r.Person.Safe.IsShared(a) {
			out = append(out, alsoRead(a))
		}
	}
	return strings.Join(out, " · ")
}

// Reach reads how a person of a record may be reached. Only the coach is told.
func (s *Store) Reach(ctx context.Context, aud Audience, person ids.ID) (Reach, error) {
	if !aud.IsCoach() {
		return Reach{}, NotFound()
	}
	q := s.cb.Reader()
	p, err := loadPerson(ctx, q, aud, person)
	if err != nil {
		return Reach{}, err
	}
	r := Reach{Person: p}
	for address, column := range map[string]string{"email": "email", "phone": "phone"} {
		var same bool
		// Whoever is in a record with the person, in any: the address itself is shared.
		err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM couple c JOIN person o ON o.id = iif(c.a_id = ?1, c.b_id, c.a_id) JOIN person p ON p.id = ?1
 WHERE (c.a_id = ?1 OR c.b_id = ?1) AND c.deleted = 0 AND o.id <> p.id AND o.deleted = 0 AND p.`+column+` <> '' AND lower(o.`+column+`) = lower(p.`+column+`))`, person).Scan(&same)
		if err != nil {
			return Reach{}, err
		}
		if same {
			r.Same = append(r.Same, address)
		}
	}
	slices.Sort(r.Same)
	return r, nil
}

// SetSafeContact changes how a person may be reached.
func (s *Store) SetSafeContact(ctx context.Context, person ids.ID, safe SafeContact) error {
	return s.cb.Write(ctx, "person.safe", func(tx *casebook.Tx) error {
		p, err := loadPerson(ctx, tx, Audience{reader: CoachView}, person)
		if err != nil {
			return err
		}
		p.Safe = safe
		return storePerson(tx, p)
	})
}
