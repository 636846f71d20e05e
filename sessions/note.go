package sessions

import (
	"crypto/sha1"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// MaxField is how many characters one field of a note, or an addendum, can hold.
const MaxField = 20000

// NewNote says what a note is to be about. With a session, the couple, the time and
// the zone are those of the session.
type NewNote struct {
	Couple   ids.ID
	Session  ids.ID       // zero for a contact between sessions
	Template string       // "" is the one for the kind of session
	About    clients.Slot // the partner it is about; "" is both, or whose session it is
	At       time.Time
	Zone     string
}

// Note is a note as it is being written: all fields of its template that this reader
// may see, with the latest saved or drafted text.
type Note struct {
	ID       ids.ID
	Couple   ids.ID
	Session  ids.ID
	Template Template // with the partners' fields that apply; empty if the template is not known here
	About    clients.Slot
	At       time.Time
	Zone     string
	Coach    ids.ID
	LockedAt time.Time // zero while it can be edited
	Addition string    // of a locked note: the draft of what is being added
	Fields   []Field
}

// Field is one field of a note.
type Field struct {
	ID       ids.ID
	Key      string
	Position int
	Access   clients.Access
	SealedTo ids.ID    // the coach who alone can read it; zero for whom Access says
	Body     string    // what the editor shows
	Saved    string    // the revision that is being gone on from, "" if there is none
	Follows  ids.ID    // that revision; saving moves it on, in every copy of the Note
	DraftAt  time.Time // when Body was kept as a draft; zero if Body is not a draft
	Carried  bool      // Body comes from the note before; it is stored only with something written

	replaces ids.ID // the field from before reflections were sealed, whose text this one takes over
}

// Locked says whether the note can no longer be edited.
func (n Note) Locked() bool { return !n.LockedAt.IsZero() }

// Field finds a field by its key.
func (n Note) Field(key string) (Field, bool) {
	for _, f := range n.Fields {
		if f.Key == key {
			return f, true
		}
	}
	return Field{}, false
}

// fieldID is the id of a note's field, the same on every computer that adds it. It
// begins with the note's own time (an id of RFC 9562's version 8), so that the rows of
// one save lie side by side however old the casebook is.
func fieldID(note ids.ID, key string) ids.ID {
	id := uuid.NewHash(sha1.New(), uuid.UUID(note), []byte("couplet note field "+key), 8)
	copy(id[:6], note[:6])
	return ids.ID(id)
}

// templateFor is the usual template of a session of kind k, "" for none.
func templateFor(k Kind) string {
	switch k {
	case JointSession:
		return "couple-session"
	case IndividualSession:
		return "individual-contact"
	}
	return "brief-contact"
}

// checkLength refuses a text that is too long, naming its field.
func checkLength(key, body string) error {
	if len(body) > MaxField && utf8.RuneCountInString(body) > MaxField {
		return fault.Input(key, text.T("note.too_long", "This field can hold %d characters.", MaxField))
	}
	return nil
}

func aboutText(s clients.Slot) string {
	if s == clients.SlotA || s == clients.SlotB {
		return string(s)
	}
	return "both"
}

func aboutSlot(s string) clients.Slot {
	if s == string(clients.SlotA) || s == string(clients.SlotB) {
		return clients.Slot(s)
	}
	return ""
}

// carry is the audience of a text that moves into a new note: never wider than it was.
func carry(was, now clients.Access) clients.Access {
	if was.Sensitivity == clients.Safety || clients.Widens(was.Visibility, now.Visibility) {
		return was
	}
	return now
}
