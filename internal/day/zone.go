package day

import (
	"os"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // Windows has no time zones of its own
)

// LocalZone is the IANA name of this computer's time zone; UTC where nothing tells it.
func LocalZone() string {
	name := time.Local.String()
	if name == "Local" || name == "" {
		name = strings.TrimPrefix(os.Getenv("TZ"), ":")
	}
	if name == "" {
		if target, err := filepath.EvalSymlinks("/etc/localtime"); err == nil {
			_, name, _ = strings.Cut(filepath.ToSlash(target), "zoneinfo/")
		}
	}
	if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" {
		return "UTC"
	}
	return name
}
