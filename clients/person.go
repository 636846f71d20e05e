package clients

import (
	"errors"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// NameOrder is which name a person puts first.
type NameOrder string

// The orders of names.
const (
	GivenFirst  NameOrder = "given_first"
	FamilyFirst NameOrder = "family_first"
)

// MaxName is how many characters one part of a name may have.
const MaxName = 200

// Name is how a person is called. Everybody who may see the record may see it.
type Name struct {
	Given, Family string
	Order         NameOrder // empty is GivenFirst
	Latin         string    // the whole name as the person writes it in Latin letters
}

// SafeContact is how a person may be reached without risk. The coach alone sees it.
type SafeContact struct {
	Channel string // "", phone, text, email, post, other
	When    string // in the coach's words: "weekdays 10 to 15"
	Message string // may a message be left: "", yes, no
	Shared  string // which addresses others read too: email, phone, post, blank between
	Note    string
}

// Person is anyone coached. Name, Say, Pronouns, Language and Zone may be seen by the
// partner too; BirthYear, Email, Phone and Safe by the coach alone.
type Person struct {
	ID ids.ID
	Name
	Say       string // how to say the name
	Pronouns  string
	Language  string // BCP 47, such as "nl"
	Zone      string // IANA name, such as "Europe/Amsterdam"
	BirthYear int    // 0 is unknown
	Email     string
	Phone     string
	Safe      SafeContact
	Archived  bool
	Deleted   bool
	CreatedAt time.Time
}

// Full is the whole name in the order the person wishes, "" without any name. Names
// wholly in scripts that put no space between family and given name get none.
func (n Name) Full() string {
	given, family := OneLine(n.Given), OneLine(n.Family)
	first, second := given, family
	if n.Order == FamilyFirst {
		first, second = family, given
	}
	switch {
	case first == "" && second == "":
		return OneLine(n.Latin)
	case first == "" || second == "":
		return first + second
	case n.Order == FamilyFirst && unspaced(first) && unspaced(second):
		return first + second
	}
	return first + " " + second
}

// Short is what to call the person: the given name, or what there is instead.
func (n Name) Short() string {
	if g := OneLine(n.Given); g != "" {
		return g
	}
	return n.Full()
}

// SortKey is what lists are sorted by: the Latin form where there is one.
func (n Name) SortKey() string {
	if l := OneLine(n.Latin); l != "" {
		return l
	}
	return n.Full()
}

// IsEmpty says whether no part of the name is known.
func (n Name) IsEmpty() bool { return n.Full() == "" }

// keys are what two people of the same name have in common: NFKC, case-folded, the
// parts in alphabetical order, so that the order of names makes no difference.
func (n Name) keys() []string {
	var out []string
	for _, s := range []string{n.Given + " " + n.Family, n.Latin} {
		if k := nameKey(s); k != "" {
			out = append(out, k)
		}
	}
	return out
}

func nameKey(s string) string {
	parts := strings.Fields(Fold(s))
	sort.Strings(parts)
	return strings.Join(parts, " ")
}

// Same says whether two names are the same to a reader of lists, the Latin form included.
func (n Name) Same(o Name) bool {
	for _, a := range n.keys() {
		for _, b := range o.keys() {
			if a == b {
				return true
			}
		}
	}
	return false
}

// Fold is s as it is compared: NFKC and case-folded.
func Fold(s string) string {
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))
}

// OneLine is s without line breaks and control characters, without spaces around it.
func OneLine(s string) string {
	clean := true
	for _, r := range s {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			clean = false
			break
		}
	}
	if clean {
		return strings.TrimSpace(s)
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// unspaced says whether all of s is in a script that writes names without a space.
func unspaced(s string) bool {
	for _, r := range s {
		if !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			return false
		}
	}
	return s != ""
}

// clean brings every text of p to the form in which it is stored.
func (p *Person) clean() {
	for _, f := range []*string{&p.Given, &p.Family, &p.Latin, &p.Say, &p.Pronouns, &p.Language, &p.Zone, &p.Email, &p.Phone, &p.Safe.Channel, &p.Safe.When, &p.Safe.Message, &p.Safe.Shared} {
		*f = OneLine(*f)
	}
	p.Safe.Note = strings.TrimSpace(p.Safe.Note)
	if p.Order == "" {
		p.Order = GivenFirst
	}
}

// Validate returns one fault for each field that cannot be stored. A person without
// a name is allowed: an enquiry may not have told it yet.
func (p Person) Validate() error {
	var errs []error
	bad := func(field, sentence string) { errs = append(errs, fault.Input(field, sentence)) }
	for _, f := range []struct{ field, value string }{{"given_name", p.Given}, {"family_name", p.Family}, {"latin_name", p.Latin}, {"say_name", p.Say}, {"pronouns", p.Pronouns}} {
		if utf8.RuneCountInString(f.value) > MaxName {
			bad(f.field, text.T("clients.too_long", "This has room for %d characters.", MaxName))
		}
	}
	if p.Order != "" && p.Order != GivenFirst && p.Order != FamilyFirst {
		bad("name_order", text.T("clients.name_order", "Choose which name comes first."))
	}
	if p.Language != "" {
		if _, err := language.Parse(p.Language); err != nil {
			bad("language", text.T("clients.language", "This language is not known. Write it like Dutch, or its code like nl or zh-CN."))
		}
	}
	if err := CheckZone(p.Zone); err != nil {
		bad("zone", text.T("clients.zone", "This time zone is not known. Write it like Europe/Amsterdam."))
	}
	if p.BirthYear != 0 && (p.BirthYear < 1900 || p.BirthYear > 2100) {
		bad("birth_year", text.T("clients.birth_year", "Write the year of birth with four digits."))
	}
	switch e := OneLine(p.Email); {
	case utf8.RuneCountInString(e) > 254:
		bad("email", text.T("clients.too_long", "This has room for %d characters.", 254))
	case e != "" && (!strings.Contains(strings.Trim(e, "@"), "@") || strings.ContainsAny(e, " \t")):
		bad("email", text.T("clients.email", "An e-mail address looks like name@example.org."))
	}
	if utf8.RuneCountInString(p.Phone) > 50 {
		bad("phone", text.T("clients.too_long", "This has room for %d characters.", 50))
	}
	return errors.Join(append(errs, p.Safe.Validate())...)
}

// Validate returns one fault for each field that cannot be stored.
func (s SafeContact) Validate() error {
	var errs []error
	switch s.Channel {
	case "", "phone", "text", "email", "post", "other":
	default:
		errs = append(errs, fault.Input("safe_channel", text.T("clients.safe_channel", "Choose how this person may be reached.")))
	}
	for _, a := range strings.Fields(s.Shared) {
		if a != "email" && a != "phone" && a != "post" {
			errs = append(errs, fault.Input("safe_shared", text.T("clients.safe_shared", "Choose which addresses somebody else reads too.")))
			break
		}
	}
	switch s.Message {
	case "", "yes", "no":
	default:
		errs = append(errs, fault.Input("safe_message", text.T("clients.safe_message", "Say whether a message may be left: yes or no.")))
	}
	return errors.Join(errs...)
}

// CheckZone says whether zone is the name of a time zone; no zone is fine.
func CheckZone(zone string) error {
	if zone == "" {
		return nil
	}
	if zone == "Local" {
		return errors.New("the zone of this computer has no name")
	}
	_, err := time.LoadLocation(zone)
	return err
}
