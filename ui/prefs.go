package ui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/ui/kit"
)

// prefs is what this computer remembers: how the window looks and where files lie.
// Never a name or a word of a client.
type prefs struct{ p fyne.Preferences }

const recentLength = 6

func (p prefs) mode() kit.Mode { return kit.Mode(p.p.String("appearance.mode")) }

func (p prefs) scale() float32 {
	return float32(p.p.FloatWithFallback("appearance.text_size", 1))
}

func (p prefs) setAppearance(m kit.Mode, scale float32) {
	p.p.SetString("appearance.mode", string(m))
	p.p.SetFloat("appearance.text_size", float64(scale))
}

func (p prefs) collapsed() bool      { return p.p.Bool("rail.collapsed") }
func (p prefs) setCollapsed(on bool) { p.p.SetBool("rail.collapsed", on) }

func (p prefs) lockAfter() time.Duration {
	return time.Duration(p.p.IntWithFallback("security.lock_minutes", int(DefaultLock/time.Minute))) * time.Minute
}

func (p prefs) setLockAfter(d time.Duration) {
	p.p.SetInt("security.lock_minutes", int(d/time.Minute))
}

// recent are the casebooks opened on this computer, newest first.
func (p prefs) recent() []string { return p.p.StringList("casebooks.recent") }

// LastCasebook is the path of the casebook that was opened last on this computer.
func LastCasebook(p fyne.Preferences) string {
	if recent := (prefs{p}).recent(); len(recent) > 0 {
		return recent[0]
	}
	return ""
}

// account is whose passphrase opened a casebook last on this computer.
func (p prefs) account() string      { return p.p.String("casebooks.account") }
func (p prefs) setAccount(id string) { p.p.SetString("casebooks.account", id) }

func (p prefs) addRecent(path string) {
	if path == "" {
		return
	}
	list := slices.DeleteFunc(p.recent(), func(s string) bool { return s == path })
	list = append([]string{path}, list...)
	p.p.SetStringList("casebooks.recent", list[:min(len(list), recentLength)])
}

func (p prefs) folder() string       { return p.p.String("files.folder") }
func (p prefs) setFolder(dir string) { p.p.SetString("files.folder", dir) }
