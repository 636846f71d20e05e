package intake

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
)

// cards are all cards of some stages, the longest in their stage first.
func (s *Store) cards(ctx context.Context, aud clients.Audience, stages []Stage, archived bool) ([]Card, error) {
	list, err := json.Marshal(stages)
	if err != nil {
		return nil, err
	}
	query := strings.Replace(cardSQL, "%ENGAGEMENT%", clients.CurrentEngagement("c.id"), 1)
	out, err := casebook.Collect(ctx, s.cb.Reader(), scanCard, query, string(list), archived, aud.IsCoach())
	slices.SortFunc(out, func(x, y Card) int {
		if c := x.StageAt.Compare(y.StageAt); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(x.EnquiryID.String(), y.EnquiryID.String()), cmp.Compare(x.CoupleID.String(), y.CoupleID.String()))
	})
	return out, err
}

func doneDays(s string) ([]FollowUpDone, error) {
	if s == "" {
		return nil, nil
	}
	var d []FollowUpDone
	err := json.Unmarshal([]byte(s), &d)
	return d, err
}

func compareDays(x, y day.Day) int { return cmp.Compare(x, y) }

// Sources are the sources of enquiries in use, in alphabetical order, for the coach.
func (s *Store) Sources(ctx context.Context, aud clients.Audience) ([]string, error) {
	return casebook.Collect(ctx, s.cb.Reader(), casebook.Value[string],
		`SELECT DISTINCT source FROM enquiry WHERE deleted = 0 AND source <> '' AND ? ORDER BY source COLLATE NOCASE, source`, aud.IsCoach())
}

// Cases are all enquiries as the figures need them (Measure), for the coach. A decision
// is the signature of the agreement.
func (s *Store) Cases(ctx context.Context, aud clients.Audience, today day.Day) ([]Case, error) {
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, c *Case) error { return scanCase(r, c, today) }, `
WITH h AS (SELECT coalesce(sc.enquiry_id, x.id) AS enquiry_id, sc.stage, sc.at FROM stage_change sc LEFT JOIN enquiry x ON sc.enquiry_id IS NULL AND x.couple_id = sc.couple_id WHERE sc.deleted = 0),
 g AS (SELECT enquiry_id, max(stage = 'call_booked') AS booked, max(stage = 'call_held') AS held, max(stage = 'active') AS active, max(stage = 'ended_early') AS early,
  min(iif(stage IN ('agreement_signed', 'active'), at, NULL)) AS signed, min(iif(stage = 'call_held', at, NULL)) AS held_at FROM h WHERE enquiry_id IS NOT NULL GROUP BY enquiry_id),
 d AS (SELECT enquiry_id, decision, max(held_at) FROM discovery_call WHERE deleted = 0 GROUP BY enquiry_id)
SELECT e.received_at, e.source, coalesce(g.booked, 0) OR e.call_at > 0 OR coalesce(g.held, 0) OR d.decision IS NOT NULL, coalesce(g.held, 0), coalesce(d.decision, ''), coalesce(g.active, 0), coalesce(g.early, 0),
 coalesce(g.held_at, 0), coalesce(g.signed, 0), e.stage, e.stage_at, e.next_on, coalesce(e.details ->> '$.done', '')
FROM enquiry e LEFT JOIN g ON g.enquiry_id = e.id LEFT JOIN d ON d.enquiry_id = e.id
WHERE e.deleted = 0 AND ? ORDER BY e.id`, aud.IsCoach())
}

func scanCase(r *sql.Rows, c *Case, today day.Day) error {
	var received, held, signed, stageAt int64
	var stage Stage
	var next day.Day
	var done string
	if err := r.Scan(&received, &c.Source, &c.Booked, &c.Held, &c.Decision, &c.Enrolled, &c.EndedEarly, &held, &signed, &stage, &stageAt, &next, &done); err != nil {
		return err
	}
	c.Cohort = day.Of(clients.AtMillis(received))
	if held > 0 && signed >= held {
		n := day.Of(clients.AtMillis(signed)).Sub(day.Of(clients.AtMillis(held)))
		c.DaysToDecision = &n
	}
	carried, err := doneDays(done)
	if err != nil {
		return err
	}
	for _, d := range carried {
		c.FollowUpsDue++
		if d.On <= d.Due {
			c.FollowUpsDone++
		}
	}
	for _, f := range FollowUps(stage, day.Of(clients.AtMillis(stageAt)), next) {
		if f.On != "" && f.On <= today && !slices.ContainsFunc(carried, func(d FollowUpDone) bool { return d.Due == f.On }) {
			c.FollowUpsDue++
		}
	}
	return nil
}
