package sessions

import (
	"encoding/hex"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// eyes are an audience at this window: the coach among them is the one signed in, who
// alone reads what is sealed to them. What is sealed to another coach is for nobody here,
// not even that it is there.
type eyes struct {
	clients.Audience
	seals casebook.Seals
}

func (s *Store) as(aud clients.Audience) eyes { return eyes{aud, s.cb} }

// coachIn is the coach signed in, inside a transaction.
func coachIn(tx *casebook.Tx) eyes { return eyes{coach, tx} }

// me is to whom a new reflection is sealed.
func (e eyes) me() ids.ID { return e.seals.Me() }

// texts is true for rows x of note_field or addendum whose text these eyes may read.
func (e eyes) texts(x string) string { return e.Gate(x) + ` AND ` + e.unsealed(x) }

// unsealed is true for rows x whose text is sealed to nobody, or to the coach signed in.
func (e eyes) unsealed(x string) string {
	if !e.IsCoach() {
		return x + `.sealed_to IS NULL`
	}
	id := e.me()
	return `(` + x + `.sealed_to IS NULL OR ` + x + `.sealed_to = x'` + hex.EncodeToString(id[:]) + `')`
}

// read is a stored text as it was written, and whether it can be read.
func (e eyes) read(sealedTo ids.ID, body string) (string, bool) {
	if sealedTo.IsZero() {
		return body, true
	}
	return e.seals.Unseal(body)
}

// shown is a stored text for the page.
func (e eyes) shown(sealedTo ids.ID, body string) string {
	if plain, ok := e.read(sealedTo, body); ok {
		return plain
	}
	return text.T("note.sealed_away", "This reflection is sealed, and this way of opening the casebook does not open it.")
}

// kept is a text as it is stored.
func kept(seals casebook.Seals, sealedTo ids.ID, body string) (string, error) {
	if sealedTo.IsZero() {
		return body, nil
	}
	if blank(body) {
		return "", nil
	}
	return seals.Seal(body)
}

// sealedID is the id of a coach's own field in a note.
func sealedID(note ids.ID, key string, to ids.ID) ids.ID { return fieldID(note, key+" "+to.String()) }

// blankField is a field of the template that has no row yet.
func (e eyes) blankField(note ids.ID, position int, tf TemplateField, about clients.Slot) Field {
	f := Field{ID: fieldID(note, tf.Key), Key: tf.Key, Position: position, Access: tf.Access(about)}
	if tf.Sealed {
		f.SealedTo = e.me()
		f.ID = sealedID(note, tf.Key, f.SealedTo)
	}
	return f
}
