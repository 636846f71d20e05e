package libraryui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

// sheet is what is read, put together from the top.
type sheet struct{ objects []fyne.CanvasObject }

func (s *sheet) add(o ...fyne.CanvasObject) { s.objects = append(s.objects, o...) }

// part is a heading with its lines; nothing without lines.
func (s *sheet) part(title string, lines ...string) {
	var said []fyne.CanvasObject
	for _, l := range lines {
		if l != "" {
			said = append(said, kit.Paragraph(l))
		}
	}
	if len(said) > 0 {
		s.heading(title)
		s.add(said...)
	}
}

// heading sets a section off from what is above.
func (s *sheet) heading(title string) {
	s.add(kit.Insets(12, 0, 0, 0, kit.Section(title)))
}

// facts is one line of short facts; empty ones are left out.
func facts(all ...string) string {
	var said []string
	for _, f := range all {
		if f != "" {
			said = append(said, f)
		}
	}
	return strings.Join(said, " · ")
}

func bullets(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = "• " + s
	}
	return out
}

func numbered(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = strconv.Itoa(i+1) + ". " + s
	}
	return out
}

// unverified is the label of what nobody has compared with its source yet.
func unverified(is bool) string {
	if is {
		return text.T("library.unverified", "unverified")
	}
	return ""
}

func minutes(m practices.Minutes) string {
	switch {
	case m.To == 0:
		return ""
	case m.From == m.To:
		return text.N("library.minutes", m.To, "1 minute", "%d minutes")
	}
	return text.T("library.from_to", "%d to %d minutes", m.From, m.To)
}

// strengthWords says how strong the evidence is.
func strengthWords(s string) string {
	words := map[string]string{
		"A": text.T("strength.a", "randomised trial of nearly this exercise"), "B": text.T("strength.b", "experiment or long study of the mechanism"),
		"C": text.T("strength.c", "correlational study"), "D": text.T("strength.d", "professional tradition"),
	}
	var out []string
	for _, one := range strings.Split(s, "/") {
		out = append(out, words[strings.TrimSpace(one)])
	}
	return strings.Join(out, " / ")
}
