package quizzes

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Status tells an answer from the two ways of giving none (rule Q-05). Both are
// missing in scoring; the difference is shown to nobody but the coach and the person.
type Status uint8

// The statuses. The zero value is an item that nobody has come to yet.
const (
	Skipped Status = iota
	Answered
	PreferNot
)

// Answer is what was given to one item. The zero value is a skipped item.
type Answer struct {
	Status Status
	Code   int // the number on the form, if Answered
}

// Is makes a given answer.
func Is(code int) Answer { return Answer{Answered, code} }

// MarshalJSON writes a number, "-" for prefer not to say, null for skipped.
func (a Answer) MarshalJSON() ([]byte, error) {
	switch a.Status {
	case Answered:
		return json.Marshal(a.Code)
	case PreferNot:
		return []byte(`"-"`), nil
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *Answer) UnmarshalJSON(b []byte) error {
	*a = Answer{}
	switch string(b) {
	case "null":
		return nil
	case `"-"`:
		a.Status = PreferNot
		return nil
	}
	a.Status = Answered
	return json.Unmarshal(b, &a.Code)
}

// ParseAnswers reads answers as typed, in the order of the items: "2,1,,-". A "-" is
// prefer not to say, nothing between two commas is skipped. A wrong count, something
// that is no whole number, or a number that the form does not offer is fault.BadInput
// with the item named.
func ParseAnswers(d *Definition, line string) ([]Answer, error) {
	var answers []Answer
	for i, field := range strings.Split(line, ",") {
		a, err := parseAnswer(strings.TrimSpace(field))
		if err != nil {
			return nil, notAnAnswer(d, i, strings.TrimSpace(field))
		}
		answers = append(answers, a)
	}
	if err := CheckAnswers(d, answers); err != nil {
		return nil, err
	}
	return answers, nil
}

func parseAnswer(field string) (Answer, error) {
	switch field {
	case "":
		return Answer{}, nil
	case "-", "–":
		return Answer{Status: PreferNot}, nil
	}
	code, err := strconv.Atoi(field)
	return Is(code), err
}

// FormatAnswers writes what ParseAnswers reads.
func FormatAnswers(answers []Answer) string {
	fields := make([]string, len(answers))
	for i, a := range answers {
		switch a.Status {
		case Answered:
			fields[i] = strconv.Itoa(a.Code)
		case PreferNot:
			fields[i] = "-"
		}
	}
	return strings.Join(fields, ",")
}

// CheckAnswers says whether there is one answer for every item and each is one that
// the form offers. The error is fault.BadInput and names the first item that is off.
func CheckAnswers(d *Definition, answers []Answer) error {
	for i, a := range answers {
		if i >= len(d.Items) {
			break
		}
		if err := checkAnswer(d, i, a); err != nil {
			return err
		}
	}
	have, need := len(answers), len(d.Items)
	if have < need {
		return fault.Input(d.Items[have].ID, text.T("quiz.too_few", "%s has %d items, but there are %d answers: the first without one is item %s.", d.Name, need, have, d.Items[have].ID))
	}
	if have > need {
		return fault.Input(d.Items[need-1].ID, text.T("quiz.too_many", "%s has %d items, but there are %d answers: nothing can follow item %s.", d.Name, need, have, d.Items[need-1].ID))
	}
	return nil
}

func checkAnswer(d *Definition, i int, a Answer) error {
	if a.Status != Answered {
		return nil
	}
	it := d.Items[i]
	set, _ := d.ResponseSet(it.ResponseSet)
	if a.Code < set.Min || a.Code > set.Max {
		return fault.Input(it.ID, text.T("quiz.out_of_range", "%s: %d is not one of the answers %d to %d.", it.Name(), a.Code, set.Min, set.Max))
	}
	return nil
}

func notAnAnswer(d *Definition, i int, field string) error {
	if i >= len(d.Items) {
		return fault.Input(strconv.Itoa(i+1), text.T("quiz.no_item", "Answer number %d: %q is not an answer, and there is no such item.", i+1, field))
	}
	it := d.Items[i]
	set, _ := d.ResponseSet(it.ResponseSet)
	return fault.Input(it.ID, text.T("quiz.no_answer", "%s: %q is not an answer. Use %d to %d, or - for prefer not to say.", it.Name(), field, set.Min, set.Max))
}

// ParsePicks reads the channels picked, "EM,IN"; an empty text is none. Unknown,
// doubled or too many channels are fault.BadInput with the item named.
func ParsePicks(d *Definition, line string) ([]string, error) {
	if strings.TrimSpace(line) == "" {
		return nil, nil
	}
	var picks []string
	for _, field := range strings.Split(line, ",") {
		picks = append(picks, strings.ToUpper(strings.TrimSpace(field)))
	}
	return picks, CheckPicks(d, picks)
}

// CheckPicks says whether the picks are channels of the quiz, each once, and not
// more than it allows.
func CheckPicks(d *Definition, picks []string) error {
	if len(picks) == 0 {
		return nil
	}
	item := strconv.Itoa(len(d.Items) + 1) // the pick stands after the last item
	if d.Profile == nil {
		return fault.Input(item, text.T("quiz.no_picks", "%s has no channels to pick.", d.Name))
	}
	seen := map[string]bool{}
	for _, code := range picks {
		if _, ok := d.Channel(code); !ok {
			return fault.Input(item, text.T("quiz.pick_unknown", "Item %s: %q is not a channel of this quiz.", item, code))
		}
		if seen[code] {
			return fault.Input(item, text.T("quiz.pick_twice", "Item %s: %s is picked twice.", item, code))
		}
		seen[code] = true
	}
	if len(picks) > d.Profile.Pick.Max {
		return fault.Input(item, text.T("quiz.pick_many", "Item %s: %d channels are picked, at most %d can be.", item, len(picks), d.Profile.Pick.Max))
	}
	return nil
}
