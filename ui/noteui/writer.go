package noteui

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
)

// writer saves one note, in the order in which things were typed, whatever order the
// background takes them in: an earlier text never lies over a later one.
type writer struct {
	store NoteStore
	note  sessions.Note

	turns int // of the drawing thread alone

	mu      sync.Mutex
	done    map[string]int    // by field: the turn of the text that is safe
	kept    map[string]string // by field: that text
	revised int               // the turn of the last revision
	added   bool              // the addition is an addendum now
	at      time.Time         // when something was saved last
}

func newWriter(s NoteStore, n sessions.Note) *writer {
	w := &writer{store: s, note: n, done: map[string]int{}, kept: map[string]string{}}
	for _, f := range n.Fields {
		w.kept[f.Key] = f.Body
	}
	return w
}

// turn is the place in the order; it is taken where the text is.
func (w *writer) turn() int {
	w.turns++
	return w.turns
}

// draft keeps a text on this computer and returns when that was.
func (w *writer) draft(ctx context.Context, turn int, key, body string) (time.Time, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.added || turn < max(w.done[key], w.revised) {
		return w.at, nil // a later text of this field is safe already
	}
	return w.at, w.keep(ctx, turn, key, body)
}

func (w *writer) keep(ctx context.Context, turn int, key, body string) error {
	at, err := w.store.SaveDraft(ctx, w.note, key, body)
	if err == nil {
		w.done[key], w.kept[key], w.at = turn, body, at
	}
	return err
}

// add turns the draft of an addition into an addendum; nothing typed before comes after it.
func (w *writer) add(ctx context.Context, field string, a clients.Access, body string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.store.AddAddendum(ctx, w.note.ID, field, a, body)
	if err == nil {
		w.added = true
	}
	return err
}

// meanwhile is what came from other computers in the fields of this note.
func (w *writer) meanwhile(ctx context.Context, aud clients.Audience) ([]sessions.Incoming, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.store.Meanwhile(ctx, aud, w.note)
}

// goOn lets what is written in a field follow another revision, which is shown now.
func (w *writer) goOn(key string, rev ids.ID, body string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.note.Fields {
		if f := &w.note.Fields[i]; f.Key == key {
			f.Follows, f.Saved, w.kept[key] = rev, body, body
		}
	}
}

// safe says whether each text is kept, as a draft at least.
func (w *writer) safe(texts map[string]string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for key, body := range texts {
		if body != w.kept[key] {
			return false
		}
	}
	return true
}

// revise makes the texts part of the record. Should that be refused, what was typed last
// is kept as a draft, and the refusal is returned.
func (w *writer) revise(ctx context.Context, turn int, texts map[string]string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	err := w.store.SaveRevision(ctx, w.note, texts)
	if fault.Is(err, fault.Refused) { // it may have been locked on another computer
		if added, late := w.store.AddLate(ctx, w.note, texts); added {
			err = late
		}
	}
	if err == nil {
		w.revised = turn
		maps.Copy(w.kept, texts)
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		if body := texts[key]; body != w.kept[key] {
			err = errors.Join(err, w.keep(ctx, turn, key, body))
		}
	}
	return err
}
