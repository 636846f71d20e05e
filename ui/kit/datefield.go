package kit

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// DateField is a field for a calendar day that may stay empty. It takes 2026-11-22,
// the local forms (22.11.2026, 22/11/26, 22 Nov 2026) and "today", and shows what it
// understood as yyyy-mm-dd when it is left.
type DateField struct {
	widget.BaseWidget
	entry   *Entry
	pick    *Button
	body    *fyne.Container
	today   func() string
	pop     *widget.PopUp
	changed func()
}

// NewDateField is an empty field; today gives the day on the wall (Env.Today), and
// changed may be nil.
func NewDateField(today func() string, changed func()) *DateField {
	d := &DateField{today: today, changed: changed}
	d.entry = NewEntry(text.T("date.placeholder", "yyyy-mm-dd"))
	d.entry.OnChanged = func(string) {
		if d.changed != nil {
			d.changed()
		}
	}
	d.entry.OnLeave = d.tidy
	d.pick = IconButton("calendar", d.open)
	d.body = Frame(nil, nil, d.entry, d.pick, nil)
	d.ExtendBaseWidget(d)
	return d
}

// Value is the day, none for an empty field. A text that is no day is a fault
// without a field name; FieldValue names one.
func (d *DateField) Value() (day.Day, error) { return d.FieldValue("") }

// FieldValue is Value with the fault at that field of a form.
func (d *DateField) FieldValue(key string) (day.Day, error) {
	v, ok := ParseDay(d.entry.Text, d.today(), MonthFirst(os.Getenv("LANG")))
	if !ok {
		return "", fault.Input(key, text.T("date.unclear", "This is not a day. Write it like %s.", d.today()))
	}
	return v, nil
}

// SetValue shows v, nothing for no day.
func (d *DateField) SetValue(v day.Day) { d.entry.SetText(string(v)) }

// Entry is the field itself, for focus and tests.
func (d *DateField) Entry() *Entry { return d.entry }

// CreateRenderer is Fyne's.
func (d *DateField) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(d.body) }

// Parts lets tests and focus look inside.
func (d *DateField) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{d.body} }

func (d *DateField) tidy() {
	if v, err := d.Value(); err == nil && string(v) != d.entry.Text {
		d.entry.SetText(string(v))
	}
}

func (d *DateField) open() {
	c := fyne.CurrentApp().Driver().CanvasForObject(d)
	if c == nil {
		return
	}
	at, err := d.Value()
	if err != nil || at.IsZero() {
		at = day.Day(d.today())
	}
	cal := widget.NewCalendar(at.Time(), func(t time.Time) {
		d.pop.Hide()
		d.SetValue(day.Of(t))
	})
	d.pop = widget.NewPopUp(Inset(GapInside, cal), c)
	d.pop.ShowAtRelativePosition(fyne.NewPos(0, d.Size().Height+2), d)
}

// MonthFirst says whether the language writes 11/22/2026.
func MonthFirst(lang string) bool {
	return strings.HasPrefix(lang, "en_US") || strings.HasPrefix(lang, "en_PH") || lang == "" || lang == "C" || lang == "C.UTF-8"
}

// ParseDay reads a day in the forms that people write; an empty text is no day.
func ParseDay(s, today string, monthFirst bool) (day.Day, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	switch s {
	case "":
		return "", true
	case "today", strings.ToLower(text.T("date.today", "today")):
		return day.Day(today), true
	}
	if v, err := day.Parse(s); err == nil {
		return v, true
	}
	for _, layout := range []string{"2 January 2006", "2 Jan 2006", "January 2 2006", "Jan 2 2006", "2006/1/2", "20060102", "2006-1-2"} {
		if t, err := time.Parse(layout, titleCase(strings.ReplaceAll(s, ",", ""))); err == nil {
			return day.Of(t), true
		}
	}
	return parseNumbers(s, today, monthFirst)
}

// parseNumbers reads 22.11.2026, 22/11/26, 22-11-2026 and, without a year, 22.11.
func parseNumbers(s, today string, monthFirst bool) (day.Day, bool) {
	dotted := strings.Contains(s, ".")
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == '/' || r == '-' || r == ' ' })
	if len(parts) == 2 && len(today) >= 4 {
		parts = append(parts, today[:4])
	}
	if len(parts) != 3 {
		return "", false
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil {
			return "", false
		}
		n[i] = v
	}
	d, m, y := n[0], n[1], n[2]
	if monthFirst && !dotted {
		d, m = m, d
	}
	if y < 100 {
		y += 2000
		if limit := day.Day(today).Time().Year() + 20; y > limit {
			y -= 100 // a two-digit year far ahead is a year of birth
		}
	}
	v, err := day.Parse(fmt.Sprintf("%04d-%02d-%02d", y, m, d))
	return v, err == nil
}

func titleCase(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}
