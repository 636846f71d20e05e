package rights

import (
	"context"
	"database/sql"
	"slices"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/text"
)

// table is what erasure and the subject file have to know of one.
type table struct {
	casebook.Rule
	cols  []string
	texts []string // columns of TEXT
}

func (t *table) has(col string) bool { return slices.Contains(t.cols, col) }

// schema reads the tables whose rows are about somebody.
func schema(ctx context.Context, q casebook.Querier) ([]*table, error) {
	rules, err := casebook.Rules(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []*table
	for _, r := range rules {
		if r.Erase == "none" || r.Audience == casebook.Keys {
			continue
		}
		t := &table{Rule: r}
		err := casebook.Each(ctx, q, func(r *sql.Rows) error {
			var name, kind string
			if err := r.Scan(&name, &kind); err != nil {
				return err
			}
			t.cols = append(t.cols, name)
			if kind == "TEXT" {
				t.texts = append(t.texts, name)
			}
			return nil
		}, `SELECT name, type FROM pragma_table_info(?) ORDER BY cid`, r.Table)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// freeTexts are the columns of a table in which somebody wrote freely, what stands in the
// place of all of them first. Of a table that is not named here they are known by their names.
var freeTexts = map[string][]string{
	"couple": {"status", "together_since"}, "couple_tag": {"tag"}, "enquiry": {"message", "next_step"}, "discovery_call": {"reason", "sheet"}, "stage_change": {"reason"},
	"joint_override": {"reason"}, "assignment": {"cue", "reason"}, "conversation": {"topic"}, "conversation_answer": {"value"},
	"couple_agreement": {"body"}, "letter": {"body"}, "addendum": {"body"}, "note_field": {"body"}, "practice_log": {"noticed", "next_change", "obstacle"},
	"session": {}, "note": {}, "note_rev": {}, "engagement": {}, "report_made": {}, "administration": {}, "attendance": {}, "person": {}, "safety_screen": {"body", "reason"},
	"noted_condition": {"condition"}, "signature": {"way"}, "release": {"way"},
}

// textNames are how columns of free text are called.
var textNames = []string{"body", "text", "note", "notes", "reason", "message", "topic", "title", "name", "details", "plan", "words", "why", "outcome"}

func (t *table) free() []string {
	if l, ok := freeTexts[t.Table]; ok {
		return l
	}
	var out []string
	for _, c := range textNames {
		if slices.Contains(t.texts, c) {
			out = append(out, c)
		}
	}
	return out
}

// goesWhole says whether nothing is left of a row of the table without its free text.
func (t *table) goesWhole() bool {
	switch t.Table {
	case "note_field", "addendum", "conversation_answer", "couple_agreement", "letter", "couple_tag":
		return true
	case "discovery_call", "assignment", "conversation", "session":
		return false
	}
	return t.has("subject")
}

// names are what a row is called for a person who does not know tables.
var names = text.Phrases(map[string]text.Phrase{
	"person": text.P("rights.t_person", "Name and contact"), "couple": text.P("rights.t_couple", "About the couple"), "couple_tag": text.P("rights.t_tag", "Tag"),
	"enquiry": text.P("rights.t_enquiry", "Enquiry"), "discovery_call": text.P("rights.t_call", "Discovery call"), "stage_change": text.P("rights.t_stage", "Stage"),
	"signature": text.P("rights.t_signature", "Signature"), "release": text.P("rights.t_release", "Release"), "safety_screen": text.P("rights.t_screen", "Safety talk"),
	"joint_override": text.P("rights.t_override", "Reason for joint work"), "session": text.P("rights.t_session", "Session"), "attendance": text.P("rights.t_attendance", "Attendance"),
	"note note_field": text.P("rights.t_note", "Note"), "addendum": text.P("rights.t_addendum", "Addendum"), "administration": text.P("rights.t_quiz", "Quiz"),
	"assignment": text.P("rights.t_assignment", "Practice"), "practice_log": text.P("rights.t_log", "Practice log"), "conversation": text.P("rights.t_conversation", "Conversation"),
	"conversation_answer": text.P("rights.t_answer", "Answer in a conversation"), "couple_agreement": text.P("rights.t_agreement", "Agreement"),
	"noted_condition": text.P("rights.t_condition", "What to be careful about"), "letter": text.P("rights.t_letter", "Letter"), "report_made": text.P("rights.t_report", "Report made"),
	"subject_request request_step": text.P("rights.t_request", "Request"), "visibility_change": text.P("rights.t_visibility", "Who may see it"), "engagement": text.P("rights.t_engagement", "Engagement"),
})

// Name is what a row of a table is called.
func Name(tbl string) string {
	if p, ok := names[tbl]; ok {
		return p.String()
	}
	return text.T("rights.t_other", "Record")
}
