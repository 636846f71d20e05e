package day

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
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

// known are the zones that were asked for: reading one from the disk costs more than most
// of what it is read for.
var known sync.Map

// Clock is t on the clocks of a zone, by which what happened there is told: UTC where
// the zone is not known.
func Clock(t time.Time, zone string) time.Time {
	if loc, ok := known.Load(zone); ok {
		return t.In(loc.(*time.Location))
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return t.UTC()
	}
	known.Store(zone, loc)
	return t.In(loc)
}
