package practiceui

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

// firstWeeks is how long a new assignment runs unless the coach says otherwise.
const firstWeeks = 3

// assign opens the form: a few letters find the practice, Enter gives it to both.
func (t *tab) assign() { t.edit(practices.Assignment{}) }

func (t *tab) edit(a practices.Assignment) {
	library, err := practices.All()
	if err != nil {
		t.deps.Messages.Show(err)
		return
	}
	fresh := a.ID.IsZero()
	f := newAssignForm(t, library, a)
	title, ok := text.T("practices.assign_title", "Assign a practice"), text.T("practices.assign_ok", "Assign")
	if !fresh {
		title, ok = text.T("practices.edit_title", "Change a practice"), text.T("record.save", "Save")
	}
	store := t.deps.Practices
	t.deps.Dialogs.Form(title, ok, f.form, func(ctx context.Context) error {
		x, err := f.read(a)
		if err != nil {
			return err
		}
		return store.Assign(ctx, x)
	}, func() { t.deps.Messages.Toast(text.T("practices.assigned", "Assigned.")) })
}

// assignForm is the form of one assignment.
type assignForm struct {
	tab          *tab
	library      []*practices.Practice
	find         *kit.Entry
	found        *kit.Choice[string]
	why          *kit.Prose
	target       *kit.Segments[practices.Target]
	cue, size    *kit.Entry
	times        *kit.Entry
	every        *kit.Choice[practices.Every]
	starts, ends *kit.DateField
	form         *kit.Form
}

func newAssignForm(t *tab, library []*practices.Practice, a practices.Assignment) *assignForm {
	f := &assignForm{tab: t, library: library, cue: kit.NewEntry(text.T("practices.cue_hint", "when the kettle boils")), size: kit.NewEntry(text.T("practices.size_hint", "one sentence is enough")), times: kit.NewEntry("1"), why: kit.Hint("")}
	f.why.Hide()
	f.find = kit.NewEntry(text.T("practices.find", "Type a few letters"))
	f.find.OnChanged = f.search
	f.find.OnSubmitted = func(string) { t.deps.Dialogs.Confirm() }
	f.found = kit.NewChoice(nil, func(id string) { f.chose(id) })
	options := []kit.Option[practices.Target]{{Value: practices.ToBoth, Label: text.T("practices.both", "both")}, {Value: practices.ToA, Label: t.short(clients.SlotA)}, {Value: practices.ToB, Label: t.short(clients.SlotB)}}
	if t.rec.Header.Kind == clients.KindSingle {
		options = options[1:2]
	}
	f.target = kit.NewSegments(options, func(practices.Target) { f.lockWords() })
	f.every = kit.NewChoice(everyOptions(), nil)
	f.starts, f.ends = kit.NewDateField(t.deps.Today, nil), kit.NewDateField(t.deps.Today, nil)
	f.starts.SetValue(t.rec.Today())
	f.ends.SetValue(t.rec.Today().Add(7*firstWeeks - 1))
	f.form = kit.NewForm(
		kit.Field{Key: "find", Label: text.T("practices.practice", "Practice"), Widget: f.find},
		kit.Field{Key: "practice", Label: "", Widget: kit.VBox(4, f.found, f.why)},
		kit.Field{Key: "target", Label: text.T("practices.for", "For"), Widget: f.target},
		kit.Field{Key: "cue", Label: text.T("practices.cue", "What starts it"), Widget: f.cue, Half: true},
		kit.Field{Key: "size", Label: text.T("practices.size", "How small it may be"), Widget: f.size, Half: true},
		kit.Field{Key: "times", Label: text.T("practices.times_label", "Times"), Widget: f.times, Half: true},
		kit.Field{Key: "cadence", Label: text.T("practices.every", "In"), Widget: f.every, Half: true},
		kit.Field{Key: "starts", Label: text.T("practices.first_day", "First day"), Widget: f.starts, Half: true},
		kit.Field{Key: "ends", Label: text.T("practices.last_day", "Last day"), Widget: f.ends, Half: true},
	)
	f.search("")
	if !a.ID.IsZero() {
		f.show(a)
	}
	return f
}

func everyOptions() []kit.Option[practices.Every] {
	return []kit.Option[practices.Every]{
		{Value: practices.EveryDay, Label: text.T("every.day", "a day")},
		{Value: practices.EveryWeek, Label: text.T("every.week", "a week")},
		{Value: practices.EveryTwoWeeks, Label: text.T("every.two_weeks", "two weeks")},
		{Value: practices.EveryMonth, Label: text.T("every.month", "a month")},
		{Value: practices.EveryFourMonths, Label: text.T("every.four_months", "four months")},
		{Value: practices.EveryYear, Label: text.T("every.year", "a year")},
		{Value: practices.EveryOnce, Label: text.T("every.once", "all")},
		{Value: practices.AsNeeded, Label: text.T("every.needed", "as needed")},
	}
}

// search offers the practices that have the letters in their title, id or channel, those
// whose title or a word of it begins with them first; the first is chosen.
func (f *assignForm) search(letters string) {
	letters = clients.Fold(strings.TrimSpace(letters))
	ranked := make([][]kit.Option[string], 4)
	for _, p := range f.library {
		if r := rank(p, letters); r >= 0 {
			ranked[r] = append(ranked[r], kit.Option[string]{Value: p.ID, Label: fmt.Sprintf("%s (%s)", p.Title, p.ID)})
		}
	}
	options := slices.Concat(ranked...)
	f.found.SetOptions(options)
	if len(options) == 0 {
		f.found.ClearSelected()
		return
	}
	f.found.SetValue(options[0].Value)
	f.chose(options[0].Value)
}

// rank is how well a practice fits the letters, 0 the best, -1 not at all.
func rank(p *practices.Practice, letters string) int {
	title := clients.Fold(p.Title)
	switch {
	case strings.HasPrefix(title, letters):
		return 0
	case strings.Contains(" "+title, " "+letters):
		return 1
	case strings.Contains(title, letters), strings.HasPrefix(p.ID, letters):
		return 2
	case slices.ContainsFunc(p.Channels, func(c string) bool { return clients.Fold(c) == letters }):
		return 3
	}
	return -1
}

// chose fills in the practice's own cadence and says what closes it.
func (f *assignForm) chose(id string) {
	for _, p := range f.library {
		if p.ID == id {
			f.times.SetText(strconv.Itoa(max(1, p.Cadence.Times)))
			f.every.SetValue(p.Cadence.Every)
		}
	}
	f.lockWords()
}

// lockWords says why the chosen practice, or a part of it, is closed: for the coach alone.
func (f *assignForm) lockWords() {
	id, _ := f.found.Value()
	p, err := practices.ByID(id)
	if err != nil || f.why == nil || f.target == nil {
		return
	}
	f.why.Hide()
	say := func(words string) {
		f.why.Set(words, kit.ColorCare)
		f.why.Show()
	}
	if locks := p.Locked(f.target.Value(), f.tab.state.situation); len(locks) > 0 {
		say(text.T("practices.closed", "Closed at the moment: %s", locks[0].Why))
		return
	}
	if locks := p.LockedLevels(f.tab.state.situation); len(locks) > 0 {
		say(locks[0].Why)
	}
}

func (f *assignForm) show(a practices.Assignment) {
	f.search("")
	f.found.SetValue(a.Practice)
	f.found.Disable()
	f.find.Disable()
	f.target.SetValue(a.Target)
	f.cue.SetText(a.Cue)
	f.size.SetText(a.Size)
	f.times.SetText(strconv.Itoa(a.Cadence.Times))
	f.every.SetValue(a.Cadence.Every)
	f.starts.SetValue(a.Starts)
	f.ends.SetValue(a.Ends)
}

func (f *assignForm) read(a practices.Assignment) (practices.Assignment, error) {
	id, _ := f.found.Value()
	p, err := practices.ByID(id)
	if err != nil {
		return a, fault.Input("practice", text.T("assignment.practice", "Choose a practice."))
	}
	times, err := strconv.Atoi(strings.TrimSpace(f.times.Text))
	if err != nil {
		return a, fault.Input("times", text.T("practices.times_number", "Write a number."))
	}
	every, _ := f.every.Value()
	if a.ID.IsZero() {
		a.ID, a.CoupleID, a.Practice, a.PracticeVersion, a.State = ids.New(), f.tab.rec.Couple, p.ID, strconv.Itoa(p.Version), practices.Active
		a.Target = f.target.Value()
	}
	a.Cue, a.Size = strings.TrimSpace(f.cue.Text), strings.TrimSpace(f.size.Text)
	a.Cadence = p.Cadence
	if every != p.Cadence.Every || times != p.Cadence.Times {
		a.Cadence = practices.Cadence{Text: f.cadenceWords(times, every), Times: times, Every: every}
	}
	if a.Starts, err = f.starts.FieldValue("starts"); err != nil {
		return a, err
	}
	a.Ends, err = f.ends.FieldValue("ends")
	return a, err
}

func (f *assignForm) cadenceWords(times int, every practices.Every) string {
	for _, o := range everyOptions() {
		if o.Value == every {
			return text.T("every.words", "%d times in %s", times, o.Label)
		}
	}
	return ""
}
