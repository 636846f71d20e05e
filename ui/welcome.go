package ui

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// welcome is the first page: a new casebook, an existing one, or the sample.
type welcome struct {
	widget.BaseWidget
	shell   *Shell
	new     *kit.Button
	buttons []*kit.Button
	busy    *kit.Line
	body    fyne.CanvasObject
}

func newWelcome(s *Shell) *welcome {
	w := &welcome{shell: s, busy: kit.Soft(text.T("welcome.preparing", "Preparing the sample…"))}
	w.new = kit.Primary(text.T("welcome.new", "New casebook"), func() { s.showFront(newCreate(s)) })
	open := kit.Secondary(text.T("welcome.open", "Open a casebook…"), w.choose)
	sample := kit.Secondary(text.T("welcome.sample", "Try the sample"), w.sample)
	join := kit.Secondary(text.T("welcome.join", "Join a shared casebook…"), func() { s.showFront(newJoin(s, "")) })
	w.buttons = []*kit.Button{w.new, open, join, sample}
	col := kit.VBox(kit.GapCards,
		kit.VBox(4, kit.Title(text.T("welcome.title", "Welcome to Couplet")),
			kit.Paragraph(text.T("welcome.text", "Everything about your clients stays in one encrypted file on this computer: the casebook. There is no account and no server."))),
		choice(w.new, text.T("welcome.new_text", "You choose a passphrase and get a recovery key to keep.")),
		choice(open, text.T("welcome.open_text", "A file that ends in .couplet, from this computer or a backup.")),
		choice(join, text.T("welcome.join_text", "From the folder through which your colleagues share theirs. You need their passphrase.")),
		choice(sample, text.T("welcome.sample_text", "Seven invented clients with months of work, to look around. Nothing you do there is kept.")),
		w.busy)
	if recent := w.recent(); recent != nil && !s.shield.On() {
		col.Add(recent)
	}
	w.busy.Hide()
	w.body = frontCard(col)
	w.ExtendBaseWidget(w)
	return w
}

func choice(b *kit.Button, words string) fyne.CanvasObject {
	return kit.VBox(6, b, kit.Hint(words))
}

func (w *welcome) recent() fyne.CanvasObject {
	col := kit.VBox(2, kit.Soft(text.T("welcome.recent", "Opened on this computer")))
	n := 0
	for _, path := range w.shell.prefs.recent() {
		if _, err := os.Stat(path); err != nil {
			continue
		}
		b := kit.Quiet(casebookName(path), func() { w.shell.openFile(path) }).WithIcon("file")
		b.Alignment = widget.ButtonAlignLeading
		col.Add(b)
		n++
	}
	if n == 0 {
		return nil
	}
	return col
}

func casebookName(path string) string {
	return strings.TrimSuffix(filepath.Base(path), ".couplet")
}

// Parts lets focus look inside.
func (w *welcome) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{w.body} }

func (w *welcome) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(w.body) }

func (w *welcome) first() fyne.Focusable { return w.new }

func (w *welcome) choose() {
	w.shell.env.Files.Open(text.T("welcome.open_title", "Open a casebook"), []string{".couplet"}, w.shell.openFile)
}

func (w *welcome) sample() {
	w.setBusy(true)
	var opened Workspace
	var err error
	s := w.shell
	s.whenClosed(func() {
		s.conf.Runner.Run(func(ctx context.Context) { opened, err = s.conf.Opener.Sample(ctx) }, func() {
			w.setBusy(false)
			if err != nil {
				s.notices.Show(err)
				return
			}
			s.enter(opened)
		})
	})
}

func (w *welcome) setBusy(on bool) {
	for _, b := range w.buttons {
		if on {
			b.Disable()
		} else {
			b.Enable()
		}
	}
	if on {
		w.busy.Show()
	} else {
		w.busy.Hide()
	}
}
