// Package events tells whoever is interested that something changed.
package events

import "sync"

// Changed says that a transaction was committed. It carries no content.
type Changed struct {
	Action string // what was done, such as "note.save"
}

// Bus hands each event to every subscriber, on the publisher's goroutine.
// The zero value is ready.
type Bus struct {
	mu   sync.Mutex
	next int
	subs map[int]func(Changed)
}

// Subscribe calls f for each event until the returned function is called.
func (b *Bus) Subscribe(f func(Changed)) (cancel func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.subs == nil {
		b.subs = map[int]func(Changed){}
	}
	b.next++
	n := b.next
	b.subs[n] = f
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.subs, n)
	}
}

// Publish calls every subscriber.
func (b *Bus) Publish(e Changed) {
	b.mu.Lock()
	subs := make([]func(Changed), 0, len(b.subs))
	for _, f := range b.subs {
		subs = append(subs, f)
	}
	b.mu.Unlock()
	for _, f := range subs {
		f(e)
	}
}
