package practiceui

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

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
	f.found = kit.NewChoice(nil, func(id string) { f.chose(id) })
	options := []kit.Option[practices.Target]{{Value: practices.ToBoth, Label: text.T("practices.both", "both")}, {Value: practices.ToA, Label: t.rec.Header.Partner(clients.SlotA).Short}, {Value: practices.ToB, Label: t.rec.Header.Partner(clients.SlotB).Short}}
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

// search offers the practices whose title, id or channel has the letters; the first is chosen.
func (f *assignForm) search(letters string) {
	letters = clients.Fold(strings.TrimSpace(letters))
	var options []kit.Option[string]
	for _, p := range f.library {
		if letters == "" || strings.Contains(clients.Fold(p.Title+" "+p.ID+" "+strings.Join(p.Channels, " ")), letters) {
			options = append(options, kit.Option[string]{Value: p.ID, Label: fmt.Sprintf("%s (%s)", p.Title, p.ID)})
		}
	}
	f.found.SetOptions(options)
	if len(options) > 0 {
		f.found.SetValue(options[0].Value)
		f.chose(options[0].Value)
	}
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

// lockWords says why the chosen practice is closed, for the coach alone.
func (f *assignForm) lockWords() {
	id, _ := f.found.Value()
	p, err := practices.ByID(id)
	if err != nil || f.why == nil || f.target == nil {
		return
	}
	locks := p.Locked(f.target.Value(), f.tab.state.situation)
	if len(locks) == 0 {
		f.why.Hide()
		return
	}
	f.why.Set(text.T("practices.closed", "Closed at the moment: %s", locks[0].Why), kit.ColorCare)
	f.why.Show()
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

// editLog opens the whole log of one use.
func (t *tab) editLog(l practices.Log) {
	on := kit.NewDateField(t.deps.Today, nil)
	on.SetValue(l.On)
	var results []kit.Option[practices.Result]
	for _, r := range practices.Results() {
		results = append(results, kit.Option[practices.Result]{Value: r, Label: r.Words()})
	}
	result := kit.NewChoice(results, nil)
	result.SetValue(l.Result)
	obstacles := []kit.Option[practices.Obstacle]{{Value: practices.NoObstacle, Label: text.T("practices.nothing", "nothing")}}
	for _, o := range practices.Obstacles() {
		obstacles = append(obstacles, kit.Option[practices.Obstacle]{Value: o, Label: o.Words()})
	}
	obstacle := kit.NewChoice(obstacles, nil)
	obstacle.SetValue(l.Obstacle)
	minutes, noticed, next := kit.NewEntry("10"), kit.NewArea("", 2), kit.NewEntry("")
	if l.Minutes > 0 {
		minutes.SetText(strconv.Itoa(l.Minutes))
	}
	noticed.SetText(l.Noticed)
	next.SetText(l.NextChange)
	helpful, hard := kit.NewAnswers(0, 10, nil, kit.ColorClay), kit.NewAnswers(0, 10, nil, kit.ColorClay)
	if l.Helpfulness != nil {
		helpful.SetValue(*l.Helpfulness)
	}
	if l.Difficulty != nil {
		hard.SetValue(*l.Difficulty)
	}
	form := kit.NewForm(
		kit.Field{Key: "on", Label: text.T("practices.day", "Day"), Widget: on, Half: true},
		kit.Field{Key: "minutes", Label: text.T("practices.minutes", "Minutes"), Widget: minutes, Half: true},
		kit.Field{Key: "result", Label: text.T("practices.how", "How it went"), Widget: result, Half: true},
		kit.Field{Key: "obstacle", Label: text.T("practices.obstacle", "What got in the way"), Widget: obstacle, Half: true},
		kit.Field{Key: "helpfulness", Label: text.T("practices.helpful", "How helpful, 0 to 10"), Widget: helpful},
		kit.Field{Key: "difficulty", Label: text.T("practices.hard", "How hard, 0 to 10"), Widget: hard},
		kit.Field{Key: "noticed", Label: text.T("practices.noticed", "What was noticed"), Widget: noticed},
		kit.Field{Key: "next_change", Label: text.T("practices.next_change", "The next small change"), Widget: next},
	)
	store := t.deps.Practices
	t.deps.Dialogs.Form(text.T("practices.log_title", "A practice of %s", t.rec.Header.Partner(l.Partner).Short), text.T("record.save", "Save"), form, func(ctx context.Context) (err error) {
		if l.ID.IsZero() {
			l.ID = ids.New()
		}
		before := l.On
		if l.On, err = on.FieldValue("on"); err != nil {
			return err
		}
		if before != l.On {
			l.At = l.At.AddDate(0, 0, l.On.Sub(before))
		}
		l.Minutes = 0
		if s := strings.TrimSpace(minutes.Text); s != "" {
			if l.Minutes, err = strconv.Atoi(s); err != nil {
				return fault.Input("minutes", text.T("practices.times_number", "Write a number."))
			}
		}
		l.Result, _ = result.Value()
		l.Obstacle, _ = obstacle.Value()
		l.Helpfulness, l.Difficulty = rating(helpful), rating(hard)
		l.Noticed, l.NextChange = strings.TrimSpace(noticed.Text), strings.TrimSpace(next.Text)
		return store.SaveLog(ctx, l)
	}, nil)
}

func rating(a *kit.Answers) *int {
	if v, ok := a.Value(); ok {
		return &v
	}
	return nil
}

// noteCondition records what closes practices for a partner.
func (t *tab) noteCondition() {
	var conditions []kit.Option[practices.Condition]
	for _, c := range practices.Conditions() {
		switch c {
		case practices.AnyScreenNotClear, practices.AnyScreenStop, practices.JointNotAllowed:
			continue // these follow from the screens
		}
		conditions = append(conditions, kit.Option[practices.Condition]{Value: c, Label: conditionWords(c)})
	}
	condition := kit.NewChoice(conditions, nil)
	var people []kit.Option[ids.ID]
	for _, p := range t.rec.Header.Partners {
		people = append(people, kit.Option[ids.ID]{Value: p.PersonID, Label: p.Short})
	}
	person := kit.NewChoice(people, nil)
	person.SetValue(people[0].Value)
	since := kit.NewDateField(t.deps.Today, nil)
	form := kit.NewForm(
		kit.Field{Key: "person", Label: text.T("practices.whom", "Whom it is about"), Widget: person},
		kit.Field{Key: "condition", Label: text.T("practices.condition_label", "What it is"), Widget: condition},
		kit.Field{Key: "since", Label: text.T("practices.since_label", "Since"), Widget: since, Hint: text.T("practices.condition_private", "For you alone.")},
	)
	store, couple := t.deps.Practices, t.rec.Couple
	t.deps.Dialogs.Form(text.T("practices.condition_title", "What closes a practice"), text.T("record.save", "Save"), form, func(ctx context.Context) (err error) {
		n := practices.Noted{ID: ids.New(), Couple: couple}
		n.Condition, _ = condition.Value()
		n.Person, _ = person.Value()
		if n.Since, err = since.FieldValue("since"); err != nil {
			return err
		}
		return store.Note(ctx, n)
	}, nil)
}

// conditionWords is a condition in words: its code is made of them.
func conditionWords(c practices.Condition) string {
	return strings.ReplaceAll(strings.TrimSuffix(string(c), "_12m"), "_", " ")
}

// notedCard lists what was noted, for the coach alone.
func (t *tab) notedCard() fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for _, n := range t.state.noted {
		if n.Over {
			continue
		}
		who := ""
		for _, p := range t.rec.Header.Partners {
			if p.PersonID == n.Person {
				who = p.Short
			}
		}
		lines = append(lines, kit.Frame(nil, nil, kit.Paragraph(strings.Join(nonEmpty([]string{who, conditionWords(n.Condition), n.Since.Words()}), " · ")), kit.Quiet(text.T("practices.over", "It is over"), func() {
			n.Over = true
			store := t.deps.Practices
			kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return store.Note(ctx, n) }, nil)
		}), nil))
	}
	if len(lines) == 0 {
		return nil
	}
	return kit.TitledCard(text.T("practices.noted", "Noted, for you alone"), nil, kit.VBox(6, lines...))
}
