package quizui

import (
	"slices"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
)

// column is how wide one partner's part may be: half of the room where that is no less
// than enough, so that both stand side by side, else all of it up to wide.
func (t *tab) column(enough float32) (width float32, beside bool) {
	const most, wide, gap = 400, 520, 16
	if half := (t.room() - gap) / 2; half >= enough && labelSize() < 14 {
		return min(most, half), true
	}
	return min(wide, t.room()), false
}

// How wide a picture and a table of one partner must be to stand beside the other's.
const (
	pictureWidth = 300
	tableWidth   = 380
)

// part is one partner's share of a profile.
type part struct{ whose, picture, words fyne.CanvasObject }

// layOut puts the partners side by side as far as there is room: all of it, else the
// pictures with the tables below, else one after the other.
func (t *tab) layOut(parts []part) []fyne.CanvasObject {
	width, tables := t.column(tableWidth)
	_, pictures := t.column(pictureWidth)
	var out, columns []fyne.CanvasObject
	var widths []float32
	for _, p := range parts {
		if pictures && !tables && len(parts) > 1 {
			columns = append(columns, p.picture)
			out = append(out, kit.VBox(6, p.whose, kit.Sized(width, 0, p.words)))
		} else {
			columns = append(columns, kit.VBox(6, p.picture, kit.Sized(width, 0, p.words)))
		}
		w, _ := t.column(pictureWidth)
		widths = append(widths, w)
	}
	if !pictures {
		return columns
	}
	return append([]fyne.CanvasObject{kit.Columns(16, widths, columns...)}, out...)
}

// codes are the channels that this reader's pictures show. To both together a channel is
// shown only where both have it, so that a missing one says nothing (rule PV-08).
func (t *tab) codes(d *quizzes.Definition) []string {
	var out []string
	for _, c := range d.Profile.Channels {
		keep := true
		for _, s := range t.slots() {
			for _, r := range ends(t.locked(d, s)) {
				keep = keep && (t.rec.Lens != kit.LensJoint || has(r, c.Code))
			}
		}
		if keep {
			out = append(out, c.Code)
		}
	}
	return out
}

func has(r quizzes.Result, code string) bool {
	c := r.Profile.Channel(code)
	return c.Experienced != nil && c.Wanted != nil
}

// ends are the first and the last of several results.
func ends(all []quizzes.Result) []quizzes.Result {
	if len(all) < 2 {
		return all
	}
	return []quizzes.Result{all[0], all[len(all)-1]}
}

// profiles shows the newest profile of each partner, and then and now where there are
// two; first what both felt, one outline over the other. Both together see them when both
// have released theirs (rule PV-04).
func (t *tab) profiles(d *quizzes.Definition) []fyne.CanvasObject {
	codes := t.codes(d)
	chosen := len(codes) < len(d.Profile.Channels)
	var parts []part
	for _, s := range t.slots() {
		all := t.locked(d, s)
		if len(all) == 0 {
			continue
		}
		first, last := all[0], all[len(all)-1]
		chosen = chosen || last.Partial()
		picture := kit.VBox(6, t.whose(s, last))
		if shown(last, codes) >= 3 {
			picture.Add(t.radar(s, last, codes))
		}
		picture.Add(t.dumbbell(s, first, last, codes))
		words := kit.VBox(6, append([]fyne.CanvasObject{profileTable(last, codes)}, t.said(s, last, codes)...)...)
		parts = append(parts, part{t.whose(s, last), picture, words})
	}
	if len(parts) == 0 {
		return nil
	}
	var out []fyne.CanvasObject
	if chosen {
		out = append(out, kit.Bold(text.T("report.chosen", "Channels chosen for this conversation")))
	}
	a, b, both := t.bothNow(d)
	if both && len(codes) >= 3 {
		out = append(out, t.overlay(a, b, codes))
	}
	out = append(out, t.layOut(parts)...)
	if both {
		out = append(out, kit.AtMost(620, t.apart(a, b, codes)))
	}
	for _, s := range t.slots() {
		if all := t.locked(d, s); len(all) > 1 && t.rec.Lens != kit.LensJoint {
			out = append(out, t.changed(s, all[0], all[len(all)-1])...)
		}
	}
	return out
}

// whose says whose profile it is, and of which day.
func (t *tab) whose(s clients.Slot, r quizzes.Result) fyne.CanvasObject {
	return kit.HBox(8, kit.NewChip(t.short(s), slotColor(s)), kit.Soft(r.TakenOn().Words()))
}

// bothNow are the newest profiles of the two where they may stand over each other: for
// the coach, and for both together what both have released (rule PV-04).
func (t *tab) bothNow(d *quizzes.Definition) (a, b quizzes.Result, ok bool) {
	as, bs := t.locked(d, clients.SlotA), t.locked(d, clients.SlotB)
	if len(as) == 0 || len(bs) == 0 || !t.coach() && t.rec.Lens != kit.LensJoint {
		return a, b, false
	}
	a, b = as[len(as)-1], bs[len(bs)-1]
	return a, b, quizzes.SameVersion(&a.Administration, &b.Administration)
}

// shown counts the channels of a result that stand in a picture.
func shown(r quizzes.Result, codes []string) (n int) {
	for _, c := range r.Profile.Channels {
		if slices.Contains(codes, c.Code) {
			n++
		}
	}
	return n
}

// overlay is what both felt, as two outlines on one picture.
func (t *tab) overlay(a, b quizzes.Result, codes []string) fyne.CanvasObject {
	return kit.VBox(6, kit.Bold(text.T("quizzes.both_felt", "What both felt")), figure(min(520, t.room()), 0, func(v chart.View) chart.Figure {
		in := chart.RadarInput{}
		for _, r := range []quizzes.Result{a, b} {
			one := chart.RadarSeries{Name: t.short(r.Slot), Tone: tone(r.Slot)}
			for _, code := range codes {
				one.Values = append(one.Values, chart.Of(r.Profile.Channel(code).Experienced))
			}
			in.Series = append(in.Series, one)
		}
		for _, code := range codes {
			ch, _ := a.Definition.Channel(code)
			in.Axes = append(in.Axes, ch.Name)
		}
		return chart.Radar(in, v)
	}))
}

func (t *tab) radar(s clients.Slot, r quizzes.Result, codes []string) fyne.CanvasObject {
	width, _ := t.column(pictureWidth)
	return figure(width, 300, func(v chart.View) chart.Figure {
		in := chart.RadarInput{}
		felt := chart.RadarSeries{Name: text.T("report.felt", "Felt"), Tone: tone(s)}
		wished := chart.RadarSeries{Name: text.T("report.wished", "Wished for"), Tone: tone(s), Wanted: true}
		for _, c := range r.Profile.Channels {
			if !slices.Contains(codes, c.Code) {
				continue
			}
			ch, _ := r.Definition.Channel(c.Code)
			in.Axes = append(in.Axes, ch.Name)
			felt.Values = append(felt.Values, chart.Of(c.Experienced))
			wished.Values = append(wished.Values, chart.Of(c.Wanted))
		}
		in.Series = []chart.RadarSeries{felt, wished}
		return chart.Radar(in, v)
	})
}

func (t *tab) dumbbell(s clients.Slot, first, last quizzes.Result, codes []string) fyne.CanvasObject {
	width, _ := t.column(pictureWidth)
	return figure(width, 220, func(v chart.View) chart.Figure {
		in := chart.DumbbellInput{Max: 100, Direction: text.T("report.right_more", "further right is more"), FromName: first.TakenOn().Words(), ToName: last.TakenOn().Words(), Title: text.T("report.then_now", "Felt, then and now")}
		if first.ID == last.ID {
			in.Wish, in.FromName, in.ToName, in.Title = true, text.T("report.felt", "Felt"), text.T("report.wished", "Wished for"), text.T("report.felt_wished", "Felt and wished for")
		}
		for _, c := range last.Profile.Channels {
			if !slices.Contains(codes, c.Code) {
				continue
			}
			ch, _ := last.Definition.Channel(c.Code)
			row := chart.DumbbellRow{Label: ch.Name, Tone: tone(s), From: chart.Of(first.Profile.Channel(c.Code).Experienced), To: chart.Of(c.Experienced)}
			if in.Wish {
				row.From, row.To = chart.Of(c.Experienced), chart.Of(c.Wanted)
			}
			in.Rows = append(in.Rows, row)
		}
		return chart.Dumbbell(in, v)
	})
}

// changed judges the change in words, over the channels scored both times (rule Q-08).
func (t *tab) changed(s clients.Slot, first, last quizzes.Result) []fyne.CanvasObject {
	out := warnings(first, last)
	if !quizzes.SameVersion(&first.Administration, &last.Administration) || last.Partial() || first.Partial() {
		return out
	}
	c, err := quizzes.CompareProfiles(last.Definition, *first.Profile, *last.Profile)
	if err != nil || c.Total == nil {
		return out
	}
	words := text.T("quizzes.change_common", "%s, over the %d channels of both times: %s to %s.", t.short(s), len(c.Common), quizzes.ShowTotal(&c.From), quizzes.ShowTotal(&c.To))
	out = append(out, kit.Hint(join(words, c.Total.Class.Sentence())))
	if !t.coach() {
		return out
	}
	for _, code := range c.Common {
		if j := c.Channels[code]; j.Class != nil && *j.Class != quizzes.NoReliableChange {
			ch, _ := last.Definition.Channel(code)
			out = append(out, kit.Hint(text.T("quizzes.change_channel", "For you: %s %s.", ch.Name, signed(&j.Difference, j.Class.Words(last.Definition.Direction)))))
		}
	}
	if p := last.Definition.Profile.TotalChange; p != nil && p.Unverified {
		out = append(out, kit.Hint(unverified()))
	}
	return out
}
