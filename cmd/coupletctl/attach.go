package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// attach keeps a file with a couple or with one item of theirs.
func (c *call) attach() error {
	couple, err := c.needID("couple")
	if err != nil {
		return err
	}
	holder, err := c.id("holder")
	if err != nil {
		return err
	}
	path, err := c.need("file")
	if err != nil {
		return err
	}
	n := clients.NewAttachment{CoupleID: couple, Holder: holder, Name: filepath.Base(path)}
	if c.on("visibility") {
		if n.Access, err = access(c.get("visibility")); err != nil {
			return err
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return c.with(writing(), func(cb *casebook.Casebook) error {
		id, err := clients.New(cb).Attach(c.ctx, n, f)
		if err != nil {
			return err
		}
		fmt.Fprintln(c.out, id)
		return nil
	})
}

// access is that of a file for a reader: what is for one partner alone is theirs.
func access(reader string) (clients.Access, error) {
	r, err := clients.ParseReader(reader)
	if err != nil {
		return clients.Access{}, usage(text.T("ctl.visibility", "--visibility is joint, a, b or coach."), "")
	}
	x := clients.Access{Subject: clients.SubjectBoth, Visibility: clients.CoachOnly, Sensitivity: clients.Normal}
	switch r {
	case clients.Us:
		x.Visibility = clients.Joint
	case clients.A:
		x.Subject, x.Visibility = clients.SubjectA, clients.PartnerA
	case clients.B:
		x.Subject, x.Visibility = clients.SubjectB, clients.PartnerB
	}
	return x, nil
}

// eyes is who reads files: the coach, unless --for says another.
func (c *call) eyes() (clients.Audience, error) {
	if !c.on("for") {
		return coachToday(), nil
	}
	r, err := c.reader()
	return clients.For(r, day.Of(now())), err
}

// listedFile is an attachment as programs read it.
type listedFile struct {
	ID         ids.ID `json:"id"`
	Couple     ids.ID `json:"couple"`
	Holder     string `json:"holder,omitempty"`
	Name       string `json:"name"`
	Media      string `json:"media"`
	Size       int64  `json:"size"`
	At         string `json:"at"`
	Visibility string `json:"visibility"`
	Here       bool   `json:"here"`
}

func (c *call) attachments() error {
	aud, err := c.eyes()
	if err != nil {
		return err
	}
	couple, err := c.id("couple")
	if err != nil {
		return err
	}
	return c.with(reading(), func(cb *casebook.Casebook) error {
		all, err := clients.New(cb).Attachments(c.ctx, aud, couple)
		if err != nil {
			return err
		}
		out := []listedFile{}
		for _, a := range all {
			l := listedFile{a.ID, a.CoupleID, "", a.Name, a.Media, a.Size, a.At.Format(time.RFC3339), string(a.Visibility), a.Here}
			if a.Kind != "" {
				l.Holder = a.Kind + " " + a.Holder.String()
			}
			out = append(out, l)
		}
		if c.on("json") {
			return c.json(out)
		}
		for _, l := range out {
			away := ""
			if !l.Here {
				away = text.T("ctl.file_away", "waits for its content")
			}
			fmt.Fprintf(c.out, "%s\t%s\t%s\t%d\t%s\t%s\n", l.ID, l.Name, l.Media, l.Size, l.Visibility, away)
		}
		c.note(text.N("ctl.files_found", len(out), "One file: id, name, kind, bytes, who may see it.", "%d files: id, name, kind, bytes, who may see it."))
		return nil
	})
}

func (c *call) attachment() error {
	aud, err := c.eyes()
	if err != nil {
		return err
	}
	id, err := ids.Parse(c.positional[1])
	if err != nil {
		return clients.NotFound()
	}
	out, err := c.need("out")
	if err != nil {
		return err
	}
	if err := refuseExisting(out); err != nil {
		return err
	}
	return c.with(writing(), func(cb *casebook.Casebook) error {
		a, content, err := clients.New(cb).Attachment(c.ctx, aud, id)
		if err != nil {
			return err
		}
		sum := sha256.New()
		if err := whole(out, func(w io.Writer) error { return content(io.MultiWriter(w, sum)) }); err != nil {
			return err
		}
		x := traces.Export{Kind: traces.KindCopy, Reader: string(aud.Reader()), CoupleID: a.CoupleID, ItemID: a.ID, SHA256: hex.EncodeToString(sum.Sum(nil)), Name: filepath.Base(out)}
		return removeOn(traces.New(cb).Exported(c.ctx, x), out)
	})
}
