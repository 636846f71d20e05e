package practices

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"sync"

	"github.com/couplet-app/couplet/assets"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

const folder = "content/practices"

// library is read once: the shipped files do not change while the program runs.
var library = sync.OnceValues(func() ([]*Practice, error) { return Read(assets.Content) })

// All returns the shipped practices in order of their ids. They are shared: callers
// read them only. An error means that the program was built with a broken file.
func All() ([]*Practice, error) { return library() }

// ByID returns one shipped practice; fault.NotFound when there is none.
func ByID(id string) (*Practice, error) {
	all, err := All()
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if p.ID == id {
			return p, nil
		}
	}
	return nil, fault.New(fault.NotFound, text.T("practices.unknown", "The library has no such practice."),
		text.T("practices.unknown.hint", "It may come from a later version of Couplet."))
}

// Read reads and validates every practice below content/practices of fsys. A field
// that the record does not know is refused.
func Read(fsys fs.FS) ([]*Practice, error) {
	names, err := fs.Glob(fsys, folder+"/pr-*.json")
	if err != nil {
		return nil, err
	}
	var out []*Practice
	for _, name := range names { // Glob sorts
		p := new(Practice)
		if err := readStrict(fsys, name, p); err != nil {
			return nil, err
		}
		if err := p.Validate(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, p)
	}
	return out, nil
}

// CareDefaults are the care notes that every practice inherits, to be shown with each.
func CareDefaults() ([]string, error) {
	c, err := common()
	return c.CareDefaults, err
}

// LogNote is the sentence above every log: doing less is fine.
func LogNote() (string, error) {
	c, err := common()
	return c.LogNote, err
}

type commonText struct {
	Language     string   `json:"language"`
	CareDefaults []string `json:"care_defaults"`
	LogNote      string   `json:"log_note"`
}

var common = sync.OnceValues(func() (c commonText, err error) {
	return c, readStrict(assets.Content, folder+"/common.json", &c)
})

func readStrict(fsys fs.FS, name string, into any) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

var (
	strength = regexp.MustCompile(`^[ABCD](/[ABCD])?$`)
	doi      = regexp.MustCompile(`^(10\.[0-9]{4,9}/\S+)?$`)
)

// Validate says what a record lacks, one fault.BadInput per field, joined. The same
// rules hold for shipped and for own practices.
func (p *Practice) Validate() error {
	var errs []error
	need := func(ok bool, field, sentence string) {
		if !ok {
			errs = append(errs, fault.Input(field, sentence))
		}
	}
	filled := func(ss []string) bool { return len(ss) > 0 && !slices.Contains(ss, "") }
	say := text.T("practices.missing", "This is still empty.")

	need(p.ID != "", "id", say)
	need(p.Version > 0, "version", say)
	need(p.Language != "", "language", say)
	need(p.Owner == Shipped || p.Owner == Own, "owner", say)
	_, err := day.Parse(p.ReviewedOn)
	need(err == nil, "reviewed_on", text.T("practices.reviewed", "This is not a day."))
	need(p.Title != "", "title", say)
	need(p.ArticleHeading != "" || p.Owner == Own, "article_heading", say)
	need(filled(p.Channels) && !slices.ContainsFunc(p.Channels, func(c string) bool { return !slices.Contains(allChannels, c) }), "channels", text.T("practices.channels", "Choose at least one channel."))
	need(p.Purpose != "", "purpose", say)
	need(p.Who == Each || p.Who == Both || p.Who == OneForOther, "who", text.T("practices.who", "Say who does it."))
	need(p.Level == Starter || p.Level == Intermediate || p.Level == Advanced, "level", text.T("practices.level", "Choose a level."))
	need(filled(p.Prerequisites), "prerequisites", say)
	need(p.Materials != "", "materials", say)
	need(len(p.Steps) >= 4 && filled(p.Steps), "steps", text.T("practices.steps", "At least four steps are needed."))
	need(p.Duration.From > 0 && p.Duration.To >= p.Duration.From, "duration_min", text.T("practices.duration", "Say how many minutes it takes."))
	need(p.Cadence.Validate() == nil, "cadence", text.T("practices.cadence", "Say how often."))
	need(p.MinWeeks > 0, "min_weeks", text.T("practices.weeks", "Say for how many weeks at least."))
	need(len(p.Measures) > 0, "measures", say)
	need(filled(p.CareNotes), "care_notes", text.T("practices.care", "At least one care note is needed."))
	need(filled(p.StopRules), "stop_rules", text.T("practices.stop", "At least one stop rule is needed."))
	need(!slices.ContainsFunc(p.Locks, func(l Lock) bool { return !l.Condition.known() || l.Why == "" }), "locks", text.T("practices.locks", "One of the locks is unknown."))
	for _, v := range []string{p.LogVisibility.Facts, p.LogVisibility.Ratings, p.LogVisibility.Words} {
		need(v == "own" || v == "joint", "log_visibility", text.T("practices.log_visibility", "Say who sees the logs."))
	}
	need(len(p.Evidence) > 0 && !slices.ContainsFunc(p.Evidence, func(e Evidence) bool {
		return e.Citation == "" || e.Claim == "" || !strength.MatchString(e.Strength) || !doi.MatchString(e.DOI)
	}), "evidence", text.T("practices.evidence", "Say what is known about it, with source and strength."))
	need(p.Variants.LongDistance != "" && p.Variants.NewParents != "" && p.Variants.Neurodivergent != "" && p.Variants.DifferentAbilities != "" &&
		(p.Variants.NoTouch != "") == slices.Contains(p.Involves, "touch") &&
		(p.Variants.AlcoholFree != "") == slices.Contains(p.Involves, "drinks"), "variants", text.T("practices.variants", "A variant that applies is missing."))
	ids := map[string]bool{}
	for _, s := range p.SubPractices {
		need(s.ID != "" && !ids[s.ID] && s.Title != "" && s.Purpose != "" && filled(s.Steps) && s.Duration.From > 0 && s.Cadence.Validate() == nil,
			"sub_practices", text.T("practices.sub", "One of the parts is not complete."))
		ids[s.ID] = true
	}
	return errors.Join(errs...)
}
