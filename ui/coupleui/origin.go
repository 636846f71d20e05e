package coupleui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// readOrigin reads how the record came to be, for the coach.
func (o *overview) readOrigin(ctx context.Context, rec kit.Record, f *overviewFacts) (err error) {
	if f.origin, err = o.rec.deps.Origins.OfCouple(ctx, rec.Audience, rec.Couple); err != nil {
		return err
	}
	var a, b string
	if e := f.origin.Enquiry; e != nil {
		a, b = e.A.Short(), e.B.Short()
	}
	for _, c := range f.origin.Calls {
		said, err := c.Facts(a, b, o.zone())
		if err != nil {
			return err
		}
		f.said = append(f.said, said)
	}
	return nil
}

func (o *overview) zone() *time.Location { return o.rec.deps.Now().Location() }

// originCard is everything that the enquiry and the calls before the record said, so that
// nothing of it is lost from sight.
func (o *overview) originCard() fyne.CanvasObject {
	e := o.facts.origin.Enquiry
	if e == nil {
		return nil
	}
	lines := kit.VBox(6)
	put := func(group []intake.Fact) {
		var f facts
		for _, x := range group {
			f.put(x.Name, x.Value)
		}
		if len(lines.Objects) > 0 {
			lines.Add(kit.Rule())
		}
		for _, x := range f {
			lines.Add(x)
		}
	}
	for _, group := range e.Facts(o.zone()) {
		put(group)
	}
	for _, said := range o.facts.said {
		put(said)
	}
	return kit.TitledCard(text.T("overview.origin", "How it began"), nil, lines)
}

// toPipeline opens the record where its stage is moved.
func (o *overview) toPipeline() {
	to := kit.Route{Page: "pipeline", ID: o.shown.Couple.String(), Tab: "record"}
	if e := o.facts.origin.Enquiry; e != nil {
		to = kit.Route{Page: "pipeline", ID: e.ID.String()}
	}
	o.rec.deps.Nav.Go(to)
}

// awaited is the partner of a single client whom the enquiry names, who may join later.
func (o *overview) awaited() (clients.Person, bool) {
	e := o.facts.origin.Enquiry
	if e == nil || len(o.facts.People) != 1 {
		return clients.Person{}, false
	}
	for _, p := range []clients.Person{e.A, e.B} {
		if !p.IsEmpty() && !p.Same(o.facts.People[0].Name) {
			return p, true
		}
	}
	return clients.Person{}, false
}
