package consentui

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// togetherCard is what changes about the two of a record: that they part, who is who, and
// that an entry is somebody who is known already.
func (t *tab) togetherCard() fyne.CanvasObject {
	lines := kit.VBox(8)
	actions := []fyne.CanvasObject{}
	if t.state.Kind == clients.KindCouple {
		if t.state.parted.IsZero() {
			lines.Add(kit.Hint(text.T("separation.none", "When two part, each keeps a file of their own, and nothing opens that was closed.")))
			actions = append(actions, t.act("separate", text.T("separation.separate", "They have parted…"), t.separate))
		} else {
			lines.Add(kit.Paragraph(text.T("separation.line", "They parted on %s. What was joint stays to be read. A joint report needs both to release it anew.", t.state.parted.Words())))
			for _, p := range t.state.Partners {
				lines.Add(t.reportRelease(p))
			}
			for _, p := range t.state.Partners {
				actions = append(actions, t.act("own "+string(p.Slot), text.T("separation.own", "A record of %s alone", p.Short), func() { t.ownRecord(p) }))
			}
			actions = append(actions, t.act("rejoin", text.T("separation.rejoin", "Together again"), t.rejoin))
		}
		actions = append(actions, t.act("partners", text.T("partners.change", "Who is who…"), t.swap))
	}
	actions = append(actions, t.act("merge", text.T("merge.merge", "One person, two entries…"), t.chooseDuplicate))
	return kit.TitledCard(text.T("together.title", "Who they are"), nil, kit.VBox(8, lines, kit.QuietRow(actions...)))
}

// reportRelease says whether a partner has released a joint report after they parted, and
// lets that be given or taken back: it is a release of the record itself.
func (t *tab) reportRelease(p clients.Partner) fyne.CanvasObject {
	for _, r := range t.state.releases {
		if r.Partner == p.Slot && r.ItemID == t.shown.Couple {
			return kit.Paragraph(text.T("separation.released", "%s released a joint report on %s.", p.Short, r.GivenOn.Words()))
		}
	}
	return kit.Beside(kit.Paragraph(text.T("separation.unreleased", "%s has not released a joint report.", p.Short)),
		t.act("release report "+string(p.Slot), text.T("separation.release", "%s releases it…", p.Short), func() { t.give(p.Slot, t.shown.Couple) }))
}

// separate asks for the day and lists what happens.
func (t *tab) separate() {
	d, couple := t.deps, t.shown.Couple
	on := kit.NewDateField(d.Today, nil)
	on.SetValue(d.today())
	form := kit.NewForm(
		kit.Field{Key: "on_day", Label: text.T("separation.on", "Parted on"), Widget: on},
		kit.Field{Key: "what", Label: text.T("separation.what", "What happens"), Widget: kit.Paragraph(text.T("separation.list", "The engagement ends on that day. Every release ends: what one let the other see is closed. Nothing joint is begun or changed any more; what was joint stays to be read. Each can have a record of their own. A joint report needs both to release it anew. Nobody sees more than before."))})
	d.Dialogs.Form(text.T("separation.title", "They have parted"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		day, err := on.FieldValue("on_day")
		if err != nil {
			return err
		}
		return d.Clients.Separate(ctx, couple, day)
	}, nil)
}

func (t *tab) rejoin() {
	d, couple := t.deps, t.shown.Couple
	d.Dialogs.Ask(text.T("separation.rejoin", "Together again"), text.T("separation.rejoin_words", "Nothing opens by this: releases are given anew, and a new engagement begins."), text.T("record.save", "Save"), func() {
		kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Clients.Rejoin(ctx, couple) }, nil)
	})
}

func (t *tab) ownRecord(p clients.Partner) {
	d, couple := t.deps, t.shown.Couple
	var own ids.ID
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) (err error) {
		own, err = d.Clients.OpenOwnRecord(ctx, couple, p.Slot)
		return err
	}, func() { d.Nav.Go(kit.Route{Page: "couples", ID: own.String(), Lens: kit.LensCoach}) })
}

// swap sets the two the other way round, after saying how much closes by it.
func (t *tab) swap() {
	d, couple := t.deps, t.shown.Couple
	a, b := t.state.Partner(clients.SlotA), t.state.Partner(clients.SlotB)
	var n int
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) (err error) {
		n, err = d.Clients.WouldClose(ctx, t.shown.Coach(), couple, b.PersonID, a.PersonID)
		return err
	}, func() {
		words := text.T("partners.swap_words", "For when everything was filed under the wrong name: %s becomes B and %s becomes A. What stands under a letter stays under it.", a.Short, b.Short) + " " +
			text.N("partners.closes", n, "1 thing that one of them could read becomes yours alone, and all releases end; open again what belongs open.", "%d things that one of them could read become yours alone, and all releases end; open again what belongs open.")
		d.Dialogs.Ask(text.T("partners.title", "Who is who"), words, text.T("partners.swap", "The other way round"), func() {
			undo := func(ctx context.Context) error { return d.Clients.ChangePartners(ctx, couple, a.PersonID, b.PersonID) }
			kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Clients.ChangePartners(ctx, couple, b.PersonID, a.PersonID) }, func() {
				d.Messages.Undo(text.T("partners.swapped", "They are the other way round. What was closed stays closed."), func() { kit.Do(d.Runner, d.Messages, undo, nil) })
			})
		})
	})
}

// chooseDuplicate asks which other entry one of the two is.
func (t *tab) chooseDuplicate() {
	d := t.deps
	var here []kit.Option[ids.ID]
	for _, p := range t.state.Partners {
		here = append(here, kit.Option[ids.ID]{Value: p.PersonID, Label: p.Full})
	}
	who, other, name := kit.NewChoice(here, nil), kit.NewChoice[ids.ID](nil, nil), kit.NewEntry(text.T("merge.letters", "letters of the name"))
	who.SetValue(here[0].Value)
	var found []clients.Namesake
	name.OnChanged = func(letters string) {
		kit.Do(d.Runner, d.Messages, func(ctx context.Context) (err error) {
			found, err = d.Clients.People(ctx, t.shown.Coach(), letters, 20)
			return err
		}, func() {
			var options []kit.Option[ids.ID]
			seen := map[ids.ID]bool{}
			for _, n := range found {
				if self, _ := who.Value(); n.PersonID == self || seen[n.PersonID] {
					continue
				}
				seen[n.PersonID] = true
				label := n.Name.Full()
				if n.Title != "" {
					label += " · " + n.Title
				}
				options = append(options, kit.Option[ids.ID]{Value: n.PersonID, Label: label})
			}
			other.SetOptions(options)
		})
	}
	form := kit.NewForm(
		kit.Field{Key: "from", Label: text.T("merge.this", "This one"), Widget: who},
		kit.Field{Key: "name", Label: text.T("merge.find", "is the same as"), Widget: name},
		kit.Field{Key: "into", Widget: other})
	var j clients.Joining
	d.Dialogs.Form(text.T("merge.title", "One person, two entries"), text.T("merge.look", "Look first"), form, func(ctx context.Context) (err error) {
		into, _ := who.Value()
		from, _ := other.Value()
		j, err = d.Clients.Joined(ctx, t.shown.Coach(), from, into)
		if err == nil {
			err = j.Refused
		}
		return err
	}, func() { t.merge(j) })
}

// merge shows what one person of two entries would be, and makes it.
func (t *tab) merge(j clients.Joining) {
	d := t.deps
	lines := kit.VBox(8, kit.Paragraph(text.T("merge.stays", "%s stays, and is then in these records too:", j.Into.Full())))
	for _, m := range j.Moves {
		lines.Add(kit.Paragraph("– " + m.Title))
	}
	lines.Add(kit.Fact(150, text.T("person.email", "E-mail"), j.Result.Email))
	lines.Add(kit.Fact(150, text.T("person.phone", "Phone"), j.Result.Phone))
	lines.Add(kit.Fact(150, text.T("person.safe", "Safe contact"), j.Result.Safe.Words()))
	lines.Add(kit.Hint(text.T("merge.narrow", "The records stay apart, and nobody sees more than before. Of how to be reached, the more careful counts.")))
	d.Dialogs.Open(kit.Dialog{Title: text.T("merge.title", "One person, two entries"), Content: d.Dialogs.Scrolled(lines), OK: text.T("merge.ok", "Make one of them"), OnOK: func(h *kit.Handle) {
		h.Close()
		from, into := j.From.ID, j.Into.ID
		kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Clients.MergePersons(ctx, from, into) }, func() {
			d.Messages.Undo(text.T("merge.done", "The two entries are one person."), func() {
				kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Clients.UnmergePersons(ctx, from, into) }, nil)
			})
		})
	}})
}
