package clients_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/clients"
)

func TestName(t *testing.T) {
	for _, c := range []struct {
		name        clients.Name
		full, short string
	}{
		{clients.Name{Given: "Priya", Family: "Raman"}, "Priya Raman", "Priya"},
		{clients.Name{Given: "晓梅", Family: "王", Order: clients.FamilyFirst, Latin: "Wáng Xiǎoméi"}, "王晓梅", "晓梅"},
		{clients.Name{Given: "Xiaomei", Family: "Wang", Order: clients.FamilyFirst}, "Wang Xiaomei", "Xiaomei"},
		{clients.Name{Family: "Moss"}, "Moss", "Moss"},
		{clients.Name{Latin: "Samira"}, "Samira", "Samira"},
		{clients.Name{Given: " A\nB ", Family: "<&>\""}, "A B <&>\"", "A B"},
		{clients.Name{Given: "سميرة", Family: "حداد"}, "سميرة حداد", "سميرة"},
		{clients.Name{}, "", ""},
	} {
		if got := c.name.Full(); got != c.full {
			t.Errorf("Full %q, want %q", got, c.full)
		}
		if got := c.name.Short(); got != c.short {
			t.Errorf("Short %q, want %q", got, c.short)
		}
		if c.name.IsEmpty() != (c.full == "") {
			t.Errorf("IsEmpty of %q", c.full)
		}
	}
}

func TestSameName(t *testing.T) {
	thomas := clients.Name{Given: "Thomas", Family: "Whitlow"}
	for _, c := range []struct {
		other clients.Name
		same  bool
	}{
		{clients.Name{Given: "THOMAS", Family: "whitlow"}, true},
		{clients.Name{Given: "Thomas", Family: "Ｗｈｉｔｌｏｗ"}, true},
		{clients.Name{Given: "Thomas ", Family: " Whitlow"}, true},
		{clients.Name{Given: "Whitlow", Family: "Thomas", Order: clients.FamilyFirst}, true},
		{clients.Name{Given: "توماس", Latin: "Thomas Whitlow"}, true},
		{clients.Name{Given: "Tomas", Family: "Whitlow"}, false},
		{clients.Name{Given: "Thomas"}, false},
		{clients.Name{}, false},
	} {
		if got := thomas.Same(c.other); got != c.same {
			t.Errorf("%+v: same %v, want %v", c.other, got, c.same)
		}
	}
	if (clients.Name{}).Same(clients.Name{}) {
		t.Error("two people without a name are not namesakes")
	}
}

func TestPersonValidate(t *testing.T) {
	long := strings.Repeat("ж", clients.MaxName)
	good := clients.Person{Name: clients.Name{Given: long, Family: "🙂"}, Language: "zh-CN", Zone: "Asia/Shanghai", Email: "x@example.org", BirthYear: 1990}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	if err := (clients.Person{}).Validate(); err != nil {
		t.Errorf("nobody knows anything yet: %v", err)
	}
	bad := clients.Person{
		Name: clients.Name{Given: long + "x", Order: "middle"}, Language: "klingon-ish language", Zone: "Local", BirthYear: 12, Email: "x@", Phone: strings.Repeat("1", 51),
		Safe: clients.SafeContact{Channel: "pigeon", Message: "perhaps"},
	}
	want := []string{"given_name", "name_order", "language", "zone", "birth_year", "email", "phone", "safe_channel", "safe_message"}
	if d := cmp.Diff(want, fields(bad.Validate())); d != "" {
		t.Error(d)
	}
}

func TestCoupleValidate(t *testing.T) {
	s, _ := book(t)
	_, err := s.CreateCouple(ctx, clients.NewCouple{A: &clients.Person{}, B: &clients.Person{}})
	if d := cmp.Diff([]string{"given_name"}, fields(err)); d != "" {
		t.Error(d)
	}
	p := must[clients.Namesake](t)(firstPerson(s, t))
	same := &clients.Person{ID: p.PersonID}
	_, err = s.CreateCouple(ctx, clients.NewCouple{A: same, B: &clients.Person{ID: p.PersonID}, Since: "2015-13"})
	if d := cmp.Diff([]string{"b", "together_since"}, fields(err)); d != "" {
		t.Error(d)
	}
	for _, since := range []string{"", "2015", "2015-06", "2015-06-20"} {
		if _, err := s.CreateCouple(ctx, clients.NewCouple{A: same, Since: since}); err != nil {
			t.Errorf("%q: %v", since, err)
		}
	}
	_, err = s.CreateCouple(ctx, clients.NewCouple{A: same, Tags: []string{strings.Repeat("t", clients.MaxTag+1)}})
	if d := cmp.Diff([]string{"tags"}, fields(err)); d != "" {
		t.Error(d)
	}
}

func firstPerson(s *clients.Store, t *testing.T) (clients.Namesake, error) {
	if _, err := s.CreatePerson(ctx, *named("Mateus", "Oliveira")); err != nil {
		return clients.Namesake{}, err
	}
	l, err := s.People(ctx, coach, "mateus", 5)
	if len(l) != 1 {
		t.Fatalf("%d people called Mateus, want 1", len(l))
	}
	return l[0], err
}
