-- +goose Up

-- A file that is kept with a couple, or with one row of theirs (its holder). The row says what it is and who may see it; the content lies
-- sealed beside the casebook (internal/attach). content is the SHA-256 of the content in hex, '' once it was erased.
CREATE TABLE attachment (
  id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, holder_tbl TEXT NOT NULL DEFAULT '', holder_id BLOB, name TEXT NOT NULL DEFAULT '', media TEXT NOT NULL DEFAULT '',
  size INTEGER NOT NULL DEFAULT 0, content TEXT NOT NULL DEFAULT '', coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, at INTEGER NOT NULL DEFAULT 0,
  subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'normal', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX attachment_couple ON attachment (couple_id);
CREATE INDEX attachment_holder_row ON attachment (holder_id) WHERE holder_id IS NOT NULL;
CREATE INDEX attachment_content ON attachment (content);
INSERT INTO schema_rule (num, tbl, merge, audience, search, erase) VALUES (40,'attachment','lww','self','','subject');
INSERT INTO schema_rule (num, tbl, col, merge, audience) VALUES (0,'attachment','visibility','decision','self');
-- +goose StatementBegin
CREATE TRIGGER guard_attachment BEFORE UPDATE OF couple_id, holder_tbl, holder_id, media, size, content, coach_id, at, created_at ON attachment WHEN couplet_mode() NOT IN (2, 3)
BEGIN SELECT RAISE(ABORT, 'couplet: this row is never changed'); END;
-- +goose StatementEnd

-- What can hold a file, and whose eyes it is for: a row for each part of it that has an audience. A file is shown to nobody who may not see all parts.
CREATE VIEW attachment_holder AS
 SELECT 'session' AS tbl, id, id AS item_id, couple_id, subject, visibility, sensitivity, deleted, NULL AS sealed_to FROM session
 UNION ALL SELECT 'note', f.note_id, f.id, n.couple_id, f.subject, f.visibility, f.sensitivity, n.deleted, f.sealed_to FROM note_field f JOIN note n ON n.id = f.note_id WHERE f.deleted = 0
 UNION ALL SELECT 'note_field', f.id, f.id, n.couple_id, f.subject, f.visibility, f.sensitivity, max(f.deleted, n.deleted), f.sealed_to FROM note_field f JOIN note n ON n.id = f.note_id
 UNION ALL SELECT 'discovery_call', id, id, couple_id, subject, visibility, sensitivity, deleted, NULL FROM discovery_call
 UNION ALL SELECT 'administration', id, id, couple_id, subject, visibility, sensitivity, deleted, NULL FROM administration
 UNION ALL SELECT 'assignment', id, id, couple_id, subject, visibility, sensitivity, deleted, NULL FROM assignment
 UNION ALL SELECT 'practice_log', id, id, couple_id, subject, visibility, sensitivity, deleted, NULL FROM practice_log
 UNION ALL SELECT 'practice_log', l.id, a.id, l.couple_id, a.subject, a.visibility, a.sensitivity, a.deleted, NULL FROM practice_log l JOIN assignment a ON a.id = l.assignment_id
 UNION ALL SELECT 'conversation', id, id, couple_id, subject, visibility, sensitivity, deleted, NULL FROM conversation
 UNION ALL SELECT 'couple_agreement', id, id, couple_id, subject, visibility, sensitivity, deleted, NULL FROM couple_agreement
 UNION ALL SELECT 'letter', id, id, couple_id, subject, visibility, sensitivity, deleted, NULL FROM letter;

-- This computer's alone: the contents that the shared folder should hold, how each lay there when it was looked at last, and since when it is missed.
CREATE TABLE share_content (name TEXT PRIMARY KEY, size INTEGER NOT NULL DEFAULT 0, mtime INTEGER NOT NULL DEFAULT 0, sound INTEGER NOT NULL DEFAULT 0, since INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
-- The keys under which the folder is sealed since somebody may no longer read it, the newest last (docs/sharing.md, "Epochs"). Never told but sealed to those who may have them.
CREATE TABLE share_epoch (key BLOB PRIMARY KEY, at INTEGER NOT NULL, without TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
