package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSmokeJourney goes the whole way in a real window, with pointer and keyboard: from
// a new casebook and an enquiry to progress reports for four readers as PDF. `make
// smoke` runs it and sets up what it needs.
func TestSmokeJourney(t *testing.T) {
	if os.Getenv("COUPLET_SMOKE") == "" {
		t.Skip("the journey in a real window runs in `make smoke`, which sets up a display")
	}
	r := newRobot(t)
	r.start()
	book := r.create()
	r.startAgain(book)
	r.enquire()
	r.discover()
	r.speakAlone()
	r.meet(book)
	r.answer()
	r.practise()
	r.lens()
	r.letters()
	files := r.report()
	r.quit()
	r.leavesNothing(book)
	r.leavesOneFile(book)
	r.holdsEverything(book)
	r.opens(files)
}

const passphrase = "nine copper kettles on a slow river"

// create makes a new casebook, as at a first run.
func (r *robot) create() string {
	r.t.Helper()
	r.click("New casebook")
	r.fill("Passphrase", passphrase)
	r.fill("The same passphrase again", passphrase)
	r.picture("01-create")
	r.click("Choose where to keep it…")
	book := r.saveAs("Practice.couplet")
	r.sees("Your recovery key")
	r.picture("02-recovery")
	r.fill("To go on, type the last group of the key", r.lastGroup())
	r.click("I have the key")
	r.sees("Today")
	r.picture("03-today")
	return book
}

// saveAs answers the question where to keep a file; without a name it keeps the one
// that the program proposes.
func (r *robot) saveAs(name string) string {
	r.t.Helper()
	r.sees("Save as")
	if name == "" {
		for _, n := range r.look().Nodes {
			if n.Overlay && isEntry(n) {
				name = filepath.Base(n.Text)
			}
		}
	}
	path := filepath.Join(r.home, name)
	r.fill("Save as", path)
	r.key("ctrl+Return")
	return path
}

// lastGroup reads the end of the recovery key from the window.
func (r *robot) lastGroup() string {
	r.t.Helper()
	last := ""
	for _, n := range r.look().Nodes {
		if groups := strings.Split(strings.ReplaceAll(n.Text, "\n", ""), "-"); len(groups) == 8 {
			last = groups[7]
		}
	}
	if last == "" {
		r.fail("no recovery key stands in the window")
	}
	return last
}

// enquire writes down an enquiry with the keyboard alone.
func (r *robot) enquire() {
	r.t.Helper()
	r.key("ctrl+shift+n")
	r.sees("First: Given name")
	for _, s := range []string{"Zoë", "Varga", "Ilan", "Östlund", "a friend"} {
		r.write(s)
		r.key("Tab")
	}
	r.picture("04-enquiry")
	r.key("ctrl+Return")
	r.sees("Start the call")
	r.picture("05-pipeline")
}

// discover holds the discovery call and makes the couple.
func (r *robot) discover() {
	r.t.Helper()
	r.click("Start the call")
	r.sees("minute 0 of 30")
	r.picture("06-call")
	r.click("Finish the call")
	r.click("Make it a record…")
	r.sees("It becomes")
	r.key("ctrl+Return")
	r.sees("Overview")
	r.sees("Zoë Varga & Ilan Östlund")
	r.picture("07-couple")
}

// speakAlone records that each was spoken with alone, which joint work waits for.
func (r *robot) speakAlone() {
	r.t.Helper()
	r.clickNth("People & consent", 0)
	for i := range 2 {
		r.clickNth("Record a screen", i)
		r.sees("What you concluded")
		r.choose("What you concluded", "Clear")
		r.key("ctrl+Return")
		r.gone("What you concluded")
	}
	r.picture("08-screens")
}

// What is written on the way: each text begins with a word that is searched for where it
// must not be.
const (
	shared  = "SHAREDNOTE evening by the lake"
	forA    = "PRIVATEA remember the letter"
	forB    = "PRIVATEB the job in Oslo"
	forSelf = "PRIVATECOACH slow down"
	logOfB  = "PRIVATELOGB only when the house slept"
	toBoth  = "LETTERUS two good weeks"
	toA     = "LETTERA that first question was brave"
	toB     = "LETTERB listening suits him well"
)

// meet keeps a joint session with a private note for A, one for B and the coach's own.
// In the middle of it the program is killed.
func (r *robot) meet(book string) {
	r.t.Helper()
	r.click("Sessions")
	r.click("New session…")
	r.sees("Starts at")
	r.picture("09-session-form")
	r.key("ctrl+Return")
	r.click("Write note")
	r.sees("Topics")
	r.keep("Shared note for both", shared)
	r.keep("Note for Zoë", forA)
	r.fillUnder("Note for Ilan", "half a sen")
	r.kill()
	r.leavesNothing(book)
	r.comeBack(book)
	r.picture("10-after-the-kill")
	r.click("Go on")
	for _, words := range []string{shared, forA} {
		r.sees(words)
	}
	r.keep("Note for Ilan", forB)
	r.keep("Your reflection", forSelf)
	r.picture("10-note")
	r.click("Done")
	r.sees("All sessions")
	r.sees(forA)
	r.picture("11-session")
}

// keep types into a field of the note until the window says that it is saved.
func (r *robot) keep(label, text string) {
	r.t.Helper()
	r.fillUnder(label, text)
	r.until(label+" to be saved", func(t tree) bool {
		field, ok := after(t, label, isEntry)
		if !ok || field.Text != text {
			return false
		}
		said, _ := after(t, label, func(n node) bool {
			return slices.ContainsFunc([]string{"Saved ", "Saving", "Not saved"}, func(s string) bool { return strings.HasPrefix(n.Text, s) })
		})
		return strings.HasPrefix(said.Text, "Saved ")
	})
}

// comeBack opens the casebook after the program was killed, at the second try, and goes
// to the sessions.
func (r *robot) comeBack(book string) {
	r.t.Helper()
	r.start(book)
	r.sees("Unlock")
	r.write("nine copper kettles on a slow rivet")
	r.key("Return")
	r.sees("This passphrase or recovery key does not open the casebook.")
	r.picture("09-wrong")
	r.key("ctrl+a")
	r.write(passphrase)
	r.key("Return")
	r.sees("Couples")
	r.click("Couples")
	r.click("Zoë Varga & Ilan Östlund")
	r.click("Sessions")
}

// startAgain puts the window away and starts the program a second time on the same
// casebook: the first window comes to the front, and there is no second.
func (r *robot) startAgain(book string) {
	r.t.Helper()
	r.x("windowminimize", "--sync", r.window)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	second := exec.CommandContext(ctx, os.Args[0], book)
	second.Env = r.env("COUPLET_E2E_SOCK=" + filepath.Join(r.home, "second"))
	out, err := second.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "its window has come to the front") {
		r.fail("the second start: %v %s", err, out)
	}
	r.x("search", "--sync", "--onlyvisible", "--pid", fmt.Sprint(r.program.Process.Pid))
	r.until("the window in front", func(tree) bool { return strings.TrimSpace(r.x("getwindowfocus")) == r.window })
}

// answer enters the two-minute quiz of both with number keys.
func (r *robot) answer() {
	r.t.Helper()
	r.click("Quizzes")
	r.click("New quiz…")
	r.sees("Of whom")
	r.key("ctrl+Return")
	r.until("the first row of answers with the keys", func(t tree) bool {
		return slices.ContainsFunc(t.Nodes, func(n node) bool { return n.Focused && strings.Contains(n.Type, "Answers") })
	})
	for range 36 {
		r.key("3")
	}
	r.picture("12-quiz")
	r.click("Lock answers")
	r.sees("felt")
	r.picture("13-profile")
}

// practise assigns a practice to both and logs it.
func (r *robot) practise() {
	r.t.Helper()
	r.click("Practices")
	r.click("Assign…")
	r.sees("What starts it")
	r.write("lis")
	r.picture("14-assign")
	r.key("ctrl+Return")
	r.clickNth("done fully", 0)
	r.sees("Logged")
	r.clickNth("More…", 1)
	r.sees("What was noticed")
	r.choose("What got in the way", "no time")
	r.fill("What was noticed", logOfB)
	r.picture("15-log")
	r.key("ctrl+Return")
	r.sees("together 1 time")
	r.picture("15-practices")
}

// lens looks at the record as A and as B: each sees what is shared and their own.
func (r *robot) lens() {
	r.t.Helper()
	r.click("Sessions")
	for _, as := range []struct {
		lens  string
		shows []string
		hides []string
	}{
		{"B · Ilan", []string{shared, forB}, []string{forA, forSelf}},
		{"A · Zoë", []string{shared, forA}, []string{forB, forSelf}},
		{"Us", []string{shared}, []string{forA, forB, forSelf}},
		{"Coach only", []string{shared, forA, forB, forSelf}, nil},
	} {
		r.choosePart(as.lens)
		r.click("1 · Joint session")
		for _, words := range as.shows {
			r.sees(words)
		}
		for _, words := range as.hides {
			r.missing(words)
		}
		r.picture("16-lens-" + as.lens[:1])
		r.click("All sessions")
	}
}

// letters writes a letter to each who gets one.
func (r *robot) letters() {
	r.t.Helper()
	r.click("Reports")
	for _, l := range [][2]string{{"Both", toBoth}, {"Zoë", toA}, {"Ilan", toB}} {
		r.choosePart(l[0])
		r.ready()
		r.keep("Your letter", l[1])
	}
}

// report saves the report of each reader and returns the files.
func (r *robot) report() map[string]string {
	r.t.Helper()
	files := map[string]string{}
	for _, reader := range []string{"Both", "Zoë", "Ilan", "Coach"} {
		r.choosePart(reader)
		r.ready()
		r.picture("17-report-" + reader)
		r.click("Save the PDF…")
		files[reader] = r.saveAs("")
		r.sees("Saved. The file is not encrypted")
	}
	return files
}

// choosePart chooses one of several that stand side by side.
func (r *robot) choosePart(words string) {
	r.t.Helper()
	r.click(words)
	r.until(words+" to be chosen", func(t tree) bool {
		return slices.ContainsFunc(t.Nodes, func(n node) bool { return n.Text == words && n.Chosen })
	})
}

// ready waits until the report stands there and may be saved.
func (r *robot) ready() {
	r.t.Helper()
	r.settled("a report to save", func(t tree) (node, bool) {
		_, made := find(t, "will be saved")
		_, clean := find(t, "Leak check: nothing")
		save, ok := find(t, "Save the PDF…")
		return save, ok && made && clean && !save.Disabled
	})
}
