package casebook

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/internal/ids"
)

// reach says of a table how a row x belongs to a record, and so who of the practice may
// read it (rule PV-22). A table without a reach is the owner's alone.
type reach struct {
	// record is SQL for the id of the record of row x: a couple, or what stands for one.
	record string
	// of is for a row that is part of another one: the table of that, and the column that names it.
	of [2]string
	// open is for tables without content of clients: everybody here reads them.
	open bool
	// within is a table whose row must be readable, too, and SQL for its id.
	within [2]string
	// dispatch is for rows about rows of any table: tbl and id say which.
	dispatch bool
	// actions are for coaches: they say what kind of thing was done, and to nothing.
	actions bool
	// codes are the text columns that hold no words: names are not looked for in them.
	codes string
	// writes is who writes rows here besides those who see the record.
	writes writers
}

// writers is who may write into a table.
type writers int

const (
	coaches   writers = iota // coaches and the owner, in records that they see
	team                     // coaches and the owner: what is of no client
	owners                   // who manages the casebook
	ofOneself                // owners, and everybody of themselves
	lenders                  // coaches of the record and owners: not whom it was lent to
	breakers                 // coaches, in records that they do not see
	anybody                  // every account, of what they did: traces
	computers                // the program: what the computers that share tell each other
)

const access = "subject visibility sensitivity"

// reaches are the reaches of all tables that anybody but the owner reads from.
var reaches = map[string]reach{
	"schema_rule": {open: true, writes: owners}, "schema_version": {open: true, writes: owners}, "brought": {open: true, writes: owners}, "device": {open: true, writes: owners},
	"setting":      {open: true, writes: computers},
	"coach":        {open: true, writes: ofOneself},
	"coach_way":    {open: true, writes: ofOneself},
	"coach_access": {open: true, writes: owners},
	"coach_role":   {open: true, writes: owners},

	"consent_text":     {open: true, writes: team},
	"referral_contact": {open: true, writes: team},

	"person":           {record: "x.id", codes: "name_order language zone safe_channel safe_shared"},
	"couple":           {record: "x.id", codes: "kind stage"},
	"couple_tag":       {record: "x.couple_id"},
	"engagement":       {record: "x.couple_id", codes: "intent secrets_policy programme started_on ended_on"},
	"engagement_coach": {of: [2]string{"engagement", "engagement_id"}, writes: lenders}, // whom it was lent to does not make it theirs
	"record_access":    {record: "x.couple_id", codes: "kind from_on until_on state", writes: lenders},
	"glass":            {record: "x.couple_id", writes: breakers},

	"enquiry":        {record: "x.id"},
	"discovery_call": {record: "coalesce(x.couple_id, x.enquiry_id)", codes: access + " decision"},
	"stage_change":   {record: "coalesce(x.couple_id, x.enquiry_id)", codes: "stage"},

	"signature":         {record: "x.couple_id", codes: "purpose state text_version language signed_on"},
	"release":           {record: "x.couple_id", codes: "partner scope state given_on expires_on"},
	"safety_screen":     {record: "x.couple_id", codes: access + " outcome held_on"},
	"joint_override":    {record: "x.couple_id", codes: "until"},
	"visibility_change": {record: "x.couple_id", codes: "tbl was visibility"},

	"session":    {record: "x.couple_id", codes: access + " kind zone mode state"},
	"attendance": {of: [2]string{"session", "session_id"}, within: [2]string{"session", "x.session_id"}, codes: "state mode"},
	"note":       {record: "x.couple_id", codes: "template about zone"},
	"note_field": {of: [2]string{"note", "note_id"}, codes: access + " key"},
	"note_rev":   {of: [2]string{"note", "note_id"}, within: [2]string{"note_field", "x.field_id"}, codes: "parents"},
	"addendum":   {of: [2]string{"note", "note_id"}, codes: access},
	"note_lock":  {of: [2]string{"note", "note_id"}, codes: "covers"},
	"note_open":  {of: [2]string{"note", "note_id"}},
	"draft":      {of: [2]string{"note", "note_id"}, within: [2]string{"note_field", "x.field_id"}},

	"administration":      {record: "x.couple_id", codes: access + " instrument version definition_hash zone mode answers picks"},
	"assignment":          {record: "x.couple_id", codes: access + " practice practice_version target starts_on ends_on state"},
	"practice_log":        {record: "x.couple_id", within: [2]string{"assignment", "x.assignment_id"}, codes: access + " partner used_on zone result"},
	"conversation":        {record: "x.couple_id", codes: access + " zone state"},
	"conversation_answer": {record: "x.couple_id", within: [2]string{"conversation", "x.conversation_id"}, codes: access + " key partner"},
	"couple_agreement":    {record: "x.couple_id", codes: access + " agreed_on review_on state"},
	"noted_condition":     {record: "x.couple_id", codes: access + " condition since_on"},
	"letter":              {record: "x.couple_id", codes: access + " reader written_on"},
	"report_made":         {record: "x.couple_id", codes: access + " reader from_on to_on report_on report_no sha256 releases instruments"},

	"action":          {actions: true},
	"subject_request": {record: "x.person_id", codes: "kind received_on due_on identity_on state done_on"},
	"request_step":    {record: "(SELECT p.person_id FROM main.subject_request p WHERE p.id = x.request_id)", codes: "step"},
	"hold":            {record: "coalesce(x.couple_id, x.person_id)", codes: "item_tbl state review_on"},
	"restriction":     {record: "x.person_id", codes: "state"},
	"attachment":      {record: "x.couple_id", codes: access + " holder_tbl media content"},
	"disclosure_plan": {record: "x.couple_id", codes: "state by_on"},
	"scope_check":     {record: "x.couple_id", codes: access + " checked_on signs outcome"},
	"referral":        {record: "x.couple_id", codes: access + " referred_on outcome outcome_on"},
	"safety_step":     {record: "x.couple_id", codes: access + " step done_on"},
	"separation":      {record: "x.couple_id", codes: "state on_day"},
	"person_merge":    {record: "iif(couplet_sees(x.from_id), x.into_id, NULL)", codes: "state"},

	"trace":       {record: "x.couple_id", codes: "kind tbl was became", writes: anybody},
	"export_made": {record: "x.couple_id", codes: "kind reader code sha256 deleted_on", writes: anybody},

	"row_clock": {dispatch: true}, "col_clock": {dispatch: true}, "history": {dispatch: true}, "lost": {dispatch: true},
	"search_doc": {record: "coalesce(x.couple_id, (SELECT p.enquiry_id FROM main.discovery_call p WHERE p.id = x.row_id), x.row_id)", codes: access + " kind field"},
}

// ownersAlone are the tables that nobody but the owner reads, knowingly: what sharing keeps
// of this computer, and records of erasures.
var ownersAlone = []string{"share_local", "share_seen", "share_out", "share_file", "share_stub", "share_content", "share_epoch", "erasure", "redaction", "erasure_task", "retention_log", "erase_due"}

// recordOf is SQL for the record of row x.
func (r reach) recordOf() string {
	if r.of[0] != "" {
		return fmt.Sprintf("(SELECT p.couple_id FROM main.%s p WHERE p.id = x.%s)", r.of[0], r.of[1])
	}
	return r.record
}

// seen is SQL for whether the record of row x may be seen. Of what has parts it is
// remembered, so that the parts do not look it up again.
func (r reach) seen() string {
	if r.of[0] != "" {
		return fmt.Sprintf("coalesce(couplet_knows(x.%[1]s), couplet_learn(x.%[1]s, %[2]s))", r.of[1], r.recordOf())
	}
	return fmt.Sprintf("couplet_sees(%s)", r.record)
}

// names is what an assistant may read of a table: SQL for columns that say less than they
// hold, and a condition. A column that is not named here says nothing.
var names = map[string]struct {
	plain  string
	as     map[string]string
	within string
}{
	"person": {plain: "id given_name family_name name_order latin_name say_name pronouns language zone safe_channel safe_when safe_message safe_shared archived created_at deleted", as: map[string]string{
		// What somebody is to be careful about is the coach's to know; then the coach makes contact.
		"email": "iif(x.safe_channel IN ('', 'email') AND x.safe_note = '', x.email, '')",
		"phone": "iif(x.safe_channel IN ('', 'phone', 'text') AND x.safe_note = '', x.phone, '')",
	}},
	"couple":           {plain: "id kind a_id b_id archived created_at deleted"},
	"engagement":       {plain: "id couple_id started_on ended_on created_at deleted"},
	"engagement_coach": {plain: "id engagement_id coach_id created_at deleted"},
	"session":          {plain: "id couple_id kind starts_at zone minutes mode state subject visibility sensitivity created_at deleted", within: "x.sensitivity IN ('normal', 'sensitive')"},
	"search_doc":       {plain: "n kind row_id field couple_id at subject visibility sensitivity sum", within: "x.kind = 'couple'"},
}

// contact are columns of a person that a supervisor does not need.
var contact = []string{"email", "phone", "safe_shared", "safe_channel", "safe_when", "safe_message", "safe_note", "birth_year"}

// supervised are tables that a supervisor reads only as the named one of the record: what
// is in them is about safety, or about what somebody told alone.
var supervised = []string{"safety_screen", "joint_override", "disclosure_plan"}

// ours are tables that are no supervisor's: what coaches tell each other about access, and what
// is still being written.
var ours = []string{"glass", "draft", "trace", "export_made", "subject_request", "request_step", "hold"}

// column is one of a table's.
type column struct{ name, kind string }

func (c column) nothing() string {
	switch c.kind {
	case "TEXT":
		return "''"
	case "INTEGER", "REAL":
		return "0"
	}
	return "NULL"
}

// shadow is the view that stands before a table on the connections of an account.
func shadow(role, table string, cols []column, numbers map[string]int64) string {
	sel, where := make([]string, len(cols)), "0"
	for i, c := range cols {
		sel[i] = "x." + c.name
	}
	r, known := reaches[table]
	switch {
	case !known:
	case r.open, r.actions && role == "coach":
		where = "1"
	case r.actions:
	case role == "assistant":
		where = forAssistant(table, cols, sel)
	case r.dispatch && role == "coach":
		where = dispatch(numbers)
	case r.dispatch:
		if role == "supervisor" && strings.HasSuffix(table, "_clock") { // what stood there before is no supervisor's
			where = dispatch(numbers)
		}
	case role == "coach":
		where = r.seen()
	case role == "supervisor" && !slices.Contains(ours, table):
		where = forSupervisor(table, r, cols, sel)
	}
	for i, c := range cols {
		if sel[i] != "x."+c.name {
			sel[i] += " AS " + c.name
		}
	}
	return fmt.Sprintf("CREATE TEMP VIEW %s AS SELECT %s FROM main.%s x WHERE %s", table, strings.Join(sel, ", "), table, where)
}

func forAssistant(table string, cols []column, sel []string) string {
	n, ok := names[table]
	if !ok {
		return "0"
	}
	plain := strings.Fields(n.plain)
	for i, c := range cols {
		if as, ok := n.as[c.name]; ok {
			sel[i] = as
		} else if !slices.Contains(plain, c.name) {
			sel[i] = c.nothing()
		}
	}
	if n.within != "" {
		return n.within
	}
	return "1"
}

func forSupervisor(table string, r reach, cols []column, sel []string) string {
	record, where := r.recordOf(), r.seen()
	if slices.Contains(supervised, table) {
		where += fmt.Sprintf(" AND couplet_named(%s)", record)
	}
	if table == "search_doc" { // enquiries are the coaches'
		where += " AND x.kind <> 'enquiry'"
	}
	codes := strings.Fields(r.codes)
	for i, c := range cols {
		switch {
		case c.name == "sensitivity":
			where += fmt.Sprintf(" AND (x.sensitivity IN ('normal', 'sensitive') OR couplet_named(%s))", record)
		case table == "person" && slices.Contains(contact, c.name):
			sel[i] = c.nothing()
		case table == "person" && c.name == "given_name":
			sel[i] = "iif(couplet_veiled(x.id), couplet_alias(x.id), x.given_name)"
		case table == "person" && (c.name == "family_name" || c.name == "latin_name" || c.name == "say_name"):
			sel[i] = fmt.Sprintf("iif(couplet_veiled(x.id), '', x.%s)", c.name)
		case c.kind == "TEXT" && !slices.Contains(codes, c.name):
			sel[i] = fmt.Sprintf("iif(couplet_veiled(%[1]s), couplet_veil(%[1]s, x.%[2]s), x.%[2]s)", record, c.name)
		}
	}
	if r.within[0] != "" {
		where += fmt.Sprintf(" AND EXISTS (SELECT 1 FROM %s w WHERE w.id = %s)", r.within[0], r.within[1])
	}
	return where
}

// dispatch asks for rows about rows of any table whether that row is seen.
func dispatch(numbers map[string]int64) string {
	var b strings.Builder
	b.WriteString("CASE x.tbl")
	for _, t := range slices.Sorted(maps.Keys(numbers)) {
		switch r, ok := reaches[t]; {
		case ok && r.open:
			fmt.Fprintf(&b, " WHEN %d THEN 1", numbers[t])
		case ok:
			fmt.Fprintf(&b, " WHEN %d THEN EXISTS (SELECT 1 FROM %s w WHERE w.id = x.id)", numbers[t], t)
		}
	}
	b.WriteString(" ELSE 0 END")
	return b.String()
}

// guards are the triggers that keep an account from writing where it may not. They are the
// connection's, and ask nothing of what a merge brings.
func guards(role, table string, manages bool, me ids.ID) []string {
	const stamped = "couplet_mode() IN (0, 1, 4)"
	r, known := reaches[table]
	no := func(name, event, when, what string) string {
		return fmt.Sprintf("CREATE TEMP TRIGGER gate_%s_%s BEFORE %s ON main.%s WHEN %s AND NOT (%s) BEGIN SELECT RAISE(ABORT, 'couplet: %s'); END", table, name, event, table, stamped, when, what)
	}
	oneself := fmt.Sprintf("x'%x'", me[:])
	sees := func(row string) string {
		return fmt.Sprintf("couplet_sees(%s)", strings.ReplaceAll(r.recordOf(), "x.", row+"."))
	}
	insert, update, what := "0", "0", "not yours to change"
	switch {
	case !known && (strings.HasPrefix(table, "share_") || strings.HasPrefix(table, "search_") || table == "erase_due"): // this computer's own
		return nil
	case !known: // nobody said who writes there: the owner
	case r.dispatch || r.actions || table == "search_doc" || table == "note_open": // the program's own
		return nil
	case r.writes == anybody:
		insert = "NEW.coach_id = " + oneself
		if role == "coach" {
			update = sees("OLD")
		}
	case r.writes == computers:
		insert = "NEW.name LIKE 'device.%'"
		update = insert
	case manages && (r.writes == owners || r.writes == ofOneself):
		return nil
	case table == "coach":
		update = "NEW.id = " + oneself + " AND NEW.role = OLD.role AND NEW.deleted = OLD.deleted"
	case table == "coach_way":
		insert = "NEW.coach_id = " + oneself
		update = insert + " AND OLD.coach_id = " + oneself
	case role != "coach":
		what = "this account only reads"
	case r.writes == team:
		return nil
	case r.writes == lenders:
		own := func(row string) string { return strings.Replace(sees(row), "couplet_sees", "couplet_own", 1) }
		insert, what = own("NEW"), "this record is not yours to give"
		if table == "engagement_coach" {
			update = own("OLD") + " AND " + own("NEW")
		}
	case r.writes == breakers:
		insert = "NEW.coach_id = " + oneself
	case table == "person":
		insert, update = "1", sees("OLD")
	case table == "couple":
		joins := "(NEW.a_id IS NULL OR couplet_sees(NEW.a_id)) AND (NEW.b_id IS NULL OR couplet_sees(NEW.b_id))"
		insert, update = joins, joins+" AND "+sees("OLD")
	case table == "enquiry":
		insert, update = "1", sees("OLD")
	case r.recordOf() != "":
		insert, update, what = sees("NEW"), sees("OLD")+" AND "+sees("NEW"), "not yours to change"
	}
	if what == "not yours to change" && r.recordOf() != "" {
		what = "this record is closed to you"
	}
	out := []string{no("i", "INSERT", insert, what), no("u", "UPDATE", update, what)}
	if role == "coach" && (table == "person" || table == "couple" || table == "enquiry") {
		out = append(out, fmt.Sprintf("CREATE TEMP TRIGGER gate_%s_a AFTER INSERT ON main.%s WHEN %s BEGIN SELECT couplet_add(NEW.id); END", table, table, stamped))
	}
	return out
}
