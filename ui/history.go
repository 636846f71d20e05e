package ui

import "github.com/couplet-app/couplet/ui/kit"

// historyLength is how many steps back are kept.
const historyLength = 100

// history is where the person was: routes, never widgets.
type history struct {
	routes []kit.Route
	at     int
}

// add goes on from the current place to r; what lay ahead is forgotten.
func (h *history) add(r kit.Route) {
	if len(h.routes) > 0 {
		if h.routes[h.at] == r {
			return
		}
		h.routes = append(h.routes[:h.at+1], r)
	} else {
		h.routes = []kit.Route{r}
	}
	if over := len(h.routes) - historyLength; over > 0 {
		h.routes = append([]kit.Route(nil), h.routes[over:]...)
	}
	h.at = len(h.routes) - 1
}

// replace changes the current place.
func (h *history) replace(r kit.Route) {
	if len(h.routes) == 0 {
		h.add(r)
		return
	}
	h.routes[h.at] = r
}

// move goes n steps and tells where; false at either end.
func (h *history) move(n int) (kit.Route, bool) {
	to := h.at + n
	if to < 0 || to >= len(h.routes) {
		return kit.Route{}, false
	}
	h.at = to
	return h.routes[to], true
}

// now is the current place.
func (h *history) now() (kit.Route, bool) {
	if len(h.routes) == 0 {
		return kit.Route{}, false
	}
	return h.routes[h.at], true
}

// placeOf is the place that stays marked while a page without a place is shown: the
// last place on the way there.
func (s *Shell) placeOf(r kit.Route) string {
	for i := s.history.at; i >= 0 && i < len(s.history.routes); i-- {
		if p := s.page(s.history.routes[i].Page); p != nil && p.Place {
			return p.ID
		}
	}
	return r.Page
}
