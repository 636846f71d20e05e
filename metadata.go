// Package couplet is the root of the module. It holds the one source of the program's
// name, identity and version.
package couplet

import (
	_ "embed"
	"fmt"

	"github.com/BurntSushi/toml"
)

//go:embed FyneApp.toml
var appFile string

// Metadata names the program: what the window, the packages and the command line say.
type Metadata struct {
	Name    string
	ID      string
	Version string
	Build   int
}

// About is the metadata of FyneApp.toml, which the packaging tools read too.
func About() Metadata {
	var f struct{ Details Metadata }
	if _, err := toml.Decode(appFile, &f); err != nil {
		panic(fmt.Sprintf("couplet: FyneApp.toml: %v", err)) // it is part of the program
	}
	return f.Details
}
