package sample

import (
	"fmt"
	"math/rand/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// blended is Samira and Jonas: four children of earlier partners, two coaches, seven
// conversations. Later they part; the sample ends before that.
func blended(m *maker) {
	c := &couple{maker: m, start: -118, zone: "Europe/Stockholm"}
	r := rand.New(rand.NewPCG(1, 4))
	c.arrive(arrival{
		enquiry: intake.Enquiry{
			Source: "recommendation", Kind: clients.KindCouple, BookedBy: "both", Intent: "rebuild", SharedAddress: true, BothAgreed: true,
			A:       clients.Person{Name: clients.Name{Given: "سميرة", Family: "حداد", Latin: "Samira Haddad"}, Say: "sa-MEE-ra", Pronouns: "she/her", Language: "ar", Zone: "Europe/Stockholm", BirthYear: 1982, Email: "samira@example.org", Phone: "+44 7700 900141", Safe: clients.SafeContact{Channel: "phone", When: "not on changeover days", Message: "no"}},
			B:       clients.Person{Name: clients.Name{Given: "Jonas", Family: "Lindqvist"}, Pronouns: "he/him", Language: "sv", Zone: "Europe/Stockholm", BirthYear: 1979, Email: "jonas@example.org", Phone: "+44 7700 900142", Safe: clients.SafeContact{Channel: "email", Message: "yes"}},
			Message: "Four children, two former partners, one kitchen. We quarrel about rules and mean something else.",
		},
		call: intake.Sheet{
			Participants: "both", Mode: "video", ConcernCodes: []string{"conflict"}, Concern: "Quarrels about rules in the house.", Months: n(18), ReadinessA: n(8), ReadinessB: n(7), Intent: "rebuild", Hope: "To end a quarrel on the same day.",
			Strengths: "Both keep their word.", Decision: intake.DecisionFit, Fit: intake.Fit{Goal: n(2), Willing: n(2), Safe: n(2), Competence: n(2), Means: n(1), Rapport: n(1)},
		},
		convert: intake.Conversion{Status: "living together", Since: m.yearsAgo(3), Coaches: []ids.ID{m.second}, Tags: []string{"parents", "two coaches"}},
		engaged: clients.Engagement{Intent: "rebuild", Policy: clients.NoSecrets, Programme: "conflict-6"},
	})
	a0 := c.took(0, clients.SlotA, "icp-18", "1,2,2,2,2,2,3,3,2,2,2,2,3,3,3,2,3,4", "EM,SP", quizzes.OnScreenAlone)
	b0 := c.took(0, clients.SlotB, "icp-18", "2,2,2,2,2,1,2,3,2,2,2,3,3,2,3,3,3,3", "EM", quizzes.OnScreenAlone)
	a1 := c.took(60, clients.SlotA, "icp-18", "3,2,2,2,2,3,1,2,2,2,2,1,3,3,3,2,3,4", "SP", quizzes.OnScreenAlone)
	b1 := c.took(60, clients.SlotB, "icp-18", "2,3,2,2,2,2,2,2,2,2,2,2,3,2,3,3,3,3", "EM", quizzes.OnScreenAlone)
	sa0, sb0 := c.took(1, clients.SlotA, "csi-16", csi16(35), "", quizzes.Paper), c.took(1, clients.SlotB, "csi-16", csi16(41), "", quizzes.Paper)
	sa1, sb1 := c.took(61, clients.SlotA, "csi-16", csi16(46), "", quizzes.Paper), c.took(61, clients.SlotB, "csi-16", csi16(44), "", quizzes.Paper)
	c.releases(62, clients.SlotA, nil, a0, a1, sa0, sa1)
	c.releases(62, clients.SlotB, nil, b0, b1, sb0, sb1)
	c.pulse(3, 9, [][5]int{{3, 4, 2, 4, 4}, {4, 4, 3, 4, 4}, {4, 4, 3, 4, 5}, {5, 5, 4, 5, 4}, {5, 5, 5, 5, 5}, {5, 6, 5, 5, 5}, {6, 6, 6, 5, 6}, {6, 6, 6, 6, 6}, {6, 7, 6, 6, 6}},
		[][5]int{{4, 4, 3, 5, 5}, {4, 4, 3, 5, 5}, {5, 5, 4, 5, 5}, {5, 5, 4, 5, 5}, {5, 5, 5, 5, 5}, {5, 5, 5, 6, 5}, {5, 6, 5, 6, 5}, {6, 6, 5, 6, 6}, {6, 6, 6, 6, 6}}, true)

	naming := c.assigned(2, 28, "pr-13", practices.ToBoth, daily("once a day"), "in the car before going in", "one word")
	c.spread(r, naming, 3, 26, 15, both, 5, map[int]string{0: "Angry was scared today.", 1: "Tired, not cross."})
	listen := c.assigned(14, 40, "pr-12", practices.ToBoth, weekly(2, "twice a week"), "when the children are at their other homes", "ten minutes each")
	c.spread(r, listen, 14, 40, 9, both, 20, map[int]string{1: "She stopped when I asked.", 2: "He repeated it and it was right."})

	for i, t := range []texts{
		{"topics": "The cycle\nPause", "view_a": "Samira hears a verdict in every rule.", "view_b": "Jonas hears that he is not wanted in his own kitchen.", "pattern": "Rule, verdict, door.", "did": "Mapped the cycle, chose a sign for a pause.", "agreements": "A raised hand is a pause of thirty minutes"},
		{"topics": "Soft start", "did": "Soft start, three tries each.", "shifted": "The second try was a wish.", "fun": "The third was a song.", "agreements": "A raised hand is a pause of thirty minutes"},
		{"topics": "Taking turns", "view_a": "He repeated it and it was what I meant.", "view_b": "Repeating is not agreeing. That helps.", "did": "Speaker and listener on a three of ten."},
		{"topics": "Own part", "did": "Own part, repair.", "shifted": "Both named a part before the other asked.", "reflection": "My colleague saw his shame sooner than I did."},
		{"topics": "Agreements", "did": "What can be solved, what must be lived with.", "agreements": "The older ones choose their own bedtime on Fridays\nRules are told by the parent of the child"},
		{"topics": "A whole conversation", "did": "All nine steps, in the room.", "note_both": "You ended on the same day.", "note_a": "You may ask for the pause before it is needed.", "note_b": "Your hand went up in time. Twice."},
	} {
		if i == 3 {
			c.late(7+9*i, "17:00", clients.SlotB, t)
			continue
		}
		c.met(7+9*i, "17:00", "", 75, "couple-session", t)
	}
	c.met(32, "12:00", clients.SlotA, 45, "individual-contact", texts{
		"reason": "Own wish", "content": "Samira is worried about the hearing next month.", "third_parties": "Custody case with her former husband; the hearing is on the fourteenth.", "to_joint": "by_client", "note_own": "You wanted somebody to know the date. I know it.",
	})
	c.planned(32, "14:00", clients.PlanNone, 0)
	c.referred(32, "14:10", clients.SlotA, 2, "A hearing about the children; advice before it.", clients.ReferralTaken)
	c.on(c.d(62), "09:00", "the scope again", func() error {
		return c.inScope(clients.ScopeCheck{Signs: []string{"legal"}, Outcome: clients.ScopeGoOn, Body: "The case is with her former husband, not between the two. Mediation helps; we go on."})
	})
	understood := [][2]string{{"4", "5"}, {"6", "5"}, {"7", "6"}, {"7", "8"}, {"8", "8"}, {"", ""}, {"", ""}}
	for i, topic := range []string{"bedtimes", "the fridge", "whose weekend", "the grandmother's visit", "money for shoes", "the phone at dinner", "summer"} {
		facts := map[string]string{"ready_a": "yes", "ready_b": "yes", "where": "home", "topic": topic, "pause_used": "no", "agreement_kind": "none", "reconnect_minutes": fmt.Sprint(600 - 80*i)}
		if i < 5 {
			facts["pause_used"], facts["pause_minutes"], facts["pause_on_time"] = "yes", "30", "yes"
			if i == 1 {
				facts["pause_on_time"] = "no"
			}
		}
		if i > 0 && i < 5 {
			facts["agreement_kind"], facts["agreement"], facts["kept"] = "experiment", "We try it for two weeks: "+topic, "kept"
			if i == 2 {
				facts["kept"] = "not_kept"
			}
		}
		own := map[string][2]string{"intensity_before": {"7", "6"}, "intensity_after": {"3", "3"}, "understood": understood[i], "afraid": {"no", "no"}}
		c.talked(12+7*i, topic, 9, facts, own)
	}
	c.agreed(7, "A raised hand is a pause of thirty minutes.", 42, practices.Kept)
	c.agreed(43, "The older ones choose their own bedtime on Fridays.", 28, practices.Kept)
	c.agreed(43, "Rules are told by the parent of the child.", 28, practices.Kept)
	c.agreed(60, "Sunday evening is for plans, twenty minutes.", 60, practices.InForce)
	c.letter(62, clients.Us, "Seven hard conversations, and the last ones ended on the same day. You did that.")
	c.contact(75, "09:10", "brief-contact", clients.SlotB, texts{"kind": "no_show", "content": "Jonas did not come and wrote an hour later. Work."})
	c.booked(3, "17:00", "")
}

// onHold is Dana and Kieran: what Dana said alone stops joint work, and nothing that
// Kieran can see tells of it.
func onHold(m *maker) {
	c := &couple{maker: m, start: -34, zone: "Europe/London"}
	c.arrive(arrival{
		enquiry: intake.Enquiry{
			Source: "search", Kind: clients.KindCouple, BookedBy: "b", Intent: "rebuild",
			A:       clients.Person{Name: clients.Name{Given: "Dana", Family: "Whitcombe"}, Pronouns: "she/her", Language: "en", Zone: "Europe/London", BirthYear: 1991, Email: "dana.work@example.org", Safe: clients.SafeContact{Channel: "email", When: "weekdays 10 to 15", Message: "no", Note: "Work address only. No messages, no calls."}},
			B:       clients.Person{Name: clients.Name{Given: "Kieran", Family: "Moss"}, Pronouns: "he/him", Language: "en", Zone: "Europe/London", BirthYear: 1987, Email: "kieran@example.org", Phone: "+44 7700 900155", Safe: clients.SafeContact{Channel: "phone", Message: "yes"}},
			Message: "We need to fix our communication. She will join.",
		},
		call: intake.Sheet{Participants: "both", Mode: "video", ConcernCodes: []string{"communication"}, Concern: "He answers for her.", PartnerKnows: "yes", FreeToSpeak: "no", ReadinessA: n(4), ReadinessB: n(9), Intent: "rebuild", Decision: intake.DecisionFit, Promised: "A call with each alone", Reaction: "Uneasy. She looked aside before each answer."},
		screens: map[clients.Slot]clients.Screen{clients.SlotA: {
			Outcome: clients.ScreenStop, Supervisor: "Ruth Amsel", Answers: map[string]clients.Spoken{
				"afraid": {Said: clients.SaidYes, Words: "Weighs each word before she speaks."}, "controlled": {Said: clients.SaidYes, Words: "The phone is looked through every day."},
				"restricted": {Said: clients.SaidYes, Words: "Car keys taken twice."}, "hurt": {Said: clients.SaidYes, Words: "Held by the throat, last spring."},
				"weapons": {Said: clients.SaidNo}, "free": {Said: clients.SaidNo, Words: "Not with him in the room."},
			},
			Body: "Alone, on the work address. Phone checked daily, car keys taken twice, held by the throat once last spring. Afraid to speak with him in the room. Gave the number of the specialist service; she will call from work.",
		}},
		convert: intake.Conversion{Status: "married", Since: m.yearsAgo(5), Tags: []string{"parents"}},
		engaged: clients.Engagement{Intent: "rebuild", Policy: clients.LimitedSecrets, Programme: "conflict-6"},
	})
	c.took(1, clients.SlotB, "csi-16", csi16(66), "", quizzes.Paper)
	c.took(2, clients.SlotA, "csi-16", csi16(29), "", quizzes.OnScreenAlone)
	c.met(1, "11:00", clients.SlotB, 50, "individual-contact", texts{
		"reason": "First talk alone", "content": "Kieran wants tools and a plan. Speaks of 'her moods'.", "note_own": "Thank you for coming. I will be in touch about how we go on.", "reflection": "Keep my face. Nothing about Dana.",
	})
	c.met(2, "13:00", clients.SlotA, 40, "individual-contact", texts{
		"reason": "First talk alone", "content": "Dana spoke freely for the first time.", "note_own": "You decide what happens next, and when.", "safety": "Referred to the specialist service, with the number learned by heart. No paper. Supervision booked for tomorrow.", "supervision": "How do I stay reachable for her without a trace?",
	})
	c.stepped(2, "14:10", "numbers", "", "learned by heart")
	c.stepped(2, "14:20", "contact", "", "work address, weekdays 10 to 15")
	c.referred(2, "14:30", clients.SlotA, 1, "Control and violence by the partner.", clients.ReferralOpen)
	c.stepped(2, "14:40", "referral", "", "she calls from work, when she chooses")
	c.stepped(3, "08:00", clients.StepSupervision, "Ruth Amsel", "how to stay reachable without a trace")
	c.on(c.d(3), "09:00", "the pause", func() error {
		all, err := c.people.Engagements(c.ctx, c.coach(), c.id)
		if err != nil || len(all) == 0 {
			return err
		}
		return c.people.PauseEngagement(c.ctx, all[0].ID, true)
	})
	c.moved(3, intake.StagePaused, "on hold")
	c.stepped(3, "15:10", "neutral", "", "")
	c.contact(3, "15:00", "brief-contact", clients.SlotB, texts{"kind": "call", "content": "Told Kieran that the programme is on hold and that I will be in touch."})
}
