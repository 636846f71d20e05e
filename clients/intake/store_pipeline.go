package intake

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// Card is one enquiry, or one record, in the pipeline. A record carries what its
// enquiry said.
type Card struct {
	EnquiryID  ids.ID // zero for a record made without one
	CoupleID   ids.ID // zero while it is an enquiry
	Kind       clients.Kind
	Title      string
	Stage      Stage
	StageAt    time.Time
	ReceivedAt time.Time
	Source     string
	CallAt     time.Time
	NextStep   string
	NextOn     day.Day
	CoachID    ids.ID
	CoachName  string
	BookedBy   string
	Archived   bool
	done       string
}

// PipelineFilter chooses cards. The zero filter is all that are open and not archived.
type PipelineFilter struct {
	Coach    ids.ID
	Source   string
	Text     string // each word stands in a name, the source or the next step
	Closed   bool   // with the completed, followed up and those who left
	Archived bool   // the archived instead
}

// Column is one stage with its cards, the longest waiting first.
type Column struct {
	Stage Stage
	Cards []Card
}

const enquirySQL = `
SELECT e.id, e.couple_id, e.kind, e.a_given, e.a_family, coalesce(e.details ->> '$.a.name_order', ''), coalesce(e.details ->> '$.a.latin_name', ''),
 e.b_given, e.b_family, coalesce(e.details ->> '$.b.name_order', ''), coalesce(e.details ->> '$.b.latin_name', ''),
 e.stage, e.stage_at, e.received_at, e.source, e.call_at, e.next_step, e.next_on, e.coach_id, coalesce(k.name, ''), e.booked_by, e.archived, coalesce(e.details ->> '$.done', '')
FROM enquiry e LEFT JOIN coach k ON k.id = e.coach_id WHERE e.deleted = 0 AND e.couple_id IS NULL AND e.stage IN (SELECT value FROM json_each(?1)) AND e.archived = ?2 AND ?3`

const cardSQL = enquirySQL + `
UNION ALL
SELECT e.id, c.id, c.kind, coalesce(a.given_name, ''), coalesce(a.family_name, ''), coalesce(a.name_order, ''), coalesce(a.latin_name, ''),
 coalesce(b.given_name, ''), coalesce(b.family_name, ''), coalesce(b.name_order, ''), coalesce(b.latin_name, ''),
 c.stage, c.stage_at, coalesce(e.received_at, c.created_at), coalesce(e.source, ''), coalesce(e.call_at, 0), coalesce(e.next_step, ''), coalesce(e.next_on, ''),
 ec.coach_id, coalesce(k.name, ''), coalesce(e.booked_by, ''), c.archived, coalesce(e.details ->> '$.done', '')
FROM couple c LEFT JOIN person a ON a.id = c.a_id AND a.deleted = 0 LEFT JOIN person b ON b.id = c.b_id AND b.deleted = 0
 LEFT JOIN enquiry e ON e.id = (SELECT x.id FROM enquiry x WHERE x.couple_id = c.id AND x.deleted = 0 ORDER BY x.id LIMIT 1)
 LEFT JOIN engagement_coach ec ON ec.id = (SELECT y.id FROM engagement_coach y WHERE y.engagement_id = %ENGAGEMENT% AND y.deleted = 0 ORDER BY y.id LIMIT 1)
 LEFT JOIN coach k ON k.id = ec.coach_id
WHERE c.deleted = 0 AND c.stage IN (SELECT value FROM json_each(?1)) AND c.archived = ?2 AND ?3`

func scanCard(r *sql.Rows, c *Card) error {
	var a, b clients.Name
	var stageAt, received, call int64
	if err := r.Scan(&c.EnquiryID, &c.CoupleID, &c.Kind, &a.Given, &a.Family, &a.Order, &a.Latin, &b.Given, &b.Family, &b.Order, &b.Latin,
		&c.Stage, &stageAt, &received, &c.Source, &call, &c.NextStep, &c.NextOn, &c.CoachID, &c.CoachName, &c.BookedBy, &c.Archived, &c.done); err != nil {
		return err
	}
	c.StageAt, c.ReceivedAt, c.CallAt = clients.AtMillis(stageAt), clients.AtMillis(received), clients.AtMillis(call)
	c.Title = cardTitle(c, a, b)
	return nil
}

// cardTitle is the title of a record; an enquiry leaves out whom it does not know.
func cardTitle(c *Card, a, b clients.Name) string {
	kind := c.Kind
	if c.CoupleID.IsZero() {
		switch {
		case a.IsEmpty() && !b.IsEmpty():
			a, kind = b, clients.KindSingle
		case b.IsEmpty():
			kind = clients.KindSingle
		}
	}
	return clients.Title(kind, a, b)
}

// Open are the stages of what is still going on.
func Open() []Stage {
	return slices.DeleteFunc(Stages(), func(s Stage) bool { return s == StageCompleted || s == StageFollowUp })
}

// Pipeline is the list by stage, with a column for each stage the filter takes. It is the
// coach's: others get columns without cards.
func (s *Store) Pipeline(ctx context.Context, aud clients.Audience, f PipelineFilter) ([]Column, error) {
	stages := Open()
	if f.Closed {
		stages = slices.Concat(Stages(), Exits())
	}
	cards, err := s.cards(ctx, aud, stages, f.Archived)
	if err != nil {
		return nil, err
	}
	match := clients.Matcher(f.Text)
	out := make([]Column, len(stages))
	for i, st := range stages {
		out[i].Stage = st
	}
	for _, c := range cards {
		if !f.Coach.IsZero() && c.CoachID != f.Coach || f.Source != "" && c.Source != f.Source || !match(c.Title, c.Source, c.NextStep) {
			continue
		}
		i := slices.Index(stages, c.Stage)
		out[i].Cards = append(out[i].Cards, c)
	}
	return out, nil
}

// Named are at most limit enquiries that are no couple yet and whose names hold each word
// of letters, archived ones last. It is the coach's: others get none.
func (s *Store) Named(ctx context.Context, aud clients.Audience, letters string, limit int) ([]Card, error) {
	stages, err := json.Marshal(slices.Concat(Stages(), Exits()))
	if err != nil {
		return nil, err
	}
	match := clients.Matcher(letters)
	var out []Card
	for _, archived := range []bool{false, true} {
		cards, err := casebook.Collect(ctx, s.cb.Reader(), scanCard, enquirySQL+` ORDER BY e.id DESC`, string(stages), archived, aud.IsCoach())
		if err != nil {
			return nil, err
		}
		for _, c := range cards {
			if len(out) < limit && match(c.Title) {
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// Due is a follow-up that is due, with the card it is about.
type Due struct {
	Card     Card
	FollowUp FollowUp
}

// FollowUpsDue are the follow-ups due on a day or before and not carried out, the oldest
// first; of several for one card only the latest. Those without a day are left out: they
// are done only if the coach wishes.
func (s *Store) FollowUpsDue(ctx context.Context, aud clients.Audience, today day.Day) ([]Due, error) {
	cards, err := s.cards(ctx, aud, []Stage{StageConsidering, ExitNoShow}, false)
	if err != nil {
		return nil, err
	}
	return due(cards, today)
}

func due(cards []Card, today day.Day) ([]Due, error) {
	var out []Due
	for _, c := range cards {
		done, err := doneDays(c.done)
		if err != nil {
			return nil, err
		}
		var last *FollowUp
		for _, f := range FollowUps(c.Stage, day.Of(c.StageAt), c.NextOn) {
			if f.On != "" && f.On <= today {
				last = &f
			}
		}
		if last != nil && !slices.ContainsFunc(done, func(d FollowUpDone) bool { return d.Due == last.On }) {
			out = append(out, Due{c, *last})
		}
	}
	slices.SortStableFunc(out, func(x, y Due) int { return compareDays(x.FollowUp.On, y.FollowUp.On) })
	return out, nil
}

// TodayView is what intake puts on the page for today.
type TodayView struct {
	ToAnswer  []Card // enquiries that nobody answered yet, the oldest first
	Calls     []Card // discovery calls booked, the next first; one that should have begun stays until it is held
	FollowUps []Due
}

// Today is what there is to do about enquiries, for the coach; the zero coach id is all
// coaches. Others get an empty view.
func (s *Store) Today(ctx context.Context, aud clients.Audience, today day.Day, coach ids.ID) (TodayView, error) {
	var v TodayView
	cards, err := s.cards(ctx, aud, []Stage{StageEnquiry, StageCallBooked, StageConsidering, ExitNoShow}, false)
	if err != nil {
		return v, err
	}
	var follow []Card
	for _, c := range cards {
		switch {
		case !coach.IsZero() && c.CoachID != coach:
		case c.Stage == StageEnquiry && c.CoupleID.IsZero():
			v.ToAnswer = append(v.ToAnswer, c)
		case c.Stage == StageCallBooked:
			v.Calls = append(v.Calls, c)
		default:
			follow = append(follow, c)
		}
	}
	slices.SortStableFunc(v.ToAnswer, func(x, y Card) int { return x.ReceivedAt.Compare(y.ReceivedAt) })
	slices.SortStableFunc(v.Calls, func(x, y Card) int { return x.CallAt.Compare(y.CallAt) })
	v.FollowUps, err = due(follow, today)
	return v, err
}
