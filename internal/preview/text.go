package preview

import (
	"errors"
	"fmt"

	"github.com/klippa-app/go-pdfium/requests"
)

// Words is everything in a PDF that can be read: by page, then what its readers do not
// see at once, each with its name ("page 2", "title").
func (r *Renderer) Words(pdf []byte, tell func(place, words string)) (err error) {
	d, err := r.Open(pdf)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.n {
		t, err := d.inst.GetPageText(&requests.GetPageText{Page: requests.Page{ByIndex: &requests.PageByIndex{Document: d.ref, Index: i}}})
		if err != nil {
			return err
		}
		tell(fmt.Sprintf("page %d", i+1), t.Text)
	}
	meta, err := d.inst.GetMetaData(&requests.GetMetaData{Document: d.ref})
	if err != nil {
		return err
	}
	for _, t := range meta.Tags {
		tell(t.Tag, t.Value)
	}
	marks, err := d.inst.GetBookmarks(&requests.GetBookmarks{Document: d.ref})
	if err != nil {
		return err
	}
	for _, b := range marks.Bookmarks {
		tell("bookmark", b.Title)
	}
	files, err := d.inst.GetAttachments(&requests.GetAttachments{Document: d.ref})
	if err != nil {
		return err
	}
	for _, f := range files.Attachments {
		tell("embedded file", f.Name+"\n"+string(f.Content))
	}
	return nil
}
