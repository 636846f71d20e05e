package casebooktest

import (
	"fmt"
	"maps"
	"strings"

	"github.com/couplet-app/couplet/internal/ids"
)

// cell is what a row gets in a column.
type cell func(p *Planted, r row, column string) any

type skipped struct{}

// skip leaves a column to its default.
var skip any = skipped{}

// The cells. A token is a word with the Lantern before it, a bare word, a number, a day,
// or a day as a time.
func words(p *Planted, r row, column string) any { return Lantern + " " + bare(p, r, column).(string) }

func bare(p *Planted, r row, column string) any {
	w := p.word()
	p.note(r, column, w)
	return w
}

func number(p *Planted, r row, column string) any {
	n := p.number()
	p.note(r, column, fmt.Sprint(n))
	return n
}

func aDay(p *Planted, r row, column string) any {
	d, forms := p.day()
	p.note(r, column, d.Format("2006-01-02"), forms...)
	return d.Format("2006-01-02")
}

func aTime(p *Planted, r row, column string) any {
	d, forms := p.day()
	p.note(r, column, d.Format("2006-01-02"), forms...)
	return d.UnixMilli()
}

// within is a word inside a document, where %s stands.
func within(format string) cell {
	return func(p *Planted, r row, column string) any {
		return strings.Replace(format, "%s", words(p, r, column).(string), 1)
	}
}

// typed is a text, or what is filled in and holds one.
func typed(p *Planted, r row, column string) any {
	if strings.HasSuffix(r.name, filledIn) {
		return within(`{"Topic": "", "Answers": [{"Key": "", "Value": "%s"}]}`)(p, r, column)
	}
	return words(p, r, column)
}

const filledIn = ", filled in"

// digest is a content of which nothing has come.
func digest(_ *Planted, r row, _ string) any { return fmt.Sprintf("%064x", r.id[:]) }

func always(v any) cell { return func(*Planted, row, string) any { return v } }

func unset(*Planted, row, string) any { return skip }

func couple(_ *Planted, r row, _ string) any { return r.couple }

func coach(p *Planted, _ row, _ string) any { return p.coach }

// by is a value that follows from whose the row is.
func by(a, b, both any) cell {
	return func(_ *Planted, r row, _ string) any {
		switch r.subject {
		case "A":
			return a
		case "B":
			return b
		}
		return both
	}
}

func personOf(p *Planted, r row, _ string) any {
	if r.subject == "B" {
		if r.couple == p.Other {
			return p.person
		}
		return p.B
	}
	return p.A
}

func quiz(of func(Quiz) string) cell {
	return func(p *Planted, _ row, _ string) any { return of(p.quiz) }
}

// must is for what every row brings by itself.
func must(p *Planted, r row, column string) any {
	p.err = fmt.Errorf("%s.%s is not set for %s", r.table, column, r.name)
	return nil
}

// coachOnly are columns that tell less than their row may show: the coach's own words
// about it.
var coachOnly = map[string]bool{
	"assignment.reason": true, "note_rev.was": true, "draft.body": true, "draft.at": true,
	"administration.seconds": true, // where somebody else's answers are shown
}

// noContent are tables without content of clients, and those of the index and of
// SQLite itself.
func noContent(table string) bool {
	switch table {
	case "setting", "coach", "coach_way", "coach_access", "coach_role", "record_access", "engagement_coach", "consent_text", "referral_contact", "note_lock", "erasure", "note_open", "brought", "device", "schema_rule", "schema_version",
		"erasure_task", "retention_log", "erase_due", "share_local", "share_seen", "share_out", "share_file", "share_stub", "share_content", "share_epoch", // nothing of clients
		"row_clock", "col_clock", "history", "action", "search_doc": // written by triggers and by merging, from what is planted
		return true
	}
	return strings.HasPrefix(table, "search_fts") || strings.HasPrefix(table, "sqlite_")
}

// columns says what is planted in each column of each table with content of clients.
func columns() map[string]map[string]cell {
	self := func(m map[string]cell) map[string]cell {
		m["subject"], m["visibility"], m["sensitivity"] = must, must, must
		return m
	}
	all := map[string]map[string]cell{
		"person": {
			"given_name": words, "family_name": bare, "name_order": always("given_first"), "latin_name": bare, "say_name": bare, "pronouns": bare, "language": bare, "zone": bare,
			"birth_year": number, "email": bare, "phone": bare, "safe_channel": bare, "safe_when": bare, "safe_message": bare, "safe_note": words, "safe_shared": bare, "archived": always(0),
		},
		"couple":     {"kind": always("couple"), "a_id": must, "b_id": must, "status": words, "together_since": bare, "stage": bare, "stage_at": aTime, "archived": always(0)},
		"couple_tag": {"couple_id": couple, "tag": bare},
		"engagement": {"couple_id": couple, "intent": always("grow"), "secrets_policy": always("no_secrets"), "programme": always("reignite-4"), "started_on": always("1980-01-01"), "ended_on": always(""), "paused": always(0)},
		"enquiry": {
			"received_at": aTime, "source": bare, "kind": always("couple"), "booked_by": always("a"), "a_given": words, "a_family": bare, "b_given": bare, "b_family": bare,
			"details": within(`{"a": {"latin_name": "%s"}}`), "message": words, "intent": bare, "coach_id": coach, "call_at": aTime, "next_step": words, "next_on": aDay,
			"stage": always("enquiry"), "stage_at": aTime, "couple_id": must, "archived": always(0),
		},
		"discovery_call": self(map[string]cell{
			"enquiry_id": must, "couple_id": couple, "held_at": aTime, "minutes": number, "sheet": within(`{"reaction": "%s"}`), "decision": bare, "reason": words,
		}),
		"glass":             {"couple_id": couple, "coach_id": coach, "reason": words, "at": aTime},
		"stage_change":      {"enquiry_id": unset, "couple_id": couple, "stage": bare, "at": aTime, "coach_id": coach, "reason": words},
		"signature":         {"couple_id": couple, "person_id": personOf, "purpose": always("records"), "state": always("given"), "text_version": bare, "language": bare, "signed_on": aDay, "way": words, "replaces": unset, "engagement_id": unset, "decision": words},
		"release":           {"couple_id": couple, "partner": must, "item_id": must, "scope": must, "state": must, "given_on": must, "expires_on": must, "way": words, "replaces": unset},
		"safety_screen":     self(map[string]cell{"couple_id": couple, "person_id": personOf, "outcome": always("clear"), "held_on": aDay, "body": words, "supervisor": bare, "reason": words, "replaces": unset, "answers": within(`{"afraid": {"said": "yes", "words": "%s"}}`)}),
		"joint_override":    {"couple_id": couple, "reason": words, "until": aDay, "coach_id": coach},
		"visibility_change": {"couple_id": couple, "tbl": always("letter"), "item_id": must, "was": bare, "visibility": bare, "replaces": unset, "coach_id": coach, "at": aTime, "reason": words},
		"session": self(map[string]cell{
			"couple_id": couple, "kind": by("individual", "individual", "joint"), "starts_at": aTime, "zone": bare, "minutes": number, "mode": bare, "place": words, "state": always("held"),
		}),
		"attendance": {"session_id": must, "person_id": personOf, "coach_id": unset, "state": always("present"), "mode": bare},
		"note": {
			"couple_id": couple, "session_id": unset, "template": always("brief-contact"), "template_version": number, "coach_id": coach, "about": by("A", "B", "both"), "written_at": aTime, "zone": bare,
		},
		"note_field": self(map[string]cell{"note_id": must, "key": bare, "position": number, "head": must, "sealed_to": unset}),
		"note_rev":   {"note_id": must, "field_id": must, "parents": must, "body": words, "coach_id": coach, "at": aTime},
		"draft":      {"note_id": must, "field_id": must, "body": typed, "at": aTime, "follows": unset, "sealed_to": unset},
		"addendum":   self(map[string]cell{"note_id": must, "field_id": unset, "body": words, "coach_id": coach, "at": aTime, "sealed_to": unset}),
		"administration": self(map[string]cell{
			"couple_id": couple, "person_id": personOf, "instrument": quiz(func(q Quiz) string { return q.ID }), "version": quiz(func(q Quiz) string { return q.Version }), "definition_hash": quiz(func(q Quiz) string { return q.Hash }),
			"taken_at": aTime, "zone": bare, "mode": bare, "keyed_by": coach, "seconds": number, "answers": quiz(func(q Quiz) string { return q.Answers }), "picks": always("[]"), "locked_at": always(1), "replaces": unset,
		}),
		"assignment": self(map[string]cell{
			"couple_id": couple, "practice": bare, "practice_version": always("1"), "target": by("A", "B", "both"), "cue": words, "size": bare, "cadence": within(`{"text": "%s", "times": 1, "every": "week"}`), "times": always(1),
			"starts_on": aDay, "ends_on": always(""), "state": always("active"), "reason": words,
		}),
		"practice_log": self(map[string]cell{
			"assignment_id": must, "couple_id": couple, "partner": must, "used_on": aDay, "used_at": aTime, "zone": bare, "minutes": number, "result": always("done"), "helpfulness": number, "difficulty": number, "obstacle": bare, "noticed": words, "next_change": bare,
		}),
		"conversation":        self(map[string]cell{"couple_id": couple, "held_at": aTime, "zone": bare, "topic": words, "step": number, "state": always("held")}),
		"conversation_answer": self(map[string]cell{"conversation_id": must, "couple_id": couple, "key": bare, "partner": by("A", "B", ""), "value": words}),
		"couple_agreement":    self(map[string]cell{"couple_id": couple, "conversation_id": unset, "session_id": unset, "body": words, "who": bare, "agreed_on": aDay, "review_on": aDay, "state": always("in_force")}),
		"noted_condition":     self(map[string]cell{"couple_id": couple, "person_id": personOf, "condition": bare, "since_on": aDay, "over": always(0)}),
		"scope_check":         self(map[string]cell{"couple_id": couple, "checked_on": aDay, "signs": within(`["%s"]`), "outcome": bare, "body": words, "sessions": number, "coach_id": coach}),
		"referral":            self(map[string]cell{"couple_id": couple, "person_id": personOf, "contact_id": unset, "to_whom": words, "reason": words, "referred_on": aDay, "outcome": bare, "outcome_on": aDay, "note": words}),
		"safety_step":         self(map[string]cell{"couple_id": couple, "step": bare, "done_on": aDay, "who": words, "note": words}),
		"disclosure_plan":     {"couple_id": couple, "note_id": must, "state": bare, "by_on": aDay, "coach_id": coach, "replaces": unset},
		"separation":          {"couple_id": couple, "state": always("together"), "on_day": aDay, "coach_id": coach, "replaces": unset},
		"person_merge":        {"from_id": must, "into_id": must, "state": always("two"), "coach_id": coach, "replaces": unset},
		"letter":              self(map[string]cell{"couple_id": couple, "reader": must, "body": words, "written_on": aDay}),
		"attachment":          self(map[string]cell{"couple_id": couple, "holder_tbl": always(""), "holder_id": unset, "name": words, "media": bare, "size": number, "content": digest, "coach_id": coach, "at": aTime}),
		"report_made":         self(map[string]cell{"couple_id": couple, "reader": by("a", "b", "joint"), "from_on": aDay, "to_on": aDay, "report_on": aDay, "report_no": bare, "sha256": bare, "pages": number, "sections": bare, "releases": bare, "instruments": bare}),
		"trace":               {"kind": always("safety.viewed"), "couple_id": couple, "person_id": unset, "tbl": bare, "item_id": unset, "was": bare, "became": bare, "coach_id": coach, "at": aTime},
		"export_made":         {"kind": always("report"), "reader": bare, "couple_id": couple, "person_id": unset, "item_id": unset, "code": bare, "sha256": bare, "name": words, "coach_id": coach, "at": aTime, "deleted_on": aDay},
		"lost":                {"tbl": must, "id": must, "col": must, "value": words, "hlc": must, "dev": must},
	}
	maps.Copy(all, rightsColumns())
	for table, m := range all {
		if table != "draft" && table != "lost" {
			m["id"] = func(_ *Planted, r row, _ string) any { return r.id }
			m["created_at"], m["deleted"] = always(Start.UnixMilli()), always(0)
		}
	}
	return all
}

// people makes both couples: A and B, and the same A with somebody else.
func (p *Planted) people() {
	p.Couple, p.Other = ids.New(), ids.New()
	p.A = p.put(row{table: "person", couple: p.Couple, subject: "A", name: "A"})
	p.B = p.put(row{table: "person", couple: p.Couple, subject: "B", name: "B"})
	p.person = p.put(row{table: "person", couple: p.Other, name: "of another couple"})
	for _, c := range []struct {
		couple, b ids.ID
		name      string
	}{{p.Couple, p.B, "the couple"}, {p.Other, p.person, "of another couple"}} {
		p.put(row{table: "couple", id: c.couple, couple: c.couple, name: c.name, set: map[string]any{"a_id": p.A, "b_id": c.b}})
		p.put(row{table: "couple_tag", couple: c.couple, name: c.name})
		p.put(row{table: "engagement", couple: c.couple, name: c.name})
		p.put(row{table: "stage_change", couple: c.couple, name: c.name})
		for _, kind := range []string{", not saved yet", filledIn} {
			p.put(row{table: "draft", couple: c.couple, name: c.name + kind, set: map[string]any{"note_id": c.couple, "field_id": ids.New()}})
		}
		p.put(row{table: "trace", couple: c.couple, name: c.name})
		p.put(row{table: "export_made", couple: c.couple, name: c.name})
		p.put(row{table: "joint_override", couple: c.couple, name: c.name})
		p.put(row{table: "separation", couple: c.couple, name: c.name})
		p.put(row{table: "person_merge", couple: c.couple, name: c.name, set: map[string]any{"from_id": c.b, "into_id": p.A}})
		p.put(row{table: "glass", couple: c.couple, name: c.name})
		p.put(row{table: "visibility_change", couple: c.couple, name: c.name, set: map[string]any{"item_id": ids.New()}})
		p.put(row{table: "enquiry", couple: c.couple, name: c.name, set: map[string]any{"couple_id": c.couple}})
		for _, s := range []string{"A", "B"} {
			r := row{table: "signature", couple: c.couple, subject: s, name: "signed by " + s}
			if c.couple == p.Couple {
				r.readers = []string{strings.ToLower(s)}
			} else {
				r.name = c.name + ", " + r.name
			}
			p.put(r)
			asked := "asked by " + s
			if c.couple == p.Other && s == "B" {
				asked = c.name + ", " + asked
			}
			request := p.put(row{table: "subject_request", couple: c.couple, subject: s, name: asked})
			p.put(row{table: "request_step", couple: c.couple, subject: s, name: asked, set: map[string]any{"request_id": request}})
			p.put(row{table: "restriction", couple: c.couple, subject: s, name: asked})
		}
		p.put(row{table: "hold", couple: c.couple, name: c.name})
		p.put(row{table: "redaction", couple: c.couple, name: c.name, set: map[string]any{"run_id": ids.New(), "item_id": ids.New()}})
	}
	p.put(row{table: "enquiry", couple: p.Other, name: "not a couple yet", set: map[string]any{"couple_id": nil}})
}

// records puts a row of a case in every table that has an audience of its own, with what
// belongs to each.
func (p *Planted) records(c testCase, of ids.ID, i int) {
	enquiry := p.put(row{table: "enquiry", couple: of, name: c.name, set: map[string]any{"couple_id": of, "deleted": 1}})
	for _, table := range []string{"safety_screen", "scope_check", "referral", "safety_step", "noted_condition", "couple_agreement", "report_made", "administration", "attachment"} {
		p.released(c, p.put(c.row(table, of, nil)), of)
	}
	p.released(c, p.put(c.row("discovery_call", of, map[string]any{"enquiry_id": enquiry})), of)
	session := c.row("session", of, nil)
	p.released(c, p.put(session), of)
	p.put(row{table: "attendance", couple: of, subject: c.subject, readers: session.readers, name: c.name, set: map[string]any{"session_id": session.id}})
	for _, reader := range []string{"a", "b", "joint"} {
		p.released(c, p.put(c.row("letter", of, map[string]any{"reader": reader})), of)
	}
	assignment := c.row("assignment", of, nil)
	p.released(c, p.put(assignment), of)
	conversation := c.row("conversation", of, nil)
	p.released(c, p.put(conversation), of)
	p.released(c, p.put(c.row("practice_log", of, map[string]any{"assignment_id": p.holder("assignment", of), "partner": c.partner(i)})), of)
	p.released(c, p.put(c.row("conversation_answer", of, map[string]any{"conversation_id": p.holder("conversation", of)})), of)
	p.writing(c, of)
	if of == p.Couple {
		p.Sessions = append(p.Sessions, session.id)
	}
}

// holder is a row for all readers that rows of narrower audiences belong to.
func (p *Planted) holder(table string, of ids.ID) ids.ID {
	key := table + of.String()
	if p.holders[key].IsZero() {
		c := testCase{subject: "both", visibility: "joint", sensitivity: "normal", name: "holder"}
		if of == p.Other {
			c.name = "of another couple"
		}
		p.holders[key] = p.put(c.row(table, of, nil))
	}
	return p.holders[key]
}

// writing is a note with one field that has an older text and a draft, and a note with
// nothing but an addendum for others than the coach.
func (p *Planted) writing(c testCase, of ids.ID) {
	field := c.row("note_field", of, nil)
	// Who reads the field reads of the note when it was written.
	note := p.put(row{table: "note", couple: of, subject: c.subject, readers: field.readers, name: c.name})
	p.put(row{table: "disclosure_plan", couple: of, name: c.name, set: map[string]any{"note_id": note}})
	older, head := ids.New(), ids.New()
	field.set["note_id"], field.set["head"] = note, head
	p.released(c, p.put(field), of)
	was := row{table: "note_rev", id: older, couple: of, name: c.name + ", before it was changed", set: map[string]any{"note_id": note, "field_id": field.id, "parents": ""}}
	p.put(was)
	p.put(row{table: "note_rev", id: head, couple: of, readers: field.readers, name: c.name, set: map[string]any{"note_id": note, "field_id": field.id, "parents": older.String()}})
	p.put(row{table: "draft", couple: of, name: c.name + ", not saved yet", set: map[string]any{"note_id": note, "field_id": field.id}})
	addendum := c.row("addendum", of, nil)
	added := p.put(row{table: "note", couple: of, subject: c.subject, readers: addendum.readers, name: c.name})
	addendum.set["note_id"] = added
	p.released(c, p.put(addendum), of)
	if of == p.Couple {
		p.Notes = append(p.Notes, note, added)
	}
}

// nested are rows that are open while what they belong to is not.
func (p *Planted) nested() {
	for _, visibility := range []string{"coach_only", "partner_B"} {
		closed := testCase{subject: "B", visibility: visibility, sensitivity: "normal", name: visibility}
		open := testCase{subject: "both", visibility: "joint", sensitivity: "normal", name: "joint, in what is " + visibility}
		of := map[string]ids.ID{}
		for _, table := range []string{"assignment", "conversation"} {
			of[table] = p.put(closed.row(table, p.Couple, nil))
		}
		for _, r := range []row{
			open.row("practice_log", p.Couple, map[string]any{"assignment_id": of["assignment"], "partner": "B"}),
			open.row("conversation_answer", p.Couple, map[string]any{"conversation_id": of["conversation"]}),
		} {
			r.readers = closed.readers(r.table)
			p.put(r)
		}
	}
}

// released gives the releases of a case for an item.
func (p *Planted) released(c testCase, item, of ids.ID) {
	for _, r := range c.releases {
		p.put(row{table: "release", couple: of, name: c.name, set: map[string]any{
			"item_id": item, "partner": r.partner, "scope": r.scope, "state": r.state, "given_on": r.given, "expires_on": r.expires,
		}})
	}
}

// rightsColumns are the tables of what clients ask for.
func rightsColumns() map[string]map[string]cell {
	return map[string]map[string]cell{
		"subject_request": {
			"person_id": personOf, "kind": always("access"), "received_on": aDay, "due_on": aDay, "extended": words, "identity": words, "identity_on": aDay, "state": always("open"), "done_on": always(""), "outcome": words,
		},
		"request_step": {"request_id": must, "step": always("identity"), "reason": words, "coach_id": coach, "at": aTime},
		"hold": {
			"person_id": unset, "couple_id": couple, "item_tbl": always(""), "item_id": unset, "state": always("off"), "reason": words, "ground": always("legal_claim"), "review_on": aDay, "replaces": unset, "coach_id": coach, "at": aTime,
		},
		"redaction":   {"run_id": must, "item_tbl": always("letter"), "item_id": must, "col": always("body"), "body": words},
		"restriction": {"person_id": personOf, "state": always("off"), "reason": words, "replaces": unset, "coach_id": coach, "at": aTime},
	}
}
