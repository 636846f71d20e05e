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
	"name":                          text.P("field.name", "Name"),
	"zone":                          text.P("field.zone", "Time zone"),
	"birth_year":                    text.P("field.birth_year", "Year of birth"),
	"email":                         text.P("field.email", "E-mail"),
	"phone":                         text.P("field.phone", "Telephone"),
	"safe_channel safe_when safe_message safe_note safe_shared": text.P("field.safe", "Safe contact"),
	"archived":       text.P("field.archived", "Archived"),
	"deleted":        text.P("field.deleted", "In the recycle bin"),
	"status":         text.P("field.status", "Status"),
	"together_since": text.P("field.since", "Together since"),
	"stage":          text.P("field.stage", "Stage"),
	"stage_at":       text.P("field.stage_at", "Stage since"),
	"kind":           text.P("field.kind", "Kind"),
	"tag":            text.P("field.tag", "Tag"),
	"place":          text.P("field.place", "Place"),
	"minutes":        text.P("field.minutes", "Minutes"),
	"starts_at":      text.P("field.starts_at", "Starts at"),
	"topic":          text.P("field.topic", "Topic"),
	"body":           text.P("field.body", "Text"),
	"review_on":      text.P("field.review_on", "Look at it again on"),
	"visibility":     text.P("field.visibility", "Who may see it"),
	"purpose":        text.P("field.purpose", "Signed"),
	"state":          text.P("field.state", "State"),
})

// KindWords is what a person calls a record of a table.
func KindWords(table string) string {
	if p, ok := kinds[table]; ok {
		return p.String()
	}
	return strings.ReplaceAll(table, "_", " ")
}

var kinds = text.Phrases(map[string]text.Phrase{
	"couple":                           text.P("bin.couple", "Record"),
	"person":                           text.P("bin.person", "Person"),
	"enquiry":                          text.P("bin.enquiry", "Enquiry"),
	"discovery_call":                   text.P("bin.call", "Discovery call"),
	"engagement":                       text.P("bin.engagement", "Engagement"),
	"session attendance":               text.P("bin.session", "Session"),
	"note note_field note_rev":         text.P("bin.note", "Note"),
	"addendum":                         text.P("bin.addendum", "Addendum"),
	"couple_tag":                       text.P("bin.tag", "Tag"),
	"engagement_coach":                 text.P("bin.engagement_coach", "Coach of an engagement"),
	"release":                          text.P("bin.release", "Release"),
	"signature":                        text.P("bin.signature", "Signature"),
	"safety_screen":                    text.P("bin.screen", "Safety screen"),
	"stage_change":                     text.P("bin.stage", "Stage"),
	"visibility_change":                text.P("bin.visibility", "Who may see it"),
	"report_made":                      text.P("bin.report", "Report"),
	"administration":                   text.P("bin.quiz", "Quiz"),
	"assignment":                       text.P("bin.practice", "Practice"),
	"practice_log":                     text.P("bin.log", "Practice log"),
	"conversation conversation_answer": text.P("bin.conversation", "Conversation"),
	"couple_agreement":                 text.P("bin.agreement", "Agreement"),
	"noted_condition":                  text.P("bin.condition", "What to be careful about"),
	"attachment":                       text.P("bin.file", "File"),
	"letter":                           text.P("bin.letter", "Letter"),
})
