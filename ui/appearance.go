package ui

import (
	"math"
	"time"

	"github.com/couplet-app/couplet/ui/kit"
)

// textStep is how much one command changes the text size.
const textStep = 0.1

func (s *Shell) applyTheme() {
	scale := s.prefs.scale()
	if s.shield.Presents() {
		scale = min(kit.MaxScale, scale*presentScale)
	}
	s.conf.SetTheme(kit.NewTheme(s.prefs.mode(), scale))
}

// Appearance is how the window looks: light, dark or as the computer, and the size
// of all text.
func (s *Shell) Appearance() (kit.Mode, float32) { return s.prefs.mode(), s.prefs.scale() }

// SetAppearance changes how the window looks, at once and for the next time.
func (s *Shell) SetAppearance(m kit.Mode, scale float32) {
	scale = float32(math.Round(float64(scale)*100) / 100) // a step up and one down end where they began
	s.prefs.setAppearance(m, max(kit.MinScale, min(kit.MaxScale, scale)))
	s.applyTheme()
	s.stage.Refresh()
	s.rebuildMenu()
}

func (s *Shell) textSize(by float32) {
	m, scale := s.Appearance()
	s.SetAppearance(m, scale+by)
}

// LockAfter is how long the window waits before it locks; 0 is never.
func (s *Shell) LockAfter() time.Duration { return s.prefs.lockAfter() }

// SetLockAfter changes it.
func (s *Shell) SetLockAfter(d time.Duration) {
	s.prefs.setLockAfter(d)
	s.lock.after = d
	if s.open != nil {
		s.lock.start()
	}
}
