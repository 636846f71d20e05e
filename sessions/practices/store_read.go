package practices

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// Progress is an assignment with how it went, as a reader may see it. Partner counts
// and rates are for the coach and for that partner; the couple together sees what both
// confirmed (rule PV-09).
type Progress struct {
	Assignment
	Title   string
	Planned int
	Shared  bool                 // Joint may be shown to this reader: not beside their own count (rule PV-05)
	Joint   JointCount           // of a practice for both
	Own     map[clients.Slot]int // uses done by each partner the reader may know of
	Logs    []Log                // newest first, those that the reader may see
}

// Board lists the assignments of a couple that aud may see, with their logs in the
// period from from to to (zero days are open), newest assignment first.
func (s *Store) Board(ctx context.Context, aud clients.Audience, couple ids.ID, from, to day.Day) ([]Progress, error) {
	out, err := casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, p *Progress) error {
		p.CoupleID, p.Own = couple, map[clients.Slot]int{}
		var cadence string
		if err := r.Scan(&p.ID, &p.Practice, &p.PracticeVersion, &p.Target, &p.Cue, &p.Size, &cadence, &p.Starts, &p.Ends, &p.State, &p.Reason, &p.Access.Subject, &p.Access.Visibility, &p.Access.Sensitivity); err != nil {
			return err
		}
		if !aud.IsCoach() {
			p.Reason = ""
		}
		p.Title = titleOf(p.Practice)
		var stored plan
		err := json.Unmarshal([]byte(cadence), &stored)
		p.Cadence, p.Rests = stored.Cadence, stored.Rests
		return err
	}, `SELECT a.id, a.practice, a.practice_version, a.target, a.cue, a.size, a.cadence, a.starts_on, a.ends_on, a.state, a.reason, a.subject, a.visibility, a.sensitivity
		FROM assignment a WHERE a.couple_id = ? AND a.deleted = 0 AND `+aud.Gate("a")+` ORDER BY a.starts_on DESC, a.id DESC`, couple)
	if err != nil {
		return nil, err
	}
	logs, err := s.logs(ctx, aud, couple, from, to)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].count(aud, logs[out[i].ID], from, to)
	}
	return out, nil
}

// titleOf is the practice's title, or its id where a later version removed it.
func titleOf(id string) string {
	if p, err := ByID(id); err == nil {
		return p.Title
	}
	return id
}

// seenLog is a log with whether the reader may see it: the couple-level count needs
// both partners' logs, and shows neither.
type seenLog struct {
	Log
	seen bool
}

// counts says whether the log counts for a reader. To both together what each told for
// themselves counts, and no more than that it was done by both (rule PV-09). What is
// kept to the coach counts for nobody else.
func (l seenLog) counts(aud clients.Audience) bool {
	switch {
	case aud.IsCoach() || l.seen:
		return true
	case aud.Reader() == clients.Us:
		v, s := l.Access.Visibility, l.Access.Sensitivity
		return (v == clients.PartnerA || v == clients.PartnerB) && (s == clients.Normal || s == clients.Sensitive)
	}
	return false
}

func (s *Store) logs(ctx context.Context, aud clients.Audience, couple ids.ID, from, to day.Day) (map[ids.ID][]seenLog, error) {
	if to == "" {
		to = "9999-12-30"
	}
	out := map[ids.ID][]seenLog{}
	err := casebook.Each(ctx, s.cb.Reader(), func(r *sql.Rows) error {
		l := seenLog{Log: Log{CoupleID: couple}}
		var at int64
		if err := r.Scan(&l.ID, &l.AssignmentID, &l.Partner, &l.On, &at, &l.Zone, &l.Minutes, &l.Result, &l.Helpfulness, &l.Difficulty, &l.Obstacle, &l.Noticed, &l.NextChange, &l.Access.Subject, &l.Access.Visibility, &l.Access.Sensitivity, &l.seen); err != nil {
			return err
		}
		l.At = time.UnixMilli(at).UTC()
		out[l.AssignmentID] = append(out[l.AssignmentID], l)
		return nil
	}, `SELECT l.id, l.assignment_id, l.partner, l.used_on, l.used_at, l.zone, l.minutes, l.result, l.helpfulness, l.difficulty, l.obstacle, l.noticed, l.next_change, l.subject, l.visibility, l.sensitivity, `+aud.Gate("l")+`
		FROM practice_log l WHERE l.couple_id = ? AND l.used_on >= ? AND l.used_on <= ? AND l.deleted = 0 ORDER BY l.used_on DESC, l.used_at DESC, l.id DESC`, couple, string(from), string(to))
	return out, err
}

// count fills in what the reader may know. A partner reads their own count; the other
// partner's count is the coach's (rule PV-09).
func (p *Progress) count(aud clients.Audience, logs []seenLog, from, to day.Day) {
	today := aud.On()
	until := to
	if until == "" || until > today {
		until = today
	}
	begin := from
	if begin < p.Starts {
		begin = p.Starts
	}
	p.Planned = p.Assignment.Planned(begin, until)
	var all []Log
	for _, l := range logs {
		if l.counts(aud) {
			all = append(all, l.Log)
		}
		if l.seen {
			p.Logs = append(p.Logs, l.Log)
		}
	}
	if p.Shared = p.Target == ToBoth && aud.Slot() == ""; p.Shared {
		p.Joint = CountJoint(Pair(all), today)
		if !aud.IsCoach() {
			p.Joint.Unconfirmed, p.Joint.Waiting = 0, 0
		}
	}
	for _, slot := range []clients.Slot{clients.SlotA, clients.SlotB} {
		theirs := p.Target == ToBoth || Target(slot) == p.Target
		if !theirs || (!aud.IsCoach() && aud.Slot() != slot) {
			continue
		}
		n := 0
		for _, l := range all {
			if l.Partner == slot && l.Result.Counts() {
				n++
			}
		}
		p.Own[slot] = n
	}
}

// Due is an active practice that waits for somebody's word, for the coach's Today.
type Due struct {
	Couple     ids.ID
	Assignment ids.ID
	Title      string
	Last       day.Day // of the last log, zero for none
	Ends       day.Day
}

// DueOn lists active practices that nobody logged for a week, or that end within three
// days, soonest end first. It is the coach's; other readers see nothing.
func (s *Store) DueOn(ctx context.Context, aud clients.Audience, limit int) ([]Due, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	today := aud.On()
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, d *Due) error {
		var practice string
		if err := r.Scan(&d.Couple, &d.Assignment, &practice, &d.Last, &d.Ends); err != nil {
			return err
		}
		d.Title = titleOf(practice)
		return nil
	}, `SELECT couple_id, id, practice, last, ends_on FROM (
		 SELECT a.couple_id, a.id, a.practice, a.starts_on, a.ends_on, coalesce((SELECT max(l.used_on) FROM practice_log l WHERE l.assignment_id = a.id AND l.deleted = 0), '') AS last
		 FROM assignment a JOIN couple c ON c.id = a.couple_id WHERE a.state = 'active' AND a.deleted = 0 AND a.starts_on <= ?1 AND (a.ends_on = '' OR a.ends_on >= ?1) AND c.deleted = 0 AND c.archived = 0
		) WHERE max(last, starts_on) < ?2 OR (ends_on <> '' AND ends_on <= ?3) ORDER BY ends_on = '', ends_on, id LIMIT ?4`,
		string(today), string(today.Add(-7)), string(today.Add(3)), limit)
}
