package changes

import (
	"strings"

	"github.com/couplet-app/couplet/internal/text"
)

// FieldWords is what a person calls a value of a record.
func FieldWords(field string) string {
	if p, ok := fields[field]; ok {
		return p.String()
	}
	return strings.ReplaceAll(field, "_", " ")
}

var fields = text.Phrases(map[string]text.Phrase{
	"given_name a_given b_given":    text.P("field.given", "Given name"),
	"family_name a_family b_family": text.P("field.family", "Family name"),
	"name_order":                    text.P("field.name_order", "Order of the names"),
	"latin_name":                    text.P("field.latin", "Name in Latin letters"),
	"say_name":                      text.P("field.say", "How to say the name"),
	"pronouns":                      text.P("field.pronouns", "Pronouns"),
	"language":                      text.P("field.language", "Language"),
	"zone":                          text.P("field.zone", "Time zone"),
	"birth_year":                    text.P("field.birth_year", "Year of birth"),
	"email":                         text.P("field.email", "E-mail"),
	"phone":                         text.P("field.phone", "Telephone"),
	"safe_channel safe_when safe_message safe_note": text.P("field.safe", "Safe contact"),
	"archived":       text.P("field.archived", "Archived"),
	"deleted":        text.P("field.deleted", "In the recycle bin"),
	"status":         text.P("field.status", "Status"),
	"together_since": text.P("field.since", "Together since"),
	"stage":          text.P("field.stage", "Stage"),
	"stage_at":       text.P("field.stage_at", "Stage since"),
	"kind":           text.P("field.kind", "Kind"),
	"tag":            text.P("field.tag", "Tag"),
	"visibility":     text.P("field.visibility", "Who may see it"),
	"purpose":        text.P("field.purpose", "Signed"),
	"state":          text.P("field.state", "State"),
})
