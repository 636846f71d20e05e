// Package practices is what couples do between sessions: the library, what was
// assigned to whom, how it went, and the conflict-to-connection conversation.
//
// Everything here is a rule without a clock and without a database, except the store.
package practices

import "github.com/couplet-app/couplet/clients"

// Practice is one entry of the library. It is written for the couple to read, except
// Locks, which are for the coach alone.
type Practice struct {
	ID             string        `json:"id"`
	Version        int           `json:"version"`
	Language       string        `json:"language"`
	Owner          Owner         `json:"owner"`
	ReviewedOn     string        `json:"reviewed_on"` // a day; empty until a person has reviewed it
	ReviewedBy     string        `json:"reviewed_by"`
	Title          string        `json:"title"`
	ArticleHeading string        `json:"article_heading"` // which practice of the guide it answers to
	Channels       []string      `json:"channels"`        // EM, IN, AF, SX, EX, SP
	Purpose        string        `json:"purpose"`
	Who            Who           `json:"who"`
	Level          Level         `json:"level"`
	Prerequisites  []string      `json:"prerequisites"`
	Materials      string        `json:"materials"`
	Steps          []string      `json:"steps"`
	SubPractices   []SubPractice `json:"sub_practices"`
	Duration       Minutes       `json:"duration_min"`
	Cadence        Cadence       `json:"cadence"`
	MinWeeks       int           `json:"min_weeks"`
	Measures       []Measure     `json:"measures"`
	CareNotes      []string      `json:"care_notes"`
	StopRules      []string      `json:"stop_rules"`
	Locks          []Lock        `json:"locks"`
	LogVisibility  LogVisibility `json:"log_visibility"`
	Evidence       []Evidence    `json:"evidence"`
	Involves       []string      `json:"involves"` // touch, drinks
	Variants       Variants      `json:"variants"`
	Lists          []List        `json:"lists"` // ideas, questions, words: what the steps draw from
}

// Owner tells shipped entries from a coach's own.
type Owner string

// The owners.
const (
	Shipped Owner = "shipped"
	Own     Owner = "own"
)

// Who is who does a practice.
type Who string

// The ways to take part. Both needs the two partners together.
const (
	Each        Who = "each"
	Both        Who = "both"
	OneForOther Who = "one_for_other"
)

// Level is how much experience a practice asks for.
type Level string

// The levels.
const (
	Starter      Level = "starter"
	Intermediate Level = "intermediate"
	Advanced     Level = "advanced"
)

// SubPractice is a part that can be done and logged by itself, such as "pr-01a".
type SubPractice struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Purpose  string   `json:"purpose"`
	Steps    []string `json:"steps"`
	Duration Minutes  `json:"duration_min"`
	Cadence  Cadence  `json:"cadence"`
}

// Minutes is how long it takes, from and to inclusive.
type Minutes struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Measure is something worth noting to see whether a practice helps. Visibility is
// own (the partner who noted it), joint or coach_only.
type Measure struct {
	Key        string `json:"key"`
	Label      string `json:"label"`
	Kind       string `json:"kind"` // scale10, count, minutes, yes_no, instrument
	Visibility string `json:"visibility"`
}

// LogVisibility is who sees a log by default: that it was done (Facts), its 0 to 10
// ratings, and its words; each own or joint. The writer may choose otherwise.
type LogVisibility struct {
	Facts   string `json:"facts"`
	Ratings string `json:"ratings"`
	Words   string `json:"words"`
}

// Evidence is what is known. Strength is A (randomised trial of nearly this exercise),
// B (experiment or longitudinal study of the mechanism), C (correlational) or D
// (professional tradition, opinion), or two of them such as "B/C". Unverified means
// that nobody has compared the entry with the paper yet. DOI is empty for books and
// where it is not known for certain.
type Evidence struct {
	Citation   string `json:"citation"`
	DOI        string `json:"doi,omitempty"`
	Claim      string `json:"claim"`
	Strength   string `json:"strength"`
	Unverified bool   `json:"unverified"`
}

// Variants says how to adapt a practice. AlcoholFree and NoTouch are empty where the
// practice involves neither drinks nor touch.
type Variants struct {
	LongDistance       string `json:"long_distance"`
	NewParents         string `json:"new_parents"`
	Neurodivergent     string `json:"neurodivergent"`
	DifferentAbilities string `json:"different_abilities"`
	AlcoholFree        string `json:"alcohol_free,omitempty"`
	NoTouch            string `json:"no_touch,omitempty"`
}

// List is a set of ideas, questions or words that belongs to a practice.
type List struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Items []Item `json:"items"`
}

// Item is one line of a list, with words to choose by, such as "long_distance".
type Item struct {
	Text string   `json:"text"`
	Tags []string `json:"tags"`
}

// DefaultLogAccess is the audience of a new log of the partner in slot s. A log is one
// item, so it opens to both only where facts, ratings and words all do; otherwise it
// is the writer's own. That it was done counts for the couple all the same (see
// CountJoint), which shows nothing of either partner.
func (p *Practice) DefaultLogAccess(s clients.Slot) clients.Access {
	a := clients.Access{Subject: s.Subject(), Visibility: s.Own(), Sensitivity: clients.Normal}
	v := p.LogVisibility
	if v.Facts == "joint" && v.Ratings == "joint" && v.Words == "joint" {
		a.Visibility = clients.Joint
	}
	for _, c := range p.Channels {
		if c == "SX" && len(p.Channels) < len(allChannels) {
			a.Sensitivity = clients.Sensitive
		}
	}
	return a
}

var allChannels = []string{"EM", "IN", "AF", "SX", "EX", "SP"}
