package reports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/durable"
)

// WriteSubject makes the folder out, which must not exist, whole or not at all, and enters
// it in the register of copies. render draws its overview.
func WriteSubject(ctx context.Context, cb *casebook.Casebook, f *rights.File, workspace, out string, render func(Document) ([]byte, []Substitution, error)) (err error) {
	if _, err := os.Lstat(out); err == nil {
		return &fs.PathError{Op: "mkdir", Path: out, Err: fs.ErrExist}
	}
	files, err := SubjectFiles(f)
	if err != nil {
		return err
	}
	if files["index.pdf"], _, err = render(SubjectIndex(f, workspace)); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(out), ".subject-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := durable.WriteNew(filepath.Join(tmp, name), files[name], 0o600); err != nil {
			return err
		}
	}
	sum := sha256.Sum256(files["data.json"])
	err = cb.Write(ctx, "subject.made", func(tx *casebook.Tx) error {
		if err := traces.Record(tx, traces.Entry{Kind: traces.SubjectMade, PersonID: f.Person}); err != nil {
			return err
		}
		return traces.Exported(tx, traces.Export{Kind: traces.KindSubject, PersonID: f.Person, SHA256: hex.EncodeToString(sum[:]), Name: filepath.Base(out)})
	})
	if err != nil {
		return err
	}
	return os.Rename(tmp, out)
}
