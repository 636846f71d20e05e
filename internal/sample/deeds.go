package sample

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// texts are the fields of a note by key.
type texts map[string]string

// met is a session that was held on day n of the engagement; slot "" is joint. The
// note is written an hour and a half after it began.
func (c *couple) met(n int, hour string, slot clients.Slot, minutes int, template string, t texts) {
	var id ids.ID
	c.on(c.d(n), hour, "a session", func() (err error) {
		x := sessions.Session{Couple: c.id, Kind: sessions.JointSession, Slot: slot, Start: c.now, Zone: c.zone, Minutes: minutes, Mode: sessions.Video, State: sessions.Held}
		if slot != "" || c.single {
			x.Kind, x.Slot = sessions.IndividualSession, max(slot, clients.SlotA)
		}
		for _, s := range c.slots() {
			if x.Kind == sessions.JointSession || x.Slot == s {
				x.Attendance = append(x.Attendance, sessions.Attendance{Person: c.person(s), Presence: sessions.Present})
			}
		}
		x.Attendance = append(x.Attendance, sessions.Attendance{Coach: c.owner, Presence: sessions.Present})
		id, err = c.sessions.Create(c.ctx, x)
		return err
	})
	if t != nil {
		start, _ := time.Parse("15:04", hour)
		c.on(c.d(n), start.Add(90*time.Minute).Format("15:04"), "its note", func() error {
			return c.write(sessions.NewNote{Couple: c.id, Session: id, Template: template, About: slot}, t)
		})
	}
}

// contact is something between sessions.
func (c *couple) contact(n int, hour, template string, about clients.Slot, t texts) {
	c.on(c.d(n), hour, "a contact", func() error {
		return c.write(sessions.NewNote{Couple: c.id, Template: template, About: about, At: c.now, Zone: c.zone}, t)
	})
}

func (c *couple) write(n sessions.NewNote, t texts) error {
	note, err := c.sessions.Start(c.ctx, c.coach(), n)
	if err != nil {
		return err
	}
	c.lastNote = note.ID
	return c.sessions.SaveRevision(c.ctx, note, t)
}

// planned says what happens with what the last note tells of one partner alone.
func (c *couple) planned(n int, hour string, p clients.PlanState, after int) {
	c.on(c.d(n), hour, "a plan", func() error {
		x := clients.Plan{NoteID: c.lastNote, State: p}
		if p.Open() {
			x.By = day.Of(c.now).Add(after)
		}
		return c.people.SetPlan(c.ctx, x)
	})
}

// referred sends a partner to an entry of the directory.
func (c *couple) referred(n int, hour string, s clients.Slot, contact int, reason string, o clients.ReferralOutcome) {
	c.on(c.d(n), hour, "a referral", func() error {
		_, err := c.people.SaveReferral(c.ctx, clients.Referral{CoupleID: c.id, PersonID: c.person(s), ContactID: c.contacts[contact], Reason: reason, On: day.Of(c.now), Outcome: o})
		return err
	})
}

// stepped is a step of the checklist after a stop.
func (c *couple) stepped(n int, hour, step, who, note string) {
	c.on(c.d(n), hour, "a step for safety", func() error {
		return c.people.SaveStep(c.ctx, clients.SafetyStep{CoupleID: c.id, Step: step, On: day.Of(c.now), Who: who, Note: note})
	})
}

// booked is an appointment to come.
func (c *couple) booked(days int, hour string, slot clients.Slot) {
	h, _ := time.Parse("15:04", hour)
	c.on(min(0, c.d(0)+1), "17:00", "booking", func() error {
		x := sessions.Session{Couple: c.id, Kind: sessions.JointSession, Slot: slot, Start: c.today.Add(days).Time().Add(time.Duration(h.Hour())*time.Hour + time.Duration(h.Minute())*time.Minute), Zone: c.zone, Minutes: 75, Mode: sessions.Video, State: sessions.Booked}
		if slot != "" || c.single {
			x.Kind, x.Slot = sessions.IndividualSession, max(slot, clients.SlotA)
		}
		_, err := c.sessions.Create(c.ctx, x)
		return err
	})
}

// took is a quiz answered by one partner on day n and locked. It remembers the id for
// a release.
func (c *couple) took(n int, s clients.Slot, instrument, answers, picks string, mode quizzes.Mode) *ids.ID {
	id := new(ids.ID)
	c.on(c.d(n), "19:30", "quiz "+instrument, func() error {
		d, err := quizzes.ByID(instrument)
		if err != nil {
			return err
		}
		a := quizzes.NewAdministration(d, c.id, c.person(s), c.now, c.zone, mode)
		a.KeyedBy, a.Seconds = c.owner, 0
		if mode == quizzes.OnScreenAlone {
			a.KeyedBy, a.Seconds = ids.Nil, 118
		}
		if a.Answers, err = quizzes.ParseAnswers(d, answers); err != nil {
			return err
		}
		if a.Picks, err = quizzes.ParsePicks(d, picks); err != nil {
			return err
		}
		if err := c.quizzes.Save(c.ctx, &a); err != nil {
			return err
		}
		*id = a.ID
		return c.quizzes.Lock(c.ctx, &a)
	})
	return id
}

// untilNext says that a couple's releases go on for a year after their programme, so
// that they can be looked at again at the follow-up; otherwise they end with it.
func (c *couple) untilNext() { c.releasedFor = 365 }

// releases shows items of one partner to the other from day n on; channels narrows a
// profile.
func (c *couple) releases(n int, s clients.Slot, channels []string, items ...*ids.ID) {
	c.on(c.d(n), "20:15", "release", func() error {
		for _, id := range items {
			_, err := c.people.GiveRelease(c.ctx, clients.Release{CoupleID: c.id, Partner: s, ItemID: *id, Channels: channels, State: clients.StateGiven, GivenOn: day.Of(c.now), ExpiresOn: c.expires(), Way: "said in the session"})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *couple) expires() day.Day {
	if c.releasedFor == 0 {
		return ""
	}
	return day.Of(c.now).Add(c.releasedFor)
}

// assigned gives a practice for some weeks and logs it: done says how many of the
// planned times each partner did it, spread over the days.
func (c *couple) assigned(n, days int, practice string, to practices.Target, cadence practices.Cadence, cue, size string) *practices.Assignment {
	a := &practices.Assignment{Practice: practice, PracticeVersion: "1", Target: to, Cue: cue, Size: size, Cadence: cadence, State: practices.Active}
	c.on(c.d(n), "17:10", "assigning "+practice, func() error {
		p, err := practices.ByID(practice)
		if err != nil {
			return err
		}
		a.ID, a.CoupleID, a.PracticeVersion, a.Starts = ids.New(), c.id, strconv.Itoa(p.Version), day.Of(c.now)
		if days > 0 {
			a.Ends = a.Starts.Add(days - 1)
		}
		return c.practices.Assign(c.ctx, *a)
	})
	if days > 0 && c.d(n+days) <= 0 {
		c.on(c.d(n+days), "08:00", "ending "+practice, func() error {
			a.State = practices.Ended
			return c.practices.Assign(c.ctx, *a)
		})
	}
	return a
}

// used logs the practice on one day by the partners named.
func (c *couple) used(a *practices.Assignment, n int, who []clients.Slot, r practices.Result, minutes int, more func(s clients.Slot, l *practices.Log)) {
	if c.d(n) > 0 {
		return
	}
	c.on(c.d(n), "21:00", "a log", func() error {
		for _, s := range who {
			l := practices.Log{ID: ids.New(), AssignmentID: a.ID, CoupleID: c.id, Partner: s, On: day.Of(c.now), At: c.now, Zone: c.zone, Minutes: minutes, Result: r}
			if more != nil {
				more(s, &l)
			}
			if err := c.practices.SaveLog(c.ctx, l); err != nil {
				return err
			}
		}
		return nil
	})
}

// spread logs done of the planned days between day from and day from+days, and the
// rest not at all; the choice of days is the seed's.
func (c *couple) spread(r *rand.Rand, a *practices.Assignment, from, days, done int, who []clients.Slot, minutes int, words map[int]string) {
	chosen := r.Perm(days)[:done]
	for i, d := range chosen {
		result := practices.Done
		if i%6 == 5 {
			result = practices.Partly
		}
		c.used(a, from+d, who, result, minutes, func(s clients.Slot, l *practices.Log) {
			h := 5 + (i+int(s[0]))%5
			l.Helpfulness = &h
			l.Noticed = words[i*2+int(s[0]-'A')]
		})
	}
}

// pulse is the weekly check of both for some weeks.
func (c *couple) pulse(from, weeks int, a, b [][5]int, released bool) {
	for w := range weeks {
		for i, rows := range [][][5]int{a, b} {
			s := []clients.Slot{clients.SlotA, clients.SlotB}[i]
			if w >= len(rows) || c.d(from+7*w) > 0 || s == clients.SlotB && c.single {
				continue
			}
			id := c.took(from+7*w, s, "pulse", numbers(rows[w][:]), "", quizzes.OnScreenAlone)
			if released {
				c.releases(from+7*w, s, nil, id)
			}
		}
	}
}

func numbers(ns []int) string {
	out := ""
	for i, n := range ns {
		if i > 0 {
			out += ","
		}
		out += digits(n)
	}
	return out
}

func digits(n int) string {
	if n >= 10 {
		return digits(n/10) + digits(n%10)
	}
	return string(rune('0' + n))
}

// agreed is what the partners agreed with each other.
func (c *couple) agreed(n int, body string, reviewAfter int, then practices.Standing) {
	g := practices.Agreement{Body: body, Who: "both", State: practices.InForce}
	c.on(c.d(n), "18:40", "an agreement", func() error {
		g.ID, g.Couple, g.Agreed, g.Review = ids.New(), c.id, day.Of(c.now), day.Of(c.now).Add(reviewAfter)
		return c.practices.SaveAgreement(c.ctx, g)
	})
	if then != practices.InForce && c.d(n+reviewAfter) <= 0 {
		c.on(c.d(n+reviewAfter), "18:45", "its review", func() error {
			g.State = then
			return c.practices.SaveAgreement(c.ctx, g)
		})
	}
}

// talked is a conflict-to-connection conversation with its answers.
func (c *couple) talked(n int, topic string, step int, answers map[string]string, own map[string][2]string) {
	c.on(c.d(n), "20:30", "a conversation", func() error {
		t := practices.Talk{ID: ids.New(), Couple: c.id, Zone: c.zone, Topic: topic, Step: step, Record: practices.Record{At: c.now, State: practices.ConversationHeld}}
		for _, k := range sorted(answers) {
			t.Answers = append(t.Answers, practices.Answer{Key: k, Value: answers[k]})
		}
		for _, k := range sorted(own) {
			for i, s := range c.slots() {
				if own[k][i] != "" {
					t.Answers = append(t.Answers, practices.Answer{Key: k, Partner: s, Value: own[k][i]})
				}
			}
		}
		return c.practices.SaveTalk(c.ctx, t)
	})
}

// letter is what the coach writes to a reader for the next report.
func (c *couple) letter(n int, to clients.Reader, body string) {
	c.on(c.d(n), "16:00", "a letter", func() error { return c.reports.SaveLetter(c.ctx, c.id, to, body) })
}

// moved changes the stage of the record.
func (c *couple) moved(n int, to intake.Stage, reason string) {
	c.on(c.d(n), "12:00", "stage "+string(to), func() error { return c.intake.MoveCouple(c.ctx, c.id, to, reason) })
}

func daily(text string) practices.Cadence {
	return practices.Cadence{Text: text, Times: 1, Every: practices.EveryDay}
}

func weekly(times int, text string) practices.Cadence {
	return practices.Cadence{Text: text, Times: times, Every: practices.EveryWeek}
}

// sorted are the keys of a map in order, so that the story is told the same each time.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
