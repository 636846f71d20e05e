package strength

import (
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// firstTried is how many bits a passphrase must exceed: what has fewer is tried first.
const firstTried = 14

// Choose refuses only an empty passphrase, one that is tried first, and two that differ;
// everything else is the person's choice, made knowingly.
func Choose(passphrase, again string) error {
	switch e := Of(passphrase); {
	case e.Level == Empty:
		return fault.Input("passphrase", text.T("create.empty", "Choose a passphrase."))
	case e.Bits < firstTried:
		return fault.Input("passphrase", text.T("create.first", "This one is tried first. Choose another."))
	case passphrase != again:
		return fault.Input("again", text.T("create.differs", "The two are not the same."))
	}
	return nil
}
