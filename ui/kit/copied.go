package kit

import (
	"sync/atomic"

	"fyne.io/fyne/v2"
)

// copying is who decides about the clipboard.
type copying struct {
	may    func() bool
	copied func(words string)
}

var clipboard atomic.Pointer[copying]

// OnCopy sets who is asked before a field copies or cuts, and told of what it put on the
// clipboard; nil for nobody.
func OnCopy(may func() bool, copied func(words string)) {
	if may == nil {
		clipboard.Store(nil)
		return
	}
	clipboard.Store(&copying{may, copied})
}

// copyVia does what a shortcut of a field does, as far as copying is allowed.
func copyVia(s fyne.Shortcut, do func(fyne.Shortcut)) {
	var to fyne.Clipboard
	switch c := s.(type) {
	case *fyne.ShortcutCopy:
		to = c.Clipboard
	case *fyne.ShortcutCut:
		to = c.Clipboard
	}
	who := clipboard.Load()
	if to == nil || who == nil {
		do(s)
		return
	}
	if !who.may() {
		return
	}
	before := to.Content()
	if do(s); to.Content() != before {
		who.copied(to.Content())
	}
}
