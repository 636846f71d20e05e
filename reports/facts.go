package reports

import (
	"context"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// facts is everything a report is made of, as its reader may see it. Each field was
// read with the reader's audience; nothing else gets into the pages.
type facts struct {
	req        Request
	aud        clients.Audience
	workspace  string
	header     clients.Header
	sessions   []sessions.SessionRow
	results    []quizzes.Result
	board      []practices.Progress
	talks      []practices.Talk
	agreements []practices.Agreement
	letter     string
	fit        string // the coach's rating at the first call, for the coach alone
	mayJoin    bool   // joint work is open: a pause and a stop are one and the same here
	withheld   []string
	shown      []quizzes.Channel // what channels() found
	offered    []quizzes.Channel // those of a joint profile that the coach may leave out
}

// gather reads the facts after asking whether the report may be made at all, and
// fills in the period.
func (s *Store) gather(ctx context.Context, r *Request) (*facts, error) {
	f := &facts{aud: clients.For(r.Reader, r.Date)}
	record, err := s.clients.Header(ctx, clients.For(clients.CoachView, r.Date), r.Couple, r.Date.Time())
	if err != nil {
		return nil, err
	}
	if err := s.mayMake(ctx, *r, record); err != nil {
		return nil, err
	}
	if f.header, err = s.clients.Header(ctx, f.aud, r.Couple, r.Date.Time()); err != nil {
		return nil, err
	}
	r.period(f.header)
	f.req = *r
	if f.workspace, err = s.cb.Setting(ctx, "workspace"); err != nil {
		return nil, err
	}
	all, err := s.sessions.Sessions(ctx, f.aud, r.Couple)
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		if on := day.Of(x.Local()); x.State == sessions.Held && f.inPeriod(on) {
			f.sessions = append(f.sessions, x)
		}
	}
	results, err := s.quizzes.Results(ctx, f.aud, r.Couple)
	if err != nil {
		return nil, err
	}
	for _, q := range results {
		if q.Locked() && q.Definition != nil && f.inPeriod(takenOn(q)) && f.theirs(q.Slot) {
			f.results = append(f.results, q)
		}
	}
	if f.board, err = s.practices.Board(ctx, f.aud, r.Couple, r.From, r.To); err != nil {
		return nil, err
	}
	f.board = inForce(f.board, r.From, r.To)
	if f.talks, err = s.practices.Talks(ctx, f.aud, r.Couple, r.From, r.To); err != nil {
		return nil, err
	}
	if f.agreements, err = s.practices.Agreements(ctx, f.aud, r.Couple); err != nil {
		return nil, err
	}
	if f.letter, err = s.Letter(ctx, f.aud, r.Couple); err != nil {
		return nil, err
	}
	state, err := s.clients.JointStatus(ctx, r.Couple, r.Date)
	if err != nil {
		return nil, err
	}
	f.mayJoin = state.MayReport() == nil
	f.fit, err = s.fitOf(ctx, f.aud, r.Couple)
	return f, err
}

// fitOf is the rating of the newest discovery call, for the coach. One that speaks of
// safety is left to the record itself.
func (s *Store) fitOf(ctx context.Context, aud clients.Audience, couple ids.ID) (string, error) {
	origin, err := s.calls.OfCouple(ctx, aud, couple)
	if err != nil || len(origin.Calls) == 0 {
		return "", err
	}
	fit := origin.Calls[0].Sheet.Fit
	sum, rated := fit.Total()
	if rated == 0 || fit.Unsafe() {
		return "", nil
	}
	return text.T("report.fit", "Fit at the first call: %d of %d points.", sum, 2*rated), nil
}

// period is from the start of the engagement until the report's date, where the
// request does not say otherwise.
func (r *Request) period(h clients.Header) {
	if r.To.IsZero() {
		r.To = r.Date
	}
	if r.From.IsZero() && h.Engagement != nil {
		r.From = h.Engagement.StartedOn
	}
}

func (f *facts) inPeriod(d day.Day) bool { return d >= f.req.From && d <= f.req.To }

// theirs keeps a partner's report to their own answers, whatever else was released.
func (f *facts) theirs(s clients.Slot) bool {
	own := f.aud.Slot()
	return own == "" || own == s
}

// inForce are the assignments that ran at some time in the period.
func inForce(board []practices.Progress, from, to day.Day) []practices.Progress {
	var out []practices.Progress
	for _, p := range board {
		if p.Starts <= to && (p.Ends.IsZero() || p.Ends >= from) {
			out = append(out, p)
		}
	}
	return out
}

func takenOn(q quizzes.Result) day.Day { return localDay(q.TakenAt, q.Zone) }

// localDay is the day on the wall of whoever was there.
func localDay(at time.Time, zone string) day.Day { return day.Of(day.Clock(at, zone)) }

// slots are the partners whose own figures can stand in this report.
func (f *facts) slots() []clients.Slot {
	if s := f.aud.Slot(); s != "" {
		return []clients.Slot{s}
	}
	if f.header.Kind == clients.KindSingle {
		return []clients.Slot{clients.SlotA}
	}
	return []clients.Slot{clients.SlotA, clients.SlotB}
}

func (f *facts) joint() bool { return f.req.Reader == clients.Us }

func (f *facts) short(s clients.Slot) string { return Escape(f.header.Partner(s).Short) }

// of are the results of one partner with one quiz, oldest first.
func (f *facts) of(s clients.Slot, instrument string) []quizzes.Result {
	var out []quizzes.Result
	for _, q := range f.results {
		if q.Slot == s && q.Instrument == instrument {
			out = append(out, q)
		}
	}
	return out
}

// bothHave says whether a figure that speaks of both partners may stand here: the
// coach always, a joint report only with results of both (rule PV-04).
func (f *facts) bothHave(instrument string) bool {
	for _, s := range f.slots() {
		if len(f.of(s, instrument)) == 0 {
			return false
		}
	}
	return true
}

// mayShow says whether results of a quiz may stand in this report.
func (f *facts) mayShow(instrument string) bool {
	if f.joint() {
		return f.bothHave(instrument)
	}
	for _, s := range f.slots() {
		if len(f.of(s, instrument)) > 0 {
			return true
		}
	}
	return false
}

func (f *facts) readerLabel() string {
	switch f.req.Reader {
	case clients.Us:
		return text.T("report.for_both", "For both partners")
	case clients.CoachView:
		return text.T("report.for_coach", "For the coach only")
	}
	return text.T("report.for_one", "For one reader only")
}

// preparedFor names the readers as they wish to be called.
func (f *facts) preparedFor() string {
	switch f.req.Reader {
	case clients.CoachView:
		return text.T("report.the_coach", "The coach")
	case clients.Us:
		return Escape(f.header.Title)
	}
	return Escape(f.header.Partner(f.aud.Slot()).Full)
}

// latinForms let the renderer fall back to how a person writes their name in Latin
// letters, where no face draws their script.
func (f *facts) latinForms() map[string]string {
	m := map[string]string{}
	for _, p := range f.header.Partners {
		if p.Name.Latin != "" {
			m[p.Full] = p.Name.Latin
		}
	}
	return m
}

func (f *facts) cover() Block {
	facts := []KeyValue{
		{text.T("report.prepared_for", "Prepared for"), f.preparedFor()},
		{text.T("report.period", "Period"), f.periodWords()},
	}
	if f.req.Reader == clients.CoachView {
		facts[0] = KeyValue{text.T("report.about", "About"), Escape(f.header.Title)}
	}
	if f.workspace != "" {
		facts = append(facts, KeyValue{text.T("report.prepared_by", "Prepared by"), Escape(f.workspace)})
	}
	subtitle := text.T("report.subtitle", "%s  ·  %s", f.readerLabel(), f.req.Date.Words())
	return Cover{
		Title: text.T("report.title", "Progress report"), Subtitle: subtitle, Facts: facts, Tone: toneOf(f.req.Reader),
		Note: text.T("report.cover_note", "For conversation, not a diagnosis."),
	}
}

func (f *facts) periodWords() string {
	if f.req.From.IsZero() {
		return text.T("report.until", "until %s", f.req.To.Words())
	}
	return text.T("report.from_to", "%s to %s", f.req.From.Words(), f.req.To.Words())
}

// section makes the blocks of one section; none leaves the section out.
func (f *facts) section(s Section) []Block {
	switch s {
	case InBrief:
		return f.inBrief()
	case WhatYouDid:
		return f.whatYouDid()
	case ProfileNow:
		return f.profile()
	case PulseOverTime:
		return f.pulse()
	case Measures:
		return f.measures()
	case MeetAndDiffer:
		return f.meetAndDiffer()
	case Conversations:
		return f.conversations()
	case Agreements:
		return f.agreed()
	case CoachLetter:
		return f.letterBlocks()
	case NextSteps:
		return f.nextSteps()
	case Attended:
		return f.attended()
	case HowToRead:
		return f.howToRead()
	case CoachNotes:
		return f.coachNotes()
	case Sources:
		return f.sources()
	case Sheets:
		return f.sheets()
	}
	return nil
}
