package main

import (
	"context"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/search"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/searchui"
	"github.com/couplet-app/couplet/ui/todayui"
)

// The pages, as routes name them.
const (
	pageToday    = "today"
	pagePipeline = "pipeline"
	pageCouples  = "couples"
	pageLibrary  = "library"
	pageSettings = "settings"
	pageSearch   = searchui.PageID
)

// stores are the domain over one open casebook.
type stores struct {
	book      *casebook.Casebook
	clients   *clients.Store
	intake    *intake.Store
	sessions  *sessions.Store
	quizzes   *quizzes.Store
	practices *practices.Store
	reports   *reports.Store
	changes   *changes.Store
	traces    *traces.Store
	rights    *rights.Store
}

func newStores(cb *casebook.Casebook) *stores {
	s := &stores{book: cb, clients: clients.New(cb), intake: intake.New(cb), quizzes: quizzes.NewStore(cb)}
	s.traces = traces.New(cb)
	s.sessions = sessions.New(cb, s.clients.MayBeginJoint)
	s.practices = practices.NewStore(cb, s.clients)
	s.rights = rights.New(cb, sessions.LockNotes)
	s.changes = changes.New(cb, s.clients.MayBeginJoint)
	s.reports = reports.NewStore(cb, s.clients, s.sessions, s.quizzes, s.practices)
	return s
}

// me is who is signed in and what they do here; nobody's name is "".
func (s *stores) me(ctx context.Context) string {
	all, err := s.clients.Coaches(ctx)
	if i := slices.IndexFunc(all, func(c clients.Coach) bool { return c.ID == s.book.Me() }); err == nil && i >= 0 {
		return strings.TrimSuffix(all[i].Role.Words()+" · "+all[i].Name, " · ") // a long name is cut, a role is not
	}
	return ""
}

// today is what Today reads.
func (s *stores) today() todayui.Stores {
	return todayui.Stores{TimesAlone: s.role() == clients.RoleAssistant, Sessions: s.sessions, Practices: s.practices, Intake: s.intake, Clients: s.clients, Traces: s.traces, Rights: s.rights}
}

// readToday reads the first page.
func (s *stores) readToday(ctx context.Context) (*todayui.Reading, error) {
	return s.today().Read(ctx, s.audience(kit.LensCoach), s.book.Now())
}

// audience is who reads through a lens today.
func (s *stores) audience(l kit.Lens) clients.Audience {
	return clients.For(clients.Reader(l), day.Of(s.book.Now()))
}

// Find offers the couples, single clients and enquiries whose names hold the words, for
// the palette, which is the coach's like the list of couples: while a record is looked at
// as a client, the shell does not ask.
func (s *stores) Find(ctx context.Context, query string, limit int) ([]ui.Found, error) {
	rows, err := s.named(ctx, query, limit)
	if err != nil {
		return nil, err
	}
	var out []ui.Found
	for _, r := range rows {
		out = append(out, ui.Found{Title: r.Title, Detail: standing(r.Stage, r.Archived), Route: kit.Route{Page: pageCouples, ID: r.ID.String()}})
	}
	if !s.book.Writes() {
		return out, nil // enquiries are the coaches'
	}
	asked, err := s.intake.Named(ctx, s.audience(kit.LensCoach), query, limit)
	for _, c := range asked {
		out = append(out, ui.Found{Title: c.Title, Detail: standing(string(c.Stage), c.Archived), Route: kit.Route{Page: pagePipeline, ID: c.EnquiryID.String()}})
	}
	return out, err
}

// named are the records whose names or tags hold the words, those of the name first,
// archived ones too.
func (s *stores) named(ctx context.Context, query string, limit int) ([]clients.Row, error) {
	list, err := s.clients.List(ctx, s.audience(kit.LensCoach), clients.Filter{Text: query, Sort: clients.ByMatch, Shelf: clients.Everything, Limit: limit, Now: s.book.Now()})
	return list.Rows, err
}

func standing(stage string, archived bool) string {
	words := intake.Stage(stage).Words()
	if archived {
		words += " · " + text.T("find.archived", "archived")
	}
	return words
}

// Records offers the records to search in.
func (s *stores) Records(ctx context.Context, letters string, limit int) ([]searchui.Record, error) {
	rows, err := s.named(ctx, letters, limit)
	var out []searchui.Record
	for _, r := range rows {
		rec := searchui.Record{ID: r.ID.String(), Title: r.Title, Detail: standing(r.Stage, r.Archived), A: r.A.Short()}
		if r.Kind != clients.KindSingle {
			rec.B = r.B.Short()
		}
		out = append(out, rec)
	}
	return out, err
}

// Record is the record to search in, by its id.
func (s *stores) Record(ctx context.Context, id string) (searchui.Record, error) {
	couple, err := ids.Parse(id)
	if err != nil {
		return searchui.Record{}, err
	}
	h, err := s.clients.Header(ctx, s.audience(kit.LensCoach), couple, s.book.Now())
	rec := searchui.Record{ID: id, Title: h.Title, A: h.Partner(clients.SlotA).Short}
	if h.Kind == clients.KindCouple {
		rec.B = h.Partner(clients.SlotB).Short
	}
	return rec, err
}

// Search finds texts through one reader's eyes. Every hit opens in its place.
func (s *stores) Search(ctx context.Context, q searchui.Query) (searchui.Result, error) {
	o := search.Options{Limit: q.Limit}
	if q.Record != "" {
		couple, err := ids.Parse(q.Record)
		if err != nil {
			return searchui.Result{}, err
		}
		o.Couple = couple
	}
	aud := s.audience(q.Lens)
	var err error
	if o.Opened, err = s.sessions.Opened(ctx, aud); err != nil {
		return searchui.Result{}, err
	}
	found, err := search.Query(ctx, s.book.Reader(), aud.GateOn, q.Words, o)
	if err != nil {
		return searchui.Result{}, err
	}
	titles, err := s.titles(ctx, aud, found.Hits)
	if err != nil {
		return searchui.Result{}, err
	}
	out := searchui.Result{Total: found.Total}
	for _, h := range found.Hits {
		out.Hits = append(out.Hits, searchui.Hit{Couple: titles[h.Couple], What: what(h), Snippet: h.Snippet, Route: place(h, q.Lens)})
	}
	return out, nil
}

// openAhead opens the coach's reflections beside the pages, for the first search.
func (s *stores) openAhead() {
	s.book.Beside(func(ctx context.Context) {
		_, _ = s.sessions.Opened(ctx, s.audience(kit.LensCoach)) // a search that fails says so itself
	})
}

// titles are the names of the records that hits belong to, in one query.
func (s *stores) titles(ctx context.Context, aud clients.Audience, hits []search.Hit) (map[ids.ID]string, error) {
	var records []ids.ID
	for _, h := range hits {
		if !h.Couple.IsZero() && !slices.Contains(records, h.Couple) {
			records = append(records, h.Couple)
		}
	}
	return s.clients.Titles(ctx, aud, records)
}

// what says the kind of a hit and its day.
func what(h search.Hit) string {
	kind := map[string]string{
		"couple": text.T("hit.couple", "Names"), "enquiry": text.T("hit.enquiry", "Enquiry"), "discovery_call": text.T("hit.call", "Discovery call"),
		"note": text.T("hit.note", "Note"), "assignment": text.T("hit.assignment", "Practice"), "practice_log": text.T("hit.log", "Practice log"),
		"conversation": text.T("hit.conversation", "Conversation"), "couple_agreement": text.T("hit.agreement", "Agreement"), "letter": text.T("hit.letter", "Letter"),
	}[h.Kind]
	return strings.Join([]string{kind, h.Date.Words()}, " · ")
}

// place is the route that opens a hit.
func place(h search.Hit, lens kit.Lens) kit.Route {
	r := kit.Route{Page: pageCouples, ID: h.Couple.String(), Lens: lens, Item: h.ID.String()}
	switch h.Kind {
	case "enquiry", "discovery_call":
		return kit.Route{Page: pagePipeline, ID: h.ID.String()}
	case "note":
		r.Tab = "sessions"
	case "assignment", "practice_log", "conversation":
		r.Tab = "practices"
	case "letter":
		r.Tab = "reports"
	default:
		r.Tab = "overview"
	}
	return r
}
