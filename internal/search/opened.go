package search

import (
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// Opened is a text that was read out of its seal: what only one coach can read is in no
// index, which everybody who opens the casebook has.
type Opened struct {
	Row    ids.ID // the field or addendum
	Note   ids.ID
	Couple ids.ID
	Field  string
	At     time.Time
	Zone   string
	Body   string
}

// among are the texts of a couple, or of all, in which all terms stand.
func among(all []Opened, couple ids.ID, terms []term) []Opened {
	var out []Opened
	for _, t := range all {
		if (couple.IsZero() || t.Couple == couple) && t.holds(terms) {
			out = append(out, t)
		}
	}
	return out
}

func (t *Opened) holds(terms []term) bool {
	for _, one := range terms {
		if len(matches(t.Body, []term{one})) == 0 {
			return false
		}
	}
	return true
}

func (t *Opened) hit(terms []term) Hit {
	h := Hit{Kind: "note", ID: t.Note, Row: t.Row, Couple: t.Couple, Field: t.Field, Date: day.Of(day.Clock(t.At, t.Zone))}
	h.Snippet, h.Marks = snippet(strings.TrimSpace(t.Body), terms)
	return h
}
