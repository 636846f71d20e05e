package kit_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func TestDialogFocusesEscapesAndConfirms(t *testing.T) {
	a := uitest.NewApp(t)
	a.Show(widget.NewLabel("page"))
	name, confirmed, closed := kit.NewEntry(""), 0, 0
	open := func() {
		a.Env.Dialogs.Open(kit.Dialog{
			Title: "New couple", Content: kit.VBox(4, kit.NewLine("Name"), name), OK: "Save",
			OnOK: func(h *kit.Handle) { confirmed++; h.Close() }, Closed: func() { closed++ },
		})
	}
	open()
	if a.Focused() != name {
		t.Fatalf("the focus is on %T", a.Focused())
	}
	a.MustSay("New couple", "Save", "Cancel")
	a.Key(fyne.KeyEscape)
	if a.Env.Dialogs.IsOpen() || confirmed != 0 || closed != 1 {
		t.Fatal("Escape must close without confirming")
	}
	open()
	a.Window.Canvas().Unfocus() // as after a look into the menu
	if typed := a.Window.Canvas().OnTypedKey(); typed == nil {
		t.Error("without a focus no key is heard")
	} else if typed(&fyne.KeyEvent{Name: fyne.KeyEscape}); a.Env.Dialogs.IsOpen() {
		t.Error("Escape is for nothing when nothing has the focus")
	}
	closed--
	open()
	a.Env.Dialogs.Confirm()
	if a.Env.Dialogs.IsOpen() || confirmed != 1 || closed != 2 {
		t.Fatal("Ctrl+Enter must confirm")
	}
	a.MustSay("page")
}

func TestDialogsComeOneAtATime(t *testing.T) {
	a := uitest.NewApp(t)
	a.Show(widget.NewLabel("page"))
	a.Env.Dialogs.Ask("First", "one", "Yes", func() {})
	a.Env.Dialogs.Ask("Second", "two", "Yes", func() {})
	a.MustSay("First")
	a.MustNotSay("Second")
	a.Tap("Yes")
	a.MustSay("Second")
	a.MustNotSay("First")
	a.Env.Dialogs.CloseAll()
	a.MustSay("page")
}

func TestDialogFitsTheWindow(t *testing.T) {
	a := uitest.NewApp(t)
	a.Show(widget.NewLabel("page"))
	a.Env.Dialogs.Open(kit.Dialog{Title: "Big", Content: kit.Markdown("a b c"), Width: 5000, Height: 5000})
	top := a.Roots()[0]
	uitest.Walk(top, func(o fyne.CanvasObject, above []fyne.CanvasObject) bool {
		if len(above) == 1 {
			if s := o.Size(); s.Width > 1280 || s.Height > 800 {
				t.Errorf("%T is %v", o, s)
			}
		}
		return true
	})
}

func TestFormMarksFieldsAndKeepsText(t *testing.T) {
	a := uitest.NewApp(t)
	a.Show(widget.NewLabel("page"))
	name, mail := kit.NewEntry(""), kit.NewEntry("")
	form := kit.NewForm(kit.Field{Key: "name", Label: "Name", Widget: name}, kit.Field{Key: "mail", Label: "E-mail", Widget: mail})
	tries, done := 0, 0
	a.Env.Dialogs.Form("New person", "Save", form, func(context.Context) error {
		if tries++; tries == 1 {
			return errors.Join(fault.Input("name", "Give a name."), fault.Input("mail", "This is no address."))
		}
		return nil
	}, func() { done++ })
	a.Type("Mara")
	a.Fill("E-mail", "x")
	if mail.Text != "x" {
		t.Fatalf("the field of E-mail holds %q", mail.Text)
	}
	a.Env.Dialogs.Confirm()
	if form.ErrorAt("name") != "Give a name." || form.ErrorAt("mail") != "This is no address." {
		t.Fatalf("marks: %q, %q", form.ErrorAt("name"), form.ErrorAt("mail"))
	}
	if a.Focused() != name || name.Text != "Mara" || done != 0 {
		t.Fatalf("focus on %T, text %q, done %d", a.Focused(), name.Text, done)
	}
	a.Env.Dialogs.Confirm()
	if a.Env.Dialogs.IsOpen() || done != 1 || form.ErrorAt("name") != "" {
		t.Fatal("the second try must save and close")
	}
}

func TestFormSaysWhatHasNoField(t *testing.T) {
	a := uitest.NewApp(t)
	a.Show(widget.NewLabel("page"))
	form := kit.NewForm(kit.Field{Key: "name", Label: "Name", Widget: kit.NewEntry("")})
	a.Env.Dialogs.Form("New", "Save", form, func(context.Context) error {
		return fault.New(fault.Refused, "This is paused.", "Talk first.")
	}, nil)
	a.Env.Dialogs.Confirm()
	a.MustSay("This is paused.", "Talk first.")
}

func TestProgressCancels(t *testing.T) {
	a := uitest.NewApp(t)
	a.Show(widget.NewLabel("page"))
	run := &later{}
	d := kit.NewDialogs(a.Window.Canvas(), run)
	var got error
	d.Progress("Importing", a.Said, func(ctx context.Context, report func(int, int, string)) error {
		report(1, 2, "row 1 of 2")
		return ctx.Err()
	}, func(err error) { got = err })
	a.Tap("Cancel")
	run.jobs[0]()
	if !errors.Is(got, context.Canceled) || len(a.Said.Errors) != 0 || d.IsOpen() {
		t.Errorf("got %v, said %v", got, a.Said.Errors)
	}
}

func TestNotices(t *testing.T) {
	a := uitest.NewApp(t)
	n := kit.NewNotices(a.Clock, a.Env.Dialogs)
	a.Show(n.Bar)
	undone := 0
	n.Undo("Couple deleted.", func() { undone++ })
	a.MustSay("Couple deleted.")
	a.Tap("Undo")
	if undone != 1 || n.CanUndo() {
		t.Fatal("Undo must take back once")
	}
	n.Undo("Again.", func() { undone++ })
	a.Clock.Wind(kit.UndoTime)
	if n.CanUndo() || n.Bar.Visible() {
		t.Fatal("the bar must go by itself")
	}
	var logged string
	n.Log = func(ref, kind string) { logged = ref + " " + kind }
	n.Show(errors.New("Mara said no"))
	a.Clock.Wind(time.Hour)
	a.MustSay("Something went wrong. Your text is saved.", "Reference")
	a.MustNotSay("Mara said no")
	if logged == "" || n.Errors() != 1 {
		t.Errorf("logged %q, errors %d", logged, n.Errors())
	}
	if len(logged) > 40 {
		t.Errorf("the log holds more than reference and type: %q", logged)
	}
	n.Show(context.Canceled)
	if n.Errors() != 1 {
		t.Error("cancelling is no error")
	}
}
