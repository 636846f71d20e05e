package reportui

import (
	"context"
	"errors"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// letterKey is a reader of a record.
type letterKey struct {
	couple ids.ID
	reader clients.Reader
}

// pen writes one letter, in the order in which it was typed, whatever order the
// background takes it in: an earlier text never lies over a later one.
type pen struct {
	letterKey
	store Store

	turns int    // of the drawing thread alone
	saved string // so is this: what the letter says
	ended bool   // the editor holds it no more
	last  string // what stood there then
	owed  bool   // and could not be kept anywhere
	again func() // ends the waiting for the next try

	mu   sync.Mutex
	done int    // the turn of the text that is safe
	kept string // that text
}

// turn is the place in the order; it is taken where the text is.
func (p *pen) turn() int {
	p.turns++
	return p.turns
}

// keep keeps a text on this computer.
func (p *pen) keep(ctx context.Context, turn int, body string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if turn < p.done {
		return nil
	}
	return p.keepLocked(ctx, turn, body)
}

func (p *pen) keepLocked(ctx context.Context, turn int, body string) error {
	err := p.store.KeepLetter(ctx, p.couple, p.reader, body)
	if err == nil {
		p.done, p.kept = turn, body
	}
	return err
}

// save makes a text the letter. Should that fail, it is kept on this computer.
func (p *pen) save(ctx context.Context, turn int, body string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if turn < p.done {
		return nil
	}
	err := p.store.SaveLetter(ctx, p.couple, p.reader, body)
	if err == nil {
		p.done, p.kept = turn, body
	} else if body != p.kept {
		err = errors.Join(err, p.keepLocked(ctx, turn, body))
	}
	return err
}

// safe says whether a text is kept, on this computer at least.
func (p *pen) safe(body string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kept == body
}

// text is what is to be the letter.
func (t *tab) text(p *pen) string {
	if p.ended {
		return p.last
	}
	return t.letter.Text()
}

func (t *tab) fillLetter(m made) {
	t.letters.Objects = nil
	if t.reader != clients.CoachView {
		t.letters.Objects = []fyne.CanvasObject{kit.NewLine(text.T("reports.letter", "Your letter")), t.letter}
		switch p := t.pen; {
		case p == nil:
			t.openLetter(letterKey{t.rec.Couple, t.reader}, m)
		case t.letter.Text() == p.saved && m.letter != p.saved: // it was changed elsewhere
			p.saved = m.letter
			t.letter.Load(m.letter)
		}
	}
	t.letters.Refresh()
}

// openLetter shows a letter to be written on. What was typed and did not become part of it,
// because the program or the disk gave up, becomes so now.
func (t *tab) openLetter(of letterKey, m made) {
	p := t.held[of]
	if p == nil {
		p = &pen{letterKey: of, store: t.deps.Reports, saved: m.letter, last: m.typed, kept: m.typed}
	}
	p.ended = false
	t.pen = p
	t.letter.Load(p.last)
	if p.last != p.saved {
		t.saveLetter()
	}
}

// closeLetter makes what was typed the letter and takes the editor away, until the next
// reader's stands there: what is typed meanwhile must not reach the wrong one.
func (t *tab) closeLetter() {
	if p := t.pen; p != nil {
		p.last, p.ended = t.letter.Text(), true
		t.letter.Flush() // what it holds is being saved
		t.saveLetter()
	}
	t.pen = nil
	t.letters.Objects = nil
	t.letters.Refresh()
}

// keepLetter keeps the letter on this computer as it is typed; after a while without a key
// it is saved.
func (t *tab) keepLetter(body string, saved func(at time.Time, err error)) {
	p, now := t.pen, t.deps.Now
	if p == nil || p.ended {
		return
	}
	turn := p.turn()
	var err error
	t.deps.Runner.Run(func(ctx context.Context) { err = p.keep(ctx, turn, body) }, func() { saved(now(), err) })
	t.stopIdle()
	t.idle = t.deps.Schedule.After(kit.Rest, t.saveLetter)
}

func (t *tab) stopIdle() {
	if t.idle != nil {
		t.idle()
		t.idle = nil
	}
}

// leftLetter saves the letter and makes the pages anew with it.
func (t *tab) leftLetter() {
	if t.reader != "" {
		t.saveLetter()
	}
}

// saveLetter makes what was typed the letter. Pages that are wanted meanwhile are made with it.
func (t *tab) saveLetter() {
	t.stopIdle()
	p := t.pen
	if p == nil || t.text(p) == p.saved {
		return
	}
	if !p.ended {
		t.await()
	}
	t.try(p, t.deps.Messages.Show)
}

// try saves a letter. What cannot be kept anywhere stays in the window, is tried again,
// and keeps the casebook from closing over it.
func (t *tab) try(p *pen, failed func(error)) {
	turn, body := p.turn(), t.text(p)
	t.writing++
	var err error
	t.deps.Runner.Run(func(ctx context.Context) { err = p.save(ctx, turn, body) }, func() {
		if err == nil {
			p.saved = body
		} else {
			t.wanted = false // the pages would lack it
		}
		t.owe(p, err, failed)
		if t.writing--; t.writing == 0 && t.making {
			t.remake()
		}
	})
}

// owe says what became of a letter that was tried to be saved.
func (t *tab) owe(p *pen, err error, failed func(error)) {
	switch safe := p.safe(t.text(p)); {
	case safe && p.owed:
		p.owed = false
		p.again()
		delete(t.held, p.letterKey)
		t.deps.Owed.Paid()
	case safe:
	case p.owed:
		t.tryLater(p)
		return
	case !p.ended: // the editor is open and tries again by itself
	default:
		sentence, _ := fault.Words(err)
		err = fault.Wrap(fault.KindOf(err), err, sentence, text.T("note.kept", "Your text is kept in the window and saved as soon as that is possible."))
		p.owed = true
		t.held[p.letterKey] = p
		t.deps.Owed.Add()
		t.tryLater(p)
	}
	if err != nil {
		failed(err)
	}
}

func (t *tab) tryLater(p *pen) {
	if p.again != nil {
		p.again()
	}
	p.again = t.deps.Schedule.After(kit.RetryDelay, func() { t.try(p, func(error) {}) })
}
