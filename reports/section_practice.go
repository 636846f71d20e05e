package reports

import (
	"fmt"
	"strconv"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
)

// whatYouDid tells of practices: in a joint report at couple level and only what both
// confirmed (rule PV-09), to a partner with their own, to the coach with both.
func (f *facts) whatYouDid() []Block {
	if len(f.board) == 0 {
		return nil
	}
	cols := []Column{{Head: text.T("report.practice", "Practice"), Weight: 3}, {Head: text.T("report.planned", "Planned"), Align: Right}}
	for _, h := range f.countHeads() {
		cols = append(cols, Column{Head: h, Align: Right, Weight: 1.4})
	}
	t := Table{Columns: cols, Note: text.T("report.did_note", "Doing less than planned is not failing. Each time counts.")}
	for _, p := range f.board {
		row := []string{Escape(p.Title), plannedWords(p.Planned)}
		t.Rows = append(t.Rows, append(row, f.counts(p)...))
	}
	blocks := []Block{Paragraph{Text: f.didLead()}, t}
	if fig, ok := f.calendar(); ok {
		blocks = append(blocks, Chart{Figures: []chart.Figure{fig}, NoTable: true})
	}
	return append(blocks, f.ownWords()...)
}

func plannedWords(n int) string {
	if n == 0 {
		return "–"
	}
	return strconv.Itoa(n)
}

func (f *facts) didLead() string {
	if f.joint() {
		return text.T("report.did_joint", "These are the practices you did together. A time counts when you both said so.")
	}
	if f.req.Reader == clients.CoachView {
		return text.T("report.did_coach", "Times done fully or partly, by partner, and what both confirmed.")
	}
	return text.T("report.did_own", "These are your practices, by your own notes.")
}

func (f *facts) countHeads() []string {
	together := text.T("report.together", "Together")
	switch {
	case f.joint():
		return []string{together}
	case f.req.Reader == clients.CoachView && f.header.Kind == clients.KindCouple:
		return []string{f.short(clients.SlotA), f.short(clients.SlotB), text.T("report.confirmed", "Both confirmed")}
	case f.header.Kind == clients.KindCouple:
		return []string{text.T("report.you", "You"), together}
	}
	return []string{text.T("report.times", "Times")}
}

// counts are the cells of one practice: a count, and a percentage once there are
// enough uses for one to mean something (rule R-09).
func (f *facts) counts(p practices.Progress) []string {
	cell := func(n int, known bool) string {
		if !known {
			return "–"
		}
		if percent, ok := practices.Percent(n, p.Planned, n); ok {
			return fmt.Sprintf("%d (%d%%)", n, percent)
		}
		return strconv.Itoa(n)
	}
	own := func(s clients.Slot) string {
		n, ok := p.Own[s]
		return cell(n, ok)
	}
	joint := cell(p.Joint.Confirmed, p.Target == practices.ToBoth)
	switch {
	case f.joint():
		return []string{joint}
	case f.header.Kind != clients.KindCouple:
		return []string{own(clients.SlotA)}
	case f.req.Reader == clients.CoachView:
		return []string{own(clients.SlotA), own(clients.SlotB), joint}
	}
	return []string{own(f.aud.Slot()), joint}
}

// calendar is the heat strip of the days practised, from the logs that the reader sees.
func (f *facts) calendar() (chart.Figure, bool) {
	in := chart.PracticeInput{Title: text.T("report.calendar", "Days with a practice"), From: f.req.From, To: f.req.To}
	for _, s := range f.slots() {
		row := chart.PracticeRow{Name: f.header.Partner(s).Short, Tone: toneOfSlot(s), Days: map[day.Day]chart.Done{}}
		for _, p := range f.board {
			for _, l := range p.Logs {
				if l.Partner == s {
					row.Days[l.On] = max(row.Days[l.On], doneOf(l.Result))
				}
			}
		}
		if len(row.Days) > 0 {
			in.Rows = append(in.Rows, row)
		}
	}
	if len(in.Rows) == 0 || f.req.From.IsZero() || f.joint() {
		return chart.Figure{}, false
	}
	return chart.Practice(in, f.view(f.req.Size.Column())), true
}

func doneOf(r practices.Result) chart.Done {
	switch r {
	case practices.Done:
		return chart.Fully
	case practices.Partly:
		return chart.Partly
	case practices.Tried:
		return chart.Tried
	}
	return chart.Skipped
}

// ownWords are the newest lines that the reader noted, or all readers of the line may see.
func (f *facts) ownWords() []Block {
	const most = 6
	var items []string
	for _, p := range f.board {
		for _, l := range p.Logs {
			if l.Noticed == "" || len(items) == most {
				continue
			}
			line := fmt.Sprintf("%s: %s", l.On.Words(), Escape(l.Noticed))
			if f.aud.Slot() == "" {
				line = fmt.Sprintf("%s, %s: %s", l.On.Words(), f.short(l.Partner), Escape(l.Noticed))
			}
			items = append(items, line)
		}
	}
	if len(items) == 0 {
		return nil
	}
	return []Block{Heading{Level: 2, Text: text.T("report.noticed", "What you noticed")}, Bullets{Items: items}}
}

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
		items = append(items, KeyValue{text.T("report.reconnect", "Usual time until you felt close again"), minutesWords(*n.ReconnectMedian)})
	}
	if n.UnderstoodMedian != nil && f.aud.Slot() == "" {
		items = append(items, KeyValue{text.T("report.understood", "Felt understood, middle value of 0 to 10"), strconv.FormatFloat(*n.UnderstoodMedian, 'f', -1, 64)})
	}
	return []Block{
		Paragraph{Text: text.T("report.talks_lead", "A good conversation is one in which both feel heard. How many there were says little.")},
		KeyValues{Items: items},
	}
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

func (f *facts) agreed() []Block {
	t := Table{Columns: []Column{{Head: text.T("report.agreement", "Agreement"), Weight: 4}, {Head: text.T("report.stands", "Stands"), Weight: 1.3}, {Head: text.T("report.review", "Look at it again"), Weight: 1.7}}}
	for _, a := range f.agreements {
		if a.State == practices.Dropped || a.Agreed > f.req.To {
			continue
		}
		body := Escape(a.Body)
		if a.Who != "" {
			body += " (" + Escape(a.Who) + ")"
		}
		t.Rows = append(t.Rows, []string{body, a.State.Words(), a.Review.Words()})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []Block{t}
}

// nextSteps are at most three, each tied to a practice or an agreement (rule R-02).
func (f *facts) nextSteps() []Block {
	const most = 3
	var items []string
	for _, p := range f.board {
		if len(items) < most && p.State == practices.Active && (p.Ends.IsZero() || p.Ends >= f.req.Date) {
			s := text.T("report.next_practice", "Go on with **%s**", Escape(p.Title))
			if p.Cue != "" {
				s += " – " + Escape(p.Cue)
			}
			items = append(items, s+".")
		}
	}
	for _, a := range f.agreements {
		if len(items) < most && a.State == practices.InForce && a.Review >= f.req.Date && a.Agreed <= f.req.To {
			items = append(items, text.T("report.next_agreement", "On %s, look again at: %s", a.Review.Words(), Escape(a.Body)))
		}
	}
	if len(items) == 0 {
		return nil
	}
	return []Block{Bullets{Items: items, Ordered: true}}
}

// attended lists sessions; a joint report knows joint ones only, and numbers begin at
// 1 for each reader (rule PV-06).
func (f *facts) attended() []Block {
	if len(f.sessions) == 0 {
		return nil
	}
	t := Table{Columns: []Column{{Head: text.T("report.no", "No."), Weight: 0.6, Align: Right}, {Head: text.T("report.day", "Day"), Weight: 2}, {Head: text.T("report.with", "With"), Weight: 2}, {Head: text.T("report.length", "Minutes"), Align: Right}}}
	for i, x := range ordered(f.sessions) {
		with := text.T("report.both", "both of you")
		switch {
		case x.Kind == sessions.JointSession && f.req.Reader == clients.CoachView:
			with = text.T("report.both_coach", "both")
		case x.Kind != sessions.JointSession && f.req.Reader == clients.CoachView:
			with = f.short(x.Slot)
		case x.Kind != sessions.JointSession:
			with = text.T("report.you_alone", "you")
		}
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), day.Of(x.Local()).Words(), with, strconv.Itoa(x.Minutes)})
	}
	return []Block{t}
}

// ordered are the sessions by their start.
func ordered(in []sessions.SessionRow) []sessions.SessionRow {
	out := append([]sessions.SessionRow(nil), in...)
	for i := 1; i < len(out); i++ {
		for j := i; j > 0 && out[j].Start.Before(out[j-1].Start); j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}
