package reportui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// letterKey is a reader of a record.
type letterKey struct {
	couple ids.ID
	reader clients.Reader
}

func (t *tab) fillLetter(m made) {
	t.letters.Objects = nil
	if t.reader != clients.CoachView {
		t.letters.Objects = []fyne.CanvasObject{kit.NewLine(text.T("reports.letter", "Your letter")), t.letter}
		if of := (letterKey{t.rec.Couple, t.reader}); t.letterOf != of {
			t.letterOf = of
			t.letter.Load(m.letter)
		}
	}
	t.letters.Refresh()
}

// closeLetter hands over what was typed and takes the letter away, until the next
// reader's stands there: what is typed meanwhile must not reach the wrong one.
func (t *tab) closeLetter() {
	t.letter.Flush()
	t.letterOf = letterKey{}
	t.letters.Objects = nil
	t.letters.Refresh()
}

// keepLetter saves the letter as it is typed, to the reader whose letter it is.
func (t *tab) keepLetter(body string, saved func(at time.Time, err error)) {
	s, of, now := t.deps.Reports, t.letterOf, t.deps.Now
	if of.reader == "" {
		return
	}
	t.changed = true
	t.writing++
	var err error
	t.deps.Runner.Run(func(ctx context.Context) { err = s.SaveLetter(ctx, of.couple, of.reader, body) }, func() {
		saved(now(), err)
		if t.writing--; t.writing == 0 && t.making && t.changed {
			t.remake()
		}
	})
}

// leftLetter makes the pages anew with what was typed, once that is kept.
func (t *tab) leftLetter() {
	if !t.changed || t.reader == "" {
		return
	}
	t.await()
	if t.writing == 0 {
		t.remake()
	}
}
