package noteui

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// draft keeps what was typed on this computer; after a while without a key it becomes
// a revision.
func (e *editor) draft(key, body string, saved func(time.Time, error)) {
	if e.ended { // the revision that is being made has this text
		return
	}
	w, turn := e.saver, e.saver.turn()
	var at time.Time
	var err error
	e.tab.deps.Runner.Run(func(ctx context.Context) { at, err = w.draft(ctx, turn, key, body) }, func() { saved(at.Local(), err) })
	e.stopIdle()
	e.forget = e.tab.deps.Schedule.After(kit.Rest, func() {
		if !e.locked { // what is added to a locked note is added once, whole
			e.revise(func() {})
		}
	})
}

func (e *editor) stopIdle() {
	if e.forget != nil {
		e.forget()
		e.forget = nil
	}
}

// texts are what stands in the editors.
func (e *editor) texts() map[string]string {
	out := maps.Clone(e.chosen)
	for _, f := range e.fields {
		out[f.key] = f.edit.Text()
	}
	return out
}

// revise makes the texts part of the record, then does done.
func (e *editor) revise(done func()) { e.try(done, e.tab.deps.Messages.Show) }

func (e *editor) try(done func(), failed func(error)) {
	w, turn, texts := e.saver, e.saver.turn(), e.texts()
	var err error
	e.tab.deps.Runner.Run(func(ctx context.Context) { err = w.revise(ctx, turn, texts) }, func() {
		e.busy = false
		if err != nil {
			failed(err)
		} else {
			done()
		}
		if err == nil || w.safe(texts) {
			e.settle()
		}
	})
}

// leave makes a revision of what stands in an editor that is no longer shown. What cannot
// be saved, neither as a revision nor as a draft, is kept here and tried again.
func (e *editor) leave() {
	e.end()
	e.try(func() {}, func(err error) {
		if e.saver.safe(e.texts()) {
			e.tab.deps.Messages.Show(err)
			return
		}
		sentence, _ := fault.Words(err)
		e.tab.deps.Messages.Show(fault.Wrap(fault.KindOf(err), err, sentence, text.T("note.kept", "Your text is kept in the window and saved as soon as that is possible.")))
		if !e.owed {
			e.owed = true
			e.tab.held = append(e.tab.held, e)
			e.tab.deps.Owed.Add()
			e.tryLater()
		}
	})
}

func (e *editor) tryLater() {
	e.again = e.tab.deps.Schedule.After(kit.RetryDelay, func() { e.try(func() {}, func(error) { e.tryLater() }) })
}

// settle: everything in the editor is safe.
func (e *editor) settle() {
	if e.owed {
		e.owed = false
		e.again()
		e.tab.held = slices.DeleteFunc(e.tab.held, func(x *editor) bool { return x == e })
		e.tab.deps.Owed.Paid()
	}
	if e.ended && e.pen != nil {
		e.pen()
		e.pen = nil
	}
}

// finish makes a revision and goes back to reading; should the revision be refused, the
// note stays open, with everything in it kept as a draft.
func (e *editor) finish() {
	if e.ended || e.busy {
		return
	}
	e.busy = true
	before := e.texts()
	e.revise(func() {
		switch {
		case e.ended:
		case !maps.Equal(before, e.texts()): // something more was typed meanwhile
			e.finish()
		default:
			e.end()
			e.tab.gone()
			e.tab.show(e.w.home())
			if e.locked {
				e.tab.deps.Messages.Toast(text.T("note.added_late", "The note was locked meanwhile. What you wrote was added to it."))
			}
		}
	})
}

// end stops saving: what stands in the editors now is in the revision.
func (e *editor) end() {
	e.stopIdle()
	e.ended = true
	for _, f := range e.fields {
		f.edit.Flush()
	}
}
