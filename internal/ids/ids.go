// Package ids holds the identifier of every row in a casebook: a UUIDv7, sixteen
// bytes in the database, the usual text form everywhere a person or a file sees it.
package ids

import (
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// ID names one row for ever, on every computer. The zero value names nothing and
// is stored as NULL.
type ID [16]byte

// Nil is the zero ID.
var Nil ID

// Parse reads the text form. An empty text is the zero ID.
func Parse(s string) (ID, error) {
	if s == "" {
		return Nil, nil
	}
	u, err := uuid.Parse(s)
	if err != nil {
		return Nil, fmt.Errorf("%q is not an id", s)
	}
	return ID(u), nil
}

// List reads ids that stand one after another; what is none is passed over.
func List(s string) []ID {
	var out []ID
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' }) {
		if id, err := Parse(f); err == nil && !id.IsZero() {
			out = append(out, id)
		}
	}
	return out
}

// IsZero says whether the ID names nothing.
func (id ID) IsZero() bool { return id == Nil }

// String is the usual 36-character form, empty for the zero ID.
func (id ID) String() string {
	if id.IsZero() {
		return ""
	}
	return uuid.UUID(id).String()
}

// MarshalText lets JSON and maps carry the text form.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (id *ID) UnmarshalText(b []byte) error {
	v, err := Parse(string(b))
	*id = v
	return err
}

// Value stores sixteen bytes, or NULL for the zero ID.
func (id ID) Value() (driver.Value, error) {
	if id.IsZero() {
		return nil, nil
	}
	return id[:], nil
}

// Scan reads what Value stored.
func (id *ID) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*id = Nil
		return nil
	case []byte:
		if len(v) == 16 {
			copy(id[:], v)
			return nil
		}
		return fmt.Errorf("an id has 16 bytes, not %s", hex.EncodeToString(v))
	}
	return fmt.Errorf("an id cannot be read from %T", src)
}
