package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/text"
)

// SubjectIndex says in plain words what is in the file of a person, and what is not.
func SubjectIndex(f *rights.File, workspace string) Document {
	d := Document{Title: text.T("subject.title", "What is kept about you"), Tone: chart.Plain, Author: workspace, Date: f.On, Language: "en"}
	facts := []KeyValue{{text.T("report.prepared_for", "Prepared for"), Escape(f.Name)}, {text.T("subject.day", "As it was on"), f.On.Words()}}
	if workspace != "" {
		facts = append(facts, KeyValue{text.T("report.prepared_by", "Prepared by"), Escape(workspace)})
	}
	h := func(s string) Heading { return Heading{Level: 1, Text: s, Tone: d.Tone} }
	d.Blocks = append(d.Blocks, Cover{Title: d.Title, Subtitle: f.On.Words(), Facts: facts, Tone: d.Tone},
		Paragraph{Lead: true, Text: text.T("subject.lead", "This folder holds what your coach keeps about you: this overview, everything as data (data.json), what you gave yourself as tables (the files that end in .csv), and what was decided about texts that are also about somebody else (decisions.csv).")})
	counts, names := map[string]int{}, []string{}
	for _, e := range f.Entries {
		if e.Shown != rights.Included && e.Shown != rights.Changed {
			continue
		}
		if counts[e.What]++; counts[e.What] == 1 {
			names = append(names, e.What)
		}
	}
	slices.Sort(names)
	rows := [][]string{}
	for _, n := range names {
		rows = append(rows, []string{n, fmt.Sprint(counts[n])})
	}
	d.Blocks = append(d.Blocks, h(text.T("subject.what", "What is in it")), Table{Columns: []Column{{Head: text.T("rights.c_kind", "Kind"), Weight: 3}, {Head: text.T("rights.c_count", "How many"), Align: Right}}, Rows: rows})
	d.Blocks = append(d.Blocks, h(text.T("subject.texts", "The texts")))
	for _, e := range f.Entries {
		if e.Text == "" || e.Shown != rights.Included && e.Shown != rights.Changed {
			continue
		}
		d.Blocks = append(d.Blocks, Heading{Level: 3, Text: e.What + "  ·  " + e.On.Words(), Tone: d.Tone}, Paragraph{Text: Escape(e.Text)})
	}
	d.Blocks = append(d.Blocks, h(text.T("subject.not", "What is not in it")))
	var out []string
	if n := f.Count(rights.Waiting) + f.Count(rights.LeftOut); n > 0 {
		out = append(out, text.T("subject.left", "%d texts that are also about somebody else. They are listed by day in decisions.csv.", n))
	}
	out = append(out, text.T("subject.sealed", "What another coach wrote for their own eyes, which nobody else can read."), text.T("subject.other", "What is somebody else's alone."))
	d.Blocks = append(d.Blocks, Bullets{Items: out}, h(text.T("subject.done", "What was done with it")))
	lines := [][]string{}
	for _, t := range f.Traces {
		lines = append(lines, []string{t.At.Format("2006-01-02"), string(t.Kind)})
	}
	if len(lines) == 0 {
		d.Blocks = append(d.Blocks, Paragraph{Text: text.T("subject.nothing", "Nothing left the house, and nobody else was shown it.")})
	} else {
		d.Blocks = append(d.Blocks, Table{Columns: []Column{{Head: text.T("subject.on", "On")}, {Head: text.T("subject.did", "What was done"), Weight: 3}}, Rows: lines})
	}
	d.Blocks = append(d.Blocks, h(text.T("subject.rights", "What you can ask for")), Paragraph{Text: text.T("subject.rights_text", "You can ask that something is put right, that nothing new is done with it, that you get what you gave in a form that other programs read, or that it is erased. You can also complain to the authority for data protection where you live.")})
	return d
}

// SubjectFiles are the files of the folder by their names, which say nothing of whom.
func SubjectFiles(f *rights.File) (map[string][]byte, error) {
	data, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{"data.json": append(data, '\n')}
	by := map[string][]rights.Entry{}
	for _, e := range f.Entries {
		if e.Provided && e.Shown == rights.Included {
			by[e.Table] = append(by[e.Table], e)
		}
	}
	for tbl, entries := range by {
		cols := map[string]bool{}
		for _, e := range entries {
			for c := range e.Values {
				cols[c] = true
			}
		}
		head := slices.Sorted(maps.Keys(cols))
		rows := [][]string{append([]string{"id", "on"}, head...)}
		for _, e := range entries {
			r := []string{e.ID.String(), string(e.On)}
			for _, c := range head {
				r = append(r, cellOf(e.Values[c]))
			}
			rows = append(rows, r)
		}
		if out[tbl+".csv"], err = csvOf(rows); err != nil {
			return nil, err
		}
	}
	rows := [][]string{{"id", "kind", "on", "decision", "why"}}
	for _, e := range f.Entries {
		if e.Why != "own" {
			rows = append(rows, []string{e.ID.String(), e.What, string(e.On), string(e.Shown), e.Why})
		}
	}
	if out["decisions.csv"], err = csvOf(rows); err != nil {
		return nil, err
	}
	rows = [][]string{{"at", "kind", "table", "item", "was", "became"}}
	for _, t := range f.Traces {
		rows = append(rows, []string{t.At.Format("2006-01-02T15:04:05Z07:00"), string(t.Kind), t.Table, t.ItemID.String(), t.Was, t.Became})
	}
	out["audit.csv"], err = csvOf(rows)
	return out, err
}

// cellOf is a value as a spreadsheet takes it: what would be a formula there is a text.
func cellOf(v any) string {
	if v == nil {
		return ""
	}
	s := fmt.Sprint(v)
	if _, isText := v.(string); isText && s != "" && bytes.ContainsAny([]byte(s[:1]), "=+-@\t\r") {
		return "'" + s
	}
	return s
}

func csvOf(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	err := w.WriteAll(rows)
	return b.Bytes(), err
}
