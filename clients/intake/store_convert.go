package intake

import (
	"context"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// Conversion says how an enquiry becomes a record. The zero value takes everything from
// the enquiry.
type Conversion struct {
	Kind    clients.Kind          // empty is the enquiry's
	A, B    ids.ID                // somebody already known takes the place instead of a new person
	Status  string                // how the two live
	Since   string                // together since
	Policy  clients.SecretsPolicy // empty is no secrets
	Coaches []ids.ID              // empty is the enquiry's coach
	Tags    []string
}

// Convert makes a couple or a single client of an enquiry, with an engagement, in one
// transaction. Names, contact data, zone, language, pronouns, safe contact and intent
// go over; message, calls and sheets stay linked to the record, and the history of
// stages goes on. An enquiry is converted once.
func (s *Store) Convert(ctx context.Context, enquiry ids.ID, o Conversion) (ids.ID, error) {
	var couple ids.ID
	err := s.cb.Write(ctx, "enquiry.convert", func(tx *casebook.Tx) error {
		e, err := loadEnquiry(tx.Context(), tx, enquiry)
		if err != nil {
			return err
		}
		if !e.CoupleID.IsZero() {
			return converted()
		}
		if couple, err = clients.InsertCouple(tx, o.record(e)); err != nil {
			return err
		}
		if err := touched(tx.Exec(`UPDATE enquiry SET couple_id = ? WHERE id = ?`, couple, enquiry)); err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE discovery_call SET couple_id = ? WHERE enquiry_id = ?`, couple, enquiry)
		return err
	})
	return couple, err
}

// record is what the new record begins with.
func (o Conversion) record(e Enquiry) clients.NewCouple {
	a, b := e.A, e.B
	if !o.A.IsZero() {
		a = clients.Person{ID: o.A}
	}
	if !o.B.IsZero() {
		b = clients.Person{ID: o.B}
	}
	coaches := o.Coaches
	if len(coaches) == 0 && !e.CoachID.IsZero() {
		coaches = []ids.ID{e.CoachID}
	}
	kind := o.Kind
	if kind == "" {
		kind = e.Kind
	}
	n := clients.NewCouple{
		A: &a, B: &b, Status: o.Status, Since: o.Since, Tags: o.Tags, Stage: string(e.Stage), StageAt: e.StageAt,
		Engagement: &clients.Engagement{Intent: e.Intent, Policy: o.Policy, Coaches: coaches},
	}
	if kind == clients.KindSingle {
		if e.BookedBy == "b" && o.A.IsZero() && !b.IsEmpty() {
			n.A = &b // who wrote is the client
		}
		n.B = nil
	}
	return n
}
