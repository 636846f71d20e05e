package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/preview"
	"github.com/couplet-app/couplet/ui"
)

func TestThePageForARecoveryKey(t *testing.T) {
	page, err := (&paper{}).KeyPage("Harbour & *Co*", vault.NewRecovery())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(page, []byte("%PDF")) || bytes.Contains(page, []byte("Harbour")) {
		t.Error("not a PDF, or its metadata name the casebook")
	}
	look := new(preview.Renderer)
	defer look.Close()
	if _, pages, err := look.Draw(page, 0, 600); err != nil || pages != 1 {
		t.Errorf("%d pages, %v", pages, err)
	}
}

func TestACopyForPrintingIsPrivateAndGoes(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var opened string
	p := &paper{open: func(u *url.URL) error { opened = filepath.FromSlash(u.Path); return nil }}
	if err := p.Print(context.Background(), []byte("page")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(opened)
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Fatalf("%v, %v", info, err)
	}
	p.Forget()
	if _, err := os.Stat(filepath.Dir(opened)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the copy is still there: %v", err)
	}
	p.open = func(u *url.URL) error { opened = filepath.FromSlash(u.Path); return errors.New("nothing opens this") }
	if err := p.Print(context.Background(), []byte("page")); !fault.Is(err, fault.System) || !strings.Contains(err.Error(), "no program") {
		t.Errorf("without a program: %v", err)
	}
	if _, err := os.Stat(opened); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a copy that nothing opened is still there: %v", err)
	}
}

func TestANewRecoveryKeyOfARealCasebook(t *testing.T) {
	ctx, o := context.Background(), &opener{trouble: func(err error) { t.Error(err) }}
	path := filepath.Join(t.TempDir(), "Harbour.couplet")
	w, old, err := o.Create(ctx, ui.NewCasebook{Path: path, Passphrase: "kettle orbit walnut"})
	if err != nil {
		t.Fatal(err)
	}
	s := settings{w.(*workspace).stores}
	if _, err := s.NewRecoveryKey(ctx, "wrong"); !fault.Is(err, fault.WrongKey) {
		t.Errorf("without the passphrase: %v", err)
	}
	fresh, err := s.NewRecoveryKey(ctx, "kettle orbit walnut")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetRecoveryKey(ctx, fresh); err != nil {
		t.Fatal(err)
	}
	if copies, _, err := s.Backups(ctx); err != nil || len(copies) == 0 {
		t.Errorf("backups %v, %v", copies, err)
	}
	if err := w.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Open(ctx, path, ui.Secret{RecoveryKey: old}); !fault.Is(err, fault.WrongKey) {
		t.Errorf("the old key: %v", err)
	}
	if w, err = o.Open(ctx, path, ui.Secret{RecoveryKey: fresh}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(ctx); err != nil {
		t.Fatal(err)
	}
}
