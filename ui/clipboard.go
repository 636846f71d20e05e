package ui

import (
	"crypto/sha256"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/text"
)

// clipboardTime is how long what was copied from a casebook stays on the clipboard.
const clipboardTime = time.Minute

// clipboard takes what was copied from a casebook off the clipboard again, unless
// something else has taken its place.
type clipboard struct {
	shell  *Shell
	sum    [sha256.Size]byte // of what was put there
	forget func()
}

// may says whether a field may be copied from: never while somebody else looks on, who
// could read it where it is pasted (rule PV-14).
func (c *clipboard) may() bool {
	if c.shell.shield.On() {
		c.shell.banner.say(text.T("shield.no_copy", "Nothing is copied while the screen is shared."))
		return false
	}
	return true
}

// copied begins to wait. Before a casebook is open nothing of clients is copied.
func (c *clipboard) copied(words string) {
	if c.shell.open == nil {
		return
	}
	if c.forget != nil {
		c.forget()
	}
	c.sum = sha256.Sum256([]byte(words))
	c.forget = c.shell.conf.Schedule.After(clipboardTime, c.clear)
}

// clear empties the clipboard if it still holds what was copied.
func (c *clipboard) clear() {
	if c.forget == nil {
		return
	}
	c.forget()
	c.forget = nil
	board := fyne.CurrentApp().Clipboard()
	if sha256.Sum256([]byte(board.Content())) == c.sum {
		board.SetContent("")
	}
}
