-- +goose Up

-- What sharing keeps of this computer alone. None of it is shared, exported or dumped.
-- The folder a casebook is shared through: the name of its files there, the number of the own file written last, the own clock up to
-- which the folder was told, and the last row of history that this covers. heal asks for a whole snapshot at the next turn.
CREATE TABLE share_local (one INTEGER PRIMARY KEY CHECK (one = 1), folder TEXT NOT NULL, name TEXT NOT NULL, seq INTEGER NOT NULL DEFAULT 0, told INTEGER NOT NULL DEFAULT 0,
  history_n INTEGER NOT NULL DEFAULT 0, heal INTEGER NOT NULL DEFAULT 0) STRICT;
-- Of every device the stretches of its clock whose changes are all here. They have gaps: file 5 may come before 4.
CREATE TABLE share_seen (dev INTEGER NOT NULL, after INTEGER NOT NULL, upto INTEGER NOT NULL, PRIMARY KEY (dev, after)) STRICT, WITHOUT ROWID;
-- Own rows that are new since the folder was told last; changed columns are the tail of history.
CREATE TABLE share_out (n INTEGER PRIMARY KEY, tbl INTEGER NOT NULL, id BLOB NOT NULL) STRICT;
-- The files of the folder that were read, so that nothing is read twice: what they cover, and what they were.
CREATE TABLE share_file (path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime INTEGER NOT NULL, hash BLOB NOT NULL, claims BLOB NOT NULL, kind TEXT NOT NULL, first_seen INTEGER NOT NULL, trouble TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
CREATE INDEX share_file_hash ON share_file (hash);
-- Rows that stand in for one that has not come yet.
CREATE TABLE share_stub (tbl INTEGER NOT NULL, id BLOB NOT NULL, PRIMARY KEY (tbl, id)) STRICT, WITHOUT ROWID;

-- A value that lost to another one whose author had not seen it. It travels with the rows.
CREATE TABLE lost (tbl INTEGER NOT NULL, id BLOB NOT NULL, col TEXT NOT NULL, value ANY, hlc INTEGER NOT NULL, dev INTEGER NOT NULL, PRIMARY KEY (tbl, id, col, hlc, dev)) STRICT, WITHOUT ROWID;

-- The file on the computer that an own device stands for: a copy of the file is another device.
ALTER TABLE device ADD COLUMN mark BLOB;
-- When a file of the device was read here last; last_seen is the device's own clock in that file.
ALTER TABLE device ADD COLUMN heard INTEGER NOT NULL DEFAULT 0;

-- The revision that a draft goes on from; nothing where there was none. Another one that comes meanwhile is not written over.
ALTER TABLE draft ADD COLUMN follows BLOB;

-- The revisions that a lock closes, in hex. Whatever else was written meanwhile becomes an addendum.
-- The triggers that record changes are made anew after every migration.
DROP TRIGGER IF EXISTS cc_note_lock_u0;
DROP TRIGGER IF EXISTS cc_note_lock_u1;
ALTER TABLE note_lock ADD COLUMN covers TEXT NOT NULL DEFAULT '';
UPDATE note_lock SET covers = (SELECT coalesce(group_concat(hex(h.head), ' '), '') FROM
  (SELECT f.head FROM note_field f WHERE f.note_id = note_lock.note_id AND f.head IS NOT NULL ORDER BY f.position, f.key, f.id) h);

-- A merge (mode 2) may fill rows that came in pieces; what is locked it keeps by its own rules.
DROP TRIGGER guard_addendum;
DROP TRIGGER guard_report_made;
DROP TRIGGER guard_note_field_head;
DROP TRIGGER guard_note_locked;
DROP TRIGGER guard_administration;
-- +goose StatementBegin
CREATE TRIGGER guard_addendum BEFORE UPDATE OF note_id, field_id, body, coach_id, at, subject, sensitivity, created_at ON addendum WHEN couplet_mode() NOT IN (2, 3)
BEGIN SELECT RAISE(ABORT, 'couplet: this row is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guard_report_made BEFORE UPDATE OF couple_id, reader, from_on, to_on, report_on, report_no, sha256, pages, sections, subject, sensitivity, created_at ON report_made WHEN couplet_mode() NOT IN (2, 3)
BEGIN SELECT RAISE(ABORT, 'couplet: this row is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guard_note_field_head BEFORE UPDATE OF head, key, position, note_id ON note_field WHEN EXISTS (SELECT 1 FROM note_lock WHERE note_id = OLD.note_id) AND couplet_mode() NOT IN (2, 3)
BEGIN SELECT RAISE(ABORT, 'couplet: note is locked'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guard_note_locked BEFORE UPDATE OF couple_id, session_id, template, template_version, coach_id, about, written_at, zone ON note WHEN EXISTS (SELECT 1 FROM note_lock WHERE note_id = OLD.id) AND couplet_mode() NOT IN (2, 3)
BEGIN SELECT RAISE(ABORT, 'couplet: note is locked'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guard_administration BEFORE UPDATE OF couple_id, person_id, instrument, version, definition_hash, taken_at, zone, mode, keyed_by, seconds, answers, picks, locked_at, replaces ON administration WHEN OLD.locked_at <> 0 AND couplet_mode() NOT IN (2, 3)
BEGIN SELECT RAISE(ABORT, 'couplet: administration is locked'); END;
-- +goose StatementEnd
