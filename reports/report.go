package reports

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/glyph"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// Section is one part of a progress report (the matrix of readers and sections).
type Section string

// The sections, in the order in which they stand.
const (
	InBrief       Section = "brief"
	WhatYouDid    Section = "did"
	ProfileNow    Section = "profile"
	PulseOverTime Section = "pulse"
	Measures      Section = "measures"
	MeetAndDiffer Section = "differ"
	Conversations Section = "conversations"
	Agreements    Section = "agreements"
	CoachLetter   Section = "letter"
	NextSteps     Section = "next"
	Attended      Section = "attendance"
	HowToRead     Section = "how"
	CoachNotes    Section = "coach"
	Sources       Section = "sources"
	Sheets        Section = "sheets"
)

// SectionsFor are the sections that a reader's report can have, in order: for clients
// what the first page has to say by itself comes before the pictures. Whether one appears
// also depends on what there is and what was released.
func SectionsFor(r clients.Reader) []Section {
	switch r {
	case clients.CoachView:
		return []Section{InBrief, WhatYouDid, ProfileNow, PulseOverTime, Measures, MeetAndDiffer, Conversations, Agreements, NextSteps, Attended, CoachNotes, Sources, HowToRead, Sheets}
	case clients.Us:
		return []Section{InBrief, WhatYouDid, Agreements, NextSteps, Attended, ProfileNow, PulseOverTime, Measures, MeetAndDiffer, Conversations, CoachLetter, HowToRead, Sheets}
	case clients.A, clients.B:
		return []Section{InBrief, WhatYouDid, Agreements, NextSteps, ProfileNow, PulseOverTime, Measures, Conversations, CoachLetter, Attended, HowToRead, Sheets}
	}
	return nil
}

// Name is the section's heading.
func (s Section) Name() string {
	switch s {
	case InBrief:
		return text.T("report.brief", "In brief")
	case WhatYouDid:
		return text.T("report.did", "What you did")
	case ProfileNow:
		return text.T("report.profile", "Channels of closeness")
	case PulseOverTime:
		return text.T("report.pulse", "Week by week")
	case Measures:
		return text.T("report.measures", "Questionnaires over time")
	case MeetAndDiffer:
		return text.T("report.differ", "Where your wishes meet and differ")
	case Conversations:
		return text.T("report.conversations", "From conflict to connection")
	case Agreements:
		return text.T("report.agreements", "What you agreed")
	case CoachLetter:
		return text.T("report.letter", "A letter")
	case NextSteps:
		return text.T("report.next", "Next steps")
	case Attended:
		return text.T("report.attended", "When we met")
	case HowToRead:
		return text.T("report.how", "How to read this")
	case Sheets:
		return text.T("report.sheets", "Practice sheets")
	case CoachNotes:
		return text.T("report.coach", "For the coach")
	}
	return text.T("report.sources", "Sources and versions")
}

// NameFor is the section's heading in the report of a reader: the coach reads about the
// clients, not about "you".
func (s Section) NameFor(r clients.Reader) string {
	if r != clients.CoachView {
		return s.Name()
	}
	switch s {
	case WhatYouDid:
		return text.T("report.did_title_coach", "Practices")
	case MeetAndDiffer:
		return text.T("report.differ_coach", "Where their wishes meet and differ")
	case Agreements:
		return text.T("report.agreements_coach", "Agreements")
	case Attended:
		return text.T("report.attended_coach", "Sessions")
	}
	return s.Name()
}

// Request says which report to make.
type Request struct {
	Couple       ids.ID
	Reader       clients.Reader
	From, To     day.Day // zero: from the start of the engagement until Date
	Date         day.Day // the day on the report; it decides which releases count
	Size         PageSize
	Leave        map[Section]bool // sections left out by the coach
	Hide         map[string]bool  // channels that the coach leaves out of a joint profile (rule PV-08)
	Keep         map[string]Why   // what the leak check found and is no leak, by Hit.Key
	ConfirmDrops bool             // a clear drop was talked about and may stand in a joint report (rule R-11)
}

// Fixed says whether a reader's report always has a section: the note on low points at
// the start is never left out of what a client reads (rule R-05).
func Fixed(r clients.Reader, s Section) bool { return s == HowToRead && r != clients.CoachView }

// leaves says whether the coach left a section out.
func (r Request) leaves(s Section) bool { return r.Leave[s] && !Fixed(r.Reader, s) }

// Report is a report before it is drawn: its pages as a document, and what the leak
// check found. A report with hits is not saved.
type Report struct {
	Request  Request
	Document Document
	Hits     []Hit
	Channels []quizzes.Channel // of a joint profile: what could be shown, also what the coach leaves out
	Withheld []string          // measures kept out of a joint report until the coach confirms (rule R-11)
}

// Clean says whether nothing stands in the way of saving.
func (r Report) Clean() bool { return len(r.Hits) == 0 }

// FileName is a neutral name for the file: no names, the reader as a code, the day.
func (r Report) FileName() string {
	code := map[clients.Reader]string{clients.Us: "J", clients.A: "A", clients.B: "B", clients.CoachView: "C"}[r.Request.Reader]
	return fmt.Sprintf("progress-%s-%s-%s.pdf", r.Request.Date, code, r.Document.ID)
}

// Store makes reports from an open casebook.
type Store struct {
	cb        *casebook.Casebook
	clients   *clients.Store
	quizzes   *quizzes.Store
	practices *practices.Store
	sessions  *sessions.Store
	calls     *intake.Store
}

// NewStore is the report maker of an open casebook.
func NewStore(cb *casebook.Casebook, c *clients.Store, n *sessions.Store, q *quizzes.Store, p *practices.Store) *Store {
	return &Store{cb: cb, clients: c, sessions: n, quizzes: q, practices: p, calls: intake.New(cb)}
}

// Build makes the report that the request asks for: everything in it went through the
// gate for its reader, and its texts are checked against what that reader may not see.
//
// A report that may not be made is fault.Refused with one neutral sentence: a joint
// one while the work is on hold, for whatever reason, and B's of a single client.
// Reports for A, B and the coach are made at any time.
func (s *Store) Build(ctx context.Context, r Request) (Report, error) {
	if r.Date.IsZero() {
		r.Date = day.Of(s.cb.Now())
	}
	if err := s.restricted(ctx, r); err != nil {
		return Report{}, err
	}
	f, err := s.gather(ctx, &r)
	if err != nil {
		return Report{}, err
	}
	rep := Report{Request: r}
	rep.Document = Document{
		Title: text.T("report.title", "Progress report"), Reader: f.readerLabel(), Tone: toneOf(r.Reader), Author: f.workspace, Date: r.Date, Size: r.Size, Language: "en",
		LatinForms: f.latinForms(),
	}
	rep.Document.Blocks = append(rep.Document.Blocks, f.cover())
	for _, section := range SectionsFor(r.Reader) {
		if r.leaves(section) {
			continue
		}
		if blocks := f.section(section); len(blocks) > 0 {
			if section == Sheets {
				rep.Document.Blocks = append(rep.Document.Blocks, PageBreak{})
			}
			rep.Document.Blocks = append(rep.Document.Blocks, Heading{Level: 1, Text: section.NameFor(r.Reader), Tone: toneOf(r.Reader)})
			rep.Document.Blocks = append(rep.Document.Blocks, blocks...)
		}
	}
	rep.Withheld, rep.Channels = f.withheld, f.offered
	if rep.Document.ID, err = s.number(rep); err != nil {
		return Report{}, err
	}
	rep.Hits, err = s.leaks(ctx, f, rep.Document)
	return rep, err
}

// number is the report's own: the first 8 bytes of a keyed hash over reader and
// content, so that two readers' numbers tell nothing of each other (rule PV-11).
func (s *Store) number(r Report) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\x00%s\x00%s\x00%d\x00", r.Request.Couple, r.Request.Reader, r.Request.Date, r.Request.Size)
	r.Document.Walk(func(_, s string) { b.WriteString(s + "\x00") })
	sum, err := s.cb.MAC("report number", []byte(b.String()))
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(sum[:8]), nil
}

// Refusal is the one sentence for a report that may not be made.
func refusal() error {
	return fault.New(fault.Refused, text.T("report.refused", "This report cannot be made at the moment."), text.T("report.refused_hint", "Other reports of this record can. Nothing was changed."))
}

// mayMake refuses what may not be made, always with the same words.
func (s *Store) mayMake(ctx context.Context, r Request, h clients.Header) error {
	if err := s.mayTell(ctx, r, h); err != nil {
		return err
	}
	switch r.Reader {
	case clients.A, clients.CoachView:
		return nil
	case clients.B:
		if h.Kind == clients.KindSingle {
			return refusal()
		}
		return nil
	case clients.Us:
		state, err := s.clients.JointStatus(ctx, r.Couple, r.Date)
		if err != nil {
			return err
		}
		if state.MayReport() != nil {
			return refusal()
		}
		return nil
	}
	return fault.Input("for", text.T("audience.unknown", "The reader must be one of joint, a, b or coach."))
}

// mayTell refuses a report with data of somebody who withdrew the consent to that (rule
// PV-45). What both would read says no more than that it cannot be made.
func (s *Store) mayTell(ctx context.Context, r Request, h clients.Header) error {
	own := clients.For(r.Reader, r.Date).Slot()
	for _, p := range h.Partners {
		if own != "" && p.Slot != own {
			continue
		}
		is, err := s.clients.HasWithdrawn(ctx, r.Couple, p.PersonID, clients.PurposeReports)
		if err != nil {
			return err
		}
		if is && r.Reader == clients.Us {
			return refusal()
		}
		if is {
			return clients.ConsentRefusal()
		}
	}
	return nil
}

// Made is one report that was saved.
type Made struct {
	ID     ids.ID
	Reader clients.Reader
	From   day.Day
	To     day.Day
	Date   day.Day
	Number string
	Pages  int
	SHA256 string
	// Superseded is the day since which it shows what was released and is not any more.
	Superseded day.Day
}

// Record notes that a report was saved: reader, period, number and the hash of the
// file, what was left out, no content.
func (s *Store) Record(ctx context.Context, r Report, sha256 [32]byte, pages int, name string) error {
	left := []Section{}
	for _, section := range SectionsFor(r.Request.Reader) {
		if r.Request.leaves(section) {
			left = append(left, section)
		}
	}
	sections, err := json.Marshal(left)
	if err != nil {
		return err
	}
	return s.cb.Write(ctx, "report.made", func(tx *casebook.Tx) error {
		id := ids.New()
		used, instruments, err := madeFrom(tx, r.Request)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO report_made (id, couple_id, reader, from_on, to_on, report_on, report_no, sha256, pages, sections, releases, instruments, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			id, r.Request.Couple, string(r.Request.Reader), string(r.Request.From), string(r.Request.To), string(r.Request.Date), r.Document.ID, hex.EncodeToString(sha256[:]), pages, string(sections), used, instruments, tx.Now.UnixMilli())
		if err != nil {
			return err
		}
		for _, key := range slices.Sorted(maps.Keys(r.Request.Keep)) {
			if err := traces.Record(tx, traces.Entry{Kind: traces.LeakKept, CoupleID: r.Request.Couple, Table: "report_made", ItemID: id, Was: key, Became: string(r.Request.Keep[key])}); err != nil {
				return err
			}
		}
		return traces.Exported(tx, traces.Export{Kind: traces.KindReport, Reader: string(r.Request.Reader), CoupleID: r.Request.Couple, ItemID: id, Code: r.Document.ID, SHA256: hex.EncodeToString(sha256[:]), Name: name})
	})
}

// madeFrom is what a report was made of: the releases that count for its reader on its
// day, in hex, and the questionnaires with their versions (rule PV-17).
func madeFrom(tx *casebook.Tx, r Request) (releases, instruments string, err error) {
	owners := map[clients.Reader]string{clients.A: "'B'", clients.B: "'A'", clients.Us: "'A', 'B'"}[r.Reader]
	if owners != "" {
		err = tx.QueryRow(`SELECT coalesce(group_concat(h, ' '), '') FROM (SELECT lower(hex(r.id)) AS h FROM release r WHERE r.couple_id = ?1 AND r.deleted = 0 AND r.state = 'given' AND r.partner IN (`+owners+`)
 AND r.given_on <= ?2 AND (r.expires_on = '' OR r.expires_on >= ?2) AND NOT EXISTS (SELECT 1 FROM release w WHERE w.replaces = r.id) ORDER BY h)`, r.Couple, string(r.Date)).Scan(&releases)
		if err != nil {
			return "", "", err
		}
	}
	err = tx.QueryRow(`SELECT coalesce(group_concat(i, ' '), '') FROM (SELECT DISTINCT instrument || '@' || version AS i FROM administration WHERE couple_id = ? AND deleted = 0 ORDER BY i)`, r.Couple).Scan(&instruments)
	return releases, instruments, err
}

// History lists the reports saved for a couple, newest first, for the coach.
func (s *Store) History(ctx context.Context, aud clients.Audience, couple ids.ID) ([]Made, error) {
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, m *Made) error {
		return r.Scan(&m.ID, &m.Reader, &m.From, &m.To, &m.Date, &m.Number, &m.Pages, &m.SHA256, &m.Superseded)
	},
		`SELECT m.id, m.reader, m.from_on, m.to_on, m.report_on, m.report_no, m.pages, m.sha256, coalesce((SELECT s.since FROM superseded s WHERE s.report_id = m.id), '') FROM report_made m WHERE m.couple_id = ? AND m.deleted = 0 AND `+aud.Gate("m")+` ORDER BY m.id DESC`, couple)
}

func toneOf(r clients.Reader) chart.Tone {
	switch r {
	case clients.A:
		return chart.A
	case clients.B:
		return chart.B
	case clients.Us:
		return chart.Both
	}
	return chart.Coach
}

func toneOfSlot(s clients.Slot) chart.Tone {
	if s == clients.SlotB {
		return chart.B
	}
	return chart.A
}

func (f *facts) view(w float64) chart.View { return chart.View{W: w, Metrics: glyph.Metrics{}} }

// restricted refuses a report for somebody of whom nothing new may be made, or who was
// erased, and one for both.
func (s *Store) restricted(ctx context.Context, r Request) error {
	whose := map[clients.Reader]string{clients.A: "c.a_id", clients.B: "c.b_id", clients.Us: "c.a_id, c.b_id"}[r.Reader]
	if whose == "" {
		return nil
	}
	var is bool
	if err := s.cb.Reader().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM restricted f CROSS JOIN couple c ON c.id = ?1 WHERE f.person_id IN (`+whose+`))
 OR EXISTS (SELECT 1 FROM couple c JOIN erasure e ON e.item_id IN (`+whose+`) AND e.cols = '' WHERE c.id = ?1)`, r.Couple).Scan(&is); err != nil {
		return err
	}
	if is {
		return fault.New(fault.Refused, text.T("report.restricted", "This report cannot be made at present."), text.T("fault.nothing_saved", "Nothing was changed."))
	}
	return nil
}
