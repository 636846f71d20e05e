package couplet

import (
	"regexp"
	"testing"
)

func TestAboutIsComplete(t *testing.T) {
	m := About()
	if m.Name != "Couplet" || m.ID == "" || m.Build < 1 {
		t.Errorf("%+v", m)
	}
	if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(m.Version) {
		t.Errorf("version %q", m.Version)
	}
}
