package portable_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/portable"
	"github.com/couplet-app/couplet/internal/search"
	"github.com/couplet-app/couplet/sessions"
)

var ctx = context.Background()

// lived makes a casebook in which things happened: edits, a deletion, a lock, odd texts.
func lived(t *testing.T) *casebook.Casebook {
	t.Helper()
	cb := casebooktest.New(t)
	people, notes := clients.New(cb), sessions.New(cb, nil)
	couple, err := people.CreateCouple(ctx, clients.NewCouple{
		A: &clients.Person{Name: clients.Name{Given: `Zoë "Z" <&>`, Family: "王\u2028晓梅"}}, B: &clients.Person{Name: clients.Name{Given: "Łukasz"}},
	})
	must(t, err)
	c, err := people.Couple(ctx, clients.For(clients.CoachView, "2026-11-22"), couple)
	must(t, err)
	for _, phone := range []string{"+44 7700 900001", "+44 7700 900002"} {
		must(t, people.UpdatePerson(ctx, c.A, func(p *clients.Person) error { p.Phone = phone; return nil }))
	}
	note, err := notes.QuickNote(ctx, couple, clients.A, "lantern\n\ttab \\ \"quote\" \x01 😀", cb.Now(), "Europe/Berlin")
	must(t, err)
	must(t, notes.LockNote(ctx, note))
	_, err = notes.AddAddendum(ctx, note, "", clients.Access{Subject: clients.SubjectA, Visibility: clients.PartnerA, Sensitivity: clients.Normal}, "lantern, later")
	must(t, err)
	must(t, cb.Write(ctx, "test", func(tx *casebook.Tx) error { // as a merge leaves it
		_, err := tx.Exec(`INSERT INTO lost (tbl, id, col, value, hlc, dev) SELECT r.num, ?, 'phone', '+44 7700 900009', 7, d.n FROM schema_rule r, device d WHERE r.tbl = 'person' AND r.col = '*' AND d.own = 1`, c.A)
		return err
	}))
	gone, err := notes.QuickNote(ctx, couple, clients.Us, "harbour", cb.Now(), "UTC")
	must(t, err)
	must(t, notes.DeleteNote(ctx, gone))
	must(t, cb.Write(ctx, "test", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO erasure (id, item_tbl, item_id, ground) VALUES (?, 'note', ?, 'asked for')`, ids.New(), ids.New())
		return err
	}))
	must(t, cb.Write(ctx, "test", func(tx *casebook.Tx) error { // bytes that are no text
		_, err := tx.Exec(`UPDATE person SET say_name = CAST(x'ff0061' AS TEXT) WHERE id = ?`, c.A)
		return err
	}))
	return cb
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func export(t *testing.T, cb *casebook.Casebook) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, portable.Export(ctx, cb, &b))
	return b.Bytes()
}

// empty makes casebooks to import into; making one costs a third of a second.
func empty(t testing.TB) *casebook.Casebook {
	t.Helper()
	cb, _, err := casebook.CreateEmpty(ctx, filepath.Join(t.TempDir(), "in.couplet"), casebook.New{Passphrase: casebooktest.Passphrase, KDF: vault.FloorKDF}, casebook.Options{Now: casebooktest.Start.Local})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cb.Close(); err != nil {
			t.Error(err)
		}
	})
	return cb
}

func TestExportImportExportGivesTheSameBytes(t *testing.T) {
	cb := lived(t)
	first := export(t, cb)
	if !bytes.Equal(first, export(t, cb)) {
		t.Fatal("two exports differ")
	}
	in := empty(t)
	must(t, portable.Import(ctx, in, bytes.NewReader(first)))
	if d := cmp.Diff(strings.Split(string(first), "\n"), strings.Split(string(export(t, in)), "\n")); d != "" {
		t.Fatal(d)
	}
	found, err := in.Check(ctx, nil, sessions.VerifyLocks)
	must(t, err)
	for _, f := range found {
		t.Errorf("%s: %s", f.Area, f.Text)
	}
	for reader, want := range map[clients.Reader]int{clients.CoachView: 2, clients.A: 2, clients.B: 0, clients.Us: 0} {
		res, err := search.Query(ctx, in.Reader(), clients.For(reader, "2026-11-22").GateOn, "lantern", search.Options{})
		must(t, err)
		if res.Total != want {
			t.Errorf("%s finds %d after the import, want %d", reader, res.Total, want)
		}
	}
	if in.Device() == cb.Device() {
		t.Error("the import is the same device")
	}
	if in.Coach() != cb.Coach() {
		t.Error("the import has another owner")
	}
}

func TestWorkGoesOnAfterAnImport(t *testing.T) {
	cb := lived(t)
	in := empty(t)
	must(t, portable.Import(ctx, in, bytes.NewReader(export(t, cb))))
	var couple ids.ID
	must(t, in.Reader().QueryRowContext(ctx, `SELECT id FROM couple`).Scan(&couple))
	_, err := sessions.New(in, nil).QuickNote(ctx, couple, clients.CoachView, "afterwards", in.Now(), "UTC")
	must(t, err)
	var last, before int64
	must(t, in.Reader().QueryRowContext(ctx, `SELECT max(hlc) FROM action`).Scan(&last))
	must(t, cb.Reader().QueryRowContext(ctx, `SELECT max(hlc) FROM row_clock`).Scan(&before))
	if last <= before {
		t.Errorf("the clock %d does not follow what was imported (%d)", last, before)
	}
	var orphan ids.ID
	err = in.Write(ctx, "test", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO couple_tag (id, couple_id, tag) VALUES (?, ?, 'x')`, ids.New(), ids.New())
		return err
	})
	if err == nil {
		t.Errorf("references are not checked any more (%v)", orphan)
	}
	again := empty(t)
	must(t, portable.Import(ctx, again, bytes.NewReader(export(t, in))))
}

func TestWhatTheFileHoldsAndWhatNot(t *testing.T) {
	cb := lived(t)
	var couple ids.ID
	must(t, cb.Reader().QueryRowContext(ctx, `SELECT id FROM couple`).Scan(&couple))
	notes := sessions.New(cb, nil)
	n, err := notes.Start(ctx, clients.For(clients.CoachView, "2026-11-22"), sessions.NewNote{Couple: couple, Template: "brief-contact", At: cb.Now(), Zone: "UTC"})
	must(t, err)
	_, err = notes.SaveDraft(ctx, n, "content", "unfinished-draft-token")
	must(t, err)
	b := export(t, cb)
	if bytes.Contains(b, []byte("unfinished-draft-token")) {
		t.Error("a draft is in the export")
	}
	if bytes.Contains(b, []byte("\r")) || !bytes.HasSuffix(b, []byte("}\n")) {
		t.Error("lines do not end as they should")
	}
	var doc struct {
		About       map[string]any   `json:"about"`
		Actions     []map[string]any `json:"actions"`
		Attachments []any            `json:"attachments"`
		History     []map[string]any `json:"history"`
		Lost        []map[string]any `json:"lost"`
		Tables      map[string][]struct {
			Clock map[string]any `json:"clock"`
			Row   map[string]any `json:"row"`
		} `json:"tables"`
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	must(t, d.Decode(&doc))
	if len(doc.Actions) == 0 || doc.Attachments == nil || len(doc.History) == 0 || len(doc.Tables["erasure"]) != 1 || len(doc.Tables["note_lock"]) != 1 || len(doc.Tables["note"]) != 3 {
		t.Errorf("%d actions, %v attachments, %d history, %d erasures, %d locks, %d notes", len(doc.Actions), doc.Attachments, len(doc.History), len(doc.Tables["erasure"]), len(doc.Tables["note_lock"]), len(doc.Tables["note"]))
	}
	if len(doc.Lost) != 1 || doc.Lost[0]["value"] != "+44 7700 900009" || doc.Lost[0]["table"] != "person" || doc.Lost[0]["column"] != "phone" || doc.Lost[0]["hlc"] != "7" {
		t.Errorf("what lost: %v", doc.Lost)
	}
	rules, err := casebook.Rules(ctx, cb.Reader())
	must(t, err)
	for _, r := range rules {
		rows, ok := doc.Tables[r.Table]
		if keys := r.Audience == casebook.Keys; ok == keys {
			t.Errorf("table %s is in the export: %v", r.Table, ok)
		}
		var all []string
		for _, row := range rows {
			all = append(all, row.Row["id"].(string))
		}
		if !slices.IsSorted(all) {
			t.Errorf("the rows of %s do not stand by id", r.Table)
		}
	}
	if n := strings.Count(string(b), `"old":"+44 7700 900001"`); n != 1 {
		t.Errorf("the history knows the old number %d times", n)
	}
}

func TestHostileFilesAreRefusedWithTheirPlace(t *testing.T) {
	whole := string(export(t, lived(t)))
	line := func(part string) string {
		return "line " + itoa(1+strings.Count(whole[:strings.Index(whole, part)], "\n"))
	}
	edit := func(old, repl string) string {
		t.Helper()
		if !strings.Contains(whole, old) {
			t.Fatalf("the export has no %s", old)
		}
		return strings.Replace(whole, old, repl, 1)
	}
	personAt := `"person":[` + "\n"
	cases := map[string]struct{ file, place string }{
		"empty":                  {"", "line 1"},
		"not JSON":               {"hello", "line 1"},
		"another document":       {`{"a":1}`, "line 1"},
		"a list":                 {`[]`, "line 1"},
		"cut short":              {whole[:len(whole)/2], "line "},
		"cut at the end":         {whole[:len(whole)-3], "line "},
		"something after it":     {whole + "{}", "line "},
		"no about":               {edit(whole[strings.Index(whole, `"about"`):strings.Index(whole, "\n\"actions\"")], ""), "line 3"},
		"another format":         {edit("couplet export", "coupled export"), "line 2"},
		"unknown part":           {edit(`"attachments"`, `"attachment"`), line(`"attachments"`)},
		"an attachment":          {edit(`"attachments":[]`, `"attachments":[{}]`), "attachment 1"},
		"unknown table":          {edit(personAt, `"persons":[`+"\n"), line(personAt)},
		"unknown column":         {edit(`"given_name"`, `"given_names"`), "row 1"},
		"a text for a number":    {edit(`"archived":0`, `"archived":"no"`), "row 1"},
		"a fraction for a whole": {edit(`"archived":0`, `"archived":0.5`), "row 1"},
		"too large a number":     {edit(`"archived":0`, `"archived":99999999999999999999`), "row 1"},
		"a number for a text":    {edit(`"given_name":"`, `"given_name":7,"x":"`), "row 1"},
		"null where none may be": {edit(`"archived":0`, `"archived":null`), "row 1"},
		"an object for a text":   {edit(`"archived":0`, `"archived":{"base64":"AA=="}`), "row 1"},
		"no id":                  {edit(`"id":"`, `"ids":"`), ""},
		"an unknown audience":    {edit(`"visibility":"partner_A"`, `"visibility":"everybody"`), "addendum row 1"},
		"a bad clock":            {edit(`"hlc":"`, `"hlc":"-`), "action 1"},
		"a bad device":           {edit(`"device":"0`, `"device":"zz`), "action 1"},
		"an unknown field":       {edit("[\n{\"coach\":", "[\n{\"extra\":1,\"coach\":"), "action 1"},
		"deep nesting":           {edit(`"attachments":[]`, `"attachments":[`+strings.Repeat("[", 20000)), ""},
		"a history of nothing":   {edit(`{"column":"phone"`, `{"column":"telephone"`), "history 1"},
	}
	in := empty(t) // stays empty, for nothing of a refused file is kept
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := portable.Import(ctx, in, strings.NewReader(c.file))
			f, ok := fault.As(err)
			if !ok || f.Kind != fault.BadInput {
				t.Fatalf("%v", err)
			}
			if !strings.Contains(f.Sentence, c.place) || !strings.Contains(f.Sentence, "line ") {
				t.Errorf("%q does not name %q (%v)", f.Sentence, c.place, f.Err)
			}
			var rows int
			must(t, in.Reader().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM action) + (SELECT count(*) FROM row_clock)`).Scan(&rows))
			if rows > 0 {
				t.Errorf("%d rows stayed", rows)
			}
		})
	}
	t.Run("a row twice", func(t *testing.T) {
		at := strings.Index(whole, personAt) + len(personAt)
		end := at + strings.Index(whole[at:], "\n")
		row := whole[at:end]
		err := portable.Import(ctx, in, strings.NewReader(whole[:at]+row+"\n"+whole[at:]))
		if f, ok := fault.As(err); !ok || !strings.Contains(f.Sentence, "person row 2") {
			t.Errorf("%v", err)
		}
	})
	t.Run("a reference to nothing", func(t *testing.T) {
		at := strings.Index(whole, `"note":[`)
		bad := whole[:at] + strings.Replace(whole[at:], `"couple_id":"0`, `"couple_id":"f`, 1)
		if err := portable.Import(ctx, empty(t), strings.NewReader(bad)); !fault.Is(err, fault.BadInput) {
			t.Errorf("%v", err)
		}
	})
	for name, file := range map[string]string{"newer schema": edit(`"schema":`, `"schema":9`), "newer layout": edit(`"version":3`, `"version":4`)} {
		t.Run(name, func(t *testing.T) {
			if err := portable.Import(ctx, in, strings.NewReader(file)); !fault.Is(err, fault.Newer) {
				t.Errorf("%v", err)
			}
		})
	}
	t.Run("an endless text", func(t *testing.T) {
		file := &endless{head: []byte(whole[:strings.Index(whole, `"attachments"`)] + `"`)}
		if err := portable.Import(ctx, in, file); !fault.Is(err, fault.BadInput) {
			t.Errorf("%v", err)
		}
		if file.read > 100<<20 {
			t.Errorf("%d bytes were read", file.read)
		}
	})
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

// endless is a file whose last text never ends.
type endless struct {
	head []byte
	at   int64
	read int64
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
		if e.at < int64(len(e.head)) {
			p[i] = e.head[e.at]
		}
		e.at++
	}
	e.read += int64(len(p))
	return len(p), nil
}

func (e *endless) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekStart {
		return 0, errors.New("not needed")
	}
	e.at = offset
	return offset, nil
}

func FuzzImport(f *testing.F) {
	cb := casebooktest.New(f)
	var b bytes.Buffer
	if err := portable.Export(ctx, cb, &b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"about":{"format":"couplet export","schema":1,"version":1},"actions":[],"attachments":[],"history":[],"tables":{"person":[{"clock":null,"row":{"id":"00000000-0000-7000-8000-000000000001"}}]}}`))
	f.Add([]byte(`{"about":{"format":"couplet export","schema":1,"version":1},"actions":[{"coach":null,"device":"00000000-0000-7000-8000-000000000001","hlc":"1","name":"x"}],`))
	dir := f.TempDir()
	var in *casebook.Casebook
	f.Cleanup(func() {
		if in != nil {
			in.Close()
		}
	})
	f.Fuzz(func(t *testing.T, file []byte) {
		if in == nil { // at first, and after a file that was good
			var err error
			in, _, err = casebook.CreateEmpty(ctx, filepath.Join(dir, ids.New().String()), casebook.New{Passphrase: casebooktest.Passphrase, KDF: vault.FloorKDF}, casebook.Options{})
			if err != nil {
				t.Fatal(err)
			}
		}
		err := portable.Import(ctx, in, bytes.NewReader(file))
		if err == nil {
			if err := in.Close(); err != nil {
				t.Fatal(err)
			}
			in = nil
			return
		}
		if k := fault.KindOf(err); k != fault.BadInput && k != fault.Newer {
			t.Fatalf("%v", err)
		}
	})
}
