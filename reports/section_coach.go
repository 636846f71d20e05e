package reports

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// coachNotes are remarks on the answers, for the coach alone (rules ).
func (f *facts) coachNotes() []Block {
	var items []string
	for _, s := range f.slots() {
		for _, q := range f.results {
			if q.Slot != s || q.Profile == nil {
				continue
			}
			for _, flag := range q.Profile.Flags {
				items = append(items, fmt.Sprintf("%s, %s: %s", takenOn(q).Words(), f.short(s), flag.Words()))
			}
			for _, code := range q.Profile.CoachPrompts {
				ch, _ := q.Definition.Channel(code)
				items = append(items, text.T("report.prompt", "%s, %s, %s: ask privately about comfort and pressure.", takenOn(q).Words(), f.short(s), ch.Name))
			}
		}
		if last := f.lastDay(s, channelQuiz); last.IsZero() {
			items = append(items, text.T("report.missing", "No profile in this period: %s.", f.short(s)))
		}
	}
	unconfirmed := 0
	for _, p := range f.board {
		unconfirmed += p.Joint.Unconfirmed
	}
	if unconfirmed > 0 {
		items = append(items, text.N("report.unconfirmed", unconfirmed, "One joint practice was confirmed by one partner only.", "%d joint practices were confirmed by one partner only."))
	}
	alone := 0
	for _, x := range f.sessions {
		if x.Kind != sessions.JointSession {
			alone++
		}
	}
	if f.header.Kind == clients.KindCouple {
		items = append(items, text.T("report.coach_sessions", "Sessions: %d joint, %d with one partner.", len(f.sessions)-alone, alone))
	}
	if f.fit != "" {
		items = append(items, f.fit)
	}
	var blocks []Block
	t := f.missingTable()
	if len(items) > 0 {
		blocks = append(blocks, Bullets{Items: items, Keep: len(t.Rows) > 0})
	}
	if len(t.Rows) > 0 {
		blocks = append(blocks, t)
	}
	return blocks
}

// missingTable says how often each questionnaire was answered and how many questions
// stayed open, by partner.
func (f *facts) missingTable() Table {
	t := Table{Small: true, Columns: []Column{{Head: text.T("report.quiz", "Questionnaire")}}}
	for _, s := range f.slots() {
		t.Columns = append(t.Columns, Column{Head: text.T("report.taken_by", "%s: times", f.short(s)), Align: Right}, Column{Head: text.T("report.open_of", "%s: left open", f.short(s)), Align: Right})
	}
	for _, d := range quizzes.Shipped() {
		row, any := []string{d.Name}, false
		for _, s := range f.slots() {
			all := f.of(s, d.ID)
			left := 0
			for _, q := range all {
				for _, a := range q.Answers {
					if a.Status != quizzes.Answered {
						left++
					}
				}
			}
			any = any || len(all) > 0
			row = append(row, strconv.Itoa(len(all)), strconv.Itoa(left))
		}
		if any {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// judgementDetails are the numbers behind a judgement, for the coach.
func (f *facts) judgementDetails(d *quizzes.Definition, scale quizzes.Scale, j quizzes.Judgement) string {
	if scale.Change == nil || j.Threshold == nil {
		return text.T("report.no_parameters", "No parameters: change not judged.")
	}
	s := text.T("report.threshold", "Threshold %s points. Class: %s.", strconv.FormatFloat(*j.Threshold, 'f', 2, 64), j.Class.Words(d.Direction))
	if p := scale.Change; p.SD != nil && p.Reliability != nil {
		s += " " + text.T("report.sem", "SD %s, r %s (%s), SEM %s, RC %s.", num(*p.SD), num(*p.Reliability), p.Kind, num(quizzes.SEM(*p.SD, *p.Reliability)), num(*j.RC))
	}
	if scale.Change.Unverified {
		s += " " + text.T("report.unverified", "Unverified.")
	}
	return Escape(s + " " + shortSource(scale.Change.Source))
}

// shortSource is who and when; the whole stands among the sources.
func shortSource(s string) string {
	if who, _, ok := strings.Cut(s, ")."); ok {
		return who + ")."
	}
	return s
}

func num(x float64) string {
	return strings.Replace(strconv.FormatFloat(x, 'f', 2, 64), "-", "−", 1)
}

// sources lists what was used, with versions, for the coach.
func (f *facts) sources() []Block {
	var out []Block
	seen, cited := map[string]bool{}, map[string]bool{}
	for _, q := range f.results {
		key := q.Instrument + q.Version
		if seen[key] {
			continue
		}
		seen[key] = true
		line := text.T("report.source", "%s, version %s", q.Definition.Name, q.Version)
		for _, src := range q.Definition.Sources {
			if cited[src.Citation] {
				continue // it stands above
			}
			cited[src.Citation] = true
			line = strings.TrimRight(line, ".") + ". " + src.Citation
		}
		out = append(out, Paragraph{Soft: true, Text: Escape(line)})
	}
	return out
}
