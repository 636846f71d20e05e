package clients

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// ContactMonths is for how long an entry of the directory counts as looked at.
const ContactMonths = 12

// The kinds of entries in the directory.
const (
	ContactEmergency  = "emergency" // numbers for now
	ContactSpecialist = "specialist"
	ContactHealth     = "health"
	ContactLegal      = "legal"
	ContactOther      = "other"
)

// ContactKinds are the kinds in the order of the list.
func ContactKinds() []string {
	return []string{ContactEmergency, ContactSpecialist, ContactHealth, ContactLegal, ContactOther}
}

// ContactKindWords is a kind as it is shown.
func ContactKindWords(kind string) string {
	switch kind {
	case ContactEmergency:
		return text.T("directory.emergency", "Emergency")
	case ContactSpecialist:
		return text.T("directory.specialist", "Specialist service")
	case ContactHealth:
		return text.T("directory.health", "Health")
	case ContactLegal:
		return text.T("directory.legal", "Law and custody")
	}
	return text.T("directory.other", "Other help")
}

// ReferralContact is an entry of the directory: to whom clients can be sent. Nothing of a
// client stands in it.
type ReferralContact struct {
	ID         ids.ID
	Name       string
	Kind       string
	Region     string
	Phone      string
	Web        string
	Hours      string
	Note       string
	VerifiedOn day.Day // when somebody last made sure that it is right
}

// Stale says whether nobody made sure for a year that an entry is right.
func (c ReferralContact) Stale(on day.Day) bool {
	return c.VerifiedOn.IsZero() || c.VerifiedOn.AddMonths(ContactMonths) < on
}

// Validate returns one fault for each field that cannot be stored.
func (c ReferralContact) Validate() error {
	var errs []error
	if OneLine(c.Name) == "" {
		errs = append(errs, fault.Input("name", text.T("directory.name", "Write the name of the service or the person.")))
	}
	switch c.Kind {
	case ContactEmergency, ContactSpecialist, ContactHealth, ContactLegal, ContactOther:
	default:
		errs = append(errs, fault.Input("kind", text.T("directory.kind", "Choose what kind of help this is.")))
	}
	if OneLine(c.Phone) == "" && OneLine(c.Web) == "" && OneLine(c.Note) == "" {
		errs = append(errs, fault.Input("phone", text.T("directory.reach", "Write how it is reached: a number, an address, or a word.")))
	}
	if _, err := day.Parse(string(c.VerifiedOn)); err != nil {
		errs = append(errs, fault.Input("verified_on", text.T("clients.day", "Write the day like 2026-11-22.")))
	}
	return errors.Join(errs...)
}

// SaveContact stores an entry of the directory, new or changed.
func (s *Store) SaveContact(ctx context.Context, c ReferralContact) (ids.ID, error) {
	for _, f := range []*string{&c.Name, &c.Region, &c.Phone, &c.Web, &c.Hours, &c.Note} {
		*f = OneLine(*f)
	}
	if c.ID.IsZero() {
		c.ID = ids.New()
	}
	err := s.cb.Write(ctx, "directory.save", func(tx *casebook.Tx) error {
		if err := errors.Join(c.Validate(), byNow(tx, "verified_on", c.VerifiedOn)); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO referral_contact (id, name, kind, region, phone, web, hours, note, verified_on, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, region = excluded.region, phone = excluded.phone, web = excluded.web, hours = excluded.hours, note = excluded.note, verified_on = excluded.verified_on`,
			c.ID, c.Name, c.Kind, c.Region, c.Phone, c.Web, c.Hours, c.Note, c.VerifiedOn, tx.Now.UnixMilli())
		return err
	})
	return c.ID, err
}

// VerifyContact notes that an entry was made sure of today.
func (s *Store) VerifyContact(ctx context.Context, id ids.ID) error {
	return s.cb.Write(ctx, "directory.verify", func(tx *casebook.Tx) error {
		return one(tx.Exec(`UPDATE referral_contact SET verified_on = ? WHERE id = ?`, today(tx), id))
	})
}

// DeleteContact takes an entry out of the directory; RestoreContact undoes it.
func (s *Store) DeleteContact(ctx context.Context, id ids.ID) error {
	return s.flag(ctx, "directory.delete", "referral_contact", "deleted", id, true)
}

// RestoreContact undoes DeleteContact.
func (s *Store) RestoreContact(ctx context.Context, id ids.ID) error {
	return s.flag(ctx, "directory.restore", "referral_contact", "deleted", id, false)
}

// Contacts is the directory, what is for emergencies first.
func (s *Store) Contacts(ctx context.Context) ([]ReferralContact, error) {
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, c *ReferralContact) error {
		return r.Scan(&c.ID, &c.Name, &c.Kind, &c.Region, &c.Phone, &c.Web, &c.Hours, &c.Note, &c.VerifiedOn)
	}, `SELECT id, name, kind, region, phone, web, hours, note, verified_on FROM referral_contact WHERE deleted = 0
 ORDER BY CASE kind WHEN 'emergency' THEN 0 WHEN 'specialist' THEN 1 WHEN 'health' THEN 2 WHEN 'legal' THEN 3 ELSE 4 END, name COLLATE NOCASE, id`)
}

// ReferralOutcome is what became of a referral.
type ReferralOutcome string

// The outcomes of a referral.
const (
	ReferralOpen     ReferralOutcome = "open"
	ReferralTaken    ReferralOutcome = "taken"
	ReferralDeclined ReferralOutcome = "declined"
	ReferralNoPlace  ReferralOutcome = "no_place"
	ReferralEnded    ReferralOutcome = "ended"
)

// ReferralOutcomes are the outcomes in the order of the forms.
func ReferralOutcomes() []ReferralOutcome {
	return []ReferralOutcome{ReferralOpen, ReferralTaken, ReferralDeclined, ReferralNoPlace, ReferralEnded}
}

// Words is the outcome as it is shown.
func (o ReferralOutcome) Words() string {
	switch o {
	case ReferralTaken:
		return text.T("referral.taken", "taken up")
	case ReferralDeclined:
		return text.T("referral.declined", "not wanted")
	case ReferralNoPlace:
		return text.T("referral.no_place", "no place there")
	case ReferralEnded:
		return text.T("referral.ended", "ended")
	}
	return text.T("referral.open", "offered")
}

// Referral is that clients, or one of them, were sent to somebody else. The coach alone
// ever sees it.
type Referral struct {
	ID        ids.ID
	CoupleID  ids.ID
	PersonID  ids.ID // zero for both
	ContactID ids.ID // of the directory; zero for somebody else
	ToWhom    string
	Reason    string
	On        day.Day
	Outcome   ReferralOutcome
	OutcomeOn day.Day
	Note      string
}

// Validate returns one fault for each field that cannot be stored.
func (r Referral) Validate() error {
	var errs []error
	if r.ContactID.IsZero() && OneLine(r.ToWhom) == "" {
		errs = append(errs, fault.Input("to_whom", text.T("referral.to", "Choose to whom, or write it.")))
	}
	if d, err := day.Parse(string(r.On)); err != nil || d == "" {
		errs = append(errs, fault.Input("referred_on", text.T("clients.day", "Write the day like 2026-11-22.")))
	}
	if _, err := day.Parse(string(r.OutcomeOn)); err != nil {
		errs = append(errs, fault.Input("outcome_on", text.T("clients.day", "Write the day like 2026-11-22.")))
	}
	switch r.Outcome {
	case ReferralOpen, ReferralTaken, ReferralDeclined, ReferralNoPlace, ReferralEnded:
	default:
		errs = append(errs, fault.Input("outcome", text.T("referral.outcome", "Choose what became of it.")))
	}
	return errors.Join(errs...)
}

// SaveReferral stores a referral, new or changed.
func (s *Store) SaveReferral(ctx context.Context, r Referral) (ids.ID, error) {
	r.ToWhom, r.Reason, r.Note = OneLine(r.ToWhom), strings.TrimSpace(r.Reason), strings.TrimSpace(r.Note)
	if r.ID.IsZero() {
		r.ID = ids.New()
	}
	err := s.cb.Write(ctx, "referral.save", func(tx *casebook.Tx) error {
		if err := errors.Join(r.Validate(), byNow(tx, "referred_on", r.On)); err != nil {
			return err
		}
		c, err := LoadCouple(ctx, tx, Audience{reader: CoachView}, r.CoupleID)
		if err != nil {
			return err
		}
		subject := SubjectBoth
		if slot := c.SlotOf(r.PersonID); slot != "" {
			subject = slot.Subject()
		} else if !r.PersonID.IsZero() {
			return fault.Input("person", text.T("clients.not_in_record", "This person is not in the record."))
		}
		_, err = tx.Exec(`INSERT INTO referral (id, couple_id, person_id, contact_id, to_whom, reason, referred_on, outcome, outcome_on, note, subject, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (id) DO UPDATE SET person_id = excluded.person_id, contact_id = excluded.contact_id, to_whom = excluded.to_whom, reason = excluded.reason, referred_on = excluded.referred_on, outcome = excluded.outcome, outcome_on = excluded.outcome_on, note = excluded.note, subject = excluded.subject`,
			r.ID, r.CoupleID, r.PersonID, r.ContactID, r.ToWhom, r.Reason, r.On, r.Outcome, r.OutcomeOn, r.Note, subject, tx.Now.UnixMilli())
		if err != nil {
			return err
		}
		return touchedSafety(tx, r.CoupleID, r.PersonID, "referral", r.ID)
	})
	return r.ID, err
}

// Referrals are the referrals of a record, the latest first. Only the coach is told.
func (s *Store) Referrals(ctx context.Context, aud Audience, couple ids.ID) ([]Referral, error) {
	return casebook.Collect(ctx, s.cb.Reader(), func(rows *sql.Rows, r *Referral) error {
		return rows.Scan(&r.ID, &r.CoupleID, &r.PersonID, &r.ContactID, &r.ToWhom, &r.Reason, &r.On, &r.Outcome, &r.OutcomeOn, &r.Note)
	}, `SELECT r.id, r.couple_id, r.person_id, r.contact_id, coalesce(nullif(r.to_whom, ''), (SELECT k.name FROM referral_contact k WHERE k.id = r.contact_id), ''), r.reason, r.referred_on, r.outcome, r.outcome_on, r.note
 FROM referral r WHERE r.couple_id = ? AND r.deleted = 0 AND ? AND `+aud.Gate("r")+` ORDER BY r.referred_on DESC, r.id DESC`, couple, aud.IsCoach())
}
