package practices

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"

	"github.com/google/go-cmp/cmp"
)

func form(t *testing.T) *ConversationForm {
	t.Helper()
	c, err := Conversation()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestConversationForm(t *testing.T) {
	c := form(t)
	if len(c.Steps) != 10 || len(c.StopRules) != 6 || len(c.AfterStop) == 0 {
		t.Fatalf("%d steps, %d stop rules", len(c.Steps), len(c.StopRules))
	}
	kinds := []string{"yes_no", "choice", "text", "list", "scale10", "count", "minutes", "day", "time"}
	seen := map[string]bool{}
	for i, s := range c.Steps {
		if s.Number != i || s.Title == "" || len(s.Do) == 0 || s.Minutes.From < 1 {
			t.Errorf("step %d is not complete: %+v", i, s)
		}
		for _, f := range s.Fields {
			if f.Label == "" || seen[f.Key] || !slices.Contains(kinds, f.Kind) || (f.Kind == "choice") != (len(f.Options) > 0) {
				t.Errorf("step %d, field %q", i, f.Key)
			}
			seen[f.Key] = true
			if f.Kind == "scale10" && f.Audience != OwnRating {
				t.Errorf("the rating %s is not private", f.Key)
			}
			if err := f.Access(clients.SlotA).Validate(); err != nil {
				t.Errorf("%s: %v", f.Key, err)
			}
		}
	}
	for key, want := range map[string]clients.Access{
		"afraid":     {Subject: "B", Visibility: clients.CoachOnly, Sensitivity: clients.Safety},
		"understood": {Subject: "B", Visibility: clients.PartnerB, Sensitivity: clients.Normal},
		"agreement":  {Subject: "both", Visibility: clients.Joint, Sensitivity: clients.Normal},
	} {
		f, ok := c.Field(key)
		if got := f.Access(clients.SlotB); !ok || got != want {
			t.Errorf("%s: %+v, want %+v", key, got, want)
		}
	}
	if f, _ := c.Field("afraid"); f.Audience != SafetyOnly || !f.Required {
		t.Error("the private question is not asked of each")
	}
	if (Field{Audience: "everybody"}).Access(clients.SlotA).Visibility != clients.CoachOnly {
		t.Error("an unknown audience opens a field")
	}
}

func TestCheckAnswer(t *testing.T) {
	c := form(t)
	for _, x := range []struct {
		a  Answer
		ok bool
	}{
		{Answer{"understood", clients.SlotA, "10"}, true},
		{Answer{"understood", clients.SlotA, "11"}, false},
		{Answer{"understood", clients.SlotA, "6.5"}, false},
		{Answer{"understood", "", "6"}, false}, // whose?
		{Answer{"understood", clients.SlotB, ""}, true},
		{Answer{"agreement_kind", "", "experiment"}, true},
		{Answer{"agreement_kind", "", "war"}, false},
		{Answer{"agreement_kind", clients.SlotA, "experiment"}, false},
		{Answer{"pause_minutes", "", "1440"}, true},
		{Answer{"pause_minutes", "", "1441"}, false},
		{Answer{"reconnect_minutes", "", "2000"}, true},
		{Answer{"review_on", "", "2026-02-28"}, true},
		{Answer{"review_on", "", "2026-02-30"}, false},
		{Answer{"next_talk_at", "", "2026-02-28T20:00:00+01:00"}, true},
		{Answer{"next_talk_at", "", "tonight"}, false},
		{Answer{"ready_a", "", "maybe"}, false},
		{Answer{"turns_a", "", "-1"}, false},
		{Answer{"own_part", clients.SlotA, "I interrupted"}, true},
		{Answer{"colour", "", "red"}, false},
	} {
		if err := c.CheckAnswer(x.a); (err == nil) != x.ok {
			t.Errorf("%+v: %v", x.a, err)
		}
	}
}

func TestCheckRecord(t *testing.T) {
	c := form(t)
	at := time.Date(2026, 3, 1, 19, 0, 0, 0, time.UTC)
	r := Record{At: at, Answers: []Answer{{"pause_used", "", "yes"}, {"postponed_to", "", "2026-03-02T19:01:00Z"}, {"agreement_kind", "", "experiment"}, {"topic_tag", "", "x"}}}
	if d := cmp.Diff([]string{"topic_tag", "pause_by", "postponed_to", "agreement"}, faultFields(c.Check(&r))); d != "" {
		t.Error(d)
	}
	r.Answers = []Answer{{"pause_used", "", "yes"}, {"pause_by", "", "A"}, {"postponed_to", "", "2026-03-02T19:00:00Z"}, {"agreement_kind", "", "next_talk"}, {"ready_a", "", "yes"}}
	if err := c.Check(&r); err != nil {
		t.Errorf("a good one: %v", err)
	}
	if r.MayBegin() {
		t.Error("only one is ready")
	}
	r.Answers = append(r.Answers, Answer{"ready_b", "", "yes"})
	if !r.MayBegin() {
		t.Error("both are ready")
	}
}

// Seven conversations: pauses 5 of which 4 returned on time, agreements 4 of which 3
// kept, five rated by both.
func TestFigures(t *testing.T) {
	var rs []Record
	for i := range 7 {
		r := Record{State: ConversationHeld}
		add := func(key string, s clients.Slot, v string) { r.Answers = append(r.Answers, Answer{key, s, v}) }
		if i < 5 {
			add("pause_used", "", "yes")
			add("understood", clients.SlotA, strconv.Itoa([]int{4, 6, 7, 7, 8}[i]))
			add("understood", clients.SlotB, strconv.Itoa([]int{5, 5, 6, 8, 8}[i]))
		}
		if i < 4 {
			add("pause_on_time", "", "yes")
			add("agreement_kind", "", "experiment")
			add("kept", "", []string{"kept", "kept", "kept", "not_kept"}[i])
			add("reconnect_minutes", "", []string{"10", "40", "90", "20"}[i])
		}
		if i == 5 {
			add("understood", clients.SlotA, "0") // B has not rated: it does not count
			add("agreement_kind", "", "none")
			r.State = ConversationClosed
		}
		rs = append(rs, r)
	}
	rs = append(rs, Record{State: ConversationPostponed, Answers: []Answer{{"pause_used", "", "yes"}}}, Record{State: ConversationHalted, Answers: []Answer{{"understood", clients.SlotA, "0"}, {"understood", clients.SlotB, "0"}}})
	want, thirty := readVectors(t).MedianUnderstood, 30.0
	if d := cmp.Diff(Figures{Held: 7, Pauses: 5, PausesOnTime: 4, Agreements: 4, Reviewed: 4, Kept: 3, ReconnectMedian: &thirty, UnderstoodMedian: &want, UnderstoodRated: 5}, Summarise(rs)); d != "" {
		t.Error(d)
	}
	if f := Summarise(nil); f.UnderstoodMedian != nil || f.ReconnectMedian != nil {
		t.Error("a median of nothing")
	}
}

func TestUnderstoodStaysPrivateUntilBothHaveEntered(t *testing.T) {
	r := Record{Answers: []Answer{{"understood", clients.SlotA, "7"}}}
	if r.BothEntered("understood") {
		t.Error("opened after one")
	}
	r.Answers = append(r.Answers, Answer{"understood", clients.SlotB, "3"})
	if !r.BothEntered("understood") {
		t.Error("still closed after both")
	}
}

// After a stop, or a yes to the private question, there is no next conversation until
// both have been screened again.
func TestStepZeroIsLockedUntilBothAreScreenedAgain(t *testing.T) {
	at := time.Date(2026, 3, 1, 19, 0, 0, 0, time.UTC)
	before, after := at.Add(-time.Hour), at.Add(24*time.Hour)
	afraid := Record{At: at, State: ConversationHeld, Answers: []Answer{{"afraid", clients.SlotA, "no"}, {"afraid", clients.SlotB, "yes"}}}
	if got := afraid.AfraidPartners(); !slices.Equal(got, []clients.Slot{clients.SlotB}) {
		t.Errorf("afraid: %v", got)
	}
	calm := Record{At: at, State: ConversationHeld, Answers: []Answer{{"afraid", clients.SlotA, "no"}, {"afraid", clients.SlotB, "no"}}}
	stopped := Record{At: at, State: ConversationHalted}
	for name, c := range map[string]struct {
		r    Record
		a, b time.Time
		want bool
	}{
		"calm":                {calm, before, before, false},
		"stopped":             {stopped, before, before, true},
		"afraid":              {afraid, before, before, true},
		"only one screened":   {stopped, after, before, true},
		"never screened":      {stopped, after, time.Time{}, true},
		"both screened again": {stopped, after, after, false},
		"afraid, then talked": {afraid, after, after, false},
	} {
		if got := StepZeroLocked([]Record{calm, c.r}, c.a, c.b); got != c.want {
			t.Errorf("%s: locked %v, want %v", name, got, c.want)
		}
	}
}

func TestEveryOptionHasWords(t *testing.T) {
	c, err := Conversation()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range c.Steps {
		for _, f := range s.Fields {
			for _, o := range f.Options {
				if (OptionWords(o) == "") != (o == "A" || o == "B") {
					t.Errorf("%s: %s is called %q", f.Key, o, OptionWords(o))
				}
			}
		}
	}
	for _, x := range Noteable() {
		if x.Words() == "" {
			t.Errorf("%s has no words", x)
		}
	}
	if ConversationHalted.Words() == "" || ConversationHalted.Words() == ConversationOpen.Words() {
		t.Error("a stopped one has no words")
	}
}
