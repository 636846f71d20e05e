package intake

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"

	"github.com/google/go-cmp/cmp"
)

func num(n int) *int { return &n }

func TestPipelineVector(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "sessions", "quizzes", "testdata", "scoring.json")) // the one file of worked vectors
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Pipeline struct {
			Booked, Held, Fit, Enrolled int
			Show                        float64
			FitRate                     float64    `json:"fit_rate"`
			ConvHeld                    float64    `json:"conv_held"`
			ConvFit                     float64    `json:"conv_fit"`
			Wilson                      [2]float64 `json:"wilson_9_20"`
			Days                        []int
			MedianDays                  float64 `json:"median_days"`
		}
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	p := v.Pipeline
	var cases []Case
	for i := range p.Booked {
		c := Case{Cohort: "2026-02-01", Source: "article", Booked: true, Held: i < p.Held, Enrolled: i < p.Enrolled}
		if i < p.Held {
			c.Decision = DecisionNotAFit
		}
		if i < p.Fit {
			c.Decision = DecisionFit
		}
		if i < len(p.Days) {
			c.DaysToDecision = &p.Days[i]
		}
		cases = append(cases, c)
	}
	m := Measure(cases, "2026-01-01", "2026-12-31")
	for name, c := range map[string]struct {
		rate Rate
		want float64
	}{"show": {m.Show, p.Show}, "fit": {m.Fit, p.FitRate}, "of held": {m.ConversionHeld, p.ConvHeld}, "of fit": {m.ConversionFit, p.ConvFit}} {
		got, ok := c.rate.Value()
		if !ok || math.Abs(got-c.want) > 5e-5 {
			t.Errorf("%s is %v (%d of %d), want %v", name, got, c.rate.Count, c.rate.Of, c.want)
		}
	}
	low, high := m.ConversionHeld.Wilson()
	if math.Abs(low-p.Wilson[0]) > 5e-5 || math.Abs(high-p.Wilson[1]) > 5e-5 {
		t.Errorf("Wilson is %v to %v, want %v", low, high, p.Wilson)
	}
	if m.MedianDays == nil || *m.MedianDays != p.MedianDays {
		t.Errorf("median %v, want %v", m.MedianDays, p.MedianDays)
	}
}

func TestReferralsDoNotCountAgainstConversion(t *testing.T) {
	cases := []Case{
		{Cohort: "2026-02-01", Booked: true, Held: true, Decision: DecisionFit, Enrolled: true, EndedEarly: true, FollowUpsDue: 2, FollowUpsDone: 1},
		{Cohort: "2026-02-02", Booked: true, Held: true, Decision: DecisionReferOut},
		{Cohort: "2026-02-03", Booked: true},
		{Cohort: "2025-12-31", Booked: true, Held: true, Decision: DecisionFit}, // before the cohort
	}
	got := Measure(cases, "2026-01-01", "2026-12-31")
	want := Metrics{
		From: "2026-01-01", To: "2026-12-31", Enquiries: 3, Show: Rate{2, 3}, Fit: Rate{1, 2},
		ConversionHeld: Rate{1, 1}, ConversionFit: Rate{1, 1}, EndedEarly: Rate{1, 1}, FollowUpsOnTime: Rate{1, 2},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestPercentIsHiddenForSmallGroups(t *testing.T) {
	if (Rate{3, 4}).ShowPercent() || !(Rate{3, 5}).ShowPercent() {
		t.Error("a percentage needs five")
	}
	if _, ok := (Rate{}).Value(); ok {
		t.Error("nothing of nothing is no share")
	}
	if low, high := (Rate{}).Wilson(); low != 0 || high != 1 {
		t.Errorf("without data the interval is %v to %v", low, high)
	}
}

func TestMeasureBySource(t *testing.T) {
	got := MeasureBySource([]Case{{Cohort: "2026-02-01", Source: "article"}, {Cohort: "2026-02-01", Source: "friend"}, {Cohort: "2026-02-01", Source: "friend"}, {Cohort: "2020-02-01", Source: "old"}}, "2026-01-01", "")
	if len(got) != 2 || got["article"].Enquiries != 1 || got["friend"].Enquiries != 2 {
		t.Errorf("by source: %+v", got)
	}
}

func TestCallClock(t *testing.T) {
	for minute, want := range map[int]string{0: "open", 2: "open", 3: "story", 10: "story", 11: "hope", 16: "tried", 20: "scope", 23: "fit", 27: "decide", 29: "decide", 30: "after", 90: "after"} {
		if got := PhaseAt(minute).Key; got != want {
			t.Errorf("minute %d is %q, want %q", minute, got, want)
		}
	}
	end := 0
	for _, p := range Phases() {
		if p.Key == "before" {
			continue
		}
		if p.From != end || p.To <= p.From {
			t.Errorf("%s begins at %d, the one before ended at %d", p.Key, p.From, end)
		}
		end = p.To
	}
}

// Every field of the definition is a field of the sheet, and the other way round.
func TestCallSheetMatchesItsDefinition(t *testing.T) {
	b, err := json.Marshal(Sheet{
		Participants: "A", Mode: "video", Source: "x", NotesConsentA: "2026-01-01", NotesConsentB: "2026-01-01", FreeToSpeak: "yes", ConcernCodes: []string{"trust"}, Concern: "x", Months: num(1),
		PartnerKnows: "yes", ReadinessA: num(1), ReadinessB: num(1), Intent: "grow", Hope: "x", Now: num(1), Strengths: "x", PriorHelp: "x", Exclusions: []string{"leaving"}, Decision: DecisionFit,
		ReasonCode: "price", NextStep: "x", NextOn: "2026-01-01", NextOwner: "x", Promised: "x", Reaction: "x",
	})
	if err != nil {
		t.Fatal(err)
	}
	var kept map[string]any
	if err := json.Unmarshal(b, &kept); err != nil {
		t.Fatal(err)
	}
	phases := map[string]bool{}
	for _, p := range Phases() {
		phases[p.Key] = true
	}
	for _, f := range CallSheet() {
		if _, ok := kept[f.Key]; !ok {
			t.Errorf("the sheet does not keep %s", f.Key)
		}
		delete(kept, f.Key)
		if f.Label == "" || !phases[f.Phase] {
			t.Errorf("%s has no label or no part of the call", f.Key)
		}
		for _, word := range []string{"patient", "diagnos", "treatment", "therap", "failed", "invalid"} {
			if strings.Contains(strings.ToLower(f.Label+f.Hint), word) {
				t.Errorf("%s says %q", f.Key, word)
			}
		}
	}
	for k := range kept {
		t.Errorf("the definition lacks %s", k)
	}
	if n := len(Exclusions()); n != 13 {
		t.Errorf("%d reasons to pause or refer, want 13", n)
	}
}

func TestFit(t *testing.T) {
	f := Fit{Goal: num(2), Willing: num(2), Safe: num(2), Competence: num(2), Means: num(1), Rapport: num(2)}
	if sum, rated := f.Total(); sum != 11 || rated != 6 || f.Unsafe() {
		t.Errorf("total %d of %d rated", sum, rated)
	}
	f.Safe, f.Rapport = num(0), nil
	if sum, rated := f.Total(); sum != 7 || rated != 5 || !f.Unsafe() {
		t.Errorf("unsafe: total %d of %d rated, unsafe %v", sum, rated, f.Unsafe())
	}
	if (Fit{}).Unsafe() {
		t.Error("not rated is not unsafe")
	}
}

func TestSheetNamesEveryFieldThatIsOff(t *testing.T) {
	if err := (Sheet{}).Validate(); err != nil {
		t.Errorf("an empty sheet: %v", err)
	}
	err := Sheet{
		Mode: "pigeon", ConcernCodes: []string{"trust", "x"}, Exclusions: []string{"y"}, ReadinessA: num(11), Now: num(-1), Months: num(-2), PartnerKnows: "perhaps",
		NextOn: "2026-02-30", Fit: Fit{Safe: num(0), Goal: num(3)}, Decision: DecisionFit,
	}.Validate()
	got := fields(err)
	slices.Sort(got)
	want := []string{"concern_codes", "decision", "exclusions", "fit_goal", "mode", "months", "next_on", "now", "partner_knows", "readiness_a"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if err := (Sheet{Fit: Fit{Safe: num(0)}, Decision: DecisionReferOut}).Validate(); err != nil {
		t.Errorf("unsafe and referred: %v", err)
	}
}

func TestDecisionsLeadToStages(t *testing.T) {
	for d, want := range map[Decision]Stage{
		DecisionFit: StageConsidering, DecisionIndividualOnly: StageConsidering, DecisionNotNow: StageConsidering, DecisionReferOut: ExitReferredOut,
		DecisionNotAFit: ExitNotAFit, DecisionDeclined: ExitDeclined,
	} {
		if got := d.Stage(); got != want || MoveBetween(StageCallHeld, got) == NoMove || d.Words() == "" {
			t.Errorf("%s leads to %s, want %s", d, got, want)
		}
	}
}

func TestFollowUps(t *testing.T) {
	for name, c := range map[string]struct {
		stage         Stage
		since, agreed day.Day
		want          []FollowUp
	}{
		"no-show":     {ExitNoShow, "2026-03-01", "", []FollowUp{{GentleMessage, "2026-03-02", false}, {GentleMessage, "2026-03-09", false}, {CloseQuietly, "2026-03-16", false}}},
		"considering": {StageConsidering, "2026-03-01", "2026-03-05", []FollowUp{{AskAgain, "2026-03-05", false}, {AskAgain, "2026-03-15", false}, {CloseQuietly, "2026-03-25", false}}},
		"no date":     {StageConsidering, "2026-03-01", "", []FollowUp{{AskAgain, "2026-03-11", false}, {AskAgain, "2026-03-21", false}, {CloseQuietly, "2026-03-31", false}}},
		"referred":    {ExitReferredOut, "2026-03-01", "", []FollowUp{{CheckBack, "", true}}},
		"active":      {StageActive, "2026-03-01", "", nil},
	} {
		if d := cmp.Diff(c.want, FollowUps(c.stage, c.since, c.agreed)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	if MayWriteTo(true, false) || !MayWriteTo(true, true) || !MayWriteTo(false, false) {
		t.Error("a shared address needs both to agree")
	}
}

func TestActiveNeedsSignaturesConsentAndScreensOfEach(t *testing.T) {
	a, b := ids.New(), ids.New()
	sign := func(p ids.ID, purpose string) clients.Signature {
		return clients.Signature{PersonID: p, Purpose: purpose, State: clients.StateGiven, TextVersion: "1", SignedOn: "2026-03-01"}
	}
	r := Readiness{Couple: clients.Couple{Kind: clients.KindCouple, A: a, B: b}}
	want := []string{"agreement_A", "consent_A", "screen_A", "agreement_B", "consent_B", "screen_B"}
	if d := cmp.Diff(want, fields(r.MayStart())); d != "" {
		t.Error(d)
	}
	r.Signatures = []clients.Signature{sign(a, clients.PurposeAgreement), sign(a, clients.PurposeRecords), sign(b, clients.PurposeAgreement), sign(b, clients.PurposeRecords)}
	r.Screens = []clients.Screen{{PersonID: a, Outcome: clients.ScreenClear}, {PersonID: b, Outcome: clients.ScreenDeclined}}
	if err := r.MayStart(); err != nil {
		t.Errorf("all there: %v", err)
	}
	r.Signatures[3].TextVersion = ""
	if d := cmp.Diff([]string{"consent_B"}, fields(r.MayStart())); d != "" {
		t.Errorf("without a version: %s", d)
	}
	r.Signatures[3].TextVersion, r.Signatures[0].State = "1", clients.StateWithdrawn
	if d := cmp.Diff([]string{"agreement_A"}, fields(r.MayStart())); d != "" {
		t.Errorf("withdrawn: %s", d)
	}
	single := Readiness{Couple: clients.Couple{Kind: clients.KindSingle, A: a}, Signatures: []clients.Signature{sign(a, clients.PurposeAgreement), sign(a, clients.PurposeRecords)}, Screens: r.Screens[:1]}
	if err := single.MayStart(); err != nil {
		t.Errorf("a single client: %v", err)
	}
}
