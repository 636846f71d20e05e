package vault

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"
)

// ErrRecoveryText says that a recovery key was mistyped: its length, a character or
// its checksum is off. It is told apart from a recovery key that opens nothing.
var ErrRecoveryText = errors.New("this is not a complete recovery key")

const (
	recoverySize   = 32
	recoveryCheck  = 3 // bytes of checksum
	recoveryGroups = 8
	recoveryGroup  = 7 // characters in a group: 8 × 7 × 5 bits = 35 bytes
)

// crockford is Douglas Crockford's base 32: no I, L, O or U.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

func recoverySum(key []byte) []byte {
	sum := sha256.Sum256(append([]byte(label("recovery checksum")), key...))
	return sum[:recoveryCheck]
}

// formatRecovery writes a recovery key as people copy it: eight groups of seven
// characters, checksum included.
func formatRecovery(key []byte) string {
	text := crockford.EncodeToString(append(append(make([]byte, 0, recoverySize+recoveryCheck), key...), recoverySum(key)...))
	groups := make([]string, recoveryGroups)
	for i := range groups {
		groups[i] = text[i*recoveryGroup : (i+1)*recoveryGroup]
	}
	return strings.Join(groups, "-")
}

// CheckRecovery says whether text is a whole recovery key, without any casebook. Its
// error is ErrRecoveryText.
func CheckRecovery(text string) error {
	_, err := parseRecovery(text)
	return err
}

// parseRecovery reads a recovery key, whatever its case, dashes and spaces; O is read
// as 0, I and L as 1.
func parseRecovery(text string) ([]byte, error) {
	clean := strings.Map(func(r rune) rune {
		switch r {
		case '-', ' ', '\t', '\r', '\n', '\u00a0', '\u2010', '\u2011', '\u2013', '\u2014':
			return -1
		case 'O', 'o':
			return '0'
		case 'I', 'i', 'L', 'l':
			return '1'
		}
		return r
	}, text)
	raw, err := crockford.DecodeString(strings.ToUpper(clean))
	if err != nil || len(clean) != recoveryGroups*recoveryGroup || len(raw) != recoverySize+recoveryCheck {
		return nil, ErrRecoveryText
	}
	key := raw[:recoverySize]
	if string(recoverySum(key)) != string(raw[recoverySize:]) {
		return nil, ErrRecoveryText
	}
	return key, nil
}
