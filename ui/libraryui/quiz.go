package libraryui

import (
	"fmt"
	"strconv"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
)

// quiz is a questionnaire as it ships. The wording stands here only where its licence
// lets it be shipped.
func quiz(d *quizzes.Definition) []fyne.CanvasObject {
	var s sheet
	s.add(kit.Title(d.Name), kit.Hint(facts(text.T("library.version", "version %s", d.Version), lookBack(d), text.N("library.item_count", len(d.Items), "1 question", "%d questions"))))
	if d.Intro != "" {
		s.add(kit.Paragraph(d.Intro))
	}
	s.part(text.T("library.items", "Questions"), questions(d)...)
	if d.TextShippable {
		var answers []string
		for _, set := range d.ResponseSets {
			answers = append(answers, "• "+offered(set))
		}
		s.part(text.T("library.answers", "Answers"), answers...)
	}
	s.scales(d)
	s.part(text.T("library.notes", "Notes"), bullets(d.Notes)...)
	s.part(text.T("library.licence", "Licence"), d.Licence)
	if len(d.Sources) > 0 {
		s.heading(text.T("report.sources", "Sources and versions"))
	}
	for _, src := range d.Sources {
		s.add(kit.VBox(2, kit.Paragraph(src.Citation), kit.Hint(facts(src.Supports, unverified(src.Unverified)))))
	}
	return s.objects
}

func lookBack(d *quizzes.Definition) string {
	if d.LookBack == "" {
		return ""
	}
	return text.T("library.look_back", "about %s", d.LookBack)
}

func questions(d *quizzes.Definition) []string {
	if !d.TextShippable {
		return []string{text.T("library.no_text", "The questions are not shipped: use your own permitted copy. %d items.", len(d.Items))}
	}
	var out []string
	for i, it := range d.Items {
		out = append(out, strconv.Itoa(i+1)+". "+it.Text)
	}
	return out
}

// offered names the ends of a set of answers, and what is labelled between.
func offered(set quizzes.ResponseSet) string {
	out := []string{quizzes.Range{Min: float64(set.Min), Max: float64(set.Max)}.String()}
	for n := set.Min; n <= set.Max; n++ {
		if word := set.Labels[n]; word != "" {
			out = append(out, fmt.Sprintf("%d %s", n, word))
		}
	}
	return facts(out...)
}

func (s *sheet) scales(d *quizzes.Definition) {
	if len(d.Scales) == 0 {
		return
	}
	s.heading(text.T("library.scales", "Scales"))
	for _, scale := range d.Scales {
		lines := []fyne.CanvasObject{kit.Paragraph(facts(scale.Name, scale.Range.String()))}
		for _, b := range scale.Bands {
			lines = append(lines, kit.Hint(facts(b.Label, quizzes.Range{Min: b.Min, Max: b.Max}.String(), b.Source, unverified(b.Unverified))))
		}
		for _, c := range scale.CutOffs {
			lines = append(lines, kit.Hint(facts(text.T("library.cutoff", "cut-off %g (%s)", c.Value, c.Source), unverified(c.Unverified))))
		}
		if c := scale.Change; c != nil {
			lines = append(lines, kit.Hint(facts(text.T("library.threshold", "a change counts beyond %.1f points (%s)", c.Points(), c.Source), unverified(c.Unverified))))
		}
		s.add(kit.VBox(2, lines...))
	}
	if d.Profile != nil && d.Profile.TotalChange != nil {
		c := d.Profile.TotalChange
		s.add(kit.Hint(facts(text.T("library.total", "Total"), text.T("library.threshold", "a change counts beyond %.1f points (%s)", c.Points(), c.Source), unverified(c.Unverified))))
	}
}
