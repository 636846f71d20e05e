package portable_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/portable"
)

// taken makes a casebook of an export.
func taken(t *testing.T, file string) (*casebook.Casebook, error) {
	t.Helper()
	cb, _, err := casebook.CreateEmpty(ctx, filepath.Join(t.TempDir(), "taken.couplet"), casebook.New{Passphrase: casebooktest.Passphrase, KDF: vault.FloorKDF}, casebook.Options{})
	must(t, err)
	t.Cleanup(func() { cb.Close() })
	return cb, portable.Import(ctx, cb, strings.NewReader(file))
}

func TestContentsOfFilesLeaveAndComeWithTheRows(t *testing.T) {
	cb := lived(t)
	people := clients.New(cb)
	all, err := people.Counts(ctx, clients.For(clients.CoachView, "2026-11-22"))
	must(t, err)
	contents := map[ids.ID]string{}
	for i, body := range []string{"", "lantern", strings.Repeat("seven lanterns over a quiet harbour ", 200_000)} { // three parts
		id, err := people.Attach(ctx, clients.NewAttachment{CoupleID: all[0].ID, Name: fmt.Sprint(i)}, strings.NewReader(body))
		must(t, err)
		contents[id] = body
	}
	var first, second bytes.Buffer
	must(t, portable.Export(ctx, cb, &first))
	into, err := taken(t, first.String())
	must(t, err)
	for id, want := range contents {
		_, content, err := clients.New(into).Attachment(ctx, clients.For(clients.CoachView, "2026-11-22"), id)
		must(t, err)
		var got bytes.Buffer
		must(t, content(&got))
		if got.String() != want {
			t.Errorf("%d bytes came back of %d", got.Len(), len(want))
		}
	}
	must(t, portable.Export(ctx, into, &second))
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the export of an import is another")
	}

	// One that has not come is said to be away, and its row comes all the same.
	must(t, os.RemoveAll(attach.Folder(cb.Path())))
	second.Reset()
	must(t, portable.Export(ctx, cb, &second))
	if !strings.Contains(second.String(), `{"base64":"","part":0,`) {
		t.Error("it is not said that a content is away")
	}
	_, err = taken(t, second.String())
	must(t, err)

	part := first.String()[strings.Index(first.String(), `{"base64":"bGFu`):]
	part = part[:strings.Index(part, "}")+1]
	for what, with := range map[string]string{
		"another content": strings.Replace(part, "bGFu", "bGFv", 1), "not from the first": strings.Replace(part, `"part":1`, `"part":2`, 1),
		"a gap": part + "," + strings.Replace(part, `"part":1`, `"part":3`, 1), "no base64": strings.Replace(part, "bGFu", "b?Fu", 1),
		"no digest": strings.Replace(part, `"sha256":"`, `"sha256":"x`, 1), "nothing with bytes": strings.Replace(part, `"part":1`, `"part":0`, 1),
	} {
		if _, err := taken(t, strings.Replace(first.String(), part, with, 1)); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", what, err)
		}
	}
	must(t, portable.Export(ctx, into, io.Discard))
}
