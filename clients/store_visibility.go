package clients

import (
	"database/sql"
	"errors"

	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// carriers are the tables whose rows may be opened beyond the coach, with the couple
// of a row x. A test holds them against the schema.
var carriers = map[string]string{
	"session":             "x.couple_id",
	"note_field":          "(SELECT n.couple_id FROM note n WHERE n.id = x.note_id)",
	"addendum":            "(SELECT n.couple_id FROM note n WHERE n.id = x.note_id)",
	"administration":      "x.couple_id",
	"assignment":          "x.couple_id",
	"practice_log":        "x.couple_id",
	"conversation":        "x.couple_id",
	"conversation_answer": "x.couple_id",
	"couple_agreement":    "x.couple_id",
	"letter":              "x.couple_id",
	"report_made":         "x.couple_id",
	"discovery_call":      "x.couple_id",
	"noted_condition":     "x.couple_id",
	"attachment":          "x.couple_id",
}

// SetVisibility changes who may see one item and records the decision (rule PV-16).
// Narrowing is always allowed. Showing a partner's data to the other needs that
// partner's release of the whole item; what concerns safety never leaves the coach, and
// what concerns third persons is never opened to both.
func SetVisibility(tx *casebook.Tx, tbl string, item ids.ID, to Visibility, reason string) error {
	couple, ok := carriers[tbl]
	if !ok {
		return errors.New("clients: table " + tbl + " has no visibility")
	}
	var x Access
	var coupleID ids.ID
	err := tx.QueryRow(`SELECT x.subject, x.visibility, x.sensitivity, `+couple+` FROM `+tbl+` x WHERE x.id = ?`, item).Scan(&x.Subject, &x.Visibility, &x.Sensitivity, &coupleID)
	if err != nil {
		return found(err)
	}
	if to == x.Visibility {
		return rests(tx, item, x)
	}
	if err := (Access{Subject: x.Subject, Visibility: to, Sensitivity: x.Sensitivity}).Validate(); err != nil {
		return err
	}
	if err := mayWiden(tx, item, x, to); err != nil {
		return err
	}
	return RecordVisibility(tx, tbl, coupleID, item, x.Visibility, to, reason)
}

// opens says to which partners a visibility opens an item.
func opens(v Visibility) map[Slot]bool {
	switch v {
	case PartnerA:
		return map[Slot]bool{SlotA: true}
	case PartnerB:
		return map[Slot]bool{SlotB: true}
	case Joint:
		return map[Slot]bool{SlotA: true, SlotB: true}
	}
	return nil
}

// Widens says whether to opens what from kept from some reader.
func Widens(from, to Visibility) bool {
	for _, r := range []Reader{Us, A, B} {
		if ShownTo(r, to) && !ShownTo(r, from) {
			return true
		}
	}
	return false
}

// ShownTo says whether a visibility shows what is both partners' to a reader.
func ShownTo(r Reader, v Visibility) bool {
	return For(r, "").Sees(Access{Subject: SubjectBoth, Visibility: v, Sensitivity: Normal})
}

func mayWiden(tx *casebook.Tx, item ids.ID, x Access, to Visibility) error {
	before := opens(x.Visibility)
	for reader := range opens(to) {
		if before[reader] {
			continue
		}
		if x.Subject == SubjectThird && to == Joint {
			return fault.New(fault.Refused, text.T("clients.third", "This concerns somebody else and is not shown to both."), text.T("fault.nothing_saved", "Nothing was changed."))
		}
		owner := reader.Other()
		if x.Subject != owner.Subject() && x.Subject != SubjectBoth {
			continue
		}
		m, err := releasedScopes(tx.Context(), tx, `item_id = ? AND partner = ?`, today(tx), item, owner)
		if err != nil {
			return err
		}
		if !m[item][owner].Whole {
			return needsRelease()
		}
	}
	return nil
}

func needsRelease() error {
	return fault.New(fault.Refused, text.T("clients.needs_release", "This can be shown to the other partner once it has been released."),
		text.T("clients.needs_release_hint", "Record the release of the partner whose it is. Nothing was changed."))
}

// rests says whether an item is open to whom its visibility names: what was opened on a
// release is closed again when that does not count any more, and asking for the
// visibility it has does not open it.
func rests(tx *casebook.Tx, item ids.ID, x Access) error {
	for reader := range opens(x.Visibility) {
		var open bool
		err := tx.QueryRow(`SELECT `+Audience{on: today(tx)}.stillHolds("x", "x.id", reader.Other())+` FROM (SELECT ? AS id, ? AS subject) x`, item, x.Subject).Scan(&open)
		if err != nil {
			return err
		}
		if !open {
			return needsRelease()
		}
	}
	return nil
}

// RecordVisibility writes the new visibility, its decision, once for each in force that it
// replaces (two computers may have decided at the same time), and the trace of it. It asks
// nothing: SetVisibility does.
func RecordVisibility(tx *casebook.Tx, tbl string, couple, item ids.ID, was, to Visibility, reason string) error {
	heads, err := heads(tx, "visibility_change", `item_id = ?`, item)
	if err != nil {
		return err
	}
	for _, h := range heads {
		if _, err := tx.Exec(`INSERT INTO visibility_change (id, couple_id, tbl, item_id, was, visibility, replaces, coach_id, at, reason, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			ids.New(), couple, tbl, item, was, to, h, tx.Coach, tx.Now.UnixMilli(), OneLine(reason), tx.Now.UnixMilli()); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`UPDATE `+tbl+` SET visibility = ? WHERE id = ?`, to, item); err != nil {
		return err
	}
	return traces.Record(tx, traces.Entry{Kind: traces.VisibilityChanged, CoupleID: couple, Table: tbl, ItemID: item, Was: traces.Code(string(was)), Became: traces.Code(string(to))})
}

// narrowForPartner closes what was open in a single client's record before somebody
// joins it: the newcomer sees nothing that was there (rule PV-19).
func narrowForPartner(tx *casebook.Tx, couple ids.ID) error {
	type item struct {
		id  ids.ID
		vis Visibility
	}
	for tbl, owner := range carriers {
		open, err := casebook.Collect(tx.Context(), tx, func(r *sql.Rows, i *item) error { return r.Scan(&i.id, &i.vis) },
			`SELECT x.id, x.visibility FROM `+tbl+` x WHERE `+ofCouple(owner)+` AND x.visibility NOT IN ('coach_only', 'partner_A')`, couple)
		if err != nil {
			return err
		}
		for _, i := range open {
			to := CoachOnly
			if i.vis == Joint {
				to = PartnerA
			}
			if err := RecordVisibility(tx, tbl, couple, i.id, i.vis, to, "partner joined"); err != nil {
				return err
			}
		}
	}
	return withdrawAll(tx, couple, SlotA, "partner joined")
}

// ofCouple is the condition "row x is of the couple ?" that an index can answer.
func ofCouple(owner string) string {
	if owner == "x.couple_id" {
		return "x.couple_id = ?"
	}
	return "x.note_id IN (SELECT id FROM note WHERE couple_id = ?)"
}
