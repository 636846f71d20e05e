package share

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTheFoldersOfFileServicesAreKnown(t *testing.T) {
	home := t.TempDir()
	for path, want := range map[string]string{
		"Documents/Casebook/a.couplet":                     "",
		"Dropboxes/a.couplet":                              "",
		"Dropbox/Practice/a.couplet":                       "Dropbox",
		"Dropbox (Personal)/a.couplet":                     "Dropbox",
		"OneDrive - A Practice/Documents/a.couplet":        "OneDrive",
		"Library/Mobile Documents/x/a.couplet":             "iCloud Drive",
		"Library/CloudStorage/GoogleDrive-a@b.c/a.couplet": "Google Drive",
		"Nextcloud/deep/er/a.couplet":                      "Nextcloud",
		"kept/by syncthing [1]/sub/a.couplet":              "Syncthing",
		"cloud/files/a.couplet":                            "Nextcloud",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(home, path)), 0o700); err != nil {
			t.Fatal(err)
		}
		switch want {
		case "Syncthing":
			if err := os.MkdirAll(filepath.Join(home, "kept", "by syncthing [1]", ".stfolder"), 0o700); err != nil {
				t.Fatal(err)
			}
		case "Nextcloud":
			if err := os.WriteFile(filepath.Join(home, filepath.Dir(path), ".sync_0123.db"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := Synced(filepath.Join(home, path)); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
