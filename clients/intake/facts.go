package intake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
)

// Fact is one thing that an enquiry or a call says.
type Fact struct{ Name, Value string }

// facts leaves out what is not known.
type facts []Fact

func (f *facts) put(name string, values ...string) {
	values = slices.DeleteFunc(values, func(s string) bool { return s == "" })
	if len(values) > 0 {
		*f = append(*f, Fact{name, strings.Join(values, " · ")})
	}
}

func moment(t time.Time, loc *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(loc).Format("2 January 2006, 15:04")
}

// Facts are everything the enquiry says, for the coach: the enquiry itself, and then
// each of those who enquire.
func (e Enquiry) Facts(loc *time.Location) [][]Fact {
	t := text.T
	var own facts
	own.put(t("enquiry.received", "Received"), moment(e.ReceivedAt, loc))
	own.put(t("enquiry.source", "Heard of us through"), e.Source)
	own.put(t("enquiry.booked", "Who wrote"), map[string]string{"a": e.partner(e.A, t("enquiry.first", "The first")), "b": e.partner(e.B, t("enquiry.partner", "The partner")), "both": t("practices.both", "both")}[e.BookedBy])
	own.put(t("enquiry.message", "What they wrote"), e.Message)
	own.put(t("enquiry.intent", "What they want"), clients.IntentWords(e.Intent))
	own.put(t("call.booked", "Discovery call"), moment(e.CallAt, loc))
	own.put(t("enquiry.next", "Next step"), e.NextStep, e.NextOn.Words())
	for _, d := range e.Done {
		own.put(t("enquiry.followed_up", "Followed up"), d.On.Words())
	}
	switch {
	case e.SharedAddress && e.BothAgreed:
		own.put(t("enquiry.address", "Address"), t("enquiry.shared", "They share a mailbox or a telephone"), t("enquiry.both_agreed", "Both agreed to messages there"))
	case e.SharedAddress:
		own.put(t("enquiry.address", "Address"), t("enquiry.shared", "They share a mailbox or a telephone"))
	}
	out := [][]Fact{own}
	for _, p := range []clients.Person{e.A, e.B} {
		if f := personFacts(p); len(f) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// partner is what to call one of those who enquire.
func (e Enquiry) partner(p clients.Person, unnamed string) string {
	if p.IsEmpty() {
		return unnamed
	}
	return p.Short()
}

func personFacts(p clients.Person) []Fact {
	t := text.T
	var f facts
	year := ""
	if p.BirthYear > 0 {
		year = strconv.Itoa(p.BirthYear)
	}
	latin := p.Latin
	if latin == p.Full() {
		latin = ""
	}
	f.put(t("person.latin", "In Latin letters"), latin)
	f.put(t("person.say", "How to say it"), p.Say)
	f.put(t("person.pronouns", "Pronouns"), p.Pronouns)
	f.put(t("person.language", "Language"), clients.LanguageWords(p.Language))
	f.put(t("person.zone", "Time zone"), p.Zone)
	f.put(t("person.birth", "Year of birth"), year)
	f.put(t("person.email", "E-mail"), p.Email)
	f.put(t("person.phone", "Phone"), p.Phone)
	f.put(t("person.safe", "Safe contact"), p.Safe.Words())
	if p.IsEmpty() && len(f) == 0 {
		return nil
	}
	name := p.Full()
	if name == "" {
		name = t("enquiry.no_name", "No name yet")
	}
	return append([]Fact{{t("enquiry.name", "Name"), name}}, f...)
}

// Facts are everything the sheet says, in the order of the call, for the coach. The
// names are those of the two who enquire, "" where there is none.
func (c Call) Facts(a, b string, loc *time.Location) ([]Fact, error) {
	raw, err := json.Marshal(c.Sheet)
	if err != nil {
		return nil, err
	}
	var said map[string]any
	if err := json.Unmarshal(raw, &said); err != nil {
		return nil, err
	}
	var f facts
	held := moment(c.HeldAt, loc)
	if c.Minutes > 0 {
		held += " · " + text.N("call.minutes", c.Minutes, "1 minute", "%d minutes")
	}
	f.put(text.T("call.held", "Discovery call held"), held)
	for _, field := range NamedCallSheet(a, b) {
		if field.Kind == "fit" {
			f.put(field.Label, c.Sheet.Fit.Words(), strings.Join(c.Sheet.Fit.rated(), ", "))
			continue
		}
		f.put(field.Label, field.words(said[field.Key]))
	}
	return f, nil
}

// words is an answer as it is read: the labels of what was chosen, a day in words.
func (f CallField) words(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case []any:
		var all []string
		for _, one := range x {
			all = append(all, f.words(one))
		}
		return strings.Join(all, ", ")
	case string:
		switch {
		case f.Kind == "day":
			return day.Day(x).Words()
		case x == "yes" && f.Kind == "yes_no":
			return text.T("sheet.yes", "Yes")
		case x == "no" && f.Kind == "yes_no":
			return text.T("sheet.no", "No")
		}
		for _, o := range f.Options {
			if o.Value == x {
				return o.Label
			}
		}
		return x
	}
	return fmt.Sprint(v)
}

// Words is the total of the rating, empty while nothing is rated. An unsafe rating
// overrides any total.
func (f Fit) Words() string {
	sum, rated := f.Total()
	if rated == 0 {
		return ""
	}
	words := text.T("fit.total", "%d of 12", sum)
	if rated < len(f.Items()) {
		words += " · " + text.T("fit.rated", "%d of %d rated", rated, len(f.Items()))
	}
	if f.Unsafe() {
		words += " · " + text.T("fit.unsafe", "not safe: that overrides the total")
	}
	return words
}

// rated are the items with what each was given.
func (f Fit) rated() []string {
	var out []string
	for _, i := range f.Items() {
		if i.Value != nil {
			out = append(out, fmt.Sprintf("%s %d", i.Label, *i.Value))
		}
	}
	return out
}
