package changes

import (
	"strings"

	"github.com/couplet-app/couplet/internal/text"
)

// FieldWords is what a person calls a value of a record.
func FieldWords(field string) string {
	switch field {
	case "given_name", "a_given", "b_given":
		return text.T("field.given", "Given name")
	case "family_name", "a_family", "b_family":
		return text.T("field.family", "Family name")
	case "name_order":
		return text.T("field.name_order", "Order of the names")
	case "latin_name":
		return text.T("field.latin", "Name in Latin letters")
	case "say_name":
		return text.T("field.say", "How to say the name")
	case "pronouns":
		return text.T("field.pronouns", "Pronouns")
	case "language":
		return text.T("field.language", "Language")
	case "zone":
		return text.T("field.zone", "Time zone")
	case "birth_year":
		return text.T("field.birth_year", "Year of birth")
	case "email":
		return text.T("field.email", "E-mail")
	case "phone":
		return text.T("field.phone", "Telephone")
	case "safe_channel", "safe_when", "safe_message", "safe_note":
		return text.T("field.safe", "Safe contact")
	case "archived":
		return text.T("field.archived", "Archived")
	case "deleted":
		return text.T("field.deleted", "In the recycle bin")
	case "status":
		return text.T("field.status", "Status")
	case "together_since":
		return text.T("field.since", "Together since")
	case "stage":
		return text.T("field.stage", "Stage")
	case "stage_at":
		return text.T("field.stage_at", "Stage since")
	case "kind":
		return text.T("field.kind", "Kind")
	case "tag":
		return text.T("field.tag", "Tag")
	case "visibility":
		return text.T("field.visibility", "Who may see it")
	case "purpose":
		return text.T("field.purpose", "Signed")
	case "state":
		return text.T("field.state", "State")
	}
	return strings.ReplaceAll(field, "_", " ")
}
