package libraryui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func open(t *testing.T, id string) (*uitest.App, *Page) {
	t.Helper()
	a := uitest.NewApp(t)
	p := NewPage(Deps{Env: a.Env})
	a.Show(p)
	p.Open(kit.Route{Page: PageID, ID: id})
	a.Settle()
	for _, err := range a.Said.Errors {
		t.Errorf("said %v", err)
	}
	return a, p
}

// words is everything that one entry says.
func words(objects []fyne.CanvasObject) string {
	return strings.Join(uitest.Texts(kit.VBox(0, objects...)), "\n")
}

func mustHold(t *testing.T, where, all string, parts ...string) {
	t.Helper()
	for _, s := range parts {
		if s != "" && !strings.Contains(all, s) {
			t.Errorf("%s does not say %q", where, s)
		}
	}
}

func TestEveryPracticeIsReadWhole(t *testing.T) {
	uitest.NewApp(t)
	library, err := practices.All()
	if err != nil {
		t.Fatal(err)
	}
	care, err := practices.CareDefaults()
	if err != nil || len(care) == 0 {
		t.Fatalf("care notes %v, %v", care, err)
	}
	for _, x := range library {
		all := words(practice(x, care))
		mustHold(t, x.ID, all, x.Title, x.Purpose, x.Materials, x.Cadence.Text, whoWords(x.Who), levelWords(x.Level))
		for _, list := range [][]string{x.Prerequisites, x.Steps, x.CareNotes, care, x.StopRules} {
			mustHold(t, x.ID, all, list...)
		}
		for _, s := range x.SubPractices {
			mustHold(t, x.ID, all, append([]string{s.Title, s.Purpose, s.Cadence.Text}, s.Steps...)...)
		}
		for _, l := range x.Locks {
			mustHold(t, x.ID, all, l.Why)
		}
		for _, m := range x.Measures {
			mustHold(t, x.ID, all, m.Label)
		}
		for _, e := range x.Evidence {
			mustHold(t, x.ID, all, e.Citation, e.Claim, doi(e.DOI))
			for _, one := range strings.Split(e.Strength, "/") {
				if strengthWords(one) == "" {
					t.Errorf("%s: strength %q has no words", x.ID, one)
				}
			}
		}
		for _, v := range variants(x.Variants) {
			mustHold(t, x.ID, all, v[1])
		}
		for _, l := range x.Lists {
			mustHold(t, x.ID, all, l.Title)
			for _, it := range l.Items {
				mustHold(t, x.ID, all, it.Text)
			}
		}
	}
}

func TestAQuizShowsItsWordingOnlyWhereItMayBeShipped(t *testing.T) {
	uitest.NewApp(t)
	for _, d := range quizzes.Shipped() {
		all := words(quiz(d))
		mustHold(t, d.ID, all, d.Name, d.Licence)
		for _, s := range d.Scales {
			mustHold(t, d.ID, all, s.Name, s.Range.String())
			for _, c := range s.CutOffs {
				mustHold(t, d.ID, all, c.Source)
			}
		}
		for _, s := range d.Sources {
			mustHold(t, d.ID, all, s.Citation)
		}
		if d.TextShippable {
			for _, it := range d.Items {
				mustHold(t, d.ID, all, it.Text)
			}
		} else {
			mustHold(t, d.ID, all, "The questions are not shipped")
		}
	}
	closed := *quizzes.Shipped()[0]
	closed.TextShippable = false
	closed.Items = []quizzes.Item{{ID: "i1", Text: "a wording that is somebody else's"}}
	if strings.Contains(words(quiz(&closed)), "somebody else's") {
		t.Error("a wording that may not be shipped is shown")
	}
}

func TestWhatNobodyComparedWithItsSourceSaysSo(t *testing.T) {
	uitest.NewApp(t)
	d := &quizzes.Definition{Name: "Q", TextShippable: true, Scales: []quizzes.Scale{{Name: "S", CutOffs: []quizzes.CutOff{{Value: 51.5, Source: "Paper 2007"}}}}}
	if all := words(quiz(d)); !strings.Contains(all, "cut-off 51.5 (Paper 2007)") || strings.Contains(all, "unverified") {
		t.Errorf("a verified cut-off says %q", all)
	}
	d.Scales[0].CutOffs[0].Unverified = true
	if all := words(quiz(d)); !strings.Contains(all, "cut-off 51.5 (Paper 2007) · unverified") {
		t.Errorf("an unverified cut-off says %q", all)
	}
}

func TestATemplateSaysWhoSeesEachField(t *testing.T) {
	uitest.NewApp(t)
	templates, err := sessions.Templates()
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range templates {
		all := words(template(form))
		for _, f := range form.Fields {
			sees, _ := reader(f)
			mustHold(t, form.ID, all, plain(f.Label), plain(f.Hint), sees)
		}
		if strings.Contains(all, "{") {
			t.Errorf("%s shows a place for a name: %s", form.ID, all)
		}
	}
	form, err := sessions.TemplateByID("couple-session")
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"note_a": "for A", "note_b": "for B", "agreements": "for both"} {
		f, ok := form.Field(key)
		if got, _ := reader(f); !ok || got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
}

func TestSectionsFilterAndChoose(t *testing.T) {
	a, p := open(t, "")
	a.MustSay("Practices, quizzes and note templates stand here", "Practices")
	a.Tap("Read the first")
	first := p.all[0].entries[0]
	a.MustSay("Steps", "What is known")
	if got := a.Nav.Replaced; len(got) != 1 || got[0] != (kit.Route{Page: PageID, ID: first.id}) {
		t.Fatalf("the history says %v", got)
	}
	a.Window.Canvas().Focus(p.First())
	a.Type("note template")
	a.Settle()
	a.MustSay("Note templates")
	if p.shown[0].read != nil || p.shown[0].title != "Note templates" {
		t.Errorf("the list begins with %q", p.shown[0].title)
	}
	for _, e := range p.shown {
		if e.id == first.id {
			t.Error("the filter keeps a practice")
		}
	}
	a.Type(" xyz")
	a.Settle()
	a.MustSay("Nothing has these letters.")
	p.open(0)
	if p.chosen != first.id {
		t.Errorf("an empty list opened %q", p.chosen)
	}
}

func TestByKeysAlone(t *testing.T) {
	a, p := open(t, "")
	a.Window.Canvas().Focus(p.First())
	a.Key(fyne.KeyTab, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	if p.chosen == "" {
		t.Fatalf("nothing is read; the focus is on %T", a.Focused())
	}
}

func TestARouteOpensItsEntry(t *testing.T) {
	for _, id := range []string{"pr-11", "icp-18", "couple-session"} {
		a, p := open(t, id)
		if p.chosen != id {
			t.Errorf("%s opened %q", id, p.chosen)
		}
		if got := uitest.Clipped(t, p); len(got) > 0 {
			t.Errorf("%s clips %v", id, got)
		}
		a.MustNotSay("stand here, with what is known")
	}
}

func TestShotsLibrary(t *testing.T) {
	for name, id := range map[string]string{"library-practice": "pr-11", "library-quiz": "icp-18", "library-quiz-closed": "csi-16", "library-template": "couple-session"} {
		a, p := open(t, id)
		if p.chosen != id {
			t.Errorf("%s opened %q", id, p.chosen)
		}
		a.Capture(name)
	}
}
