package ui

import (
	"context"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// leave takes the open casebook from the window without closing it.
func (s *Shell) leave() Workspace {
	w := s.open
	s.lock.stop()
	s.clip.clear()
	if s.view != nil {
		s.view.Leave()
	}
	s.env.Dialogs.CloseAll()
	for over := s.conf.Window.Canvas().Overlays(); over.Top() != nil; { // an open list or calendar
		over.Remove(over.Top())
	}
	s.notices.Clear()
	s.open, s.pages, s.views, s.view = nil, nil, nil, nil
	return w
}

// closeAway closes w when everything under way is saved, and what could not be saved at
// once is saved as well.
func (s *Shell) closeAway(w Workspace) {
	s.closing = true
	var err error
	s.conf.Runner.Drain(nil, func() {
		if s.env.Owed.Any() {
			s.notices.Show(owed())
		}
		s.env.Owed.WhenPaid(func() {
			s.conf.Runner.Drain(func() { err = w.Close(context.Background()) }, func() {
				s.closing = false
				if err != nil {
					s.notices.Show(err)
				}
				if next := s.afterwards; next != nil {
					s.afterwards = nil
					next()
				}
			})
		})
	})
}

// owed says that a text waits to be saved.
func owed() error {
	return fault.New(fault.System, text.T("quit.owed", "A text is not saved yet."), text.T("quit.owed_hint", "It is kept in memory and saved as soon as there is room for it. To quit without it, quit twice."))
}

// whenClosed does f when no casebook is being closed any more.
func (s *Shell) whenClosed(f func()) {
	if s.closing {
		s.afterwards = f
		return
	}
	f()
}

// Leave closes the casebook and goes to the page for opening another.
func (s *Shell) Leave() {
	if s.open == nil {
		return
	}
	w := s.leave()
	s.history = history{}
	s.env.Dialogs.Forget()
	s.showFront(newWelcome(s))
	s.closeAway(w)
}

// Quit saves first and then ends the program. If the last save went wrong it stays
// and says so; a second Quit ends nevertheless.
func (s *Shell) Quit() {
	before := s.notices.Errors()
	if s.view != nil {
		s.view.Leave()
	}
	if j, ok := s.front.(*join); ok && j.stop != nil {
		j.stop()
	}
	s.conf.Runner.Drain(nil, func() {
		said, waits := s.notices.Errors() > before, s.env.Owed.Any()
		if (said || waits) && s.quitTries == 0 {
			s.quitTries++
			if !said {
				s.notices.Show(owed())
			}
			if s.view != nil { // it was left: what it could not save is in it
				s.view.Open(s.Where())
			}
			return
		}
		if s.closing && waits { // it was asked for twice
			s.conf.Exit()
			return
		}
		s.whenClosed(s.closeAndExit)
	})
}

func (s *Shell) closeAndExit() {
	w := s.open
	if r, ok := s.front.(*recovery); ok {
		s.conf.Paper.Forget()
		w = r.open
	}
	if w == nil {
		s.conf.Exit()
		return
	}
	if s.open != nil {
		s.leave()
	}
	var err error
	s.conf.Runner.Drain(func() { err = w.Close(context.Background()) }, func() {
		if err != nil && s.quitTries == 0 {
			s.quitTries++
			s.showFront(newWelcome(s))
			s.notices.Show(err)
			return
		}
		s.conf.Exit()
	})
}
