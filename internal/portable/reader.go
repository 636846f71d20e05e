package portable

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// maxItem is the longest stretch of a file, in bytes, that is held at once: one row
// with all its texts. An export has none that comes near it.
const maxItem = 32 << 20

// refusal is what is wrong with a file, at the place where the reader stands.
type refusal struct {
	item string
	err  error
}

func (r *refusal) Error() string { return r.err.Error() }

func refuse(item string, err error) error { return &refusal{item: item, err: err} }

// within names the item in which something was refused.
func within(item string, err error) error {
	var r *refusal
	if errors.As(err, &r) && r.item == "" {
		return &refusal{item: item, err: r.err}
	}
	return err
}

// explain makes the refusal a sentence with line and item.
func (r *refusal) explain(file io.ReadSeeker, in *reader) error {
	line, err := lineAt(file, in.dec.InputOffset())
	if err != nil {
		return err
	}
	place := text.T("import.line", "line %d", line)
	if r.item != "" {
		place += ", " + r.item
	}
	e := fault.Wrap(fault.BadInput, r.err, text.T("import.refused", "The file cannot be imported: see %s.", place), text.T("import.nothing", "Nothing was imported."))
	e.Field = place
	return e
}

// lineAt is the line in which a byte of the file stands.
func lineAt(file io.ReadSeeker, offset int64) (int, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	r := bufio.NewReaderSize(io.LimitReader(file, offset), 1<<16)
	line := 1
	for {
		part, err := r.ReadSlice('\n')
		line += bytes.Count(part, []byte{'\n'})
		switch {
		case err == io.EOF:
			return line, nil
		case err != nil && err != bufio.ErrBufferFull:
			return 0, err
		}
	}
}

// reader walks a JSON document without ever holding more than one item of it.
type reader struct {
	dec *json.Decoder
	in  *budget
}

func newReader(r io.Reader) *reader {
	in := &budget{r: r}
	d := json.NewDecoder(in)
	d.DisallowUnknownFields()
	return &reader{dec: d, in: in}
}

var errTooLong = errors.New("longer than any item of an export")

// budget is a reader that gives out only so much between two items.
type budget struct {
	r    io.Reader
	left int
}

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// broken tells a fault of the file from one of the disk.
func broken(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF):
		return refuse("", errors.New("the file ends too soon"))
	case errors.As(err, &kind):
		return refuse("", fmt.Errorf("a %s where a %s should be", kind.Value, kind.Type.Kind()))
	case errors.As(err, &syntax), errors.Is(err, errTooLong):
		return refuse("", err)
	case fault.Is(err, fault.System):
		return err
	}
	return refuse("", err)
}

func (r *reader) token() (json.Token, error) {
	r.in.left = maxItem
	t, err := r.dec.Token()
	if err != nil {
		return nil, broken(err)
	}
	return t, nil
}

func (r *reader) delim(want json.Delim) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	if t != want {
		return refuse("", fmt.Errorf("a %c should stand here", want))
	}
	return nil
}

// object reads an object; each is called with every key and reads its value.
func (r *reader) object(each func(key string) error) error {
	if err := r.delim('{'); err != nil {
		return err
	}
	for {
		t, err := r.token()
		if err != nil {
			return err
		}
		if t == json.Delim('}') {
			return nil
		}
		if err := each(t.(string)); err != nil { // the decoder gives nothing else here
			return err
		}
	}
}

// list reads a list; each is called with the number of every item, from 1, and reads it.
func (r *reader) list(each func(n int) error) error {
	if err := r.delim('['); err != nil {
		return err
	}
	for n := 1; ; n++ {
		r.in.left = maxItem
		if !r.dec.More() {
			return r.delim(']')
		}
		if err := each(n); err != nil {
			return err
		}
	}
}

// value reads one value into v. Fields that v does not have are refused.
func (r *reader) value(v any) error {
	r.in.left = maxItem
	if err := r.dec.Decode(v); err != nil {
		return broken(err)
	}
	return nil
}

// end sees that nothing follows.
func (r *reader) end() error {
	r.in.left = maxItem
	if _, err := r.dec.Token(); err != io.EOF {
		return refuse("", errors.New("something follows the end of the export"))
	}
	return nil
}
