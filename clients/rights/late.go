package rights

import (
	"context"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// Late is somebody who was erased, and how many texts about both came since from a computer
// that did not know, or were written since: somebody has to look at them.
type Late struct {
	Person ids.ID
	Texts  int
}

// Late are those of whom such texts are there.
func (s *Store) Late(ctx context.Context, aud clients.Audience) ([]Late, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	erased, err := casebook.Collect(ctx, s.cb.Reader(), casebook.Value[ids.ID], `SELECT DISTINCT e.item_id FROM erasure e JOIN couple c ON e.item_id IN (c.a_id, c.b_id) WHERE e.item_tbl = 'person' AND e.cols = ''
 AND NOT EXISTS (SELECT 1 FROM erasure x WHERE x.item_id = c.id AND x.cols = '') ORDER BY e.item_id`)
	if err != nil {
		return nil, err
	}
	var out []Late
	for _, id := range erased {
		plan, err := s.PlanPerson(ctx, aud, id)
		if err != nil {
			return nil, err
		}
		if n := plan.Undecided(); n > 0 {
			out = append(out, Late{id, n})
		}
	}
	return out, nil
}

// decidedOn is the condition that nobody decided yet that a row says nothing of the person.
const decidedOn = ` AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.item_id = x.id AND h.state = 'off' AND h.replaces IS NULL)`
