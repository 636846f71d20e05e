package backup

import "github.com/couplet-app/couplet/internal/ids"

// Things counts what a coach would name, by table: a note is one thing, however many rows
// it has. Other is what has no name of its own.
type Things map[string]int

// Other is the table of what is only a part of the record or belongs to none.
const Other = ""

// named are the records that a coach names one by one.
var named = map[string]bool{
	"couple": true, "person": true, "enquiry": true, "discovery_call": true, "engagement": true, "session": true, "note": true, "administration": true,
	"assignment": true, "practice_log": true, "conversation": true, "couple_agreement": true, "noted_condition": true, "letter": true,
}

// wholes are the tables whose rows are a part of a row that has a name, and the column that says of which.
var wholes = map[string][2]string{
	"note_field": {"note", "note_id"}, "note_rev": {"note", "note_id"}, "addendum": {"note", "note_id"}, "note_lock": {"note", "note_id"},
	"attendance": {"session", "session_id"}, "conversation_answer": {"conversation", "conversation_id"}, "couple_tag": {"couple", "couple_id"},
	"stage_change": {"couple", "couple_id"}, "engagement_coach": {"engagement", "engagement_id"},
}

// tally gathers things: each once.
type tally map[string]map[ids.ID]bool

func (c tally) add(table string, id ids.ID) {
	if c[table] == nil {
		c[table] = map[ids.ID]bool{}
	}
	c[table][id] = true
}

// row counts what a row is, or is a part of.
func (c tally) row(t *described, r row) {
	switch w, part := wholes[t.name]; {
	case named[t.name]:
		c.add(t.name, idOf(r[0]))
	case part && !idOf(t.cell(r, w[1])).IsZero():
		c.add(w[0], idOf(t.cell(r, w[1])))
	default:
		c.add(Other, idOf(r[0]))
	}
}

// less are the things that none of the others counts already: what came back changed, too.
func (c tally) less(others ...tally) Things {
	for _, o := range others {
		for table, all := range o {
			for id := range all {
				delete(c[table], id)
			}
		}
	}
	return c.things()
}

func (c tally) things() Things {
	out := Things{}
	for table, all := range c {
		if len(all) > 0 {
			out[table] = len(all)
		}
	}
	return out
}
