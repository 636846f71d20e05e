package clients

import (
	"context"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// JoinPartner makes a couple of a single client: the partner, somebody known (by ID) or
// new, takes slot B. Nothing widens (rule PV-19): what was open in the record becomes
// the first client's own, and their releases end, since they were given to nobody.
func (s *Store) JoinPartner(ctx context.Context, couple ids.ID, p *Person) error {
	return s.cb.Write(ctx, "couple.join", func(tx *casebook.Tx) error {
		c, err := LoadCouple(ctx, tx, Audience{reader: CoachView}, couple)
		if err != nil {
			return err
		}
		if c.Kind != KindSingle {
			return fault.New(fault.Refused, text.T("clients.joined", "There are two partners in this record already."), text.T("fault.nothing_saved", "Nothing was changed."))
		}
		if c.B, err = partner(tx, p); err != nil {
			return err
		}
		c.Kind = KindCouple
		if err := c.Validate(); err != nil {
			return err
		}
		if err := narrowForPartner(tx, couple); err != nil {
			return err
		}
		return one(tx.Exec(`UPDATE couple SET kind = ?, b_id = ? WHERE id = ?`, c.Kind, c.B, couple))
	})
}
