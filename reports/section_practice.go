package reports

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

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
	t := Table{Columns: cols, Note: text.T("report.did_note", "Doing less than planned is fine. Each time counts.")}
	for _, p := range f.board {
		row := []string{f.practiceName(p), plannedWords(p.Planned)}
		t.Rows = append(t.Rows, append(row, f.counts(p)...))
	}
	blocks := []Block{Paragraph{Text: f.didLead(), Keep: true}, t}
	if figures := f.calendars(); len(figures) > 0 {
		blocks = append(blocks, Chart{Figures: figures})
	}
	return append(blocks, f.ownWords()...)
}

// practiceName is its title, with what starts it where it was given more than once to
// the same: two rituals are two practices.
func (f *facts) practiceName(p practices.Progress) string {
	for _, other := range f.board {
		if other.ID != p.ID && other.Practice == p.Practice && other.Cue != p.Cue && p.Cue != "" {
			return Escape(p.Title + " (" + p.Cue + ")")
		}
	}
	return Escape(p.Title)
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
	switch {
	case f.req.Reader == clients.CoachView && f.header.Kind == clients.KindCouple:
		return text.T("report.did_coach", "Times done fully or partly, by partner, and what both confirmed.")
	case f.req.Reader == clients.CoachView:
		return text.T("report.did_coach_single", "Times done fully or partly.")
	}
	return text.T("report.did_own", "These are your practices, by your own notes.")
}

// countHeads name the counts. A partner reads their own and no couple's value beside
// it: the one taken from the other would be the other partner's (rule PV-05).
func (f *facts) countHeads() []string {
	switch {
	case f.joint():
		return []string{text.T("report.together", "Together")}
	case f.req.Reader == clients.CoachView && f.header.Kind == clients.KindCouple:
		return []string{f.short(clients.SlotA), f.short(clients.SlotB), text.T("report.confirmed", "Both confirmed")}
	case f.header.Kind == clients.KindCouple:
		return []string{text.T("report.you", "You")}
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
	joint := cell(p.Joint.Confirmed, p.Shared)
	switch {
	case f.joint():
		return []string{joint}
	case f.header.Kind != clients.KindCouple:
		return []string{own(clients.SlotA)}
	case f.req.Reader == clients.CoachView:
		return []string{own(clients.SlotA), own(clients.SlotB), joint}
	}
	return []string{own(f.aud.Slot())}
}

// halfCalendar is how many days a calendar may have to be legible at half the width.
const halfCalendar = 190

// calendars are the heat strips of the days practised, one for each partner, from the
// logs that the reader sees.
func (f *facts) calendars() []chart.Figure {
	if f.joint() || f.req.From.IsZero() {
		return nil
	}
	in := chart.PracticeInput{From: f.req.From}
	for _, p := range f.board {
		if p.Ends.IsZero() || p.Ends > f.req.To {
			in.To = f.req.To
		}
		in.To = max(in.To, p.Ends)
	}
	in.To = min(in.To, f.req.To)
	width := f.req.Size.Column()
	if in.To.Sub(in.From) <= halfCalendar {
		width = f.req.Size.HalfColumn()
	}
	var out []chart.Figure
	for _, s := range f.slots() {
		row := chart.PracticeRow{Name: f.header.Partner(s).Short, Tone: toneOfSlot(s), Days: map[day.Day]chart.Done{}}
		for _, p := range f.board {
			for _, l := range p.Logs {
				if l.Partner == s {
					row.Days[l.On] = max(row.Days[l.On], doneOf(l.Result))
				}
			}
		}
		if len(row.Days) == 0 {
			continue
		}
		in.Title = text.T("report.calendar", "Days with a practice")
		if len(f.slots()) > 1 {
			in.Title = text.T("report.calendar_of", "Days with a practice: %s", f.short(s))
		}
		in.Rows = []chart.PracticeRow{row}
		out = append(out, chart.Practice(in, f.view(width)))
	}
	return out
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

// ownWords are the newest lines that the reader noted, or that both may read: in a joint
// report without a name, and of times that both confirmed (rule PV-09).
func (f *facts) ownWords() []Block {
	const most = 5
	var logs []practices.Log
	for _, p := range f.board {
		for _, l := range p.Logs {
			if l.Noticed != "" && (!f.joint() || bothDid(p.Logs, l.On)) {
				logs = append(logs, l)
			}
		}
	}
	slices.SortStableFunc(logs, func(a, b practices.Log) int { return strings.Compare(string(b.On), string(a.On)) })
	var items []string
	for _, l := range logs[:min(most, len(logs))] {
		who := ""
		if f.req.Reader == clients.CoachView && f.header.Kind == clients.KindCouple {
			who = ", " + f.short(l.Partner)
		}
		items = append(items, l.On.Words()+who+": "+Escape(l.Noticed))
	}
	if len(items) == 0 {
		return nil
	}
	head := text.T("report.noticed", "What you noticed")
	if f.req.Reader == clients.CoachView {
		head = text.T("report.noticed_coach", "What was noticed")
	}
	return []Block{Heading{Level: 2, Text: head}, Bullets{Items: items, Whole: true}}
}

// bothDid says whether both partners noted a use on the day.
func bothDid(logs []practices.Log, on day.Day) bool {
	a, b := false, false
	for _, l := range logs {
		if l.On == on && l.Result != practices.Skipped {
			a, b = a || l.Partner == clients.SlotA, b || l.Partner == clients.SlotB
		}
	}
	return a && b
}

func (f *facts) agreed() []Block {
	t := Table{Columns: []Column{{Head: text.T("report.agreement", "Agreement"), Weight: 4}, {Head: text.T("report.stands", "Stands"), Weight: 1.3}, {Head: text.T("report.review", "Review day"), Weight: 1.7}}}
	for _, a := range f.agreements {
		if a.State == practices.Dropped || a.Agreed > f.req.To {
			continue
		}
		body := Escape(a.Body)
		if a.Who != "" && a.Who != "both" {
			body += " (" + Escape(a.Who) + ")"
		}
		t.Rows = append(t.Rows, []string{body, a.State.Words(), a.Review.Words()})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []Block{t}
}

// mostSteps is how many next steps a report has.
const mostSteps = 3

// nextSteps are at most three, each tied to a practice or an agreement (rule R-02).
func (f *facts) nextSteps() []Block {
	var items []string
	for _, p := range f.going() {
		s := text.T("report.next_practice", "Go on with **%s**", Escape(p.Title))
		if p.Cue != "" {
			s += " – " + Escape(p.Cue)
		}
		items = append(items, s+".")
	}
	for _, a := range f.agreements {
		if len(items) < mostSteps && f.toReview(a) {
			items = append(items, text.T("report.next_agreement", "On %s, look again at: %s", a.Review.Words(), Escape(a.Body)))
		}
	}
	if len(items) == 0 {
		return nil
	}
	return []Block{Bullets{Items: items, Ordered: true}}
}

// toReview says whether an agreement in force waits for its review.
func (f *facts) toReview(a practices.Agreement) bool {
	return a.State == practices.InForce && a.Review >= f.req.Date && a.Agreed <= f.req.To
}

// attended lists sessions; a joint report knows joint ones only, and numbers begin at
// 1 for each reader (rule PV-06).
func (f *facts) attended() []Block {
	if len(f.sessions) == 0 {
		return nil
	}
	if f.req.Reader != clients.CoachView {
		return f.daysMet()
	}
	t := Table{Small: true, Columns: []Column{{Head: text.T("report.no", "No."), Align: Right}, {Head: text.T("report.day", "Day")}, {Head: text.T("report.with", "With")}, {Head: text.T("report.length", "Minutes"), Align: Right}}}
	for i, x := range ordered(f.sessions) {
		with := text.T("report.both_coach", "both")
		if x.Kind != sessions.JointSession {
			with = f.short(x.Slot)
		}
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), day.Of(x.Local()).Words(), with, strconv.Itoa(x.Minutes)})
	}
	return []Block{t}
}

// datesApart stands between two dates of a line, and at the end of one rather than at
// the start of the next.
const datesApart = "\u00a0· "

// unbroken keeps a text on one line.
func unbroken(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }

// daysMet are the days of the sessions, joint ones apart from those alone.
func (f *facts) daysMet() []Block {
	var together, alone []string
	for _, x := range ordered(f.sessions) {
		on := unbroken(day.Of(x.Local()).Words())
		if x.Kind == sessions.JointSession {
			together = append(together, on)
		} else {
			alone = append(alone, on)
		}
	}
	var items []KeyValue
	if n := len(together); n > 0 {
		items = append(items, KeyValue{text.N("report.met_both", n, "With both of you, once", "With both of you, %d times"), strings.Join(together, datesApart)})
	}
	if n := len(alone); n > 0 {
		items = append(items, KeyValue{text.N("report.met_alone", n, "With you, once", "With you, %d times"), strings.Join(alone, datesApart)})
	}
	return []Block{KeyValues{Items: items}}
}

// ordered are the sessions by their start.
func ordered(in []sessions.SessionRow) []sessions.SessionRow {
	out := slices.Clone(in)
	slices.SortStableFunc(out, func(a, b sessions.SessionRow) int { return a.Start.Compare(b.Start) })
	return out
}

// going are the practices that go on after this report, at most three.
func (f *facts) going() []practices.Progress {
	var out []practices.Progress
	for _, p := range f.board {
		if len(out) < mostSteps && p.State == practices.Active && (p.Ends.IsZero() || p.Ends >= f.req.Date) {
			out = append(out, p)
		}
	}
	return out
}

// sheets are the steps of the practices that go on, to be kept at hand.
func (f *facts) sheets() []Block {
	var out []Block
	seen := map[string]bool{}
	for _, g := range f.going() {
		p, err := practices.ByID(g.Practice)
		if err != nil || seen[p.ID] {
			continue
		}
		seen[p.ID] = true
		out = append(out, Heading{Level: 2, Text: p.Title}, Paragraph{Text: p.Purpose, Keep: true}, Bullets{Items: p.Steps, Ordered: true, Whole: true, Keep: len(p.CareNotes) > 0})
		if len(p.CareNotes) > 0 {
			out = append(out, Paragraph{Soft: true, Text: strings.Join(p.CareNotes, " ")})
		}
	}
	return out
}
