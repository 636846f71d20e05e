package sample

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/reports/pdf"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

const sampleDay = day.Day("2026-11-22")

var ctx = context.Background()

// book is the sample casebook, open, with its reports.
type book struct {
	t         *testing.T
	people    *clients.Store
	practices *practices.Store
	quizzes   *quizzes.Store
	reports   *reports.Store
	rows      []clients.Row
}

func openSample(t *testing.T) *book {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sample.couplet")
	recovery, err := Casebook(ctx, path, casebook.New{Passphrase: "x y z"}, sampleDay, 1)
	if err != nil {
		t.Fatal(err)
	}
	cb, err := casebook.Open(ctx, path, vault.Secret{Recovery: recovery}, casebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cb.Close(); err != nil {
			t.Error(err)
		}
	})
	b := &book{t: t, people: clients.New(cb), quizzes: quizzes.NewStore(cb)}
	b.practices = practices.NewStore(cb, b.people)
	b.reports = reports.NewStore(cb, b.people, sessions.New(cb, b.people.MayBeginJoint), b.quizzes, b.practices)
	list, err := b.people.List(ctx, clients.For(clients.CoachView, sampleDay), clients.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	b.rows = list.Rows
	return b
}

// of is the record of whoever has a name.
func (b *book) of(name string) ids.ID {
	b.t.Helper()
	for _, r := range b.rows {
		if strings.Contains(r.Title, name) {
			return r.ID
		}
	}
	b.t.Fatalf("nobody is called %s", name)
	return ids.Nil
}

func (b *book) report(couple ids.ID, r clients.Reader, on day.Day) (reports.Report, error) {
	return b.reports.Build(ctx, reports.Request{Couple: couple, Reader: r, Date: on})
}

func (b *book) must(couple ids.ID, r clients.Reader, on day.Day) reports.Report {
	b.t.Helper()
	rep, err := b.report(couple, r, on)
	if err != nil {
		b.t.Fatalf("%s on %s: %v", r, on, err)
	}
	return rep
}

// words are all texts of a report, section by section.
func words(rep reports.Report) string {
	var out strings.Builder
	rep.Document.Walk(func(place, s string) { fmt.Fprintf(&out, "%s: %s\n", place, s) })
	return out.String()
}

var readers = []clients.Reader{clients.Us, clients.A, clients.B, clients.CoachView}

// each calls f with every report that the sample has on its day.
func (b *book) each(f func(name string, r clients.Reader, rep reports.Report)) {
	b.t.Helper()
	for _, row := range b.rows {
		for _, r := range readers {
			rep, err := b.report(row.ID, r, sampleDay)
			if fault.Is(err, fault.Refused) {
				continue
			}
			if err != nil {
				b.t.Fatal(err)
			}
			f(row.Title+" for "+string(r), r, rep)
		}
	}
}

// bold and abbreviations do not end a sentence; the names of sources are no sentences.
var ends = regexp.MustCompile(`[.!?:](\s|$)|\n`)

// TestEveryReportKeepsToThePlainRules holds each report of each reader to to
// R-09 and to its length.
func TestEveryReportKeepsToThePlainRules(t *testing.T) {
	b := openSample(t)
	never := []string{"because of", "worse", "behind", "psychometric", "reliable change", "standard deviation", "cut-off", "distressed", "diagnosed", "significant", "alpha", "SEM", "percentile", "trend"}
	b.each(func(name string, r clients.Reader, rep reports.Report) {
		if !rep.Clean() {
			t.Errorf("%s: %+v", name, rep.Hits)
		}
		all := words(rep)
		if !strings.Contains(all, "People often answer at a low point when they start.") {
			t.Errorf("%s: the note on low points is missing", name)
		}
		file, _, err := pdf.Render(rep.Document)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		pages, most := strings.Count(string(file), "<</Type /Page\n"), 4
		if r == clients.CoachView {
			most = 8
		}
		if strings.Contains(all, "Practice sheets") {
			most++ // they lie beside the report
		}
		if pages > most {
			t.Errorf("%s: %d pages, at most %d", name, pages, most)
		}
		if r == clients.CoachView {
			return
		}
		rep.Document.Walk(func(place, s string) {
			if strings.Contains(place, "letter") || strings.Contains(s, "comes from") {
				return // the coach's own words; a source
			}
			for _, sentence := range ends.Split(s, -1) {
				if n := len(strings.Fields(sentence)); n > 20 && !strings.Contains(sentence, "·") {
					t.Errorf("%s, %s: %d words: %s", name, place, n, sentence)
				}
			}
			for _, w := range never {
				if strings.Contains(strings.ToLower(s), strings.ToLower(w)) && !strings.HasPrefix(place, "Practice sheets") {
					t.Errorf("%s, %s says %q: %s", name, place, w, s)
				}
			}
		})
	})
}

// The change of a measure is said in one of two sentences (rule R-04).
func TestChangeIsSaidInTheClosedSet(t *testing.T) {
	b := openSample(t)
	closed := []string{"This is a bigger change than the questionnaire's usual wobble.", "This is within the usual wobble, so we can't tell yet."}
	b.each(func(name string, _ clients.Reader, rep reports.Report) {
		for _, line := range strings.Split(words(rep), "\n") {
			if !strings.Contains(line, "points more") && !strings.Contains(line, "points less") {
				continue
			}
			ok := false
			for _, s := range closed {
				ok = ok || strings.Contains(line, s)
			}
			if !ok {
				t.Errorf("%s: %s", name, line)
			}
		}
	})
}

// C1: the numbers of the good path.
func TestTheArrangementsCouple(t *testing.T) {
	b := openSample(t)
	couple := b.of("Priya")
	board, err := b.practices.Board(ctx, clients.For(clients.CoachView, sampleDay), couple, "", sampleDay)
	if err != nil {
		t.Fatal(err)
	}
	planned, confirmed := 0, 0
	for _, p := range board {
		if p.Target == practices.ToBoth {
			planned += p.Planned
			confirmed += p.Joint.Confirmed
		}
	}
	if planned != 62 || confirmed != 49 {
		t.Errorf("%d planned, %d confirmed; want 62 and 49", planned, confirmed)
	}
	joint := words(b.must(couple, clients.Us, sampleDay))
	for _, want := range []string{"11 points more", "4 points more", "Priya now", "Tea at nine", "You found a cup of tea", "Many couples who look for help score below 52 here."} {
		if !strings.Contains(joint, want) {
			t.Errorf("the closing report does not say %q", want)
		}
	}
	if strings.Contains(joint, "Saturday run") {
		t.Error("what only Thomas wanted stands in the report for both")
	}
	if own := words(b.must(couple, clients.A, sampleDay)); !strings.Contains(own, "You also became curious about his silence.") || strings.Contains(own, "nothing left by nine. You gave") {
		t.Error("Priya's letter")
	}
}

// C2: four channels, and no sign of the other two; nothing of a private note.
func TestTheJointProfileOfFourChannels(t *testing.T) {
	b := openSample(t)
	couple := b.of("Renske")
	joint := words(b.must(couple, clients.Us, sampleDay))
	for _, want := range []string{"Channels chosen for this conversation", "Emotional", "Intellectual", "Experiential", "Meaning"} {
		if !strings.Contains(joint, want) {
			t.Errorf("missing: %s", want)
		}
	}
	for _, not := range []string{"Sexual", "Affectionate", "All channels", "50", "57"} {
		if strings.Contains(strings.ReplaceAll(joint, "50 ", ""), not) && not != "50" {
			t.Errorf("the joint report says %q", not)
		}
	}
	for _, r := range []clients.Reader{clients.Us, clients.A} {
		if strings.Contains(words(b.must(couple, r, sampleDay)), "pain") {
			t.Errorf("%s reads of the pain", r)
		}
	}
	for _, r := range []clients.Reader{clients.A, clients.B} {
		if own := words(b.must(couple, r, sampleDay)); !strings.Contains(own, "This is within the usual wobble, so we can't tell yet.") {
			t.Errorf("%s: no change is not said", r)
		}
	}
}

// C3: the joint report of D+63 knows nothing of what Xiaomei released on D+70.
func TestAReleaseCountsFromItsDay(t *testing.T) {
	b := openSample(t)
	couple := b.of("王")
	start := sampleDay.Add(-75)
	before, after := words(b.must(couple, clients.Us, start.Add(63))), words(b.must(couple, clients.Us, start.Add(70)))
	for _, s := range []string{"Questionnaires over time", "Couples Satisfaction Index", "Channels of closeness", "measurement", "晓梅 now"} {
		if strings.Contains(before, s) {
			t.Errorf("D+63 says %q", s)
		}
	}
	for _, s := range []string{"Couples Satisfaction Index", "11 points more", "6 points more", "晓梅 now", "2 measurements", "3 measurements"} {
		if !strings.Contains(after, s) {
			t.Errorf("D+70 does not say %q", s)
		}
	}
	if own := words(b.must(couple, clients.B, sampleDay)); !strings.Contains(own, "The two times were asked in different ways") {
		t.Error("the change of mode is not said")
	}
}

// C4: seven conversations, by the figures; a gain that stays below the usual line.
func TestTheBlendedFamily(t *testing.T) {
	b := openSample(t)
	couple := b.of("Jonas")
	joint, own := words(b.must(couple, clients.Us, sampleDay)), words(b.must(couple, clients.A, sampleDay))
	for _, want := range []string{"Conversations held", "4 of 5", "4 of 7", "3 of 4", "11 points more"} {
		if !strings.Contains(joint, want) {
			t.Errorf("missing: %s", want)
		}
	}
	if strings.Contains(joint, "understood you felt") || strings.Contains(joint, "custody") || strings.Contains(own, "custody") {
		t.Error("the joint report has what is one partner's")
	}
	if !strings.Contains(own, "4, 6, 7, 7, 8") || strings.Contains(own, "5, 5, 6, 8, 8") {
		t.Error("Samira's own ratings")
	}
	if coach := words(b.must(couple, clients.CoachView, sampleDay)); !strings.Contains(coach, "4, 6, 7, 7, 8") || !strings.Contains(coach, "5, 5, 6, 8, 8") {
		t.Error("the coach's ratings of both")
	}
}

// C5: no joint report, and Kieran's tells nothing of why.
func TestTheCoupleOnHold(t *testing.T) {
	b := openSample(t)
	couple := b.of("Dana")
	if _, err := b.report(couple, clients.Us, sampleDay); !fault.Is(err, fault.Refused) {
		t.Errorf("a joint report was made: %v", err)
	}
	his := strings.ToLower(words(b.must(couple, clients.B, sampleDay)))
	for _, not := range []string{"dana", "throat", "stop", "screen", "safe", "specialist", "29", "hold"} {
		if strings.Contains(his, not) {
			t.Errorf("Kieran's report says %q", not)
		}
	}
	if !strings.Contains(his, "66") {
		t.Error("Kieran's own score is missing")
	}
}

// The same day and seed tell the same story (the bytes of the export are coupletctl's test).
func TestTheSameDayAndSeedMakeTheSameReports(t *testing.T) {
	one, two := openSample(t), openSample(t)
	texts := func(b *book) (all string) {
		b.each(func(name string, _ clients.Reader, rep reports.Report) {
			rep.Document.ID = "" // keyed by the casebook
			all += name + words(rep)
		})
		return all
	}
	if texts(one) != texts(two) {
		t.Error("the reports differ")
	}
}
