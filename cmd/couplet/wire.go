package main

import (
	"context"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/kit"
)

// pages is the one list of pages: here the stores of the domain meet the windows that
// show them. A place appears here when it works.
func pages(_ *ui.Shell, _ ui.Workspace, _ kit.Env) []ui.Page {
	return nil
}

// Finder finds records for the palette.
func (w *workspace) Finder() ui.Finder { return nil }

// fillSample puts the sample clients into a new casebook.
func fillSample(context.Context, *casebook.Casebook) error { return nil }
