package clients

import (
	"fmt"
	"strings"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Subject is whose data an item is.
type Subject string

// The subjects of domain items (data model: subject × visibility × sensitivity).
const (
	SubjectA     Subject = "A"
	SubjectB     Subject = "B"
	SubjectBoth  Subject = "both"
	SubjectThird Subject = "third_party"
)

// Visibility is who may see an item besides the coach.
type Visibility string

// The visibilities. Whatever else stands in a row is treated as CoachOnly.
const (
	CoachOnly Visibility = "coach_only"
	PartnerA  Visibility = "partner_A"
	PartnerB  Visibility = "partner_B"
	Joint     Visibility = "joint"
)

// Sensitivity is how careful to be with an item. Safety implies coach only, whatever
// the visibility says.
type Sensitivity string

// The sensitivities.
const (
	Normal    Sensitivity = "normal"
	Sensitive Sensitivity = "sensitive"
	Safety    Sensitivity = "safety"
)

// Access is the audience that every row with client content carries.
type Access struct {
	Subject     Subject
	Visibility  Visibility
	Sensitivity Sensitivity
}

// Reader is who reads: both partners together, one of them, or the coach.
type Reader string

// The readers. The zero Reader is nobody.
const (
	Us        Reader = "joint"
	A         Reader = "a"
	B         Reader = "b"
	CoachView Reader = "coach"
)

// Slot is a partner's neutral place in a couple, "A" or "B"; a single client is A.
type Slot string

// The slots.
const (
	SlotA Slot = "A"
	SlotB Slot = "B"
)

// ParseReader reads the names that the command line and the lens use.
func ParseReader(s string) (Reader, error) {
	switch r := Reader(strings.ToLower(s)); r {
	case Us, A, B, CoachView:
		return r, nil
	}
	return "", fault.Input("for", text.T("audience.unknown", "The reader must be one of joint, a, b or coach."))
}

// Own is the visibility of what belongs to the partner in slot s alone.
func (s Slot) Own() Visibility {
	if s == SlotB {
		return PartnerB
	}
	return PartnerA
}

// Subject is the subject of what is the slot's own.
func (s Slot) Subject() Subject { return Subject(s) }

// Other is the other slot.
func (s Slot) Other() Slot {
	if s == SlotA {
		return SlotB
	}
	return SlotA
}

// Audience is somebody reading on a day. It is the only key to every store read that
// returns client content; the zero Audience opens nothing and is shown nothing.
type Audience struct {
	reader Reader
	on     day.Day
}

// For is the audience of reader r on a day (releases expire by it).
func For(r Reader, on day.Day) Audience { return Audience{reader: r, on: on} }

// Reader is who reads.
func (a Audience) Reader() Reader { return a.reader }

// On is the day of reading.
func (a Audience) On() day.Day { return a.on }

// IsCoach says whether everything may be seen.
func (a Audience) IsCoach() bool { return a.reader == CoachView }

// Slot is the partner who reads, "" for joint and coach.
func (a Audience) Slot() Slot {
	switch a.reader {
	case A:
		return SlotA
	case B:
		return SlotB
	}
	return ""
}

// Gate is the one rule "may this audience see that row", as a condition in SQL on the
// table or alias x, which must have the columns id, subject, visibility and
// sensitivity (rule PV-01). Safety items open to the coach alone, and what concerns
// third persons never to both together. A partner's item opens to others only while
// every partner whose data it is has released it as a whole (PV-18), and what was opened
// to the other on a release closes with it; coach-only items are never opened by a
// release. Values that this version does not know stay closed.
func (a Audience) Gate(x string) string { return a.GateOn(x, x+".id") }

// GateOn is Gate where the item's id stands in another column, such as the row_id of
// a search document.
func (a Audience) GateOn(x, id string) string {
	if a.reader == CoachView {
		return "1"
	}
	var open string
	switch a.reader {
	case A:
		open = fmt.Sprintf("((%[1]s.visibility IN ('joint', 'partner_A') AND %[3]s) OR (%[1]s.visibility = 'partner_B' AND %[2]s))", x, a.allReleased(x, id), a.stillHolds(x, id, SlotB))
	case B:
		open = fmt.Sprintf("((%[1]s.visibility IN ('joint', 'partner_B') AND %[3]s) OR (%[1]s.visibility = 'partner_A' AND %[2]s))", x, a.allReleased(x, id), a.stillHolds(x, id, SlotA))
	case Us:
		open = fmt.Sprintf("%[1]s.subject <> 'third_party' AND ((%[1]s.visibility = 'joint' AND %[3]s AND %[4]s) OR (%[1]s.visibility IN ('partner_A', 'partner_B') AND %[2]s))", x, a.allReleased(x, id), a.stillHolds(x, id, SlotA), a.stillHolds(x, id, SlotB))
	default:
		return "0"
	}
	return fmt.Sprintf("(%s.sensitivity IN ('normal', 'sensitive') AND %s)", x, open)
}

// Part is SQL for the channels of row x that the partner whose own it is has released
// while the whole is not: the scope as stored, empty for none. It opens nothing that Gate
// with a release of the whole would not.
func (a Audience) Part(x string) string {
	switch a.reader {
	case Us, A, B:
	default:
		return "''"
	}
	return fmt.Sprintf(`iif(%[1]s.sensitivity IN ('normal', 'sensitive') AND ((%[1]s.subject = 'A' AND %[1]s.visibility = 'partner_A') OR (%[1]s.subject = 'B' AND %[1]s.visibility = 'partner_B')),
 coalesce((SELECT iif(min(%[2]s AND r.scope <> '') AND min(r.scope) = max(r.scope), max(r.scope), '') FROM released r WHERE r.item_id = %[1]s.id AND r.partner = %[1]s.subject), ''), '')`, x, a.live())
}

// live says whether release r counts on the day of reading: it was given by then and
// has not ended.
func (a Audience) live() string {
	return fmt.Sprintf("(r.given_on <= '%[1]s' AND (r.expires_on = '' OR r.expires_on >= '%[1]s'))", a.on)
}

// allReleased is true when each partner whose data the row is has released all of it.
// Where decisions disagree the more protective counts (rule PV-48).
func (a Audience) allReleased(x, id string) string {
	return fmt.Sprintf("((%[1]s.subject = 'A' AND %[2]s) OR (%[1]s.subject = 'B' AND %[3]s) OR (%[1]s.subject = 'both' AND %[2]s AND %[3]s))", x, a.released(id, SlotA), a.released(id, SlotB))
}

// released is true when partner p has released the whole item.
func (a Audience) released(id string, p Slot) string {
	return fmt.Sprintf("coalesce((SELECT min(r.scope = '' AND %s) FROM released r WHERE r.item_id = %s AND r.partner = '%s'), 0)", a.live(), id, p)
}

// stillHolds is false when row x is partner p's data and p has let the other see it and
// does no longer: it was taken back, has expired or is not for the whole. What p was never
// asked about is open by its visibility alone.
func (a Audience) stillHolds(x, id string, p Slot) string {
	return fmt.Sprintf("(%[1]s.subject NOT IN ('%[2]s', 'both') OR NOT EXISTS (SELECT 1 FROM release g WHERE g.item_id = %[3]s AND g.partner = '%[2]s' AND g.state = 'given') OR %[4]s)", x, p, id, a.released(id, p))
}

// Sees is Gate without releases, for items that are not rows: what the shipped
// content of a form declares, or a value that is about to be saved.
func (a Audience) Sees(x Access) bool {
	if a.reader == CoachView {
		return true
	}
	if x.Sensitivity != Normal && x.Sensitivity != Sensitive {
		return false
	}
	switch a.reader {
	case A:
		return x.Visibility == Joint || x.Visibility == PartnerA
	case B:
		return x.Visibility == Joint || x.Visibility == PartnerB
	case Us:
		return x.Visibility == Joint && x.Subject != SubjectThird
	}
	return false
}

// Validate says what is wrong with an access; nil when it can be stored. Safety items
// are coach only, and a partner's own item is that partner's data.
func (x Access) Validate() error {
	known := map[Subject]bool{SubjectA: true, SubjectB: true, SubjectBoth: true, SubjectThird: true}
	switch {
	case !known[x.Subject]:
		return fault.Input("subject", text.T("audience.subject", "It must be clear whose this is."))
	case x.Visibility != CoachOnly && x.Visibility != PartnerA && x.Visibility != PartnerB && x.Visibility != Joint:
		return fault.Input("visibility", text.T("audience.visibility", "It must be clear who may see this."))
	case x.Sensitivity != Normal && x.Sensitivity != Sensitive && x.Sensitivity != Safety:
		return fault.Input("sensitivity", text.T("audience.sensitivity", "It must be clear how sensitive this is."))
	case x.Sensitivity == Safety && x.Visibility != CoachOnly:
		return fault.Input("visibility", text.T("audience.safety", "What concerns safety stays with the coach."))
	}
	return nil
}
