package casebook

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Seals makes and opens what only the coach signed in can read. Whoever else opens the
// casebook, or has its key, sees that something is there, and nothing of what it says.
type Seals interface {
	// Me is the coach to whom Seal seals.
	Me() ids.ID
	Seal(plain string) (string, error)
	// Unseal says false when it is sealed to somebody else, or to an identity that its
	// coach has lost.
	Unseal(sealed string) (plain string, ok bool)
}

// Me is the coach to whom Seal seals.
func (c *Casebook) Me() ids.ID { return c.me }

// Seal turns a text into an age file, in ASCII armor, for the coach signed in. An empty
// text stays one.
func (c *Casebook) Seal(plain string) (string, error) {
	if plain == "" {
		return "", nil
	}
	id, err := c.identity()
	if err != nil {
		return "", err
	}
	return sealFor(id.Recipient(), plain)
}

// Unseal reads what Seal made.
func (c *Casebook) Unseal(sealed string) (string, bool) {
	if sealed == "" {
		return "", true
	}
	id, err := c.identity()
	if err != nil {
		return "", false
	}
	return unseal(id, sealed)
}

// Me is Casebook.Me.
func (t *Tx) Me() ids.ID { return t.cb.me }

// Seal is Casebook.Seal.
func (t *Tx) Seal(plain string) (string, error) { return t.cb.Seal(plain) }

// Unseal is Casebook.Unseal.
func (t *Tx) Unseal(sealed string) (string, bool) { return t.cb.Unseal(sealed) }

// identity is that of the coach signed in. Who signed in with a passphrase that somebody
// else chose has none that is theirs alone.
func (c *Casebook) identity() (*age.X25519Identity, error) {
	if c.given {
		return nil, fault.New(fault.Refused, text.T("casebook.given", "Somebody else chose your passphrase, so nothing can be kept for your eyes alone yet."),
			text.T("casebook.given_hint", "Choose your own passphrase in Settings, then try again. Your text is kept in the window."))
	}
	id, err := age.ParseX25519Identity(c.key.Identity())
	if err != nil {
		return nil, fault.New(fault.Refused, text.T("casebook.no_identity", "This way of opening the casebook cannot read or write reflections."),
			text.T("casebook.no_identity_hint", "Open it with your passphrase. Nothing was lost."))
	}
	return id, nil
}

// Recipients are to whom that can be sealed what every coach may read who may open the
// casebook.
func (c *Casebook) Recipients(ctx context.Context) ([]string, error) {
	return Collect(ctx, c.engine, Value[string], `SELECT DISTINCT recipient FROM coach_way w WHERE deleted = 0 AND recipient <> '' AND NOT EXISTS (SELECT 1 FROM coach_closed c WHERE c.coach_id = w.coach_id) ORDER BY recipient`)
}

// SealToAll seals bytes to several coaches: an age file that each of them opens with OpenMine.
func SealToAll(to []string, plain []byte) ([]byte, error) {
	var all []age.Recipient
	for _, s := range to {
		r, err := age.ParseX25519Recipient(s)
		if err != nil {
			continue // a file may say anything; who has no proper one is given nothing
		}
		all = append(all, r)
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, all...)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// OpenMine opens what SealToAll sealed to the coach signed in, among others.
func (c *Casebook) OpenMine(sealed []byte) ([]byte, bool) {
	id, err := age.ParseX25519Identity(c.key.Identity())
	if err != nil {
		return nil, false
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), id)
	if err != nil {
		return nil, false
	}
	plain, err := io.ReadAll(r)
	return plain, err == nil
}

// Sealed says whether a text looks like what Seal makes.
func Sealed(body string) bool { return strings.HasPrefix(body, armor.Header) }

func sealFor(to age.Recipient, plain string) (string, error) {
	var b strings.Builder
	a := armor.NewWriter(&b)
	w, err := age.Encrypt(a, to)
	if err != nil {
		return "", err
	}
	if _, err := io.WriteString(w, plain); err != nil {
		return "", err
	}
	if err := errors.Join(w.Close(), a.Close()); err != nil {
		return "", err
	}
	return b.String(), nil
}

func unseal(with age.Identity, sealed string) (string, bool) {
	r, err := age.Decrypt(armor.NewReader(strings.NewReader(sealed)), with)
	if err != nil {
		return "", false
	}
	plain, err := io.ReadAll(r)
	return string(plain), err == nil
}
