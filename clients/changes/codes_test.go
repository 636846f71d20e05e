package changes_test

import (
	"database/sql"
	"regexp"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/internal/casebook"
)

// TestTheHistoryShowsNoCodes goes over every column of every table: what is stored as a
// code, known or not, is shown as words, unless it is what somebody wrote.
func TestTheHistoryShowsNoCodes(t *testing.T) {
	d := newDesk(t)
	written := regexp.MustCompile(`^(.*_name|[ab]_(given|family)|pronouns|language|zone|email|phone|safe_.*|status|tag|source|message|next_step|reason|place|body|topic|value|cue|size|noticed|next_change|who|way|supervisor|name|text_version|programme)$`)
	defaults := map[string]bool{} // the codes that a row begins with
	rules, err := casebook.Rules(ctx, d.cb.Reader())
	if err != nil {
		t.Fatal(err)
	}
	columns := 0
	for _, r := range rules {
		type column struct{ Name, Default string }
		cols, err := casebook.Collect(ctx, d.cb.Reader(), func(r *sql.Rows, c *column) error { return r.Scan(&c.Name, &c.Default) },
			"SELECT name, coalesce(trim(dflt_value, ''''), '') FROM pragma_table_info(?)", r.Table)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cols {
			columns++
			if w := changes.FieldWords(c.Name); strings.Contains(w, "_") {
				t.Errorf("%s.%s is called %q", r.Table, c.Name, w)
			}
			if written.MatchString(c.Name) {
				if got := changes.ValueWords(c.Name, "date_night"); got != "date_night" {
					t.Errorf("%s.%s: what somebody wrote reads %q", r.Table, c.Name, got)
				}
				continue
			}
			if got := changes.ValueWords(c.Name, "some_new_code"); strings.Contains(got, "_") {
				t.Errorf("%s.%s shows %q", r.Table, c.Name, got)
			}
			if got := changes.ValueWords(c.Name, `{"made_by": "some_one", "list": ["a_b", 2, true]}`); strings.ContainsAny(got, `_{}"[]`) {
				t.Errorf("%s.%s shows %q", r.Table, c.Name, got)
			}
			defaults[c.Default] = true
			if got := changes.ValueWords(c.Name, c.Default); strings.Contains(got, "_") {
				t.Errorf("%s.%s shows %q", r.Table, c.Name, got)
			}
		}
	}
	if columns < 200 || len(defaults) < 10 {
		t.Errorf("only %d columns and the codes %v", columns, defaults)
	}
	for field, want := range map[string]string{"name_order given_first": "given name first", "visibility coach_only": "for coaches alone", "kind joint": "joint session", "visibility joint": "for both", "archived 1": "yes", "stage no_show": "Did not come", "reader joint": "both"} {
		f, v, _ := strings.Cut(field, " ")
		if got := changes.ValueWords(f, v); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
}
