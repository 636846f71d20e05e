// Command coupletctl is Couplet without a window: it makes, checks, searches, exports
// and reports on casebooks, for scripts and tests. It needs no display.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

func main() {
	signal.Ignore(syscall.SIGPIPE) // who stops reading ends the command by an error, which closes the casebook
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// call is one run of a command. What a program reads goes to out, what a person is
// told to err.
type call struct {
	args
	ctx context.Context
	in  io.Reader
	out *bufio.Writer
	err io.Writer
}

// run does what the arguments say and returns the exit code.
func run(ctx context.Context, argv []string, in io.Reader, out, errs io.Writer) int {
	c := &call{ctx: ctx, in: in, out: bufio.NewWriter(out), err: errs}
	err := c.dispatch(argv)
	if e := c.out.Flush(); err == nil && e != nil {
		err = systemFault(e)
	}
	if err != nil {
		say(errs, err)
	}
	return exitCode(err)
}

func (c *call) dispatch(argv []string) error {
	if len(argv) == 0 {
		return usage(text.T("ctl.no_command", "Say what to do."), overview())
	}
	a, err := parseArgs(argv)
	if err != nil {
		return err
	}
	if a.on("help") {
		a.positional = append([]string{"help"}, a.positional...)
		delete(a.flags, "help")
	}
	if len(a.positional) == 0 {
		return usage(text.T("ctl.no_command", "Say what to do."), overview())
	}
	cmd, ok := find(a.positional[0])
	if !ok {
		return usage(text.T("ctl.no_such_command", "There is no command %q.", a.positional[0]), overview())
	}
	a.positional = a.positional[1:]
	if err := cmd.accept(a); err != nil {
		return err
	}
	c.args = a
	return cmd.run(c)
}

// exitCode is fault.ExitCode; a file that stands in the way is a refusal.
func exitCode(err error) int {
	if errors.Is(err, fs.ErrExist) {
		return 1
	}
	return fault.ExitCode(err)
}

// systemFault marks an error of writing, whatever its kind, as the system's.
func systemFault(err error) error {
	sentence, hint := fault.Words(&fs.PathError{Err: err})
	return fault.Wrap(fault.System, err, sentence, hint)
}

// say tells a person what went wrong, what to do, and for what is not expected the details.
func say(w io.Writer, err error) {
	// Only errors that were joined at last: beneath a sentence are its details.
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			say(w, e)
		}
		return
	}
	sentence, hint := fault.Words(err)
	fmt.Fprintln(w, "coupletctl:", sentence)
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Usage && f.Err != nil {
		if details := causeOf(err); details != "" {
			fmt.Fprintln(w, "  ("+details+")")
		}
	}
	for line := range strings.SplitSeq(strings.TrimSpace(hint), "\n") {
		if line != "" {
			fmt.Fprintln(w, " ", line)
		}
	}
}

// causeOf is what lies beneath the sentence.
func causeOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		if f.Err == nil {
			return ""
		}
		return f.Err.Error()
	}
	return err.Error()
}

func usage(sentence, hint string) error { return fault.New(fault.Usage, sentence, hint) }

// note tells a person something that is no error.
func (c *call) note(sentence string) { fmt.Fprintln(c.err, sentence) }
