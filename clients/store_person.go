package clients

import (
	"cmp"
	"context"
	"database/sql"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

const personColumns = `given_name, family_name, name_order, latin_name, say_name, pronouns, language, zone, birth_year, email, phone, safe_channel, safe_when, safe_message, safe_note, safe_shared`

func (p *Person) values() []any {
	var year any
	if p.BirthYear != 0 {
		year = p.BirthYear
	}
	return []any{p.Given, p.Family, p.Order, p.Latin, p.Say, p.Pronouns, p.Language, p.Zone, year, p.Email, p.Phone, p.Safe.Channel, p.Safe.When, p.Safe.Message, p.Safe.Note, p.Safe.Shared}
}

// CreatePerson stores a new person and returns the id.
func (s *Store) CreatePerson(ctx context.Context, p Person) (ids.ID, error) {
	err := s.cb.Write(ctx, "person.create", func(tx *casebook.Tx) error { return InsertPerson(tx, &p) })
	return p.ID, err
}

// InsertPerson is CreatePerson inside a transaction; it sets p.ID unless it is set.
func InsertPerson(tx *casebook.Tx, p *Person) error {
	p.clean()
	if err := p.Validate(); err != nil {
		return err
	}
	if p.ID.IsZero() {
		p.ID = ids.New()
	}
	_, err := tx.Exec(`INSERT INTO person (`+personColumns+`, archived, id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		append(p.values(), p.Archived, p.ID, tx.Now.UnixMilli())...)
	return err
}

// Person is one person as the audience may see them: the coach everything, the others
// names, pronouns, language and zone. The zero Audience finds nobody.
func (s *Store) Person(ctx context.Context, aud Audience, id ids.ID) (Person, error) {
	return loadPerson(ctx, s.cb.Reader(), aud, id)
}

func loadPerson(ctx context.Context, q casebook.Querier, aud Audience, id ids.ID) (Person, error) {
	var p Person
	var created int64
	var year sql.NullInt64
	coach := aud.IsCoach()
	err := q.QueryRowContext(ctx, `SELECT id, given_name, family_name, name_order, latin_name, say_name, pronouns, language, zone, archived, deleted, created_at,
 iif(?1, birth_year, NULL), iif(?1, email, ''), iif(?1, phone, ''), iif(?1, safe_channel, ''), iif(?1, safe_when, ''), iif(?1, safe_message, ''), iif(?1, safe_note, ''), iif(?1, safe_shared, '')
 FROM person WHERE id = ?2 AND ?3`, coach, id, aud.isSomebody()).
		Scan(&p.ID, &p.Given, &p.Family, &p.Order, &p.Latin, &p.Say, &p.Pronouns, &p.Language, &p.Zone, &p.Archived, &p.Deleted, &created,
			&year, &p.Email, &p.Phone, &p.Safe.Channel, &p.Safe.When, &p.Safe.Message, &p.Safe.Note, &p.Safe.Shared)
	p.CreatedAt, p.BirthYear = AtMillis(created), int(year.Int64)
	return p, found(err)
}

// isSomebody says whether names may be seen at all.
func (a Audience) isSomebody() bool {
	switch a.reader {
	case Us, A, B, CoachView:
		return true
	}
	return false
}

// UpdatePerson loads a person, lets change edit it and stores it, in one transaction.
func (s *Store) UpdatePerson(ctx context.Context, id ids.ID, change func(*Person) error) error {
	return s.cb.Write(ctx, "person.edit", func(tx *casebook.Tx) error {
		p, err := loadPerson(ctx, tx, Audience{reader: CoachView}, id)
		if err != nil {
			return err
		}
		if err := change(&p); err != nil {
			return err
		}
		return storePerson(tx, p)
	})
}

func storePerson(tx *casebook.Tx, p Person) error {
	p.clean()
	if err := p.Validate(); err != nil {
		return err
	}
	set := strings.ReplaceAll(personColumns, ",", " = ?,") + " = ?"
	return one(tx.Exec(`UPDATE person SET `+set+` WHERE id = ?`, append(p.values(), p.ID)...))
}

// FillPerson gives somebody known what was not known of them yet; what is known stays.
func FillPerson(tx *casebook.Tx, id ids.ID, said Person) error {
	p, err := loadPerson(tx.Context(), tx, Audience{reader: CoachView}, id)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		known *string
		said  string
	}{
		{&p.Given, said.Given},
		{&p.Family, said.Family},
		{&p.Latin, said.Latin},
		{&p.Say, said.Say},
		{&p.Pronouns, said.Pronouns},
		{&p.Language, said.Language},
		{&p.Zone, said.Zone},
		{&p.Email, said.Email},
		{&p.Phone, said.Phone},
		{&p.Safe.Channel, said.Safe.Channel},
		{&p.Safe.When, said.Safe.When},
		{&p.Safe.Message, said.Safe.Message},
		{&p.Safe.Note, said.Safe.Note},
		{&p.Safe.Shared, said.Safe.Shared},
	} {
		*f.known = cmp.Or(*f.known, f.said)
	}
	p.BirthYear = cmp.Or(p.BirthYear, said.BirthYear)
	return storePerson(tx, p)
}

// ArchivePerson puts a person aside without loss, or brings them back.
func (s *Store) ArchivePerson(ctx context.Context, id ids.ID, archived bool) error {
	return s.flag(ctx, "person.archive", "person", "archived", id, archived)
}

// DeletePerson moves a person to the recycle bin. A record they are in stays and shows
// a neutral label in their place.
func (s *Store) DeletePerson(ctx context.Context, id ids.ID) error {
	return s.flag(ctx, "person.delete", "person", "deleted", id, true)
}

// RestorePerson undoes DeletePerson.
func (s *Store) RestorePerson(ctx context.Context, id ids.ID) error {
	return s.flag(ctx, "person.restore", "person", "deleted", id, false)
}

// Namesake is somebody who already has a name, and the records they are in.
type Namesake struct {
	PersonID ids.ID
	Name     Name
	CoupleID ids.ID // zero for somebody in no record
	Title    string // the names of that record
	Kind     Kind
	Archived bool
}

// Namesakes are the people who already have the name, the Latin form included, once for
// each record they are in. Two people may well have one name: it is a warning, not a
// rule. Only the coach is told. except is left out (the person being edited).
func (s *Store) Namesakes(ctx context.Context, aud Audience, name Name, except ids.ID) ([]Namesake, error) {
	if name.IsEmpty() || !aud.IsCoach() {
		return nil, nil
	}
	return s.people(ctx, except, name.Same)
}

// People are the persons whose name contains each word of the text, at most limit, once
// for each record they are in, for choosing somebody who is already known. Only the
// coach is told.
func (s *Store) People(ctx context.Context, aud Audience, query string, limit int) ([]Namesake, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	match := Matcher(query)
	n := 0
	return s.people(ctx, ids.Nil, func(name Name) bool {
		if n >= limit || !match(name.Given, name.Family, name.Latin) {
			return false
		}
		n++
		return true
	})
}

func (s *Store) people(ctx context.Context, except ids.ID, want func(Name) bool) ([]Namesake, error) {
	rows, err := s.cb.Reader().QueryContext(ctx, `SELECT p.id, p.given_name, p.family_name, p.name_order, p.latin_name, p.archived, c.id, coalesce(c.kind, ''),
 coalesce(o.given_name, ''), coalesce(o.family_name, ''), coalesce(o.name_order, ''), coalesce(o.latin_name, ''), c.a_id IS p.id
 FROM person p LEFT JOIN couple c ON (c.a_id = p.id OR c.b_id = p.id) AND c.deleted = 0
 LEFT JOIN person o ON o.id = iif(c.a_id = p.id, c.b_id, c.a_id) AND o.deleted = 0
 WHERE p.deleted = 0 ORDER BY p.id, c.id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Namesake
	for rows.Next() {
		var n Namesake
		var other Name
		var isA bool
		if err := rows.Scan(&n.PersonID, &n.Name.Given, &n.Name.Family, &n.Name.Order, &n.Name.Latin, &n.Archived, &n.CoupleID, &n.Kind,
			&other.Given, &other.Family, &other.Order, &other.Latin, &isA); err != nil {
			return nil, err
		}
		if n.PersonID == except || !want(n.Name) {
			continue
		}
		if !n.CoupleID.IsZero() {
			a, b := n.Name, other
			if !isA {
				a, b = b, a
			}
			n.Title = Title(n.Kind, a, b)
		}
		out = append(out, n)
	}
	return out, rows.Err()
}

// Title is what a record is called: the names of those in it, each as they wish.
func Title(k Kind, a, b Name) string {
	first := a.Full()
	if first == "" {
		first = PartnerLabel(SlotA, k)
	}
	if k == KindSingle {
		return first
	}
	second := b.Full()
	if second == "" {
		second = PartnerLabel(SlotB, k)
	}
	return first + " & " + second
}

// Matcher is a test of whether each word of the query stands in one of the texts, by Fold. No
// word matches everything.
func Matcher(query string) func(texts ...string) bool {
	words := strings.Fields(Fold(query))
	return func(texts ...string) bool {
		if len(words) == 0 {
			return true
		}
		all := Fold(strings.Join(texts, "\n"))
		for _, w := range words {
			if !strings.Contains(all, w) {
				return false
			}
		}
		return true
	}
}
