package reports

import (
	"strconv"
	"strings"

	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
)

// conversations tell of conflict-to-connection conversations. Fewer of them is not a
// success, so nothing here praises a low number.
func (f *facts) conversations() []Block {
	var records []practices.Record
	for _, t := range f.talks {
		records = append(records, t.Record)
	}
	n := practices.Summarise(records)
	if n.Held == 0 {
		return nil
	}
	items := []KeyValue{{text.T("report.talks", "Conversations held"), strconv.Itoa(n.Held)}}
	if n.Pauses > 0 {
		items = append(items, KeyValue{text.T("report.pauses", "Pauses that ended on time"), ofAll(n.PausesOnTime, n.Pauses)})
	}
	if n.Agreements > 0 {
		items = append(items, KeyValue{text.T("report.talk_agreements", "Ended with an agreement"), ofAll(n.Agreements, n.Held)})
	}
	if n.Reviewed > 0 {
		items = append(items, KeyValue{text.T("report.kept", "Agreements kept at review"), ofAll(n.Kept, n.Reviewed)})
	}
	if n.ReconnectMedian != nil {
		items = append(items, KeyValue{text.T("report.reconnect", "Usual time until both felt close again"), minutesWords(*n.ReconnectMedian)})
	}
	blocks := []Block{
		Paragraph{Text: text.T("report.talks_lead", "A good conversation is one in which both feel heard. How many there were says little."), Keep: true},
		KeyValues{Items: append(items, f.feltUnderstood()...)},
	}
	if fig, ok := f.reconnect(); ok {
		blocks = append(blocks, Chart{Figures: []chart.Figure{fig}})
	}
	return blocks
}

// feltUnderstood are the ratings of one partner each, in the order of the conversations;
// the audience decides whose there are.
func (f *facts) feltUnderstood() []KeyValue {
	var out []KeyValue
	for _, s := range f.slots() {
		var said []string
		for _, t := range f.talks {
			if v := t.Value("understood", s); v != "" {
				said = append(said, v)
			}
		}
		if len(said) == 0 {
			continue
		}
		name := text.T("report.you_understood", "How understood you felt, 0 to 10, one after the other")
		if f.aud.Slot() == "" {
			name = text.T("report.one_understood", "How understood %s felt, 0 to 10, one after the other", f.short(s))
		}
		out = append(out, KeyValue{name, Escape(strings.Join(said, ", "))})
	}
	return out
}

// reconnect is the time until both felt close again, conversation by conversation.
func (f *facts) reconnect() (chart.Figure, bool) {
	in := chart.ReconnectInput{Title: text.T("report.reconnect_title", "Time until both felt close again")}
	timed := false
	for _, t := range f.talks {
		if t.State != practices.ConversationHeld && t.State != practices.ConversationClosed {
			continue
		}
		item := chart.Reconnect{Day: localDay(t.At, t.Zone)}
		if m, err := strconv.ParseFloat(t.Value("reconnect_minutes", ""), 64); err == nil {
			item.Hours, timed = chart.Num(m/60), true
		}
		if v := t.Value("kept", ""); v == "kept" || v == "not_kept" {
			kept := v == "kept"
			item.Kept = &kept
		}
		in.Items = append(in.Items, item)
	}
	if !timed {
		return chart.Figure{}, false
	}
	return chart.ReconnectDots(in, f.view(f.req.Size.HalfColumn())), true
}

func ofAll(n, all int) string { return text.T("report.of", "%d of %d", n, all) }

func minutesWords(m float64) string {
	switch {
	case m < 90:
		return text.T("report.minutes", "%.0f minutes", m)
	case m < 36*60:
		return text.T("report.hours", "%.0f hours", m/60)
	}
	return text.T("report.days", "%.0f days", m/60/24)
}
