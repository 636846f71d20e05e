package clients

import (
	"encoding/json"
	"strings"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Topic is one topic of the interview guide of a safety screen, which is spoken about with
// each partner alone. The coach writes down what was said; nothing is added up.
type Topic struct {
	Code     string
	Question string
}

// Guide are the topics in the order of speaking.
func Guide() []Topic {
	return []Topic{
		{"afraid", text.T("guide.afraid", "Are you ever afraid of your partner, or of what follows when you say what you think?")},
		{"controlled", text.T("guide.controlled", "Does anybody watch where you go, whom you see, or what you do?")},
		{"restricted", text.T("guide.restricted", "Are your money, your phone or your friends kept from you, or looked through?")},
		{"hurt", text.T("guide.hurt", "Has anybody pushed, hit, held or choked you?")},
		{"threatened", text.T("guide.threatened", "Has anybody threatened you, your children, your animals, or to harm themselves?")},
		{"sex", text.T("guide.sex", "Have you been pressed or forced into anything about sex?")},
		{"weapons", text.T("guide.weapons", "Are there weapons where you live?")},
		{"free", text.T("guide.free", "Is it safe for you to come together, to speak freely, and to go home after?")},
	}
}

// Said is what was said to a topic, as the coach understood it.
type Said string

// What can be said.
const (
	SaidNot    Said = ""       // it was not spoken about
	SaidNo     Said = "no"     // nothing of the kind
	SaidYes    Said = "yes"    // something of the kind
	SaidUnsure Said = "unsure" // it stayed open
)

// Spoken is what was said to one topic.
type Spoken struct {
	Said  Said   `json:"said,omitempty"`
	Words string `json:"words,omitempty"`
}

// cleanAnswers leaves out what says nothing and refuses what is not of the guide.
func cleanAnswers(in map[string]Spoken) (map[string]Spoken, error) {
	known := map[string]bool{}
	for _, t := range Guide() {
		known[t.Code] = true
	}
	out := map[string]Spoken{}
	for code, a := range in {
		switch {
		case !known[code], a.Said != SaidNot && a.Said != SaidNo && a.Said != SaidYes && a.Said != SaidUnsure:
			return nil, fault.Input("answers", text.T("guide.unknown", "This is not a topic of the guide."))
		}
		if a.Words = strings.TrimSpace(a.Words); a != (Spoken{}) {
			out[code] = a
		}
	}
	return out, nil
}

func answersText(in map[string]Spoken) (string, error) {
	b, err := json.Marshal(in)
	return string(b), err
}

// parseAnswers reads answersText; what cannot be read says nothing.
func parseAnswers(s string) map[string]Spoken {
	out := map[string]Spoken{}
	if json.Unmarshal([]byte(s), &out) != nil {
		return map[string]Spoken{}
	}
	return out
}
