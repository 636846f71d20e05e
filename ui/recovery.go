package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// Paper puts a recovery key on paper.
type Paper interface {
	// KeyPage is a page with the key, as a PDF.
	KeyPage(casebook, key string) ([]byte, error)
	// Print hands the page to the program that shows PDF on this computer, which has
	// the system's own print dialog. That needs a copy on the disk until Forget.
	Print(ctx context.Context, page []byte) error
	// Forget removes that copy.
	Forget()
}

// keySheet shows a recovery key, to print or keep as a file, and asks for its last
// group.
type keySheet struct {
	shell *Shell
	name  string
	key   string
	check *kit.Entry
	form  *kit.Form
	body  *fyne.Container
}

func newKeySheet(s *Shell, name, key string) *keySheet {
	k := &keySheet{shell: s, name: name, key: key, check: kit.NewEntry("")}
	words := widget.NewLabel(inLines(key))
	words.Selectable, words.Alignment = true, fyne.TextAlignCenter
	words.TextStyle = fyne.TextStyle{Monospace: true}
	ground := kit.NewPanel(kit.ColorChosen)
	ground.Radius = 8
	k.form = kit.NewForm(kit.Field{
		Key: "check", Label: text.T("recovery.check", "To go on, type the last group of the key"), Widget: k.check,
	})
	k.body = kit.VBox(kit.GapCards,
		container.NewStack(ground, kit.Inset(10, words)),
		kit.Flow(kit.GapInside,
			kit.Secondary(text.T("recovery.print", "Print…"), k.print).WithIcon("print"),
			kit.Secondary(text.T("recovery.save", "Save as PDF…"), k.save).WithIcon("file")),
		kit.Hint(text.T("recovery.print_hint", "Print opens the page in this computer's PDF program. For that a copy lies in the folder for temporary files until you go on.")),
		k.form)
	return k
}

func (k *keySheet) print() {
	s := k.shell
	kit.Do(s.conf.Runner, s.notices, func(ctx context.Context) error {
		page, err := s.conf.Paper.KeyPage(k.name, k.key)
		if err != nil {
			return err
		}
		return s.conf.Paper.Print(ctx, page)
	}, func() {
		s.notices.Toast(text.T("recovery.printing", "The page opens in the PDF program: print it there. If nothing opens, save the page instead."))
	})
}

func (k *keySheet) save() {
	s := k.shell
	name := text.T("recovery.file", "%s recovery key", k.name) + ".pdf"
	s.env.Files.Save(text.T("recovery.save_title", "Save the recovery key"), name, func(path string) {
		kit.Do(s.conf.Runner, s.notices, func(context.Context) error {
			page, err := s.conf.Paper.KeyPage(k.name, k.key)
			if err != nil {
				return err
			}
			return durable.WriteNew(path, page, 0o600)
		}, func() {
			s.notices.Toast(text.T("recovery.saved", "The page is saved. Keep it apart from this computer."))
		})
	})
}

// typed tells whether the last group was typed, and says so at the field if not.
func (k *keySheet) typed() bool {
	k.form.Clear()
	if lastGroup(k.check.Text) == lastGroup(k.key) {
		return true
	}
	k.form.Mark(fault.Input("check", text.T("recovery.differs", "That is not the last group of the key above.")))
	return false
}

// groupsPerLine is how the key is set out for reading and copying by hand.
const groupsPerLine = 4

func inLines(key string) string {
	groups := strings.Split(key, "-")
	var lines []string
	for len(groups) > groupsPerLine {
		lines = append(lines, strings.Join(groups[:groupsPerLine], "-")+"-")
		groups = groups[groupsPerLine:]
	}
	return strings.Join(append(lines, strings.Join(groups, "-")), "\n")
}

// lastGroup is what must be typed: upper and lower case and signs do not matter.
func lastGroup(key string) string {
	groups := strings.FieldsFunc(key, func(c rune) bool { return c == '-' || c == ' ' || c == '\n' })
	if len(groups) == 0 {
		return ""
	}
	return strings.ToUpper(groups[len(groups)-1])
}

// recovery is the page between a new casebook and its first place: the key is shown
// once.
type recovery struct {
	widget.BaseWidget
	shell *Shell
	open  Workspace
	sheet *keySheet
	body  fyne.CanvasObject
}

func newRecovery(s *Shell, w Workspace, key string) *recovery {
	r := &recovery{shell: s, open: w, sheet: newKeySheet(s, w.Name(), key)}
	r.sheet.check.OnSubmitted = func(string) { r.done() }
	r.body = frontCard(kit.VBox(kit.GapCards,
		kit.VBox(4, kit.Title(text.T("recovery.title", "Your recovery key")),
			kit.Paragraph(text.T("recovery.text", "If the passphrase is ever forgotten, this key opens the casebook. It is shown only now. Print it, or save it on something that you keep away from this computer."))),
		r.sheet.body,
		kit.HBox(0, kit.Spacer(), kit.Primary(text.T("recovery.done", "I have the key"), r.done))))
	r.ExtendBaseWidget(r)
	return r
}

// Parts lets focus look inside.
func (r *recovery) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{r.body} }

func (r *recovery) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *recovery) first() fyne.Focusable { return r.sheet.check }

func (r *recovery) done() {
	if !r.sheet.typed() {
		return
	}
	r.shell.conf.Paper.Forget()
	r.sheet.key = ""
	r.shell.enter(r.open)
}

// ShowRecoveryKey shows a new key of the open casebook; keep makes it the one that
// opens the file, once the person has it.
func (s *Shell) ShowRecoveryKey(key string, keep func(context.Context) error) {
	sheet := newKeySheet(s, s.open.Name(), key)
	content := kit.VBox(kit.GapCards,
		kit.Paragraph(text.T("recovery.new_text", "This key takes the place of the one you have, which opens this file no more. Backups made before still open with the old one. Nothing changes until you go on.")),
		sheet.body)
	s.env.Dialogs.Open(kit.Dialog{
		Title: text.T("recovery.new_title", "A new recovery key"), Content: s.env.Dialogs.Scrolled(content), First: sheet.check,
		OK: text.T("recovery.done", "I have the key"), Closed: s.conf.Paper.Forget,
		OnOK: func(h *kit.Handle) {
			if !sheet.typed() {
				return
			}
			h.Busy(true)
			var err error
			s.conf.Runner.Run(func(ctx context.Context) { err = keep(ctx) }, func() {
				h.Busy(false)
				if err != nil {
					h.Show(err)
					return
				}
				h.Close()
				s.notices.Toast(text.T("recovery.new_done", "From now on the new recovery key opens the casebook."))
			})
		},
	})
}
