package sessions

import (
	"bytes"
	"context"
	"encoding/hex"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// VerifyLocks holds every locked note to its commitment, and every device's
// commitments to their chain. The findings name ids, never content. A note whose
// content was erased for ever, nonce and all, is accepted only beside the record of
// its erasure. An empty list means that all is well.
func VerifyLocks(ctx context.Context, q casebook.Querier) ([]string, error) {
	v := verifier{chains: map[ids.ID]link{}}
	if err := v.locks(ctx, q); err != nil {
		return nil, err
	}
	for _, l := range v.doubtful {
		if err := v.lockedTwice(ctx, q, l); err != nil {
			return v.found, err
		}
	}
	return v.found, v.missing(ctx, q)
}

type verifier struct {
	found  []string
	chains map[ids.ID]link // the last link of each device
	open   bool            // a lock's rows are under way
	lock   lockRow
	now    content
	// Locks whose note is not as they closed it.
	doubtful []lockRow
}

type lockRow struct {
	id, note, device         ids.ID
	seq                      int64
	nonce, commitment, chain []byte
	deleted, erased          bool
}

func (v *verifier) say(s string) { v.found = append(v.found, s) }

// locks goes through all locks in the order of their chains, one row a field.
func (v *verifier) locks(ctx context.Context, q casebook.Querier) error {
	rows, err := q.QueryContext(ctx, verifySQL)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var l lockRow
		var r contentRow
		if err := rows.Scan(append([]any{&l.id, &l.note, &l.device, &l.seq, &l.nonce, &l.commitment, &l.chain, &l.deleted, &l.erased}, r.columns()...)...); err != nil {
			return err
		}
		if l.id != v.lock.id {
			v.finish()
			v.lock, v.open = l, true
		}
		v.now.add(&r)
	}
	v.finish()
	return rows.Err()
}

const verifySQL = `SELECT l.id, l.note_id, l.device, l.seq, l.nonce, l.commitment, l.chain, l.deleted,
	EXISTS (SELECT 1 FROM erasure e WHERE e.item_id = l.note_id) OR EXISTS (SELECT 1 FROM note_field x JOIN erasure e ON e.item_id = x.id WHERE x.note_id = l.note_id), ` + contentColumns + `
	FROM note_lock l LEFT JOIN note n ON n.id = l.note_id LEFT JOIN note_field f ON f.note_id = n.id AND f.head IS NOT NULL LEFT JOIN note_rev r ON r.id = f.head
	ORDER BY l.device, l.seq, l.id, ` + contentOrder

// finish judges the lock whose rows have all been read.
func (v *verifier) finish() {
	if !v.open {
		return
	}
	l, body := v.lock, v.now.b.Bytes()
	switch {
	case l.nonce == nil && !l.erased:
		v.say(text.T("check.lock_erased", "the content of locked note %s is gone without a record of its erasure", l.note))
	case l.nonce != nil && !bytes.Equal(commit(l.nonce, body), l.commitment):
		v.doubtful = append(v.doubtful, l)
	}
	if l.deleted {
		v.say(text.T("check.lock_deleted", "the lock %s is marked deleted", l.id))
	}
	last, ok := v.chains[l.device]
	if !ok {
		last = firstLink()
	}
	if next := last.next(l.device, l.commitment); next.seq != l.seq || !bytes.Equal(next.chain, l.chain) {
		v.say(text.T("check.lock_chain", "the chain of locks of device %s is broken at number %d", l.device, l.seq))
	}
	v.chains[l.device] = link{seq: l.seq, commitment: l.commitment, chain: l.chain}
	v.now, v.open = content{}, false
}

// lockedTwice judges a lock that another computer's came before: the note is as the
// earlier one closed it, and what this one closed must still be there.
func (v *verifier) lockedTwice(ctx context.Context, q casebook.Querier, l lockRow) error {
	rows, err := q.QueryContext(ctx, `SELECT `+contentColumns+` FROM note_lock l JOIN note n ON n.id = l.note_id JOIN note_rev r ON r.note_id = n.id AND instr(l.covers, hex(r.id)) > 0 JOIN note_field f ON f.id = r.field_id
		WHERE l.id = ?1 AND EXISTS (SELECT 1 FROM note_lock o JOIN row_clock oc ON oc.id = o.id JOIN row_clock lc ON lc.id = l.id AND lc.tbl = oc.tbl
			WHERE o.note_id = l.note_id AND oc.tbl = (SELECT num FROM schema_rule WHERE tbl = 'note_lock' AND col = '*') AND (oc.hlc < lc.hlc OR (oc.hlc = lc.hlc AND o.device < l.device)))
		ORDER BY `+contentOrder, l.id)
	if err != nil {
		return err
	}
	defer rows.Close()
	var c content
	for rows.Next() {
		var r contentRow
		if err := rows.Scan(r.columns()...); err != nil {
			return err
		}
		c.add(&r)
	}
	if !bytes.Equal(commit(l.nonce, c.b.Bytes()), l.commitment) {
		v.say(text.T("check.lock_changed", "locked note %s is not what it was when it was locked", l.note))
	}
	return rows.Err()
}

// missing looks for locks that were recorded and are not there: the end of a chain can
// be cut off without breaking it.
func (v *verifier) missing(ctx context.Context, q casebook.Querier) error {
	rows, err := q.QueryContext(ctx, `SELECT c.id FROM row_clock c WHERE c.tbl = (SELECT num FROM schema_rule WHERE tbl = 'note_lock' AND col = '*')
		AND NOT EXISTS (SELECT 1 FROM note_lock l WHERE l.id = c.id) ORDER BY c.id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id []byte
		if err := rows.Scan(&id); err != nil {
			return err
		}
		v.say(text.T("check.lock_missing", "the lock %s was recorded and is missing", hex.EncodeToString(id)))
	}
	return rows.Err()
}
