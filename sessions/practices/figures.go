package practices

import (
	"slices"

	"github.com/couplet-app/couplet/clients"
)

// Figures say how the conversations of a period went. Fewer conversations are not a
// success: silence can come from fear. The joint facts are for both; UnderstoodMedian
// is computed from both partners' own ratings and may only be shown with both
// releases (rule PV-04).
type Figures struct {
	Held             int // held to the end or closed; not postponed, stopped or open
	Pauses           int // conversations in which a pause was used
	PausesOnTime     int
	Agreements       int      // conversations that ended with an agreement
	Reviewed         int      // agreements whose review was recorded
	Kept             int      // of those, kept
	ReconnectMedian  *float64 // minutes; nil when none was recorded
	UnderstoodMedian *float64 // 0 to 10 over both partners' ratings; nil when none has both
	UnderstoodRated  int      // conversations that both rated
}

// Summarise computes the figures of records.
func Summarise(records []Record) Figures {
	var f Figures
	var minutes, understood []float64
	for i := range records {
		r := &records[i]
		if r.State != ConversationHeld && r.State != ConversationClosed {
			continue
		}
		f.Held++
		if r.Value("pause_used", "") == "yes" {
			f.Pauses++
			if r.Value("pause_on_time", "") == "yes" {
				f.PausesOnTime++
			}
		}
		if k := r.Value("agreement_kind", ""); k == "experiment" || k == "live_with_it" {
			f.Agreements++
			if kept := r.Value("kept", ""); kept != "" {
				f.Reviewed++
				if kept == "kept" {
					f.Kept++
				}
			}
		}
		if n, ok := r.number("reconnect_minutes", ""); ok {
			minutes = append(minutes, n)
		}
		a, okA := r.number("understood", clients.SlotA)
		b, okB := r.number("understood", clients.SlotB)
		if okA && okB {
			understood = append(understood, a, b)
			f.UnderstoodRated++
		}
	}
	f.ReconnectMedian, f.UnderstoodMedian = median(minutes), median(understood)
	return f
}

// median is the middle value, the mean of the two middle ones for an even count, nil
// for none.
func median(xs []float64) *float64 {
	if len(xs) == 0 {
		return nil
	}
	s := slices.Sorted(slices.Values(xs))
	m := s[len(s)/2]
	if len(s)%2 == 0 {
		m = (m + s[len(s)/2-1]) / 2
	}
	return &m
}
