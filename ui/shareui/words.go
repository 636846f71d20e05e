package shareui

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
)

// namedInRail is how many other computers the rail names.
const namedInRail = 3

// Standing says in one line how sharing stands: "Up to date · Anna 2 minutes ago · Ben
// 3 days ago". Bad says that there is something to look at.
func Standing(s share.State, now time.Time) (words string, bad bool) {
	parts := []string{head(s)}
	heard := others(s)
	for _, d := range heard[:min(len(heard), namedInRail)] {
		parts = append(parts, name(d)+" "+Ago(now.Sub(d.Heard)))
	}
	if more := len(heard) - namedInRail; more > 0 {
		parts = append(parts, text.N("sharing.more_computers", more, "1 more", "%d more"))
	}
	return strings.Join(parts, " · "), bad || s.Trouble != nil || len(s.Waiting) > 0
}

func head(s share.State) string {
	switch {
	case errors.Is(s.Trouble, share.ErrRemoved):
		return text.T("sharing.is_removed", "Removed from sharing")
	case s.Trouble != nil:
		sentence, _ := fault.Words(s.Trouble)
		return text.T("sharing.waits_because", "Waiting: %s", strings.TrimSuffix(sentence, "."))
	case s.Working:
		return text.T("sharing.working", "Working…")
	case s.At.IsZero():
		return text.T("sharing.beginning", "Looking into the shared folder…")
	case len(s.Waiting) > 0:
		return text.N("sharing.files_wait", len(s.Waiting), "1 file waits", "%d files wait")
	}
	return text.T("sharing.up_to_date", "Up to date")
}

// others are the computers that take part and were heard of, the last one first.
func others(s share.State) []share.Device {
	out := slices.DeleteFunc(slices.Clone(s.Devices), func(d share.Device) bool { return d.Own || d.Heard.IsZero() || !d.Removed.IsZero() })
	slices.SortStableFunc(out, func(a, b share.Device) int { return b.Heard.Compare(a.Heard) })
	return out
}

func name(d share.Device) string {
	if d.Name == "" {
		return text.T("sharing.unnamed", "another computer")
	}
	return d.Name
}

// Ago says how long ago something was, rounded down.
func Ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return text.T("sharing.just_now", "just now")
	case d < time.Hour:
		return text.N("sharing.minutes_ago", int(d.Minutes()), "1 minute ago", "%d minutes ago")
	case d < 24*time.Hour:
		return text.N("sharing.hours_ago", int(d.Hours()), "1 hour ago", "%d hours ago")
	}
	return text.N("sharing.days_ago", int(d.Hours()/24), "1 day ago", "%d days ago")
}

// notice is what a notice says to a person.
func notice(n share.Notice) string {
	switch n.Kind {
	case share.NoticeBack:
		return text.T("sharing.came_back", "%s came back from the recycle bin: somebody changed it after it was deleted.", kindWord(n.Row.Table))
	case share.NoticeMoved:
		return text.T("sharing.moved", "The copy %s was merged, and is kept with the backups.", n.Name)
	}
	return n.Sentence
}

var kinds = text.Phrases(map[string]text.Phrase{
	"couple":                               text.P("sharing.a_record", "A record"),
	"person":                               text.P("sharing.a_person", "A person"),
	"enquiry discovery_call":               text.P("sharing.an_enquiry", "An enquiry"),
	"session":                              text.P("sharing.a_session", "A session"),
	"note note_field addendum":             text.P("sharing.a_note", "A note"),
	"assignment practice_log conversation": text.P("sharing.a_practice", "A practice"),
})

func kindWord(table string) string {
	if p, ok := kinds[table]; ok {
		return p.String()
	}
	return text.T("sharing.something", "Something")
}
