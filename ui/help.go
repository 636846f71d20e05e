package ui

import (
	"github.com/couplet-app/couplet/assets"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// help lists every shortcut there is now.
func (s *Shell) help() {
	var rows [][]string
	for _, c := range s.Commands() {
		if k := keys(c.Shortcut); k != "" {
			rows = append(rows, []string{c.Title, k})
		}
	}
	rows = append(rows,
		[]string{text.T("help.tab", "Next field, the one before"), "Tab, Shift+Tab"},
		[]string{text.T("help.escape", "Close a dialog; text is never lost"), "Esc"},
		[]string{text.T("help.open", "Open the row"), "Enter"},
		[]string{text.T("help.answer", "Answer and go on, leave out"), "0–9, −"})
	table := kit.NewTable([]kit.Column{{Title: text.T("help.what", "What")}, {Title: text.T("help.keys", "Keys"), Width: 140}}, rows)
	s.env.Dialogs.Open(kit.Dialog{Title: text.T("help.title", "Keyboard shortcuts"), Public: true, Content: kit.NewReader(table, min(440, table.MinSize().Height))})
}

func (s *Shell) about() {
	about := kit.VBox(12, kit.Paragraph(text.T("about.text", "A casebook for relationship and intimacy coaches. Everything is in one encrypted file on your computer. "+
		"Free software under the Apache Licence 2.0, © The Couplet Authors. The letters of the window and of reports are Source Sans 3 and Noto Sans, under the SIL Open Font Licence, and Droid Sans Fallback, under the Apache Licence; their licences stand below.")))
	for _, licence := range assets.FontLicences() {
		about.Add(kit.Hint(licence))
	}
	s.env.Dialogs.Open(kit.Dialog{Title: text.T("about.title", "Couplet %s", s.conf.Version), Public: true, Content: kit.NewReader(about, 360)})
}
