package kit

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/fault"
)

// Field is one line of a form. Key is the name that a Validate of the domain gives
// the field in its faults.
type Field struct {
	Key    string
	Label  string
	Widget fyne.CanvasObject
	Hint   string
	Half   bool // shares its row with the next field, which is Half too
}

// Form shows fields with the label close above each, and under it what is not yet
// right. Fields are given all at once.
type Form struct {
	widget.BaseWidget
	fields []*formField
	body   *fyne.Container
}

type formField struct {
	Field
	box   *fyne.Container
	error *Prose
}

// NewForm sets out the fields in order; Tab alone walks them all.
func NewForm(fields ...Field) *Form {
	f := &Form{body: VBox(12)}
	for i := 0; i < len(fields); i++ {
		a := f.add(fields[i])
		if fields[i].Half && i+1 < len(fields) && fields[i+1].Half {
			i++
			f.body.Add(Columns(GapCards, nil, a, f.add(fields[i])))
			continue
		}
		f.body.Add(a)
	}
	f.ExtendBaseWidget(f)
	return f
}

func (f *Form) add(field Field) fyne.CanvasObject {
	x := &formField{Field: field, error: newProse("", ColorStop, SizeSmall)}
	x.error.Hide()
	x.box = VBox(3)
	if field.Label != "" {
		x.box.Add(Soft(field.Label).Short())
	}
	x.box.Add(field.Widget)
	if field.Hint != "" {
		x.box.Add(Hint(field.Hint))
	}
	x.box.Add(x.error)
	f.fields = append(f.fields, x)
	return x.box
}

// CreateRenderer is Fyne's.
func (f *Form) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(f.body) }

// Parts lets tests and focus look inside.
func (f *Form) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{f.body} }

// First is the first field that can take keys.
func (f *Form) First() fyne.Focusable { return FirstFocusable(f.body) }

// Clear takes all marks away.
func (f *Form) Clear() {
	for _, x := range f.fields {
		if x.error.Visible() {
			x.error.Hide()
			x.box.Refresh()
		}
	}
}

// Mark sets each fault of err that names a field under that field, focuses the first
// of them, and tells whether every fault found its place; if not, show err as well.
func (f *Form) Mark(err error) bool {
	all := true
	var first *formField
	for _, e := range leaves(err) {
		x := f.field(e)
		if x == nil {
			all = false
			continue
		}
		sentence, _ := fault.Words(e)
		x.error.SetText(sentence)
		x.error.Show()
		x.box.Refresh()
		if first == nil {
			first = x
		}
	}
	if first != nil {
		f.Refresh()
		if w := FirstFocusable(first.Widget); w != nil {
			if c := fyne.CurrentApp().Driver().CanvasForObject(first.Widget); c != nil {
				c.Focus(w)
			}
		}
	}
	return all && first != nil
}

// ErrorAt is what stands under the field, empty for nothing.
func (f *Form) ErrorAt(key string) string {
	for _, x := range f.fields {
		if x.Key == key && x.error.Visible() {
			return x.error.Text()
		}
	}
	return ""
}

func (f *Form) field(err error) *formField {
	e, ok := fault.As(err)
	if !ok || e.Field == "" {
		return nil
	}
	for _, x := range f.fields {
		if x.Key == e.Field {
			return x
		}
	}
	return nil
}

// leaves takes joined errors apart.
func leaves(err error) []error {
	for e := err; e != nil; e = errors.Unwrap(e) {
		if j, ok := e.(interface{ Unwrap() []error }); ok {
			var all []error
			for _, part := range j.Unwrap() {
				all = append(all, leaves(part)...)
			}
			return all
		}
	}
	return []error{err}
}
