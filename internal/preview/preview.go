// Package preview turns the pages of a finished PDF into pictures, so that what a
// person looks at before saving is the file itself. PDFium runs inside the program as
// WebAssembly; nothing is installed, no file is written but the compiled module in the
// cache folder, and the document never leaves memory.
package preview

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// patience is how long to wait for the one worker.
const patience = 30 * time.Second

// Renderer holds PDFium. It starts at the first Open and takes its memory with it when
// closed. The zero value is ready.
type Renderer struct {
	mu   sync.Mutex
	pool pdfium.Pool
}

// Document is an open PDF.
type Document struct {
	mu   sync.Mutex
	inst pdfium.Pdfium
	ref  references.FPDF_DOCUMENT
	n    int
}

// Open reads a PDF that lies in memory. The first call starts PDFium, which takes some
// seconds once on a computer and a quarter of a second from then on.
func (r *Renderer) Open(pdf []byte) (*Document, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pool == nil {
		pool, err := start()
		if err != nil {
			return nil, err
		}
		r.pool = pool
	}
	inst, err := r.pool.GetInstance(patience)
	if err != nil {
		return nil, err
	}
	d := &Document{inst: inst}
	open, err := inst.OpenDocument(&requests.OpenDocument{File: &pdf})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the document: %w", err), inst.Close())
	}
	d.ref = open.Document
	count, err := inst.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: d.ref})
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	d.n = count.PageCount
	return d, nil
}

// Draw opens a PDF, draws page i (from 0) so many pixels wide, and closes it again; it
// also tells how many pages there are. Nothing stays open between two calls.
func (r *Renderer) Draw(pdf []byte, i, width int) (img image.Image, pages int, err error) {
	d, err := r.Open(pdf)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	img, err = d.Page(i, width)
	return img, d.Pages(), err
}

// Close ends PDFium and frees its memory; Open starts it again.
func (r *Renderer) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pool == nil {
		return nil
	}
	err := r.pool.Close()
	r.pool = nil
	return err
}

func start() (pdfium.Pool, error) {
	conf := wazero.NewRuntimeConfig().WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling)
	if dir, err := os.UserCacheDir(); err == nil {
		cache, err := wazero.NewCompilationCacheWithDir(filepath.Join(dir, "couplet", "preview"))
		if err == nil { // without a cache it only starts more slowly
			conf = conf.WithCompilationCache(cache)
		}
	}
	return webassembly.Init(webassembly.Config{
		Context: context.Background(), MinIdle: 0, MaxIdle: 1, MaxTotal: 2, RuntimeConfig: conf,
		FSConfig: wazero.NewFSConfig(), // it sees no file of the computer
		Stdout:   io.Discard, Stderr: io.Discard,
	})
}

// Pages is the number of pages.
func (d *Document) Pages() int { return d.n }

// Page draws page i (from 0) so many pixels wide.
func (d *Document) Page(i, width int) (image.Image, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inst == nil {
		return nil, errors.New("the document is closed")
	}
	got, err := d.inst.RenderPageInPixels(&requests.RenderPageInPixels{
		Page: requests.Page{ByIndex: &requests.PageByIndex{Document: d.ref, Index: i}}, Width: width,
	})
	if err != nil {
		return nil, err
	}
	defer got.Cleanup()
	// The pixels belong to PDFium until Cleanup: keep a copy.
	out := image.NewRGBA(got.Result.RenderedImage.Bounds())
	draw.Draw(out, out.Bounds(), got.Result.RenderedImage, out.Bounds().Min, draw.Src)
	return out, nil
}

// Close frees the document.
func (d *Document) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inst == nil {
		return nil
	}
	_, err := d.inst.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: d.ref})
	err = errors.Join(err, d.inst.Close())
	d.inst = nil
	return err
}
