// Package pdf draws a reports.Document as a PDF: embedded subset fonts, vector
// charts, bookmarks, page numbers. The same document gives the same bytes. It is
// the only package that knows gofpdf.
package pdf

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/jung-kurt/gofpdf"

	"github.com/couplet-app/couplet/internal/glyph"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/reports"
)

// Render draws the pages. subs lists every text that could not be drawn as it
// stands and what is drawn instead; it is for the person who exports, before the
// file leaves. An error means that there is no file; a document without a date is
// refused, because its bytes would follow the clock.
func Render(doc reports.Document) (pdf []byte, subs []reports.Substitution, err error) {
	if doc.Date.Time().IsZero() {
		return nil, nil, errors.New("pdf: the document has no date")
	}
	defer func() {
		if r := recover(); r != nil {
			pdf, subs, err = nil, nil, fmt.Errorf("pdf: the pages could not be drawn: %v", r)
		}
	}()
	clean := &glyph.Cleaner{Latin: doc.LatinForms}
	w, h := doc.Size.Points()
	f := flow{clean: clean, width: doc.Size.Column(), room: h - bodyTop - bodyEnd, level: -1}
	for _, b := range doc.Blocks {
		f.block(b)
	}
	pp := newPaper(doc, clean, w, h)
	pp.pages(layOut(f.pieces, f.room), running(doc, clean))
	if err := pp.Error(); err != nil {
		return nil, nil, fmt.Errorf("pdf: %w", err)
	}
	var out bytes.Buffer
	if err := pp.Output(&out); err != nil {
		return nil, nil, fmt.Errorf("pdf: %w", err)
	}
	if out.Len() == 0 {
		return nil, nil, errors.New("pdf: the pages came out empty")
	}
	return out.Bytes(), clean.Substitutions(), nil
}

func newPaper(doc reports.Document, clean *glyph.Cleaner, w, h float64) *paper {
	pp := &paper{
		Fpdf: gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "pt", Size: gofpdf.SizeType{Wd: w, Ht: h}}),
		w:    w, h: h, faces: map[*glyph.Face]string{},
	}
	pp.SetAutoPageBreak(false, 0)
	pp.SetMargins(0, 0, 0)
	pp.SetCatalogSort(true)
	pp.SetCreationDate(doc.Date.Time())
	pp.SetModificationDate(doc.Date.Time())
	pp.SetProducer("Couplet", true)
	pp.SetCreator("Couplet", true)
	pp.SetTitle(oneLine(clean.Clean(reports.Place(reports.AtTitle, 0), doc.Title)), true)
	pp.SetSubject(oneLine(clean.Clean(reports.Place(reports.AtSubtitle, 0), doc.Subtitle)), true)
	pp.SetAuthor(oneLine(clean.Clean(reports.Place(reports.AtFooter, 0), doc.Author)), true)
	return pp
}

// head and foot of every page.
type runningTexts struct {
	head, author string
	foot         string
	tone         ink
}

func running(doc reports.Document, clean *glyph.Cleaner) runningTexts {
	foot := oneLine(clean.Clean(reports.Place(reports.AtFooter, 0), doc.Reader))
	if id := oneLine(clean.Clean(reports.Place(reports.AtFooter, 0), doc.ID)); id != "" {
		if foot != "" {
			foot += "  ·  "
		}
		foot += id
	}
	return runningTexts{
		head: oneLine(clean.Clean(reports.Place(reports.AtTitle, 0), doc.Title)), author: oneLine(clean.Clean(reports.Place(reports.AtFooter, 0), doc.Author)),
		foot: foot, tone: footInk.toned(p.Tone(doc.Tone)),
	}
}

func (pp *paper) pages(pages [][]placed, r runningTexts) {
	for i, page := range pages {
		pp.AddPage()
		pp.frame(r, i+1, len(pages))
		for _, pl := range page {
			y := bodyTop + pl.y
			if pl.draw != nil {
				pl.draw(pp, reports.Margin, y)
			}
			if pl.mark != "" {
				pp.use(glyph.Sans(plainStyle), body)
				pp.Bookmark(pl.mark, pl.level, y)
			}
		}
	}
}

// frame draws the running head (from page 2) and the footer.
func (pp *paper) frame(r runningTexts, n, of int) {
	left, right := float64(reports.Margin), pp.w-reports.Margin
	half := (right - left) / 2
	if n > 1 {
		pp.short(r.head, left, headTop, half, footInk, false)
		pp.short(r.author, right, headTop, half-12, footInk, true)
		pp.rule(left, right, headTop+8, 0.5, p.Line)
	}
	y := pp.h - footLine
	pp.short(r.foot, left, y, half*1.4, r.tone, false)
	pp.short(text.T("pdf.page", "Page %d of %d", n, of), right, y, half*0.6, footInk, true)
}

// short draws one line, shortened to its room.
func (pp *paper) short(s string, x, y, room float64, k ink, end bool) {
	if s == "" {
		return
	}
	l := fill(s, k, room, false)[0]
	if end {
		x -= l.width
	}
	pp.line(l, x, y, l.width, k)
}
