package main

import (
	"fmt"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// partner is the flag --of.
func (c *call) partner() (clients.Slot, error) {
	switch strings.ToUpper(c.get("of")) {
	case "A":
		return clients.SlotA, nil
	case "B":
		return clients.SlotB, nil
	}
	return "", usage(text.T("ctl.need_of", "Say of which partner: --of a or b."), "")
}

// when is the flag --on; without it, today.
func (c *call) when() (day.Day, error) {
	on, err := c.day("on")
	if err == nil && on.IsZero() {
		on = day.Of(now())
	}
	return on, err
}

// about reads the record, the partner and the day that a decision is about.
func (c *call) about() (couple ids.ID, of clients.Slot, on day.Day, err error) {
	if couple, err = c.needID("couple"); err != nil {
		return couple, of, on, err
	}
	if of, err = c.partner(); err != nil {
		return couple, of, on, err
	}
	on, err = c.when()
	return couple, of, on, err
}

// consents lists what stands of the signatures of a record.
func (c *call) consents() error {
	couple, err := c.needID("couple")
	if err != nil {
		return err
	}
	return c.with(reading(), func(cb *casebook.Casebook) error {
		s := clients.New(cb)
		if _, err := s.Couple(c.ctx, coachToday(), couple); err != nil {
			return err
		}
		all, err := s.Signatures(c.ctx, coachToday(), couple)
		if err != nil {
			return err
		}
		type consent struct {
			Person   ids.ID  `json:"person"`
			Purpose  string  `json:"purpose"`
			State    string  `json:"state"`
			Version  string  `json:"version"`
			Language string  `json:"language"`
			On       day.Day `json:"on"`
			Way      string  `json:"way"`
			Decision string  `json:"decision"`
		}
		out := []consent{}
		for _, g := range all {
			if g.Current {
				out = append(out, consent{g.PersonID, g.Purpose, g.State, g.TextVersion, g.Language, g.SignedOn, g.Way, g.Decision})
			}
		}
		if c.on("json") {
			return c.json(out)
		}
		for _, x := range out {
			fmt.Fprintf(c.out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", x.Person, x.Purpose, x.State, x.Version, x.Language, x.On, x.Way)
		}
		return nil
	})
}

// consent records a signature, or that it is taken back.
func (c *call) consent() error {
	couple, of, on, err := c.about()
	if err != nil {
		return err
	}
	purpose, err := c.need("purpose")
	if err != nil {
		return err
	}
	return c.with(writing(), func(cb *casebook.Casebook) error {
		s := clients.New(cb)
		x, err := s.Couple(c.ctx, coachToday(), couple)
		if err != nil {
			return err
		}
		var id ids.ID
		if c.on("withdraw") {
			id, err = s.WithdrawConsent(c.ctx, couple, x.Person(of), purpose, on, c.get("way"))
		} else {
			id, err = s.Sign(c.ctx, clients.Signature{CoupleID: couple, PersonID: x.Person(of), Purpose: purpose, TextVersion: c.get("version"), Language: c.get("language"), SignedOn: on, Way: c.get("way")})
		}
		if err == nil {
			fmt.Fprintln(c.out, id)
		}
		return err
	})
}

// releases lists what partners let each other see today.
func (c *call) releases() error {
	couple, err := c.needID("couple")
	if err != nil {
		return err
	}
	return c.with(reading(), func(cb *casebook.Casebook) error {
		s, today := clients.New(cb), day.Of(now())
		if _, err := s.Couple(c.ctx, coachToday(), couple); err != nil {
			return err
		}
		all, err := s.Releases(c.ctx, coachToday(), couple)
		if err != nil {
			return err
		}
		type release struct {
			Partner  clients.Slot `json:"partner"`
			Item     ids.ID       `json:"item"`
			Channels []string     `json:"channels"`
			Given    day.Day      `json:"given"`
			Until    day.Day      `json:"until"`
			Way      string       `json:"way"`
		}
		out := []release{}
		for _, r := range all {
			if r.Current && r.State == clients.StateGiven && (r.ExpiresOn.IsZero() || r.ExpiresOn >= today) {
				out = append(out, release{r.Partner, r.ItemID, append([]string{}, r.Channels...), r.GivenOn, r.ExpiresOn, r.Way})
			}
		}
		if c.on("json") {
			return c.json(out)
		}
		for _, r := range out {
			fmt.Fprintf(c.out, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Partner, r.Item, strings.Join(r.Channels, ","), r.Given, r.Until, r.Way)
		}
		return nil
	})
}

// release records that a partner lets the other see something, or takes it back.
func (c *call) release() error {
	couple, of, on, err := c.about()
	if err != nil {
		return err
	}
	item, err := c.needID("item")
	if err != nil {
		return err
	}
	until, err := c.day("until")
	if err != nil {
		return err
	}
	return c.with(writing(), func(cb *casebook.Casebook) error {
		s := clients.New(cb)
		var id ids.ID
		if c.on("withdraw") {
			id, err = s.WithdrawRelease(c.ctx, couple, of, item, on, c.get("way"))
		} else {
			r := clients.Release{CoupleID: couple, Partner: of, ItemID: item, GivenOn: on, ExpiresOn: until, Way: c.get("way")}
			if c.on("channels") {
				r.Channels = strings.Split(c.get("channels"), ",")
			}
			id, err = s.GiveRelease(c.ctx, r)
		}
		if err == nil {
			fmt.Fprintln(c.out, id)
		}
		return err
	})
}

// screen records a safety screen.
func (c *call) screen() error {
	couple, of, on, err := c.about()
	if err != nil {
		return err
	}
	outcome, err := c.need("outcome")
	if err != nil {
		return err
	}
	return c.with(writing(), func(cb *casebook.Casebook) error {
		s := clients.New(cb)
		x, err := s.Couple(c.ctx, coachToday(), couple)
		if err != nil {
			return err
		}
		id, err := s.RecordScreen(c.ctx, clients.Screen{CoupleID: couple, PersonID: x.Person(of), Outcome: clients.Outcome(outcome), HeldOn: on, Body: c.get("text"), Supervisor: c.get("supervisor"), Reason: c.get("reason")})
		if err == nil {
			fmt.Fprintln(c.out, id)
		}
		return err
	})
}

// joint says whether there may be joint work today. It ends with 1 where there may not.
func (c *call) joint() error {
	couple, err := c.needID("couple")
	if err != nil {
		return err
	}
	return c.with(reading(), func(cb *casebook.Casebook) error {
		st, err := clients.New(cb).JointStatus(c.ctx, couple, day.Of(now()))
		if err != nil {
			return err
		}
		word := map[clients.JointVerdict]string{
			clients.JointOpen: "open", clients.JointScreensDue: "due", clients.JointDiscuss: "discuss", clients.JointOnHold: "on hold", clients.JointSingle: "single", clients.JointParted: "parted",
		}[st.Verdict]
		if c.on("json") {
			due := append([]clients.Slot{}, st.Due...)
			err = c.json(struct {
				Verdict    string         `json:"verdict"`
				Due        []clients.Slot `json:"due"`
				Overridden bool           `json:"overridden"`
			}{word, due, st.Overridden})
		} else {
			fmt.Fprintln(c.out, word)
		}
		if err != nil {
			return err
		}
		return st.MayBegin()
	})
}

// reach prints the address of a person for something that is to be made, if it may be
// (rule PV-32).
func (c *call) reach() error {
	person, err := c.needID("person")
	if err != nil {
		return err
	}
	what, err := c.need("what")
	if err != nil {
		return err
	}
	return c.with(reading(), func(cb *casebook.Casebook) error {
		r, err := clients.New(cb).Reach(c.ctx, coachToday(), person)
		if err != nil {
			return err
		}
		o := clients.Outgoing(what)
		if err := r.May(o, !c.on("both")); err != nil {
			return err
		}
		address := r.Person.Phone
		if o == clients.OutEmail || o == clients.OutICS {
			address = r.Person.Email
		}
		if o == clients.OutLetter || o == clients.OutLabel || o == clients.OutPaper {
			address = ""
		}
		if c.on("json") {
			return c.json(struct {
				Address string `json:"address"`
				Mind    string `json:"mind"`
			}{address, r.Mind()})
		}
		fmt.Fprintln(c.out, address)
		if mind := r.Mind(); mind != "" {
			c.note(mind)
		}
		return nil
	})
}

// separate records that the two of a record parted.
func (c *call) separate() error {
	couple, err := c.needID("couple")
	if err != nil {
		return err
	}
	on, err := c.when()
	if err != nil {
		return err
	}
	return c.with(writing(), func(cb *casebook.Casebook) error { return clients.New(cb).Separate(c.ctx, couple, on) })
}

// onePerson makes one person of two entries, or takes that back.
func (c *call) onePerson() error {
	from, err := c.needID("from")
	if err != nil {
		return err
	}
	into, err := c.needID("into")
	if err != nil {
		return err
	}
	return c.with(writing(), func(cb *casebook.Casebook) error {
		s := clients.New(cb)
		if c.on("undo") {
			return s.UnmergePersons(c.ctx, from, into)
		}
		j, err := s.Joined(c.ctx, coachToday(), from, into)
		if err != nil {
			return err
		}
		if c.on("preview") {
			type record struct {
				ID    ids.ID `json:"id"`
				Title string `json:"title"`
			}
			doc := struct {
				May  bool     `json:"may"`
				Into string   `json:"into"`
				Safe string   `json:"safe_contact"`
				In   []record `json:"records"`
			}{j.Refused == nil, j.Result.Full(), j.Result.Safe.Words(), []record{}}
			for _, m := range j.Moves {
				doc.In = append(doc.In, record{m.CoupleID, m.Title})
			}
			if err := c.json(doc); err != nil {
				return err
			}
			return j.Refused
		}
		return s.MergePersons(c.ctx, from, into)
	})
}
