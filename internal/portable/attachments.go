package portable

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/text"
)

// partSize is how much of a content stands in one element of the list: a reader holds no
// more of it at once.
const partSize = 3 << 20

// part is one element: so much of a content, by the SHA-256 that its rows name. The parts of
// one content stand together, numbered from 1. One that has not come to the exporting
// computer has no bytes and the number 0.
type part struct {
	Base64 string `json:"base64"`
	Part   int    `json:"part"`
	SHA256 string `json:"sha256"`
}

// attachments writes the contents of files kept with the rows, each once, by SHA-256.
func (x *exporter) attachments() error {
	digests, err := casebook.Collect(x.ctx, x.q, casebook.Value[string], `SELECT DISTINCT content FROM attachment WHERE content <> '' ORDER BY content`)
	if err != nil {
		return err
	}
	first := true
	for _, d := range digests {
		w := &parts{x: x, first: &first, digest: d}
		name, err := x.files.Name(d)
		if err == nil {
			err = x.files.Read(x.ctx, name, w)
		}
		switch {
		case errors.Is(err, fs.ErrNotExist) && w.n == 0:
			w.element()
		case err != nil:
			return fmt.Errorf("content %s: %w", clip([]byte(d)), err)
		default:
			w.n++
			w.element()
		}
	}
	return nil
}

// parts writes a content part by part.
type parts struct {
	x      *exporter
	first  *bool
	digest string
	n      int
	buf    []byte
}

func (w *parts) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		if len(w.buf) == partSize {
			w.n++
			w.element()
		}
		k := min(len(rest), partSize-len(w.buf))
		w.buf, rest = append(w.buf, rest[:k]...), rest[k:]
	}
	return len(p), nil
}

func (w *parts) element() {
	b := append(w.x.line[:0], `{"base64":"`...)
	b = base64.StdEncoding.AppendEncode(b, w.buf)
	w.x.line = append(appendString(fmt.Appendf(b, `","part":%d,"sha256":`, w.n), w.digest), '}')
	w.x.element(w.first)
	w.buf = w.buf[:0]
}

// attachments reads what exporter.attachments wrote. A content counts only once all of it is
// there; its rows come later in the file.
func (m *importer) attachments() error {
	var in *incoming
	err := m.in.list(func(n int) error {
		item := text.T("import.attachment", "attachment %d", n)
		var p part
		if err := m.in.value(&p); err != nil {
			return within(item, err)
		}
		raw, err := base64.StdEncoding.Strict().DecodeString(p.Base64)
		if sum, bad := hex.DecodeString(p.SHA256); err != nil || bad != nil || len(sum) != 32 || p.Part == 0 && len(raw) > 0 {
			return refuse(item, errors.New("this is no part of a content"))
		}
		if in != nil && (p.SHA256 != in.digest || p.Part != in.n+1) {
			was := in
			in = nil
			if err := was.end(); err != nil {
				return within(item, err)
			}
		}
		switch {
		case p.Part == 0:
			return nil
		case in == nil && p.Part != 1:
			return refuse(item, errors.New("the parts of a content do not follow each other"))
		case in == nil:
			in = m.begin(p.SHA256)
		}
		return within(item, in.more(raw))
	})
	if in == nil {
		return err
	}
	if end := in.end(); err == nil {
		err = end
	}
	return err
}

// incoming is a content of which some came.
type incoming struct {
	digest string
	n      int
	to     *io.PipeWriter
	done   chan result
}

type result struct {
	digest string
	err    error
}

func (m *importer) begin(digest string) *incoming {
	from, to := io.Pipe()
	in := &incoming{digest: digest, to: to, done: make(chan result, 1)}
	go func() {
		is, _, err := m.files.Add(context.WithoutCancel(m.to.Context()), from)
		from.CloseWithError(errors.Join(err, io.ErrClosedPipe))
		in.done <- result{is, err}
	}()
	return in
}

func (in *incoming) more(raw []byte) error {
	in.n++
	_, err := in.to.Write(raw)
	return err
}

// end sees that what came is what it was said to be.
func (in *incoming) end() error {
	in.to.Close()
	r := <-in.done
	if r.err != nil {
		return r.err
	}
	if r.digest != in.digest {
		return refuse("", errors.New("a content is not the one that it is said to be"))
	}
	return nil
}
