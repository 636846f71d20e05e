package ui_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/ui"
)

func TestADamagedCasebookOffersItsNewestBackup(t *testing.T) {
	w := newWindow(t, "/here/Practice.couplet")
	w.opener.damaged = true
	try := func() {
		w.Type("kettle orbit walnut mosaic")
		w.Key(fyne.KeyReturn)
		w.Settle()
	}
	try()
	w.MustSay("This file is damaged.", "There is no sound backup.")
	w.opener.newest = ui.Rescue{Path: "b", At: time.Date(2026, 11, 20, 8, 30, 0, 0, time.Local)}
	try()
	w.MustSay("This file is damaged.", "20 November 2026, 08:30", "the damaged file is kept beside it")
	w.Tap("Restore this backup")
	w.Settle()
	w.MustSay("Restored from the backup of 20 November 2026, 08:30. The damaged file is kept as /here/Practice.couplet damaged.")
	if len(w.opener.opened) != 1 {
		t.Errorf("opened %v", w.opener.opened)
	}
}
