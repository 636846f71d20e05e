package share

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/couplet-app/couplet/internal/container"
)

// IsShared says whether the file at path is one of a shared folder: a snapshot, which
// somebody may take for a casebook to work in, or a small file of changes.
func IsShared(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	start := make([]byte, len(container.Magic))
	n, _ := f.ReadAt(start, 0)
	return n == len(container.Magic) && string(start) == container.Magic
}

// services are the file services and what tells of them: a file or folder that they
// keep at the top of what they hold, or the name that they give to it.
var services = []struct {
	name    string
	markers []string // patterns
	folders []string // how names begin
}{
	{"Syncthing", []string{".stfolder", ".stversions"}, nil},
	{"Dropbox", []string{".dropbox", ".dropbox.cache"}, []string{"Dropbox"}},
	{"OneDrive", nil, []string{"OneDrive"}},
	{"Google Drive", []string{".tmp.driveupload", ".tmp.drivedownload"}, []string{"Google Drive", "GoogleDrive", "My Drive"}},
	{"iCloud Drive", nil, []string{"iCloud Drive", "iCloudDrive", "Mobile Documents"}},
	{"Nextcloud", []string{".sync_*.db", "._sync_*.db", ".nextcloudsync.log", ".owncloudsync.log"}, []string{"Nextcloud", "ownCloud"}},
	{"Resilio Sync", []string{".sync"}, nil},
	{"pCloud", nil, []string{"pCloud"}},
	{"MEGA", []string{".megaignore"}, []string{"MEGA", "MEGAsync"}},
}

// Synced names the file service in whose folder path lies, "" if none is known to. A
// casebook that somebody works in must not lie there.
func Synced(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(real, filepath.Base(path))
	}
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		for _, s := range services {
			if keeps(dir, s.markers, s.folders) {
				return s.name
			}
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

func keeps(dir string, markers, folders []string) bool {
	for _, m := range markers {
		if found, err := filepath.Glob(filepath.Join(literal(dir), m)); err == nil && len(found) > 0 {
			return true
		}
	}
	for _, f := range folders {
		rest, ok := strings.CutPrefix(filepath.Base(dir), f)
		if ok && (rest == "" || strings.ContainsAny(rest[:1], " -(")) {
			return true
		}
	}
	return false
}

// literal keeps a folder's name from being read as a pattern.
func literal(dir string) string {
	if filepath.Separator == '\\' {
		return dir // there is no way to say it; a service's folder has no such name
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}
