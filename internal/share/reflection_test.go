package share_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/portable"
	"github.com/couplet-app/couplet/internal/search"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/sessions"
)

// eyes gathers everything that one coach is given of a couple.
func eyes(t *testing.T, cb *casebook.Casebook, couple ids.ID) string {
	t.Helper()
	var b strings.Builder
	say := func(v any, err error) {
		t.Helper()
		if err != nil && !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%+v\n", v)
	}
	aud := clients.For(clients.CoachView, "2026-11-22")
	s, c, h := sessions.New(cb, nil), clients.New(cb), changes.New(cb, nil)
	list, err := s.Sessions(ctx, aud, couple)
	say(list, err)
	for _, x := range list {
		say(s.Session(ctx, aud, x.ID))
	}
	notes, err := casebook.Collect(ctx, cb.Whole(), func(r *sql.Rows, id *ids.ID) error { return r.Scan(id) }, `SELECT id FROM note`)
	say(len(notes), err)
	for _, id := range notes {
		say(s.Note(ctx, aud, id))
		say(s.Edit(ctx, aud, id))
		say(s.History(ctx, aud, id))
		say(h.History(ctx, aud, id))
	}
	say(s.Notes(ctx, aud, couple, time.Time{}, 100))
	say(s.Today(ctx, aud, cb.Now()))
	say(c.Counts(ctx, aud))
	say(h.Bin(ctx, aud, 100))
	opened, err := s.Opened(ctx, aud)
	say(opened, err)
	for _, word := range []string{token, draft, added, earlier} {
		found, err := search.Query(ctx, cb.Whole(), aud.GateOn, word, search.Options{Opened: opened})
		say(found.Total, err)
		say(found, err)
	}
	say(dumped(t, cb), nil)
	var file bytes.Buffer
	say(nil, portable.Export(ctx, cb, &file))
	b.Write(file.Bytes())
	return b.String()
}

// image is every cell of every table, the index and the drafts among them.
func image(t *testing.T, cb *casebook.Casebook) string {
	t.Helper()
	var b strings.Builder
	var tables []string
	if err := cb.Scan(ctx, `SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'`, func(v []any) error {
		tables = append(tables, fmt.Sprint(v[0]))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if err := cb.Scan(ctx, `SELECT * FROM `+table, func(v []any) error {
			for _, x := range v {
				switch x := x.(type) {
				case []byte:
					b.Write(x)
				default:
					fmt.Fprint(&b, x)
				}
				b.WriteByte('\n')
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// Ben's reflection is on no screen and in no count, search, dump, export or history of
// Anna's, and not readable in what lies in the files for whoever has their key; and Ben
// finds it everywhere that he should.
func TestAReflectionIsItsCoachsAlone(t *testing.T) {
	o := newOffice(t)
	couple := o.couple()
	// An owner, too: whoever may see all else sees no reflection of another.
	o.must(clients.New(o.cb[0]).SetRole(ctx, casebooktest.AddCoach(t, o.cb[0], "Ben"), clients.RoleOwner))
	o.sync(share.Options{})
	o.must(o.signIn(1, given))
	o.must(o.cb[1].ChangePassphrase(ctx, vault.FloorKDF, bens))

	aud := clients.For(clients.CoachView, "2026-11-22")
	s := sessions.New(o.cb[1], nil)
	session, err := s.Create(ctx, sessions.Session{Couple: couple, Kind: sessions.IndividualSession, Slot: clients.SlotA, Start: o.clock.Now(), Zone: "UTC", Minutes: 50, State: sessions.Held})
	o.must(err)
	shared, err := s.Start(ctx, aud, sessions.NewNote{Session: session})
	o.must(err)
	o.must(s.SaveRevision(ctx, shared, map[string]string{"content": "the shared part", "reflection": earlier}))
	shared, err = s.Edit(ctx, aud, shared.ID)
	o.must(err)
	o.must(s.SaveRevision(ctx, shared, map[string]string{"reflection": token}))
	alone, err := s.Start(ctx, aud, sessions.NewNote{Couple: couple, Template: "reflection", At: o.clock.Now()})
	o.must(err)
	o.must(s.SaveRevision(ctx, alone, map[string]string{"reflection": token + " alone"}))
	binned, err := s.Start(ctx, aud, sessions.NewNote{Couple: couple, Template: "reflection", At: o.clock.Now().Add(time.Hour)})
	o.must(err)
	o.must(s.SaveRevision(ctx, binned, map[string]string{"reflection": token + " binned"}))
	o.must(s.DeleteNote(ctx, binned.ID))
	o.must(s.LockNote(ctx, alone.ID))
	_, err = s.AddAddendum(ctx, alone.ID, "reflection", clients.Access{Subject: clients.SubjectBoth, Visibility: clients.CoachOnly, Sensitivity: clients.Normal}, added)
	o.must(err)
	_, err = s.AddAddendum(ctx, alone.ID, "", clients.Access{Subject: clients.SubjectBoth, Visibility: clients.CoachOnly, Sensitivity: clients.Normal}, added+" to all of it")
	o.must(err)
	if _, err := s.SetVisibility(ctx, shared.Fields[len(shared.Fields)-1].ID, clients.CoachOnly, ""); err != nil && !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	for _, f := range shared.Fields {
		if f.Key != "reflection" {
			continue
		}
		if _, err := s.SetVisibility(ctx, f.ID, clients.Joint, ""); !fault.Is(err, fault.Refused) {
			t.Errorf("a reflection was opened to the couple: %v", err)
		}
	}
	// a draft on the computer that Anna uses next
	shared, err = s.Edit(ctx, aud, shared.ID)
	o.must(err)
	_, err = s.SaveDraft(ctx, shared, "reflection", token+" "+draft)
	o.must(err)
	_, err = s.SaveDraft(ctx, alone, sessions.Addition, draft)
	o.must(err)
	dir := t.TempDir()
	made, err := backup.Now(ctx, o.cb[1], dir)
	o.must(err)

	ben := eyes(t, o.cb[1], couple)
	for _, word := range []string{token, draft, added, earlier} {
		if !strings.Contains(ben, word) {
			t.Errorf("Ben does not find %s: the search for it proves nothing", word)
		}
	}
	o.sync(share.Options{})
	o.must(o.signIn(1, anna))
	for i, cb := range o.cb {
		seen, raw := eyes(t, cb, couple), image(t, cb)
		for _, word := range []string{token, draft, added, earlier} {
			if strings.Contains(seen, word) {
				t.Errorf("Anna sees %s at computer %d", word, i)
			}
			if strings.Contains(raw, word) {
				t.Errorf("%s stands readable in the database of computer %d", word, i)
			}
		}
		if !strings.Contains(seen, "the shared part") || !strings.Contains(raw, "the shared part") {
			t.Error("Anna does not find what is for both: the search proves nothing")
		}
		if list, err := sessions.New(cb, nil).Notes(ctx, aud, couple, time.Time{}, 100); err != nil || len(list) != 1 {
			t.Errorf("Anna is listed %d notes (%v), the shared one is 1", len(list), err)
		}
		counts, err := clients.New(cb).Counts(ctx, aud)
		if err != nil || counts[0].Notes != 1 {
			t.Errorf("the list says %d notes (%v)", counts[0].Notes, err)
		}
		if binned, err := changes.New(cb, nil).Bin(ctx, aud, 10); err != nil || len(binned) != 0 {
			t.Errorf("Anna's recycle bin has %+v (%v)", binned, err)
		}
	}
	old, err := casebook.Open(ctx, made.Path, vault.Secret{Passphrase: anna}, casebook.Options{ReadOnly: true})
	o.must(err)
	defer old.Close()
	for _, word := range []string{token, draft, added, earlier} {
		if strings.Contains(image(t, old), word) {
			t.Errorf("%s stands readable in a backup", word)
		}
	}

	// Anna, at Ben's computer, keeps what he was writing when his note is locked.
	at := sessions.New(o.cb[1], nil)
	o.must(at.LockNote(ctx, shared.ID))
	if strings.Contains(image(t, o.cb[1]), draft) {
		t.Error("locking by Anna opened Ben's draft")
	}
	o.sync(share.Options{})
	o.must(o.signIn(0, bens))
	n, err := sessions.New(o.cb[0], nil).Note(ctx, aud, shared.ID)
	o.must(err)
	if body := fmt.Sprint(n.Fields); !strings.Contains(body, draft) {
		t.Errorf("what Ben was writing is not in his note: %s", body)
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(o.folder), "*", "*"))
	o.must(err)
	for _, f := range append(files, o.cb[0].Path(), made.Path) {
		if b, err := os.ReadFile(f); err == nil && bytes.Contains(b, []byte("zqbens")) {
			t.Errorf("readable in %s", filepath.Base(f))
		}
	}
}

// Each coach of a session has a reflection of their own in one note.
func TestTwoCoachesReflectOnOneSession(t *testing.T) {
	o := newOffice(t)
	couple := o.couple()
	// An owner, too: whoever may see all else sees no reflection of another.
	o.must(clients.New(o.cb[0]).SetRole(ctx, casebooktest.AddCoach(t, o.cb[0], "Ben"), clients.RoleOwner))
	o.sync(share.Options{})
	o.must(o.signIn(1, given))
	o.must(o.cb[1].ChangePassphrase(ctx, vault.FloorKDF, bens))
	aud := clients.For(clients.CoachView, "2026-11-22")
	first := sessions.New(o.cb[0], nil)
	n, err := first.Start(ctx, aud, sessions.NewNote{Couple: couple, Template: "individual-contact", About: clients.SlotA, At: o.clock.Now()})
	o.must(err)
	o.must(first.SaveRevision(ctx, n, map[string]string{"content": "told", "reflection": "anna thinks"}))
	o.sync(share.Options{})
	second := sessions.New(o.cb[1], nil)
	n, err = second.Edit(ctx, aud, n.ID)
	o.must(err)
	if f, ok := n.Field("reflection"); !ok || f.Body != "" || f.SealedTo != o.cb[1].Me() {
		t.Fatalf("Ben's field is %+v", f)
	}
	o.must(second.SaveRevision(ctx, n, map[string]string{"reflection": "ben thinks"}))
	o.sync(share.Options{})
	for i, want := range []string{"anna thinks", "ben thinks"} {
		n, err := sessions.New(o.cb[i], nil).Note(ctx, aud, n.ID)
		o.must(err)
		var got []string
		for _, f := range n.Fields {
			if f.Key == "reflection" {
				got = append(got, f.Body)
			}
		}
		if len(got) != 1 || got[0] != want {
			t.Errorf("computer %d shows the reflections %q, want %q alone", i, got, want)
		}
	}
	// written without knowing of the lock: an addendum, sealed like its field
	o.must(first.LockNote(ctx, n.ID))
	n, err = second.Edit(ctx, aud, n.ID)
	o.must(err)
	o.must(second.SaveRevision(ctx, n, map[string]string{"reflection": "ben thinks again"}))
	o.sync(share.Options{})
	mine, err := second.Note(ctx, aud, n.ID)
	o.must(err)
	hers, err := first.Note(ctx, aud, n.ID)
	o.must(err)
	if len(mine.Addenda) != 1 || mine.Addenda[0].Body != "ben thinks again" || len(hers.Addenda) != 0 {
		t.Errorf("Ben's addenda are %+v, Anna's %+v", mine.Addenda, hers.Addenda)
	}
}
