// Package quizzes is what partners are asked and what their answers say: versioned
// quiz definitions, the filling-in by one person at one time, scoring, and whether a
// change is bigger than a questionnaire's own wobble.
//
// Scores are for conversation. Nothing here decides who may see them: a caller that
// shows a score to anyone but the person it came from and the coach asks the
// visibility gate first.
package quizzes

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Direction says which way a score is better for the couple.
type Direction string

// The directions. Change is judged only where one is declared as up or down.
const (
	Up   Direction = "up"
	Down Direction = "down"
)

// Mode is how the answers were given (rule Q-16). The same person may answer some
// quizzes differently by telephone than on paper, so modes are kept and compared.
type Mode string

// The modes.
const (
	OnScreenAlone Mode = "on_screen_alone"
	WithCoach     Mode = "with_coach"
	Paper         Mode = "paper"
	Phone         Mode = "phone"
	Imported      Mode = "imported"
)

// Modes lists every mode in the order in which a form offers them.
func Modes() []Mode { return []Mode{OnScreenAlone, WithCoach, Paper, Phone, Imported} }

// Words names the mode for a person.
func (m Mode) Words() string {
	switch m {
	case OnScreenAlone:
		return text.T("quiz.mode_screen", "On screen, alone")
	case WithCoach:
		return text.T("quiz.mode_coach", "With the coach")
	case Paper:
		return text.T("quiz.mode_paper", "On paper, keyed in")
	case Phone:
		return text.T("quiz.mode_phone", "By telephone")
	case Imported:
		return text.T("quiz.mode_imported", "Imported")
	}
	return string(m)
}

// Definition is one version of a quiz, as read from JSON and checked. Use Parse to
// make one: a Definition that Parse returned needs no further checks.
type Definition struct {
	SchemaRef     string        `json:"$schema,omitempty"`
	Format        int           `json:"format"`
	ID            string        `json:"id"`
	Version       string        `json:"version"`
	Name          string        `json:"name"`
	Language      string        `json:"language"`
	Use           string        `json:"use"` // profile, pulse or outcome
	Direction     Direction     `json:"direction"`
	Sources       []Source      `json:"sources"`
	Licence       string        `json:"licence_note"`
	TextShippable bool          `json:"text_shippable"`
	Intro         string        `json:"intro"`
	LookBack      string        `json:"look_back"`
	IntervalDays  int           `json:"recommended_interval_days"`
	RetakeDays    int           `json:"retake_warning_days,omitempty"` // rule Q-15; 0 is no warning
	Modes         []Mode        `json:"modes"`
	Notes         []string      `json:"notes,omitempty"` // for the coach
	ResponseSets  []ResponseSet `json:"response_sets"`
	Items         []Item        `json:"items"`
	Scales        []Scale       `json:"scales"`
	Total         string        `json:"total,omitempty"` // the scale shown first
	Profile       *Profile      `json:"profile,omitempty"`

	hash string
}

// Source is a paper or other origin, and what it is cited for. Unverified marks
// what nobody has yet compared with the paper.
type Source struct {
	Citation   string `json:"citation"`
	Supports   string `json:"supports"`
	Unverified bool   `json:"unverified,omitempty"`
}

// ResponseSet holds the answers offered: every whole number from Min to Max, some
// or all of them with a label.
type ResponseSet struct {
	ID     string         `json:"id"`
	Min    int            `json:"min"`
	Max    int            `json:"max"`
	Labels map[int]string `json:"labels,omitempty"`
}

// Item is one question. Text is empty where the wording may not be shipped.
type Item struct {
	ID          string          `json:"id"`
	Label       string          `json:"label,omitempty"` // a short name for charts
	Text        string          `json:"text"`
	ResponseSet string          `json:"response_set"`
	Values      map[int]float64 `json:"values,omitempty"`  // answer to points; absent means the answer is the points
	Reverse     bool            `json:"reverse,omitempty"` // points become highest + lowest − points
	Optional    bool            `json:"optional,omitempty"`
	Sensitive   bool            `json:"sensitive,omitempty"`
}

// Aggregate is how a scale puts its items together.
type Aggregate string

// The aggregates.
const (
	Sum       Aggregate = "sum"
	Mean      Aggregate = "mean"
	MeanTimes Aggregate = "mean_times" // mean × Factor
)

// Proration is what happens to a sum when answers are missing.
type Proration string

// The prorations. The zero value is none.
const (
	NoProration           Proration = ""
	ProportionalToMaximum Proration = "proportional_to_maximum"
)

// Scale is one score made of items.
type Scale struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Items       []string    `json:"items"`
	Aggregate   Aggregate   `json:"aggregate"`
	Factor      float64     `json:"factor,omitempty"`
	MinAnswered int         `json:"min_answered"`
	Proration   Proration   `json:"proration,omitempty"`
	Range       Range       `json:"range"`
	Bands       []Band      `json:"bands,omitempty"`
	CutOffs     []CutOff    `json:"cut_offs,omitempty"`
	Change      *Parameters `json:"reliable_change,omitempty"`
}

// Range is the lowest and the highest possible score.
type Range struct {
	Min float64 `json:"min"`
	Max float64 `json:"max"`
}

// Band is a named stretch of a scale's range.
type Band struct {
	Label      string  `json:"label"`
	Min        float64 `json:"min"`
	Max        float64 `json:"max"`
	IncludeMin bool    `json:"include_min"`
	IncludeMax bool    `json:"include_max"`
	Source     string  `json:"source"`
	Unverified bool    `json:"unverified,omitempty"`
}

// CutOff is a value with the side that is a concern: below or above. The value
// itself is on the good side.
type CutOff struct {
	Value      float64 `json:"value"`
	Concern    string  `json:"concern"`
	Source     string  `json:"source"`
	Unverified bool    `json:"unverified,omitempty"`
}

// Parameters are what change is judged by: either a spread and a reliability, or a
// published threshold in points, never both (Jacobson & Truax 1991).
type Parameters struct {
	SD          *float64 `json:"sd,omitempty"`
	Reliability *float64 `json:"reliability,omitempty"`
	Kind        string   `json:"kind,omitempty"`     // alpha, retest or other
	Interval    string   `json:"interval,omitempty"` // between test and retest
	Threshold   *float64 `json:"threshold,omitempty"`
	Source      string   `json:"source"`
	Sample      string   `json:"sample"`
	Unverified  bool     `json:"unverified,omitempty"`
}

// Profile makes a quiz one of channels, each with an experienced and a wanted scale.
type Profile struct {
	Channels    []Channel   `json:"channels"`
	MinChannels int         `json:"min_channels"` // for a total (rules)
	Pick        Pick        `json:"pick"`
	QuickBelow  int         `json:"very_quick_seconds"` // rule Q-14
	TotalChange *Parameters `json:"total_change,omitempty"`
}

// Channel is one axis of a profile. PromptOnSurplus is rule Q-13.
type Channel struct {
	Code            string `json:"code"`
	Name            string `json:"name"`
	Definition      string `json:"definition"`
	Experienced     string `json:"experienced"`
	Wanted          string `json:"wanted"`
	PromptOnSurplus bool   `json:"prompt_on_surplus,omitempty"`
}

// Pick is the unscored choice of channels at the end.
type Pick struct {
	Max  int    `json:"max"`
	Text string `json:"text"`
}

const maxDefinitionBytes = 1 << 20

// Parse reads one definition and refuses, with an error that names the item, scale
// or field, everything that would make a score wrong: a declared range that is not
// the computed one, ids that stand twice, a scale with an unknown item, bands with a
// gap or an overlap, a value map that does not cover its answers, unknown fields.
// Errors are fault.BadInput; there may be several, joined.
func Parse(document []byte) (*Definition, error) {
	if len(document) > maxDefinitionBytes {
		return nil, badDefinition("", text.T("quiz.def_large", "The quiz definition is larger than 1 MB."))
	}
	hash, err := canonicalHash(document)
	if err != nil {
		return nil, notJSON(err)
	}
	dec := json.NewDecoder(bytes.NewReader(document))
	dec.DisallowUnknownFields()
	d := &Definition{}
	if err := dec.Decode(d); err != nil {
		return nil, notJSON(err)
	}
	d.hash = hash
	if err := d.validate(); err != nil {
		return nil, err
	}
	return d, nil
}

// Hash identifies the definition: SHA-256 in hex over the JSON document with keys
// sorted and without white space, so that laying it out anew keeps the identity.
func (d *Definition) Hash() string { return d.hash }

func canonicalHash(document []byte) (string, error) {
	dec := json.NewDecoder(bytes.NewReader(document))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return "", err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return "", errors.New("something follows the definition")
	}
	canonical, err := json.Marshal(tree)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:]), nil
}

func notJSON(err error) error {
	return fault.Wrap(fault.BadInput, err,
		text.T("quiz.def_unreadable", "This is not a quiz definition."),
		text.T("quiz.def_unreadable_hint", "It must be JSON in the form that instrument.schema.json describes. Nothing was changed."))
}

func badDefinition(field, sentence string) error { return fault.Input(field, sentence) }

// Item finds an item by its id.
func (d *Definition) Item(id string) (Item, bool) {
	i := slices.IndexFunc(d.Items, func(it Item) bool { return it.ID == id })
	if i < 0 {
		return Item{}, false
	}
	return d.Items[i], true
}

// Scale finds a scale by its id.
func (d *Definition) Scale(id string) (Scale, bool) {
	i := slices.IndexFunc(d.Scales, func(s Scale) bool { return s.ID == id })
	if i < 0 {
		return Scale{}, false
	}
	return d.Scales[i], true
}

// ResponseSet finds the answers that an item offers.
func (d *Definition) ResponseSet(id string) (ResponseSet, bool) {
	i := slices.IndexFunc(d.ResponseSets, func(r ResponseSet) bool { return r.ID == id })
	if i < 0 {
		return ResponseSet{}, false
	}
	return d.ResponseSets[i], true
}

// Channel finds a channel of the profile by its code.
func (d *Definition) Channel(code string) (Channel, bool) {
	if d.Profile == nil {
		return Channel{}, false
	}
	i := slices.IndexFunc(d.Profile.Channels, func(c Channel) bool { return c.Code == code })
	if i < 0 {
		return Channel{}, false
	}
	return d.Profile.Channels[i], true
}

// points is what one answer to the item counts, after value map and reversing.
func (it Item) points(code int, set ResponseSet) float64 {
	p := it.mapped(code)
	if it.Reverse {
		low, high := it.extremes(set)
		return high + low - p
	}
	return p
}

func (it Item) mapped(code int) float64 {
	if it.Values != nil {
		return it.Values[code]
	}
	return float64(code)
}

// extremes are the lowest and highest points that the item can give; reversing
// keeps them.
func (it Item) extremes(set ResponseSet) (low, high float64) {
	low, high = it.mapped(set.Min), it.mapped(set.Min)
	for code := set.Min; code <= set.Max; code++ {
		low, high = min(low, it.mapped(code)), max(high, it.mapped(code))
	}
	return low, high
}

// Name of the item for a person: its number, and its label if it has one.
func (it Item) Name() string {
	if it.Label == "" {
		return text.T("quiz.item", "Item %s", it.ID)
	}
	return text.T("quiz.item_label", "Item %s (%s)", it.ID, it.Label)
}

func (r Range) String() string { return fmt.Sprintf("%g–%g", r.Min, r.Max) }
