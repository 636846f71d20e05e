package ui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// join makes an own casebook of what a shared folder holds; or it moves the casebook that
// somebody worked with in such a folder out of it, and shares it there.
type join struct {
	widget.BaseWidget
	shell    *Shell
	move     string // the casebook to move; "" when joining
	from, to *kit.Entry
	called   *kit.Entry
	pass     *kit.Entry
	form     *kit.Form
	bar      *widget.ProgressBar
	button   *kit.Button
	back     *kit.Button
	body     fyne.CanvasObject
	stop     context.CancelFunc // nil while nothing is under way
	meant    string             // a place in a synced folder that was confirmed
}

// newJoin asks for what joining needs; from is the shared folder or a file of it, "" if
// that is not known yet.
func newJoin(s *Shell, from string) *join {
	j := &join{
		shell: s, from: kit.NewEntry(""), to: kit.NewEntry(""), called: kit.NewEntry(""), pass: kit.NewPassword(""), bar: widget.NewProgressBar(),
		button: kit.Primary(text.T("join.ok", "Join"), nil),
	}
	j.from.SetText(from)
	j.from.OnChanged = func(string) { j.propose() }
	j.build(text.T("join.title", "Join a shared casebook"), text.T("join.text", "You get a casebook of your own, and from then on the folder keeps it in step with those of the others."),
		kit.Field{Key: "from", Label: text.T("join.from", "Shared folder, or a file of it"), Widget: withBrowse(j.from, func() {
			s.env.Files.Folder(text.T("join.from_title", "The folder that the others share"), j.from.SetText)
		})})
	return j
}

// newMove asks for what moving the casebook at path out of a synced folder needs.
func newMove(s *Shell, path string) *join {
	j := &join{
		shell: s, move: path, from: kit.NewEntry(""), to: kit.NewEntry(""), called: kit.NewEntry(""), pass: kit.NewPassword(""), bar: widget.NewProgressBar(),
		button: kit.Primary(text.T("move.ok", "Move and share"), nil),
	}
	j.from.SetText(path)
	j.build(text.T("move.title", "Move it out, and share it"), text.T("move.text", "The casebook moves to a place of your own, and the folder gets a sealed copy and the changes of everybody instead. Copies that the file service has made of it are merged, and are kept with the backups."))
	return j
}

func (j *join) build(title, words string, first ...kit.Field) {
	s := j.shell
	j.called.SetText(hostname())
	j.pass.OnSubmitted = func(string) { j.next() }
	j.button.OnTapped = j.next
	passphrase := text.T("join.passphrase", "Passphrase of the shared casebook")
	if j.move != "" {
		passphrase = text.T("move.passphrase", "Passphrase of the casebook")
	}
	j.form = kit.NewForm(append(first,
		kit.Field{Key: "to", Label: text.T("join.to", "Keep my own casebook as"), Widget: withBrowse(j.to, func() {
			s.env.Files.Save(text.T("join.to", "Keep my own casebook as"), filepath.Base(j.to.Text), j.to.SetText)
		}), Hint: text.T("join.to_hint", "On this computer, outside of the shared folder")},
		kit.Field{Key: "name", Label: text.T("sharing.name", "This computer is called"), Widget: j.called, Hint: text.T("sharing.name_hint", "So the others know whose changes they see")},
		kit.Field{Key: "passphrase", Label: passphrase, Widget: j.pass},
		kit.Field{Widget: j.bar})...)
	j.bar.Hide()
	j.back = kit.Secondary(text.T("create.back", "Back"), j.leave)
	j.body = frontCard(kit.VBox(kit.GapCards, kit.VBox(4, kit.Title(title), kit.Paragraph(words)),
		j.form, kit.HBox(kit.GapInside, j.back, kit.Spacer(), j.button)))
	j.ExtendBaseWidget(j)
	j.propose()
}

func hostname() string {
	name, _ := os.Hostname() // without a name it has none
	return name
}

// propose offers a place for the own casebook, until the person has chosen one.
func (j *join) propose() {
	name := text.T("create.file", "Casebook") + ".couplet"
	from := clean(j.from.Text)
	if strings.HasSuffix(from, ".couplet") {
		name = filepath.Base(from)
	} else if found, err := filepath.Glob(filepath.Join(from, "*.couplet")); err == nil && len(found) > 0 && j.from.Text != "" {
		name = filepath.Base(found[0])
	}
	was := j.to.Text
	if was == "" || filepath.Dir(was) == j.safe() {
		j.to.SetText(filepath.Join(j.safe(), name))
	}
}

// safe is a folder for the own casebook that no file service keeps in step.
func (j *join) safe() string {
	f := &files{shell: j.shell}
	if dir := f.folder(); share.Synced(filepath.Join(dir, "x")) == "" && !inside(dir, clean(j.from.Text)) {
		return dir
	}
	if home, err := os.UserHomeDir(); err == nil && share.Synced(filepath.Join(home, "x")) == "" {
		return home
	}
	return f.folder()
}

// inside says whether a folder is another one or lies in it.
func inside(dir, of string) bool {
	rel, err := filepath.Rel(of, dir)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// Parts lets focus look inside.
func (j *join) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{j.body} }

func (j *join) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(j.body) }

func (j *join) first() fyne.Focusable {
	if j.from.Text == "" && j.move == "" {
		return j.from
	}
	return j.pass
}

func (j *join) leave() {
	if j.stop != nil {
		j.stop()
		return
	}
	if j.move != "" {
		j.shell.showFront(newUnlock(j.shell, j.move))
		return
	}
	j.shell.showFront(newWelcome(j.shell))
}

func (j *join) validate() error {
	to := clean(j.to.Text)
	switch _, err := os.Stat(clean(j.from.Text)); {
	case strings.TrimSpace(j.from.Text) == "":
		return fault.Input("from", text.T("join.no_from", "Choose the folder that the others share."))
	case err != nil:
		return fault.Input("from", text.T("files.no_folder", "There is no such folder."))
	case !isDir(filepath.Dir(to)):
		return fault.Input("to", text.T("files.no_folder", "There is no such folder."))
	case isThere(to):
		return fault.Input("to", text.T("files.exists", "There is already a file of that name. Choose another."))
	case j.pass.Text == "":
		return fault.Input("passphrase", text.T("join.no_passphrase", "The passphrase is that of the others."))
	}
	return nil
}

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func (j *join) next() {
	if j.stop != nil {
		return
	}
	j.form.Clear()
	if err := j.validate(); err != nil {
		if !j.form.Mark(err) {
			j.shell.notices.Show(err)
		}
		return
	}
	to := clean(j.to.Text)
	if filepath.Ext(to) == "" {
		to += ".couplet"
	}
	if by := share.Synced(to); by != "" && j.meant != to {
		j.shell.askSynced(by, func() { j.meant = to; j.make(to) })
		return
	}
	j.make(to)
}

// make joins, and shows how far it is.
func (j *join) make(to string) {
	s := j.shell
	what := Joining{From: clean(j.from.Text), Path: to, Secret: Secret{Passphrase: j.pass.Text}, Called: strings.TrimSpace(j.called.Text)}
	stop, cancel := context.WithCancel(context.Background())
	j.stop = cancel
	j.setBusy(true)
	percent := -1
	report := func(done, total int64) {
		now := 0
		if total > 0 {
			now = int(done * 100 / total)
		}
		if now == percent {
			return
		}
		percent = now
		s.conf.Runner.Post(func() { j.bar.SetValue(float64(now) / 100) })
	}
	var w Workspace
	var err error
	s.notices.Clear() // what went wrong before is tried again
	s.whenClosed(func() {
		s.conf.Runner.Run(func(ctx context.Context) {
			defer context.AfterFunc(ctx, cancel)()
			if j.move != "" {
				w, err = s.conf.Opener.MoveOut(stop, what, report)
			} else {
				w, err = s.conf.Opener.Join(stop, what, report)
			}
		}, func() {
			cancel()
			j.stop = nil
			j.setBusy(false)
			switch {
			case errors.Is(err, context.Canceled):
				s.notices.Toast(text.T("join.stopped", "Stopped. Nothing was made."))
			case fault.Is(err, fault.WrongKey):
				sentence, _ := fault.Words(err)
				j.form.Mark(fault.Input("passphrase", sentence))
			case err != nil:
				s.notices.Show(err)
			default:
				j.pass.SetText("")
				s.enter(w)
			}
		})
	})
}

func (j *join) setBusy(on bool) {
	for _, e := range []*kit.Entry{j.from, j.to, j.called, j.pass} {
		if on {
			e.Disable()
		} else {
			e.Enable()
		}
	}
	if on {
		j.shell.conf.Window.Canvas().Unfocus()
		j.bar.SetValue(0)
		j.bar.Show()
		j.button.Disable()
		j.back.SetText(text.T("join.stop", "Stop"))
	} else {
		j.bar.Hide()
		j.button.Enable()
		j.back.SetText(text.T("create.back", "Back"))
	}
	j.body.Refresh()
}
