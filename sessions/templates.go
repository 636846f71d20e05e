package sessions

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/couplet-app/couplet/assets"
	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Template is the form of a note: fields in order, each with the audience that it
// starts with. A note keeps id and version of the template it was written by.
type Template struct {
	ID       string          `json:"id"`
	Version  int             `json:"version"`
	Language string          `json:"language"`
	Title    string          `json:"title"`
	Purpose  string          `json:"purpose"`
	For      []string        `json:"for"` // joint, individual, contact, closing, call
	Fields   []TemplateField `json:"fields"`
}

// FieldKind is how a field is entered.
type FieldKind string

// The kinds of field. A list is kept as one text, one entry a line.
const (
	FieldText   FieldKind = "text"
	FieldChoice FieldKind = "choice"
	FieldNumber FieldKind = "number"
	FieldList   FieldKind = "list"
)

// TemplateField is one field. Label and Hint may hold {A}, {B} and {attendee} for
// names. Subject and Visibility may be "attendee" in forms for one partner: whoever
// of the two the contact was with; see Access.
type TemplateField struct {
	Key         string              `json:"key"`
	Label       string              `json:"label"`
	Hint        string              `json:"hint"`
	Kind        FieldKind           `json:"kind"`
	Choices     []TemplateChoice    `json:"choices"`
	Subject     clients.Subject     `json:"subject"`
	Visibility  clients.Visibility  `json:"visibility"`
	Sensitivity clients.Sensitivity `json:"sensitivity"`
	CarryOver   bool                `json:"carry_over"` // a new note starts with the last note's text
	Sealed      bool                `json:"sealed"`     // each coach has their own, which nobody else can read
}

// TemplateChoice is one option: Value is stored, Label is shown.
type TemplateChoice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

const attendee = "attendee"

// Access is the audience that a new note's field starts with. about is the partner
// whom the contact was with; it decides the fields whose subject is the attendee. With
// no partner such a field is about both and for the coach alone.
func (f TemplateField) Access(about clients.Slot) clients.Access {
	a := clients.Access{Subject: f.Subject, Visibility: f.Visibility, Sensitivity: f.Sensitivity}
	if f.Subject == attendee {
		a.Subject = clients.SubjectBoth
		if about != "" {
			a.Subject = about.Subject()
		}
	}
	if f.Visibility == attendee {
		a.Visibility = clients.CoachOnly
		if about != "" {
			a.Visibility = about.Own()
		}
	}
	return a
}

// Named puts the partners' names into a label or hint. Without a name the neutral
// letter stands there.
func Named(s, nameA, nameB string, about clients.Slot) string {
	if nameA == "" {
		nameA = "A"
	}
	if nameB == "" {
		nameB = "B"
	}
	who := text.T("templates.this_partner", "this partner")
	switch about {
	case clients.SlotA:
		who = nameA
	case clients.SlotB:
		who = nameB
	}
	return strings.NewReplacer("{A}", nameA, "{B}", nameB, "{attendee}", who).Replace(s)
}

// ForSingle is the template for a single client: without what belongs to a partner B.
func (t Template) ForSingle() Template {
	t.Fields = slices.DeleteFunc(slices.Clone(t.Fields), func(f TemplateField) bool { return f.Subject == clients.SubjectB })
	return t
}

// Field finds a field by its key.
func (t Template) Field(key string) (TemplateField, bool) {
	for _, f := range t.Fields {
		if f.Key == key {
			return f, true
		}
	}
	return TemplateField{}, false
}

var shippedTemplates = sync.OnceValues(func() ([]Template, error) { return ReadTemplates(assets.Content) })

// Templates returns the shipped templates in order of their ids, shared and read only.
// An error means that the program was built with a broken file.
func Templates() ([]Template, error) { return shippedTemplates() }

// TemplateByID returns one shipped template; fault.NotFound when there is none.
func TemplateByID(id string) (Template, error) {
	all, err := Templates()
	if err != nil {
		return Template{}, err
	}
	for _, t := range all {
		if t.ID == id {
			return t, nil
		}
	}
	return Template{}, fault.New(fault.NotFound, text.T("templates.unknown", "There is no such note template."),
		text.T("templates.unknown.hint", "It may come from a later version of Couplet."))
}

// ReadTemplates reads and validates every template below content/templates of fsys. A
// field that a template does not know is refused.
func ReadTemplates(fsys fs.FS) ([]Template, error) {
	names, err := fs.Glob(fsys, "content/templates/*.json")
	if err != nil {
		return nil, err
	}
	var out []Template
	for _, name := range names { // Glob sorts
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		var t Template
		if err := d.Decode(&t); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := t.Validate(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, t)
	}
	return out, nil
}

// Validate says what is wrong with a template: every field has a key of its own, a
// label, a kind and an audience that can be stored, and no field shows one partner's
// data to the other by default.
func (t Template) Validate() error {
	var errs []error
	if t.ID == "" || t.Version < 1 || t.Language == "" || t.Title == "" || len(t.For) == 0 || len(t.Fields) == 0 {
		errs = append(errs, fault.Input("template", text.T("templates.incomplete", "The template is not complete.")))
	}
	keys := map[string]bool{}
	for _, f := range t.Fields {
		if err := f.validate(keys[f.Key]); err != nil {
			errs = append(errs, err)
		}
		keys[f.Key] = true
	}
	return errors.Join(errs...)
}

func (f TemplateField) validate(seen bool) error {
	kinds := []FieldKind{FieldText, FieldChoice, FieldNumber, FieldList}
	if f.Key == "" || seen || f.Label == "" || !slices.Contains(kinds, f.Kind) || (f.Kind == FieldChoice) != (len(f.Choices) > 0) {
		return fault.Input(f.Key, text.T("templates.field", "A field of the template is not complete."))
	}
	if f.Sealed && (f.Visibility != clients.CoachOnly || f.CarryOver) {
		return fault.Input(f.Key, text.T("templates.sealed", "What is sealed to a coach is for that coach alone, in one note."))
	}
	if (f.Visibility == attendee) && f.Subject != attendee {
		return fault.Input(f.Key, text.T("templates.attendee", "Only what is about the partner who came can be theirs."))
	}
	for _, about := range []clients.Slot{"", clients.SlotA, clients.SlotB} {
		a := f.Access(about)
		if err := a.Validate(); err != nil {
			return err
		}
		shown := a.Visibility != clients.CoachOnly
		own := (a.Subject == clients.SubjectA && a.Visibility == clients.PartnerA) || (a.Subject == clients.SubjectB && a.Visibility == clients.PartnerB)
		if shown && !own && (a.Subject != clients.SubjectBoth || a.Visibility != clients.Joint) {
			return fault.Input(f.Key, text.T("templates.audience", "A field must not show one partner's data to the other."))
		}
	}
	return nil
}
