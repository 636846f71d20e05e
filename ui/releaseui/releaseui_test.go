package releaseui

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// kept remembers what was released, by the rules of the domain.
type kept struct {
	given     []clients.Release
	withdrawn []day.Day
}

func (k *kept) GiveReleases(_ context.Context, all []clients.Release) error {
	for _, r := range all {
		if err := r.Validate(); err != nil {
			return err
		}
	}
	k.given = append(k.given, all...)
	return nil
}

func (k *kept) WithdrawRelease(_ context.Context, _ ids.ID, _ clients.Slot, _ ids.ID, on day.Day, _ string) (ids.ID, error) {
	k.withdrawn = append(k.withdrawn, on)
	return ids.New(), nil
}

func item() Item {
	h := clients.Header{Kind: clients.KindCouple, Partners: []clients.Partner{{Slot: clients.SlotA, Short: "Mara"}, {Slot: clients.SlotB, Short: "Tom"}}}
	return Item{Record: kit.Record{Couple: ids.New(), Header: h}, Partner: clients.SlotA, ID: ids.New(), Sees: []kit.Field{{Key: "channels", Label: "What is shown", Widget: kit.Paragraph("everything")}}}
}

func TestAReleaseSaysWhoWhenHowMuchHowAndUntilWhen(t *testing.T) {
	a, k, x := uitest.NewApp(t), &kept{}, item()
	scope, before := []string{}, errors.New("not yet")
	x.Scope = func() []string { return scope }
	x.Before = func(context.Context) error { return before }
	a.Show(kit.NewLine(""))
	told := 0
	Give(a.Env, k, x, func() { told++ })
	a.Settle()
	confirm := func() {
		t.Helper()
		a.Env.Dialogs.Confirm()
		a.Settle()
	}
	a.MustSay("Mara lets Tom see this", "everything", "Tom, and both together")
	a.Field("Given on").(*kit.Entry).SetText("someday")
	confirm()
	a.MustSay("2026-11-22") // how a day is written
	a.Field("Given on").(*kit.Entry).SetText("2026-11-20")
	a.Field("Until, if not to the engagement's end").(*kit.Entry).SetText("2026-11-19")
	confirm()
	if len(k.given) != 0 || told != 0 {
		t.Fatal("released although something was not ready first")
	}
	before = nil
	confirm()
	a.MustSay("The end lies before the start.", "Choose at least one channel")
	a.Field("Until, if not to the engagement's end").(*kit.Entry).SetText("2027-01-31")
	scope = []string{"EM"}
	confirm()
	want := clients.Release{CoupleID: x.Record.Couple, Partner: clients.SlotA, ItemID: x.ID, Channels: []string{"EM"}, State: clients.StateGiven, GivenOn: "2026-11-20", ExpiresOn: "2027-01-31", Way: "said in the session"}
	if d := cmp.Diff([]clients.Release{want}, k.given); d != "" || told != 1 {
		t.Error(d, told)
	}
	Withdraw(a.Env, k, x, nil)
	a.Settle()
	a.Field("Withdrawn on").(*kit.Entry).SetText("2026-11-21")
	confirm()
	if !cmp.Equal(k.withdrawn, []day.Day{"2026-11-21"}) {
		t.Errorf("withdrawn %v", k.withdrawn)
	}
}
