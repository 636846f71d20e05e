-- +goose Up

-- What was done that somebody may have to answer for: who looked at what concerns safety, who let something out, who changed who may see.
-- Ids and codes, never contents: names are looked up when it is read. Nothing in it is ever changed. person_id is the one whose data it is,
-- nothing where it is both partners'.
CREATE TABLE trace (
  id BLOB PRIMARY KEY, kind TEXT NOT NULL DEFAULT '', couple_id BLOB REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, person_id BLOB REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, tbl TEXT NOT NULL DEFAULT '', item_id BLOB,
  was TEXT NOT NULL DEFAULT '', became TEXT NOT NULL DEFAULT '', coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, at INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX trace_at ON trace (at);
CREATE INDEX trace_couple ON trace (couple_id);
CREATE INDEX trace_person ON trace (person_id);
CREATE INDEX trace_item ON trace (item_id);

-- The copies that left the casebook readable for everybody: reports, lists, what was printed or copied. item_id is what it was made of.
-- Only the day on which the copy was deleted is ever set.
CREATE TABLE export_made (
  id BLOB PRIMARY KEY, kind TEXT NOT NULL DEFAULT '', reader TEXT NOT NULL DEFAULT '', couple_id BLOB REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, person_id BLOB REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, item_id BLOB,
  code TEXT NOT NULL DEFAULT '', sha256 TEXT NOT NULL DEFAULT '', name TEXT NOT NULL DEFAULT '', coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, at INTEGER NOT NULL DEFAULT 0, deleted_on TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX export_made_at ON export_made (at);
CREATE INDEX export_made_couple ON export_made (couple_id);
CREATE INDEX export_made_item ON export_made (item_id);
-- +goose StatementBegin
CREATE TRIGGER guard_export_made BEFORE UPDATE OF kind, reader, couple_id, person_id, item_id, code, sha256, name, coach_id, at, created_at ON export_made WHEN couplet_mode() NOT IN (2, 3)
BEGIN SELECT RAISE(ABORT, 'couplet: this row is never changed'); END;
-- +goose StatementEnd

-- Copies of the whole casebook are of this casebook: a copy does not tell of itself, so that two of them are alike.
CREATE VIEW kept_here AS
 SELECT id FROM export_made WHERE kind = 'casebook' UNION ALL SELECT t.id FROM trace t JOIN export_made x ON x.id = t.item_id WHERE t.tbl = 'export_made' AND x.kind = 'casebook';

INSERT INTO schema_rule (num, tbl, merge, audience, search, erase) VALUES
 (35,'trace','append','coach','','none'),
 (36,'export_made','lww','coach','','subject');

-- What a report was made from: the releases that opened something to its reader, in hex, and the questionnaires with their versions.
-- The triggers that record changes are made anew after every migration.
DROP TRIGGER IF EXISTS cc_report_made_u0;
DROP TRIGGER IF EXISTS cc_report_made_u1;
ALTER TABLE report_made ADD COLUMN releases TEXT NOT NULL DEFAULT '';
ALTER TABLE report_made ADD COLUMN instruments TEXT NOT NULL DEFAULT '';
DROP TRIGGER guard_report_made;
-- +goose StatementBegin
CREATE TRIGGER guard_report_made BEFORE UPDATE OF couple_id, reader, from_on, to_on, report_on, report_no, sha256, pages, sections, releases, instruments, subject, sensitivity, created_at ON report_made WHEN couplet_mode() NOT IN (2, 3)
BEGIN SELECT RAISE(ABORT, 'couplet: this row is never changed'); END;
-- +goose StatementEnd
-- A report that showed what was released and is not any more: since which day.
CREATE VIEW superseded AS
 SELECT m.id AS report_id, min(w.given_on) AS since FROM report_made m JOIN release u ON u.couple_id = m.couple_id AND instr(m.releases, lower(hex(u.id)))
 JOIN release w ON w.item_id = u.item_id AND w.partner = u.partner AND w.state = 'withdrawn' AND w.created_at >= m.created_at AND w.deleted = 0 WHERE m.releases <> '' GROUP BY m.id;
