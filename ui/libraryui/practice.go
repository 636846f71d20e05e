package libraryui

import (
	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

// practice is the whole record of x; care are the notes that every practice inherits.
func practice(x *practices.Practice, care []string) []fyne.CanvasObject {
	var s sheet
	s.add(kit.Title(x.Title), kit.Hint(facts(whoWords(x.Who), levelWords(x.Level), minutes(x.Duration), x.Cadence.Text, weeks(x.MinWeeks))), kit.Paragraph(x.Purpose))
	if x.ReviewedOn == "" {
		s.add(kit.Hint(text.T("library.not_reviewed", "Nobody from the profession has reviewed this entry yet.")))
	}
	s.part(text.T("library.prerequisites", "Before you begin"), bullets(x.Prerequisites)...)
	s.part(text.T("library.materials", "What you need"), x.Materials)
	s.part(text.T("library.steps", "Steps"), numbered(x.Steps)...)
	for _, sub := range x.SubPractices {
		s.heading(sub.Title)
		s.add(kit.Hint(facts(minutes(sub.Duration), sub.Cadence.Text)), kit.Paragraph(sub.Purpose))
		for _, step := range numbered(sub.Steps) {
			s.add(kit.Paragraph(step))
		}
	}
	s.part(text.T("library.care", "Take care"), append(bullets(x.CareNotes), bullets(care)...)...)
	s.part(text.T("library.stop", "Stop when"), bullets(x.StopRules)...)
	s.locks(x.Locks)
	s.measures(x.Measures)
	for _, v := range variants(x.Variants) {
		s.part(v[0], v[1])
	}
	for _, l := range x.Lists {
		var lines []string
		for _, it := range l.Items {
			lines = append(lines, it.Text)
		}
		s.part(l.Title, bullets(lines)...)
	}
	s.evidence(x.Evidence)
	return s.objects
}

// locks are for the coach alone: they may tell of a partner's health.
func (s *sheet) locks(locks []practices.Lock) {
	if len(locks) == 0 {
		return
	}
	s.add(kit.Insets(12, 0, 0, 0, kit.HBox(8, kit.Section(text.T("library.locks", "Closed when")), kit.NewChip(text.T("talk.for_you", "for coaches alone"), kit.ColorCoach))))
	for _, l := range locks {
		why := l.Why
		if l.Scope == "level_3" {
			why = facts(why, text.T("library.level_3", "only the third level of questions"))
		}
		s.add(kit.Paragraph("• " + why))
	}
}

func (s *sheet) measures(measures []practices.Measure) {
	if len(measures) == 0 {
		return
	}
	s.heading(text.T("library.measures", "Worth noting"))
	for _, m := range measures {
		sees, colour := text.T("library.own", "for whoever noted it"), kit.ColorInkSoft
		switch m.Visibility {
		case "joint":
			sees, colour = text.T("seen.both", "for both"), kit.ColorBoth
		case "coach_only":
			sees, colour = text.T("talk.for_you", "for coaches alone"), kit.ColorCoach
		}
		s.add(kit.Flow(8, kit.NewLine("• "+facts(m.Label, kindWords(m.Kind))), kit.NewChip(sees, colour)))
	}
}

func (s *sheet) evidence(evidence []practices.Evidence) {
	if len(evidence) == 0 {
		return
	}
	s.heading(text.T("library.evidence", "What is known"))
	for _, e := range evidence {
		s.add(kit.VBox(2, kit.Paragraph(e.Claim), kit.Hint(facts(e.Citation, doi(e.DOI), strengthWords(e.Strength), unverified(e.Unverified)))))
	}
}

// doi is the lasting address of a paper, to copy: nothing here opens the network.
func doi(id string) string {
	if id == "" {
		return ""
	}
	return "https://doi.org/" + id
}

func variants(v practices.Variants) [][2]string {
	return [][2]string{
		{text.T("variant.distance", "Living apart"), v.LongDistance},
		{text.T("variant.parents", "New parents"), v.NewParents},
		{text.T("variant.neuro", "Neurodivergent"), v.Neurodivergent},
		{text.T("variant.abilities", "Different abilities"), v.DifferentAbilities},
		{text.T("variant.alcohol", "Without alcohol"), v.AlcoholFree},
		{text.T("variant.touch", "Without touch"), v.NoTouch},
	}
}

func whoWords(w practices.Who) string {
	switch w {
	case practices.Each:
		return text.T("library.each", "each alone")
	case practices.OneForOther:
		return text.T("library.one_for_other", "one for the other")
	}
	return text.T("library.both", "both together")
}

func levelWords(l practices.Level) string {
	switch l {
	case practices.Starter:
		return text.T("library.starter", "to begin with")
	case practices.Advanced:
		return text.T("library.advanced", "with much practice")
	}
	return text.T("library.intermediate", "with some practice")
}

func weeks(n int) string {
	if n == 0 {
		return ""
	}
	return text.N("library.weeks", n, "at least 1 week", "at least %d weeks")
}

func kindWords(kind string) string {
	switch kind {
	case "scale10":
		return text.T("library.scale10", "0 to 10")
	case "count":
		return text.T("library.kind_count", "how often")
	case "minutes":
		return text.T("library.kind_minutes", "in minutes")
	case "yes_no":
		return text.T("library.kind_yes_no", "yes or no")
	}
	return text.T("library.kind_quiz", "from a quiz")
}
