package sample

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// Casebook makes the sample casebook: five couples and two more clients, none of whom
// exists, with months of work that ends on today. All of it is written through the
// same stores, with the same rules, as a coach's own work, at the hour it is said to
// have happened. The same day and seed make the same rows.
func Casebook(ctx context.Context, path string, n casebook.New, today day.Day, seed uint64) (recovery string, err error) {
	m := &maker{ctx: ctx, today: today, now: today.Add(-400).Time()}
	defer ids.Deterministic(seed, m.clock)()
	if n.Workspace == "" {
		n.Workspace = "Harbour Light Coaching"
	}
	if n.Coach == "" {
		n.Coach = "Maren Holt"
	}
	m.cb, recovery, err = casebook.Create(ctx, path, n, casebook.Options{Now: m.clock})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, m.cb.Close()) }()
	m.open()
	if err := m.coaches(); err != nil {
		return "", err
	}
	for _, tell := range []func(*maker){arrangements, desire, longDistance, blended, onHold, alone, namesake} {
		tell(m)
	}
	m.lockNotes()
	m.directory()
	return recovery, m.play()
}

// maker tells the story: steps are collected couple by couple and played in the order
// of time.
type maker struct {
	ctx   context.Context
	cb    *casebook.Casebook
	today day.Day
	now   time.Time
	steps []step

	people    *clients.Store
	intake    *intake.Store
	sessions  *sessions.Store
	quizzes   *quizzes.Store
	practices *practices.Store
	reports   *reports.Store

	owner, second ids.ID
	contacts      []ids.ID // of the directory
}

type step struct {
	at   time.Time
	what string
	do   func() error
}

func (m *maker) clock() time.Time { return m.now }

func (m *maker) open() {
	m.people = clients.New(m.cb)
	m.intake = intake.New(m.cb)
	m.sessions = sessions.New(m.cb, m.people.MayBeginJoint)
	m.quizzes = quizzes.NewStore(m.cb)
	m.practices = practices.NewStore(m.cb, m.people)
	m.reports = reports.NewStore(m.cb, m.people, m.sessions, m.quizzes, m.practices)
	m.owner = m.cb.Coach()
}

func (m *maker) coaches() (err error) {
	m.second, err = m.people.AddCoach(m.ctx, "Tomas Berg")
	return err
}

// directory is to whom the coach sends people; nobody of it exists.
func (m *maker) directory() {
	m.on(-300, "09:00", "the directory", func() error {
		for _, c := range []clients.ReferralContact{
			{Name: "Night line for violence at home", Kind: clients.ContactEmergency, Region: "everywhere", Phone: "+44 7700 900999", Hours: "day and night", VerifiedOn: m.today.Add(-60)},
			{Name: "Safe Harbour advice centre", Kind: clients.ContactSpecialist, Region: "London", Phone: "+44 7700 900998", Hours: "weekdays 9 to 17", Note: "Speaks with people alone, also from work.", VerifiedOn: m.today.Add(-400)},
			{Name: "Family mediation office", Kind: clients.ContactLegal, Region: "Malmö", Phone: "+44 7700 900997", VerifiedOn: m.today.Add(-90)},
		} {
			if c.VerifiedOn > day.Of(m.now) {
				c.VerifiedOn = day.Of(m.now)
			}
			id, err := m.people.SaveContact(m.ctx, c)
			if err != nil {
				return err
			}
			m.contacts = append(m.contacts, id)
		}
		return nil
	})
}

// yearsAgo is a year counted back from today.
func (m *maker) yearsAgo(n int) string { return strconv.Itoa(m.today.Time().Year() - n) }

// coach is the audience of whoever keys all this in.
func (m *maker) coach() clients.Audience { return clients.For(clients.CoachView, day.Of(m.now)) }

// on adds a step at an hour of a day counted from today.
func (m *maker) on(days int, hour string, what string, do func() error) {
	h, err := time.Parse("15:04", hour)
	if err != nil {
		panic(err) // the hours stand in this package
	}
	at := m.today.Add(days).Time().Add(time.Duration(h.Hour())*time.Hour + time.Duration(h.Minute())*time.Minute)
	m.steps = append(m.steps, step{at, what, do})
}

// play carries the steps out in the order of time.
func (m *maker) play() error {
	slices.SortStableFunc(m.steps, func(a, b step) int { return a.at.Compare(b.at) })
	for _, s := range m.steps {
		if s.at.After(m.now) {
			m.now = s.at
		}
		if err := s.do(); err != nil {
			return fmt.Errorf("sample, %s on %s: %w", s.what, day.Of(s.at), err)
		}
	}
	return nil
}

// lockNotes lets the notes lock as they would have: looked at once a day.
func (m *maker) lockNotes() {
	for d := -200; d <= 0; d++ {
		m.on(d, "04:00", "locking notes", func() error {
			_, err := m.sessions.LockDue(m.ctx, m.now)
			return err
		})
	}
}

// couple is one record of the story, filled in as it comes to be.
type couple struct {
	*maker
	start  int // the day the engagement began, counted from today
	id     ids.ID
	a, b   ids.ID
	zone   string
	single bool

	lastNote    ids.ID
	releasedFor int // days; 0 is until the engagement ends
}

// d is a day of the engagement, counted from today.
func (c *couple) d(n int) int { return c.start + n }

func (c *couple) person(s clients.Slot) ids.ID {
	if s == clients.SlotB {
		return c.b
	}
	return c.a
}

// slots are the partners in the record.
func (c *couple) slots() []clients.Slot {
	if c.single {
		return []clients.Slot{clients.SlotA}
	}
	return []clients.Slot{clients.SlotA, clients.SlotB}
}

// arrival is how a couple came: enquiry, call, agreement.
type arrival struct {
	enquiry intake.Enquiry
	call    intake.Sheet
	convert intake.Conversion
	engaged clients.Engagement
	screens map[clients.Slot]clients.Screen
}

// arrive plays enquiry, discovery call, conversion, signatures, screens and the start.
func (c *couple) arrive(a arrival) {
	var enquiry ids.ID
	a.enquiry.CoachID = c.owner
	c.on(c.d(-21), "08:40", "enquiry", func() (err error) {
		a.enquiry.ReceivedAt = c.now
		enquiry, err = c.intake.Create(c.ctx, a.enquiry)
		return err
	})
	c.on(c.d(-19), "09:05", "booking the call", func() error {
		return c.intake.BookCall(c.ctx, enquiry, c.today.Add(c.d(-12)).Time().Add(15*time.Hour))
	})
	c.on(c.d(-12), "15:35", "the call", func() error {
		id, err := c.intake.StartCall(c.ctx, enquiry)
		if err != nil {
			return err
		}
		return c.intake.FinishCall(c.ctx, id, func(x *intake.Call) error {
			x.HeldAt, x.Minutes, x.Sheet = c.now.Add(-30*time.Minute), 30, a.call
			return nil
		})
	})
	c.on(c.d(-9), "10:00", "conversion", func() (err error) {
		a.convert.Coaches = append([]ids.ID{c.owner}, a.convert.Coaches...)
		if c.id, err = c.intake.Convert(c.ctx, enquiry, a.convert); err != nil {
			return err
		}
		x, err := c.people.Couple(c.ctx, c.coach(), c.id)
		c.a, c.b = x.Person(clients.SlotA), x.Person(clients.SlotB)
		return err
	})
	c.on(c.d(-6), "11:20", "the screens", func() error { return c.screen(a.screens) })
	c.on(c.d(-4), "18:00", "the signatures", c.sign)
	c.on(c.d(0), "07:00", "the start", func() error { return c.begin(a.engaged) })
	c.on(c.d(0), "07:10", "what was agreed about secrets", func() error { return c.signSecrets(a.engaged.Policy) })
	c.on(c.d(0), "07:20", "the scope", func() error { return c.inScope(clients.ScopeCheck{Outcome: clients.ScopeGoOn}) })
}

func (c *couple) screen(screens map[clients.Slot]clients.Screen) error {
	for _, s := range c.slots() {
		x := screens[s]
		x.CoupleID, x.PersonID, x.HeldOn = c.id, c.person(s), day.Of(c.now)
		if x.Outcome == "" {
			x.Outcome, x.Body = clients.ScreenClear, "Spoke alone and freely. No fear, no pressure, safe to come together."
		}
		if _, err := c.people.RecordScreen(c.ctx, x); err != nil {
			return err
		}
	}
	return nil
}

func (c *couple) sign() error {
	for _, s := range c.slots() {
		for _, purpose := range []string{clients.PurposeAgreement, clients.PurposeRecords, clients.PurposeQuizzes, clients.PurposeReports} {
			_, err := c.people.Sign(c.ctx, clients.Signature{CoupleID: c.id, PersonID: c.person(s), Purpose: purpose, TextVersion: "2026-1", Language: "en", SignedOn: day.Of(c.now), Way: "on paper"})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// signSecrets lets both sign the policy of their engagement; a single client has none.
func (c *couple) signSecrets(p clients.SecretsPolicy) error {
	if c.single {
		return nil
	}
	for _, s := range c.slots() {
		_, err := c.people.Sign(c.ctx, clients.Signature{CoupleID: c.id, PersonID: c.person(s), Purpose: clients.SecretsPurpose(p), TextVersion: "1", Language: "en", SignedOn: day.Of(c.now), Way: "on paper"})
		if err != nil {
			return err
		}
	}
	return nil
}

// inScope looks at whether coaching is the right help.
func (c *couple) inScope(x clients.ScopeCheck) error {
	x.CoupleID, x.On = c.id, day.Of(c.now)
	_, err := c.people.CheckScope(c.ctx, x)
	return err
}

func (c *couple) begin(e clients.Engagement) error {
	all, err := c.people.Engagements(c.ctx, c.coach(), c.id)
	if err != nil {
		return err
	}
	e.CoupleID, e.StartedOn = c.id, day.Of(c.now)
	if len(all) == 0 {
		_, err = c.people.CreateEngagement(c.ctx, e)
	} else {
		err = c.people.UpdateEngagement(c.ctx, all[0].ID, func(x *clients.Engagement) error {
			x.Intent, x.Policy, x.Programme, x.StartedOn = e.Intent, e.Policy, e.Programme, e.StartedOn
			return nil
		})
	}
	if err != nil {
		return err
	}
	for _, st := range []intake.Stage{intake.StageProposalSent, intake.StageAgreementSigned, intake.StageActive} {
		if err := c.intake.MoveCouple(c.ctx, c.id, st, ""); err != nil {
			return err
		}
	}
	return nil
}
