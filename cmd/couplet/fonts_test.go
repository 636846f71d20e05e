package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/assets"
)

func TestFacesForOtherScriptsAreOfferedWhole(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("XDG_DATA_DIRS", "")
	if err := offerFonts(); err != nil {
		t.Fatal(err)
	}
	if dirs := os.Getenv("XDG_DATA_DIRS"); !strings.HasPrefix(dirs, "/usr/local/share:/usr/share:") || !strings.HasSuffix(dirs, filepath.Join(cache, "couplet")) {
		t.Errorf("the folders are %q", dirs)
	}
	torn := filepath.Join(cache, "couplet", "fonts", "DroidSansFallbackFull.ttf")
	if err := os.Truncate(torn, 100); err != nil { // the disk was full the last time
		t.Fatal(err)
	}
	if err := offerFonts(); err != nil {
		t.Fatal(err)
	}
	for name, size := range assets.OtherScripts() {
		info, err := os.Stat(filepath.Join(cache, "couplet", "fonts", name+".ttf"))
		if err != nil || info.Size() != size || size != int64(len(assets.Font(name))) {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}
