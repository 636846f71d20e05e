package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// presentScale is how much larger the text is before clients.
const presentScale = 1.4

// Shared says whether the screen-share mode is on.
func (s *Shell) Shared() bool { return s.shield.On() }

// ToggleShare turns the screen-share mode on or off (rules PV-12 to PV-14).
func (s *Shell) ToggleShare() { s.Share(!s.shield.On()) }

// Share turns the screen-share mode on or off. On, the window shows the record that is
// open as its clients see it, and what holds nothing of clients; all else is covered: the
// other pages, other records, names in the rail and the title, notices and questions. It
// stays on until it is turned off by hand, over pages and locks.
func (s *Shell) Share(on bool) {
	if on == s.shield.On() {
		return
	}
	if on {
		record := ""
		if r := s.Where(); s.open != nil && s.isOfRecord(r.Page) {
			record = r.ID
		}
		s.shield.Raise(record)
		s.clip.clear()
		s.notices.Cover()
	} else {
		s.shield.Lower()
		s.applyTheme()
	}
	s.turn()
	if !on {
		s.notices.Uncover()
		if s.open != nil {
			s.sayLocked()
		}
	}
}

// TogglePresent shows the record that is open to both of its clients, in large type, or
// goes back to the shared screen: nothing that is not theirs is shown on the way.
func (s *Shell) TogglePresent() {
	switch {
	case s.shield.Presents():
		s.endPresent()
	case s.mayPresent():
		s.Share(true)
		s.shield.SetPresent(true)
		s.applyTheme()
		s.turn()
	}
}

func (s *Shell) endPresent() {
	s.shield.SetPresent(false)
	s.applyTheme()
	s.turn()
}

// mayPresent says whether a record is open.
func (s *Shell) mayPresent() bool {
	r := s.Where()
	return s.open != nil && s.isOfRecord(r.Page) && r.ID != "" && (!s.shield.On() || r.ID == s.shield.Record())
}

// turn makes the window anew as the shield now stands. Pages are built again, so that
// nothing of what they held is shown until it has been read as it may be.
func (s *Shell) turn() {
	s.env.Dialogs.CloseAll()
	c := s.conf.Window.Canvas()
	c.Unfocus()
	for over := c.Overlays(); over.Top() != nil; { // an open list or calendar
		over.Remove(over.Top())
	}
	if s.open == nil {
		s.showFront(s.afresh())
		return
	}
	if s.view != nil {
		s.view.Leave()
	}
	s.view, s.views, s.centre = nil, map[string]kit.View{}, kit.NewRoom()
	s.furnishOpen()
	s.show(s.Where())
}

// afresh is the page before a casebook, without what was entered in it.
func (s *Shell) afresh() front {
	if u, ok := s.front.(*unlock); ok {
		return newUnlock(s, u.path)
	}
	if _, ok := s.front.(*welcome); ok {
		return newWelcome(s)
	}
	return s.front
}

func (s *Shell) isOfRecord(id string) bool {
	p := s.page(id)
	return p != nil && p.OfRecord
}

// behind is what of a route may be shown now; covered says that it is nothing.
func (s *Shell) behind(r kit.Route, p *Page) (to kit.Route, covered bool) {
	if !s.shield.On() || p.Neutral {
		return r, false
	}
	if !p.OfRecord || r.ID == "" || r.ID != s.shield.Record() {
		return r, true
	}
	r.Lens = s.shield.Lens(r.Lens)
	return r, false
}

// built is the view of a page, or what stands in its place.
func (s *Shell) built(p *Page, covered bool) kit.View {
	if covered {
		return newCover(p.Title)
	}
	v, ok := s.views[p.ID]
	if !ok {
		v = p.Build()
		s.views[p.ID] = v
	}
	return v
}

// beforeOthers says which commands there are while somebody else looks on: those that
// move in what is shown, and none that opens what is not.
func beforeOthers(id string) bool {
	if id == "record.lens.coach" {
		return false
	}
	for _, p := range []string{"go.", "view.", "help.", "record."} {
		if strings.HasPrefix(id, p) {
			return true
		}
	}
	switch id {
	case "casebook.lock", "quit", "undo", "search", "confirm", "palette", "back", "forward":
		return true
	}
	return false
}

// refuseDialog keeps questions and forms closed while somebody else looks on: they name
// other clients, and folders.
func (s *Shell) refuseDialog() bool {
	if !s.shield.On() {
		return false
	}
	s.banner.say(text.T("shield.not_now", "Not while the screen is shared: turn that off first."))
	return true
}

func (s *Shell) shareTitle() string {
	if s.shield.On() {
		return text.T("cmd.share_off", "Stop sharing the screen: show everything again")
	}
	return text.T("cmd.share_on", "Share the screen: hide what clients may not see")
}

func (s *Shell) presentTitle() string {
	if s.shield.Presents() {
		return text.T("cmd.present_off", "Stop presenting")
	}
	return text.T("cmd.present_on", "Present this record to both")
}

// me is who is signed in, as the rail says it: nobody on a screen that is shared.
func (s *Shell) me() string {
	if s.shield.On() {
		return ""
	}
	return s.open.Me()
}

// bookName is what the rail calls the casebook.
func (s *Shell) bookName() string {
	if s.shield.On() {
		return ""
	}
	return s.open.Name()
}

// whichBook says at the lock which casebook it is, unless somebody else looks on.
func (s *Shell) whichBook(path string) fyne.CanvasObject {
	if s.shield.On() {
		return kit.Title(text.T("shield.locked", "Locked"))
	}
	return kit.VBox(4, kit.Title(casebookName(path)).Short(), kit.Soft(path).Short())
}

// furnishOpen furnishes the window of an open casebook.
func (s *Shell) furnishOpen() {
	s.rail = newRail(s, s.prefs.collapsed())
	var left fyne.CanvasObject = s.rail
	if s.shield.Presents() {
		left = nil
	}
	body := kit.Frame(nil, nil, s.centre.Scroll, nil, s.notices.Bar)
	s.furnish(kit.Frame(nil, left, body, nil, nil))
}

// furnish fills the window, with the banner above while the screen is shared.
func (s *Shell) furnish(o fyne.CanvasObject) {
	title := "Couplet"
	if s.open != nil && !s.shield.On() {
		title = s.open.Name() + " – Couplet"
	}
	s.conf.Window.SetTitle(title)
	if s.shield.On() {
		s.banner.words()
		o = kit.Frame(s.banner, nil, o, nil, nil)
	}
	s.stage.Objects = []fyne.CanvasObject{kit.NewPanel(kit.ColorPaper), o}
	s.stage.Refresh()
	s.conf.Window.Canvas().SetOnTypedKey(s.typedKey)
}

// typedKey has the keys that no field takes.
func (s *Shell) typedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape && s.shield.Presents() && !s.env.Dialogs.IsOpen() {
		s.endPresent()
	}
}

// banner says above everything else that the screen is shared, and ends that.
type banner struct {
	widget.BaseWidget
	shell  *Shell
	state  *kit.Line
	hint   *kit.Line
	off    *kit.Button
	forget func()
	body   fyne.CanvasObject
}

func newBanner(s *Shell) *banner {
	b := &banner{shell: s, state: kit.NewLine(""), hint: kit.Soft("").Short()}
	b.off = kit.Secondary("", b.end)
	ground := kit.NewPanel(kit.ColorBoth)
	b.state.Style.Bold = true
	b.state.ColorName, b.hint.ColorName = kit.ColorPaper, kit.ColorPaper
	b.body = container.NewStack(ground, kit.Insets(4, 4, 16, 16, kit.Frame(nil, container.NewCenter(b.state), kit.Insets(0, 0, 16, 16, b.hint), container.NewCenter(b.off), nil)))
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer is Fyne's.
func (b *banner) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.body) }

// Parts lets focus look inside.
func (b *banner) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{b.body} }

func (b *banner) end() {
	if b.shell.shield.Presents() {
		b.shell.endPresent()
		return
	}
	b.shell.Share(false)
}

// words says how it stands.
func (b *banner) words() {
	if b.shell.shield.Presents() {
		b.state.SetText(text.T("shield.presents", "Presenting"))
		b.hint.SetText(text.T("shield.presents_hint", "Only what is both's is shown. Escape ends it."))
		b.off.SetText(text.T("shield.end_present", "Stop presenting"))
		return
	}
	b.state.SetText(text.T("shield.on", "Screen shared"))
	b.hint.SetText(text.T("shield.on_hint", "Other clients and what is private are hidden."))
	b.off.SetText(text.T("shield.off", "Show everything again"))
}

// say says something for a short while.
func (b *banner) say(sentence string) {
	b.hint.SetText(sentence)
	if b.forget != nil {
		b.forget()
	}
	b.forget = b.shell.conf.Schedule.After(kit.ToastTime, b.words)
}

// cover stands in the place of a page that holds what others must not see.
type cover struct {
	widget.BaseWidget
	body fyne.CanvasObject
}

func newCover(title string) *cover {
	c := &cover{body: kit.Page(title, nil, kit.NewEmptyState("lock", text.T("shield.covered", "Hidden while the screen is shared."), "", nil))}
	c.ExtendBaseWidget(c)
	return c
}

// CreateRenderer is Fyne's.
func (c *cover) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.body) }

// Open shows nothing.
func (c *cover) Open(kit.Route) {}

// Reload shows nothing.
func (c *cover) Reload() {}

// Leave has nothing to save.
func (c *cover) Leave() {}
