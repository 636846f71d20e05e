package pipelineui

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// How often the clock of the call is looked at, how soon what was typed is kept, and
// after how long the clock no longer says anything: the call was ended elsewhere.
const (
	clockPause = 15 * time.Second
	savePause  = time.Second
	longCall   = 3 * time.Hour
)

// callSheet is the discovery call: its parts with their minutes, the sheet, and the
// decision. Everything on it is the coach's alone.
type callSheet struct {
	widget.BaseWidget
	page     *Page
	call     intake.Call
	clock    *kit.Line
	status   *kit.Line
	total    *kit.Line
	parts    []part
	errors   map[string]*kit.Line // under each field, by its key
	unread   map[string]bool      // fields whose words are no number or day
	stopTick func()
	stopSave func()
	edits    int // grows with each change
	kept     int // the edits that are stored
	body     fyne.CanvasObject
}

// part is one part of the call in the line of chips.
type part struct {
	phase intake.Phase
	chip  *kit.Chip
}

func (p *Page) openCall(c intake.Call, e intake.Enquiry) {
	p.closeCall()
	p.call = newCallSheet(p, c, e)
	p.route = kit.Route{Page: PageID, ID: c.EnquiryID.String(), Tab: tabCall, Item: c.ID.String()}
	p.deps.Nav.Replace(p.route)
	p.show(p.call)
}

// reopenCall shows the call that the route names: one came back here.
func (p *Page) reopenCall() {
	id, err := ids.Parse(p.route.Item)
	if err != nil {
		p.home()
		return
	}
	var c intake.Call
	var e intake.Enquiry
	aud := p.coach()
	kit.Do(p.deps.Runner, p.deps.Messages, func(ctx context.Context) (err error) {
		if c, err = p.deps.Intake.Call(ctx, aud, id); err == nil {
			e, err = p.deps.Intake.Enquiry(ctx, aud, c.EnquiryID)
		}
		return err
	}, func() { p.openCall(c, e) })
}

func (p *Page) closeCall() {
	if p.call == nil {
		return
	}
	p.call.leave()
	p.call = nil
}

func newCallSheet(p *Page, c intake.Call, e intake.Enquiry) *callSheet {
	s := &callSheet{page: p, call: c, clock: kit.Bold(""), status: kit.Soft(""), total: kit.Soft(""), errors: map[string]*kit.Line{}, unread: map[string]bool{}}
	chips := kit.Flow(6)
	for _, ph := range intake.Phases() {
		x := part{ph, kit.NewChip(partTitle(ph), kit.ColorInkSoft)}
		s.parts = append(s.parts, x)
		chips.Add(x.chip)
	}
	head := kit.VBox(8,
		kit.Flush(kit.HBox(8, kit.Quiet(text.T("call.back", "Back to the enquiry"), s.back), s.clock, kit.Spacer(), s.status, kit.Primary(text.T("call.finish", "Finish the call"), s.finish))),
		chips)
	s.body = kit.Frame(kit.Insets(12, 8, 24, 24, head), nil, kit.ScrollPast(kit.Insets(8, 24, 24, 24, kit.AtMost(760, s.sheet(e)))), nil, nil)
	s.ExtendBaseWidget(s)
	s.sum()
	s.tick()
	return s
}

func partTitle(ph intake.Phase) string {
	if ph.To == 0 {
		return ph.Title
	}
	return text.T("call.part", "%s %d–%d", ph.Title, ph.From, ph.To)
}

// CreateRenderer is Fyne's.
func (s *callSheet) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.body) }

// Parts lets focus look inside.
func (s *callSheet) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{s.body} }

// tick says how far the call is and which part is on, and looks again a little later.
func (s *callSheet) tick() {
	s.stopTick = nil
	gone := s.page.deps.Now().Sub(s.call.HeldAt)
	if s.call.Minutes > 0 {
		s.clock.SetText(text.T("call.lasted", "%s, %d minutes", moment(s.call.HeldAt), s.call.Minutes))
		return
	}
	if gone > longCall {
		s.clock.SetText(text.T("call.began", "Began %s", moment(s.call.HeldAt)))
		return
	}
	minutes := max(0, int(gone.Minutes()))
	on := intake.PhaseAt(minutes)
	s.clock.SetText(text.T("call.clock", "minute %d of %d · %s", minutes, intake.CallMinutes, on.Title))
	for _, x := range s.parts {
		if x.phase.Key == on.Key {
			x.chip.Set("▸ "+partTitle(x.phase), kit.ColorClay)
		} else {
			x.chip.Set(partTitle(x.phase), kit.ColorInkSoft)
		}
	}
	s.stopTick = s.page.deps.Schedule.After(clockPause, s.tick)
}

// sum shows the fit so far.
func (s *callSheet) sum() { s.total.SetText(s.call.Sheet.Fit.Words()) }

func (s *callSheet) changed() {
	s.edits++
	if s.stopSave != nil {
		s.stopSave()
	}
	s.stopSave = s.page.deps.Schedule.After(savePause, s.keep)
	s.sum()
}

// sheetNow is the sheet as it stands, which typing no longer changes.
func (s *callSheet) sheetNow() intake.Sheet {
	x := s.call.Sheet
	x.ConcernCodes, x.Exclusions = slices.Clone(x.ConcernCodes), slices.Clone(x.Exclusions)
	return x
}

// keep saves the sheet as it stands.
func (s *callSheet) keep() {
	if s.stopSave != nil {
		s.stopSave()
		s.stopSave = nil
	}
	if s.kept == s.edits {
		return
	}
	deps, id, sheet, edits := s.page.deps, s.call.ID, s.sheetNow(), s.edits
	var err error
	deps.Runner.Run(func(ctx context.Context) {
		err = deps.Intake.UpdateCall(ctx, id, func(c *intake.Call) error { c.Sheet = sheet; return nil })
	}, func() {
		s.say(err)
		if err == nil {
			s.kept = max(s.kept, edits)
			s.status.SetText(text.T("quizzes.saved", "Saved %s", deps.Now().Format("15:04")))
		}
	})
}

// say puts each fault under its field, and shows what belongs to none.
func (s *callSheet) say(err error) {
	sentences := map[string]string{}
	placed := err == nil
	for _, f := range faults(err) {
		if s.errors[f.Field] != nil {
			sentences[f.Field], _ = fault.Words(f)
			placed = true
		}
	}
	for key := range s.errors {
		if !s.unread[key] {
			s.wrong(key, sentences[key])
		}
	}
	if err != nil {
		s.status.SetText(text.T("call.not_saved", "Not saved yet"))
	}
	if !placed || (err != nil && s.page.call != s) {
		s.page.deps.Messages.Show(err)
	}
}

func (s *callSheet) leave() {
	if s.stopTick != nil {
		s.stopTick()
		s.stopTick = nil
	}
	s.keep()
}

func (s *callSheet) back() {
	p := s.page
	p.closeCall()
	p.route = kit.Route{Page: PageID, ID: s.call.EnquiryID.String()}
	p.deps.Nav.Replace(p.route)
	p.Reload()
}

// finish ends the call; the decision moves the stage.
func (s *callSheet) finish() {
	deps, id, sheet, edits := s.page.deps, s.call.ID, s.sheetNow(), s.edits
	minutes := intake.CallMinutes
	if gone := deps.Now().Sub(s.call.HeldAt); gone <= longCall {
		minutes = max(1, int(gone.Minutes()))
	}
	var err error
	deps.Runner.Run(func(ctx context.Context) {
		err = deps.Intake.FinishCall(ctx, id, func(c *intake.Call) error {
			c.Sheet = sheet
			if c.Minutes == 0 {
				c.Minutes = minutes
			}
			return nil
		})
	}, func() {
		s.say(err)
		if err != nil {
			return
		}
		s.kept = max(s.kept, edits)
		deps.Messages.Toast(text.T("call.finished", "The call is kept."))
		s.back()
	})
}
