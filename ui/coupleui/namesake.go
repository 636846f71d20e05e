package coupleui

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// namesakes is the warning that somebody of the name is known already, with the choice
// who is meant. It stands in the form and is hidden while there is nobody.
type namesakes struct {
	box     *fyne.Container
	warning *kit.Prose
	who     *kit.Choice[ids.ID]
	of      clients.Name // the name they were looked up for
	grew    func()
}

func newNamesakes() *namesakes {
	n := &namesakes{warning: kit.Wrapped("", kit.ColorCare), grew: func() {}}
	n.who = kit.NewChoice[ids.ID](nil, nil)
	n.box = kit.VBox(4, n.warning, n.who)
	n.box.Hide()
	return n
}

// show says who has the name already.
func (n *namesakes) show(name clients.Name, found []clients.Namesake) {
	if name.Same(n.of) && n.box.Visible() == (len(found) > 0) {
		return // what was chosen stays
	}
	n.of = name
	if len(found) == 0 {
		n.box.Hide()
		n.grew()
		return
	}
	n.warning.SetText(text.T("person.namesake", "There is already somebody of this name. Who is meant?"))
	n.who.SetOptions(namesakeOptions(found))
	n.who.ClearSelected()
	n.box.Show()
	n.grew()
}

// namesakeOptions are the people of that name with the records they are in, and somebody
// new.
func namesakeOptions(found []clients.Namesake) []kit.Option[ids.ID] {
	out := []kit.Option[ids.ID]{{Value: ids.Nil, Label: text.T("person.somebody_new", "Somebody new")}}
	records := map[ids.ID][]string{}
	for _, f := range found {
		records[f.PersonID] = append(records[f.PersonID], recordWords(f))
	}
	seen, used := map[ids.ID]bool{}, map[string]int{}
	for _, f := range found {
		if seen[f.PersonID] {
			continue
		}
		seen[f.PersonID] = true
		label := f.Name.Full() + " · " + strings.Join(records[f.PersonID], ", ")
		if used[label]++; used[label] > 1 { // a choice is known by its words
			label += " (" + strconv.Itoa(used[label]) + ")"
		}
		out = append(out, kit.Option[ids.ID]{Value: f.PersonID, Label: label})
	}
	return out
}

func recordWords(f clients.Namesake) string {
	switch {
	case f.CoupleID.IsZero():
		return text.T("person.no_record", "in no record")
	case f.Kind == clients.KindSingle:
		return text.T("person.in_single", "a single client") + archivedWords(f)
	}
	return text.T("person.in_record", "in %s", f.Title) + archivedWords(f)
}

func archivedWords(f clients.Namesake) string {
	if f.Archived {
		return " (" + text.T("couples.is_archived", "archived") + ")"
	}
	return ""
}

// watch looks for somebody of the same name whenever a name field is left.
func (f *personFields) watch(d Deps, form *kit.Form, except ids.ID) {
	f.same.grew = form.Refresh
	look := func() {
		name := f.name()
		if name.IsEmpty() {
			f.same.show(name, nil)
			return
		}
		var found []clients.Namesake
		d.do(func(ctx context.Context) (err error) {
			found, err = d.Clients.Namesakes(ctx, d.coach(), name, except)
			return err
		}, func() { f.same.show(name, found) })
	}
	f.given.OnLeave, f.family.OnLeave, f.latin.OnLeave = look, look, look
}

// decide is who is meant: somebody known, or nobody when it is somebody new. While that
// is open the fault stands at the question.
func (f *personFields) decide(ctx context.Context, d Deps, except ids.ID) (ids.ID, error) {
	name := f.name()
	if name.IsEmpty() {
		return ids.Nil, nil
	}
	found, err := d.Clients.Namesakes(ctx, d.coach(), name, except)
	if err != nil || len(found) == 0 {
		return ids.Nil, err
	}
	if who, ok := f.same.who.Value(); ok && f.same.of.Same(name) {
		return who, nil
	}
	d.Runner.Post(func() { f.same.show(name, found) })
	return ids.Nil, fault.Input(f.prefix+"same", text.T("person.who", "Choose who is meant."))
}
