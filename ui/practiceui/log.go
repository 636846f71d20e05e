package practiceui

import (
	"context"
	"strconv"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

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
	sees := kit.NewChoice(t.audiences(l.Partner), nil)
	sees.SetValue(l.Access.Visibility)
	note, err := practices.LogNote()
	if err != nil {
		t.deps.Messages.Show(err)
		return
	}
	form := kit.NewForm(
		kit.Field{Key: "note", Widget: kit.Hint(note)},
		kit.Field{Key: "on", Label: text.T("practices.day", "Day"), Widget: on, Half: true},
		kit.Field{Key: "minutes", Label: text.T("practices.minutes", "Minutes"), Widget: minutes, Half: true},
		kit.Field{Key: "result", Label: text.T("practices.how", "How it went"), Widget: result, Half: true},
		kit.Field{Key: "obstacle", Label: text.T("practices.obstacle", "What got in the way"), Widget: obstacle, Half: true},
		kit.Field{Key: "helpfulness", Label: text.T("practices.helpful", "How helpful, 0 to 10"), Widget: helpful},
		kit.Field{Key: "difficulty", Label: text.T("practices.hard", "How hard, 0 to 10"), Widget: hard},
		kit.Field{Key: "noticed", Label: text.T("practices.noticed", "What was noticed"), Widget: noticed},
		kit.Field{Key: "next_change", Label: text.T("practices.next_change", "The next small change"), Widget: next},
		kit.Field{Key: "visibility", Label: text.T("note.sees", "Who may see it"), Widget: sees},
	)
	store := t.deps.Practices
	t.deps.Dialogs.Form(text.T("practices.log_title", "A practice of %s", t.short(l.Partner)), text.T("record.save", "Save"), form, func(ctx context.Context) (err error) {
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
		l.Access.Visibility, _ = sees.Value()
		l.Noticed, l.NextChange = strings.TrimSpace(noticed.Text), strings.TrimSpace(next.Text)
		return store.SaveLog(ctx, l)
	}, nil)
}

// audiences are those that a writer can choose for a log: their own, both, or the coach.
func (t *tab) audiences(s clients.Slot) []kit.Option[clients.Visibility] {
	out := []kit.Option[clients.Visibility]{{Value: s.Own(), Label: text.T("practices.sees_own", "%s and you", t.short(s))}}
	if t.rec.Header.Kind != clients.KindSingle {
		out = append(out, kit.Option[clients.Visibility]{Value: clients.Joint, Label: text.T("practices.sees_both", "both of them and you")})
	}
	return append(out, kit.Option[clients.Visibility]{Value: clients.CoachOnly, Label: text.T("practices.sees_you", "you alone")})
}

func rating(a *kit.Answers) *int {
	if v, ok := a.Value(); ok {
		return &v
	}
	return nil
}
