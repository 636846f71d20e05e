package practices

import "github.com/couplet-app/couplet/internal/text"

// OptionWords says an option of the form to the couple; empty for the partners, who are
// called by their names.
func OptionWords(option string) string {
	switch option {
	case "yes":
		return text.T("talk.yes", "yes")
	case "no":
		return text.T("talk.no", "no")
	case "partly":
		return text.T("talk.partly", "in part")
	case "both":
		return text.T("talk.both", "both")
	case "none":
		return text.T("talk.none", "none")
	case "home":
		return text.T("talk.home", "home")
	case "walk":
		return text.T("talk.walk", "on a walk")
	case "video":
		return text.T("talk.video", "by video")
	case "phone":
		return text.T("talk.phone", "by telephone")
	case "session":
		return text.T("talk.session", "in the session")
	case "elsewhere":
		return text.T("talk.elsewhere", "elsewhere")
	case "time":
		return text.T("talk.time", "time")
	case "money":
		return text.T("talk.money", "money")
	case "children":
		return text.T("talk.children", "children")
	case "family":
		return text.T("talk.family", "family")
	case "closeness":
		return text.T("talk.closeness", "closeness")
	case "sex":
		return text.T("talk.sex", "sex")
	case "work":
		return text.T("talk.work", "work")
	case "health":
		return text.T("talk.health", "health")
	case "trust":
		return text.T("talk.trust", "trust")
	case "other":
		return text.T("talk.other", "something else")
	case "accepted":
		return text.T("talk.accepted", "accepted")
	case "later":
		return text.T("talk.later", "not yet")
	case "not_needed":
		return text.T("talk.not_needed", "not needed")
	case "experiment":
		return text.T("talk.experiment", "a small experiment")
	case "live_with_it":
		return text.T("talk.live_with_it", "how to live kindly with it")
	case "next_talk":
		return text.T("talk.next_talk", "when to talk next")
	case "kept":
		return text.T("talk.kept", "kept")
	case "not_kept":
		return text.T("talk.not_kept", "not kept")
	}
	return ""
}

// Words says where a conversation stands, the same to every reader: a stop is no more
// than an end (rule PV-31).
func (s ConversationState) Words() string {
	switch s {
	case ConversationOpen:
		return text.T("talk.state_open", "begun")
	case ConversationPostponed:
		return text.T("talk.state_postponed", "put off")
	case ConversationHeld:
		return text.T("talk.state_held", "held")
	case ConversationClosed:
		return text.T("talk.state_closed", "held and closed")
	}
	return text.T("talk.state_ended", "ended early")
}
