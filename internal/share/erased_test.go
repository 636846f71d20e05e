package share_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// house is a casebook with a record whose every column holds a token, shared through a
// folder, with backups.
type house struct {
	t      *testing.T
	cb     *casebook.Casebook
	clock  *casebooktest.Clock
	p      *casebooktest.Planted
	folder string
	dir    string // of the backups
	opts   share.Options
}

func newHouse(t *testing.T) *house {
	t.Helper()
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	h := &house{t: t, folder: filepath.Join(t.TempDir(), "shared")}
	h.cb, h.clock = casebooktest.NewClock(t)
	d, err := quizzes.ByID("ras")
	h.ok(err)
	h.p = casebooktest.Plant(t, h.cb, casebooktest.Quiz{ID: d.ID, Version: d.Version, Hash: d.Hash(), Answers: `[4,3,3,3,3,3,3]`}, casebooktest.Few)
	h.dir, err = backup.Folder(h.cb)
	h.ok(err)
	h.opts = share.Options{Backups: h.dir, Erased: backup.Scrubs}
	return h
}

func (h *house) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) today() clients.Audience {
	return clients.For(clients.CoachView, day.Of(h.cb.Now()))
}

// erase erases A with every text about both.
func (h *house) erase(cb *casebook.Casebook) (*rights.Plan, ids.ID) {
	h.t.Helper()
	store := rights.New(cb, sessions.LockNotes)
	plan, err := store.PlanPerson(ctx, h.today(), h.p.A)
	h.ok(err)
	for i := range plan.Items {
		if plan.Items[i].Choice == rights.Undecided {
			plan.Items[i].Choice = rights.Delete
		}
	}
	run, err := store.Apply(ctx, h.today(), plan)
	h.ok(err)
	done, err := backup.Scrub(ctx, cb, nil)
	h.ok(err)
	if len(done.Left) > 0 {
		h.t.Errorf("backups left: %v", done.Left)
	}
	return plan, run
}

// imageOf is every page of a casebook or backup.
func imageOf(t *testing.T, path string, key *vault.Key) string {
	t.Helper()
	var b bytes.Buffer
	if err := vault.Image(ctx, path, key, func(p []byte) { b.Write(p) }); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// everywhere is all that can be reached, by its place.
func (h *house) everywhere(more ...*casebook.Casebook) map[string]string {
	h.t.Helper()
	out := map[string]string{}
	for i, cb := range append([]*casebook.Casebook{h.cb}, more...) {
		out[fmt.Sprintf("casebook %d", i)] = imageOf(h.t, cb.Path(), cb.Key())
		var b bytes.Buffer
		h.ok(share.Dump(ctx, cb, &b))
		out[fmt.Sprintf("rows %d", i)] = b.String()
	}
	for _, root := range []string{h.folder, h.dir} {
		filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
			if err != nil || info.IsDir() {
				return nil
			}
			switch name := filepath.Base(path); {
			case strings.HasSuffix(name, backup.Extension):
				out[path] = imageOf(h.t, path, h.cb.Key())
			case strings.HasPrefix(name, "verified"):
			default:
				s, err := share.Texts(path, h.cb.Key())
				if err != nil {
					h.t.Fatalf("%s: %v", path, err)
				}
				out[path] = s
			}
			return nil
		})
	}
	return out
}

// ofA says whether a token is gone once A is: A's own rows, and what was written of both.
func (h *house) ofA(k casebooktest.Token) bool {
	switch tbl, col, _ := strings.Cut(k.Where, "."); {
	case k.Of == "A":
		return tbl != "restriction" && tbl != "subject_request" && tbl != "request_step" || col == "identity" || col == "outcome" || col == "extended" || tbl == "request_step" && col == "reason"
	case k.Of != "both" && k.Of != "third_party" && k.Of != "":
		return false
	case tbl == "enquiry":
		return (col == "a_given" || col == "a_family" || col == "details" || col == "message" || col == "next_step") && k.Case != "not a couple yet"
	}
	return false
}

// TestPV41AfterAnErasureNothingIsFoundAnywhere looks through every page, row, small file,
// snapshot and backup that can be reached.
func TestPV41AfterAnErasureNothingIsFoundAnywhere(t *testing.T) {
	h := newHouse(t)
	h.ok(share.Share(ctx, h.cb, h.folder, h.opts))
	h.clock.Move(time.Minute)
	_, err := backup.Now(ctx, h.cb, h.dir)
	h.ok(err)
	h.ok(h.cb.Write(ctx, "person.edit", func(tx *casebook.Tx) error { // history, and a small file in the folder
		_, err := tx.Exec(`UPDATE person SET phone = 'zqlaterphonex' WHERE id = ?`, h.p.A)
		return err
	}))
	_, err = share.Sync(ctx, h.cb, h.opts)
	h.ok(err)
	talk := ids.New() // filled in, and not saved yet
	h.ok(casebook.KeepTyped(ctx, h.cb, h.p.Couple, talk, casebook.TypedTalk, map[string]any{"ID": talk, "Topic": "zqtypedtalkx"}))
	var gone, stay []casebooktest.Token
	for _, k := range h.p.Tokens {
		switch {
		case !strings.HasPrefix(k.Text, "zq") && !strings.Contains(k.Text, "-"): // numbers stand in pages as bytes
		case h.ofA(k):
			gone = append(gone, k)
		case k.Of == "B":
			stay = append(stay, k)
		}
	}
	before := h.everywhere()
	sound, err := h.cb.Check(ctx, nil) // of audiences that nobody knows
	h.ok(err)
	for _, place := range []string{"casebook 0"} {
		for _, k := range gone {
			if !strings.Contains(before[place], k.Text) && strings.HasPrefix(k.Text, "zq") {
				t.Errorf("%s of %s is not in %s before the erasure", k.Text, k.Where, place)
			}
		}
	}
	if len(gone) < 100 || len(before) < 5 {
		t.Fatalf("%d tokens of A in %d places", len(gone), len(before))
	}
	_, run := h.erase(h.cb)
	_, err = share.Sync(ctx, h.cb, h.opts)
	h.ok(err)
	after := h.everywhere()
	for place, s := range after {
		var still []string
		for _, k := range gone {
			if strings.Contains(s, k.Text) {
				still = append(still, k.Text+" of "+k.Where+" ("+k.Case+")")
			}
		}
		if len(still) > 0 {
			t.Errorf("%s: %d tokens are still there, among them %v", place, len(still), still[:min(5, len(still))])
		}
		for _, word := range []string{"zqlaterphonex", "zqtypedtalkx"} {
			if strings.Contains(s, word) {
				t.Errorf("%s: what was changed later is still there: %s", place, word)
			}
		}
	}
	for _, k := range stay {
		if strings.Contains(before["rows 0"], k.Text) && !strings.Contains(after["rows 0"], k.Text) {
			t.Errorf("%s of %s (%s) is B's, and gone", k.Text, k.Where, k.Case)
		}
	}
	// Numbers and times, which no search of bytes finds: whose rows they are in is empty.
	rows := after["rows 0"]
	for _, k := range h.p.Tokens {
		if k.Of == "A" && h.ofA(k) && !strings.HasPrefix(k.Text, "zq") && !strings.Contains(k.Text, "-") && strings.Contains(rows, " "+k.Text+"\n") {
			t.Errorf("%s of %s is still a value", k.Text, k.Where)
		}
	}
	found, err := h.cb.Check(ctx, nil, sessions.VerifyLocks)
	h.ok(err)
	if fmt.Sprint(found) != fmt.Sprint(sound) {
		t.Errorf("check: %v", found)
	}
	e, err := rights.New(h.cb, nil).Erasure(ctx, h.today(), run)
	h.ok(err)
	if e.Counts.All() < 50 || len(e.Tasks) != len(rights.Tasks) {
		t.Errorf("the tombstone: %+v", e)
	}
	if due, err := h.cb.EraseDue(ctx); err != nil || len(due) > 0 {
		t.Errorf("still due: %v %v", due, err)
	}
}
