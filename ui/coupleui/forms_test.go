package coupleui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func (p *place) errorAt(key string) string {
	p.T.Helper()
	return uitest.First[*kit.Form](p.App).ErrorAt(key)
}

func TestACoupleIsMadeByTabAlone(t *testing.T) {
	p := newPlace(t)
	p.page.Open(kit.Route{Page: PageID})
	p.Tap("New couple")
	p.Type("Mara")
	p.Key(fyne.KeyTab)
	p.Type("Novak")
	p.Key(fyne.KeyTab)
	p.Type("Leo")
	p.Key(fyne.KeyTab, fyne.KeyTab)
	p.Type("engaged")
	p.Key(fyne.KeyTab)
	p.Type("2019-05")
	p.Key(fyne.KeyTab)
	p.Type("podcast, parents,")
	p.save()
	p.quiet()
	id := p.parsed(p.Nav.Last().ID)
	h := p.header(id, clients.CoachView)
	if h.Title != "Mara Novak & Leo" || h.Status != "engaged" || h.Since != "2019-05" || strings.Join(h.Tags, "|") != "podcast|parents" {
		t.Errorf("%+v", h)
	}
	p.MustSay("Mara Novak & Leo", "since 2019-05", "1 record")
}

func TestWhatIsMissingStandsAtItsField(t *testing.T) {
	p := newPlace(t)
	p.page.newCouple()
	p.save()
	if got := p.errorAt("a_given_name"); got == "" {
		t.Error("nothing says that a name is needed")
	}
	long := strings.Repeat("x", clients.MaxName+1)
	p.Field("A: Given name").(*kit.Entry).SetText("Mara")
	p.Field("B: Family name").(*kit.Entry).SetText(long)
	p.save()
	if p.errorAt("b_family_name") == "" || p.errorAt("a_family_name") != "" {
		t.Error("B's long name is not marked as B's")
	}
	p.Field("B: Family name").(*kit.Entry).SetText("Marsh")
	p.Field("Together since").(*kit.Entry).SetText("long ago")
	p.save()
	if p.errorAt("together_since") == "" {
		t.Error("the day is not marked")
	}
	p.Env.Dialogs.Dismiss()
	p.page.Open(kit.Route{Page: PageID})
	p.MustSay("0 records")
	p.quiet()
}

func TestTheSameNameAsksWhoIsMeant(t *testing.T) {
	p := newPlace(t)
	first := p.couple(named("Thomas", "Whitlow"), named("Priya", "Raman"))
	thomas := p.header(first, clients.CoachView).Partner(clients.SlotA).PersonID
	fill := func(a string) {
		p.page.newSingle()
		p.Field("Given name").(*kit.Entry).SetText(a)
		p.Field("Family name").(*kit.Entry).SetText("Whitlow")
	}
	// Ctrl+Enter without leaving the field asks as well, and makes nothing yet.
	fill("thomas")
	p.save()
	p.MustSay("There is already somebody of this name.")
	if p.errorAt("same") != "" || p.errorAt("a_same") != "Choose who is meant." {
		t.Errorf("at the question stands %q", p.errorAt("a_same"))
	}
	choice := uitest.First[*kit.Choice[ids.ID]](p.App)
	if got := strings.Join(choice.Options, "; "); got != "Somebody new; Thomas Whitlow · in Thomas Whitlow & Priya Raman" {
		t.Errorf("it offers %s", got)
	}
	choice.SetSelected(choice.Options[1])
	p.save()
	p.quiet()
	second := p.parsed(p.Nav.Last().ID)
	if got := p.header(second, clients.CoachView).Partner(clients.SlotA); got.PersonID != thomas || got.Full != "Thomas Whitlow" {
		t.Errorf("the record is of %+v", got)
	}
	// Somebody new of the same name.
	fill("Thomas")
	p.Window.Canvas().Focus(p.Field("Given name"))
	p.Key(fyne.KeyTab)
	choice = uitest.First[*kit.Choice[ids.ID]](p.App)
	if len(choice.Options) != 2 || !strings.Contains(choice.Options[1], "a single client") {
		t.Errorf("it offers %q", choice.Options)
	}
	choice.SetSelected("Somebody new")
	p.save()
	third := p.parsed(p.Nav.Last().ID)
	if got := p.header(third, clients.CoachView).Partner(clients.SlotA).PersonID; got == thomas {
		t.Error("it is the same person")
	}
	p.quiet()
}

func TestACoupleIsTwoDifferentPeople(t *testing.T) {
	p := newPlace(t)
	p.couple(named("Thomas", "Whitlow"), nil)
	p.page.newCouple()
	for _, who := range []string{"A: ", "B: "} {
		p.Field(who + "Given name").(*kit.Entry).SetText("Thomas")
		p.Field(who + "Family name").(*kit.Entry).SetText("Whitlow")
	}
	p.save()
	for _, c := range uitest.Find[*kit.Choice[ids.ID]](p.Roots()[0]) {
		c.SetSelected(c.Options[1])
	}
	p.save()
	if got := p.errorAt("b_same"); got != "A couple is two different people." {
		t.Errorf("at B stands %q", got)
	}
}

func TestEveryFieldOfAPersonIsEdited(t *testing.T) {
	p := newPlace(t)
	id := p.couple(named("Xiaomei", "Wang"), named("Łukasz", "Dąbrowski"))
	p.couple(named("Mei", "Wang"), nil)
	p.open(id, kit.LensCoach)
	person := p.page.record.tab.(*overview).facts.People[0]
	p.Tap("Edit") // the record's own
	p.MustSay("How they live")
	p.Env.Dialogs.Dismiss()
	p.page.record.tab.(*overview).editPerson(person)
	for label, v := range map[string]string{
		"Given name": "晓梅", "Family name": "王", "In Latin letters": "Wang Xiaomei", "How to say it": "shyow-may", "Pronouns": "she/her", "Language": "zh-CN",
		"Time zone": "Europe/Amsterdam", "E-mail": "mei@example.org", "Phone": "+31 20 000", "Year of birth": "1990", "When": "after six", "What else to mind when reaching this person": "shared inbox",
	} {
		p.Field(label).(*kit.Entry).SetText(v)
	}
	p.Field("Order of names").(*kit.Choice[clients.NameOrder]).SetSelected("Family name first")
	p.Field("Safe contact").(*kit.Choice[string]).SetSelected("E-mail")
	p.Field("Messages").(*kit.Choice[string]).SetSelected("Never")
	p.save()
	p.quiet()
	p.MustSay("王晓梅 & Łukasz Dąbrowski", "Wang Xiaomei", "shyow-may", "she/her", "zh-CN", "mei@example.org", "+31 20 000", "1990", "E-mail · after six · shared inbox · leave no message")
	// What cannot be stored stands at its field.
	p.page.record.tab.(*overview).editPerson(p.page.record.tab.(*overview).facts.People[0])
	for key, set := range map[string][2]string{"birth_year": {"Year of birth", "young"}, "zone": {"Time zone", "Middle-earth"}, "language": {"Language", "Elvish!"}, "email": {"E-mail", "mei"}} {
		e := p.Field(set[0]).(*kit.Entry)
		was := e.Text
		e.SetText(set[1])
		p.save()
		if p.errorAt(key) == "" {
			t.Errorf("%q stands unmarked in %s", set[1], set[0])
		}
		e.SetText(was)
	}
	// The warning of the same name stands here too, without a question.
	p.Field("Given name").(*kit.Entry).SetText("Mei")
	p.Field("Family name").(*kit.Entry).SetText("Wang")
	p.Field("In Latin letters").(*kit.Entry).SetText("")
	p.Window.Canvas().Focus(p.Field("Given name"))
	p.Key(fyne.KeyTab)
	p.MustSay("There is already somebody of this name.")
	p.Env.Dialogs.Dismiss()
	p.quiet()
}

func TestAPartnerJoinsASingleClient(t *testing.T) {
	p := newPlace(t)
	id := p.couple(named("Ada", ""), nil)
	p.open(id, kit.LensCoach)
	p.Tap("A partner joins…")
	p.save()
	if p.errorAt("given_name") == "" {
		t.Error("nothing says that a name is needed")
	}
	p.Fill("Given name", "Ada")
	p.save()
	uitest.First[*kit.Choice[ids.ID]](p.App).SetSelected(uitest.First[*kit.Choice[ids.ID]](p.App).Options[1])
	p.save()
	if got := p.errorAt("same"); got != "A couple is two different people." {
		t.Errorf("at the question stands %q", got)
	}
	p.Field("Given name").(*kit.Entry).SetText("Bo")
	p.save()
	p.MustSay("Ada & Bo", "B · Bo", "Us", "Joint work")
	p.quiet()
}

func TestPersonsAreArchivedDeletedAndBroughtBack(t *testing.T) {
	p := newPlace(t)
	id := p.couple(named("Ada", "Stone"), named("Bo", ""))
	p.open(id, kit.LensCoach)
	o := p.page.record.tab.(*overview)
	o.archivePerson(o.facts.People[0])
	p.changed()
	if !o.facts.People[0].Archived {
		t.Error("not archived")
	}
	p.Said.TakeBack()
	p.changed()
	if o.facts.People[0].Archived {
		t.Error("not brought back")
	}
	o.deletePerson(o.facts.People[0])
	p.changed()
	p.MustNotSay("Ada Stone")
	p.MustSay("This person was deleted.")
	p.Tap("Bring back")
	p.changed()
	p.MustSay("Ada Stone & Bo")
	p.Said.TakeBack()
	p.changed()
	p.MustNotSay("Ada Stone")
	p.quiet()
}

func TestTheRecordIsEdited(t *testing.T) {
	p := newPlace(t)
	id := p.couple(named("Ada", ""), named("Bo", ""), "old")
	p.open(id, kit.LensCoach)
	p.page.record.edit()
	p.Field("How they live").(*kit.Entry).SetText("long-distance")
	p.Field("Together since").(*kit.Entry).SetText("whenever")
	p.save()
	if p.errorAt("together_since") == "" {
		t.Error("the day is not marked")
	}
	p.Field("Together since").(*kit.Entry).SetText("2020")
	p.Field("Tags").(*kit.Entry).SetText("new, newer")
	p.save()
	p.MustSay("long-distance · since 2020", "new, newer")
	p.quiet()
}
