package assets

import (
	"embed"
	"fmt"
	"strings"
)

// fontFiles holds the faces of the window, the charts and the PDF, with their
// licences. The family is Source Sans 3 (SIL OFL 1.1); the other faces draw what
// it lacks: Droid Sans Fallback (Apache-2.0) Chinese, Noto Sans (SIL OFL 1.1)
// other scripts and symbols.
//
//go:embed fonts/*.ttf fonts/LICENSES/*.txt
var fontFiles embed.FS

// Font is a fresh copy of the TrueType file "SourceSans3-Regular" and the like; the
// caller may change it. It panics for a name that is not shipped.
func Font(name string) []byte {
	b, err := fontFiles.ReadFile("fonts/" + name + ".ttf")
	if err != nil {
		panic(fmt.Sprintf("assets: no font %q", name))
	}
	return b
}

// OtherScripts are the faces beside the family, with the size of each in bytes.
func OtherScripts() map[string]int64 {
	entries, err := fontFiles.ReadDir("fonts")
	if err != nil {
		panic("assets: no fonts: " + err.Error())
	}
	faces := map[string]int64{}
	for _, e := range entries {
		name, isFace := strings.CutSuffix(e.Name(), ".ttf")
		if !isFace || strings.HasPrefix(name, "SourceSans3") {
			continue
		}
		info, err := e.Info()
		if err != nil {
			panic("assets: " + err.Error())
		}
		faces[name] = info.Size()
	}
	return faces
}

// FontLicences are the licence texts of the shipped faces.
func FontLicences() []string {
	entries, err := fontFiles.ReadDir("fonts/LICENSES")
	if err != nil {
		panic("assets: no font licences: " + err.Error())
	}
	texts := make([]string, len(entries))
	for i, e := range entries {
		b, err := fontFiles.ReadFile("fonts/LICENSES/" + e.Name())
		if err != nil {
			panic("assets: " + err.Error())
		}
		texts[i] = string(b)
	}
	return texts
}
