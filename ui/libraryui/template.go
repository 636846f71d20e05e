package libraryui

import (
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// template is the form of a note: its fields, and who sees each at first.
func template(t sessions.Template) []fyne.CanvasObject {
	var s sheet
	s.add(kit.Title(t.Title), kit.Paragraph(t.Purpose))
	s.heading(text.T("library.fields", "Fields, and who sees each"))
	for _, f := range t.Fields {
		sees, colour := reader(f)
		lines := []fyne.CanvasObject{kit.Flow(8, kit.Bold(plain(f.Label)), kit.NewChip(sees, colour))}
		if f.Hint != "" {
			lines = append(lines, kit.Hint(plain(f.Hint)))
		}
		var choices []string
		for _, c := range f.Choices {
			choices = append(choices, c.Label)
		}
		if len(choices) > 0 {
			lines = append(lines, kit.Hint(text.T("library.choices", "One of: %s", plain(strings.Join(choices, ", ")))))
		}
		if f.CarryOver {
			lines = append(lines, kit.Hint(text.T("library.carry", "Begins with what the last note said.")))
		}
		s.add(kit.Insets(4, 0, 0, 0, kit.VBox(2, lines...)))
	}
	return s.objects
}

// plain is a label without anybody's name.
func plain(label string) string { return sessions.Named(label, "", "", "") }

// reader says who sees a new note's field, and the colour that goes with it.
func reader(f sessions.TemplateField) (string, fyne.ThemeColorName) {
	switch {
	case f.Sealed:
		return text.T("seen.sealed", "sealed, for you alone"), kit.ColorCoach
	case f.Sensitivity == clients.Safety:
		return text.T("seen.safety", "safety, for coaches alone"), kit.ColorStop
	case f.Visibility == clients.Joint:
		return text.T("seen.both", "for both"), kit.ColorBoth
	case f.Visibility == clients.PartnerA:
		return text.T("seen.one", "for %s", "A"), kit.ColorA
	case f.Visibility == clients.PartnerB:
		return text.T("seen.one", "for %s", "B"), kit.ColorB
	case f.Visibility == clients.CoachOnly:
		return text.T("talk.for_you", "for coaches alone"), kit.ColorCoach
	}
	return text.T("library.attendee", "for whoever it was with"), kit.ColorBoth
}
