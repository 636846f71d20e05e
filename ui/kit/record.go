package kit

import (
	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// Record is the client record that a tab shows, as the lens sees it.
type Record struct {
	Couple   ids.ID
	Header   clients.Header   // as the lens sees it
	Audience clients.Audience // of the lens, for every read of the tab
	Lens     Lens
	Item     string // the one item to put in view, "" for none
	ReadOnly bool   // who is signed in changes nothing here: no tab offers to
}

// Writes says whether a tab offers what changes the record: to the coach, unless they only
// read.
func (r Record) Writes() bool { return r.Audience.IsCoach() && !r.ReadOnly }

// Coach is the coach's audience of the same day: for the forms behind a tab, which only
// the coach fills in.
func (r Record) Coach() clients.Audience { return clients.For(clients.CoachView, r.Audience.On()) }

// Today is the day of reading.
func (r Record) Today() day.Day { return r.Audience.On() }

// Tab is one part of a record. It is built once, without I/O, and shown for one record
// after another.
type Tab interface {
	fyne.CanvasObject
	// Open loads the tab for a record and a lens.
	Open(Record)
	// Reload loads again what is shown.
	Reload()
	// Leave saves drafts; another tab, lens, record or page follows.
	Leave()
}

// TabSpec puts a tab into the record.
type TabSpec struct {
	Key   string // stands in routes
	Title string
	New   func() Tab
}
