package intake

import (
	"cmp"
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
	Client  clients.Slot          // who a single client is; empty is who wrote
	Status  string                // how the two live
	Since   string                // together since
	Policy  clients.SecretsPolicy // empty is no secrets
	Coaches []ids.ID              // empty is the enquiry's coach
	Tags    []string
}

// Convert makes a couple or a single client of an enquiry, with an engagement, in one
// transaction. Names, contact data, zone, language, pronouns, safe contact and intent
// go over, to somebody already known what was not known of them yet; message, calls and
// sheets stay linked to the record (OfCouple), and the history of stages goes on. An
// enquiry is converted once.
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
		n := o.record(e)
		if couple, err = clients.InsertCouple(tx, n); err != nil {
			return err
		}
		for _, x := range []struct {
			known ids.ID
			said  clients.Person
		}{{o.A, e.A}, {o.B, e.B}} {
			if !x.known.IsZero() && (n.A.ID == x.known || n.B != nil && n.B.ID == x.known) {
				if err := clients.FillPerson(tx, x.known, x.said); err != nil {
					return err
				}
			}
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
	a, b := who(o.A, e.A), who(o.B, e.B)
	coaches := o.Coaches
	if len(coaches) == 0 && !e.CoachID.IsZero() {
		coaches = []ids.ID{e.CoachID}
	}
	n := clients.NewCouple{
		A: a, B: b, Status: o.Status, Since: o.Since, Tags: o.Tags, Stage: string(e.Stage), StageAt: e.StageAt,
		Engagement: &clients.Engagement{Intent: e.Intent, Policy: o.Policy, Coaches: coaches},
	}
	if cmp.Or(o.Kind, e.Kind) == clients.KindSingle {
		n.B = nil
		if o.client(e) == clients.SlotB {
			n.A = b
		}
	}
	return n
}

// who is somebody already known, or the person that the enquiry describes.
func who(known ids.ID, said clients.Person) *clients.Person {
	if !known.IsZero() {
		return &clients.Person{ID: known}
	}
	return &said
}

// client is who a single client is: who was chosen, else who wrote, if there is a name.
func (o Conversion) client(e Enquiry) clients.Slot {
	named := func(known ids.ID, p clients.Person) bool { return !known.IsZero() || !p.IsEmpty() }
	switch {
	case o.Client != "":
		return o.Client
	case named(o.B, e.B) && (e.BookedBy == "b" || !named(o.A, e.A)):
		return clients.SlotB
	}
	return clients.SlotA
}
