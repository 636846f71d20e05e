package main

import (
	"context"

	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/reports/pdf"
	"github.com/couplet-app/couplet/ui/kit"
)

// rightsWork is what the page of rights lets the casebook do.
type rightsWork struct{ w *workspace }

// Erase applies a plan, and takes what it erased out of the file, the backups and the folder.
func (r rightsWork) Erase(ctx context.Context, p *rights.Plan, report func(part, whole int, what string)) (rights.Erasure, error) {
	return r.erase(ctx, func() (ids.ID, error) { return r.w.stores.rights.Apply(ctx, r.w.stores.audience(kit.LensCoach), p) }, report)
}

// EraseDue is Erase for a record whose time has come.
func (r rightsWork) EraseDue(ctx context.Context, d rights.Due, report func(part, whole int, what string)) (rights.Erasure, error) {
	return r.erase(ctx, func() (ids.ID, error) {
		return r.w.stores.rights.EraseDue(ctx, r.w.stores.audience(kit.LensCoach), d)
	}, report)
}

// erase ends whole once the rows are empty: what a cancelled or failed rest leaves is due in
// the casebook, and goes on by itself.
func (r rightsWork) erase(ctx context.Context, apply func() (ids.ID, error), report func(part, whole int, what string)) (rights.Erasure, error) {
	s := r.w.stores
	report(0, 100, text.T("rights.step_rows", "The records"))
	run, err := apply()
	if err != nil {
		return rights.Erasure{}, err
	}
	report(10, 100, text.T("rights.step_pages", "The file and its backups"))
	if _, err := backup.Scrub(ctx, s.book, func(done, total int64) {
		report(20+int(60*done/max(total, 1)), 100, text.T("rights.step_pages", "The file and its backups"))
	}); err != nil {
		return rights.Erasure{}, err
	}
	folder, err := share.Folder(ctx, s.book)
	if err != nil {
		return rights.Erasure{}, err
	}
	if folder != "" {
		report(80, 100, text.T("rights.step_folder", "The shared folder"))
		if err := r.w.sharing.Look(ctx); err != nil {
			return rights.Erasure{}, err
		}
	}
	return s.rights.Erasure(ctx, s.audience(kit.LensCoach), run)
}

// Subject writes the file of a person as a folder.
func (r rightsWork) Subject(ctx context.Context, person ids.ID, path string) error {
	s := r.w.stores
	aud := s.audience(kit.LensCoach)
	f, err := s.rights.Subject(ctx, aud, person, nil)
	if err != nil {
		return err
	}
	p, err := s.clients.Person(ctx, aud, person)
	if err != nil {
		return err
	}
	f.Name = p.Full()
	workspace, err := s.book.Setting(ctx, "workspace")
	if err != nil {
		return err
	}
	return reports.WriteSubject(ctx, s.book, f, workspace, path, pdf.Render)
}

// Certificate writes the certificate of an erasure.
func (r rightsWork) Certificate(ctx context.Context, e rights.Erasure, path string) error {
	workspace, err := r.w.stores.book.Setting(ctx, "workspace")
	if err != nil {
		return err
	}
	file, _, err := pdf.Render(reports.Certificate(e, workspace, day.Of(r.w.stores.book.Now()), 0))
	if err != nil {
		return err
	}
	return durable.Write(path, file, 0o600)
}
