package noteui

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
)

func TestTheFormOfASessionKeepsEverythingAndNamesWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	w.open(clients.CoachView, "")
	w.Tap("New session…")
	w.Window.Canvas().Focus(w.Field("Starts at"))
	for range 5 {
		w.Key(fyne.KeyEnd, fyne.KeyBackspace)
	}
	w.Type("noon")
	w.Env.Dialogs.Confirm()
	w.MustSay("Write the hour like 15:00.")
	for range 4 {
		w.Key(fyne.KeyEnd, fyne.KeyBackspace)
	}
	w.Type("09:30")
	w.Fill("Place", "Harbour street 4")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	rows, err := w.Sessions.Sessions(context.Background(), w.Today(), w.couple)
	if err != nil || len(rows) != 1 {
		t.Fatalf("%v, %v", rows, err)
	}
	r := rows[0]
	if got := r.Local().Format("15:04"); got != "09:30" || r.Place != "Harbour street 4" || r.State != sessions.Held || r.Kind != sessions.JointSession {
		t.Errorf("%s %+v", got, r)
	}
	w.Tap("Edit the session")
	f := w.tab.newSessionForm(*w.tab.state.open)
	if v, _ := f.partners[w.Header(w.couple, clients.CoachView).Partner(clients.SlotA).PersonID].Value(); v != sessions.Present {
		t.Errorf("A was %s", v)
	}
	f.on.SetValue(w.Today().On().Add(7))
	if s, _ := f.state.Value(); s != sessions.Booked {
		t.Errorf("a day ahead is %s", s)
	}
	f.kind.SetValue(with{sessions.IndividualSession, clients.SlotA})
	if f.includes(clients.SlotB) || !f.includes(clients.SlotA) {
		t.Error("the attendance is not that of the kind")
	}
}

func TestEachPersonMayMeetInTheirOwnWay(t *testing.T) {
	w := newWorld(t)
	w.open(clients.CoachView, "")
	f := w.tab.newSessionForm(sessions.SessionView{})
	jonas := w.Header(w.couple, clients.CoachView).Partner(clients.SlotB).PersonID
	f.mode.SetValue(sessions.Hybrid)
	f.modes[jonas].SetValue(sessions.Video)
	f.partners[jonas].SetValue(sessions.LateAndLeft)
	f.coaches[w.coachID()].SetValue(sessions.Late)
	x := sessions.Session{Couple: w.couple}
	w.Must(f.read(&x))
	id, err := w.Sessions.Create(context.Background(), x)
	w.Must(err)
	w.open(clients.CoachView, id.String())
	w.MustSay("One here, one away", "Mara · Jonas (Video, came late and left early) · Test coach (came late)")
	again := w.tab.newSessionForm(*w.tab.state.open)
	if m, _ := again.modes[jonas].Value(); m != sessions.Video {
		t.Errorf("the form opens with %q", m)
	}
	coach := again.coaches[w.coachID()]
	if p, _ := coach.Value(); p != sessions.Late {
		t.Errorf("the form opens with a coach who was %q", p)
	}
	coach.SetValue(sessions.Absent)
	w.Must(again.read(&x))
	if len(x.Attendance) != 2 {
		t.Errorf("a coach who was not there is listed: %+v", x.Attendance)
	}
}

func (w *world) coachID() ids.ID {
	return w.Header(w.couple, clients.CoachView).Coaches[0].ID
}
