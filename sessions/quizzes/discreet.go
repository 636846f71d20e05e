package quizzes

import (
	"slices"

	"github.com/couplet-app/couplet/clients"
)

// sameTime is within how many days two partners' answers belong to one time of asking.
const sameTime = 3

// discreet leaves out what would show a reader that somebody else would rather not say:
// that is between them and the coach (rule PV-08). A quiz without channels that has a gap
// is not there at all, as if it had not been released; and what both read together has
// of channels only those that both have, and of the other quizzes only the times at
// which neither left a gap.
func discreet(aud clients.Audience, all []Result) []Result {
	if aud.IsCoach() {
		return all
	}
	us := aud.Reader() == clients.Us
	both := map[string][]string{} // channels that all results of an instrument have
	gaps := map[string][]Result{} // by instrument
	for _, r := range all {
		if r.Profile == nil {
			if r.gap() {
				gaps[r.Instrument] = append(gaps[r.Instrument], r)
			}
			continue
		}
		codes := r.Profile.answered(nil)
		if codes == nil {
			codes = r.Profile.codes()
		}
		if have, ok := both[r.Instrument]; ok {
			codes = slices.DeleteFunc(codes, func(c string) bool { return !slices.Contains(have, c) })
		}
		both[r.Instrument] = codes
	}
	out := all[:0]
	for _, r := range all {
		beside := func(g Result) bool { return g.ID == r.ID || us && together(g, r) }
		switch {
		case r.Own:
		case r.Profile == nil:
			if slices.ContainsFunc(gaps[r.Instrument], beside) {
				continue
			}
		default:
			if keep := both[r.Instrument]; us && len(keep) < len(r.Profile.Channels) {
				p := r.Profile.Only(keep)
				r.Profile, r.Channels = &p, keep
			}
			if len(r.Profile.Channels) == 0 {
				continue
			}
		}
		out = append(out, r)
	}
	return out
}

// gap says whether something of a quiz without channels is missing: an answer, a score
// or, where only channels were released, everything.
func (r *Result) gap() bool {
	for _, v := range r.Scores {
		if v == nil {
			return true
		}
	}
	return len(r.Scores) == 0 || slices.ContainsFunc(r.Answers, func(a Answer) bool { return a.Status != Answered })
}

func together(a, b Result) bool {
	n := a.TakenOn().Sub(b.TakenOn())
	return n >= -sameTime && n <= sameTime
}

// hideAnswers keeps raw answers from a reader who is shown scores. The lines of a
// pulse are its answers: they stay where all of it was released.
func (r *Result) hideAnswers(whole bool) {
	r.Picks = nil
	if !whole || r.Definition == nil || r.Definition.Use != "pulse" {
		r.Answers = nil
	}
}

// answered are the channels among some (nil is all) that have both values; nil where all
// have, so that a channel somebody would not speak of looks like one not chosen for the
// conversation (rule PV-08).
func (p ProfileScores) answered(some []string) []string {
	out := []string{}
	for _, c := range p.Channels {
		if c.Experienced != nil && c.Wanted != nil && (some == nil || slices.Contains(some, c.Code)) {
			out = append(out, c.Code)
		}
	}
	if some == nil && len(out) == len(p.Channels) {
		return nil
	}
	return out
}

// Only is the profile with no more than the channels named. Everything that is
// computed over all channels (total, lead, top wish) is left out, for it would tell of
// the others (rule PV-05).
func (p ProfileScores) Only(channels []string) ProfileScores {
	keep := map[string]bool{}
	for _, c := range channels {
		keep[c] = true
	}
	out := ProfileScores{Lead: []string{}, TopWish: []string{}}
	for _, c := range p.Channels {
		if keep[c.Code] {
			out.Channels = append(out.Channels, c)
			if c.Experienced != nil {
				out.Scored++
			}
		}
	}
	return out
}
