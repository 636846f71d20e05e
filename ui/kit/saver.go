package kit

import (
	"context"
	"time"
)

// Saver saves what is being entered: a moment after the last change, one save at a
// time, so that an earlier state never lies over a later one. What could not be saved
// is tried again with the next change.
type Saver struct {
	env    Env
	take   func() func(context.Context) error
	saved  func()
	cancel func()
	dirty  bool
	busy   bool
	then   []func()
}

// saverPause is how long after a change the state is saved: acknowledged work is never
// older than that.
const saverPause = time.Second

// NewSaver saves with what take returns; take is called on the drawing thread and holds
// the state still. saved is told of each save that worked; it may be nil.
func NewSaver(e Env, take func() func(context.Context) error, saved func()) *Saver {
	return &Saver{env: e, take: take, saved: saved}
}

// Changed tells of a change.
func (s *Saver) Changed() {
	s.dirty = true
	s.stop()
	s.cancel = s.env.Schedule.After(saverPause, func() { s.Flush(nil) })
}

// Pending says whether something is not saved yet.
func (s *Saver) Pending() bool { return s.dirty || s.busy }

func (s *Saver) stop() {
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
}

// Flush saves now and then calls then, if everything was saved; then may be nil.
func (s *Saver) Flush(then func()) {
	s.stop()
	if then != nil {
		s.then = append(s.then, then)
	}
	switch {
	case s.busy:
	case s.dirty:
		s.save()
	default:
		s.tell()
	}
}

func (s *Saver) save() {
	s.dirty, s.busy = false, true
	work := s.take()
	var err error
	s.env.Runner.Run(func(ctx context.Context) { err = work(ctx) }, func() {
		s.busy = false
		switch {
		case err != nil:
			s.dirty, s.then = true, nil
			s.env.Messages.Show(err)
		case s.dirty: // something was entered meanwhile
			s.stop()
			s.save()
		default:
			if s.saved != nil {
				s.saved()
			}
			s.tell()
		}
	})
}

func (s *Saver) tell() {
	all := s.then
	s.then = nil
	for _, f := range all {
		f()
	}
}
