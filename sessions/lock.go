package sessions

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// DefaultLockDays is after how many days a note locks when nothing else is set (rule PV-50).
const DefaultLockDays = 7

const (
	lockDaysSetting = "lock_days"
	maxLockDays     = 365
	lockBatch       = 200              // notes in one transaction
	stillTyping     = 15 * time.Minute // a draft this fresh keeps its note open
)

// LockDays is after how many days notes lock.
func (s *Store) LockDays(ctx context.Context) (int, error) {
	v, err := s.cb.Setting(ctx, lockDaysSetting)
	if err != nil {
		return 0, err
	}
	if n, err := strconv.Atoi(v); err == nil && n >= 1 && n <= maxLockDays {
		return n, nil
	}
	return DefaultLockDays, nil
}

// SetLockDays sets after how many days notes lock, 1 to 365. Locked notes stay locked.
func (s *Store) SetLockDays(ctx context.Context, days int) error {
	if days < 1 || days > maxLockDays {
		return fault.Input(lockDaysSetting, text.T("note.lock_days", "Notes can lock after 1 to %d days.", maxLockDays))
	}
	return s.cb.Write(ctx, "setting.lock_days", func(tx *casebook.Tx) error { return tx.SetSetting(lockDaysSetting, strconv.Itoa(days)) })
}

// LockDue locks every note that was begun more than the set number of days before now,
// and returns how many. A draft becomes a revision first; a note under somebody's
// fingers (Writing) waits; a note without text has nothing to lock. It reads only the notes that
// are still open.
func (s *Store) LockDue(ctx context.Context, now time.Time) (int, error) {
	if !s.cb.Writes() {
		return 0, nil // who coaches here will
	}
	if err := s.lateDrafts(ctx); err != nil {
		return 0, err
	}
	days, err := s.LockDays(ctx)
	if err != nil {
		return 0, err
	}
	due, err := dueNotes(ctx, s.q, now.AddDate(0, 0, -days), now.Add(-stillTyping))
	if err != nil {
		return 0, err
	}
	due = slices.DeleteFunc(due, s.pens.hold)
	done := 0
	for batch := range slices.Chunk(due, lockBatch) {
		n := 0
		if err := s.cb.Write(ctx, "note.lock", func(tx *casebook.Tx) (err error) {
			n, err = LockNotes(tx, batch)
			return err
		}); err != nil {
			return done, err
		}
		done += n
	}
	return done, nil
}

// pens are the notes that stand open in an editor. They lock when they are put down:
// what is typed must not meet a lock.
type pens struct {
	mu   sync.Mutex
	open map[ids.ID]int
}

func (p *pens) hold(note ids.ID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open[note] > 0
}

// Writing keeps LockDue away from a note until done is called, once.
func (s *Store) Writing(note ids.ID) (done func()) {
	s.pens.mu.Lock()
	defer s.pens.mu.Unlock()
	if s.pens.open == nil {
		s.pens.open = map[ids.ID]int{}
	}
	s.pens.open[note]++
	return func() {
		s.pens.mu.Lock()
		defer s.pens.mu.Unlock()
		s.pens.open[note]--
	}
}

func dueNotes(ctx context.Context, q casebook.Querier, begun, typed time.Time) ([]ids.ID, error) {
	return casebook.Collect(ctx, q, casebook.Value[ids.ID], dueSQL, begun.UnixMilli(), typed.UnixMilli())
}

const dueSQL = `SELECT n.id FROM note_open o CROSS JOIN note n ON n.id = o.note_id -- in this order: few are open
	WHERE n.deleted = 0 AND n.created_at <= ?1 AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.note_id = n.id AND d.at > ?2)
	AND (EXISTS (SELECT 1 FROM note_field f WHERE f.note_id = n.id AND f.head IS NOT NULL) OR EXISTS (SELECT 1 FROM draft d WHERE d.note_id = n.id AND d.body <> ''))
	ORDER BY n.created_at, n.id`

// LockNote locks one note now. fault.Refused when it is locked or has no text.
func (s *Store) LockNote(ctx context.Context, id ids.ID) error {
	return s.cb.Write(ctx, "note.lock", func(tx *casebook.Tx) error {
		n, err := LockNotes(tx, []ids.ID{id})
		if err == nil && n == 0 {
			return fault.New(fault.Refused, text.T("note.nothing_to_lock", "This note is locked already, or has no text."), text.T("note.nothing_to_lock_hint", "Nothing was changed."))
		}
		return err
	})
}

// LockNotes locks notes inside a transaction, in the order given, and returns how many
// it locked: those that were open and have text. Drafts become revisions first.
func LockNotes(tx *casebook.Tx, notes []ids.ID) (int, error) {
	last, err := lastLink(tx)
	if err != nil {
		return 0, err
	}
	locked := 0
	for _, id := range notes {
		content, err := readyContent(tx, id)
		if err != nil {
			return locked, err
		}
		if content == nil {
			continue
		}
		nonce := make([]byte, 32)
		ids.Random(nonce)
		last = last.next(tx.Device, commit(nonce, content))
		if _, err := tx.Exec(`INSERT INTO note_lock (id, note_id, device, seq, at, nonce, commitment, chain, created_at, covers) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?5,
			(SELECT coalesce(group_concat(hex(h.head), ' '), '') FROM (SELECT head FROM note_field WHERE note_id = ?2 AND head IS NOT NULL ORDER BY position, key, id) h))`,
			ids.New(), id, tx.Device, last.seq, tx.Now.UnixMilli(), nonce, last.commitment, last.chain); err != nil {
			return locked, err
		}
		locked++
	}
	return locked, nil
}

// readyContent turns the drafts of an open note into revisions and returns what is to
// be committed to; nil when the note is locked, gone or empty.
func readyContent(tx *casebook.Tx, id ids.ID) ([]byte, error) {
	n, err := openNote(tx.Context(), tx, coachIn(tx), id, true)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil || n.Locked() {
		return nil, err
	}
	drafts := map[string]string{}
	for _, f := range n.Fields {
		if !f.DraftAt.IsZero() && f.SealedTo.IsZero() {
			drafts[f.Key] = f.Body
		}
	}
	saved, err := savedTexts(tx, n)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(saveTexts(tx, n, saved, drafts), endTexts(tx, n, drafts), addVersions(tx, id)); err != nil {
		return nil, err
	}
	if err := saveSealed(tx, n); err != nil {
		return nil, err
	}
	return noteContent(tx.Context(), tx, id)
}

// saveSealed turns the drafts of reflections into revisions, each coach's as it stands:
// nobody but its author can read it, and whoever is at the computer can keep it.
func saveSealed(tx *casebook.Tx, n Note) error {
	type sealed struct {
		field, to ids.ID
		body      string
	}
	drafts, err := casebook.Collect(tx.Context(), tx, func(r *sql.Rows, d *sealed) error { return r.Scan(&d.field, &d.to, &d.body) },
		`SELECT field_id, sealed_to, body FROM draft WHERE note_id = ? AND sealed_to IS NOT NULL`, n.ID)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		i := slices.IndexFunc(n.Template.Fields, func(tf TemplateField) bool { return tf.Sealed && sealedID(n.ID, tf.Key, d.to) == d.field })
		if i < 0 {
			continue // what is being added to it, or of a template from a later version
		}
		var head ids.ID
		err := tx.QueryRow(`SELECT head FROM note_field WHERE id = ?`, d.field).Scan(&head)
		there := err == nil
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if there || d.body != "" {
			rev, tf := ids.New(), n.Template.Fields[i]
			if !there {
				if err := fieldRow(tx, n, Field{ID: d.field, Key: tf.Key, Position: i, Access: tf.Access(n.About), SealedTo: d.to}, rev); err != nil {
					return err
				}
			}
			if err := writeRevision(tx, n.ID, d.field, head, rev, d.to, d.body, !there); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(`DELETE FROM draft WHERE note_id = ? AND field_id = ?`, n.ID, d.field); err != nil {
			return err
		}
	}
	return nil
}

// link is one place in a device's chain of commitments.
type link struct {
	seq               int64
	commitment, chain []byte
}

// firstLink is what stands before a device's first lock.
func firstLink() link { return link{chain: make([]byte, sha256.Size)} }

func lastLink(tx *casebook.Tx) (link, error) {
	var l link
	// The chain is that of all records (main), whatever the coach who writes may see of them.
	err := tx.QueryRow(`SELECT seq, commitment, chain FROM main.note_lock WHERE device = ? ORDER BY seq DESC LIMIT 1`, tx.Device).Scan(&l.seq, &l.commitment, &l.chain)
	if errors.Is(err, sql.ErrNoRows) {
		return firstLink(), nil
	}
	return l, err
}

// next is SHA-256 over a label, the device, the number in its chain, the link before
// (32 zero bytes before the first) and the commitment.
func (l link) next(device ids.ID, commitment []byte) link {
	n := link{seq: l.seq + 1, commitment: commitment}
	h := sha256.New()
	h.Write([]byte("couplet lock chain 1\x00"))
	h.Write(device[:])
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(n.seq)))
	h.Write(l.chain)
	h.Write(commitment)
	n.chain = h.Sum(nil)
	return n
}

// commit is HMAC-SHA-256 of the content under the nonce: it shows later that the
// content is what it was, and without the nonce tells nothing about it.
func commit(nonce, content []byte) []byte {
	m := hmac.New(sha256.New, nonce)
	m.Write(content)
	return m.Sum(nil)
}
