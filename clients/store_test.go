package clients_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

func TestPersonRoundTrip(t *testing.T) {
	s, _ := book(t)
	p := clients.Person{
		Name: clients.Name{Given: "晓梅", Family: "王", Order: clients.FamilyFirst, Latin: "Wáng Xiǎoméi"}, Say: "shyaow-may", Pronouns: "she/her", Language: "zh", Zone: "Asia/Shanghai",
		BirthYear: 1997, Email: "x@example.org", Phone: "+1 555-0101", Safe: clients.SafeContact{Channel: "text", When: "evenings", Message: "no", Note: "not at work"},
	}
	id := must[ids.ID](t)(s.CreatePerson(ctx, p))
	p.ID, p.CreatedAt = id, casebooktest.Start
	if d := cmp.Diff(p, must[clients.Person](t)(s.Person(ctx, coach, id))); d != "" {
		t.Error(d)
	}
	ok(t, s.UpdatePerson(ctx, id, func(p *clients.Person) error { p.Email, p.BirthYear = "y@example.org", 0; return nil }))
	ok(t, s.ArchivePerson(ctx, id, true))
	p.Email, p.BirthYear, p.Archived = "y@example.org", 0, true
	if d := cmp.Diff(p, must[clients.Person](t)(s.Person(ctx, coach, id))); d != "" {
		t.Error(d)
	}
	ok(t, s.ArchivePerson(ctx, id, false))
	ok(t, s.DeletePerson(ctx, id))
	if l := must[[]clients.Namesake](t)(s.People(ctx, coach, "", 9)); len(l) != 0 {
		t.Errorf("deleted, and still among the people: %+v", l)
	}
	ok(t, s.RestorePerson(ctx, id))
	if l := must[[]clients.Namesake](t)(s.People(ctx, coach, "xiaoméi wáng", 9)); len(l) != 0 {
		t.Errorf("no such name: %+v", l)
	}
	if l := must[[]clients.Namesake](t)(s.People(ctx, coach, "xiǎoméi WÁNG", 9)); len(l) != 1 || l[0].Title != "" {
		t.Errorf("%+v", l)
	}
	err := s.UpdatePerson(ctx, id, func(p *clients.Person) error { p.Zone = "Mars"; return nil })
	wantKind(t, err, fault.BadInput)
	wantKind(t, s.DeletePerson(ctx, ids.New()), fault.NotFound)
}

func TestContactIsTheCoachs(t *testing.T) {
	s, _ := book(t)
	p := *named("Dana", "Whitcombe")
	p.Email, p.Phone, p.BirthYear, p.Safe, p.Pronouns = "dana@example.org", "+44 7700 900123", 1991, clients.SafeContact{Channel: "email", When: "weekdays 10 to 15", Message: "no", Note: "work only"}, "she/her"
	id := must[ids.ID](t)(s.CreatePerson(ctx, p))
	want := clients.Person{ID: id, Name: clients.Name{Given: "Dana", Family: "Whitcombe", Order: clients.GivenFirst}, Pronouns: "she/her", CreatedAt: casebooktest.Start}
	for _, aud := range []clients.Audience{us, asA, asB} {
		if d := cmp.Diff(want, must[clients.Person](t)(s.Person(ctx, aud, id))); d != "" {
			t.Errorf("%s: %s", aud.Reader(), d)
		}
	}
	_, err := s.Person(ctx, nobody, id)
	wantKind(t, err, fault.NotFound)
}

func TestNamesakes(t *testing.T) {
	s, _ := book(t)
	id, a, b := couple(t, s, named("Priya", "Raman"), named("Thomas", "Whitlow"))
	name := clients.Name{Given: "thomas", Family: "WHITLOW"}
	want := []clients.Namesake{{PersonID: b, Name: clients.Name{Given: "Thomas", Family: "Whitlow", Order: clients.GivenFirst}, CoupleID: id, Title: "Priya Raman & Thomas Whitlow", Kind: clients.KindCouple}}
	if d := cmp.Diff(want, must[[]clients.Namesake](t)(s.Namesakes(ctx, coach, name, ids.Nil))); d != "" {
		t.Error(d)
	}
	if l := must[[]clients.Namesake](t)(s.Namesakes(ctx, coach, name, b)); l != nil {
		t.Errorf("a namesake of oneself: %+v", l)
	}
	if l := must[[]clients.Namesake](t)(s.Namesakes(ctx, coach, clients.Name{Latin: "Raman Priya"}, ids.Nil)); len(l) != 1 || l[0].PersonID != a {
		t.Errorf("%+v", l)
	}
	for _, aud := range []clients.Audience{us, asA, asB, nobody} {
		if l := must[[]clients.Namesake](t)(s.Namesakes(ctx, aud, name, ids.Nil)); l != nil {
			t.Errorf("%s is told of other clients", aud.Reader())
		}
		if l := must[[]clients.Namesake](t)(s.People(ctx, aud, "", 9)); l != nil {
			t.Errorf("%s is told of other clients", aud.Reader())
		}
	}
}

func TestCoupleLife(t *testing.T) {
	s, cb := book(t)
	id, a, b := couple(t, s, named("Renske", "de Graaf"), named("Ivonne", "Salcedo"))
	want := clients.Couple{ID: id, Kind: clients.KindCouple, A: a, B: b, Stage: clients.FirstStage, StageAt: casebooktest.Start, CreatedAt: casebooktest.Start}
	if d := cmp.Diff(want, must[clients.Couple](t)(s.Couple(ctx, coach, id))); d != "" {
		t.Error(d)
	}
	ok(t, s.UpdateCouple(ctx, id, func(c *clients.Couple) error { c.Status, c.Since = " living\ntogether ", "2020"; return nil }))
	ok(t, s.ArchiveCouple(ctx, id, true))
	want.Status, want.Since, want.Archived = "living together", "2020", true
	if d := cmp.Diff(want, must[clients.Couple](t)(s.Couple(ctx, coach, id))); d != "" {
		t.Error(d)
	}
	ok(t, s.ArchiveCouple(ctx, id, false))

	// Ivonne is in another record too, so she stays when this one goes.
	other := must[ids.ID](t)(s.CreateCouple(ctx, clients.NewCouple{A: &clients.Person{ID: b}}))
	ok(t, s.DeleteCouple(ctx, id))
	if n := number(t, cb, `SELECT count(*) FROM person WHERE deleted = 0`); n != 1 {
		t.Errorf("%d people left, want 1", n)
	}
	if l := must[clients.List](t)(s.List(ctx, coach, clients.Filter{Shelf: clients.Everything})); l.Total != 1 || l.Rows[0].ID != other || l.Rows[0].Title != "Ivonne Salcedo" {
		t.Errorf("%+v", l)
	}
	ok(t, s.RestoreCouple(ctx, id))
	if n := number(t, cb, `SELECT count(*) FROM person WHERE deleted = 0`); n != 2 {
		t.Errorf("%d people back, want 2", n)
	}
	ok(t, s.DeletePerson(ctx, a))
	h := must[clients.Header](t)(s.Header(ctx, coach, id, casebooktest.Start))
	if h.Title != "Partner A & Ivonne Salcedo" {
		t.Errorf("title %q", h.Title)
	}
	wantKind(t, s.DeleteCouple(ctx, ids.New()), fault.NotFound)
}

func TestTagsCoachesAndList(t *testing.T) {
	s, cb := book(t)
	second := must[ids.ID](t)(s.AddCoach(ctx, "Mara"))
	ok(t, s.RenameCoach(ctx, second, "Mara Lind"))
	owner := must[[]clients.Coach](t)(s.Coaches(ctx))[0].ID
	record := func(given string, tags []string, coaches ...ids.ID) ids.ID {
		return must[ids.ID](t)(s.CreateCouple(ctx, clients.NewCouple{A: named(given, "A"), B: named("Bo", "B"), Tags: tags, Engagement: &clients.Engagement{Coaches: coaches, StartedOn: "2026-01-01"}}))
	}
	zoe := record("Zoë", []string{"online", " Online ", "evening"}, owner, second)
	luk := record("Łukasz", nil, second)
	ann := record("ann", []string{"evening"})
	old := record("Old", nil)
	ok(t, s.ArchiveCouple(ctx, old, true))
	ok(t, s.SetTags(ctx, zoe, []string{"evening", "remote"}))
	ok(t, s.SetTags(ctx, zoe, []string{"online", "evening"}))
	add := func(c ids.ID, state string, day int) {
		exec(t, cb, `INSERT INTO session (id, couple_id, state, starts_at) VALUES (?, ?, ?, ?)`, ids.New(), c, state, clients.Millis(casebooktest.Start.AddDate(0, 0, day)))
	}
	add(zoe, "held", -9)
	add(zoe, "held", -2)
	add(zoe, "no_show", -1)
	add(zoe, "booked", 5)
	add(luk, "held", -1)
	add(ann, "booked", 2)
	add(ann, "booked", -2)
	exec(t, cb, `INSERT INTO assignment (id, couple_id) VALUES (?, ?)`, ids.New(), zoe)
	exec(t, cb, `INSERT INTO assignment (id, couple_id, state) VALUES (?, ?, 'done')`, ids.New(), zoe)

	list := func(f clients.Filter) clients.List {
		f.Now = casebooktest.Start
		return must[clients.List](t)(s.List(ctx, coach, f))
	}
	order := func(f clients.Filter) []ids.ID {
		var out []ids.ID
		for _, r := range list(f).Rows {
			out = append(out, r.ID)
		}
		return out
	}
	for name, c := range map[string]struct {
		f    clients.Filter
		want []ids.ID
	}{
		"by name":       {clients.Filter{}, []ids.ID{ann, luk, zoe}},
		"reversed":      {clients.Filter{Reverse: true}, []ids.ID{zoe, luk, ann}},
		"everything":    {clients.Filter{Shelf: clients.Everything}, []ids.ID{ann, luk, old, zoe}},
		"archived":      {clients.Filter{Shelf: clients.Archived}, []ids.ID{old}},
		"last":          {clients.Filter{Sort: clients.ByLast}, []ids.ID{luk, zoe, ann}},
		"next":          {clients.Filter{Sort: clients.ByNext}, []ids.ID{ann, zoe, luk}},
		"stage":         {clients.Filter{Sort: clients.ByStage, Stages: []string{"x"}}, []ids.ID{ann, luk, zoe}},
		"coach":         {clients.Filter{Coach: second}, []ids.ID{luk, zoe}},
		"tag":           {clients.Filter{Tag: "evening"}, []ids.ID{ann, zoe}},
		"tag gone":      {clients.Filter{Tag: "remote"}, nil},
		"stage of all":  {clients.Filter{Stage: clients.FirstStage}, []ids.ID{ann, luk, zoe}},
		"other stage":   {clients.Filter{Stage: "active"}, nil},
		"text":          {clients.Filter{Text: "bo ZOË"}, []ids.ID{zoe}},
		"text of a tag": {clients.Filter{Text: "onlin"}, []ids.ID{zoe}},
		"beginning":     {clients.Filter{Text: "o", Sort: clients.ByMatch, Shelf: clients.Everything}, []ids.ID{old, ann, luk, zoe}},
		"kind":          {clients.Filter{Kind: clients.KindSingle}, nil},
		"page":          {clients.Filter{Limit: 1, Offset: 1}, []ids.ID{luk}},
		"beyond":        {clients.Filter{Limit: 1, Offset: 9}, nil},
	} {
		if d := cmp.Diff(c.want, order(c.f)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	if n := list(clients.Filter{Limit: 1}).Total; n != 3 {
		t.Errorf("total %d, want 3", n)
	}
	want := clients.Row{
		ID: zoe, Kind: clients.KindCouple, A: clients.Name{Given: "Zoë", Family: "A", Order: clients.GivenFirst}, B: clients.Name{Given: "Bo", Family: "B", Order: clients.GivenFirst},
		Names: []string{"Zoë A", "Bo B"}, Title: "Zoë A & Bo B", Stage: clients.FirstStage, StageAt: casebooktest.Start, Tags: []string{"online", "evening"}, Coaches: []string{"Test coach", "Mara Lind"},
		LastAt: casebooktest.Start.AddDate(0, 0, -2), NextAt: casebooktest.Start.AddDate(0, 0, 5), Sessions: 4, Held: 2, OpenPractices: 1,
	}
	if d := cmp.Diff(want, list(clients.Filter{Text: "zoë"}).Rows[0]); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]clients.TagCount{{Tag: "evening", N: 2}, {Tag: "online", N: 1}}, must[[]clients.TagCount](t)(s.Tags(ctx, coach))); d != "" {
		t.Error(d)
	}
	counts := must[[]clients.Count](t)(s.Counts(ctx, coach))
	if len(counts) != 4 || counts[0].ID != zoe || counts[0].Sessions != 4 || counts[3].ID != old {
		t.Errorf("%+v", counts)
	}
	for _, aud := range []clients.Audience{us, asA, asB, nobody} {
		l := must[clients.List](t)(s.List(ctx, aud, clients.Filter{Now: casebooktest.Start}))
		if l.Total != 0 || len(l.Rows) != 0 || len(must[[]clients.Count](t)(s.Counts(ctx, aud))) != 0 || len(must[[]clients.TagCount](t)(s.Tags(ctx, aud))) != 0 {
			t.Errorf("%s is told of other clients", aud.Reader())
		}
	}
}

func TestEngagements(t *testing.T) {
	s, _ := book(t)
	second := must[ids.ID](t)(s.AddCoach(ctx, "Mara"))
	owner := must[[]clients.Coach](t)(s.Coaches(ctx))[0].ID
	id, _, _ := couple(t, s, named("Samira", "Haddad"), named("Jonas", "Lindqvist"))
	first := must[[]clients.Engagement](t)(s.Engagements(ctx, coach, id))[0]
	if d := cmp.Diff([]ids.ID{owner}, first.Coaches); d != "" || first.Policy != clients.NoSecrets {
		t.Errorf("%s, policy %s", d, first.Policy)
	}
	ok(t, s.UpdateEngagement(ctx, first.ID, func(e *clients.Engagement) error {
		e.Coaches, e.Intent, e.Policy = []ids.ID{owner, second, second}, "grow", clients.LimitedSecrets
		return nil
	}))
	ok(t, s.UpdateEngagement(ctx, first.ID, func(e *clients.Engagement) error { e.Coaches = []ids.ID{second}; return nil }))
	ok(t, s.EndEngagement(ctx, first.ID, "2026-10-01"))
	next := must[ids.ID](t)(s.CreateEngagement(ctx, clients.Engagement{CoupleID: id, StartedOn: "2026-02-01"}))
	h := must[clients.Header](t)(s.Header(ctx, asA, id, casebooktest.Start))
	if h.Engagement == nil || h.Engagement.ID != next || h.OnHold {
		t.Errorf("the running engagement counts, though it began before: %+v", h.Engagement)
	}
	ok(t, s.PauseEngagement(ctx, next, true))
	if h := must[clients.Header](t)(s.Header(ctx, asB, id, casebooktest.Start)); !h.OnHold || !h.Engagement.Paused {
		t.Error("a pause shows")
	}
	ok(t, s.DeleteEngagement(ctx, next))
	h = must[clients.Header](t)(s.Header(ctx, coach, id, casebooktest.Start))
	if h.Engagement == nil || h.Engagement.ID != first.ID || h.OnHold || len(h.Coaches) != 1 || h.Coaches[0].Name != "Mara" {
		t.Errorf("%+v", h)
	}
	ok(t, s.RestoreEngagement(ctx, next))
	err := s.UpdateEngagement(ctx, next, func(e *clients.Engagement) error {
		e.EndedOn, e.Policy, e.Coaches = "2026-01-01", "none", nil
		return nil
	})
	if d := cmp.Diff([]string{"secrets_policy", "ended_on", "coaches"}, fields(err)); d != "" {
		t.Error(d)
	}
	if l := must[[]clients.Engagement](t)(s.Engagements(ctx, nobody, id)); l != nil {
		t.Error("nobody is told")
	}
	if _, err := s.AddCoach(ctx, " \n"); !fault.Is(err, fault.BadInput) {
		t.Error(err)
	}
}
