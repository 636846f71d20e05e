package main

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/reports/pdf"
)

// paper prints through the program that shows PDF on this computer.
type paper struct {
	open func(*url.URL) error // hands an address to the system
	mu   sync.Mutex
	dirs []string
}

func newPaper(a fyne.App) *paper { return &paper{open: a.OpenURL} }

// KeyPage is one page; its metadata name neither the casebook nor the key.
func (*paper) KeyPage(casebook, key string) ([]byte, error) {
	title := text.T("paper.title", "Recovery key")
	groups := strings.Split(key, "-")
	blocks := []reports.Block{
		reports.Cover{Title: title, Subtitle: text.T("paper.casebook", "of the casebook %s", reports.Escape(casebook))},
		reports.Spacer{Points: 12},
	}
	for i := 0; i < len(groups); i += 2 {
		blocks = append(blocks, reports.Heading{Level: 3, Text: strings.Join(groups[i:min(i+2, len(groups))], " - ")})
	}
	page, _, err := pdf.Render(reports.Document{
		Title: title, Date: day.Of(time.Now()),
		Blocks: append(blocks, reports.Spacer{Points: 18},
			reports.Paragraph{Text: text.T("paper.use", "If the passphrase is forgotten: open the casebook, choose “Use the recovery key” and type the groups in this order. Capital letters, spaces and dashes do not matter.")},
			reports.Paragraph{Text: text.T("paper.keep", "Whoever has this key and the file can read everything in it. Keep it apart from the computer.")}),
	})
	return page, err
}

// Print hands a copy in a folder of its own, for this user alone, to the system.
func (p *paper) Print(_ context.Context, page []byte) error {
	dir, err := os.MkdirTemp("", "couplet-print-")
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.dirs = append(p.dirs, dir)
	p.mu.Unlock()
	path := filepath.Join(dir, "page.pdf")
	if err := durable.WriteNew(path, page, 0o600); err != nil {
		return err
	}
	if err := p.open(&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}); err != nil {
		p.Forget()
		return fault.Wrap(fault.System, err,
			text.T("paper.no_program", "This computer has no program that opens a PDF."),
			text.T("paper.no_program_hint", "Save the page instead and print it elsewhere, or copy the key by hand."))
	}
	return nil
}

// Forget removes the copies.
func (p *paper) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, dir := range p.dirs {
		os.RemoveAll(dir)
	}
	p.dirs = nil
}
