package pipelineui

import (
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// Work becomes active only once each partner has signed and was spoken with alone; the
// form says so at the stage, and the card behind it names what is missing of whom.
func TestWorkBeginsOnceEverythingIsThere(t *testing.T) {
	p := newPlace(t)
	id := p.add(enquiry("Ada Berg", "Bo Berg", ""))
	couple := must[clients.Couple](t)(p.clients.Couple(ctx, p.coach(), must[ids.ID](t)(p.intake.Convert(ctx, id, intake.Conversion{}))))
	ok(t, p.intake.MoveCouple(ctx, couple.ID, intake.StageAgreementSigned, ""))
	p.page.Open(kit.Route{Page: PageID, ID: id.String()})
	p.Settle()
	p.MustSay("Before the work begins")
	begin := func() {
		p.Tap("Move on…")
		uitest.First[*kit.Choice[intake.Stage]](p.App).SetValue(intake.StageActive)
		p.confirm()
	}
	begin()
	p.MustSay("Not yet: see “Before the work begins”.")
	p.Env.Dialogs.Dismiss()
	for _, person := range []clients.Slot{clients.SlotA, clients.SlotB} {
		for _, purpose := range []string{clients.PurposeAgreement, clients.PurposeRecords} {
			must[ids.ID](t)(p.clients.Sign(ctx, clients.Signature{CoupleID: couple.ID, PersonID: couple.Person(person), Purpose: purpose, TextVersion: "2026-1", Language: "en", Way: "on paper", SignedOn: p.coach().On()}))
		}
		must[ids.ID](t)(p.clients.RecordScreen(ctx, clients.Screen{CoupleID: couple.ID, PersonID: couple.Person(person), Outcome: clients.ScreenDeclined, HeldOn: p.coach().On()}))
	}
	p.page.Reload()
	p.Settle()
	p.MustSay("Everything is there: the work may begin.")
	begin()
	p.quiet()
	if s := p.stored(id).Stage; s != intake.StageActive {
		t.Errorf("moved to %s", s)
	}
}

// What the form of an enquiry asks of each of the two is kept as it was said.
func TestEnquiryKeepsHowNamesAreWrittenAndSaid(t *testing.T) {
	p := newPlace(t)
	_, err := p.clients.AddCoach(ctx, "Lin Park")
	ok(t, err)
	p.page.Open(kit.Route{Page: PageID})
	p.Settle()
	p.page.NewEnquiry()
	p.Fill("First: Given name", "晓梅")
	p.Fill("First: Family name", "王")
	p.Fill("First: In Latin letters", "Wáng Xiǎoméi")
	p.Fill("First: How to say it", "shyaow-may")
	p.Field("First: Order of names").(*kit.Choice[clients.NameOrder]).SetValue(clients.FamilyFirst)
	p.Fill("Partner: How to say it", "WOO-kash")
	p.Field("Who answers them").(*kit.Choice[ids.ID]).SetSelected("Lin Park")
	p.confirm()
	p.quiet()
	e := p.stored(must[ids.ID](t)(ids.Parse(p.nav.last().ID)))
	if e.A.Full() != "王晓梅" || e.A.Latin != "Wáng Xiǎoméi" || e.A.Say != "shyaow-may" || e.B.Say != "WOO-kash" {
		t.Errorf("kept %+v", e)
	}
	if cards := must[[]intake.Column](t)(p.intake.Pipeline(ctx, p.coach(), intake.PipelineFilter{})); cards[0].Cards[0].CoachName != "Lin Park" {
		t.Errorf("answered by %q", cards[0].Cards[0].CoachName)
	}
}

// Of two names the coach says which one a single client is.
func TestConversionToOneOfTheTwo(t *testing.T) {
	p := newPlace(t)
	id := p.add(enquiry("Ada Berg", "Bo Berg", ""))
	p.Tap("Make it a record…")
	uitest.First[*kit.Segments[clients.Kind]](p.App).SetValue(clients.KindSingle)
	uitest.First[*kit.Segments[clients.Slot]](p.App).SetValue(clients.SlotB)
	p.Fill("Together since", "sometime")
	p.confirm()
	p.MustSay("Write a year, a month like 2015-06")
	p.Field("Together since").(*kit.Entry).SetText("2015-06")
	p.Fill("Tags", "online, evenings,, Online")
	p.confirm()
	p.quiet()
	h := must[clients.Header](t)(p.clients.Header(ctx, p.coach(), p.stored(id).CoupleID, p.Env.Now()))
	if h.Title != "Bo Berg" || h.Kind != clients.KindSingle || h.Since != "2015-06" || len(h.Tags) != 2 {
		t.Errorf("became %+v", h)
	}
}

// Where the list and an enquiry have no room side by side the enquiry has it all, and one
// word leads back to the list.
func TestANarrowWindowShowsOneAtATime(t *testing.T) {
	p := newPlace(t)
	p.add(enquiry("Ada Berg", "Bo Berg", ""))
	p.MustSay("New enquiry")
	p.MustNotSay("All enquiries")
	p.Window.Resize(fyne.NewSize(p.page.stack.MinSize().Width+100, 600))
	p.MustNotSay("New enquiry")
	p.MustSay("Ada Berg & Bo Berg", "Start the call")
	p.Tap("All enquiries")
	p.MustSay("New enquiry", "Ada Berg & Bo Berg")
	p.MustNotSay("Start the call", "All enquiries")
	p.quiet()
}
