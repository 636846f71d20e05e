package sample

import (
	"math/rand/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// desire is Renske and Ivonne: affection without pressure, a private pain, and a joint
// profile of the four channels that Ivonne chose to show. In the middle of Reignite.
func desire(m *maker) {
	c := &couple{maker: m, start: -26, zone: "Europe/Amsterdam"}
	r := rand.New(rand.NewPCG(1, 2))
	c.arrive(arrival{
		enquiry: intake.Enquiry{
			Source: "podcast", Kind: clients.KindCouple, BookedBy: "a", Intent: "rebuild",
			A:       clients.Person{Name: clients.Name{Given: "Renske", Family: "de Graaf"}, Say: "REN-skuh", Pronouns: "she/her", Language: "nl", Zone: "Europe/Amsterdam", BirthYear: 1993, Email: "renske@example.org", Safe: clients.SafeContact{Channel: "email", Message: "yes"}},
			B:       clients.Person{Name: clients.Name{Given: "Ivonne", Family: "Salcedo"}, Say: "ee-VON", Pronouns: "she/her", Language: "es", Zone: "Europe/Amsterdam", BirthYear: 1990, Email: "ivonne@example.org", Safe: clients.SafeContact{Channel: "text", When: "weekdays after 17", Message: "no"}},
			Message: "I am writing for myself first. I think that we have stopped touching because every touch became a question.",
		},
		call: intake.Sheet{
			Participants: "A", Mode: "video", Concern: "Touch became a question. Both avoid it now.", Months: n(10), PartnerKnows: "yes", ReadinessA: n(9), ReadinessB: n(6), Intent: "rebuild",
			Hope: "To hold hands without counting.", Strengths: "Six good years, much kindness.", Decision: intake.DecisionFit,
			Fit: intake.Fit{Goal: n(2), Willing: n(1), Safe: n(2), Competence: n(2), Means: n(2), Rapport: n(2)}, Promised: "A separate short call with Ivonne",
		},
		convert: intake.Conversion{Status: "living together", Since: m.yearsAgo(6), Policy: clients.LimitedSecrets, Tags: []string{"podcast"}},
		engaged: clients.Engagement{Intent: "rebuild", Policy: clients.LimitedSecrets, Programme: "reignite-4"},
	})
	a0 := c.took(0, clients.SlotA, "icp-18", "3,3,1,1,2,3,1,1,3,3,2,1,3,3,4,2,3,3", "AF", quizzes.OnScreenAlone)
	b0 := c.took(0, clients.SlotB, "icp-18", "3,3,2,-,2,2,1,1,2,-,2,2,3,3,3,-,3,3", "", quizzes.OnScreenAlone)
	a1 := c.took(23, clients.SlotA, "icp-18", "3,3,2,1,2,3,1,1,2,3,2,1,3,3,4,2,3,3", "AF", quizzes.OnScreenAlone)
	b1 := c.took(23, clients.SlotB, "icp-18", "3,3,2,1,2,2,1,1,2,2,2,2,3,3,3,2,3,3", "", quizzes.OnScreenAlone)
	c.releases(24, clients.SlotA, nil, a0, a1)
	c.releases(24, clients.SlotB, []string{"EM", "IN", "EX", "SP"}, b0, b1)
	c.took(1, clients.SlotA, "csi-16", csi16(50), "", quizzes.OnScreenAlone)
	c.took(1, clients.SlotB, "csi-16", csi16(58), "", quizzes.OnScreenAlone)
	c.took(23, clients.SlotA, "csi-16", csi16(53), "", quizzes.OnScreenAlone)
	c.took(23, clients.SlotB, "csi-16", csi16(57), "", quizzes.OnScreenAlone)
	c.pulse(2, 4, [][5]int{{6, 6, 6, 3, 6}, {6, 7, 6, 4, 6}, {7, 7, 6, 5, 6}, {7, 7, 7, 6, 7}}, [][5]int{{7, 6, 6, 5, 5}, {7, 7, 6, 5, 5}, {7, 7, 7, 6, 6}, {7, 7, 7, 6, 6}}, false)

	touchA := c.assigned(1, 2, "pr-11", practices.ToA, weekly(1, "once a week"), "Saturday morning", "three touches")
	c.used(touchA, 2, both[:1], practices.Done, 25, func(_ clients.Slot, l *practices.Log) {
		l.Noticed, l.Helpfulness = "Most of my touches are only affection. I had thought the opposite.", n(8)
	})
	play := c.assigned(3, 0, "pr-08", practices.ToBoth, weekly(1, "once a week"), "Thursday evening", "an hour counts")
	c.spread(r, play, 4, 20, 3, both, 90, map[int]string{0: "Roller disco. We fell, both of us.", 1: "We held hands because we had to."})
	memories := c.assigned(3, 21, "pr-03", practices.ToBoth, weekly(3, "three times a week"), "over dinner", "one sentence")
	c.spread(r, memories, 3, 20, 6, both, 3, nil)

	c.met(0, "16:00", "", 75, "couple-session", texts{
		"topics": "Touch that became a question", "view_a": "Renske counts the days and hates the counting.", "view_b": "Ivonne freezes when a hand stays too long.", "pattern": "The one waits, the other watches her wait.",
		"did": "Affection-only weeks, in their own words.", "agreements": "Touch in the kitchen is only touch", "practices_next": "Touch map, each alone", "note_both": "Nothing has to follow from a touch.", "reflection": "Check the pace with Ivonne alone.",
	})
	c.met(3, "12:30", clients.SlotB, 45, "individual-contact", texts{
		"reason": "Own wish", "content": "Ivonne tells of pain with sex for about a year. She has not told Renske. Referred to her physician, she will go.", "to_joint": "by_client", "note_own": "Pain belongs to a physician first. You decide when to tell Renske.", "reflection": "No practice with a sexual step until this is cleared.",
	})
	c.on(c.d(3), "14:30", "what was told", func() error {
		return c.practices.Note(c.ctx, practices.Noted{ID: ids.New(), Couple: c.id, Person: c.b, Condition: practices.PainWithSex, Since: c.coach().On()})
	})
	c.met(7, "16:00", "", 75, "couple-session", texts{"topics": "Warm no", "did": "Warm no and not now.", "shifted": "Renske laughed when Ivonne said no.", "agreements": "Touch in the kitchen is only touch\nA no gets a thank you", "practices_next": "An hour of something exciting"})
	c.met(14, "16:00", "", 75, "couple-session", texts{"topics": "Fun", "view_a": "I forgot to count.", "view_b": "I put my feet on hers.", "did": "Plan for shared excitement.", "fun": "The skates."})
	c.met(21, "16:00", "", 75, "couple-session", texts{"topics": "Half-way", "did": "Half-way review.", "pattern": "Less watching, more play.", "agreements": "A no gets a thank you\nThursday is ours", "note_both": "Half of the way. You are kinder to your own pace.", "reflection": "Comfort with saying no is still 6 for Ivonne. Wait with week three."})
	c.agreed(0, "Touch in the kitchen is only touch.", 21, practices.Kept)
	c.agreed(7, "A no gets a thank you.", 28, practices.InForce)
	c.letter(24, clients.Us, "You came because touch had become a question. You have begun to give it back to the kitchen and to the roller disco.")
	c.booked(2, "16:00", "")
}

// longDistance is Xiaomei and Łukasz: two clocks, a change to winter time, and numbers
// with gaps. In the middle of their programme.
func longDistance(m *maker) {
	c := &couple{maker: m, start: -75, zone: "Europe/Warsaw"}
	r := rand.New(rand.NewPCG(1, 3))
	c.arrive(arrival{
		enquiry: intake.Enquiry{
			Source: "search", Kind: clients.KindCouple, BookedBy: "b", Intent: "prepare",
			A:       clients.Person{Name: clients.Name{Given: "晓梅", Family: "王", Order: clients.FamilyFirst, Latin: "Wáng Xiǎoméi"}, Say: "wahng shyao-may", Pronouns: "she/her", Language: "zh", Zone: "Asia/Shanghai", BirthYear: 1997, Email: "xiaomei@example.org", Safe: clients.SafeContact{Channel: "email", Message: "yes"}},
			B:       clients.Person{Name: clients.Name{Given: "Łukasz", Family: "Dąbrowski"}, Say: "WOO-kash", Pronouns: "he/him", Language: "pl", Zone: "Europe/Warsaw", BirthYear: 1995, Email: "lukasz@example.org", Safe: clients.SafeContact{Channel: "email", Message: "yes"}},
			Message: "We live seven hours apart and want to move together next year. We would like to arrive as a couple and not as two guests.",
		},
		call:    intake.Sheet{Participants: "both", Mode: "video", Concern: "Two cities, two rhythms, one plan.", ReadinessA: n(8), ReadinessB: n(9), Intent: "prepare", Hope: "To know how we decide things.", Decision: intake.DecisionFit, Fit: intake.Fit{Goal: n(2), Willing: n(2), Safe: n(2), Competence: n(1), Means: n(2), Rapport: n(2)}},
		convert: intake.Conversion{Status: "long-distance", Since: m.yearsAgo(2), Tags: []string{"long-distance"}},
		engaged: clients.Engagement{Intent: "prepare", Policy: clients.NoSecrets, Programme: "long-distance-6"},
	})
	a0 := c.took(0, clients.SlotA, "icp-18", "3,3,1,2,2,3,2,1,3,2,2,1,4,3,4,3,3,3", "AF", quizzes.OnScreenAlone)
	b0 := c.took(0, clients.SlotB, "icp-18", "2,3,1,2,2,2,2,1,3,2,2,2,3,3,4,3,4,2", "EX", quizzes.OnScreenAlone)
	a1 := c.took(68, clients.SlotA, "icp-18", "3,4,2,2,3,3,1,1,2,2,1,1,4,3,4,3,3,3", "AF", quizzes.OnScreenAlone)
	b1 := c.took(62, clients.SlotB, "icp-18", "3,3,1,2,3,3,1,1,3,2,1,1,3,3,4,3,4,3", "EX", quizzes.OnScreenAlone)
	sa0, sb0 := c.took(1, clients.SlotA, "csi-16", csi16(44), "", quizzes.OnScreenAlone), c.took(1, clients.SlotB, "csi-16", csi16(52), "", quizzes.OnScreenAlone)
	sb1 := c.took(35, clients.SlotB, "csi-16", csi16(54), "", quizzes.OnScreenAlone)
	sa2, sb2 := c.took(68, clients.SlotA, "csi-16", csi16(55), "", quizzes.OnScreenAlone), c.took(62, clients.SlotB, "csi-16", csi16(58), "", quizzes.OnScreenAlone)
	c.took(10, clients.SlotB, "qmi", "6,6,5,6,6,8", "", quizzes.Phone)
	c.took(60, clients.SlotB, "qmi", "6,6,6,6,6,8", "", quizzes.Paper)
	c.releases(63, clients.SlotB, nil, b0, b1, sb0, sb1, sb2)
	c.releases(70, clients.SlotA, nil, a0, a1, sa0, sa2)
	c.pulse(3, 10, [][5]int{{5, 6, 6, 3, 5}, {6, 6, 6, 3, 5}, {6, 6, 5, 3, 6}, {5, 6, 5, 4, 5}, {6, 7, 6, 4, 6}, {7, 7, 6, 5, 6}, {7, 7, 7, 5, 6}, {7, 7, 7, 5, 7}, {7, 8, 7, 6, 7}, {8, 8, 7, 6, 7}},
		[][5]int{{6, 6, 7, 4, 6}, {6, 6, 6, 4, 6}, {6, 7, 6, 4, 6}, {6, 6, 6, 5, 5}, {7, 7, 6, 5, 6}, {7, 7, 7, 5, 6}, {7, 7, 7, 6, 7}, {7, 8, 7, 6, 7}, {8, 8, 7, 6, 7}, {8, 8, 8, 6, 7}}, false)

	voice := c.assigned(40, 0, "pr-05", practices.ToBoth, daily("once a day"), "good-morning voice note, each in their own morning", "ten seconds")
	c.spread(r, voice, 40, 34, 27, both, 1, map[int]string{0: "I could hear the tram.", 1: "Heard her before the first coffee."})
	questions := c.assigned(47, 28, "pr-10", practices.ToBoth, weekly(3, "three times a week"), "Sunday call", "one real question")
	c.spread(r, questions, 47, 26, 8, both, 45, map[int]string{1: "She asked what I would miss."})
	for i, t := range []texts{
		{"topics": "Two rhythms", "view_a": "Mornings are when she misses him.", "view_b": "Evenings are when he misses her.", "did": "Drew both days on one sheet.", "agreements": "A good-morning voice note", "note_both": "Two clocks, one sheet."},
		{"topics": "Deciding", "did": "How each decides: list or walk.", "agreements": "A good-morning voice note\nBig things get two calls"},
		{"topics": "Winter time", "did": "Moved the Sunday call: the clocks have changed in Gdańsk, not in Chengdu.", "fun": "Both were early, on different days."},
		{"topics": "Where to live", "view_a": "Afraid to be a guest.", "view_b": "Afraid to be the host.", "pattern": "Each tries to make room and leaves the other alone in it.", "did": "Listening turns."},
		{"topics": "Questions", "did": "Level two of the deck.", "shifted": "Łukasz said what he would miss.", "agreements": "Big things get two calls\nThe flat is chosen together, on screen"},
	} {
		c.met(7+14*i, "14:00", "", 60, "couple-session", t)
	}
	c.agreed(7, "A good-morning voice note, each in their own morning.", 60, practices.Kept)
	c.agreed(63, "The flat is chosen together, on screen.", 30, practices.InForce)
	c.contact(50, "08:30", "brief-contact", clients.SlotB, texts{"kind": "message", "content": "Łukasz asks to move the call by an hour because of the clocks."})
	c.booked(6, "14:00", "")
}

// late is a session that one came to late, with its note.
func (c *couple) late(n int, hour string, who clients.Slot, t texts) {
	c.met(n, hour, "", 75, "couple-session", t)
	c.on(c.d(n), "22:00", "attendance", func() error {
		rows, err := c.sessions.Sessions(c.ctx, c.coach(), c.id)
		if err != nil || len(rows) == 0 {
			return err
		}
		last := rows[0]
		for _, x := range rows {
			if x.Start.After(last.Start) && !x.Start.After(c.now) {
				last = x
			}
		}
		return c.sessions.Update(c.ctx, last.ID, func(x *sessions.Session) error {
			for i := range x.Attendance {
				if x.Attendance[i].Person == c.person(who) {
					x.Attendance[i].Presence = sessions.Late
				}
			}
			return nil
		})
	})
}
