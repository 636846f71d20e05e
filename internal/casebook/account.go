package casebook

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"filippo.io/age"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// A coach signs in with a passphrase of their own. The rows of coach_way say which ways
// there are and whose; the header of the file says the same, and is brought into line
// after every change and every merge. Rows are written first: a power cut in between
// leaves a header that opens as before, until the next opening.

// Account is what opens the casebook for one coach.
type Account struct {
	Passphrase bool // they have one
	Given      bool // somebody else chose it, and they have not changed it yet
	Recovery   bool // they have a recovery key, too
	Closed     bool // they may not open it any more
}

// wayRow is a row of coach_way.
type wayRow struct {
	id, coach ids.ID
	raw       []byte
	closed    bool
	owner     bool
}

func wayRows(ctx context.Context, q Querier) ([]wayRow, error) {
	all, err := Collect(ctx, q, func(r *sql.Rows, w *wayRow) error { return r.Scan(&w.id, &w.coach, &w.raw, &w.closed, &w.owner) },
		`SELECT w.id, w.coach_id, w.way, n.role = 'left', n.role = 'owner'
		FROM coach_way w JOIN coach_now n ON n.coach_id = w.coach_id WHERE w.deleted = 0 ORDER BY n.role <> 'owner', w.id`)
	return slices.DeleteFunc(all, func(w wayRow) bool { // what is none opens nothing
		said, err := vault.ReadWay(w.raw)
		return err != nil || said.Account != w.id
	}), err
}

// Accounts are the ways in of every coach who has one or had one.
func (c *Casebook) Accounts(ctx context.Context) (map[ids.ID]Account, error) {
	rows, err := wayRows(ctx, c.reader)
	if err != nil {
		return nil, vault.MapError(err)
	}
	out := map[ids.ID]Account{}
	for _, r := range rows {
		a, w := out[r.coach], must(vault.ReadWay(r.raw))
		a.Closed = r.closed
		if w.Recovery {
			a.Recovery = true
		} else {
			a.Passphrase, a.Given = true, w.Given
		}
		out[r.coach] = a
	}
	return out, nil
}

// must is for what was seen to hold before.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Given says whether somebody else chose the passphrase of the coach signed in.
func (c *Casebook) Given() bool { return c.given }

// OldRecovery says whether the recovery key is from before there were several coaches: it
// opens the casebook, but no reflections.
func (c *Casebook) OldRecovery() bool { return c.key.OldRecovery() }

// signIn finds who opened the casebook, and refuses who may no longer.
func (c *Casebook) signIn(ctx context.Context) error {
	rows, err := wayRows(ctx, c.reader)
	if err != nil {
		return err
	}
	owner, err := firstCoach(ctx, c.reader)
	if err != nil {
		return err
	}
	c.coach, c.me = owner, owner
	if len(rows) == 0 { // from before there were several coaches, or nothing is in it yet
		if owner.IsZero() || c.opts.ReadOnly {
			return nil
		}
		return c.claim(ctx, owner)
	}
	account := ids.ID(c.key.Account())
	if account.IsZero() {
		for _, r := range rows {
			if !r.closed && c.key.Enter(r.raw) {
				account = r.id
			}
		}
		if account.IsZero() { // the first recovery key, which is its owner's
			return c.keepWays(ctx)
		}
	}
	for _, r := range rows {
		if r.id == account && !r.closed {
			w := must(vault.ReadWay(r.raw))
			c.coach, c.me, c.given = r.coach, r.coach, w.Given
			return c.keepWays(ctx)
		}
	}
	if err := c.keepWays(ctx); err != nil {
		return err
	}
	return shutOut()
}

func shutOut() error {
	return fault.New(fault.WrongKey, text.T("casebook.shut_out", "This passphrase does not open the casebook any more."),
		text.T("casebook.shut_out_hint", "Your access was closed, or you have a new passphrase. Ask the owner of the casebook. Nothing was changed."))
}

// firstCoach is the owner; zero while there is none.
func firstCoach(ctx context.Context, q Querier) (ids.ID, error) {
	var id ids.ID
	err := q.QueryRowContext(ctx, `SELECT coach_id FROM coach_now ORDER BY role <> 'owner', coach_id LIMIT 1`).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return ids.Nil, nil
	}
	return id, err
}

// claim makes the ways of a file from before there were several coaches those of its
// owner. Its passphrase stays.
func (c *Casebook) claim(ctx context.Context, owner ids.ID) error {
	ways, err := c.key.Ways()
	if err != nil {
		return err
	}
	account, identity := ids.New(), c.key.Identity()
	if len(ways) == 0 {
		if identity, err = vault.NewIdentity(); err != nil {
			return err
		}
		w, err := c.key.ClaimWay(account, identity)
		if err != nil || w == nil { // opened with the recovery key: the passphrase will claim it
			return err
		}
		ways = append(ways, w)
	}
	if err := c.Write(ctx, "coach.way", func(tx *Tx) error { return insertWays(tx, owner, ways, identity) }); err != nil {
		return err
	}
	if c.key.Account() == [16]byte{} {
		c.key.Become(account, identity)
	}
	return c.keepWays(ctx)
}

// insertWays makes rows of ways that all have one identity.
func insertWays(tx *Tx, coach ids.ID, ways [][]byte, identity string) error {
	recipient, err := recipientOf(identity)
	if err != nil {
		return err
	}
	for _, raw := range ways {
		w, err := vault.ReadWay(raw)
		if err != nil {
			return err
		}
		if err := saveWay(tx, w.Account, coach, raw, recipient); err != nil {
			return err
		}
	}
	return nil
}

func saveWay(tx *Tx, id, coach ids.ID, raw []byte, recipient string) error {
	if _, err := tx.Exec(`INSERT INTO coach_way (id, coach_id, way, recipient, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET way = excluded.way, recipient = excluded.recipient, deleted = 0`, id, coach, raw, recipient, tx.Now.UnixMilli()); err != nil {
		return err
	}
	return tellAll(tx)
}

// tellAll makes the folder be given a whole snapshot at the next turn: its header is what
// opens it for who joins.
func tellAll(tx *Tx) error {
	_, err := tx.Exec(`UPDATE share_local SET heal = 1`)
	return err
}

func recipientOf(identity string) (string, error) {
	id, err := age.ParseX25519Identity(identity)
	if err != nil {
		return "", err
	}
	return id.Recipient().String(), nil
}

// keepWays brings the header of the file into line with the rows.
func (c *Casebook) keepWays(ctx context.Context) error {
	if c.opts.ReadOnly {
		return nil
	}
	rows, err := wayRows(ctx, c.reader)
	if err != nil || len(rows) == 0 {
		return err
	}
	var ways [][]byte
	ownersRecovery := false
	c.shut = len(rows) > 0 && c.key.Account() != [16]byte{}
	for _, r := range rows {
		if r.closed {
			continue
		}
		if r.coach == c.me {
			c.shut = false
		}
		ways = append(ways, r.raw)
		ownersRecovery = ownersRecovery || (r.owner && must(vault.ReadWay(r.raw)).Recovery)
	}
	if len(ways) == 0 { // nobody could open it again
		return nil
	}
	_, err = c.key.SetWays(c.path, ways[:min(len(ways), vault.MaxWays)], !ownersRecovery)
	return err
}

// ShutOut says whether the access of the coach signed in was closed meanwhile, here or on
// another computer. Nothing more is written then.
func (c *Casebook) ShutOut() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.shut
}

// IsMine says whether a passphrase or recovery key is that of the coach signed in. Its
// faults are those of vault.Unlock.
func (c *Casebook) IsMine(ctx context.Context, s vault.Secret) error {
	s.First = c.key.Account()
	key, err := vault.Unlock(c.path, s)
	if err != nil {
		return err
	}
	defer key.Wipe()
	rows, err := wayRows(ctx, c.reader)
	if err != nil {
		return vault.MapError(err)
	}
	for _, r := range rows {
		if r.coach == c.me && (r.id == ids.ID(key.Account()) || (r.owner && key.Account() == [16]byte{})) {
			return nil
		}
	}
	return vault.WrongKey()
}

// changeWays writes rows of ways and then the header.
func (c *Casebook) changeWays(ctx context.Context, action string, fn func(*Tx) error) error {
	if err := c.Write(ctx, action, fn); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return vault.MapError(c.keepWays(ctx))
}

// ChangePassphrase gives the coach signed in another passphrase. What is sealed to them
// stays readable. Who had the file and the old passphrase can still read that copy of it.
func (c *Casebook) ChangePassphrase(ctx context.Context, kdf vault.KDF, passphrase string) error {
	identity := c.key.Identity()
	fresh := identity == "" || c.given // an identity that somebody else could have is none
	if fresh {
		var err error
		if identity, err = vault.NewIdentity(); err != nil {
			return err
		}
	}
	account, err := c.changeWay(ctx, "coach.passphrase", c.me, vault.Secret{Passphrase: passphrase}, kdf, identity, false)
	if err != nil {
		return err
	}
	if fresh {
		c.key.Become(account, identity)
		c.given = false
	}
	return nil
}

// ChangeRecovery makes recovery the recovery key of the coach signed in. It opens the
// casebook as them, with what is sealed to them.
func (c *Casebook) ChangeRecovery(ctx context.Context, recovery string) error {
	if _, err := c.identity(); err != nil {
		return err
	}
	_, err := c.changeWay(ctx, "coach.recovery", c.me, vault.Secret{Recovery: recovery}, vault.KDF{}, c.key.Identity(), false)
	return err
}

// GivePassphrase lets a coach in with a passphrase that the owner chose: a first one, or
// another one after it was forgotten. What was sealed to them before stays sealed to what
// they have lost, for no program can open it. They choose their own when they come.
func (c *Casebook) GivePassphrase(ctx context.Context, coach ids.ID, kdf vault.KDF, passphrase string) error {
	if err := c.MayManage(ctx); err != nil {
		return err
	}
	if coach == c.me {
		return fault.Input("passphrase", text.T("casebook.own_passphrase", "Change your own passphrase under Security."))
	}
	identity, err := vault.NewIdentity()
	if err != nil {
		return err
	}
	_, err = c.changeWay(ctx, "coach.let_in", coach, vault.Secret{Passphrase: passphrase}, kdf, identity, true)
	return err
}

// changeWay puts a way of a coach in the place of the one of its kind.
func (c *Casebook) changeWay(ctx context.Context, action string, coach ids.ID, s vault.Secret, kdf vault.KDF, identity string, given bool) (account ids.ID, err error) {
	rows, err := wayRows(ctx, c.reader)
	if err != nil {
		return ids.Nil, vault.MapError(err)
	}
	account, open := ids.New(), 0
	for _, r := range rows {
		if !r.closed {
			open++
		}
		if r.coach == coach && must(vault.ReadWay(r.raw)).Recovery == (s.Recovery != "") {
			account = r.id
			open--
		}
	}
	if open >= vault.MaxWays {
		return ids.Nil, vault.TooManyWays()
	}
	raw, err := c.key.NewWay(account, s, kdf, identity, given)
	if err != nil {
		return ids.Nil, err
	}
	recipient, err := recipientOf(identity)
	if err != nil {
		return ids.Nil, err
	}
	return account, c.changeWays(ctx, action, func(tx *Tx) error {
		// A recovery key that holds another identity would open what is no longer used.
		if _, err := tx.Exec(`UPDATE coach_way SET deleted = 1 WHERE coach_id = ? AND id <> ? AND recipient <> ? AND deleted = 0`, coach, account, recipient); err != nil {
			return err
		}
		return saveWay(tx, account, coach, raw, recipient)
	})
}
