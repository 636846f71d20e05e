-- +goose Up

-- The ways into the casebook, one a passphrase or recovery key of a coach, byte for byte as they stand in the header (docs/format.md). They
-- travel with the rows; each computer brings its header into line with them. Keys are in no export and no dump, and nothing undoes them.
CREATE TABLE coach_way (id BLOB PRIMARY KEY, coach_id BLOB NOT NULL REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, way BLOB NOT NULL, recipient TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX coach_way_coach ON coach_way (coach_id);
-- Who may no longer open it, and who may again: decisions, of which the most protective among those that none replaces counts.
CREATE TABLE coach_access (id BLOB PRIMARY KEY, coach_id BLOB NOT NULL REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, state TEXT NOT NULL DEFAULT 'closed', replaces BLOB, by_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, at INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX coach_access_coach ON coach_access (coach_id);
CREATE INDEX coach_access_replaces ON coach_access (replaces);
CREATE VIEW coach_closed AS
 SELECT k.id AS coach_id FROM coach k WHERE k.role = 'left'
 UNION SELECT a.coach_id FROM coach_access a WHERE a.deleted = 0 AND a.state <> 'open' AND NOT EXISTS (SELECT 1 FROM coach_access x WHERE x.replaces = a.id);

INSERT INTO schema_rule (num, tbl, merge, audience, search, erase) VALUES
 (33,'coach_way','lww','key','','none'),
 (34,'coach_access','decision','none','','none');

-- A text that only the coach named can read: body is then an age file for that coach (docs/format.md, "What is sealed to one coach").
ALTER TABLE note_field ADD COLUMN sealed_to BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE addendum ADD COLUMN sealed_to BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE draft ADD COLUMN sealed_to BLOB;
CREATE INDEX note_field_sealed ON note_field (note_id) WHERE sealed_to IS NOT NULL;
CREATE INDEX note_field_mine ON note_field (sealed_to) WHERE sealed_to IS NOT NULL;
CREATE INDEX addendum_mine ON addendum (sealed_to) WHERE sealed_to IS NOT NULL;
-- +goose StatementBegin
CREATE TRIGGER guard_sealed_field BEFORE UPDATE OF visibility, sealed_to ON note_field
 WHEN OLD.sealed_to IS NOT NULL AND (NEW.sealed_to IS NOT OLD.sealed_to OR NEW.visibility <> 'coach_only') AND couplet_mode() NOT IN (2, 3)
BEGIN SELECT RAISE(ABORT, 'couplet: sealed to its coach'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guard_sealed_addendum BEFORE UPDATE OF visibility, sealed_to ON addendum
 WHEN OLD.sealed_to IS NOT NULL AND (NEW.sealed_to IS NOT OLD.sealed_to OR NEW.visibility <> 'coach_only') AND couplet_mode() NOT IN (2, 3)
BEGIN SELECT RAISE(ABORT, 'couplet: sealed to its coach'); END;
-- +goose StatementEnd

-- What is sealed is in no index that others open, too.
DROP VIEW search_note_field;
CREATE VIEW search_note_field AS
 SELECT f.id AS row_id, f.key AS field, n.couple_id, n.written_at AS at, r.body, f.subject, f.visibility, f.sensitivity
 FROM note_field f JOIN note n ON n.id = f.note_id JOIN note_rev r ON r.id = f.head WHERE f.deleted = 0 AND f.sealed_to IS NULL AND n.deleted = 0 AND r.deleted = 0;
DROP VIEW search_addendum;
CREATE VIEW search_addendum AS
 SELECT a.id AS row_id, 'addendum' AS field, n.couple_id, a.at, a.body, a.subject, a.visibility, a.sensitivity FROM addendum a JOIN note n ON n.id = a.note_id WHERE a.deleted = 0 AND a.sealed_to IS NULL AND n.deleted = 0;
