package intake

import (
	"cmp"

	"github.com/couplet-app/couplet/internal/text"
)

// Phase is a part of the discovery call: from and to in minutes from its start. The
// parts before and after the call have no minutes of the clock.
type Phase struct {
	Key      string
	Title    string
	From, To int
	Ask      []string // what to ask or note
}

// CallMinutes is how long the discovery call is.
const CallMinutes = 30

// Phases are the parts of the call in order, with preparation first and the note
// afterwards. The call is free and carries no obligation; it finds out who is asking,
// whether the partner knows and wants it, and whether this person can speak freely.
func Phases() []Phase {
	t := text.T
	return []Phase{
		{"before", t("call.before", "Before"), 0, 0, []string{
			t("call.before.1", "Where did they hear of you? Who booked?"),
			t("call.before.2", "Names, how to say them, pronouns, time zone, language."),
			t("call.before.3", "Safe contact: number, times, may you leave a message, may you e-mail, is the mailbox shared?"),
			t("call.before.4", "Consent to take notes."),
		}},
		{"open", t("call.open", "Open"), 0, 3, []string{
			t("call.open.1", "What the call is for and how long. It is free and carries no obligation."),
			t("call.open.2", "Coaching is neither health care nor help in a crisis."),
			t("call.open.3", "What stays between you, and its limits."),
			t("call.open.4", "“Can you talk privately?”"),
		}},
		{"story", t("call.story", "Story"), 3, 11, []string{
			t("call.story.1", "Why now, and for how long?"),
			t("call.story.2", "What would each of you say? Who wants it more, 0 to 10 each?"),
			t("call.story.3", "Together or apart, children, big events."),
			t("call.story.4", "Does your partner know of this call and want it?"),
		}},
		{"hope", t("call.hope", "Hope"), 11, 16, []string{
			t("call.hope.1", "If it went well, what would you notice first?"),
			t("call.hope.2", "One small sign. Where are you now, 0 to 10?"),
			t("call.hope.3", "Strengths. When is it better?"),
		}},
		{"tried", t("call.tried", "Tried"), 16, 20, []string{
			t("call.tried.1", "Talks, books, professional help now or before."),
			t("call.tried.2", "What helped? Who else supports you?"),
		}},
		{"scope", t("call.scope", "Scope and safety"), 20, 23, []string{
			t("call.scope.1", "Health, alcohol and drugs, self-harm, trauma."),
			t("call.scope.2", "If both are on the call ask no violence questions. Book a short call with each alone."),
		}},
		{"fit", t("call.fit", "Fit"), 23, 27, []string{
			t("call.fit.1", "How you work, for how long, the fee, the time it needs."),
			t("call.fit.2", "Your policy on individual contacts."),
			t("call.fit.3", "Alternatives, also “not now” and specialist help."),
		}},
		{"decide", t("call.decide", "Decide"), 27, CallMinutes, []string{
			t("call.decide.1", "Yes, time to think until a date, or no."),
			t("call.decide.2", "The next step in writing, to each partner separately."),
			t("call.decide.3", "Their questions."),
		}},
		{"after", t("call.after", "After"), CallMinutes, CallMinutes + 5, []string{
			t("call.after.1", "Five minutes for the note: fit, risks, hypothesis."),
			t("call.after.2", "What you promised."),
			t("call.after.3", "Your own reaction, for coaches alone."),
		}},
	}
}

// PhaseAt is the part of the call that a number of minutes from its start falls into;
// the note afterwards once the time is up, the opening for a clock at zero.
func PhaseAt(minutes int) Phase {
	all := Phases()
	for _, p := range all {
		if p.To > 0 && minutes < p.To {
			return p
		}
	}
	return all[len(all)-1]
}

// CallField is one field of the call sheet. Everything on the sheet is for the coach
// alone.
type CallField struct {
	Key     string
	Label   string
	Hint    string
	Kind    string // text, choice, many, scale10, fit, yes_no, day, number
	Phase   string // the part of the call it belongs to
	Options []Option
}

// Option is one choice: Value is stored, Label is shown.
type Option struct{ Value, Label string }

// CallSheet lists the fields of the sheet in the order of the call.
func CallSheet() []CallField { return NamedCallSheet("", "") }

// NamedCallSheet is CallSheet with what to call the two in its words.
func NamedCallSheet(a, b string) []CallField {
	t := text.T
	a, b = cmp.Or(a, t("enquiry.first", "The first")), cmp.Or(b, t("enquiry.partner", "The partner"))
	return []CallField{
		{Key: "participants", Label: t("sheet.participants", "Who is on the call"), Kind: "choice", Phase: "before", Options: []Option{
			{"A", t("sheet.participants.alone", "%s alone", a)}, {"B", t("sheet.participants.alone", "%s alone", b)}, {"both", t("sheet.participants.both", "Both")},
		}},
		{Key: "mode", Label: t("sheet.mode", "How"), Kind: "choice", Phase: "before", Options: []Option{
			{"video", t("sheet.mode.video", "Video")}, {"phone", t("sheet.mode.phone", "Phone")}, {"in_person", t("sheet.mode.in_person", "In person")},
		}},
		{Key: "source", Label: t("sheet.source", "Heard of us through"), Kind: "text", Phase: "before"},
		{Key: "notes_consent_a", Label: t("sheet.notes_consent", "%s agrees to notes", a), Kind: "day", Phase: "before", Hint: t("sheet.notes_consent.hint", "The day it was said. Without it, keep no notes about this person.")},
		{Key: "notes_consent_b", Label: t("sheet.notes_consent", "%s agrees to notes", b), Kind: "day", Phase: "before"},
		{Key: "free_to_speak", Label: t("sheet.free_to_speak", "Can talk privately"), Kind: "choice", Phase: "open", Options: []Option{
			{"yes", t("sheet.yes", "Yes")}, {"unsure", t("sheet.unsure", "Not sure")}, {"no", t("sheet.no", "No")},
		}},
		{Key: "concern_codes", Label: t("sheet.concern_codes", "Presenting concern"), Kind: "many", Phase: "story", Options: Concerns()},
		{Key: "concern", Label: t("sheet.concern", "In their own words"), Kind: "text", Phase: "story"},
		{Key: "months", Label: t("sheet.months", "For how many months"), Kind: "number", Phase: "story"},
		{Key: "partner_knows", Label: t("sheet.partner_knows", "The partner knows of this call"), Kind: "yes_no", Phase: "story"},
		{Key: "readiness_a", Label: t("sheet.readiness", "%s wants it, 0 to 10", a), Kind: "scale10", Phase: "story"},
		{Key: "readiness_b", Label: t("sheet.readiness", "%s wants it, 0 to 10", b), Kind: "scale10", Phase: "story"},
		{Key: "intent", Label: t("sheet.intent", "They want to"), Kind: "choice", Phase: "hope", Options: []Option{
			{"rebuild", t("sheet.intent.rebuild", "rebuild closeness")}, {"grow", t("sheet.intent.grow", "grow closer")}, {"prepare", t("sheet.intent.prepare", "prepare for a step")}, {"other", t("sheet.intent.other", "something else")},
		}},
		{Key: "hope", Label: t("sheet.hope", "What they would notice first"), Kind: "text", Phase: "hope"},
		{Key: "now", Label: t("sheet.now", "Where they are now"), Kind: "scale10", Phase: "hope"},
		{Key: "strengths", Label: t("sheet.strengths", "Strengths, and when it is better"), Kind: "text", Phase: "hope"},
		{Key: "prior_help", Label: t("sheet.prior_help", "Tried so far, and what helped"), Kind: "text", Phase: "tried"},
		{Key: "exclusions", Label: t("sheet.exclusions", "Pause or refer when"), Kind: "many", Phase: "scope", Options: Exclusions(), Hint: t("sheet.exclusions.hint", "If both are on the call ask no violence questions.")},
		{Key: "fit", Label: t("sheet.fit", "Fit"), Kind: "fit", Phase: "fit", Hint: t("sheet.fit.hint", "For coaches alone: 0, 1 or 2 each. “Safe” at 0 overrides any total.")},
		{Key: "decision", Label: t("sheet.decision", "Decision"), Kind: "choice", Phase: "decide", Options: decisionOptions()},
		{Key: "reason_code", Label: t("sheet.reason_code", "Reason"), Kind: "choice", Phase: "decide", Options: Reasons()},
		{Key: "next_step", Label: t("sheet.next_step", "Next step"), Kind: "text", Phase: "decide"},
		{Key: "next_on", Label: t("sheet.next_on", "Due"), Kind: "day", Phase: "decide"},
		{Key: "next_owner", Label: t("sheet.next_owner", "Who does it"), Kind: "text", Phase: "decide"},
		{Key: "promised", Label: t("sheet.promised", "What you promised"), Kind: "text", Phase: "after"},
		{Key: "reaction", Label: t("sheet.reaction", "Your own reaction"), Kind: "text", Phase: "after"},
	}
}

// Concerns are the coded concerns.
func Concerns() []Option {
	t := text.T
	return []Option{
		{"distance", t("concern.distance", "Growing apart")},
		{"conflict", t("concern.conflict", "Conflict")},
		{"communication", t("concern.communication", "Talking with each other")},
		{"trust", t("concern.trust", "Trust")},
		{"affection", t("concern.affection", "Affection")},
		{"sex", t("concern.sex", "Sex")},
		{"family", t("concern.family", "Children and family")},
		{"load", t("concern.load", "Fair load at home")},
		{"money", t("concern.money", "Money")},
		{"life_change", t("concern.life_change", "A change in life")},
		{"staying", t("concern.staying", "Whether to stay")},
		{"self", t("concern.self", "Own life and needs")},
		{"other", t("concern.other", "Something else")},
	}
}

// Exclusions are the reasons to pause or refer, asked at intake and again later.
func Exclusions() []Option {
	t := text.T
	return []Option{
		{"fear_violence", t("exclusion.fear_violence", "Fear or violence")},
		{"self_harm", t("exclusion.self_harm", "Self-harm or thoughts of suicide")},
		{"psychosis_mania", t("exclusion.psychosis_mania", "Psychosis or mania")},
		{"severe_low_mood", t("exclusion.severe_low_mood", "Severe depression or anxiety")},
		{"addiction", t("exclusion.addiction", "Addiction that is not attended to")},
		{"eating", t("exclusion.eating", "Eating disorder")},
		{"acute_trauma_grief", t("exclusion.acute_trauma_grief", "Acute trauma or grief")},
		{"child_protection", t("exclusion.child_protection", "Worry about a child's safety")},
		{"undisclosed_affair", t("exclusion.undisclosed_affair", "An ongoing affair that the other does not know of")},
		{"leaving", t("exclusion.leaving", "One has decided to leave")},
		{"legal_dispute", t("exclusion.legal_dispute", "Legal dispute or custody proceedings")},
		{"pain_sexual_function", t("exclusion.pain_sexual_function", "Pain with sex or a bodily sexual difficulty: physician first")},
		{"under_18", t("exclusion.under_18", "Younger than 18")},
	}
}
