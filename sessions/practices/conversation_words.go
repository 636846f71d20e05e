package practices

import "github.com/couplet-app/couplet/internal/text"

// OptionWords says an option of the form to the couple; empty for the partners, who are
// called by their names.
func OptionWords(option string) string { return options[option].String() }

var options = map[string]text.Phrase{
	"yes":          text.P("talk.yes", "yes"),
	"no":           text.P("talk.no", "no"),
	"partly":       text.P("talk.partly", "in part"),
	"both":         text.P("talk.both", "both"),
	"none":         text.P("talk.none", "none"),
	"home":         text.P("talk.home", "home"),
	"walk":         text.P("talk.walk", "on a walk"),
	"video":        text.P("talk.video", "by video"),
	"phone":        text.P("talk.phone", "by telephone"),
	"session":      text.P("talk.session", "in the session"),
	"elsewhere":    text.P("talk.elsewhere", "elsewhere"),
	"time":         text.P("talk.time", "time"),
	"money":        text.P("talk.money", "money"),
	"children":     text.P("talk.children", "children"),
	"family":       text.P("talk.family", "family"),
	"closeness":    text.P("talk.closeness", "closeness"),
	"sex":          text.P("talk.sex", "sex"),
	"work":         text.P("talk.work", "work"),
	"health":       text.P("talk.health", "health"),
	"trust":        text.P("talk.trust", "trust"),
	"other":        text.P("talk.other", "something else"),
	"accepted":     text.P("talk.accepted", "accepted"),
	"later":        text.P("talk.later", "not yet"),
	"not_needed":   text.P("talk.not_needed", "not needed"),
	"experiment":   text.P("talk.experiment", "a small experiment"),
	"live_with_it": text.P("talk.live_with_it", "how to live kindly with it"),
	"next_talk":    text.P("talk.next_talk", "when to talk next"),
	"kept":         text.P("talk.kept", "kept"),
	"not_kept":     text.P("talk.not_kept", "not kept"),
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
