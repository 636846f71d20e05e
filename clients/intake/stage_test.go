package intake

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

var at = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

func TestMoveBetween(t *testing.T) {
	for _, c := range []struct {
		from, to Stage
		want     Move
	}{
		{"", StageEnquiry, Forward},
		{"", StageActive, NoMove},
		{StageEnquiry, StageCallBooked, Forward},
		{StageCallHeld, StageProposalSent, Forward},
		{StageCallHeld, StageAgreementSigned, Forward},
		{StageCallHeld, StageActive, NoMove},
		{StageProposalSent, StageActive, NoMove},
		{StageAgreementSigned, StageActive, Forward},
		{StageActive, StagePaused, Forward},
		{StagePaused, StageActive, Resume},
		{StageActive, StageCompleted, Forward},
		{StageActive, StageFollowUp, NoMove},
		{StageCompleted, StageFollowUp, Forward},
		{StageProposalSent, StageCallHeld, Correction},
		{StageActive, ExitEndedEarly, Exit},
		{StageEnquiry, ExitNotAFit, Exit},
		{ExitNoShow, StageCallBooked, Return},
		{ExitNoShow, StageActive, NoMove},
		{ExitNoShow, StageAgreementSigned, NoMove},
		{ExitNoShow, ExitDeclined, NoMove},
		{StageActive, StageActive, NoMove},
		{StageActive, "dreaming", NoMove},
	} {
		if got := MoveBetween(c.from, c.to); got != c.want {
			t.Errorf("%q to %q is move %d, want %d", c.from, c.to, got, c.want)
		}
	}
}

func TestEveryStageHasWordsAndAWayOut(t *testing.T) {
	for _, s := range append(Stages(), Exits()...) {
		if s.Words() == "" || !s.Known() {
			t.Errorf("%s has no words", s)
		}
		if !slices.ContainsFunc(append(Stages(), Exits()...), func(to Stage) bool { m := MoveBetween(s, to); return m != NoMove && m != Correction }) {
			t.Errorf("nothing follows %s", s)
		}
	}
}

func TestHistoryIsAppendOnly(t *testing.T) {
	by := ids.New()
	h, err := History(nil).Append(StageChange{Stage: StageEnquiry, At: at, By: by})
	if err != nil {
		t.Fatal(err)
	}
	booked, err := h.Append(StageChange{Stage: StageCallBooked, At: at.Add(time.Hour), By: by})
	if err != nil {
		t.Fatal(err)
	}
	other, err := h.Append(StageChange{Stage: ExitDeclined, At: at.Add(2 * time.Hour), By: by, Reason: "the price"})
	if err != nil {
		t.Fatal(err)
	}
	if h.Current() != StageEnquiry || booked.Current() != StageCallBooked || other.Current() != ExitDeclined {
		t.Errorf("histories share their entries: %v, %v, %v", h, booked, other)
	}
	for name, c := range map[string]struct {
		change StageChange
		field  string
	}{
		"skips the signature":     {StageChange{Stage: StageActive, At: at.Add(2 * time.Hour), By: by}, "stage"},
		"before the last":         {StageChange{Stage: StageCallHeld, At: at, By: by}, "at"},
		"by nobody":               {StageChange{Stage: StageCallHeld, At: at.Add(2 * time.Hour)}, "by"},
		"back without any reason": {StageChange{Stage: StageEnquiry, At: at.Add(2 * time.Hour), By: by}, "reason"},
		"out without any reason":  {StageChange{Stage: ExitNoShow, At: at.Add(2 * time.Hour), By: by}, "reason"},
	} {
		got, err := booked.Append(c.change)
		if e, ok := fault.As(err); !ok || e.Kind != fault.BadInput || e.Field != c.field {
			t.Errorf("%s: %v, want a fault at %s", name, err, c.field)
		}
		if len(got) != len(booked) {
			t.Errorf("%s: the history grew", name)
		}
	}
}

// However stages are tried, active is only reached over a signed agreement or a pause,
// and no entry ever changes.
func TestActiveIsOnlyReachedOverTheAgreement(t *testing.T) {
	all := append(Stages(), Exits()...)
	by := ids.New()
	rapid.Check(t, func(t *rapid.T) {
		var h History
		for i, s := range rapid.SliceOf(rapid.SampledFrom(all)).Draw(t, "stages") {
			before := append(History(nil), h...)
			next, err := h.Append(StageChange{Stage: s, At: at.Add(time.Duration(i) * time.Minute), By: by, Reason: "because"})
			if err == nil && s == StageActive {
				switch before.Current() {
				case StageAgreementSigned, StagePaused, StageCompleted, StageFollowUp:
				default:
					t.Fatalf("active straight after %q", before.Current())
				}
			}
			for j := range before {
				if next[j] != before[j] {
					t.Fatal("an entry changed")
				}
			}
			h = next
		}
		signed := false
		for _, c := range h {
			signed = signed || c.Stage == StageAgreementSigned
			if c.Stage == StageActive && !signed {
				t.Fatal("active without an agreement")
			}
		}
	})
}

// fields are the fields of all faults joined in err.
func fields(err error) []string {
	var out []string
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			out = append(out, fields(e)...)
		}
		return out
	}
	var f *fault.Error
	if errors.As(err, &f) {
		out = append(out, f.Field)
	}
	return out
}
