package kit

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
)

// question is something that a person answers in a dialog.
type question struct {
	answer func() string
	set    func(string)
}

// questions are all that o asks. What a password field holds is left out: nobody brings
// it back.
func questions(o fyne.CanvasObject) []question {
	switch x := o.(type) {
	case nil:
		return nil
	case *Entry:
		if x.Password {
			return nil
		}
		return []question{{func() string { return x.Text }, x.SetText}}
	case *NoteEditor:
		return []question{{x.Text, x.entry.SetText}}
	case *Check:
		return []question{{func() string { return strconv.FormatBool(x.Checked) }, func(s string) { x.SetChecked(s == "true") }}}
	case interface {
		answer() string
		restore(string)
	}:
		return []question{{x.answer, x.restore}}
	}
	var all []question
	for _, child := range Children(o) {
		all = append(all, questions(child)...)
	}
	return all
}

// answers is all that a person entered in o.
func answers(o fyne.CanvasObject) []string {
	all := []string{}
	for _, q := range questions(o) {
		all = append(all, q.answer())
	}
	return all
}

// locked is what stood in a form when the window locked. It is kept in memory alone, and
// only the same form over the same record takes it back.
type locked struct {
	title, before string
	said          []string
}

// keep remembers what is typed in the forms of m and below it.
func (d *Dialogs) keep(m *modal) {
	for ; m != nil; m = m.under {
		if said := answers(m.spec.Content); m.spec.form && !m.isBusy && together(said) != m.before {
			d.locked = &locked{m.spec.Title, m.before, said}
		}
	}
}

// takeBack fills in what stood in this form when the window locked. Each question is
// looked up anew, because an answer may bring others.
func (d *Dialogs) takeBack(m *modal) {
	l := d.locked
	if l == nil || !m.spec.form || l.title != m.spec.Title || l.before != m.before {
		return
	}
	d.locked = nil
	for i, said := range l.said {
		if all := questions(m.spec.Content); i < len(all) && all[i].answer() != said {
			all[i].set(said)
		}
	}
}

// Locked is the title of the form over which the window locked, empty for none.
func (d *Dialogs) Locked() string {
	if d.locked == nil {
		return ""
	}
	return d.locked.title
}

// Forget drops what was typed in it: another casebook is opened.
func (d *Dialogs) Forget() { d.locked = nil }

func together(said []string) string { return strings.Join(said, "\x00") }
