package kit

import (
	"context"
	"time"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// When what is being entered is kept and becomes part of the record.
const (
	// keepPause is how long after a change it is kept at most.
	keepPause = time.Second
	// Rest is how long nothing is entered until it becomes part of the record by itself.
	Rest = 5 * time.Minute
)

// Saving is how a Saver saves. Keep and Save are called on the drawing thread and hold
// the state still; what they return does the work.
type Saving struct {
	Keep func() func(context.Context) error // as a draft, on this computer alone
	Save func() func(context.Context) error // as part of the record
	Told func()                             // of each of the two that worked
}

// Saver saves what is being entered: a moment after a change it is kept as a draft, and
// it becomes part of the record when it is finished, left or rests. It does one thing at
// a time, so that an earlier state never lies over a later one. What could not be kept is
// tried again, and once it is left it is owed.
type Saver struct {
	env Env
	how Saving

	pause, rest, again func() // stop what is to happen

	unkept  bool // something is not even kept
	unsaved bool // something is not part of the record
	busy    bool
	asked   bool // it is to become part of the record now
	left    bool
	refused bool // by the record, which has not changed since; it is kept
	owed    bool
	end     func(context.Context) error
	then    []func()
}

// NewSaver is a saver with nothing to save.
func NewSaver(e Env, how Saving) *Saver { return &Saver{env: e, how: how} }

// Changed tells of a change.
func (s *Saver) Changed() {
	s.unkept, s.unsaved, s.left, s.refused = true, true, false, false
	if s.pause == nil {
		s.pause = s.env.Schedule.After(keepPause, func() {
			s.pause = nil
			s.next(s.again != nil)
		})
	}
	halt(&s.rest)
	s.rest = s.env.Schedule.After(Rest, func() { s.Flush(nil) })
}

// Pending says whether something is not part of the record yet.
func (s *Saver) Pending() bool { return s.unsaved || s.busy }

// Stuck says whether a try to make it part of the record went wrong.
func (s *Saver) Stuck() bool { return s.owed || s.unsaved && !s.busy }

func halt(cancel *func()) {
	if *cancel != nil {
		(*cancel)()
		*cancel = nil
	}
}

// Flush saves now and then calls then, if everything was saved; then may be nil. A record
// that no longer takes it, though it is kept, does not hold anybody back.
func (s *Saver) Flush(then func()) {
	if then != nil {
		s.then = append(s.then, then)
	}
	s.asked = true
	s.next(false)
}

// Leave saves what is no longer on the screen.
func (s *Saver) Leave() {
	if s.left = true; !s.refused {
		s.Flush(nil)
	}
}

// End lets work make the state part of the record for the last time, and then calls then.
func (s *Saver) End(work func(context.Context) error, then func()) {
	s.end = work
	s.Flush(then)
}

// next does what is to be done now, if nothing is under way; a try that is not the first
// is not told when it fails as well.
func (s *Saver) next(again bool) {
	switch {
	case s.busy:
	case s.asked && (s.unsaved || s.end != nil):
		s.save(again)
	case s.asked:
		s.tell()
	case s.unkept && s.pause == nil:
		s.keep(again)
	}
}

func (s *Saver) keep(again bool) {
	s.unkept, s.busy = false, true
	work := s.how.Keep()
	var err error
	s.env.Runner.Run(func(ctx context.Context) { err = work(ctx) }, func() {
		s.busy = false
		s.kept(err, err, again)
		if err == nil {
			s.next(false)
		}
	})
}

// save makes it part of the record; should that be refused, it is kept as a draft.
func (s *Saver) save(again bool) {
	halt(&s.pause)
	halt(&s.rest)
	s.unkept, s.unsaved, s.busy = false, false, true
	keep, save, last := s.how.Keep(), s.end, s.end != nil
	if !last {
		save = s.how.Save()
	}
	var err, lost error
	s.env.Runner.Run(func(ctx context.Context) {
		if err = save(ctx); err != nil {
			lost = keep(ctx)
		}
	}, func() {
		s.busy, s.end = false, nil
		switch {
		case err == nil && last: // what was entered meanwhile came too late
			halt(&s.pause)
			halt(&s.rest)
			s.unkept, s.unsaved = false, false
			fallthrough
		case err == nil:
			s.kept(nil, nil, again)
			s.next(false)
		default:
			s.unsaved, s.asked = true, false
			s.kept(err, lost, again)
			if then := s.then; !last && lost == nil && !s.unkept && fault.Is(err, fault.Refused) {
				s.then, s.refused = nil, true
				all(then)
				return
			}
			if s.then = nil; lost == nil {
				s.next(false)
			}
		}
	})
}

// kept says what became of a try: err is what went wrong, and lost that it is not even
// kept. What a rule refuses is not tried again.
func (s *Saver) kept(err, lost error, again bool) {
	halt(&s.again)
	if err == nil {
		s.how.Told()
	}
	if lost == nil || fault.Is(lost, fault.Refused) {
		if s.owed {
			s.owed = false
			s.env.Owed.Paid()
		}
	} else {
		s.again = s.env.Schedule.After(RetryDelay, func() {
			s.again = nil
			s.asked = s.asked || s.left
			s.next(true)
		})
		if s.left && !s.owed {
			s.owed = true
			s.env.Owed.Add()
			sentence, _ := fault.Words(err)
			err = fault.Wrap(fault.KindOf(err), err, sentence, text.T("note.kept", "Your text is kept in the window and saved as soon as that is possible."))
			again = false
		}
	}
	if lost != nil {
		s.unkept = true
	}
	if err != nil && !again {
		s.env.Messages.Show(err)
	}
}

func (s *Saver) tell() {
	s.asked = false
	then := s.then
	s.then = nil
	all(then)
}

func all(fs []func()) {
	for _, f := range fs {
		f()
	}
}
