package coupleui

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/ui/kit"
)

// plant writes a token into every text of v that stands for free words, and returns them.
func plant(v reflect.Value, kept map[string]string) []string {
	var tokens []string
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		switch {
		case f.Kind() == reflect.Struct:
			tokens = append(tokens, plant(f, kept)...)
		case f.Kind() == reflect.String && kept[name] != "":
			f.SetString(kept[name])
		case f.Kind() == reflect.String && f.Type() == reflect.TypeFor[string]():
			token := fmt.Sprintf("token%s%d", name, len(tokens))
			if name == "Email" {
				token += "@example.org"
			}
			f.SetString(token)
			tokens = append(tokens, token)
		}
	}
	return tokens
}

// Everything that the enquiry and the call said is found again in the record: a token
// in each field of words, each choice by its label.
func TestNothingIsLostOnTheWayToARecord(t *testing.T) {
	coded := map[string]string{
		"Language": "nl", "Zone": "Europe/Amsterdam", "Channel": "text", "Shared": "post", "Order": string(clients.FamilyFirst), "BookedBy": "b", "Kind": string(clients.KindCouple), "Intent": "prepare", "NextOn": "2026-12-24",
		"Participants": "B", "Mode": "phone", "NotesConsentA": "2026-11-03", "NotesConsentB": "2026-11-04", "FreeToSpeak": "unsure", "PartnerKnows": "yes", "Decision": string(intake.DecisionIndividualOnly), "ReasonCode": "schedule",
	}
	// "Message" is free words in an enquiry and a choice in a safe contact.
	for name, o := range map[string]struct {
		conversion intake.Conversion
		known      bool
	}{
		"couple": {}, "single": {conversion: intake.Conversion{Kind: clients.KindSingle}}, "with somebody known": {known: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			var e intake.Enquiry
			tokens := plant(reflect.ValueOf(&e).Elem().FieldByName("A"), coded)
			more := plant(reflect.ValueOf(&e).Elem().FieldByName("B"), coded)
			for i := range more {
				more[i] += "b"
			}
			rename(reflect.ValueOf(&e.B).Elem())
			tokens = append(tokens, more...)
			e.A.Safe.Message, e.B.Safe.Message = "no", "yes"
			tokens = without(tokens, "Message")
			e.A.BirthYear, e.B.BirthYear = 1987, 1988
			e.Kind, e.BookedBy, e.Source, e.Message, e.Intent, e.NextStep, e.NextOn = clients.KindCouple, "b", "tokensource", "tokenmessage", "prepare", "tokennext", "2026-12-24"
			e.SharedAddress, e.BothAgreed = true, true
			e.ReceivedAt, e.CallAt = time.Date(2026, 10, 5, 9, 30, 0, 0, time.UTC), time.Date(2026, 10, 7, 9, 45, 0, 0, time.UTC)
			e.Done = []intake.FollowUpDone{{Due: "2026-10-18", On: "2026-10-19"}}
			id, err := p.intake.Create(ctx, e)
			p.ok(err)
			call, err := p.intake.StartCall(ctx, id)
			p.ok(err)
			var sheet intake.Sheet
			tokens = append(tokens, plant(reflect.ValueOf(&sheet).Elem(), coded)...)
			n := 0
			for _, at := range []**int{&sheet.Months, &sheet.ReadinessA, &sheet.ReadinessB, &sheet.Now} {
				n += 2
				*at = new(int)
				**at = n
			}
			two := 2
			sheet.Fit = intake.Fit{Goal: &two, Willing: &two, Safe: &two, Competence: &two, Means: &two, Rapport: &two}
			sheet.ConcernCodes, sheet.Exclusions = []string{"trust", "load"}, []string{"eating", "legal_dispute"}
			p.ok(p.intake.UpdateCall(ctx, call, func(c *intake.Call) error { c.Minutes, c.Sheet = 29, sheet; return nil }))

			if o.known {
				o.conversion.A, err = p.clients.CreatePerson(ctx, clients.Person{Name: clients.Name{Given: "Already", Family: "Known"}, Email: "known@example.org"})
				p.ok(err)
			}
			couple, err := p.intake.Convert(ctx, id, o.conversion)
			p.ok(err)
			p.open(couple, kit.LensCoach)
			p.MustSay(tokens...)
			p.MustSay("How it began", "Text message", "leave no message", "a message may be left", "1987", "1988", "Prepare for a step", "24 December 2026", "5 October 2026, 09:30", "7 October 2026, 09:45", "19 October 2026", "Both agreed to messages there",
				"alone", "Phone", "3 November 2026", "4 November 2026", "Not sure", "Yes", "Trust, Fair load at home", "Eating disorder, Legal dispute or custody proceedings", "12 of 12", "Good rapport 2", "A fit for individual work only", "Schedule", "29 minutes", "2", "4", "6", "8")
			if o.known {
				p.MustSay("known@example.org") // what is known stays; the rest was not known yet
			}
			for _, l := range []kit.Lens{kit.LensJoint, kit.LensA, kit.LensB} {
				p.open(couple, l)
				p.MustNotSay("How it began", "tokenmessage", "tokenReaction", "tokenConcern", "12 of 12", "Eating disorder", "tokenEmail", "tokenPhone")
			}
			p.quiet()
		})
	}
}

// rename tells the tokens of the second person from those of the first.
func rename(v reflect.Value) {
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case f.Kind() == reflect.Struct:
			rename(f)
		case f.Kind() == reflect.String && len(f.String()) > 5 && f.String()[:5] == "token":
			f.SetString(f.String() + "b")
		}
	}
}

func without(all []string, part string) []string {
	var out []string
	for _, s := range all {
		if len(s) < len("token"+part) || s[:len("token"+part)] != "token"+part {
			out = append(out, s)
		}
	}
	return out
}

// A partner who was named in the enquiry of a single client is not asked for again.
func TestAPartnerOfTheEnquiryJoinsWithWhatWasSaid(t *testing.T) {
	p := newPlace(t)
	e := intake.Enquiry{Kind: clients.KindSingle, BookedBy: "a", A: *named("Ada", "Berg"), B: *named("Bo", "Berg")}
	e.B.Email, e.B.Pronouns = "bo@example.org", "he/him"
	id, err := p.intake.Create(ctx, e)
	p.ok(err)
	couple, err := p.intake.Convert(ctx, id, intake.Conversion{})
	p.ok(err)
	p.open(couple, kit.LensCoach)
	p.MustSay("bo@example.org")
	p.Tap("A partner joins…")
	p.Env.Dialogs.Confirm()
	p.Settle()
	p.quiet()
	h, err := p.clients.Header(ctx, clients.For(clients.CoachView, day.Day(p.Env.Today())), couple, p.Env.Now())
	p.ok(err)
	b, err := p.clients.Person(ctx, p.coach(), h.Partner(clients.SlotB).PersonID)
	p.ok(err)
	if h.Title != "Ada Berg & Bo Berg" || b.Email != "bo@example.org" || b.Pronouns != "he/him" {
		t.Errorf("joined %q %+v", h.Title, b)
	}
}

// The way from the record to where its stage is moved.
func TestTheRecordLeadsToThePipeline(t *testing.T) {
	p := newPlace(t)
	couple := p.couple(named("Ada", "Berg"), named("Bo", "Berg"))
	p.open(couple, kit.LensCoach)
	p.Tap("Open in the pipeline")
	if r := p.Nav.Last(); r.Page != "pipeline" || r.ID != couple.String() || r.Tab != "record" {
		t.Errorf("went to %+v", r)
	}
}
