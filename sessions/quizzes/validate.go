package quizzes

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"

	"github.com/couplet-app/couplet/internal/text"
)

// Limits that keep a damaged or hostile definition from filling memory or a screen.
const (
	maxItems     = 500
	maxScales    = 100
	maxAnswers   = 101
	maxCode      = 1000
	maxPoints    = 1e6
	maxTextRunes = 2000
	nearlyEqual  = 1e-9 // for sums of decimal fractions
)

var (
	idPattern      = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
	itemPattern    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$`)
	channelPattern = regexp.MustCompile(`^[A-Z][A-Z0-9]{1,3}$`)
)

// findings collects what is wrong with a definition.
type findings struct{ errs []error }

func (f *findings) add(field, sentence string) {
	f.errs = append(f.errs, badDefinition(field, sentence))
}

func (d *Definition) validate() error {
	f := &findings{}
	d.checkHead(f)
	d.checkResponseSets(f)
	d.checkItems(f)
	if len(f.errs) > 0 {
		// Scales can only be judged on sound items.
		return errors.Join(f.errs...)
	}
	d.checkScales(f)
	d.checkProfile(f)
	return errors.Join(f.errs...)
}

func (d *Definition) checkHead(f *findings) {
	if d.Format != 1 {
		f.add("format", text.T("quiz.def_format", "The definition's format is %d; this program reads format 1.", d.Format))
	}
	if !idPattern.MatchString(d.ID) {
		f.add("id", text.T("quiz.def_id", "The quiz id %q must be small letters, digits and hyphens.", d.ID))
	}
	for _, need := range []struct{ field, value string }{
		{"version", d.Version}, {"name", d.Name}, {"language", d.Language}, {"licence_note", d.Licence},
	} {
		if need.value == "" {
			f.add(need.field, text.T("quiz.def_needed", "The definition needs %q.", need.field))
		}
	}
	for field, value := range map[string]string{"version": d.Version, "name": d.Name, "language": d.Language, "licence_note": d.Licence, "intro": d.Intro, "look_back": d.LookBack} {
		checkLength(f, field, value)
	}
	oneOf(f, "use", d.Use, "profile", "pulse", "outcome")
	oneOf(f, "direction", string(d.Direction), string(Up), string(Down))
	if len(d.Sources) == 0 {
		f.add("sources", text.T("quiz.def_sources", "The definition names no source."))
	}
	for i, s := range d.Sources {
		if s.Citation == "" || s.Supports == "" {
			f.add("sources", text.T("quiz.def_source", "Source %d needs a citation and what it supports.", i+1))
		}
	}
	if d.IntervalDays < 0 || d.RetakeDays < 0 {
		f.add("recommended_interval_days", text.T("quiz.def_days", "Intervals are counted in days, from 0."))
	}
	if len(d.Modes) == 0 {
		f.add("modes", text.T("quiz.def_modes", "The definition names no way of answering."))
	}
	for _, m := range d.Modes {
		if !slices.Contains(Modes(), m) {
			f.add("modes", text.T("quiz.def_mode", "%q is no way of answering.", string(m)))
		}
	}
}

func (d *Definition) checkResponseSets(f *findings) {
	seen := map[string]bool{}
	for _, r := range d.ResponseSets {
		field := "response_sets." + r.ID
		if seen[r.ID] {
			f.add(field, text.T("quiz.def_set_twice", "The response set %q stands twice.", r.ID))
		}
		seen[r.ID] = true
		if r.ID == "" {
			f.add(field, text.T("quiz.def_set_id", "A response set has no id."))
		}
		if !r.sound() {
			f.add(field, text.T("quiz.def_set_range", "The response set %q goes from %d to %d; it needs 2 to %d answers between -%d and %d.", r.ID, r.Min, r.Max, maxAnswers, maxCode, maxCode))
		}
		for code, label := range r.Labels {
			checkLength(f, field, label)
			if code < r.Min || code > r.Max {
				f.add(field, text.T("quiz.def_set_label", "The response set %q labels the answer %d, which it does not have.", r.ID, code))
			}
		}
	}
}

// sound keeps both ends small before taking their difference, which could overflow.
func (r ResponseSet) sound() bool {
	return r.Min >= -maxCode && r.Max <= maxCode && r.Min < r.Max && r.Max-r.Min < maxAnswers
}

func (d *Definition) checkItems(f *findings) {
	if len(d.Items) == 0 || len(d.Items) > maxItems {
		f.add("items", text.T("quiz.def_items", "A quiz has 1 to %d items, not %d.", maxItems, len(d.Items)))
		return
	}
	seen := map[string]bool{}
	for i, it := range d.Items {
		field := "items." + it.ID
		if !itemPattern.MatchString(it.ID) {
			f.add(field, text.T("quiz.def_item_id", "The id %q of item number %d must be letters, digits, points or hyphens.", it.ID, i+1))
		}
		if seen[it.ID] {
			f.add(field, text.T("quiz.def_item_twice", "Item %s stands twice.", it.ID))
		}
		seen[it.ID] = true
		if d.TextShippable && it.Text == "" {
			f.add(field, text.T("quiz.def_item_text", "Item %s has no text although the texts may be shipped.", it.ID))
		}
		checkLength(f, field, it.Text)
		checkLength(f, field, it.Label)
		set, ok := d.ResponseSet(it.ResponseSet)
		if !ok {
			f.add(field, text.T("quiz.def_item_set", "Item %s uses the response set %q, which is not defined.", it.ID, it.ResponseSet))
			continue
		}
		checkValues(f, field, it, set)
	}
}

func checkValues(f *findings, field string, it Item, set ResponseSet) {
	if it.Values == nil || !set.sound() {
		return
	}
	for code := set.Min; code <= set.Max; code++ {
		if _, ok := it.Values[code]; !ok {
			f.add(field, text.T("quiz.def_values_missing", "Item %s: the value map has no value for the answer %d.", it.ID, code))
		}
	}
	for code, points := range it.Values {
		if code < set.Min || code > set.Max {
			f.add(field, text.T("quiz.def_values_extra", "Item %s: the value map names the answer %d, which the response set %q does not have.", it.ID, code, set.ID))
		}
		if math.Abs(points) > maxPoints {
			f.add(field, text.T("quiz.def_values_large", "Item %s: %g points for the answer %d are too many.", it.ID, points, code))
		}
	}
}

func (d *Definition) checkScales(f *findings) {
	if len(d.Scales) == 0 || len(d.Scales) > maxScales {
		f.add("scales", text.T("quiz.def_scales", "A quiz has 1 to %d scales, not %d.", maxScales, len(d.Scales)))
		return
	}
	seen := map[string]bool{}
	for _, s := range d.Scales {
		field := "scales." + s.ID
		if !itemPattern.MatchString(s.ID) {
			f.add(field, text.T("quiz.def_scale_id", "The scale id %q must be letters, digits, points or hyphens.", s.ID))
		}
		if seen[s.ID] {
			f.add(field, text.T("quiz.def_scale_twice", "The scale %s stands twice.", s.ID))
		}
		seen[s.ID] = true
		if d.checkScaleItems(f, field, s) {
			d.checkScaleRange(f, field, s)
		}
		checkBands(f, field, s)
		d.checkCutOffs(f, field, s)
		checkParameters(f, field, s.Change)
	}
	if d.Total != "" && !seen[d.Total] {
		f.add("total", text.T("quiz.def_total", "The total is the scale %q, which is not defined.", d.Total))
	}
}

// checkScaleItems says whether the items are sound enough to compute a range.
func (d *Definition) checkScaleItems(f *findings, field string, s Scale) bool {
	before := len(f.errs)
	if len(s.Items) == 0 {
		f.add(field, text.T("quiz.def_scale_empty", "The scale %s has no items.", s.ID))
	}
	seen := map[string]bool{}
	for _, id := range s.Items {
		if _, ok := d.Item(id); !ok {
			f.add(field, text.T("quiz.def_scale_item", "The scale %s uses item %s, which is not defined.", s.ID, id))
		}
		if seen[id] {
			f.add(field, text.T("quiz.def_scale_item_twice", "The scale %s counts item %s twice.", s.ID, id))
		}
		seen[id] = true
	}
	if s.MinAnswered < 1 || s.MinAnswered > len(s.Items) {
		f.add(field, text.T("quiz.def_scale_min", "The scale %s needs %d answers, but it has %d items.", s.ID, s.MinAnswered, len(s.Items)))
	}
	oneOf(f, field+".aggregate", string(s.Aggregate), string(Sum), string(Mean), string(MeanTimes))
	oneOf(f, field+".proration", string(s.Proration), string(NoProration), string(ProportionalToMaximum))
	if (s.Aggregate == MeanTimes) != (s.Factor != 0) || s.Factor < 0 || s.Factor > maxPoints {
		f.add(field, text.T("quiz.def_scale_factor", "The scale %s: a factor above 0 goes with mean_times, and only with it.", s.ID))
	}
	return len(f.errs) == before
}

func (d *Definition) checkScaleRange(f *findings, field string, s Scale) {
	computed := d.computedRange(s)
	if !near(computed.Min, s.Range.Min) || !near(computed.Max, s.Range.Max) {
		f.add(field, text.T("quiz.def_scale_range", "The scale %s is declared as %s, but its items give %s.", s.ID, s.Range.String(), computed.String()))
	}
	if s.Proration == ProportionalToMaximum && s.Aggregate != Sum {
		f.add(field, text.T("quiz.def_scale_proration", "The scale %s is a mean; only sums are filled up for missing answers.", s.ID))
	}
	if s.MinAnswered == len(s.Items) {
		return
	}
	if s.Aggregate == Sum && s.Proration == NoProration {
		f.add(field, text.T("quiz.def_scale_sum", "The scale %s is a sum with %d of %d answers enough; it needs the rule proportional_to_maximum.", s.ID, s.MinAnswered, len(s.Items)))
	}
	if s.Aggregate != Sum && !d.sameRanges(s) {
		f.add(field, text.T("quiz.def_scale_mixed", "The scale %s is a mean of items with different ranges; it needs all its answers.", s.ID))
	}
}

func (d *Definition) sameRanges(s Scale) bool {
	first := d.itemRange(s.Items[0])
	return !slices.ContainsFunc(s.Items, func(id string) bool { return d.itemRange(id) != first })
}

func (d *Definition) itemRange(id string) Range {
	it, _ := d.Item(id)
	set, _ := d.ResponseSet(it.ResponseSet)
	low, high := it.extremes(set)
	return Range{low, high}
}

func (d *Definition) computedRange(s Scale) Range {
	var r Range
	for _, id := range s.Items {
		ir := d.itemRange(id)
		r.Min += ir.Min
		r.Max += ir.Max
	}
	k := s.times()
	return Range{r.Min * k, r.Max * k}
}

// times is what a full sum of the scale's items is multiplied with.
func (s Scale) times() float64 {
	switch s.Aggregate {
	case Mean:
		return 1 / float64(len(s.Items))
	case MeanTimes:
		return s.Factor / float64(len(s.Items))
	}
	return 1
}

func checkBands(f *findings, field string, s Scale) {
	if len(s.Bands) == 0 {
		return
	}
	for i, b := range s.Bands {
		if b.Label == "" || b.Source == "" {
			f.add(field, text.T("quiz.def_band_words", "The scale %s: band %d needs a label and a source.", s.ID, i+1))
		}
		if b.Min > b.Max || b.Min == b.Max && !(b.IncludeMin && b.IncludeMax) {
			f.add(field, text.T("quiz.def_band_empty", "The scale %s: the band %q is empty.", s.ID, b.Label))
		}
		if i > 0 {
			checkTouch(f, field, s.ID, s.Bands[i-1], b)
		}
	}
	first, last := s.Bands[0], s.Bands[len(s.Bands)-1]
	if first.Min != s.Range.Min || !first.IncludeMin || last.Max != s.Range.Max || !last.IncludeMax {
		f.add(field, text.T("quiz.def_band_ends", "The scale %s: the bands must reach from %g to %g, both included.", s.ID, s.Range.Min, s.Range.Max))
	}
}

// checkTouch holds two neighbouring bands together: the shared value belongs to
// exactly one of them.
func checkTouch(f *findings, field, scale string, a, b Band) {
	switch {
	case a.Max < b.Min, a.Max == b.Min && !a.IncludeMax && !b.IncludeMin:
		f.add(field, text.T("quiz.def_band_gap", "The scale %s: there is a gap between the bands %q and %q.", scale, a.Label, b.Label))
	case a.Max > b.Min, a.IncludeMax && b.IncludeMin:
		f.add(field, text.T("quiz.def_band_overlap", "The scale %s: the bands %q and %q overlap.", scale, a.Label, b.Label))
	}
}

func (d *Definition) checkCutOffs(f *findings, field string, s Scale) {
	concern := map[Direction]string{Up: "below", Down: "above"}[d.Direction]
	for _, c := range s.CutOffs {
		if c.Concern != concern {
			f.add(field, text.T("quiz.def_cut_side", "The scale %s: with the direction %q the side of concern is %q, not %q.", s.ID, string(d.Direction), concern, c.Concern))
		}
		if c.Source == "" {
			f.add(field, text.T("quiz.def_cut_source", "The scale %s: the cut-off %g has no source.", s.ID, c.Value))
		}
		if c.Value < s.Range.Min || c.Value > s.Range.Max {
			f.add(field, text.T("quiz.def_cut_range", "The scale %s: the cut-off %g lies outside %s.", s.ID, c.Value, s.Range.String()))
		}
	}
}

func checkParameters(f *findings, field string, p *Parameters) {
	if p == nil {
		return
	}
	if err := p.check(); err != nil {
		f.add(field+".reliable_change", fmt.Sprintf("%s: %s", field, err.Error()))
	}
	if p.Source == "" || p.Sample == "" {
		f.add(field+".reliable_change", text.T("quiz.def_change_source", "%s: the numbers for judging change need their source and sample.", field))
	}
	if p.Threshold == nil {
		oneOf(f, field+".reliable_change.kind", p.Kind, "alpha", "retest", "other")
		if p.Kind == "retest" && p.Interval == "" {
			f.add(field+".reliable_change", text.T("quiz.def_change_interval", "%s: a retest reliability needs its interval.", field))
		}
	}
}

func oneOf(f *findings, field, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		f.add(field, text.T("quiz.def_one_of", "%q cannot be %q; it is one of %q.", field, value, allowed))
	}
}

func checkLength(f *findings, field, value string) {
	if len([]rune(value)) > maxTextRunes {
		f.add(field, text.T("quiz.def_long", "The text of %q is longer than %d characters.", field, maxTextRunes))
	}
}

func near(a, b float64) bool {
	return math.Abs(a-b) <= nearlyEqual*max(1, math.Abs(a), math.Abs(b))
}
