package main

import (
	"fmt"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// history tells who changed what in a record and when, the newest first. It is the
// coach's, like everything on the command line that asks for no reader.
func (c *call) history() error {
	id, err := ids.Parse(c.positional[1])
	if err != nil || id.IsZero() {
		return usage(text.T("ctl.no_record_id", "%q is not an id.", c.positional[1]), text.T("ctl.no_id_hint", "The command couples lists the ids of couples."))
	}
	return c.with(reading(), func(cb *casebook.Casebook) error {
		events, err := changes.New(cb, nil).History(c.ctx, clients.For(clients.CoachView, day.Of(cb.Now())), id)
		if err != nil {
			return err
		}
		type change struct {
			Table  string `json:"table"`
			Row    ids.ID `json:"id"`
			Field  string `json:"field"`
			Before string `json:"before"`
			After  string `json:"after"`
			Made   bool   `json:"made"`
			Lost   bool   `json:"lost"`
			Stands string `json:"stands"`
		}
		type event struct {
			At      time.Time `json:"at"`
			Coach   string    `json:"coach"`
			Device  ids.ID    `json:"device"`
			Action  string    `json:"action"`
			Changes []change  `json:"changes"`
		}
		doc := struct {
			ID     ids.ID  `json:"id"`
			Events []event `json:"events"`
		}{ID: id, Events: []event{}}
		for _, e := range events {
			out := event{At: e.At, Coach: e.Coach, Device: e.Device, Action: e.Action}
			for _, x := range e.Changes {
				out.Changes = append(out.Changes, change{x.Table, x.Row, x.Field, x.Before, x.After, x.Made, x.Lost, x.Stands})
			}
			doc.Events = append(doc.Events, out)
		}
		if c.on("json") {
			return c.json(doc)
		}
		name := func(x change) string { return changes.KindWords(x.Table) + " · " + changes.FieldWords(x.Field) }
		for _, e := range doc.Events {
			fmt.Fprintf(c.out, "%s  %s  %s\n", e.At.Local().Format("2006-01-02 15:04"), e.Coach, changes.Words(e.Action))
			for _, x := range e.Changes {
				switch {
				case x.Lost:
					fmt.Fprintf(c.out, "    %s: %s\n", name(x), text.T("ctl.lost_value", "%q was written at the same time as %q, which stands", changes.ValueWords(x.Field, x.After), changes.ValueWords(x.Field, x.Stands)))
				case x.Made && x.Field == "":
					fmt.Fprintf(c.out, "    %s\n", changes.KindWords(x.Table))
				case x.Made:
					fmt.Fprintf(c.out, "    %s: %q\n", name(x), changes.ValueWords(x.Field, x.After))
				default:
					fmt.Fprintf(c.out, "    %s: %q -> %q\n", name(x), changes.ValueWords(x.Field, x.Before), changes.ValueWords(x.Field, x.After))
				}
			}
		}
		return nil
	})
}
