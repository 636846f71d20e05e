package sample

import (
	"math/rand/v2"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

var both = []clients.Slot{clients.SlotA, clients.SlotB}

func n(v int) *int { return &v }

// csi16 are answers to the CSI-16 that come to a total.
func csi16(total int) string {
	out := make([]string, 16)
	for i := range out {
		v := total / 16
		if i < total%16 {
			v++
		}
		out[i] = digits(v)
	}
	return strings.Join(out, ",")
}

// arrangements is Priya and Thomas: talk of arrangements, loneliness, evenings that
// shut down. They came to grow closer, finished their eight weeks and were seen again
// after three months. The good path.
func arrangements(m *maker) {
	c := &couple{maker: m, start: -152, zone: "Europe/London"}
	r := rand.New(rand.NewPCG(1, 1))
	c.arrive(arrival{
		enquiry: intake.Enquiry{
			Source: "article", Kind: clients.KindCouple, BookedBy: "a", Intent: "grow",
			A:       clients.Person{Name: clients.Name{Given: "Priya", Family: "Raman"}, Say: "PREE-ya, प्रिया रमन", Pronouns: "she/her", Language: "en", Zone: "Europe/London", BirthYear: 1988, Email: "priya@example.org", Phone: "+44 7700 900101", Safe: clients.SafeContact{Channel: "email", When: "any time", Message: "yes"}},
			B:       clients.Person{Name: clients.Name{Given: "Thomas", Family: "Whitlow"}, Pronouns: "he/him", Language: "en", Zone: "Europe/London", BirthYear: 1985, Email: "thomas@example.org", Phone: "+44 7700 900102", Safe: clients.SafeContact{Channel: "phone", When: "evenings", Message: "yes"}},
			Message: "We read your article about closeness. We run a good household and hardly talk about anything else. We would both like that to change.",
		},
		call: intake.Sheet{
			Participants: "both", Mode: "video", ConcernCodes: []string{"communication"}, Concern: "Logistics talk, then loneliness on one side and silence on the other.", Months: n(24),
			ReadinessA: n(9), ReadinessB: n(7), Intent: "grow", Hope: "An evening in which nobody mentions the calendar.", Now: n(5), Strengths: "Reliable, funny together, good with the twins.", PriorHelp: "Two books, one weekend away.",
			Fit: intake.Fit{Goal: n(2), Willing: n(2), Safe: n(2), Competence: n(2), Means: n(1), Rapport: n(2)}, Decision: intake.DecisionFit, NextStep: "Send the agreement to each of them", Reaction: "Warm. I noticed that I side with whoever is silent.",
		},
		convert: intake.Conversion{Status: "married", Since: m.yearsAgo(11), Tags: []string{"article", "parents"}},
		engaged: clients.Engagement{Intent: "grow", Policy: clients.NoSecrets, Programme: "emotional-intimacy-8"},
	})
	a0 := c.took(0, clients.SlotA, "icp-18", "2,1,2,2,1,2,3,4,2,2,3,2,4,4,3,3,4,2", "EM,IN", quizzes.OnScreenAlone)
	b0 := c.took(0, clients.SlotB, "icp-18", "2,2,3,2,2,2,2,3,1,2,2,2,3,3,3,4,3,2", "SX", quizzes.OnScreenAlone)
	a1 := c.took(56, clients.SlotA, "icp-18", "3,3,3,2,3,2,1,2,1,2,1,2,4,4,3,3,4,2", "EM", quizzes.OnScreenAlone)
	b1 := c.took(56, clients.SlotB, "icp-18", "3,3,3,3,3,2,1,2,1,2,1,2,3,3,3,4,3,2", "SX", quizzes.OnScreenAlone)
	sa, sb := c.took(1, clients.SlotA, "csi-16", csi16(47), "", quizzes.Paper), c.took(1, clients.SlotB, "csi-16", csi16(56), "", quizzes.Paper)
	ta, tb := c.took(57, clients.SlotA, "csi-16", csi16(58), "", quizzes.Paper), c.took(57, clients.SlotB, "csi-16", csi16(60), "", quizzes.Paper)
	c.untilNext()
	c.releases(58, clients.SlotA, nil, a0, a1, sa, ta)
	c.releases(58, clients.SlotB, nil, b0, b1, sb, tb)
	c.pulse(2, 8, [][5]int{{4, 5, 5, 5, 4}, {5, 5, 5, 5, 5}, {5, 6, 5, 6, 5}, {6, 6, 5, 6, 5}, {6, 7, 6, 6, 6}, {7, 7, 6, 7, 6}, {7, 7, 7, 7, 6}, {8, 8, 7, 7, 7}},
		[][5]int{{6, 5, 6, 5, 6}, {6, 6, 6, 5, 6}, {6, 6, 6, 6, 6}, {6, 7, 6, 6, 5}, {7, 7, 6, 6, 6}, {7, 7, 7, 7, 6}, {7, 8, 7, 7, 7}, {8, 8, 7, 7, 7}}, true)

	// Of what is for both, 62 times are planned and 49 confirmed; the door and the thanks are
	// each one's own.
	for _, at := range []struct {
		to  practices.Target
		who []clients.Slot
	}{{practices.ToA, both[:1]}, {practices.ToB, both[1:]}} {
		arrival := c.assigned(2, 14, "pr-01", at.to, daily("once a day"), "when the second one comes home", "two minutes at the door")
		c.spread(r, arrival, 3, 13, 9, at.who, 5, nil)
	}
	tea := c.assigned(7, 49, "pr-05", practices.ToBoth, daily("once a day"), "when the twins are asleep: tea at nine", "one cup")
	c.spread(r, tea, 7, 49, 38, both, 15, map[int]string{0: "We laughed about the kettle.", 3: "I stayed although I was tired.", 8: "No phones today, it was easy.", 13: "I looked forward to it."})
	listen := c.assigned(14, 31, "pr-12", practices.ToBoth, weekly(3, "three times a week"), "Sunday, Tuesday and Thursday after tea", "ten minutes each")
	c.spread(r, listen, 14, 31, 11, both, 20, map[int]string{2: "I did not try to solve it.", 5: "She asked whether she had understood. She had."})
	thanksA := c.assigned(9, 28, "pr-02", practices.ToA, daily("once a day"), "brushing teeth", "one sentence")
	c.spread(r, thanksA, 9, 28, 22, both[:1], 2, map[int]string{4: "Thanked him for the bins. He beamed."})
	thanksB := c.assigned(9, 28, "pr-02", practices.ToB, daily("once a day"), "on the train", "one sentence")
	c.spread(r, thanksB, 9, 28, 17, both[1:], 2, map[int]string{7: "Told her what her calm does for the house."})

	run := c.assigned(21, 35, "pr-05", practices.ToB, weekly(1, "once a week"), "Saturday run", "half an hour")
	c.spread(r, run, 21, 35, 4, both[1:], 30, nil)

	c.met(0, "18:00", "", 90, "couple-session", texts{
		"topics": "Evenings\nTalk about arrangements", "view_a": "Priya says the evenings feel like a shift handover. She misses being asked what she thinks.",
		"view_b": "Thomas says he is empty by nine and that silence is the kindest thing he has left.", "pattern": "She reaches with a list, he closes down, she reaches harder.",
		"did": "Drew the cycle together. Chose one ritual.", "shifted": "Both saw that the list is a way of reaching.", "fun": "The drawing of the kettle.",
		"agreements": "Tea at nine, phones in the hall", "practices_next": "Two-minute arrival at the door", "note_both": "Welcome. You came with a lot of goodwill.",
		"note_a": "Try one question a day that is not about the house.", "note_b": "Say when you are empty, before you are.", "reflection": "I hurried them to the solution. Slow down next time.", "supervision": "What does his silence do to me?",
	})
	for i, t := range []texts{
		{"topics": "Appreciation", "view_a": "It was strange to be thanked.", "view_b": "Thanking out loud felt clumsy and good.", "did": "Levels one and two of appreciation.", "agreements": "Tea at nine, phones in the hall\nOne thank-you a day", "practices_next": "Appreciation, levels one and two"},
		{"topics": "Listening", "view_a": "He listened for ten minutes without a plan.", "view_b": "Not fixing is hard work.", "did": "Speaker and listener, twice.", "shifted": "He asked a second question.", "practices_next": "Listening, three times"},
		{"topics": "Good news", "did": "Remember when; answering good news.", "fun": "The ferry story.", "agreements": "Tea at nine, phones in the hall\nArrangements on Sunday at five, twenty minutes"},
		{"topics": "Feelings", "view_a": "Found a word for it: left over.", "view_b": "Found two words: tired and proud.", "did": "Naming feelings alone, then sharing one.", "reflection": "Thomas found words sooner than I thought."},
		{"topics": "Questions", "did": "Forty-five minutes of graded questions.", "shifted": "They went on in the car park.", "note_both": "You asked each other twenty-one questions and skipped two."},
		{"topics": "Being seen", "view_a": "Told him about the letter she never sent.", "view_b": "Kept quiet and held on.", "did": "Rungs one to three.", "note_a": "You chose what to show, and when. Keep that."},
		{"topics": "Keeping it", "did": "Looked back, wrote the plan for the winter.", "agreements": "Tea at nine goes on\nA check-in every second Sunday", "practices_next": "Check-in"},
	} {
		c.met(7*(i+1), "18:00", "", 75, "couple-session", t)
	}
	c.agreed(0, "Tea at nine, phones stay in the hall.", 28, practices.Kept)
	c.agreed(21, "Arrangements have their own time: Sunday at five, twenty minutes.", 28, practices.Kept)
	c.agreed(49, "A check-in every second Sunday.", 220, practices.InForce)
	c.contact(58, "10:00", "closing", "", texts{
		"reason": "goals_reached", "story": "Eight sessions, one ritual that stayed.", "changed": "They speak about themselves again, not only about the house.", "keep": "Tea at nine\nA check-in every second Sunday",
		"note_both": "Thank you for the trust. I will ask after three months how it is going.", "reflection": "A good one to remember on bad days.",
	})
	c.contact(63, "09:00", "brief-contact", clients.SlotA, texts{"kind": "email", "content": "Priya asks for the list of questions. Sent."})
	c.letter(58, clients.Us, "You came with a household that ran and two people who missed each other.\n\nYou found a cup of tea, a word for being tired, and a way to ask. Keep the small things small. They carried more than the big ones.")
	c.letter(58, clients.A, "You wished for a partner who is curious about you. You also became curious about his silence. That took courage.")
	c.letter(58, clients.B, "You said once that you had nothing left by nine. You gave those evenings a quarter of an hour, and it was enough.")
	c.moved(59, intake.StageCompleted, "")
	c.on(c.d(59), "12:05", "the end", func() error {
		all, err := c.people.Engagements(c.ctx, c.coach(), c.id)
		if err != nil || len(all) == 0 {
			return err
		}
		return c.people.EndEngagement(c.ctx, all[0].ID, c.coach().On())
	})
	c.moved(150, intake.StageFollowUp, "")
	c.contact(150, "17:00", "brief-contact", "", texts{"kind": "call", "content": "Three months on. Tea at nine has moved to half past. Both laughed about it.", "next_step": "Nothing open."})
}

// namesake is another Thomas Whitlow, who has nothing to do with the first.
func namesake(m *maker) {
	c := &couple{maker: m, start: -3, zone: "Europe/London", single: true}
	c.on(-3, "09:00", "the namesake", func() (err error) {
		c.id, err = c.people.CreateCouple(c.ctx, clients.NewCouple{A: &clients.Person{Name: clients.Name{Given: "Thomas", Family: "Whitlow"}, Language: "en", Zone: "Europe/London", Phone: "+44 7700 900177"}, Status: "single", Tags: []string{"individual"}})
		return err
	})
	c.on(-3, "09:10", "considering", func() error {
		return c.intake.MoveCouple(c.ctx, c.id, intake.StageConsidering, "wants to think until next week")
	})
}

// alone is Mateus, who comes by himself.
func alone(m *maker) {
	c := &couple{maker: m, start: -25, zone: "Europe/Lisbon", single: true}
	c.arrive(arrival{
		enquiry: intake.Enquiry{Source: "recommendation", Kind: clients.KindSingle, BookedBy: "a", Intent: "grow", A: clients.Person{Name: clients.Name{Given: "Mateus", Family: "Oliveira"}, Say: "ma-TAY-oosh", Pronouns: "he/him", Language: "pt", Zone: "Europe/Lisbon", BirthYear: 1999, Email: "mateus@example.org", Phone: "+1 555-0142"}, Message: "I would like to be better at staying in a conversation when it gets close."},
		call:    intake.Sheet{Participants: "A", Mode: "video", Concern: "Leaves, in words or in fact, when things get close.", ReadinessA: n(8), Intent: "grow", Decision: intake.DecisionFit, Fit: intake.Fit{Goal: n(2), Willing: n(2), Safe: n(2), Competence: n(2), Means: n(2), Rapport: n(1)}},
		convert: intake.Conversion{Kind: clients.KindSingle, Status: "single", Tags: []string{"individual", "men's programme"}},
		engaged: clients.Engagement{Intent: "grow", Policy: clients.SeparateConfidential, Programme: "individual-6"},
	})
	r := rand.New(rand.NewPCG(1, 7))
	c.took(1, clients.SlotA, "icp-18", "2,3,-,-,2,3,2,2,-,-,2,1,3,3,-,-,3,3", "EM", quizzes.OnScreenAlone)
	c.took(1, clients.SlotA, "ras", "3,3,3,3,3,3,3", "", quizzes.OnScreenAlone)
	words := c.assigned(2, 21, "pr-13", practices.ToA, daily("once a day"), "after lunch", "one word")
	c.spread(r, words, 3, 20, 12, both[:1], 5, map[int]string{0: "Uneasy, 4 of 10. Then it moved.", 6: "Found the word: cornered."})
	for i, t := range []texts{
		{"reason": "First session", "content": "Tells of three friendships that ended in silence.", "did": "Mapped the moment before leaving.", "practices_next": "One feeling word a day", "note_own": "You noticed the moment before you leave. That is the whole work.", "reflection": "He apologises for taking time."},
		{"reason": "Second session", "content": "Stayed in a hard call for eleven minutes.", "did": "Feeling words.", "note_own": "Eleven minutes."},
		{"reason": "Third session", "content": "Told his brother that he was hurt.", "did": "Own life, own needs: the wheel."},
	} {
		c.met(2+7*i, "12:00", clients.SlotA, 50, "individual-contact", t)
	}
	c.booked(4, "12:00", clients.SlotA)
}
