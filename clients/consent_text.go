package clients

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/couplet-app/couplet/assets"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// ConsentText is one version of a text that clients sign, in one language. It is never
// changed: a change is a new version (rule PV-46).
type ConsentText struct {
	ID        ids.ID `json:"-"` // zero for one that ships
	Purpose   string `json:"purpose"`
	Version   string `json:"version"`
	Language  string `json:"language"` // BCP 47
	Title     string `json:"title"`
	Body      string `json:"body"`
	CreatedAt time.Time
}

// Shipped says whether the text came with the program.
func (t ConsentText) Shipped() bool { return t.ID.IsZero() }

const (
	consentTexts   = "content/consents"
	maxConsentText = 20000
)

// ShippedTexts are the texts to begin with, in plain words.
var ShippedTexts = sync.OnceValues(func() ([]ConsentText, error) {
	files, err := fs.Glob(assets.Content, consentTexts+"/*.json")
	if err != nil {
		return nil, err
	}
	var out []ConsentText
	for _, name := range files {
		b, err := fs.ReadFile(assets.Content, name)
		if err != nil {
			return nil, err
		}
		var t ConsentText
		if err := json.Unmarshal(b, &t); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
})

// Validate returns one fault for each field that cannot be stored.
func (t ConsentText) Validate() error {
	var errs []error
	bad := func(is bool, field, sentence string) {
		if is {
			errs = append(errs, fault.Input(field, sentence))
		}
	}
	bad(!knownPurpose(t.Purpose), "purpose", text.T("clients.purpose", "Say what was signed."))
	bad(OneLine(t.Version) == "", "version", text.T("consenttext.version", "Give the version a name, such as 2026-2."))
	bad(OneLine(t.Title) == "", "title", text.T("consenttext.title", "Give the text a title."))
	_, err := language.Parse(t.Language)
	bad(t.Language == "" || err != nil, "language", text.T("clients.language", "This language is not known. Write it like Dutch, or its code like nl or zh-CN."))
	switch {
	case t.Body == "":
		bad(true, "body", text.T("consenttext.body", "Write what they sign."))
	case utf8.RuneCountInString(t.Body) > maxConsentText:
		bad(true, "body", text.T("clients.too_long", "This has room for %d characters.", maxConsentText))
	}
	return errors.Join(errs...)
}

// AddConsentText stores a new version. A version that there is already, shipped or own,
// stays as it is and is refused: what somebody signed never changes under them.
func (s *Store) AddConsentText(ctx context.Context, t ConsentText) (ids.ID, error) {
	t.Version, t.Title = OneLine(t.Version), OneLine(t.Title)
	if err := t.Validate(); err != nil {
		return ids.Nil, err
	}
	shipped, err := ShippedTexts()
	if err != nil {
		return ids.Nil, err
	}
	id := ids.New()
	err = s.cb.Write(ctx, "consent.text", func(tx *casebook.Tx) error {
		var there bool
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM consent_text WHERE purpose = ? AND version = ? AND language = ?)`, t.Purpose, t.Version, t.Language).Scan(&there); err != nil {
			return err
		}
		if there || slices.ContainsFunc(shipped, func(x ConsentText) bool { return x.same(t) }) {
			return fault.Input("version", text.T("consenttext.there", "There is this version already. It stays as it is: give the new one another name."))
		}
		_, err := tx.Exec(`INSERT INTO consent_text (id, purpose, version, language, title, body, coach_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, id, t.Purpose, t.Version, t.Language, t.Title, t.Body, tx.Coach, tx.Now.UnixMilli())
		return err
	})
	return id, err
}

func (t ConsentText) same(o ConsentText) bool {
	return t.Purpose == o.Purpose && t.Version == o.Version && t.Language == o.Language
}

// ConsentTexts are all versions of all texts: by purpose, the newest first, those that
// ship last.
func (s *Store) ConsentTexts(ctx context.Context) ([]ConsentText, error) {
	own, err := casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, t *ConsentText) error {
		var created int64
		err := r.Scan(&t.ID, &t.Purpose, &t.Version, &t.Language, &t.Title, &t.Body, &created)
		t.CreatedAt = AtMillis(created)
		return err
	}, `SELECT id, purpose, version, language, title, body, created_at FROM consent_text WHERE deleted = 0 ORDER BY created_at DESC, id DESC`)
	if err != nil {
		return nil, err
	}
	shipped, err := ShippedTexts()
	if err != nil {
		return nil, err
	}
	all := append(own, shipped...)
	order := Purposes()
	for _, p := range Policies() {
		order = append(order, SecretsPurpose(p))
	}
	slices.SortStableFunc(all, func(a, b ConsentText) int { return slices.Index(order, a.Purpose) - slices.Index(order, b.Purpose) })
	return all, nil
}
