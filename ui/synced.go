package ui

import (
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// mayJoin says whether the page to join can be shown now.
func (s *Shell) mayJoin() bool {
	switch f := s.front.(type) {
	case *recovery: // a key is being shown that is shown once
		return false
	case *join:
		return f.stop == nil
	}
	return true
}

// join closes the casebook and shows the page to join another.
func (s *Shell) join() {
	if s.open == nil {
		s.showFront(newJoin(s, ""))
		return
	}
	w := s.leave()
	s.history = history{}
	s.showFront(newJoin(s, ""))
	s.closeAway(w)
}

// askSynced warns of a casebook in a folder that a file service keeps in step.
func (s *Shell) askSynced(by string, goOn func()) {
	s.env.Dialogs.Ask(text.T("synced.title", "Keep it in a folder of %s?", by),
		text.T("synced.text", "%s copies the casebook while you work in it, and that can damage it or leave two halves of it. Choose a folder that is on this computer alone. To work together, keep the casebook there and share it through a folder of %s instead.", by, by),
		text.T("synced.ok", "Keep it there"), goOn)
}

// offerMove tells of an open casebook that lies in a folder that a file service keeps in
// step, and offers to share it properly.
func (s *Shell) offerMove(by string) {
	path := s.open.Path()
	s.env.Dialogs.Open(kit.Dialog{
		Title:   text.T("synced.lies_title", "This casebook lies in a folder of %s", by),
		Content: kit.Paragraph(text.T("synced.lies", "%s copies it while you work in it, and that can damage it or leave two halves of it. Nothing is lost so far. Let Couplet move it to a place of your own and share it through the folder instead: that is safe, and others can go on working with it.", by)),
		OK:      text.T("synced.move", "Move and share…"), Cancel: text.T("synced.later", "Not now"),
		OnOK: func(h *kit.Handle) {
			h.Close()
			w := s.leave()
			s.history = history{}
			s.showFront(newMove(s, path))
			s.closeAway(w)
		},
	})
}

// OfferMove is offerMove for an open casebook that lies in such a folder; it tells
// whether it does.
func (s *Shell) OfferMove() bool {
	if s.open == nil || s.open.Path() == "" {
		return false
	}
	by := share.Synced(s.open.Path())
	if by != "" {
		s.offerMove(by)
	}
	return by != ""
}
