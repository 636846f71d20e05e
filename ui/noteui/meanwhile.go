package noteui

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// look asks what came from other computers while the note is open. What stands in the
// editor is never written over: a banner offers the other version.
func (e *editor) look() {
	if e.looking || e.ended {
		return
	}
	e.looking = true
	w, aud := e.saver, e.tab.rec.Coach()
	var came []sessions.Incoming
	var locked bool
	var err error
	e.tab.deps.Runner.Run(func(ctx context.Context) { came, locked, err = w.meanwhile(ctx, aud) }, func() {
		if e.looking = false; err == nil && !e.ended { // what cannot be read now is looked for at the next change
			e.tell(came, locked)
		}
	})
}

// tell shows the banners.
func (e *editor) tell(came []sessions.Incoming, locked bool) {
	e.locked = locked
	set := func(place *fyne.Container, o fyne.CanvasObject) {
		if len(place.Objects) == 0 && o == nil {
			return
		}
		place.Objects = nil
		if o != nil {
			place.Objects = []fyne.CanvasObject{o}
		}
		place.Refresh()
		e.page.Refresh()
	}
	var note fyne.CanvasObject
	if locked {
		note = kit.Banner(text.T("note.locked_meanwhile", "This note was locked on another computer meanwhile. What you change is added to it when you are done."))
	}
	set(e.above, note)
	byKey := map[string]sessions.Incoming{}
	for _, x := range came {
		byKey[x.Key] = x
	}
	for key, place := range e.banners {
		x, ok := byKey[key]
		if !ok {
			set(place, nil)
			continue
		}
		set(place, e.bannerOf(x))
	}
}

// bannerOf offers a version that came: to be shown where nothing was changed here, else
// to be set beside what was.
func (e *editor) bannerOf(x sessions.Incoming) fyne.CanvasObject {
	who, at := author(x.Version), x.At.Local().Format("15:04")
	if e.texts()[x.Key] == x.Saved && (x.Continues || x.Saved == "") {
		return kit.Banner(text.T("note.came", "%s wrote here meanwhile, at %s. You changed nothing in it.", who, at), kit.Quiet(text.T("note.show_came", "Show the new text"), func() { e.takeOver(x) }))
	}
	return kit.Banner(text.T("note.came_beside", "%s wrote here, too, at %s. What you type stays.", who, at), kit.Quiet(text.T("note.look_at_both", "Look at both…"), func() { e.compare(x) }))
}

// takeOver shows a version in a field in which nothing was changed.
func (e *editor) takeOver(x sessions.Incoming) {
	if e.texts()[x.Key] != x.Saved { // something was typed since the banner came
		e.look()
		return
	}
	e.saver.goOn(x.Key, x.ID, x.Body)
	e.setText(x.Key, x.Body)
	e.look()
}

// setText puts a text that is saved into a field.
func (e *editor) setText(key, body string) {
	if c, ok := e.choices[key]; ok {
		e.chosen[key] = body
		c.SetValue(body)
		return
	}
	for i := range e.fields {
		if f := &e.fields[i]; f.key == key {
			f.edit.Load(body)
		}
	}
}

// compare makes a revision of what was written and sets it beside the other version.
func (e *editor) compare(x sessions.Incoming) {
	t, n := e.tab, e.w.note
	back := func() {
		t.face()
		e.look()
	}
	e.revise(func() {
		t.compare(compared{note: n.ID, template: n.Template.ID, about: n.About, field: x.Field, left: back, joined: func() { e.reread(x.Key, back) }}, ids.Nil)
	})
}

// reread goes on with the text that two versions became.
func (e *editor) reread(key string, done func()) {
	w, s, aud, note := e.saver, e.tab.deps.Sessions, e.tab.rec.Coach(), e.w.note.ID
	var f sessions.Field
	kit.Do(e.tab.deps.Runner, e.tab.deps.Messages, func(ctx context.Context) error {
		n, err := s.Edit(ctx, aud, note)
		if err == nil {
			f, _ = n.Field(key)
			w.goOn(key, f.Follows, f.Saved)
		}
		return err
	}, func() {
		e.setText(key, f.Saved)
		done()
	})
}
