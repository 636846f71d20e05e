// Package pdftest reads finished PDFs as whoever gets one could.
package pdftest

import (
	"os/exec"
	"testing"
)

// Texts is what can be read out of the file at path: its text as it stands on the pages,
// what it says of itself, its bookmarks, and all its objects without compression.
func Texts(t testing.TB, path string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for what, command := range map[string][]string{
		"text": {"pdftotext", "-layout", path, "-"}, "information": {"pdfinfo", path},
		"bookmarks": {"qpdf", "--json", "--json-key=outlines", path}, "objects": {"qpdf", "--qdf", "--object-streams=disable", path, "-"},
	} {
		b, err := exec.Command(command[0], command[1:]...).Output()
		if err != nil {
			t.Fatalf("%s: %v", command[0], err)
		}
		out[what] = string(b)
	}
	return out
}
