package todayui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

type clock = time.Time

// line is a fact with the one thing that can be done about it.
func line(title, detail string, do fyne.CanvasObject) fyne.CanvasObject {
	words := kit.VBox(2, kit.NewLine(title).Short())
	if detail != "" {
		words.Add(kit.Soft(detail).Short())
	}
	return kit.Frame(nil, nil, words, do, nil)
}

// card is a titled list of lines, at most fewRows of all; nil for none.
func card(title string, all int, lines []fyne.CanvasObject) fyne.CanvasObject {
	if len(lines) == 0 {
		return nil
	}
	box := kit.VBox(10, lines...)
	if more := all - len(lines); more > 0 {
		box.Add(kit.Soft(text.N("today.more", more, "and 1 more", "and %d more")))
	}
	return kit.TitledCard(title, nil, box)
}

func few[T any](all []T) []T { return all[:min(fewRows, len(all))] }

func names(n sessions.Names) string {
	if n.B.IsEmpty() {
		return clients.Title(clients.KindSingle, n.A, n.B)
	}
	return clients.Title(clients.KindCouple, n.A, n.B)
}

func when(t time.Time) string {
	return text.T("today.when", "%s, %s", t.Format("Monday 2 January"), t.Format("15:04"))
}

// open goes to a tab of a record, to one item in it.
func (p *Page) open(couple ids.ID, tab, item string) {
	p.deps.Nav.Go(kit.Route{Page: "couples", ID: couple.String(), Tab: tab, Lens: kit.LensCoach, Item: item})
}

func (p *Page) openButton(couple ids.ID, tab string, item ids.ID) fyne.CanvasObject {
	name := ""
	if !item.IsZero() {
		name = item.String()
	}
	return kit.Quiet(text.T("today.open", "Open"), func() { p.open(couple, tab, name) })
}

// unwritten are the sessions that wait for their note: one click begins it.
func (p *Page) unwritten() fyne.CanvasObject {
	var lines []fyne.CanvasObject
	all := p.shown.sessions.WithoutNote
	for i, x := range few(all) {
		write := func() { p.write(x.Couple, x.ID) }
		b := kit.Secondary(text.T("today.write", "Write the note"), write)
		if i == 0 {
			b = kit.Primary(text.T("today.write", "Write the note"), write)
		}
		lines = append(lines, line(names(x.Names), when(x.Local())+p.with(x.SessionRow, x.Names), b))
	}
	return card(text.T("today.unwritten", "Sessions without a note"), len(all), lines)
}

// with tells whose an individual session is.
func (p *Page) with(x sessions.SessionRow, n sessions.Names) string {
	if x.Kind == sessions.JointSession || n.B.IsEmpty() {
		return ""
	}
	own := n.A
	if x.Slot == clients.SlotB {
		own = n.B
	}
	return " · " + text.T("today.alone", "with %s alone", own.Short())
}

// next is the next session and what it needs.
func (p *Page) next() fyne.CanvasObject {
	if len(p.shown.sessions.Next) == 0 {
		return nil
	}
	x := p.shown.sessions.Next[0]
	box := kit.VBox(10, kit.Frame(nil, nil, kit.VBox(2,
		kit.Bold(names(x.Names)).Short(),
		kit.Soft(when(x.Local())+p.with(x.SessionRow, x.Names)).Short()),
		p.nextButton(x), nil))
	if agreed := strings.TrimSpace(x.Agreements); agreed != "" {
		box.Add(points(text.T("today.agreed", "Last agreed"), strings.Split(agreed, "\n")))
	}
	if len(p.shown.doing) > 0 {
		box.Add(points(text.T("today.doing", "Practices now"), p.shown.doing))
	}
	return kit.TitledCard(text.T("today.next", "Next session"), nil, box)
}

// nextButton writes the note of a session that has begun, and opens one to come.
func (p *Page) nextButton(x sessions.Upcoming) fyne.CanvasObject {
	if p.deps.TimesAlone {
		return kit.Secondary(text.T("today.open", "Open"), func() { p.open(x.Couple, "overview", "") })
	}
	if x.Start.After(p.deps.Now()) {
		return kit.Secondary(text.T("today.open", "Open"), func() { p.open(x.Couple, "sessions", x.ID.String()) })
	}
	return kit.Secondary(text.T("today.write", "Write the note"), func() { p.write(x.Couple, x.ID) })
}

// points are a heading and what stands under it, a line each.
func points(title string, all []string) fyne.CanvasObject {
	box := kit.VBox(3, kit.Soft(title))
	for i, s := range all {
		if i == fewRows {
			box.Add(kit.Soft(text.N("today.more", len(all)-i, "and 1 more", "and %d more")))
			break
		}
		if s = strings.TrimSpace(strings.TrimLeft(s, "-–•* ")); s != "" {
			box.Add(kit.NewLine("– " + s).Short())
		}
	}
	return box
}

// later are the sessions after the next one.
func (p *Page) later() fyne.CanvasObject {
	if len(p.shown.sessions.Next) < 2 {
		return nil
	}
	var lines []fyne.CanvasObject
	all, tab := p.shown.sessions.Next[1:], "sessions"
	if p.deps.TimesAlone {
		tab = "overview"
	}
	for _, x := range few(all) {
		lines = append(lines, line(names(x.Names), when(x.Local())+p.with(x.SessionRow, x.Names), p.openButton(x.Couple, tab, x.ID)))
	}
	return card(text.T("today.later", "In the next two weeks"), len(all), lines)
}

// drafts are where the coach was when something came between.
func (p *Page) drafts() fyne.CanvasObject {
	var lines []fyne.CanvasObject
	all := p.shown.sessions.Drafts
	for _, x := range few(all) {
		lines = append(lines, line(names(x.Names), text.T("today.typed", "typed %s", x.Typed.Local().Format("2 January, 15:04")),
			kit.Secondary(text.T("today.go_on", "Go on"), func() { p.write(x.Couple, x.Note) })))
	}
	return card(text.T("today.drafts", "Begun and not finished"), len(all), lines)
}

func (p *Page) practices() fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for _, x := range few(p.shown.due) {
		detail := text.T("today.no_log", "no word yet")
		if !x.Last.IsZero() {
			detail = text.T("today.last_log", "last word on %s", x.Last.Words())
		}
		lines = append(lines, line(p.shown.titles[x.Couple], x.Title+" · "+detail, p.openButton(x.Couple, "practices", ids.Nil)))
	}
	return card(text.T("today.practices", "Practices that wait for a word"), len(p.shown.due), lines)
}

// alone are the people to see alone before the next conversation of their couple: it was
// stopped, or one of them asked for it without the other knowing (rule PV-34).
func (p *Page) alone() fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for _, x := range few(p.shown.alone) {
		lines = append(lines, line(p.shown.titles[x.Couple], text.T("today.alone_whom", "%s, alone, and a new safety screen", string(x.Partner)), p.openButton(x.Couple, "consent", ids.Nil)))
	}
	return card(text.T("today.alone", "To see alone"), len(p.shown.alone), lines)
}

// looks are what is to be looked at from time to time, and what one partner told alone and
// somebody is to say. Each line is the same whatever came of it before (rule PV-31).
func (p *Page) looks() fyne.CanvasObject {
	var lines []fyne.CanvasObject
	all := 0
	add := func(couple ids.ID, detail, tab string, item ids.ID) {
		if all++; len(lines) < fewRows {
			lines = append(lines, line(p.shown.titles[couple], detail, p.openButton(couple, tab, item)))
		}
	}
	for _, x := range p.shown.plans {
		words := text.T("today.plan_client", "something told alone was to be said by %s", x.By.Words())
		if x.State == clients.PlanCoach {
			words = text.T("today.plan_coach", "something told alone is for you to say, by %s", x.By.Words())
		}
		add(x.CoupleID, words, "sessions", x.NoteID)
	}
	for _, x := range p.shown.talks {
		add(x, text.T("today.talks", "a talk with each alone is due"), "consent", ids.Nil)
	}
	for _, x := range p.shown.scopes {
		add(x, text.T("today.scope", "look at the scope again"), "consent", ids.Nil)
	}
	return card(text.T("today.looks", "To look at"), all, lines)
}

// openings are the records that somebody opened who is none of their coaches.
func (p *Page) openings() fyne.CanvasObject {
	var lines []fyne.CanvasObject
	all := p.shown.openings
	for _, x := range few(all) {
		lines = append(lines, kit.Frame(nil, nil, kit.VBox(2, kit.NewLine(x.Title).Short(),
			kit.Hint(text.T("today.opening", "%s, %s: “%s”", x.Coach, when(x.At.Local()), x.Reason))), p.openButton(x.CoupleID, "overview", ids.Nil), nil))
	}
	return card(text.T("today.openings", "Opened by others, with a reason"), len(all), lines)
}

func (p *Page) unbooked() fyne.CanvasObject {
	var lines []fyne.CanvasObject
	all := p.shown.sessions.Unbooked
	for _, x := range few(all) {
		detail := text.T("today.never_met", "no session yet")
		if !x.Last.IsZero() {
			detail = text.T("today.last_met", "last met on %s", x.Last.Local().Format("2 January"))
		}
		lines = append(lines, line(names(x.Names), detail, p.openButton(x.Couple, "sessions", ids.Nil)))
	}
	return card(text.T("today.unbooked", "Nothing booked"), len(all), lines)
}

// copies are the plain copies that lie about longer than they should.
func (p *Page) copies() fyne.CanvasObject {
	n := p.shown.copies
	if n == 0 {
		return nil
	}
	open := kit.Quiet(text.T("today.open", "Open"), func() { p.deps.Nav.Go(kit.Route{Page: "traces", Tab: "copies"}) })
	return card(text.T("today.copies", "Copies outside the casebook"), 1, []fyne.CanvasObject{line(
		text.N("today.copies_lie", n, "1 file is not ticked off as deleted", "%d files are not ticked off as deleted"), text.T("today.copies_hint", "They are not encrypted."), open)})
}

// enquiries are the people who wait for an answer, a call or a word.
func (p *Page) enquiries() fyne.CanvasObject {
	var lines []fyne.CanvasObject
	all := 0
	add := func(c intake.Card, detail string) {
		if all++; len(lines) < fewRows {
			to := kit.Route{Page: "pipeline", ID: c.EnquiryID.String()}
			if c.EnquiryID.IsZero() { // a record made without an enquiry
				to = kit.Route{Page: "couples", ID: c.CoupleID.String(), Lens: kit.LensCoach}
			}
			lines = append(lines, line(c.Title, detail, kit.Quiet(text.T("today.open", "Open"), func() { p.deps.Nav.Go(to) })))
		}
	}
	for _, c := range p.shown.intake.Calls {
		add(c, text.T("today.call", "call on %s", when(c.CallAt.Local())))
	}
	for _, c := range p.shown.intake.ToAnswer {
		add(c, text.T("today.answer", "to be answered"))
	}
	for _, f := range p.shown.intake.FollowUps {
		add(f.Card, text.T("today.follow_up", "follow up on %s", f.FollowUp.On.Words()))
	}
	return card(text.T("today.enquiries", "Enquiries"), all, lines)
}

// asked are the requests of clients, each with the day on which it is due, and in one line
// the records whose time has come.
func (p *Page) asked() fyne.CanvasObject {
	var lines []fyne.CanvasObject
	all := p.shown.asked
	for _, r := range few(all) {
		due := text.T("rights.due_on", "due on %s", r.DueOn.Words())
		if r.DueOn < p.audience().On() {
			due = text.T("rights.overdue", "was due on %s", r.DueOn.Words())
		}
		lines = append(lines, line(clients.Title(clients.KindSingle, r.Name, clients.Name{})+" · "+r.Kind.Words(), due, kit.Quiet(text.T("today.open", "Open"), func() {
			p.deps.Nav.Go(kit.Route{Page: "rights", ID: r.Person.String()})
		})))
	}
	n := len(all)
	if p.shown.over > 0 {
		n++
		lines = append(lines, line(text.N("rights.over", p.shown.over, "The time of 1 record has come", "The time of %d records has come"), text.T("rights.over_hint", "Nothing is deleted by itself."), kit.Quiet(text.T("today.open", "Open"), func() {
			p.deps.Nav.Go(kit.Route{Page: "rights"})
		})))
	}
	return card(text.T("rights.today", "Rights of clients"), n, lines)
}
