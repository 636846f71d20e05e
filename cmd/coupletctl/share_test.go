package main

import (
	"context"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
)

// keep sets a variable to the last standard output: keep NAME.
func keep(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}

// revise writes a new version of a brief contact, as the window does: revise FILE NOTE TEXT.
func revise(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(reviseNote(ts.MkAbs(args[0]), args[1], args[2]))
}

func reviseNote(file, note, body string) error {
	ctx := context.Background()
	id, err := ids.Parse(note)
	if err != nil {
		return err
	}
	cb, err := casebook.Open(ctx, file, vault.Secret{Passphrase: passphrase}, casebook.Options{})
	if err != nil {
		return err
	}
	defer cb.Close()
	store := sessions.New(cb, nil)
	n, err := store.Edit(ctx, clients.For(clients.CoachView, ""), id)
	if err != nil {
		return err
	}
	return store.SaveRevision(ctx, n, map[string]string{"content": body})
}

// agree holds casebooks to one and the same dump, which is the standard output then.
func agree(ts *testscript.TestScript, neg bool, args []string) {
	var first string
	for i, file := range args {
		ts.Check(ts.Exec("coupletctl", "dump", file))
		one := ts.ReadFile("stdout")
		if i == 0 {
			first = one
		} else if (one == first) == neg {
			ts.Fatalf("the dumps of %s and %s: equal is %v", args[0], file, one == first)
		}
	}
}
