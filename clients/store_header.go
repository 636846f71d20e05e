package clients

import (
	"context"
	"database/sql"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// Partner is somebody in a record, as everybody who reads it may see them.
type Partner struct {
	Slot     Slot
	PersonID ids.ID
	Name     Name
	Full     string // as the person wishes; a neutral label without a name
	Short    string // what to call them
	Say      string
	Pronouns string
	Language string
	Zone     string
}

// Header is the top of a record for one reader. Counts are of what that reader sees.
type Header struct {
	ID         ids.ID
	Kind       Kind
	Partners   []Partner // A, and B in a couple
	Title      string
	Status     string
	Since      string
	Archived   bool
	Deleted    bool
	Back       bool        // the coach's alone: it was deleted, and came back because somebody changed it
	OnHold     bool        // neutral: it never says why
	Engagement *Engagement // the one that counts; nil without any
	Coaches    []Coach     // of that engagement
	Stage      string      // the coach's alone, as are StageAt and Tags
	StageAt    time.Time
	Tags       []string
	Sessions   int       // held, that this reader may see
	LastAt     time.Time // the latest of them
	NextAt     time.Time // the next one booked that this reader may see, on its own clocks
	Practices  int       // active assignments that this reader may see
}

// Partner is who has the slot; the zero Partner when nobody has.
func (h Header) Partner(s Slot) Partner {
	for _, p := range h.Partners {
		if p.Slot == s {
			return p
		}
	}
	return Partner{}
}

// Header is the top of a record as the audience may see it at a time; the zero Audience
// finds no record. B of a single client finds none either.
func (s *Store) Header(ctx context.Context, aud Audience, id ids.ID, now time.Time) (Header, error) {
	h, err := header(ctx, s.cb.Reader(), aud, id, now)
	if !s.cb.Writes() { // who may not know of safety is told of a pause alone
		h.OnHold = h.Engagement != nil && h.Engagement.Paused && h.Engagement.EndedOn == ""
	}
	return h, err
}

func header(ctx context.Context, q casebook.Querier, aud Audience, id ids.ID, now time.Time) (Header, error) {
	var h Header
	var a, b Partner
	var stageAt, last, next int64
	var zone string
	var engagement ids.ID
	err := q.QueryRowContext(ctx, `SELECT c.id, c.kind, c.status, c.together_since, c.archived, c.deleted, iif(?1, c.stage, ''), iif(?1, c.stage_at, 0),
 c.a_id, coalesce(a.given_name, ''), coalesce(a.family_name, ''), coalesce(a.name_order, ''), coalesce(a.latin_name, ''), coalesce(a.say_name, ''), coalesce(a.pronouns, ''), coalesce(a.language, ''), coalesce(a.zone, ''),
 c.b_id, coalesce(b.given_name, ''), coalesce(b.family_name, ''), coalesce(b.name_order, ''), coalesce(b.latin_name, ''), coalesce(b.say_name, ''), coalesce(b.pronouns, ''), coalesce(b.language, ''), coalesce(b.zone, ''),
 `+CurrentEngagement("c.id")+`,
 (SELECT count(*) FROM session x WHERE x.couple_id = c.id AND x.deleted = 0 AND x.state = 'held' AND `+aud.Gate("x")+`),
 (SELECT coalesce(max(x.starts_at), 0) FROM session x WHERE x.couple_id = c.id AND x.deleted = 0 AND x.state = 'held' AND `+aud.Gate("x")+`),
 (SELECT coalesce(min(x.starts_at), 0) FROM session x WHERE x.couple_id = c.id AND x.deleted = 0 AND x.state = 'booked' AND x.starts_at >= ?2 AND `+aud.Gate("x")+`),
 coalesce((SELECT x.zone FROM session x WHERE x.couple_id = c.id AND x.deleted = 0 AND x.state = 'booked' AND x.starts_at >= ?2 AND `+aud.Gate("x")+` ORDER BY x.starts_at LIMIT 1), ''),
 (SELECT count(*) FROM assignment x WHERE x.couple_id = c.id AND x.deleted = 0 AND x.state = 'active' AND `+aud.Gate("x")+`),
 ?1 AND `+CameBack("couple", "c")+`
 FROM couple c LEFT JOIN person a ON a.id = c.a_id AND a.deleted = 0 LEFT JOIN person b ON b.id = c.b_id AND b.deleted = 0
 WHERE c.id = ?3 AND ?4 AND NOT (c.kind = 'single' AND ?5 = 'b')`, aud.IsCoach(), Millis(now), id, aud.isSomebody(), aud.reader).
		Scan(&h.ID, &h.Kind, &h.Status, &h.Since, &h.Archived, &h.Deleted, &h.Stage, &stageAt,
			&a.PersonID, &a.Name.Given, &a.Name.Family, &a.Name.Order, &a.Name.Latin, &a.Say, &a.Pronouns, &a.Language, &a.Zone,
			&b.PersonID, &b.Name.Given, &b.Name.Family, &b.Name.Order, &b.Name.Latin, &b.Say, &b.Pronouns, &b.Language, &b.Zone,
			&engagement, &h.Sessions, &last, &next, &zone, &h.Practices, &h.Back)
	if err != nil {
		return Header{}, found(err)
	}
	h.StageAt, h.LastAt, h.NextAt = AtMillis(stageAt), AtMillis(last), onClock(next, zone)
	h.Title = Title(h.Kind, a.Name, b.Name)
	h.addPartner(a, SlotA)
	if h.Kind == KindCouple {
		h.addPartner(b, SlotB)
	}
	if err := h.readEngagement(ctx, q, engagement); err != nil {
		return Header{}, err
	}
	joint, err := JointStatus(ctx, q, id, day.Of(now))
	if err != nil {
		return Header{}, err
	}
	h.OnHold = joint.OnHold() || h.Kind == KindSingle && h.Engagement != nil && h.Engagement.Paused && h.Engagement.EndedOn == ""
	if h.Engagement != nil && !aud.IsCoach() {
		h.OnHold = h.OnHold && h.Engagement.EndedOn == "" // a pause ends with the work, so a stop must not show after it
		h.Engagement.Paused = h.OnHold                    // a stop looks like a pause (rule PV-31)
	}
	h.Tags, err = casebook.Collect(ctx, q, casebook.Value[string],
		`SELECT tag FROM couple_tag WHERE couple_id = ? AND deleted = 0 AND ? ORDER BY id`, id, aud.IsCoach())
	return h, err
}

func (h *Header) addPartner(p Partner, s Slot) {
	p.Slot, p.Full, p.Short = s, p.Name.Full(), p.Name.Short()
	if p.Full == "" {
		p.Full = PartnerLabel(s, h.Kind)
		p.Short = p.Full
	}
	h.Partners = append(h.Partners, p)
}

// readEngagement adds the engagement that counts, with its coaches.
func (h *Header) readEngagement(ctx context.Context, q casebook.Querier, id ids.ID) error {
	if id.IsZero() {
		return nil
	}
	e, err := loadEngagement(ctx, q, id)
	if err != nil {
		return err
	}
	h.Engagement = &e
	h.Coaches, err = casebook.Collect(ctx, q, func(r *sql.Rows, c *Coach) error { return r.Scan(&c.ID, &c.Name, &c.Role) },
		`SELECT k.id, k.name, n.role FROM engagement_coach ec JOIN coach k ON k.id = ec.coach_id JOIN coach_now n ON n.coach_id = k.id WHERE ec.engagement_id = ? AND ec.deleted = 0 ORDER BY ec.id`, id)
	return err
}
