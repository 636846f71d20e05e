package quizui

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
)

// said are the words below a partner's profile: the wishes of the moment, and for the
// coach what to ask about. What is computed over all channels stands only where all are
// shown, for it would tell of the others (rule PV-05).
func (t *tab) said(s clients.Slot, r quizzes.Result, codes []string) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	p := *r.Profile
	whole := shown(r, codes) == len(r.Definition.Profile.Channels)
	if whole {
		if t.coach() || t.rec.Audience.Slot() == s {
			out = append(out, kit.Paragraph(quizzes.LeadSentence(r.Definition, p)))
		}
		out = append(out, kit.Hint(totalWords(p)))
	}
	if w := topWords(r.Definition, p); w != "" && whole {
		out = append(out, kit.Hint(w))
	}
	if t.coach() {
		for _, w := range coachWords(r.Definition, p) {
			out = append(out, kit.Wrapped(w, kit.ColorCare))
		}
	}
	return out
}

// totalWords is the total with how many channels it is made of (rule Q-07).
func totalWords(p quizzes.ProfileScores) string {
	return text.T("quizzes.all_of", "All channels: %s (%d of %d scored)", quizzes.ShowTotal(p.TotalExperienced), p.Scored, len(p.Channels))
}

// topWords say the widest wish for more (rule Q-10).
func topWords(d *quizzes.Definition, p quizzes.ProfileScores) string {
	if len(p.TopWish) == 0 {
		return ""
	}
	var names []string
	for _, code := range p.TopWish {
		ch, _ := d.Channel(code)
		names = append(names, ch.Name)
	}
	gap := p.Channel(p.TopWish[0]).Gap
	return text.T("quizzes.top_wish", "Widest wish for more: %s (%s, %s)", strings.Join(names, ", "), quizzes.ShowChannel(gap), quizzes.GapWords(gap))
}

// coachWords are remarks for the coach alone (rules ).
func coachWords(d *quizzes.Definition, p quizzes.ProfileScores) []string {
	var out []string
	for _, f := range p.Flags {
		out = append(out, text.T("quizzes.flag", "For you: %s.", f.Words()))
	}
	for _, code := range p.CoachPrompts {
		ch, _ := d.Channel(code)
		out = append(out, text.T("quizzes.prompt", "For you: %s – ask privately about comfort and pressure.", ch.Name))
	}
	return out
}

// profileTable is a profile in numbers and words; not scored is never 0.
func profileTable(r quizzes.Result, codes []string) fyne.CanvasObject {
	var rows [][]string
	for _, c := range r.Profile.Channels {
		if !slices.Contains(codes, c.Code) {
			continue
		}
		ch, _ := r.Definition.Channel(c.Code)
		rows = append(rows, []string{ch.Name, quizzes.ShowChannel(c.Experienced), quizzes.ShowChannel(c.Wanted), quizzes.GapWords(c.Gap)})
	}
	return table(rows, text.T("report.channel", "Channel"), text.T("report.felt", "Felt"), text.T("report.wished", "Wished for"), text.T("report.in_words", "In words"))
}

// table gives every column but the last the width of its widest words, at any text size.
func table(rows [][]string, titles ...string) fyne.CanvasObject {
	columns := make([]kit.Column, len(titles))
	for i, title := range titles {
		columns[i].Title = title
		if i == len(titles)-1 {
			break
		}
		columns[i].Width = kit.Soft(title).MinSize().Width
		for _, row := range rows {
			columns[i].Width = max(columns[i].Width, kit.NewLine(row[i]).MinSize().Width)
		}
	}
	return kit.NewTable(columns, rows)
}

// apart says how far apart the two are in each channel, without saying who is higher
// (rule Q-12). It is made of both, so both must be there for this reader.
func (t *tab) apart(a, b quizzes.Result, codes []string) fyne.CanvasObject {
	var rows [][]string
	for _, d := range quizzes.Differences(*a.Profile, *b.Profile) {
		if !slices.Contains(codes, d.Code) {
			continue
		}
		ch, _ := a.Definition.Channel(d.Code)
		row := []string{ch.Name, quizzes.DifferenceWords(d.Experienced), quizzes.DifferenceWords(d.Wanted)}
		if t.coach() {
			row[1], row[2] = signed(d.Experienced, row[1]), signed(d.Wanted, row[2])
		}
		rows = append(rows, row)
	}
	return kit.VBox(6, kit.Bold(text.T("quizzes.apart", "Side by side")), table(rows, text.T("report.channel", "Channel"), text.T("report.felt", "Felt"), text.T("report.wished", "Wished for")))
}

// signed is a difference A − B with its words, for the coach.
func signed(v *float64, words string) string {
	if v == nil {
		return words
	}
	sign := ""
	if *v > 0 {
		sign = "+"
	}
	return fmt.Sprintf("%s%s · %s", sign, quizzes.ShowChannel(v), words)
}
