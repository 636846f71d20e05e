package clients_test

import (
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
)

func screen(o clients.Outcome, supervisor string) clients.Screen {
	return clients.Screen{Outcome: o, HeldOn: "2026-11-01", Supervisor: supervisor}
}

func TestPV30JointWorkNeedsBothScreensFreshAndNoStop(t *testing.T) {
	clear := []clients.Screen{screen(clients.ScreenClear, "")}
	old := []clients.Screen{{Outcome: clients.ScreenClear, HeldOn: "2026-05-21"}}
	sixMonths := []clients.Screen{{Outcome: clients.ScreenClear, HeldOn: "2026-05-22"}}
	stop := []clients.Screen{screen(clients.ScreenStop, "")}
	both := func(a, b []clients.Screen) clients.JointFacts {
		return clients.JointFacts{Kind: clients.KindCouple, A: a, B: b}
	}
	with := func(f clients.JointFacts, change func(*clients.JointFacts)) clients.JointFacts {
		change(&f)
		return f
	}
	override := func(f *clients.JointFacts) { f.Override = today }
	for _, c := range []struct {
		name    string
		facts   clients.JointFacts
		verdict clients.JointVerdict
		begin   bool
		report  bool
	}{
		{"both clear", both(clear, clear), clients.JointOpen, true, true},
		{"exactly six months", both(sixMonths, clear), clients.JointOpen, true, true},
		{"older than six months", both(clear, old), clients.JointScreensDue, false, true},
		{"none of B", both(clear, nil), clients.JointScreensDue, false, true},
		{"B declined", both(clear, []clients.Screen{screen(clients.ScreenDeclined, "")}), clients.JointScreensDue, false, true},
		{"due, overridden until today", with(both(clear, nil), override), clients.JointOpen, true, true},
		{"due, the override is over", with(both(old, clear), func(f *clients.JointFacts) { f.Override = "2026-11-21" }), clients.JointScreensDue, false, true},
		{"to discuss", both([]clients.Screen{screen(clients.ScreenDiscuss, "")}, clear), clients.JointDiscuss, false, true},
		{"to discuss, no override", with(both([]clients.Screen{screen(clients.ScreenDiscuss, "")}, clear), override), clients.JointDiscuss, false, true},
		{"discussed", both([]clients.Screen{screen(clients.ScreenDiscuss, "R. Supervisor")}, clear), clients.JointOpen, true, true},
		{"stop", both(stop, clear), clients.JointOnHold, false, false},
		{"stop of long ago", both(clear, []clients.Screen{{Outcome: clients.ScreenStop, HeldOn: "2020-01-01"}}), clients.JointOnHold, false, false},
		{"stop, no override", with(both(stop, nil), override), clients.JointOnHold, false, false},
		{"two heads, the stricter counts", both(clear, []clients.Screen{stop[0], clear[0]}), clients.JointOnHold, false, false},
		{"an outcome not known here stops", both(clear, []clients.Screen{screen("later", "")}), clients.JointOnHold, false, false},
		{"paused", with(both(clear, clear), func(f *clients.JointFacts) { f.Paused = true }), clients.JointOnHold, false, false},
		{"parted", with(both(clear, clear), func(f *clients.JointFacts) { f.Parted = "2026-10-01" }), clients.JointParted, false, false},
		{"parted, both released a report", with(both(clear, clear), func(f *clients.JointFacts) { f.Parted, f.Released = "2026-10-01", true }), clients.JointParted, false, true},
		{"parted and stopped, both released a report", with(both(stop, clear), func(f *clients.JointFacts) { f.Parted, f.Released = "2026-10-01", true }), clients.JointParted, false, false},
		{"single", clients.JointFacts{Kind: clients.KindSingle, A: clear}, clients.JointSingle, false, false},
	} {
		st := clients.JointRule(c.facts, today)
		if st.Verdict != c.verdict || (st.MayBegin() == nil) != c.begin || (st.MayReport() == nil) != c.report {
			t.Errorf("%s: verdict %d, begin %v, report %v", c.name, st.Verdict, st.MayBegin(), st.MayReport())
		}
		if err := st.MayBegin(); err != nil {
			wantKind(t, err, fault.Refused)
		}
	}
}

// A pause and a stop are refused in the same words (rule PV-31).
func TestPV31ARefusalDoesNotTellAStopFromAPause(t *testing.T) {
	pause := clients.JointRule(clients.JointFacts{Kind: clients.KindCouple, Paused: true}, today)
	stop := clients.JointRule(clients.JointFacts{Kind: clients.KindCouple, A: []clients.Screen{screen(clients.ScreenStop, "")}}, today)
	for _, pair := range [][2]error{{pause.MayBegin(), stop.MayBegin()}, {pause.MayReport(), stop.MayReport()}} {
		s1, h1 := fault.Words(pair[0])
		s2, h2 := fault.Words(pair[1])
		if s1 != s2 || h1 != h2 || pair[0].Error() != pair[1].Error() {
			t.Errorf("%q %q and %q %q", s1, h1, s2, h2)
		}
	}
	if pause.OnHold() != stop.OnHold() || len(pause.Due) != len(stop.Due) {
		t.Errorf("%+v and %+v", pause, stop)
	}
}
