package main

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// switches are the flags that stand alone; all others have a value.
var switches = []string{"json", "sample", "deep", "help", "withdraw", "both", "preview", "undo", "plan"}

// args are the arguments of one call: what stands alone, and the flags by name.
type args struct {
	positional []string
	flags      map[string]string
}

// parseArgs tells flags from the rest. Flags may stand anywhere, as --f v or --f=v; a
// value may begin with a dash. After a lone -- everything is taken as it is.
func parseArgs(argv []string) (args, error) {
	a := args{flags: map[string]string{}}
	for i := 0; i < len(argv); i++ {
		arg := argv[i]
		if arg == "--" {
			a.positional = append(a.positional, argv[i+1:]...)
			break
		}
		if arg == "-h" {
			arg = "--help"
		}
		name, isFlag := strings.CutPrefix(arg, "--")
		if !isFlag {
			if len(arg) > 1 && arg[0] == '-' {
				return a, usage(text.T("ctl.single_dash", "There is no flag %s; flags begin with two dashes.", arg), text.T("ctl.dash_hint", "Put -- before an argument that begins with a dash."))
			}
			a.positional = append(a.positional, arg)
			continue
		}
		name, value, hasValue := strings.Cut(name, "=")
		alone := slices.Contains(switches, name)
		switch {
		case !known(name):
			return a, usage(text.T("ctl.no_such_flag", "There is no flag --%s.", name), text.T("ctl.dash_hint", "Put -- before an argument that begins with a dash."))
		case alone && hasValue:
			return a, usage(text.T("ctl.switch_value", "The flag --%s takes no value.", name), "")
		case !alone && !hasValue:
			if i++; i == len(argv) {
				return a, usage(text.T("ctl.no_value", "The flag --%s needs a value.", name), "")
			}
			value = argv[i]
		}
		if _, twice := a.flags[name]; twice {
			return a, usage(text.T("ctl.twice", "The flag --%s is given twice.", name), "")
		}
		a.flags[name] = value
	}
	return a, nil
}

// known says whether any command has the flag.
func known(name string) bool {
	return name == "help" || slices.ContainsFunc(commands(), func(c command) bool { return c.has(name) })
}

func (a args) on(name string) bool { _, ok := a.flags[name]; return ok }

// get is the value of a flag, "" if it is not given.
func (a args) get(name string) string { return a.flags[name] }

// need is the value of a flag that must be given.
func (a args) need(name string) (string, error) {
	v, ok := a.flags[name]
	if !ok || v == "" {
		return "", usage(text.T("ctl.need", "The flag --%s is needed.", name), "")
	}
	return v, nil
}

func (a args) reader() (clients.Reader, error) {
	v, err := a.need("for")
	if err != nil {
		return "", usage(text.T("ctl.need_for", "Say for whom: --for joint, a, b or coach."), "")
	}
	r, err := clients.ParseReader(v)
	if err != nil {
		return "", usage(text.T("ctl.need_for", "Say for whom: --for joint, a, b or coach."), "")
	}
	return r, nil
}

// id is a flag that names a record; without the flag it is zero.
func (a args) id(name string) (ids.ID, error) {
	v, given := a.flags[name]
	id, err := ids.Parse(v)
	if given && (err != nil || id.IsZero()) {
		return ids.Nil, usage(text.T("ctl.no_id", "--%s: %q is not an id.", name, v), text.T("ctl.no_id_hint", "The command couples lists the ids of couples."))
	}
	return id, nil
}

func (a args) needID(name string) (ids.ID, error) {
	if _, err := a.need(name); err != nil {
		return ids.Nil, err
	}
	return a.id(name)
}

// day is a flag with a day; without the flag it is no day.
func (a args) day(name string) (day.Day, error) {
	v, given := a.flags[name]
	d, err := day.Parse(v)
	if err != nil || given && d.IsZero() {
		return "", usage(text.T("ctl.no_day", "--%s: %q is not a day like 2026-11-22.", name, v), "")
	}
	return d, nil
}

// whole is a flag with a whole number from least on, or deflt without the flag.
func (a args) whole(name string, deflt, least int) (int, error) {
	v, given := a.flags[name]
	if !given {
		return deflt, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least {
		return 0, usage(text.T("ctl.no_whole", "--%s: %q is not a whole number from %d.", name, v, least), "")
	}
	return n, nil
}

// number is a flag with a number; nil without the flag.
func (a args) number(name string) (*float64, error) {
	v, given := a.flags[name]
	if !given {
		return nil, nil
	}
	f, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return nil, usage(text.T("ctl.no_number", "--%s: %q is not a number.", name, v), "")
	}
	return &f, nil
}
