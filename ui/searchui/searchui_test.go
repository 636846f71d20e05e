package searchui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

type searcher struct {
	asked []string
	err   error
}

func (s *searcher) Search(_ context.Context, q Query) (Result, error) {
	s.asked = append(s.asked, q.Words+"/"+string(q.Lens)+q.Record)
	if s.err != nil {
		return Result{}, s.err
	}
	if q.Words == "nobody" {
		return Result{}, nil
	}
	r := Result{Total: 120}
	for i := range q.Limit {
		r.Hits = append(r.Hits, Hit{Couple: "Mara & Jonas", What: "Note", Snippet: fmt.Sprintf("her mother %d", i), Route: kit.Route{Page: "couple", Item: fmt.Sprint(i)}})
	}
	return r, nil
}

func (s *searcher) Records(_ context.Context, letters string, _ int) ([]Record, error) {
	return []Record{
		{ID: "7", Title: letters + "a & Jonas", Detail: "Active", A: "Mara", B: "Jonas"},
		{ID: "8", Title: strings.Repeat("Wilhelmina ", 18), Detail: "Active", A: "Wilhelmina"},
	}, s.err
}

func (s *searcher) Record(_ context.Context, id string) (Record, error) {
	return Record{ID: id, Title: "Mara & Jonas", A: "Mara", B: "Jonas"}, s.err
}

func open(t *testing.T) (*uitest.App, *searcher) {
	a, s := uitest.NewApp(t), &searcher{}
	p := New(Deps{Env: a.Env, Searcher: s})
	a.Show(p)
	p.Open(kit.Route{})
	a.Window.Canvas().Focus(p.First())
	return a, s
}

func TestSearchWaitsForThePauseAndOpensHits(t *testing.T) {
	a, s := open(t)
	a.MustSay("Search finds words")
	a.Type("mother")
	if len(s.asked) != 0 {
		t.Fatalf("asked %v while typing", s.asked)
	}
	a.Clock.Wind(typingPause)
	if len(s.asked) != 1 || s.asked[0] != "mother/coach" {
		t.Fatalf("asked %v", s.asked)
	}
	a.MustSay("The best 50 of 120", "her mother 0", "Mara & Jonas")
	a.MustNotSay("Search finds words")
	a.Tap("her mother 1")
	if a.Nav.Last().Item != "1" {
		t.Errorf("went to %v", a.Nav.Last())
	}
	a.Capture("search")
}

func TestSearchAsksForTheReader(t *testing.T) {
	a, s := open(t)
	a.Type("mother")
	a.Key("Return")
	a.Tap("B")
	if last := s.asked[len(s.asked)-1]; last != "mother/b" {
		t.Errorf("asked %q", last)
	}
}

func TestSearchSaysNothingFoundAndErrors(t *testing.T) {
	a, s := open(t)
	a.Type("nobody")
	a.Key("Return")
	a.MustSay("Nothing found.")
	s.err = errors.New("bad")
	a.Type("x")
	a.Key("Return")
	if len(a.Said.Errors) != 1 {
		t.Errorf("said %v", a.Said.Errors)
	}
}

func TestSearchInOneRecord(t *testing.T) {
	a, s := open(t)
	a.Type("mother")
	a.Key("Return", "Tab") // to the record, by keys alone
	a.MustSay("in everything you wrote")
	a.Key("Return")
	a.Type("Mar")
	a.MustSay("Mara & Jonas")
	a.Key("Return")
	if last := s.asked[len(s.asked)-1]; last != "mother/coach7" {
		t.Fatalf("asked %q", last)
	}
	a.MustSay("only in: Mara & Jonas", "A · Mara", "B · Jonas")
	if r := a.Nav.Replaced[len(a.Nav.Replaced)-1]; r.ID != "7" || strings.Contains(r.String(), "Mara") {
		t.Errorf("the history says %v", r)
	}
	a.Capture("search-one")
	a.Tap("All records")
	if last := s.asked[len(s.asked)-1]; last != "mother/coach" {
		t.Errorf("asked %q", last)
	}
	a.MustNotSay("A · Mara", "All records")
	a.Tap("Choose a record…")
	a.Type("Wil")
	a.Key("Down", "Return")
	a.MustSay("A · Wilhelmina")
	a.MustNotSay("Us", "B ·")
	if m := a.Window.Content().MinSize(); m.Width > 1024 {
		t.Errorf("a long name makes the page %v wide", m.Width)
	}
}

func TestHitsAreReachedByKeysAlone(t *testing.T) {
	a, _ := open(t)
	a.Type("mother")
	a.Key("Return", "Down", "Down", "Return")
	if got := a.Nav.Last().Item; got != "1" {
		t.Errorf("went to %q", got)
	}
}

func TestWhoComesFromAClientsViewSearchesInThatRecordAlone(t *testing.T) {
	a, s := uitest.NewApp(t), &searcher{}
	p := New(Deps{Env: a.Env, Searcher: s})
	a.Show(p)
	p.Open(kit.Route{ID: "7", Lens: kit.LensB})
	a.MustSay("only in: Mara & Jonas", "B · Jonas")
	a.MustNotSay("Choose a record…", "All records") // the names of others
	a.Window.Canvas().Focus(p.First())
	a.Type("mother")
	a.Clock.Wind(typingPause)
	if len(s.asked) != 1 || s.asked[0] != "mother/b7" {
		t.Errorf("asked %v", s.asked)
	}
	a.Tap("Coach only")
	a.MustSay("Choose a record…", "All records")
}
