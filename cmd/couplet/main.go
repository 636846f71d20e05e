// Command couplet is the window: the casebook of a relationship and intimacy coach.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"github.com/couplet-app/couplet"
	"github.com/couplet-app/couplet/assets/icons"
	"github.com/couplet-app/couplet/internal/awake"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/kit"
)

// exitPatience is how long the toolkit may take to end after everything was saved; it
// hangs in about one of five hundred runs.
const exitPatience = 2 * time.Second

// onWindow, if set, is told of the window before it is shown; the smoke test reads
// from it what stands there.
var onWindow func(fyne.App, fyne.Window)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// arguments are what the command line says.
type arguments struct {
	path    string
	secret  string // a file with the passphrase
	sample  bool
	version bool
}

func parse(argv []string, errs io.Writer) (arguments, error) {
	var a arguments
	f := flag.NewFlagSet("couplet", flag.ContinueOnError)
	f.SetOutput(errs)
	f.BoolVar(&a.sample, "sample", false, text.T("main.sample", "open a fresh sample casebook"))
	f.StringVar(&a.secret, "passphrase-file", "", text.T("main.passphrase_file", "open FILE with the passphrase in this file"))
	f.BoolVar(&a.version, "version", false, text.T("main.version", "print the version and end"))
	f.Usage = func() {
		fmt.Fprintln(errs, text.T("main.usage", "couplet [--sample] [--passphrase-file F] [FILE.couplet]"))
		f.PrintDefaults()
	}
	if err := f.Parse(argv); err != nil {
		return a, err
	}
	if f.NArg() > 1 {
		f.Usage()
		return a, fmt.Errorf("one file, not %d", f.NArg())
	}
	a.path = f.Arg(0)
	return a, nil
}

func run(argv []string, out, errs io.Writer) int {
	args, err := parse(argv, errs)
	if err != nil {
		return 2
	}
	about := couplet.About()
	if args.version {
		fmt.Fprintln(out, about.Name, about.Version)
		return 0
	}
	var passphrase string
	if args.secret != "" {
		b, err := os.ReadFile(args.secret)
		if err != nil {
			fmt.Fprintln(errs, err)
			return 8
		}
		passphrase = strings.TrimRight(string(b), "\r\n")
	}
	diary, err := openDiary(about.Version)
	if err != nil {
		fmt.Fprintln(errs, err)
		return 8
	}
	defer diary.onPanic()

	if err := offerFonts(); err != nil {
		diary.note("", fmt.Sprintf("%T", err)) // some scripts may be drawn as boxes
	}
	app.SetMetadata(fyne.AppMetadata{
		ID: about.ID, Name: about.Name, Version: about.Version, Build: about.Build, Release: true,
		Icon: fyne.NewStaticResource("couplet.png", icons.App), Migrations: map[string]bool{"fyneDo": true},
	})
	a := app.NewWithID(about.ID)
	path, err := casebookToShow(args, a.Preferences())
	if err != nil {
		fmt.Fprintln(errs, err)
		return 8
	}
	windows, err := windowsFolder()
	if err != nil {
		fmt.Fprintln(errs, err)
		return 8
	}
	if path != "" && shownElsewhere(windows, path) {
		fmt.Fprintln(out, text.T("main.shown_elsewhere", "The casebook is open already; its window has come to the front."))
		return 0
	}
	w := a.NewWindow(about.Name)
	w.SetMaster()
	w.Resize(fyne.NewSize(1280, 800))
	w.CenterOnScreen()

	runner := kit.NewBackground()
	runner.OnPanic = diary.crash
	opener, paper := &opener{}, newPaper(a)
	var shell *ui.Shell
	deaf, err := listenForOthers(windows, func(path string) (mine bool) {
		fyne.DoAndWait(func() {
			if mine = sameFile(path, shell.Showing()); mine {
				w.Show()
				w.RequestFocus()
			}
		})
		return mine
	})
	if err != nil {
		diary.note("", fmt.Sprintf("%T", err)) // a second start will have to be told to wait
		deaf = func() {}
	}
	shell = ui.New(ui.Config{
		Window: w, Prefs: a.Preferences(), Runner: runner, Schedule: runner, Now: time.Now, Awake: awake.Time,
		Opener: opener, Paper: paper, Pages: pages, SetTheme: a.Settings().SetTheme,
		Exit: func() { deaf(); exit(a, runner, opener, paper) }, Log: diary.note, Version: about.Version,
	})
	opener.trouble = func(err error) { runner.Post(func() { shell.Env().Messages.Show(err) }) }
	stop := quitOnSignal(shell)
	defer stop()
	faces := readFaces()
	if err := show(w); err != nil { // the window is made while the faces are read
		deaf()
		sentence, hint := fault.Words(err)
		fmt.Fprintln(errs, sentence)
		fmt.Fprintln(errs, hint)
		return fault.ExitCode(err)
	}
	<-faces
	switch {
	case args.sample:
		shell.StartSample()
	case passphrase != "" && path != "":
		shell.StartUnlocked(path, passphrase)
	default:
		shell.Start(path)
	}
	if onWindow != nil {
		onWindow(a, w)
	}
	a.Run()
	return 0
}

// casebookToShow is the whole path of the casebook to begin with: the one named, else the
// last one; empty for a sample and at a first run.
func casebookToShow(args arguments, p fyne.Preferences) (string, error) {
	if args.sample {
		return "", nil
	}
	if args.path == "" {
		return ui.LastCasebook(p), nil
	}
	return filepath.Abs(args.path)
}

// exit ends the program; everything is saved by now. The watchdog ends it should the
// toolkit hang.
func exit(a fyne.App, r *kit.Background, o *opener, p *paper) {
	r.Stop()
	o.removeSample()
	p.Forget()
	time.AfterFunc(exitPatience, func() { os.Exit(0) })
	a.Quit()
}

// quitOnSignal saves and quits when the system asks the program to end.
func quitOnSignal(s *ui.Shell) (stop func()) {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() { fyne.Do(s.Quit) })
	return cancel
}
