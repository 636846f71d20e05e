package consentui

import (
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// The directory of the settings is written by the coach, and says what nobody made sure of
// for a year.
func TestTheDirectoryIsKeptAndSaysWhatIsStale(t *testing.T) {
	a := uitest.NewApp(t)
	b := a.Book()
	d := NewDirectory(a.Env, b.Clients)
	a.Show(d)
	d.Stands()
	a.Settle()
	a.MustSay("none ships")
	a.Tap("Add an entry")
	a.Env.Dialogs.Confirm()
	if uitest.First[*kit.Form](a).ErrorAt("name") == "" {
		t.Error("a name is not asked for")
	}
	a.Field("Name").(*kit.Entry).SetText("Night line")
	a.Field("Phone").(*kit.Entry).SetText("555-0100")
	a.Field("What kind of help").(*kit.Choice[string]).SetValue(clients.ContactEmergency)
	a.Env.Dialogs.Confirm()
	a.Settle()
	a.MustSay("Night line", "Emergency · 555-0100", "nobody has made sure of it yet")
	a.Tap("It is right")
	a.Settle()
	a.MustSay("verified on 22 November 2026")
	a.Clock.Jump(370 * 24 * 3600e9)
	d.Stands()
	a.Settle()
	a.MustSay("more than a year ago")
	a.Tap("Delete")
	a.Settle()
	a.MustNotSay("Night line")
	a.Said.TakeBack()
	a.Settle()
	a.MustSay("Night line")
	a.NoErrors()
}

// A text that ships is read, and changed by a new version alone.
func TestPV46ATextIsChangedByANewVersionAlone(t *testing.T) {
	a := uitest.NewApp(t)
	b := a.Book()
	x := NewTexts(a.Env, b.Clients)
	a.Show(x)
	x.Stands()
	a.Settle()
	a.MustSay("Coaching agreement · version 1 · English")
	a.Tap("Read")
	a.MustSay("This is coaching.")
	a.Env.Dialogs.Dismiss()
	a.Tap("New version…")
	a.Field("Name of the version").(*kit.Entry).SetText("1")
	a.Env.Dialogs.Confirm()
	if uitest.First[*kit.Form](a).ErrorAt("version") == "" {
		t.Error("a version is written over")
	}
	a.Field("Name of the version").(*kit.Entry).SetText("2026-2")
	a.Env.Dialogs.Confirm()
	a.Settle()
	a.MustSay("Coaching agreement · version 2026-2 · English", "Coaching agreement · version 1 · English")
	a.NoErrors()
}
