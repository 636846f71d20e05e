package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/search"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

func coachToday() clients.Audience { return clients.For(clients.CoachView, day.Of(now())) }

func (c *call) couples() error {
	return c.with(reading(), func(cb *casebook.Casebook) error {
		all, err := clients.New(cb).Counts(c.ctx, coachToday())
		if err != nil {
			return err
		}
		if c.on("json") {
			if all == nil {
				all = []clients.Count{}
			}
			return c.json(all)
		}
		for _, x := range all {
			fmt.Fprintf(c.out, "%s\t%s\t%s\t%s\t%d\t%d\n", x.ID, strings.Join(x.Names, " & "), x.Kind, x.Stage, x.Sessions, x.Notes)
		}
		c.note(text.N("ctl.couples_found", len(all), "One record: id, names, kind, stage, sessions, notes.", "%d records: id, names, kind, stage, sessions, notes."))
		return nil
	})
}

// hit is a search hit as programs read it.
type hit struct {
	ID      ids.ID  `json:"id"`
	Kind    string  `json:"kind"`
	Couple  ids.ID  `json:"couple"`
	Date    day.Day `json:"date"`
	Field   string  `json:"field"`
	Snippet string  `json:"snippet"`
}

func (c *call) search() error {
	reader, err := c.reader()
	if err != nil {
		return err
	}
	couple, err := c.id("couple")
	if err != nil {
		return err
	}
	limit, err := c.whole("limit", search.DefaultLimit, 0)
	if err != nil {
		return err
	}
	if limit == 0 {
		limit = -1 // the total alone
	}
	return c.with(reading(), func(cb *casebook.Casebook) error {
		aud := clients.For(reader, day.Of(now()))
		if !couple.IsZero() {
			if _, err := clients.New(cb).Couple(c.ctx, aud, couple); err != nil {
				return err
			}
		}
		own, err := sessions.New(cb, nil).Opened(c.ctx, aud)
		if err != nil {
			return err
		}
		res, err := search.Query(c.ctx, cb.Reader(), aud.GateOn, c.positional[1], search.Options{Couple: couple, Limit: limit, Opened: own})
		if err != nil {
			return err
		}
		if c.on("json") {
			doc := struct {
				Total int   `json:"total"`
				Hits  []hit `json:"hits"`
			}{res.Total, []hit{}}
			for _, h := range res.Hits {
				doc.Hits = append(doc.Hits, hit{h.ID, h.Kind, h.Couple, h.Date, h.Field, h.Snippet})
			}
			return c.json(doc)
		}
		for _, h := range res.Hits {
			fmt.Fprintf(c.out, "%s\t%s\t%s\t%s\t%s\n", h.Date, h.Kind, h.ID, h.Field, h.Snippet)
		}
		c.note(text.N("ctl.found", res.Total, "One place found.", "%d places found."))
		return nil
	})
}

func (c *call) score() error {
	if !c.on("answers") {
		_, err := c.need("answers")
		return err
	}
	doc, err := quizzes.ScoreJSON(c.positional[0], c.get("answers"), c.get("pick"))
	if err != nil {
		return err
	}
	return c.document(doc)
}

// document writes a JSON document: as it is, or for a person by lines.
func (c *call) document(doc []byte) error {
	if c.on("json") {
		_, err := c.out.Write(append(doc, '\n'))
		return err
	}
	var v any
	if err := json.Unmarshal(doc, &v); err != nil {
		return err
	}
	c.lines("", v)
	return nil
}

// lines writes every value of a document on a line of its own with the way to it.
func (c *call) lines(way string, v any) {
	m, ok := v.(map[string]any)
	if !ok {
		fmt.Fprintf(c.out, "%s\t%s\n", strings.TrimPrefix(way, "."), shown(v))
		return
	}
	for _, k := range sortedKeys(m) {
		c.lines(way+"."+k, m[k])
	}
}

func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return "–"
	case []any:
		all := make([]string, len(v))
		for i, x := range v {
			all[i] = shown(x)
		}
		return strings.Join(all, " ")
	}
	return fmt.Sprint(v)
}

func (c *call) change() error {
	var in quizzes.ChangeInput
	for _, f := range []struct {
		name string
		to   **float64
	}{{"sd", &in.SD}, {"reliability", &in.Reliability}, {"threshold", &in.Threshold}, {"cutoff", &in.CutOff}} {
		v, err := c.number(f.name)
		if err != nil {
			return err
		}
		*f.to = v
	}
	for _, f := range []struct {
		name string
		to   *float64
	}{{"from", &in.From}, {"to", &in.To}} {
		if _, err := c.need(f.name); err != nil {
			return err
		}
		v, err := c.number(f.name)
		if err != nil {
			return err
		}
		*f.to = *v
	}
	switch in.Direction = c.get("direction"); in.Direction {
	case "", "up", "down":
	default:
		return usage(text.T("ctl.direction", "--direction is up or down."), "")
	}
	j, err := in.Judge()
	if err != nil {
		return err
	}
	doc, err := json.Marshal(j)
	if err != nil {
		return err
	}
	return c.document(doc)
}
