package reports

import (
	"fmt"
	"slices"

	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
)

// groundWords are the grounds on which something was kept.
var groundWords = text.Phrases(map[string]text.Phrase{
	rights.LegalClaim:      text.P("rights.ground_claim", "a legal claim"),
	rights.LegalObligation: text.P("rights.ground_obligation", "a legal obligation"),
	rights.Safeguarding:    text.P("rights.ground_safety", "somebody's safety"),
})

// GroundWords is a ground as people read it.
func GroundWords(ground string) string {
	if p, ok := groundWords[ground]; ok {
		return p.String()
	}
	return text.T("rights.ground_other", "another ground")
}

// Certificate is what can be handed out about an erasure: when, how much, what was kept and
// on which ground, and what the coach did by hand. It says nothing of whom. The files left are
// how many backups could not be written anew.
func Certificate(e rights.Erasure, workspace string, on day.Day, left int) Document {
	d := Document{Title: text.T("rights.certificate", "Certificate of erasure"), Tone: chart.Plain, Author: workspace, Date: on, Language: "en", ID: e.ID.String()[:8]}
	facts := []KeyValue{
		{text.T("rights.c_number", "Number"), e.ID.String()},
		{text.T("rights.c_day", "Erased on"), day.Of(e.At).Words()},
		{text.T("rights.c_rows", "Records erased"), fmt.Sprint(e.Counts.All())},
		{text.T("rights.c_redacted", "Texts about both, redacted"), fmt.Sprint(e.Counts.Redacted)},
	}
	if workspace != "" {
		facts = append(facts, KeyValue{text.T("report.prepared_by", "Prepared by"), Escape(workspace)})
	}
	d.Blocks = append(d.Blocks, Cover{Title: d.Title, Subtitle: on.Words(), Facts: facts, Tone: d.Tone})
	d.Blocks = append(d.Blocks, Heading{Level: 1, Text: text.T("rights.c_what", "What was erased"), Tone: d.Tone})
	kinds := map[string]int{}
	var names []string
	for tbl, n := range e.Counts.Erased {
		name := rights.Name(tbl)
		if kinds[name] == 0 {
			names = append(names, name)
		}
		kinds[name] += n
	}
	slices.Sort(names)
	rows := [][]string{}
	for _, n := range names {
		rows = append(rows, []string{n, fmt.Sprint(kinds[n])})
	}
	d.Blocks = append(d.Blocks, Table{Columns: []Column{{Head: text.T("rights.c_kind", "Kind"), Weight: 3}, {Head: text.T("rights.c_count", "How many"), Align: Right}}, Rows: rows},
		Paragraph{Text: text.T("rights.c_physical", "They were taken out of the casebook, its search index and its log, out of the shared folder, and out of every backup that this computer can reach. Another computer or an older copy of this casebook erases the same as soon as it is opened beside them.")})
	if left > 0 {
		d.Blocks = append(d.Blocks, Paragraph{Text: text.T("rights.c_left", "%d backups could not be written anew. They have to be destroyed by hand.", left)})
	}
	d.Blocks = append(d.Blocks, Heading{Level: 1, Text: text.T("rights.c_kept", "What was kept, and why"), Tone: d.Tone})
	var kept []string
	for _, g := range []string{rights.LegalClaim, rights.LegalObligation, rights.Safeguarding} {
		if n := e.Counts.Kept[g]; n > 0 {
			kept = append(kept, text.T("rights.c_kept_line", "%d records because of %s", n, GroundWords(g)))
		}
	}
	if e.Counts.Left > 0 {
		kept = append(kept, text.T("rights.c_left_line", "%d texts about both that say nothing of the person", e.Counts.Left))
	}
	if len(kept) == 0 {
		kept = []string{text.T("rights.c_nothing", "Nothing.")}
	}
	d.Blocks = append(d.Blocks, Bullets{Items: kept}, Heading{Level: 1, Text: text.T("rights.c_hand", "What a program cannot reach"), Tone: d.Tone})
	tasks := [][]string{}
	for _, t := range e.Tasks {
		done := text.T("rights.c_open", "not yet")
		if !t.Done.IsZero() {
			done = t.Done.Words()
		}
		tasks = append(tasks, []string{rights.TaskWords(t.Name), done})
	}
	d.Blocks = append(d.Blocks, Table{Columns: []Column{{Head: text.T("rights.c_task", "To be done by hand"), Weight: 4}, {Head: text.T("rights.c_done", "Done on")}}, Rows: tasks})
	return d
}
