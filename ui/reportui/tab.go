// Package reportui is the tab of reports in a record: choose the reader, look at the
// real pages, see what must not leave, and save the PDF.
package reportui

import (
	"context"
	"crypto/sha256"
	"image"
	"maps"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/releaseui"
)

// Store is what the tab needs: reports.Store.
type Store interface {
	Build(ctx context.Context, r reports.Request) (reports.Report, error)
	Letter(ctx context.Context, aud clients.Audience, couple ids.ID) (string, error)
	Typed(ctx context.Context, aud clients.Audience, couple ids.ID) (body string, there bool, err error)
	KeepLetter(ctx context.Context, couple ids.ID, to clients.Reader, body string) error
	SaveLetter(ctx context.Context, couple ids.ID, to clients.Reader, body string) error
	Record(ctx context.Context, r reports.Report, sha256 [32]byte, pages int, name string) error
	History(ctx context.Context, aud clients.Audience, couple ids.ID) ([]reports.Made, error)
}

// Deps is what the tab needs.
type Deps struct {
	kit.Env
	Reports  Store
	Releases releaseui.Store
	// Render draws a document as a PDF and says what it had to replace.
	Render func(reports.Document) ([]byte, []reports.Substitution, error)
	// Draw shows page i (from 0) of a PDF, so many pixels wide, and how many there are.
	Draw func(pdf []byte, i, width int) (img image.Image, pages int, err error)
	// Share says that others look at the screen.
	Share func(on bool)
	// Done lets go of what the preview holds.
	Done func()
}

// Tab is the tab "Reports".
func Tab(d Deps) kit.TabSpec {
	return kit.TabSpec{Key: "reports", Title: text.T("reports.tab", "Reports"), New: func() kit.Tab { return newTab(d) }}
}

// countWidth is how small the first page is drawn to learn how many there are.
const countWidth = 60

// made is a report drawn and ready to be looked at.
type made struct {
	report reports.Report
	pdf    []byte
	subs   []reports.Substitution
	pages  int
	letter string
	typed  string // the letter with what was typed and is not yet part of it
	made   []reports.Made
}

type tab struct {
	widget.BaseWidget
	deps    Deps
	load    *kit.Loader[made]
	rec     kit.Record
	reader  clients.Reader
	leave   map[reports.Section]bool
	hide    map[string]bool // channels left out of a joint profile
	size    reports.PageSize
	drops   bool
	keep    map[string]reports.Why // what the leak check found and is none
	current made
	ready   bool               // current is what would be saved now
	making  bool               // the pages are being made anew
	wanted  bool               // Save was pressed meanwhile: it opens with the new pages
	pen     *pen               // writes the letter that the editor holds; nil if it holds none
	idle    func()             // ends the waiting for a pause in it
	held    map[letterKey]*pen // letters that could not be kept anywhere
	writing int                // how many letters are being saved right now

	readers  *kit.Segments[clients.Reader]
	from, to *kit.DateField
	paper    *kit.Choice[reports.PageSize]
	sections *fyne.Container
	channels *fyne.Container
	letter   *kit.NoteEditor
	letters  *fyne.Container
	status   *kit.Line
	findings *fyne.Container
	save     *kit.Button
	preview  *kit.PagePreview
	history  *fyne.Container
	body     fyne.CanvasObject
}

func newTab(d Deps) *tab {
	t := &tab{deps: d, load: kit.NewLoader[made](d.Runner, d.Messages), held: map[letterKey]*pen{}, leave: map[reports.Section]bool{}, hide: map[string]bool{}, keep: map[string]reports.Why{}}
	t.readers = kit.NewSegments([]kit.Option[clients.Reader]{{Value: clients.Us, Label: "–"}}, func(r clients.Reader) { t.choose(r) })
	t.readers.OnEnter = t.saveFile
	t.from, t.to = kit.NewDateField(d.Today, t.other), kit.NewDateField(d.Today, t.other)
	t.paper = kit.NewChoice([]kit.Option[reports.PageSize]{{Value: reports.A4, Label: "A4"}, {Value: reports.Letter, Label: "Letter"}}, func(s reports.PageSize) { t.size = s; t.other() })
	t.paper.SetValue(reports.A4)
	t.sections, t.channels, t.findings, t.history, t.letters = kit.VBox(2), kit.VBox(2), kit.VBox(8), kit.VBox(4), kit.VBox(4)
	t.letter = kit.NewNoteEditor(d.Schedule, text.T("reports.letter_hint", "A few lines in your own words"), 6)
	t.letter.OnDraft = t.keepLetter
	t.letter.OnLeave = t.leftLetter
	t.status = kit.Soft("")
	t.save = kit.Primary(text.T("reports.save", "Save the PDF…"), t.saveFile)
	t.save.Disable()
	t.preview = kit.NewPagePreview(d.Runner, d.Messages)
	t.preview.OnFull(t.full)
	side := kit.Scroll(kit.Insets(16, 24, 24, 12, kit.VBox(12,
		kit.Section(text.T("reports.title", "Progress report")), t.readers,
		kit.NewLine(text.T("reports.period", "From and until")), kit.Columns(8, []float32{0, 0}, t.from, t.to),
		kit.NewLine(text.T("reports.paper", "Paper")), t.paper,
		t.save, t.status, t.findings,
		t.letters,
		kit.NewLine(text.T("reports.sections", "Parts")), t.sections, t.channels,
		t.history)))
	t.body = kit.Frame(nil, kit.Sized(340, 0, side), kit.Inset(12, t.preview), nil, nil)
	t.ExtendBaseWidget(t)
	return t
}

// CreateRenderer is Fyne's.
func (t *tab) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.body) }

// Open offers the readers that the lens allows, the lens's own first.
func (t *tab) Open(r kit.Record) {
	t.closeLetter()
	if t.rec.Couple != r.Couple {
		t.leave, t.hide, t.keep = map[reports.Section]bool{}, map[string]bool{}, map[string]reports.Why{}
		t.from.SetValue("")
		t.to.SetValue("")
	}
	t.rec = r
	t.save.Hidden, t.letters.Hidden = r.ReadOnly, r.ReadOnly // what is saved is noted in the record
	names := map[clients.Reader]string{clients.Us: text.T("reports.us", "Both"), clients.A: r.Header.Partner(clients.SlotA).Short, clients.B: r.Header.Partner(clients.SlotB).Short, clients.CoachView: text.T("reports.coach", "Coach")}
	readers := []clients.Reader{clients.Us, clients.A, clients.B, clients.CoachView}
	if r.Header.Kind == clients.KindSingle {
		readers = []clients.Reader{clients.A, clients.CoachView}
	}
	if !r.Audience.IsCoach() {
		readers = []clients.Reader{r.Audience.Reader()}
	}
	var options []kit.Option[clients.Reader]
	for _, x := range readers {
		options = append(options, kit.Option[clients.Reader]{Value: x, Label: names[x]})
	}
	t.readers.SetOptions(options, nil)
	t.choose(readers[0])
}

func (t *tab) choose(r clients.Reader) {
	t.closeLetter()
	t.reader, t.drops = r, false
	t.readers.SetValue(r)
	t.sections.Objects = nil
	for _, s := range reports.SectionsFor(r) {
		if reports.Fixed(r, s) {
			continue
		}
		k := kit.NewCheck(s.NameFor(r), nil)
		k.SetChecked(!t.leave[s])
		k.OnChanged = func(on bool) { t.leave[s] = !on; t.other() }
		t.sections.Add(k)
	}
	t.sections.Refresh()
	t.other()
}

// Leave lets go of the pages and of the preview's memory.
func (t *tab) Leave() {
	t.load.Stop()
	t.making, t.wanted = false, false
	t.closeLetter()
	t.preview.Clear()
	t.deps.Done()
}

func (t *tab) request() reports.Request {
	from, _ := t.from.Value()
	to, _ := t.to.Value()
	leave := map[reports.Section]bool{}
	for s, off := range t.leave {
		leave[s] = off
	}
	hide := map[string]bool{}
	for code, off := range t.hide {
		hide[code] = off
	}
	return reports.Request{Couple: t.rec.Couple, Reader: t.reader, From: from, To: to, Date: t.rec.Today(), Size: t.size, Leave: leave, Hide: hide, Keep: maps.Clone(t.keep), ConfirmDrops: t.drops}
}

// Reload builds, checks and draws the report again, for whoever waits for it.
func (t *tab) Reload() {
	if t.reader != "" {
		t.remake()
	}
}

// other makes the pages as they were asked for otherwise: Save, if it was pressed, meant
// the ones before.
func (t *tab) other() {
	t.wanted = false
	t.Reload()
}

// remake makes the pages again, once every letter is saved.
func (t *tab) remake() {
	t.await()
	if t.writing > 0 {
		return
	}
	r, d, aud, coach := t.request(), t.deps, clients.For(t.reader, t.rec.Today()), t.rec.Audience
	t.load.LoadOr(func(ctx context.Context) (m made, err error) {
		if m.letter, err = d.Reports.Letter(ctx, aud, r.Couple); err != nil {
			return m, err
		}
		typed, there, err := d.Reports.Typed(ctx, aud, r.Couple)
		if err != nil {
			return m, err
		}
		if m.typed = m.letter; there {
			m.typed = typed
		}
		if m.made, err = d.Reports.History(ctx, coach, r.Couple); err != nil {
			return m, err
		}
		if m.report, err = d.Reports.Build(ctx, r); err != nil {
			return m, err
		}
		if m.pdf, m.subs, err = d.Render(m.report.Document); err != nil {
			return m, err
		}
		_, m.pages, err = d.Draw(m.pdf, 0, countWidth)
		return m, err
	}, t.fill, func(err error) {
		t.preview.Clear()
		t.current, t.making, t.wanted = made{}, false, false
		t.save.Disable()
		t.status.SetText(text.T("reports.none", "There is no report to show."))
		if sentence, hint := fault.Words(err); fault.Is(err, fault.Refused) {
			t.status.SetText(sentence + " " + hint) // stays when the message has gone
		}
		for _, box := range []*fyne.Container{t.findings, t.channels, t.history} {
			box.Objects = nil
			box.Refresh()
		}
	})
}

// await says that new pages are being made. The button stays as it is: who presses it
// now means the pages that are coming.
func (t *tab) await() {
	t.ready, t.making = false, true
	t.status.SetText(text.T("reports.making", "Making the pages…"))
}

func (t *tab) fill(m made) {
	t.current, t.making = m, false
	t.ready = m.report.Clean()
	t.preview.Set(m.pages, func(_ context.Context, page, width int) (image.Image, error) {
		img, _, err := t.deps.Draw(m.pdf, page, width)
		return img, err
	})
	t.status.SetText(text.N("reports.pages", m.pages, "1 page, as it will be saved", "%d pages, as they will be saved"))
	if t.ready {
		t.save.Enable()
	} else {
		t.save.Disable()
	}
	t.findings.Objects = t.found(m)
	t.findings.Refresh()
	t.fillLetter(m)
	t.fillChannels(m.report.Channels)
	t.history.Objects = nil
	for _, h := range m.made {
		words := []string{h.Date.Words(), readerCode(h.Reader), h.Number}
		if t.rec.Audience.IsCoach() && !h.Superseded.IsZero() {
			words = append(words, text.T("reports.superseded", "superseded on %s: a release was taken back", h.Superseded.Words()))
		}
		t.history.Add(kit.Hint(strings.Join(words, " · ")))
	}
	if len(m.made) > 0 {
		t.history.Objects = append([]fyne.CanvasObject{kit.NewLine(text.T("reports.history", "Saved before"))}, t.history.Objects...)
	}
	t.history.Refresh()
	if wanted := t.wanted; wanted {
		t.wanted = false
		t.saveFile()
	}
}

// full shows the pages alone in the window. What is made for clients is shown to them:
// from then on the screen is shared, until somebody turns that off (rule PV-12).
func (t *tab) full() {
	m, d := t.current, t.deps
	if m.pages == 0 {
		return
	}
	if m.report.Request.Reader != clients.CoachView {
		d.Share(true)
	}
	p := kit.NewPagePreview(d.Runner, d.Messages)
	p.Set(m.pages, func(_ context.Context, page, width int) (image.Image, error) {
		img, _, err := d.Draw(m.pdf, page, width)
		return img, err
	})
	d.Dialogs.Open(kit.Dialog{Content: p, First: p, Width: fullWidth, Height: fullWidth, Bare: true, Public: m.report.Request.Reader != clients.CoachView, Closed: p.Clear})
}

// fullWidth is more than any window has.
const fullWidth = 10_000

func readerCode(r clients.Reader) string {
	switch r {
	case clients.Us:
		return text.T("reports.us", "Both")
	case clients.CoachView:
		return text.T("reports.coach", "Coach")
	case clients.A:
		return "A"
	}
	return "B"
}

// found says what stands in the way of saving, and what will look otherwise than typed.
// Where a hit comes from, and what went down, is the coach's to read: through a client's
// lens there is no more than that something is held back (rule PV-13).
func (t *tab) found(m made) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	if !t.rec.Audience.IsCoach() {
		if !m.report.Clean() {
			out = append(out, kit.Wrapped(text.T("reports.look_as_coach", "This report waits for the coach: look at it through “Coach only”."), kit.ColorStop))
		}
		return append(out, replaced(m)...)
	}
	if len(m.report.Hits) == 0 {
		out = append(out, kit.Wrapped(text.T("reports.clean", "Leak check: nothing in it belongs to somebody else."), kit.ColorGood))
	}
	for _, h := range m.report.Hits {
		from := h.Source.Kind
		if on := day.Day(h.Source.Day); !on.IsZero() {
			from += ", " + on.Words()
		}
		words := text.T("reports.hit", "“%s” stands in: %s. It comes from %s. This reader may not see that.", h.Phrase, h.Place, from)
		box := kit.VBox(4, kit.Wrapped(words, kit.ColorStop))
		row := kit.Flow(4)
		for _, s := range reports.SectionsFor(t.reader) {
			if name := s.NameFor(t.reader); strings.HasPrefix(h.Place, name) {
				row.Add(kit.Secondary(text.T("reports.leave_out", "Leave “%s” out", name), func() {
					t.leave[s] = true
					t.choose(t.reader)
				}))
			}
		}
		if h.Source.Of != "" {
			row.Add(kit.Secondary(text.T("reports.release", "Release…"), func() { t.release(h) }))
		}
		if !h.Source.Safety {
			row.Add(kit.Quiet(text.T("reports.no_leak", "It is no leak…"), func() { t.noLeak(h) }))
		}
		box.Add(row)
		out = append(out, kit.Card(box))
	}
	if len(m.report.Withheld) > 0 {
		k := kit.NewCheck(text.T("reports.talked", "We talked about it: show it"), func(on bool) { t.drops = on; t.other() })
		out = append(out, kit.Hint(text.T("reports.withheld", "Kept out, because it went down clearly: %s.", strings.Join(m.report.Withheld, ", "))), k)
	}
	if t.drops {
		out = append(out, kit.Hint(text.T("reports.shown_drops", "What went down is shown, because you talked about it.")))
	}
	return append(out, replaced(m)...)
}

// noLeak asks why what was found is none. The reason is kept with the report, as a code.
func (t *tab) noLeak(h reports.Hit) {
	var options []kit.Option[reports.Why]
	for _, w := range reports.Whys() {
		options = append(options, kit.Option[reports.Why]{Value: w, Label: w.Words()})
	}
	why := kit.NewChoice(options, nil)
	t.deps.Dialogs.Form(text.T("reports.no_leak_title", "Why is it no leak?"), text.T("reports.no_leak_ok", "Let it stand"), kit.NewForm(
		kit.Field{Key: "what", Widget: kit.Paragraph(text.T("reports.no_leak_what", "“%s” stands in: %s. That you let it stand, and why, is kept in the traces.", h.Phrase, h.Place))},
		kit.Field{Key: "why", Label: text.T("reports.no_leak_why", "Reason"), Widget: why},
	), func(context.Context) error {
		w, ok := why.Value()
		if !ok {
			return fault.Input("why", text.T("reports.no_leak_choose", "Choose a reason."))
		}
		t.keep[h.Key()] = w
		return nil
	}, t.other)
}

// release asks for the release that would let the reader see what was found.
func (t *tab) release(h reports.Hit) {
	id, err := ids.Parse(h.Source.ID)
	if err != nil {
		return
	}
	releaseui.Give(t.deps.Env, t.deps.Releases, releaseui.Item{
		Record: t.rec, Partner: h.Source.Of, ID: id,
		Sees: []kit.Field{{Key: "sees", Label: h.Source.Kind, Widget: kit.Paragraph(h.Source.Text)}},
	}, t.other)
}

func replaced(m made) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, s := range m.subs {
		out = append(out, kit.Hint(text.T("reports.replaced", "%s: “%s” is drawn as “%s”.", s.Where, s.Text, s.With)))
	}
	return out
}

// fillChannels offers to leave channels out of a joint profile, also such as both
// released, so that a missing one proves nothing. Who looks over the coach's shoulder
// does not see which.
func (t *tab) fillChannels(all []quizzes.Channel) {
	t.channels.Objects = nil
	if !t.rec.Audience.IsCoach() {
		all = nil
	}
	for _, c := range all {
		k := kit.NewCheck(c.Name, nil)
		k.SetChecked(!t.hide[c.Code])
		k.OnChanged = func(on bool) { t.hide[c.Code] = !on; t.other() }
		t.channels.Add(k)
	}
	if len(all) > 0 {
		t.channels.Objects = append([]fyne.CanvasObject{kit.NewLine(text.T("reports.channels", "Channels in the profile"))}, t.channels.Objects...)
	}
	t.channels.Refresh()
}

// saveFile asks where, writes the file whole or not at all, and notes it. The report
// is built once more before that: a release may have been taken back, or a letter
// changed, since the pages were drawn, and only what was looked at is saved.
func (t *tab) saveFile() {
	if t.wanted = t.making; !t.ready || t.making {
		return
	}
	m, d, changed := t.current, t.deps, false
	d.Files.Save(text.T("reports.save_title", "Save the report"), m.report.FileName(), func(path string) {
		kit.Do(d.Runner, d.Messages, func(ctx context.Context) error {
			again, err := d.Reports.Build(ctx, m.report.Request)
			if err != nil {
				return err
			}
			if changed = !again.Clean() || again.Document.ID != m.report.Document.ID; changed {
				return nil
			}
			if err := durable.Write(path, m.pdf, 0o600); err != nil {
				return err
			}
			return d.Reports.Record(ctx, m.report, sha256.Sum256(m.pdf), m.pages, filepath.Base(path))
		}, func() {
			if changed {
				d.Messages.Show(fault.New(fault.Refused, text.T("reports.changed", "The record has changed since these pages were made."), text.T("reports.changed_hint", "Nothing was saved. Look at the new pages, then save.")))
				t.Reload()
				return
			}
			d.Messages.Toast(text.T("reports.saved", "Saved. The file is not encrypted: keep it safe."))
			t.Reload()
		})
	})
}
