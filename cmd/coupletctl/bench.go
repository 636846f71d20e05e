package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/sample/large"
	"github.com/couplet-app/couplet/internal/search"
	"github.com/couplet-app/couplet/internal/text"
)

// measure is one thing timed beside the bare SQL that it cannot do without, in the
// same file and the same run. Times are medians in milliseconds; limit is for ratio.
type measure struct {
	Name    string  `json:"name"`
	Couplet float64 `json:"couplet_ms"`
	Bare    float64 `json:"bare_ms"`
	Ratio   float64 `json:"ratio"`
	Limit   float64 `json:"limit"`
	Holds   bool    `json:"holds"`
	Most    float64 `json:"most_ms,omitempty"` // what it may take, where that is no ratio
}

// measured is one casebook with what was measured on it.
type measured struct {
	Casebook string    `json:"casebook"`
	Notes    int       `json:"notes"`
	Measures []measure `json:"measures"`
}

const (
	rounds    = 21    // of reading
	saves     = 301   // the first of them find nothing in memory yet
	readLimit = 2.0   // times the bare statements
	saveLimit = 1.5   // times the plain insert
	gateLimit = 1.2   // times the same without the gate
	mostMS    = 100.0 // for what is read
)

// bench measures the casebook given, or else makes two of invented couples, of one
// year and of twenty, to show what grows and what does not.
func (c *call) bench() error {
	var all []measured
	if len(c.positional) == 1 {
		err := c.with(reading(), func(cb *casebook.Casebook) error {
			m, err := measureCasebook(c.ctx, cb, filepath.Base(c.positional[0]))
			all = append(all, m)
			return err
		})
		if err != nil {
			return err
		}
		return c.tell(all)
	}
	coaches, err := c.whole("coaches", 4, 1)
	if err != nil {
		return err
	}
	years, err := c.whole("years", 20, 1)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "couplet-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, y := range slices.Compact([]int{1, years}) {
		m, err := c.measureInvented(dir, large.Size{Coaches: coaches, Years: y})
		if err != nil {
			return err
		}
		all = append(all, m)
	}
	return c.tell(all)
}

func (c *call) measureInvented(dir string, size large.Size) (m measured, err error) {
	pass := rand.Text()
	path := filepath.Join(dir, fmt.Sprintf("%d.couplet", size.Years))
	c.note(text.T("ctl.bench_fill", "making a casebook of %d coaches and %d years", size.Coaches, size.Years))
	if _, err := large.Fill(c.ctx, path, casebook.New{Passphrase: pass, KDF: vault.FloorKDF}, size, sampleDay, 1, c.progress()); err != nil {
		return m, err
	}
	cb, err := casebook.Open(c.ctx, path, vault.Secret{Passphrase: pass}, casebook.Options{})
	if err != nil {
		return m, err
	}
	m, err = measureCasebook(c.ctx, cb, fmt.Sprintf("%d coaches, %d years", size.Coaches, size.Years))
	return m, errors.Join(err, cb.Close())
}

func (c *call) tell(all []measured) error {
	holds := true
	for _, m := range all {
		for _, x := range m.Measures {
			holds = holds && x.Holds
		}
	}
	if c.on("json") {
		if err := c.json(all); err != nil {
			return err
		}
	} else {
		for _, m := range all {
			fmt.Fprintf(c.out, "%s (%d notes)\n", m.Casebook, m.Notes)
			for _, x := range m.Measures {
				if x.Most > 0 {
					fmt.Fprintf(c.out, "  %-34s %8.2f ms  (limit %.0f ms)\n", x.Name, x.Couplet, x.Most)
					continue
				}
				fmt.Fprintf(c.out, "  %-34s %8.2f ms  bare %8.2f ms  ratio %5.2f (limit %.1f)\n", x.Name, x.Couplet, x.Bare, x.Ratio, x.Limit)
			}
		}
	}
	if !holds {
		return fault.New(fault.Refused, text.T("ctl.slow", "Something is slower than it may be."), "")
	}
	return nil
}

// measureCasebook measures what the daily pages cost.
func measureCasebook(ctx context.Context, cb *casebook.Casebook, name string) (m measured, err error) {
	m.Casebook = name
	q := cb.Reader()
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM note WHERE deleted = 0`).Scan(&m.Notes); err != nil {
		return m, err
	}
	var couple ids.ID
	if err := q.QueryRowContext(ctx, `SELECT couple_id FROM session WHERE deleted = 0 GROUP BY couple_id ORDER BY count(*) DESC, couple_id LIMIT 1`).Scan(&couple); err != nil {
		return m, fault.Wrap(fault.Refused, err, text.T("ctl.bench_empty", "There is nothing in this casebook to measure."), "")
	}
	aud, at := coachToday(), cb.Now()
	words, err := benchWords(ctx, q)
	if err != nil {
		return m, err
	}
	reads := []paging{
		{"open a couple's record", recordPage(cb, aud, couple, at)},
		{"today", todayPage(cb, aud, at)},
	}
	for _, w := range words {
		reads = append(reads, paging{"search " + w, func(ctx context.Context) error {
			_, err := search.Query(ctx, cb.Reader(), aud.GateOn, w, search.Options{})
			return err
		}})
	}
	for _, p := range reads {
		x, err := p.measure(ctx, cb)
		if err != nil {
			return m, err
		}
		m.Measures = append(m.Measures, x)
	}
	of, err := measureRights(ctx, cb, couple)
	if err != nil {
		return m, err
	}
	m.Measures = append(m.Measures, of...)
	x, err := measureLeaks(ctx, cb, aud, couple)
	if err != nil {
		return m, err
	}
	m.Measures = append(m.Measures, x)
	x, err = measureSaving(ctx, cb, couple)
	if err != nil {
		return m, err
	}
	m.Measures = append(m.Measures, x)
	list := paging{"list of records", func(ctx context.Context) error {
		_, err := clients.New(cb).List(ctx, aud, clients.Filter{Now: at, Limit: 50})
		return err
	}}
	gated, err := measureGate(ctx, cb, append([]paging{list}, reads[:2]...), words)
	m.Measures = append(m.Measures, gated...)
	return m, err
}

// mostRights is what the file of a person, and the plan of their erasure, may take.
const mostRights = 5000.0

// measureRights measures what one person can ask for.
func measureRights(ctx context.Context, cb *casebook.Casebook, couple ids.ID) ([]measure, error) {
	var person ids.ID
	if err := cb.Reader().QueryRowContext(ctx, `SELECT a_id FROM couple WHERE id = ?`, couple).Scan(&person); err != nil {
		return nil, err
	}
	store := rights.New(cb, nil)
	var out []measure
	for _, w := range []paging{
		{"file of a person", func(ctx context.Context) error { return only(store.Subject(ctx, coachToday(), person, nil)) }},
		{"plan of an erasure", func(ctx context.Context) error { return only(store.PlanPerson(ctx, coachToday(), person)) }},
	} {
		start := time.Now()
		if err := w.run(ctx); err != nil {
			return nil, err
		}
		x := measure{Name: w.name, Couplet: float64(time.Since(start).Microseconds()) / 1000, Most: mostRights}
		x.Holds = x.Couplet <= x.Most
		out = append(out, x)
	}
	return out, nil
}

// measureGate times what the pages ask, and searches, as a coach who may see every record
// beside the same without the views that keep others' records from a coach.
func measureGate(ctx context.Context, cb *casebook.Casebook, pages []paging, words []string) ([]measure, error) {
	var out []measure
	asked := map[string][]casebook.Statement{}
	for _, p := range pages {
		rec, stop := cb.Record()
		err := p.run(ctx)
		stop()
		if err != nil {
			return nil, err
		}
		asked[p.name] = rec.Asked()
	}
	off, err := cb.Wear(ctx)
	if err != nil {
		return nil, err
	}
	defer off()
	turn := func(name string, run func(casebook.Querier) error) error {
		x, err := inTurns("a coach: "+name, rounds, gateLimit, func() error { return run(cb.Reader()) }, func() error { return run(cb.Whole()) })
		out = append(out, x)
		return err
	}
	for _, p := range pages {
		if err := turn(p.name, func(q casebook.Querier) error {
			for _, s := range asked[p.name] {
				if err := casebook.Run(ctx, q, s); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return out, err
		}
	}
	for _, w := range words {
		if err := turn("search "+w, func(q casebook.Querier) error {
			_, err := search.Query(ctx, q, coachToday().GateOn, w, search.Options{})
			return err
		}); err != nil {
			return out, err
		}
	}
	return out, nil
}

// benchWords are a word of nearly every note, one of many, one of few (from the last
// note), a phrase, and a word that is still being typed.
func benchWords(ctx context.Context, q casebook.Querier) ([]string, error) {
	var body string
	if err := q.QueryRowContext(ctx, `SELECT r.body FROM note_rev r JOIN note n ON n.id = r.note_id AND n.deleted = 0 ORDER BY r.rowid DESC LIMIT 1`).Scan(&body); err != nil {
		return nil, err
	}
	longest := ""
	for w := range strings.FieldsSeq(strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return ' '
		}
		return r
	}, body)) {
		if len(w) > len(longest) {
			longest = w
		}
	}
	return []string{"the ", "partner ", longest + " ", `"how they"`, "apprec"}, nil
}

// paging is a page read for a person.
type paging struct {
	name string
	run  func(context.Context) error
}

// measure times the page beside the bare statements that it asked, in turns.
func (p paging) measure(ctx context.Context, cb *casebook.Casebook) (measure, error) {
	bare := cb.Reader()
	rec, stop := cb.Record()
	err := p.run(ctx)
	stop()
	if err != nil {
		return measure{}, err
	}
	x, err := inTurns(p.name, rounds, readLimit, func() error { return p.run(ctx) }, func() error {
		for _, s := range rec.Asked() {
			if err := casebook.Run(ctx, bare, s); err != nil {
				return err
			}
		}
		return nil
	})
	x.Holds = x.Holds && x.Couplet <= mostMS
	return x, err
}

// inTurns times two things turn by turn, so that both meet the same machine.
func inTurns(name string, rounds int, limit float64, ours, bare func() error) (measure, error) {
	var a, b []float64
	for range rounds {
		for _, t := range []struct {
			run func() error
			to  *[]float64
		}{{ours, &a}, {bare, &b}} {
			start := time.Now()
			if err := t.run(); err != nil {
				return measure{}, err
			}
			*t.to = append(*t.to, float64(time.Since(start).Microseconds())/1000)
		}
	}
	slices.Sort(a)
	slices.Sort(b)
	x := measure{Name: name, Couplet: a[rounds/2], Bare: b[rounds/2], Limit: limit}
	x.Ratio = x.Couplet / x.Bare
	x.Holds = x.Ratio <= limit
	return x, nil
}
