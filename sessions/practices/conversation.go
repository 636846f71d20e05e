package practices

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/couplet-app/couplet/assets"
	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// ConversationForm is the conflict-to-connection conversation: ten numbered steps from
// 0 (Ready?) to 9 (Follow up), what to record in each, and when to stop.
type ConversationForm struct {
	ID          string     `json:"id"`
	Version     int        `json:"version"`
	Language    string     `json:"language"`
	Practice    string     `json:"practice"`
	Title       string     `json:"title"`
	Minutes     Minutes    `json:"minutes"`
	Steps       []Step     `json:"steps"`
	StopRules   []StopRule `json:"stop_rules"`
	AfterStop   []string   `json:"after_stop"`
	PauseRule   PauseRule  `json:"pause_rule"`
	PostponeHrs int        `json:"postpone_hours"`
	FollowUpHrs Minutes    `json:"follow_up_hours"` // hours, from and to
}

// Step is one step: what the couple does and what is recorded.
type Step struct {
	Number  int      `json:"number"`
	Title   string   `json:"title"`
	Do      []string `json:"do"`
	Minutes Minutes  `json:"minutes"`
	Note    string   `json:"note"`
	Fields  []Field  `json:"fields"`
}

// StopRule is a sign at which the conversation ends at once.
type StopRule struct {
	Key  string `json:"key"`
	Text string `json:"text"`
}

// PauseRule is how long a pause may be, in minutes.
type PauseRule struct {
	UsualFrom int `json:"usual_from"`
	UsualTo   int `json:"usual_to"`
	Most      int `json:"most"`
}

// FieldAudience is who sees what is recorded in a field.
type FieldAudience string

// The audiences: a joint fact is recorded once; an own rating once per partner and
// only for that partner; a safety answer once per partner and for the coach alone.
const (
	JointFact  FieldAudience = "joint"
	OwnRating  FieldAudience = "own"
	SafetyOnly FieldAudience = "safety"
)

// Field is one thing to record. Labels may hold {A} and {B} for the partners' names.
// A field that OpensWhenBoth is kept from the screen until both have entered it; its
// values stay the partners' own and need their releases to stand in a joint report.
type Field struct {
	Key           string        `json:"key"`
	Label         string        `json:"label"`
	Hint          string        `json:"hint"`
	Kind          string        `json:"kind"` // yes_no, choice, text, list, scale10, count, minutes, day, time
	Options       []string      `json:"options"`
	Audience      FieldAudience `json:"audience"`
	Required      bool          `json:"required"`
	OpensWhenBoth bool          `json:"opens_when_both"`
}

// Conversation returns the shipped form, shared and read only.
func Conversation() (*ConversationForm, error) { return conversationForm() }

var conversationForm = sync.OnceValues(func() (*ConversationForm, error) {
	f := new(ConversationForm)
	return f, readStrict(assets.Content, folder+"/conversation.json", f)
})

// Field finds a field by its key.
func (c *ConversationForm) Field(key string) (Field, bool) {
	for _, s := range c.Steps {
		for _, f := range s.Fields {
			if f.Key == key {
				return f, true
			}
		}
	}
	return Field{}, false
}

// PerPartner says whether each partner answers alone.
func (f Field) PerPartner() bool { return f.Audience != JointFact }

// Access is the audience of an answer of the partner in slot s; s is ignored for
// joint facts.
func (f Field) Access(s clients.Slot) clients.Access {
	switch f.Audience {
	case OwnRating:
		return clients.Access{Subject: s.Subject(), Visibility: s.Own(), Sensitivity: clients.Normal}
	case JointFact:
		return clients.Access{Subject: clients.SubjectBoth, Visibility: clients.Joint, Sensitivity: clients.Normal}
	}
	return clients.Access{Subject: s.Subject(), Visibility: clients.CoachOnly, Sensitivity: clients.Safety}
}

// Answer is one recorded value. Partner is empty for joint facts. Numbers, days
// (2026-11-22) and times (RFC 3339) are in their usual text form, yes_no is "yes" or
// "no".
type Answer struct {
	Key     string
	Partner clients.Slot
	Value   string
}

// ConversationState is where a conversation stands.
type ConversationState string

// The states. Stopped means that a stop rule applied.
const (
	ConversationOpen      ConversationState = "open"
	ConversationHeld      ConversationState = "held"
	ConversationPostponed ConversationState = "postponed"
	ConversationHalted    ConversationState = "stopped"
	ConversationClosed    ConversationState = "closed"
)

// Record is one conversation with its answers.
type Record struct {
	At      time.Time
	State   ConversationState
	Answers []Answer
}

// Value is what was answered, "" when nothing was.
func (r *Record) Value(key string, s clients.Slot) string {
	for _, a := range r.Answers {
		if a.Key == key && a.Partner == s {
			return a.Value
		}
	}
	return ""
}

// number is a numeric answer.
func (r *Record) number(key string, s clients.Slot) (float64, bool) {
	n, err := strconv.ParseFloat(r.Value(key, s), 64)
	return n, err == nil
}

// BothEntered says whether a rating that opens when both have entered it may be shown
// to both on the screen.
func (r *Record) BothEntered(key string) bool {
	return r.Value(key, clients.SlotA) != "" && r.Value(key, clients.SlotB) != ""
}

// CheckAnswer says whether the value can be recorded: one fault.BadInput that names
// the field, or nil. An empty value clears the answer.
func (c *ConversationForm) CheckAnswer(a Answer) error {
	f, ok := c.Field(a.Key)
	if !ok {
		return fault.Input(a.Key, text.T("conversation.unknown", "The form has no such field."))
	}
	if f.PerPartner() != (a.Partner == clients.SlotA || a.Partner == clients.SlotB) {
		return fault.Input(a.Key, text.T("conversation.partner", "It must be clear whose answer this is."))
	}
	if a.Value == "" {
		return nil
	}
	within := func(lo, hi int) bool {
		n, err := strconv.Atoi(a.Value)
		return err == nil && n >= lo && n <= hi
	}
	switch f.Kind {
	case "yes_no":
		ok = a.Value == "yes" || a.Value == "no"
	case "choice":
		ok = slices.Contains(f.Options, a.Value)
	case "scale10":
		ok = within(0, 10)
	case "count":
		ok = within(0, 1000)
	case "minutes":
		ok = within(0, c.PauseRule.Most)
		if a.Key == "reconnect_minutes" {
			ok = within(0, 60*24*30) // it can take days
		}
	case "day":
		_, err := day.Parse(a.Value)
		ok = err == nil
	case "time":
		_, err := time.Parse(time.RFC3339, a.Value)
		ok = err == nil
	}
	if !ok {
		return fault.Input(a.Key, text.T("conversation.value", "This does not fit the question."))
	}
	return nil
}

// Check looks at a whole record: every answer, and what belongs together. It returns
// one fault.BadInput per field, joined.
func (c *ConversationForm) Check(r *Record) error {
	var errs []error
	for _, a := range r.Answers {
		if err := c.CheckAnswer(a); err != nil {
			errs = append(errs, err)
		}
	}
	if r.Value("pause_used", "") == "yes" && r.Value("pause_by", "") == "" {
		errs = append(errs, fault.Input("pause_by", text.T("conversation.pause_by", "Say who called the pause.")))
	}
	if to, err := time.Parse(time.RFC3339, r.Value("postponed_to", "")); err == nil {
		if wait := to.Sub(r.At); wait <= 0 || wait > time.Duration(c.PostponeHrs)*time.Hour {
			errs = append(errs, fault.Input("postponed_to", text.T("conversation.postponed", "Choose a time within the next %d hours.", c.PostponeHrs)))
		}
	}
	if kind := r.Value("agreement_kind", ""); (kind == "experiment" || kind == "live_with_it") && r.Value("agreement", "") == "" {
		errs = append(errs, fault.Input("agreement", text.T("conversation.agreement", "Write down what you agreed on.")))
	}
	return errors.Join(errs...)
}

// MayBegin says whether step 0 lets the couple go on now: both have said yes.
func (r *Record) MayBegin() bool {
	return r.Value("ready_a", "") == "yes" && r.Value("ready_b", "") == "yes"
}

// AfraidPartners are the partners whose private answer after use was yes. Each raises
// a safety item for the coach alone; nothing that the other partner can see, not even
// the screen where it was entered, may depend on it (rule PV-34).
func (r *Record) AfraidPartners() []clients.Slot {
	var out []clients.Slot
	for _, s := range []clients.Slot{clients.SlotA, clients.SlotB} {
		if r.Value("afraid", s) == "yes" {
			out = append(out, s)
		}
	}
	return out
}

// StepZeroLocked says whether no new conversation may begin: one was stopped, or one
// of the partners was afraid, and the partners have not both been screened since it
// began. screenA and screenB are when their newest screens were recorded, the zero
// time for none.
func StepZeroLocked(records []Record, screenA, screenB time.Time) bool {
	for i := range records {
		r := &records[i]
		if r.State != ConversationHalted && len(r.AfraidPartners()) == 0 {
			continue
		}
		if !screenA.After(r.At) || !screenB.After(r.At) {
			return true
		}
	}
	return false
}
