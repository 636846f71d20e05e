// Package traces is what the casebook remembers of things that somebody may have to
// answer for: who looked at what concerns safety, what left the casebook readable, who
// changed who may see what (rules PV-47 and PV-49). It holds ids and codes, never
// contents; names are looked up when it is read.
package traces

import (
	"errors"
	"regexp"
	"slices"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// Kind is what was done.
type Kind string

// The kinds.
const (
	SafetyViewed      Kind = "safety.viewed"
	SafetyChanged     Kind = "safety.changed"
	ExportMade        Kind = "export.made"
	LeakKept          Kind = "leak.kept"
	VisibilityChanged Kind = "visibility.changed"
	ReleaseGiven      Kind = "release.given"
	ReleaseWithdrawn  Kind = "release.withdrawn"
	ConsentChanged    Kind = "consent.changed"
	GlassBroken       Kind = "glass.broken"
	AccessChanged     Kind = "access.changed"
	ErasureMade       Kind = "erasure.made"
	SubjectMade       Kind = "subject.made"
	HoldChanged       Kind = "hold.changed"
)

// Kinds are all kinds, in the order in which they are offered.
func Kinds() []Kind {
	return []Kind{SafetyViewed, SafetyChanged, ExportMade, LeakKept, VisibilityChanged, ReleaseGiven, ReleaseWithdrawn, ConsentChanged, GlassBroken, AccessChanged, ErasureMade, SubjectMade, HoldChanged}
}

// Entry is one trace to leave. The coach, the device and the time are the transaction's.
type Entry struct {
	Kind     Kind
	CoupleID ids.ID
	PersonID ids.ID // whose data it is; found by the item where it is left out
	ItemID   ids.ID
	Table    string // of the item
	Was      string
	Became   string
}

// code is what may stand in Was and Became: no text of clients is one.
var code = regexp.MustCompile(`^[A-Za-z0-9_.,:+-]{0,160}$|^\?$`)

// Code is s where it is a code, else "?": for what another version wrote.
func Code(s string) string {
	if code.MatchString(s) {
		return s
	}
	return "?"
}

// Record leaves a trace with the write that it is about: both are there, or neither.
func Record(tx *casebook.Tx, e Entry) error {
	if !slices.Contains(Kinds(), e.Kind) {
		return errors.New("traces: unknown kind " + string(e.Kind))
	}
	for _, s := range []string{e.Table, e.Was, e.Became} {
		if !code.MatchString(s) {
			return errors.New("traces: a trace of " + string(e.Kind) + " holds more than codes")
		}
	}
	if e.PersonID.IsZero() {
		var err error
		if e.PersonID, err = owner(tx, e); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`INSERT INTO trace (id, kind, couple_id, person_id, tbl, item_id, was, became, coach_id, at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		ids.New(), e.Kind, e.CoupleID, e.PersonID, e.Table, e.ItemID, e.Was, e.Became, tx.Coach, tx.Now.UnixMilli(), tx.Now.UnixMilli())
	return err
}

// owner is the person whose data an item is, nobody where it is both partners'.
func owner(tx *casebook.Tx, e Entry) (ids.ID, error) {
	if e.Table == "" || e.ItemID.IsZero() {
		return ids.Nil, nil
	}
	cols, err := casebook.Columns(tx.Context(), tx, e.Table)
	if err != nil {
		return ids.Nil, err
	}
	var of string
	switch {
	case e.Table == "person":
		return e.ItemID, nil
	case slices.Contains(cols, "person_id"):
		of = `SELECT person_id FROM ` + e.Table + ` WHERE id = ?2`
	case slices.Contains(cols, "subject"):
		of = `SELECT CASE x.subject WHEN 'A' THEN c.a_id WHEN 'B' THEN c.b_id END FROM ` + e.Table + ` x JOIN couple c ON c.id = ?1 WHERE x.id = ?2`
	default:
		return ids.Nil, nil
	}
	var id ids.ID
	err = tx.QueryRow(`SELECT (`+of+`)`, e.CoupleID, e.ItemID).Scan(&id)
	return id, err
}

// What left the casebook.
const (
	KindReport   = "report"
	KindSubject  = "subject"
	KindCasebook = "casebook"
	KindCSV      = "csv"
	KindPrint    = "print"
	KindCopy     = "copy"
	KindBackup   = "backup"
)

// Export is a copy that left the casebook readable for everybody.
type Export struct {
	Kind     string // one of the constants above
	Reader   string // whom it was made for
	CoupleID ids.ID
	PersonID ids.ID
	ItemID   ids.ID // what it was made of: a report, a letter
	Code     string // what it is called in itself
	SHA256   string // of the file, in hex
	Name     string // of the file, without its folder
}

// Exported enters a copy in the register of exports, and leaves the trace of it.
func Exported(tx *casebook.Tx, x Export) error {
	if !slices.Contains([]string{KindReport, KindSubject, KindCasebook, KindCSV, KindPrint, KindCopy, KindBackup}, x.Kind) {
		return errors.New("traces: unknown kind of export " + x.Kind)
	}
	id := ids.New()
	if _, err := tx.Exec(`INSERT INTO export_made (id, kind, reader, couple_id, person_id, item_id, code, sha256, name, coach_id, at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, x.Kind, x.Reader, x.CoupleID, x.PersonID, x.ItemID, x.Code, x.SHA256, x.Name, tx.Coach, tx.Now.UnixMilli(), tx.Now.UnixMilli()); err != nil {
		return err
	}
	became := x.Kind
	if x.Reader != "" {
		became += ":" + x.Reader
	}
	return Record(tx, Entry{Kind: ExportMade, CoupleID: x.CoupleID, PersonID: x.PersonID, Table: "export_made", ItemID: id, Became: became})
}
