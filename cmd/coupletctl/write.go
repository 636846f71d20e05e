package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// maxNote is how much is read for a note, in bytes; the store knows how much it keeps.
const maxNote = 1 << 20

func (c *call) quickNote() error {
	reader, err := c.reader()
	if err != nil {
		return err
	}
	couple, err := c.needID("couple")
	if err != nil {
		return err
	}
	body, given := c.get("text"), c.on("text")
	if !given {
		b, err := io.ReadAll(io.LimitReader(c.in, maxNote+1))
		if err != nil {
			return systemFault(err)
		}
		if len(b) > maxNote {
			return fault.Input("text", text.T("ctl.long_note", "The text is too long for a note."))
		}
		body = strings.TrimRight(string(b), "\r\n")
	}
	body = strings.ToValidUTF8(body, "\uFFFD")
	return c.with(writing(), func(cb *casebook.Casebook) error {
		id, err := sessions.New(cb, nil).QuickNote(c.ctx, couple, reader, body, cb.Now(), day.LocalZone())
		if err != nil {
			return err
		}
		fmt.Fprintln(c.out, id)
		return nil
	})
}

func (c *call) contact() error {
	person, err := c.needID("person")
	if err != nil {
		return err
	}
	if c.on("phone") == c.on("email") {
		return usage(text.T("ctl.one_contact", "Give --phone or --email."), "")
	}
	return c.with(writing(), func(cb *casebook.Casebook) error {
		return clients.New(cb).UpdatePerson(c.ctx, person, func(p *clients.Person) error {
			if c.on("phone") {
				p.Phone = strings.ToValidUTF8(c.get("phone"), "\uFFFD")
			} else {
				p.Email = strings.ToValidUTF8(c.get("email"), "\uFFFD")
			}
			return nil
		})
	})
}

// removeOn removes a file that was just made if err says that it is worth nothing.
func removeOn(err error, path string) error {
	if err == nil {
		return nil
	}
	return errors.Join(err, os.Remove(path))
}
