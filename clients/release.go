package clients

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Release is one partner's permission to show one item of their own to the other
// (rule PV-18). It is never changed; a withdrawal is a row of its own.
type Release struct {
	ID        ids.ID
	CoupleID  ids.ID
	Partner   Slot
	ItemID    ids.ID
	Channels  []string // only these channels of a quiz; nil is the whole item
	State     string   // given or withdrawn
	GivenOn   day.Day
	ExpiresOn day.Day // the last day it counts; zero is until the engagement ends
	Way       string  // how it was given
	Replaces  ids.ID
	Current   bool // nothing replaces it
	CreatedAt time.Time
}

// Validate returns one fault for each field that cannot be stored.
func (r Release) Validate() error {
	var errs []error
	if r.Partner != SlotA && r.Partner != SlotB {
		errs = append(errs, fault.Input("partner", text.T("clients.release_who", "Say who releases this.")))
	}
	if r.ItemID.IsZero() {
		errs = append(errs, fault.Input("item", text.T("clients.release_what", "Say what is released.")))
	}
	if d, err := day.Parse(string(r.GivenOn)); err != nil || d == "" {
		errs = append(errs, fault.Input("given_on", text.T("clients.day", "Write the day like 2026-11-22.")))
	}
	if _, err := day.Parse(string(r.ExpiresOn)); err != nil {
		errs = append(errs, fault.Input("expires_on", text.T("clients.day", "Write the day like 2026-11-22.")))
	} else if r.ExpiresOn != "" && r.ExpiresOn < r.GivenOn {
		errs = append(errs, fault.Input("expires_on", text.T("clients.ends_before", "The end lies before the start.")))
	}
	if r.Channels != nil && len(r.Channels) == 0 {
		errs = append(errs, fault.Input("channels", text.T("clients.release_channels", "Choose at least one channel, or release the whole.")))
	}
	return errors.Join(errs...)
}

// Scope is how much of an item a partner has released. The zero Scope is nothing.
type Scope struct {
	Whole    bool
	Channels []string // sorted; only when not Whole
}

// Has says whether the channel is released.
func (s Scope) Has(channel string) bool { return s.Whole || slices.Contains(s.Channels, channel) }

// IsZero says whether nothing is released.
func (s Scope) IsZero() bool { return !s.Whole && len(s.Channels) == 0 }

// and is what both scopes release: the more protective where two decisions stand.
func (s Scope) and(o Scope) Scope {
	switch {
	case s.Whole:
		return o
	case o.Whole:
		return s
	}
	var out []string
	for _, c := range s.Channels {
		if o.Has(c) {
			out = append(out, c)
		}
	}
	return Scope{Channels: out}
}

// scopeText is how channels are stored: "" for the whole item.
func scopeText(channels []string) (string, error) {
	if channels == nil {
		return "", nil
	}
	c := slices.Clone(channels)
	slices.Sort(c)
	b, err := json.Marshal(slices.Compact(c))
	return string(b), err
}

// parseScope reads scopeText; what cannot be read releases nothing.
func parseScope(s string) Scope {
	if s == "" {
		return Scope{Whole: true}
	}
	var c []string
	if json.Unmarshal([]byte(s), &c) != nil {
		return Scope{}
	}
	return Scope{Channels: c}
}
