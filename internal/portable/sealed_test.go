package portable_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/portable"
	"github.com/couplet-app/couplet/sessions"
)

// reflected writes a reflection and locks it with something added; the casebook is then
// Ben's, who wrote one of his own.
func reflected(t *testing.T) (cb *casebook.Casebook, couple, ben ids.ID) {
	t.Helper()
	cb = casebooktest.New(t)
	couple, err := clients.New(cb).CreateCouple(ctx, clients.NewCouple{A: &clients.Person{Name: clients.Name{Given: "Ada"}}, B: &clients.Person{Name: clients.Name{Given: "Bo"}}})
	must(t, err)
	reflect := func(body, later string) {
		s := sessions.New(cb, nil)
		aud := clients.For(clients.CoachView, "2026-11-22")
		n, err := s.Start(ctx, aud, sessions.NewNote{Couple: couple, Template: "reflection", At: cb.Now()})
		must(t, err)
		must(t, s.SaveRevision(ctx, n, map[string]string{"reflection": "before " + body}))
		n, err = s.Edit(ctx, aud, n.ID)
		must(t, err)
		must(t, s.SaveRevision(ctx, n, map[string]string{"reflection": body}))
		must(t, s.LockNote(ctx, n.ID))
		_, err = s.AddAddendum(ctx, n.ID, "reflection", clients.Access{Subject: clients.SubjectBoth, Visibility: clients.CoachOnly, Sensitivity: clients.Normal}, later)
		must(t, err)
	}
	reflect("anna's lantern", "anna, later")
	ben = casebooktest.AddCoach(t, cb, "Ben")
	must(t, clients.New(cb).SetRole(ctx, ben, clients.RoleOwner)) // who exports everything
	cb = casebooktest.Reopen(t, cb, casebooktest.AnotherPassphrase)
	reflect("ben's harbour", "ben, later")
	return cb, couple, ben
}

// A coach takes their own reflections along as they read; those of others stay sealed.
func TestAnExportCarriesReflectionsOfItsCoach(t *testing.T) {
	cb, couple, ben := reflected(t)
	first := export(t, cb)
	for text, want := range map[string]int{"ben's harbour": 2, "ben, later": 1, "anna": 0, `"age":"-----BEGIN AGE ENCRYPTED FILE-----`: 3} {
		if got := strings.Count(string(first), text); got != want {
			t.Errorf("the export has %d times %q, want %d", got, text, want)
		}
	}
	in := empty(t)
	must(t, portable.Import(ctx, in, bytes.NewReader(first)))
	if in.Me() != ben {
		t.Errorf("the import belongs to %s, exported by %s", in.Me(), ben)
	}
	if again := export(t, in); !bytes.Equal(first, again) {
		t.Error("export, import, export gives other bytes")
	}
	found, err := in.Check(ctx, nil, sessions.VerifyLocks)
	must(t, err)
	for _, f := range found {
		t.Errorf("%s: %s", f.Area, f.Text)
	}
	must(t, in.Scan(ctx, `SELECT count(*) FROM note_rev WHERE body LIKE '%harbour%'`, func(v []any) error {
		if v[0] != int64(0) {
			t.Error("a reflection stands readable in the database of the import")
		}
		return nil
	}))
	notes, err := sessions.New(in, nil).Notes(ctx, clients.For(clients.CoachView, "2026-11-22"), couple, in.Now().AddDate(1, 0, 0), 10)
	must(t, err)
	if len(notes) != 1 || notes[0].Snippet != "ben's harbour" {
		t.Errorf("after the import Ben sees %+v", notes)
	}
}

func TestAReflectionIsNotImportedInClearForAnother(t *testing.T) {
	cb, _, _ := reflected(t)
	whole := string(export(t, cb))
	at := strings.Index(whole, `{"age":`)
	end := at + strings.Index(whole[at:], `"}`) + 2
	sealed, err := json.Marshal(map[string]string{"age": "hello"})
	must(t, err)
	for name, value := range map[string]string{"in clear": `"hello"`, "as if it were sealed": string(sealed)} {
		in := empty(t)
		if err := portable.Import(ctx, in, strings.NewReader(whole[:at]+value+whole[end:])); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
