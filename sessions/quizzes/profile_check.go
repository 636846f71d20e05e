package quizzes

import "github.com/couplet-app/couplet/internal/text"

// A profile has at least three axes to draw and at most nine to read.
const (
	minProfileChannels = 3
	maxProfileChannels = 9
)

func (d *Definition) checkProfile(f *findings) {
	p := d.Profile
	if (p != nil) != (d.Use == "profile") {
		f.add("profile", text.T("quiz.def_profile_use", "Channels go with the use \"profile\", and only with it."))
		return
	}
	if p == nil {
		return
	}
	if d.Direction != Up {
		f.add("direction", text.T("quiz.def_profile_direction", "In a profile, higher is more: the direction is \"up\"."))
	}
	if n := len(p.Channels); n < minProfileChannels || n > maxProfileChannels {
		f.add("profile.channels", text.T("quiz.def_profile_count", "A profile has %d to %d channels, not %d.", minProfileChannels, maxProfileChannels, n))
	}
	seen := map[string]bool{}
	for _, c := range p.Channels {
		d.checkChannel(f, c, seen)
		seen[c.Code] = true
	}
	if p.MinChannels < 1 || p.MinChannels > len(p.Channels) {
		f.add("profile.min_channels", text.T("quiz.def_profile_min", "The total needs %d channels, but there are %d.", p.MinChannels, len(p.Channels)))
	}
	if p.Pick.Max < 0 || p.Pick.Max > len(p.Channels) || p.QuickBelow < 0 {
		f.add("profile.pick", text.T("quiz.def_profile_pick", "The pick allows %d channels of %d.", p.Pick.Max, len(p.Channels)))
	}
	checkParameters(f, "profile.total_change", p.TotalChange)
}

func (d *Definition) checkChannel(f *findings, c Channel, seen map[string]bool) {
	field := "profile.channels." + c.Code
	if !channelPattern.MatchString(c.Code) || c.Name == "" {
		f.add(field, text.T("quiz.def_channel", "The channel %q needs a code of 2 to 4 capital letters and a name.", c.Code))
	}
	if seen[c.Code] {
		f.add(field, text.T("quiz.def_channel_twice", "The channel %s stands twice.", c.Code))
	}
	for _, id := range []string{c.Experienced, c.Wanted} {
		s, ok := d.Scale(id)
		if !ok {
			f.add(field, text.T("quiz.def_channel_scale", "The channel %s uses the scale %q, which is not defined.", c.Code, id))
			continue
		}
		// Gaps and the words for them (rule Q-11) are made for 0 to 100.
		if !near(s.Range.Min, 0) || !near(s.Range.Max, 100) {
			f.add(field, text.T("quiz.def_channel_range", "The channel %s: the scale %s must reach from 0 to 100.", c.Code, s.ID))
		}
	}
}
