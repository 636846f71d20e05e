// Package kit holds the widgets that every page of the window is made of, and the
// few services that pages share.
//
// # How a page is written
//
// A page lives in ui/<area>ui, knows the domain and this package, and never the
// database. It declares the methods it needs:
//
//	type Deps struct {
//		kit.Env
//		Couples interface {
//			List(ctx context.Context, a clients.Audience, f clients.Filter) ([]clients.Row, error)
//		}
//	}
//
//	type ListPage struct {
//		widget.BaseWidget
//		deps Deps
//		load *kit.Loader[[]clients.Row]
//		list *kit.List
//		rows []clients.Row
//		body fyne.CanvasObject
//	}
//
//	func NewListPage(d Deps) *ListPage { // builds widgets, no I/O
//		p := &ListPage{deps: d, load: kit.NewLoader[[]clients.Row](d.Runner, d.Messages)}
//		p.list = kit.NewList(kit.ListSpec{
//			Length: func() int { return len(p.rows) },
//			Row:    func(i int) kit.Row { return kit.Row{Title: p.rows[i].Names, Detail: p.rows[i].Facts} },
//			Open:   func(i int) { d.Nav.Go(kit.Route{Page: "couple", ID: p.rows[i].ID.String()}) },
//		})
//		add := kit.Primary(text.T("couples.add", "New couple"), p.add)
//		p.body = kit.Page(text.T("couples.title", "Couples"), []fyne.CanvasObject{add}, p.list)
//		p.ExtendBaseWidget(p)
//		return p
//	}
//
//	func (p *ListPage) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }
//	func (p *ListPage) Open(kit.Route) { p.Reload() }
//	func (p *ListPage) Reload()        { p.load.Load(p.fetch, func(r []clients.Row) { p.rows = r; p.list.Reload() }) }
//	func (p *ListPage) Leave()         { p.load.Stop() }
//
// State flows one way: a click calls a method, the method changes the store through
// kit.Do, the change makes the shell call Reload. Layouts are put together in reading
// order (VBox, HBox, Frame), because that is the order in which Tab walks. A dialog is
// opened with Env.Dialogs, a form in it with Dialogs.Form; errors go to
// Env.Messages.Show; deleting acts at once and calls Env.Messages.Undo. No page
// starts a goroutine, sleeps, or asks for the time: Env has Runner, Schedule and Now.
//
// # What there is
//
//   - Words: NewLine, Bold, Soft, Title, Section (one line; Short lets it shrink);
//     Paragraph, Hint, Wrapped (wrapped); Markdown (notes and letters for reading).
//   - Layout: Page, Scroll, Card, TitledCard, VBox, HBox, Flow (rows), Beside (actions at
//     the right or below), Frame, Columns, Insets, AtMost, InTheMiddle, Sized, Rule. All
//     are in Tab order.
//   - Buttons: Primary (one a screen), Secondary, Quiet, IconButton; Icon names are
//     files of assets/icons.
//   - Fields: NewEntry, NewArea, NewPassword, NewDateField, NewChoice (drops down),
//     NewSegments (side by side), NewCheck, NewAnswers (quiz items by number keys),
//     NewNoteEditor (autosave); NewForm puts labels and faults to them.
//   - Shown: NewList (two lines a row, columns, chips), NewTable, NewChip,
//     NewEmptyState, NewReader (a long text for the arrows), NewChart, NewPagePreview, NewLensSwitch with its Band.
//   - Services: Loader, Do, Dialogs (Open, Form, Ask, Progress), Picker (type, Down, Enter), Messenger, Files.
//
// A page reloads when anything in the casebook changes, also by its own hand: Reload
// must not write into a field that the person is typing in.
//
// Tests use ui/uitest: uitest.NewApp gives a window with the real theme and an Env
// whose Runner works inline and whose Clock is wound by hand.
package kit
