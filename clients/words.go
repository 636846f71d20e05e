package clients

import (
	"strings"

	"github.com/couplet-app/couplet/internal/text"
)

// Intents are what people come for, in the order of the forms.
func Intents() []string { return []string{"rebuild", "grow", "prepare", "other"} }

// IntentWords is what they come for as it is shown, "" for nothing said.
func IntentWords(intent string) string {
	switch intent {
	case "":
		return ""
	case "rebuild":
		return text.T("intent.rebuild", "Rebuild closeness")
	case "grow":
		return text.T("intent.grow", "Grow closer")
	case "prepare":
		return text.T("intent.prepare", "Prepare for a step")
	}
	return text.T("intent.other", "Something else")
}

// Channels are the ways to reach a person, the first for none said.
func Channels() []string { return []string{"", "phone", "text", "email", "post", "other"} }

// ChannelWords is a way to reach a person as it is shown.
func ChannelWords(channel string) string {
	switch channel {
	case "phone":
		return text.T("person.channel.phone", "Phone")
	case "text":
		return text.T("person.channel.text", "Text message")
	case "email":
		return text.T("person.channel.email", "E-mail")
	case "post":
		return text.T("person.channel.post", "Post")
	case "other":
		return text.T("person.channel.other", "Other")
	}
	return text.T("person.channel.any", "Not said")
}

// Words are how the person may be reached without risk, "" for nothing said.
func (s SafeContact) Words() string {
	var out []string
	if s.Channel != "" {
		out = append(out, ChannelWords(s.Channel))
	}
	for _, w := range []string{s.When, s.Note} {
		if w != "" {
			out = append(out, w)
		}
	}
	switch s.Message {
	case "no":
		out = append(out, text.T("person.no_message", "leave no message"))
	case "yes":
		out = append(out, text.T("person.may_message", "a message may be left"))
	}
	for _, a := range SharedAddresses() {
		if s.IsShared(a) {
			out = append(out, alsoRead(a))
		}
	}
	return strings.Join(out, " · ")
}

// alsoRead says that somebody else reads what comes to an address.
func alsoRead(address string) string {
	return text.T("contact.also", "somebody else reads: %s", ChannelWords(address))
}
