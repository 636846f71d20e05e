package clients_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

// keep keeps a file.
func keep(t *testing.T, s *clients.Store, n clients.NewAttachment, content string) ids.ID {
	t.Helper()
	return must[ids.ID](t)(s.Attach(ctx, n, strings.NewReader(content)))
}

// see holds who is shown a file, in the list and by its id, to want.
func see(t *testing.T, s *clients.Store, when string, couple, file ids.ID, want ...clients.Audience) {
	t.Helper()
	for _, aud := range []clients.Audience{coach, us, asA, asB, nobody} {
		all := must[[]clients.Attachment](t)(s.Attachments(ctx, aud, couple))
		listed := slices.ContainsFunc(all, func(a clients.Attachment) bool { return a.ID == file })
		_, content, err := s.Attachment(ctx, aud, file)
		if err != nil && !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		if may := slices.Contains(want, aud); listed != may || (content != nil) != may {
			t.Errorf("%s: %q is shown it in the list: %v, by itself: %v", when, aud.Reader(), listed, content != nil)
		}
	}
}

func TestPV15AFileIsNeverShownToMoreThanItsHolder(t *testing.T) {
	s, cb := book(t)
	couple, _, _ := couple(t, s, named("Ada", ""), named("Ben", ""))
	field, note, letter, session, quiz, task, log := ids.New(), ids.New(), ids.New(), ids.New(), ids.New(), ids.New(), ids.New()
	put := func(q string, args ...any) {
		t.Helper()
		ok(t, cb.Write(ctx, "test", func(tx *casebook.Tx) error { _, err := tx.Exec(q, args...); return err }))
	}
	put(`INSERT INTO note (id, couple_id) VALUES (?, ?)`, note, couple)
	put(`INSERT INTO note_field (id, note_id, key, visibility) VALUES (?, ?, 'x', 'joint')`, field, note)
	put(`INSERT INTO letter (id, couple_id, subject, visibility) VALUES (?, ?, 'A', 'partner_A')`, letter, couple)
	put(`INSERT INTO session (id, couple_id, visibility) VALUES (?, ?, 'coach_only')`, session, couple)
	put(`INSERT INTO administration (id, couple_id, person_id, subject, visibility, sensitivity) SELECT ?, id, a_id, 'A', 'coach_only', 'safety' FROM couple WHERE id = ?`, quiz, couple)
	put(`INSERT INTO assignment (id, couple_id, visibility) VALUES (?, ?, 'joint')`, task, couple)
	put(`INSERT INTO practice_log (id, assignment_id, couple_id, subject, visibility) VALUES (?, ?, ?, 'B', 'partner_B')`, log, task, couple)
	joint := clients.Access{Subject: clients.SubjectBoth, Visibility: clients.Joint, Sensitivity: clients.Normal}
	with := func(holder ids.ID) clients.NewAttachment {
		return clients.NewAttachment{CoupleID: couple, Holder: holder, Name: "scan.pdf"}
	}
	see(t, s, "the record", couple, keep(t, s, with(ids.Nil), "1"), coach)
	open := with(ids.Nil)
	open.Access = joint
	see(t, s, "the record, for both", couple, keep(t, s, open, "2"), coach, us, asA, asB)
	see(t, s, "a letter to A", couple, keep(t, s, with(letter), "3"), coach, asA)
	see(t, s, "a session of the coach's", couple, keep(t, s, with(session), "4"), coach)
	see(t, s, "what concerns safety", couple, keep(t, s, with(quiz), "5"), coach)
	see(t, s, "B's log of what both do", couple, keep(t, s, with(log), "6"), coach, asB)
	ofNote := keep(t, s, with(note), "7")
	see(t, s, "a note for both", couple, ofNote, coach, us, asA, asB)

	// A holder that is narrowed takes its file along, and so does each part of a note.
	put(`INSERT INTO note_field (id, note_id, key, visibility, subject) VALUES (?, ?, 'y', 'partner_A', 'A')`, ids.New(), note)
	see(t, s, "a note with a part that is A's", couple, ofNote, coach, asA)
	ok(t, cb.Write(ctx, "test", func(tx *casebook.Tx) error {
		return clients.SetVisibility(tx, "note_field", field, clients.CoachOnly, "")
	}))
	see(t, s, "a note with a part that is the coach's", couple, ofNote, coach)
	put(`UPDATE assignment SET visibility = 'coach_only' WHERE id = ?`, task)
	see(t, s, "B's log of what the coach keeps back", couple, keep(t, s, with(log), "8"), coach)

	// The file's own row alone opens nothing, whatever it says or is released.
	wide := keep(t, s, with(letter), "9")
	put(`UPDATE attachment SET visibility = 'joint', subject = 'both' WHERE id = ?`, wide)
	see(t, s, "a letter to A with a file that says it is for both", couple, wide, coach, asA)
	must[ids.ID](t)(s.GiveRelease(ctx, clients.Release{CoupleID: couple, Partner: clients.SlotA, ItemID: letter, GivenOn: today, Way: "talk"}))
	see(t, s, "the letter is released", couple, wide, coach, us, asA, asB)

	for what, n := range map[string]clients.NewAttachment{
		"more readers than the letter": {CoupleID: couple, Holder: letter, Name: "x", Access: clients.Access{Subject: clients.SubjectBoth, Visibility: clients.Joint, Sensitivity: clients.Normal}},
		"more readers than safety":     {CoupleID: couple, Holder: quiz, Name: "x", Access: clients.Access{Subject: clients.SubjectA, Visibility: clients.PartnerA, Sensitivity: clients.Normal}},
		"no holder":                    {CoupleID: couple, Holder: ids.New(), Name: "x"},
		"no couple":                    {CoupleID: ids.New(), Name: "x"},
		"no name":                      {CoupleID: couple, Name: " / "},
	} {
		if _, err := s.Attach(ctx, n, strings.NewReader("x")); err == nil {
			t.Errorf("%s: it was kept", what)
		}
	}
	ok(t, s.DeleteCouple(ctx, couple))
	see(t, s, "the record is deleted", couple, ofNote)
}

func TestAReflectionKeepsNoFile(t *testing.T) {
	s, cb := book(t)
	couple, _, _ := couple(t, s, named("Ada", ""), named("Ben", ""))
	note, field := ids.New(), ids.New()
	ok(t, cb.Write(ctx, "test", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO note (id, couple_id) VALUES (?, ?)`, note, couple)
		if err == nil {
			_, err = tx.Exec(`INSERT INTO note_field (id, note_id, key, sealed_to) VALUES (?, ?, 'reflection', ?)`, field, note, tx.Coach)
		}
		return err
	}))
	for _, holder := range []ids.ID{note, field} {
		if _, err := s.Attach(ctx, clients.NewAttachment{CoupleID: couple, Holder: holder, Name: "x"}, strings.NewReader("x")); !fault.Is(err, fault.Refused) {
			t.Errorf("got %v", err)
		}
	}
}

func TestAFileComesBackAsItWas(t *testing.T) {
	s, cb := book(t)
	couple, _, _ := couple(t, s, named("Ada", ""), named("Ben", ""))
	id := keep(t, s, clients.NewAttachment{CoupleID: couple, Name: "C:\\Users\\x\\Brief \u2028an Ada.pdf"}, "%PDF-1.4 and so on")
	a, content, err := s.Attachment(ctx, coach, id)
	ok(t, err)
	var b bytes.Buffer
	ok(t, content(&b))
	if a.Name != "Brief  an Ada.pdf" && a.Name != "Brief an Ada.pdf" || a.Media != "application/pdf" || a.Size != 18 || !a.Here || b.String() != "%PDF-1.4 and so on" {
		t.Errorf("%+v: %q", a, b.String())
	}
	dir := attach.Folder(cb.Path())
	files, err := os.ReadDir(dir)
	ok(t, err)
	ok(t, os.Truncate(filepath.Join(dir, files[0].Name()), 90))
	if err := content(&b); !fault.Is(err, fault.Damaged) {
		t.Errorf("damaged: %v", err)
	}
	ok(t, os.RemoveAll(dir))
	if err := content(&b); !fault.Is(err, fault.NotFound) {
		t.Errorf("not there: %v", err)
	}
	if all := must[[]clients.Attachment](t)(s.Attachments(ctx, coach, ids.Nil)); len(all) != 1 || all[0].Here {
		t.Errorf("%+v", all)
	}
	if err := cb.Write(ctx, "test", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`UPDATE attachment SET content = 'x' WHERE id = ?`, id)
		return err
	}); err == nil {
		t.Error("a content was put in the place of another")
	}
}
