package sessions

import (
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// SessionRow is a session in a list.
type SessionRow struct {
	ID      ids.ID
	Couple  ids.ID
	Kind    Kind
	Slot    clients.Slot
	Start   time.Time
	Zone    string
	Minutes int
	Mode    Mode
	Place   string
	State   State
	Number  int  // 1 for the first held session that this reader may see; 0 if not held
	Notes   int  // the notes about it of which this reader sees something
	Draft   bool // the coach has typed something that is not yet saved as a revision
	Back    bool // for the coach: it was deleted, and came back because somebody changed it
	Twice   bool // for the coach: a text about it stands in two versions
}

// Local is the start on the clocks of the session's zone.
func (r SessionRow) Local() time.Time { return day.Clock(r.Start, r.Zone) }

// Names are the partners of a couple; B is empty for a single client.
type Names struct{ A, B clients.Name }

// AttendanceView is one person or coach at a session.
type AttendanceView struct {
	Attendance
	Name string
	Slot clients.Slot // "" for a coach
}

// SessionView is one session with everything about it that the reader may see.
type SessionView struct {
	SessionRow
	Names      Names
	Attendance []AttendanceView
	Written    []NoteView
}

// NoteView is a note as one reader sees it: what they may not see has no place in it.
// Template and About are empty for those to whom it is not known that the note is
// about one partner alone.
type NoteView struct {
	ID       ids.ID
	Couple   ids.ID
	Session  ids.ID // zero too when the reader may not know of the session
	Template string
	About    clients.Slot
	At       time.Time
	Zone     string
	Coach    string
	LockedAt time.Time
	Draft    bool // for the coach: something typed is not yet a revision
	Fields   []FieldView
	Addenda  []Addendum
	Back     bool     // for the coach: it was deleted, and came back because somebody changed it
	Beside   []Beside // for the coach: the fields that several wrote at the same time
}

// Locked says whether the note can no longer be edited.
func (n NoteView) Locked() bool { return !n.LockedAt.IsZero() }

// FieldView is one written field.
type FieldView struct {
	ID       ids.ID
	Key      string
	Position int
	Access   clients.Access
	SealedTo ids.ID // the coach who alone can read it; zero for whom Access says
	Body     string
	SavedAt  time.Time
}

// NoteRow is a note in a list.
type NoteRow struct {
	ID       ids.ID
	Session  ids.ID
	Template string
	About    clients.Slot
	At       time.Time
	Zone     string
	Locked   bool
	Back     bool   // for the coach: it was deleted, and came back because somebody changed it
	Twice    bool   // for the coach: a text of it stands in two versions
	Snippet  string // the beginning of the first text that this reader may see
}

// discreet hides that a note is about the other partner alone, or about one of them
// when both read.
func discreet(aud clients.Audience, template string, about clients.Slot) (string, clients.Slot) {
	if aud.IsCoach() || about == "" || aud.Slot() == about {
		return template, about
	}
	return "", ""
}

// nameColumns are the columns of a clients.Name of the person aliased x.
func nameColumns(x string) string {
	return `coalesce(` + x + `.given_name, ''), coalesce(` + x + `.family_name, ''), coalesce(` + x + `.name_order, ''), coalesce(` + x + `.latin_name, '')`
}

func nameDest(n *clients.Name) []any { return []any{&n.Given, &n.Family, &n.Order, &n.Latin} }

func (n *Names) dest() []any { return append(nameDest(&n.A), nameDest(&n.B)...) }

// coupleNames joins the partners a and b of couple c.
const coupleNames = ` LEFT JOIN person a ON a.id = c.a_id AND a.deleted = 0 LEFT JOIN person b ON b.id = c.b_id AND b.deleted = 0`

// visibleNote is true for notes n of which the audience sees some text.
func visibleNote(e eyes) string {
	return `(EXISTS (SELECT 1 FROM note_field f JOIN note_rev v ON v.id = f.head WHERE f.note_id = n.id AND f.deleted = 0 AND octet_length(v.body) > 0 AND ` + e.texts("f") + `)
		OR EXISTS (SELECT 1 FROM addendum d WHERE d.note_id = n.id AND d.deleted = 0 AND ` + e.texts("d") + `) OR ` + onlyBeside(e) + `)`
}

// onlyBeside is true, for the coach alone, for open notes n with a text that nobody went on
// from and that is not the one shown: what is shown may be empty.
func onlyBeside(e eyes) string {
	if !e.IsCoach() {
		return "0"
	}
	return `EXISTS (SELECT 1 FROM note_open o JOIN note_field f ON f.note_id = o.note_id JOIN note_rev v ON v.field_id = f.id WHERE o.note_id = n.id AND f.deleted = 0 AND v.deleted = 0 AND v.id <> f.head AND octet_length(v.body) > 0 AND ` + e.texts("f") + `
		AND NOT EXISTS (SELECT 1 FROM note_rev w WHERE w.field_id = f.id AND instr(replace(w.parents, '-', ''), lower(hex(v.id))) > 0))`
}

// draftOf is true, for the coach alone, when note n has a draft.
func draftOf(e eyes) string {
	if !e.IsCoach() {
		return "0"
	}
	return `EXISTS (SELECT 1 FROM draft t WHERE t.note_id = n.id AND t.body <> '' AND ` + e.unsealed("t") + `)`
}

// draftAt is draftOf for any note of session s.
func draftAt(e eyes) string {
	if !e.IsCoach() {
		return "0"
	}
	return `EXISTS (SELECT 1 FROM note n WHERE n.session_id = s.id AND n.deleted = 0 AND ` + draftOf(e) + `)`
}
