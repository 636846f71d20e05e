package clients

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strings"

	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Attach keeps what content gives as a file. Nothing is kept of a file that is too large,
// or that would be shown to more readers than its holder.
func (s *Store) Attach(ctx context.Context, n NewAttachment, content io.Reader) (ids.ID, error) {
	name, err := fileName(n.Name)
	if err != nil {
		return ids.Nil, err
	}
	kind, access, err := s.holder(ctx, s.cb.Reader(), n)
	if err != nil {
		return ids.Nil, err
	}
	head := make([]byte, 512) // as much as a media type needs
	k, err := io.ReadFull(content, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return ids.Nil, err
	}
	media, _, _ := strings.Cut(http.DetectContentType(head[:k]), ";")
	digest, size, err := attach.Of(s.cb).Add(ctx, io.MultiReader(bytes.NewReader(head[:k]), content))
	if err != nil {
		return ids.Nil, err
	}
	id := ids.New()
	return id, s.cb.Write(ctx, "file.attach", func(tx *casebook.Tx) error {
		// The holder may have been narrowed while the file was read.
		if kind, access, err = s.holder(ctx, tx, n); err != nil {
			return err
		}
		var holder any
		if !n.Holder.IsZero() {
			holder = n.Holder
		}
		_, err := tx.Exec(`INSERT INTO attachment (id, couple_id, holder_tbl, holder_id, name, media, size, content, coach_id, at, subject, visibility, sensitivity, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			id, n.CoupleID, kind, holder, name, media, size, digest, tx.Coach, tx.Now.UnixMilli(), access.Subject, access.Visibility, access.Sensitivity, tx.Now.UnixMilli())
		return err
	})
}

// holder finds what a file is kept with, and who may see it there.
func (s *Store) holder(ctx context.Context, q casebook.Querier, n NewAttachment) (kind string, x Access, err error) {
	var there bool
	if err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM couple WHERE id = ? AND deleted = 0)`, n.CoupleID).Scan(&there); err != nil {
		return "", x, err
	}
	if !there {
		return "", x, NotFound()
	}
	x = n.Access
	if n.Holder.IsZero() {
		if x == (Access{}) {
			x = Access{SubjectBoth, CoachOnly, Normal}
		}
		return "", x, x.Validate()
	}
	type part struct {
		tbl    string
		access Access
		sealed bool
	}
	parts, err := casebook.Collect(ctx, q, func(r *sql.Rows, p *part) error {
		return r.Scan(&p.tbl, &p.access.Subject, &p.access.Visibility, &p.access.Sensitivity, &p.sealed)
	}, `SELECT tbl, subject, visibility, sensitivity, sealed_to IS NOT NULL FROM attachment_holder WHERE id = ? AND couple_id = ? AND deleted = 0`, n.Holder, n.CoupleID)
	if err != nil {
		return "", x, err
	}
	if len(parts) == 0 {
		return "", x, NotFound()
	}
	var of []Access
	for _, p := range parts {
		if p.sealed {
			return "", x, fault.New(fault.Refused, text.T("clients.file_sealed", "A reflection keeps no files: they would not be sealed to you alone."),
				text.T("clients.file_sealed_hint", "Keep the file with the record. Nothing was changed."))
		}
		of = append(of, p.access)
	}
	most := within(of)
	if x == (Access{}) {
		return parts[0].tbl, most, nil
	}
	if err := x.Validate(); err != nil {
		return "", x, err
	}
	if x.and(most).Visibility != x.Visibility {
		return "", x, fault.New(fault.Refused, text.T("clients.file_wider", "A file is shown to nobody who may not see what it is kept with."),
			text.T("clients.file_wider_hint", "Choose fewer readers, or keep it with the record. Nothing was changed."))
	}
	return parts[0].tbl, x.and(most), nil
}

const attachmentColumns = `SELECT x.id, x.couple_id, x.holder_tbl, x.holder_id, x.name, x.media, x.size, x.content, x.at, x.subject, x.visibility, x.sensitivity FROM attachment x `

// Attachments are the files that the reader may see, of one couple, or with the zero id of
// all; the newest first.
func (s *Store) Attachments(ctx context.Context, aud Audience, couple ids.ID) ([]Attachment, error) {
	where, args := `WHERE x.deleted = 0 AND x.content <> '' AND `+aud.attachmentGate("x"), []any{}
	if !couple.IsZero() {
		where, args = where+` AND x.couple_id = ?`, append(args, couple)
	}
	files := attach.Of(s.cb)
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, a *Attachment) error {
		_, err := scanAttachment(r, files, a)
		return err
	}, attachmentColumns+where+` ORDER BY x.at DESC, x.id DESC`, args...)
}

func scanAttachment(r interface{ Scan(...any) error }, files attach.Store, a *Attachment) (file string, err error) {
	var at int64
	var digest string
	if err := r.Scan(&a.ID, &a.CoupleID, &a.Kind, &a.Holder, &a.Name, &a.Media, &a.Size, &digest, &at, &a.Subject, &a.Visibility, &a.Sensitivity); err != nil {
		return "", err
	}
	a.At = AtMillis(at)
	if file, err = files.Name(digest); err != nil {
		return "", err
	}
	a.Here = files.Has(file)
	return file, nil
}

// Attachment gives one file that the reader may see to open: what it is, and a function
// that writes its content. What is written is the whole content only if that returns nil.
func (s *Store) Attachment(ctx context.Context, aud Audience, id ids.ID) (a Attachment, content func(io.Writer) error, err error) {
	files := attach.Of(s.cb)
	file, err := scanAttachment(s.cb.Reader().QueryRowContext(ctx, attachmentColumns+`WHERE x.id = ? AND x.deleted = 0 AND x.content <> '' AND `+aud.attachmentGate("x"), id), files, &a)
	if err != nil {
		return a, nil, found(err)
	}
	return a, func(w io.Writer) error {
		err := files.Read(ctx, file, w)
		switch {
		case err == nil:
		case errors.Is(err, fs.ErrNotExist):
			return fault.Wrap(fault.NotFound, err, text.T("clients.file_away", "The content of this file has not come to this computer yet."),
				text.T("clients.file_away_hint", "It comes through the shared folder by itself, or out of a backup. Nothing was changed."))
		case attach.IsBroken(err):
			return fault.Wrap(fault.Damaged, err, text.T("clients.file_damaged", "The content of this file is damaged."),
				text.T("clients.file_damaged_hint", "It is in the backups and, if the casebook is shared, on the other computers. The damaged file was not changed."))
		}
		return err
	}, nil
}
