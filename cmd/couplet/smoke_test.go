package main

import (
	"bytes"
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
	r.enquire()
	r.discover()
	r.speakAlone()
	r.meet()
	r.answer()
	r.practise()
	r.lens()
	files := r.report()
	r.quit()
	r.leavesNothing(book)
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
	r.sees("First: given name")
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
	for i := range 2 {
		r.clickNth("Record a screen", i)
		r.sees("What you concluded")
		r.choose("What you concluded", "clear")
		r.key("ctrl+Return")
		r.gone("What you concluded")
	}
	r.picture("08-screens")
}

// meet keeps a joint session with a private note for A.
func (r *robot) meet() {
	r.t.Helper()
	r.click("Sessions")
	r.click("New session…")
	r.sees("Starts at")
	r.picture("09-session-form")
	r.key("ctrl+Return")
	r.click("Write note")
	r.sees("Topics")
	r.fillUnder("Shared note for both", "SHARED evening by the lake")
	r.fillUnder("Note for Zoë", "PRIVATEA remember the letter")
	r.fillUnder("Your reflection", "PRIVATECOACH slow down")
	r.sees("Saved")
	r.picture("10-note")
	r.click("Done")
	r.sees("PRIVATEA remember the letter")
	r.picture("11-session")
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
	r.clickNth("done fully", 1)
	r.sees("together 1 of")
	r.picture("15-practices")
}

// lens looks at the record as A and as B: the private note is A's alone.
func (r *robot) lens() {
	r.t.Helper()
	r.click("Sessions")
	r.click("B · Ilan")
	r.click("1 · Joint session")
	r.sees("SHARED evening by the lake")
	r.missing("PRIVATEA")
	r.missing("PRIVATECOACH")
	r.picture("16-lens-b")
	r.click("A · Zoë")
	r.sees("PRIVATEA remember the letter")
	r.missing("PRIVATECOACH")
	r.click("Coach only")
	r.sees("PRIVATECOACH")
}

// report saves the report of each reader and returns the files.
func (r *robot) report() map[string]string {
	r.t.Helper()
	files := map[string]string{}
	r.click("Reports")
	for _, reader := range []string{"Both", "Zoë", "Ilan", "Coach"} {
		r.click(reader)
		r.sees("will be saved")
		r.sees("Leak check: nothing")
		r.picture("17-report-" + reader)
		r.click("Save the PDF…")
		files[reader] = r.saveAs("")
		r.sees("Saved. The file is not encrypted")
	}
	return files
}

// leavesNothing searches every file the program wrote for words of clients: the
// casebook, backups, preferences, logs, temporary files, names of files.
func (r *robot) leavesNothing(book string) {
	r.t.Helper()
	seen := 0
	err := filepath.WalkDir(r.home, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".pdf") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return nil // a socket
		}
		seen++
		for _, word := range []string{"PRIVATEA", "PRIVATECOACH", "SHARED evening", "Varga", "Östlund", passphrase} {
			if bytes.Contains(b, []byte(word)) || strings.Contains(path, word) {
				r.t.Errorf("%q stands in %s", word, path)
			}
		}
		return nil
	})
	if err != nil || seen < 2 {
		r.t.Errorf("%d files looked at: %v", seen, err)
	}
	if _, err := os.Stat(book); err != nil {
		r.t.Error(err)
	}
}

// opens looks into each PDF: whole, readable, and with nothing that is not its reader's.
func (r *robot) opens(files map[string]string) {
	r.t.Helper()
	for reader, path := range files {
		if out, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil {
			r.t.Errorf("%s: %v\n%s", reader, err, out)
		}
		text, err := exec.Command("pdftotext", "-layout", path, "-").Output()
		if err != nil || !strings.Contains(string(text), "Progress report") {
			r.t.Errorf("%s: %v\n%s", reader, err, text)
		}
		for _, word := range []string{"PRIVATEA", "PRIVATECOACH"} {
			if strings.Contains(string(text), word) {
				r.t.Errorf("%s got into the report for %s", word, reader)
			}
		}
	}
}
