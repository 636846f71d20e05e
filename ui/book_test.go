package ui_test

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/kit"
)

// book is a casebook that only counts.
type book struct {
	path         string
	closed       int
	closeErr     error
	tell         func()
	stands       string
	bad          bool
	tellStanding func()
	steps        []string // the last stands last; one that begins with ! is refused
	undid        []string
	given        bool
	shut         bool
	other        bool // what they do here was changed
	own          string
	coach        string
}

func (b *book) Last(_ context.Context, before ui.Step) (ui.Step, error) {
	n := len(b.steps)
	if before.Words != "" {
		n = before.Ref.(int)
	}
	if n == 0 {
		return ui.Step{}, nil
	}
	return ui.Step{Words: b.steps[n-1], Ref: n - 1}, nil
}

func (b *book) Undo(_ context.Context, s ui.Step) (string, error) {
	if strings.HasPrefix(s.Words, "!") {
		return "", fault.New(fault.Refused, "It stays.", "Nothing was changed.")
	}
	b.undid = append(b.undid, s.Words)
	b.steps = b.steps[:s.Ref.(int)]
	b.tell()
	return "Undone: " + s.Words, nil
}

func (b *book) Name() string      { return strings.TrimSuffix(filepath.Base(b.path), ".couplet") }
func (b *book) Path() string      { return b.path }
func (b *book) Finder() ui.Finder { return b }
func (b *book) Undoer() ui.Undoer { return b }
func (b *book) OnChange(f func()) { b.tell = f }

func (b *book) Sharing() ui.Sharing      { return b }
func (b *book) Standing() (string, bool) { return b.stands, b.bad }
func (b *book) OnStanding(f func())      { b.tellStanding = f }
func (b *book) Given() bool              { return b.given }
func (b *book) ShutOut() bool            { return b.shut }
func (b *book) Me() string               { return "Mara Holt · Coach" }
func (b *book) Other() bool              { return b.other }
func (b *book) Account() string          { return "account of " + b.path + b.coach }
func (b *book) ChooseOwn(_ context.Context, passphrase string) error {
	b.given, b.own = false, passphrase
	return nil
}

func (b *book) Close(context.Context) error {
	b.closed++
	return b.closeErr
}

func (b *book) Find(_ context.Context, q string, _ int) ([]ui.Found, error) {
	if strings.HasPrefix("mara", q) {
		return []ui.Found{{Title: "Mara & Jonas", Detail: "Active", Route: kit.Route{Page: "couples", ID: "1"}}}, nil
	}
	return nil, nil
}

type opener struct {
	book    *book
	opened  []string
	created []ui.NewCasebook
	joined  []ui.Joining
	moved   []ui.Joining
	damaged bool
	given   bool
	first   string // the account that the last try began with
	coach   string // whose passphrase it is
	newest  ui.Rescue
}

func (o *opener) Open(_ context.Context, path string, s ui.Secret) (ui.Workspace, error) {
	if s.Passphrase != "kettle orbit walnut mosaic" && s.RecoveryKey != "AAAA-BBBB-CCCC" {
		return nil, fault.New(fault.WrongKey, "This passphrase does not open the casebook.", "Try again, or use the recovery key.")
	}
	if o.damaged {
		return nil, fault.New(fault.Damaged, "This file is damaged.", "Restore the newest backup.")
	}
	o.opened = append(o.opened, path)
	o.book, o.first = &book{path: path, given: o.given, coach: o.coach}, s.First
	return o.book, nil
}

func (o *opener) Newest(context.Context, string, ui.Secret) (ui.Rescue, error) {
	if o.newest.Path == "" {
		return ui.Rescue{}, fault.New(fault.NotFound, "There is no sound backup.", "")
	}
	return o.newest, nil
}

func (o *opener) Rescue(_ context.Context, path string, _ ui.Secret, r ui.Rescue) (string, error) {
	o.damaged = false
	return path + " damaged", nil
}

func (o *opener) Create(_ context.Context, n ui.NewCasebook) (ui.Workspace, string, error) {
	o.created = append(o.created, n)
	o.book = &book{path: n.Path}
	return o.book, "AAAA-BBBB-CCCC", nil
}

func (o *opener) IsShared(path string) bool { return strings.HasPrefix(filepath.Base(path), "shared") }

func (o *opener) Join(_ context.Context, j ui.Joining, report func(done, total int64)) (ui.Workspace, error) {
	o.joined = append(o.joined, j)
	report(1, 2)
	if j.Secret.Passphrase != "kettle orbit walnut mosaic" {
		return nil, fault.New(fault.WrongKey, "This passphrase does not open the casebook.", "Try again.")
	}
	o.book = &book{path: j.Path}
	return o.book, nil
}

func (o *opener) MoveOut(ctx context.Context, j ui.Joining, report func(done, total int64)) (ui.Workspace, error) {
	o.moved = append(o.moved, j)
	return o.Join(ctx, j, report)
}

func (o *opener) Sample(context.Context) (ui.Workspace, error) {
	o.book = &book{}
	return o.book, nil
}

// paper counts what it prints.
type paper struct {
	printed []string
	forgot  int
	err     error
}

func (p *paper) KeyPage(casebook, key string) ([]byte, error) {
	return []byte(casebook + ": " + key), nil
}

func (p *paper) Print(_ context.Context, page []byte) error {
	p.printed = append(p.printed, string(page))
	return p.err
}

func (p *paper) Forget() { p.forgot++ }
