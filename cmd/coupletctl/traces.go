package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"unicode/utf8"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/preview"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// audit prints who looked at what concerns safety, let copies out and changed who may see.
func (c *call) audit() error {
	return c.with(reading(), func(cb *casebook.Casebook) error {
		s := traces.New(cb)
		log, err := s.Log(c.ctx, coachToday(), traces.Filter{})
		if err != nil {
			return err
		}
		copies, err := s.Exports(c.ctx, coachToday(), traces.Filter{})
		if err != nil {
			return err
		}
		if c.on("json") {
			doc := struct {
				Log     []traces.Line `json:"log"`
				Exports []traces.Copy `json:"exports"`
			}{append([]traces.Line{}, log...), append([]traces.Copy{}, copies...)}
			return c.json(doc)
		}
		for _, l := range log {
			fmt.Fprintf(c.out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.At.Format("2006-01-02T15:04:05Z"), l.Kind, l.Coach, l.CoupleID, l.Table, l.ItemID, l.Was, l.Became)
		}
		for _, x := range copies {
			fmt.Fprintf(c.out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", x.At.Format("2006-01-02T15:04:05Z"), "copy:"+x.Kind, x.Coach, x.CoupleID, x.Reader, x.Code, x.Name, x.DeletedOn)
		}
		c.note(text.N("ctl.traces_found", len(log), "One trace: time, what, coach, record, table, item, was, became.", "%d traces: time, what, coach, record, table, item, was, became."))
		c.note(text.N("ctl.copies_found", len(copies), "One copy: time, kind, coach, record, reader, number, file, deleted on.", "%d copies: time, kind, coach, record, reader, number, file, deleted on."))
		return nil
	})
}

// mostFile is the largest file that is looked through.
const mostFile = 64 << 20

// leaksIn says which private phrases of the casebook stand in a file.
func (c *call) leaksIn() error {
	reader := clients.Reader("")
	if c.on("for") {
		var err error
		if reader, err = c.reader(); err != nil {
			return err
		}
	}
	couple, err := c.id("couple")
	if err != nil {
		return err
	}
	parts, err := partsOf(c.positional[1])
	if err != nil {
		return err
	}
	return c.with(reading(), func(cb *casebook.Casebook) error {
		people := clients.New(cb)
		store := reports.NewStore(cb, people, sessions.New(cb, people.MayBeginJoint), quizzes.NewStore(cb), practices.NewStore(cb, people))
		if couple.IsZero() {
			of, to, err := store.OfReport(c.ctx, parts)
			if err != nil {
				return err
			}
			if couple = of; reader == "" {
				reader = to
			}
		}
		if reader == "" && !couple.IsZero() {
			reader = clients.Us
		}
		hits, err := store.LeaksIn(c.ctx, clients.For(reader, day.Of(now())), couple, parts)
		if err != nil {
			return err
		}
		for _, h := range hits {
			fmt.Fprintf(c.out, "%s\t%s\t%s\t%s\n", h.Place, h.Phrase, h.Source.Kind, h.Source.ID)
		}
		if len(hits) > 0 {
			return fault.New(fault.BadInput, text.N("ctl.leaks_found", len(hits), "One private phrase stands in the file.", "%d private phrases stand in the file."),
				text.T("ctl.leaks_found_hint", "Place, phrase, where it comes from, its id. Nothing was changed."))
		}
		c.note(text.T("ctl.no_leaks", "Nothing private stands in the file."))
		return nil
	})
}

// partsOf reads a PDF or a text, and its name.
func partsOf(path string) ([]reports.Part, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, mostFile+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > mostFile {
		return nil, fault.New(fault.Refused, text.T("ctl.leaks_large", "The file is too large to look through."), text.T("ctl.leaks_large_hint", "It may have 64 MB. Nothing was changed."))
	}
	parts := []reports.Part{{Place: "file name", Text: filepath.Base(path)}}
	switch {
	case bytes.HasPrefix(raw, []byte("%PDF-")):
		look := new(preview.Renderer)
		defer look.Close()
		err = look.Words(raw, func(place, words string) { parts = append(parts, reports.Part{Place: place, Text: words}) })
		if err != nil {
			return nil, fault.Wrap(fault.BadInput, err, text.T("ctl.leaks_pdf", "The PDF cannot be read."), text.T("ctl.leaks_pdf_hint", "It may be damaged or have a password. Nothing was changed."))
		}
	case utf8.Valid(raw):
		parts = append(parts, reports.Part{Place: "text", Text: string(raw)})
	default:
		return nil, fault.New(fault.BadInput, text.T("ctl.leaks_kind", "The file is neither a PDF nor a text."), text.T("ctl.leaks_kind_hint", "Only these two can be looked through. Nothing was changed."))
	}
	return parts, nil
}
