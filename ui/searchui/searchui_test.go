package searchui

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

type searcher struct {
	asked []string
	err   error
}

func (s *searcher) Search(_ context.Context, q string, l kit.Lens, limit int) (Result, error) {
	s.asked = append(s.asked, q+"/"+string(l))
	if s.err != nil {
		return Result{}, s.err
	}
	if q == "nobody" {
		return Result{}, nil
	}
	r := Result{Total: 120}
	for i := range limit {
		r.Hits = append(r.Hits, Hit{Couple: "Mara & Jonas", What: "Note", Snippet: fmt.Sprintf("her mother %d", i), Route: kit.Route{Page: "couple", Item: fmt.Sprint(i)}})
	}
	return r, nil
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
