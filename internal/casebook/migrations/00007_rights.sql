-- +goose Up

-- What a client asked for, until it is done; the steps taken, which are only ever added.
CREATE TABLE subject_request (id BLOB PRIMARY KEY, person_id BLOB NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, kind TEXT NOT NULL DEFAULT 'access', received_on TEXT NOT NULL DEFAULT '', due_on TEXT NOT NULL DEFAULT '', extended TEXT NOT NULL DEFAULT '',
  identity TEXT NOT NULL DEFAULT '', identity_on TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT 'open', done_on TEXT NOT NULL DEFAULT '', outcome TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX subject_request_person ON subject_request (person_id);
CREATE INDEX subject_request_open ON subject_request (due_on) WHERE state = 'open' AND deleted = 0;
CREATE TABLE request_step (id BLOB PRIMARY KEY, request_id BLOB NOT NULL REFERENCES subject_request (id) DEFERRABLE INITIALLY DEFERRED, step TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, at INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX request_step_request ON request_step (request_id);

-- What must not be erased, with the reason, the ground and the day to look at it again: a person, a record, or single items, which an
-- erasure then left. Decisions; one that holds wins over one that does not.
CREATE TABLE hold (id BLOB PRIMARY KEY, person_id BLOB REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, couple_id BLOB REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, item_tbl TEXT NOT NULL DEFAULT '', item_id BLOB, state TEXT NOT NULL DEFAULT 'on', reason TEXT NOT NULL DEFAULT '', ground TEXT NOT NULL DEFAULT '', review_on TEXT NOT NULL DEFAULT '',
  replaces BLOB, coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, at INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX hold_item ON hold (item_id);
CREATE INDEX hold_person ON hold (person_id);
CREATE INDEX hold_couple ON hold (couple_id);
CREATE INDEX hold_replaces ON hold (replaces);

-- Nothing new is done with what is kept of a person while this stands. Decisions; one that restricts wins.
CREATE TABLE restriction (id BLOB PRIMARY KEY, person_id BLOB NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, state TEXT NOT NULL DEFAULT 'on', reason TEXT NOT NULL DEFAULT '', replaces BLOB, coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, at INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX restriction_person ON restriction (person_id);
CREATE INDEX restriction_replaces ON restriction (replaces);

-- What was erased: a whole row (cols is ''), or columns of it; 'details:a' is one part of a JSON document. A row with cols 'partner:A a_id b_id'
-- says of a record that all that is partner A's in it is erased, also what comes later from a computer that did not know. All rows of one
-- erasure carry its id in run_id; the row of that id says how much it was, and never of whom.
ALTER TABLE erasure ADD COLUMN cols TEXT NOT NULL DEFAULT '';
ALTER TABLE erasure ADD COLUMN run_id BLOB;
ALTER TABLE erasure ADD COLUMN counts TEXT NOT NULL DEFAULT '';
CREATE INDEX erasure_run ON erasure (run_id);
-- What a text reads since the part of one person was taken out of it.
CREATE TABLE redaction (id BLOB PRIMARY KEY, run_id BLOB NOT NULL, item_tbl TEXT NOT NULL DEFAULT '', item_id BLOB NOT NULL, col TEXT NOT NULL DEFAULT '', body TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX redaction_item ON redaction (item_id);
-- What the program cannot reach, and the coach did by hand after an erasure.
CREATE TABLE erasure_task (id BLOB PRIMARY KEY, run_id BLOB NOT NULL, task TEXT NOT NULL DEFAULT '', done_on TEXT NOT NULL DEFAULT '', coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX erasure_task_run ON erasure_task (run_id);
-- What was decided about records whose time had come: how many, never whose.
CREATE TABLE retention_log (id BLOB PRIMARY KEY, rule TEXT NOT NULL DEFAULT '', decision TEXT NOT NULL DEFAULT '', records INTEGER NOT NULL DEFAULT 0, coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, at INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;

-- What is still to be done on this computer after something was erased: 'pages' of the file, 'backups', and the files of a shared folder that
-- brought it ('file <path>'). It is this computer's alone.
CREATE TABLE erase_due (what TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;

INSERT INTO schema_rule (num, tbl, merge, audience, search, erase) VALUES
 (50,'subject_request','lww','coach','','person'),
 (51,'request_step','append','coach','','person'),
 (52,'hold','decision','coach','','none'),
 (53,'redaction','append','coach','','none'),
 (54,'restriction','decision','coach','','none'),
 (55,'erasure_task','lww','none','','none'),
 (56,'retention_log','append','none','','none');

-- For whom nothing new is done, as long as one decision says so that nothing replaces.
CREATE VIEW restricted AS
 SELECT r.person_id, max(r.reason) AS reason FROM restriction r WHERE r.deleted = 0 AND r.state <> 'off' AND NOT EXISTS (SELECT 1 FROM restriction x WHERE x.replaces = r.id) GROUP BY r.person_id;
-- +goose StatementBegin
CREATE TRIGGER guard_restricted_quiz BEFORE INSERT ON administration WHEN couplet_mode() NOT IN (2, 3) AND EXISTS (SELECT 1 FROM restricted WHERE person_id = NEW.person_id)
BEGIN SELECT RAISE(ABORT, 'couplet: restricted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guard_restricted_log BEFORE INSERT ON practice_log WHEN couplet_mode() NOT IN (2, 3) AND EXISTS (SELECT 1 FROM restricted r CROSS JOIN couple c ON c.id = NEW.couple_id AND r.person_id = iif(NEW.partner = 'B', c.b_id, c.a_id))
BEGIN SELECT RAISE(ABORT, 'couplet: restricted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guard_restricted_answer BEFORE INSERT ON conversation_answer WHEN couplet_mode() NOT IN (2, 3) AND NEW.partner IN ('A', 'B') AND EXISTS (SELECT 1 FROM restricted r CROSS JOIN couple c ON c.id = NEW.couple_id AND r.person_id = iif(NEW.partner = 'B', c.b_id, c.a_id))
BEGIN SELECT RAISE(ABORT, 'couplet: restricted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guard_restricted_practice BEFORE INSERT ON assignment WHEN couplet_mode() NOT IN (2, 3) AND EXISTS (SELECT 1 FROM restricted r CROSS JOIN couple c ON c.id = NEW.couple_id AND ((r.person_id = c.a_id AND NEW.target <> 'B') OR (r.person_id = c.b_id AND NEW.target <> 'A')))
BEGIN SELECT RAISE(ABORT, 'couplet: restricted'); END;
-- +goose StatementEnd
-- What somebody released is not shown while nothing may be done with it.
DROP VIEW released;
CREATE VIEW released AS
 SELECT r.item_id, r.partner, r.scope, r.given_on, r.expires_on FROM release r
 WHERE r.deleted = 0 AND r.state = 'given' AND NOT EXISTS (SELECT 1 FROM release w WHERE w.replaces = r.id)
  AND NOT EXISTS (SELECT 1 FROM release w WHERE w.item_id = r.item_id AND w.partner = r.partner AND w.state = 'withdrawn' AND NOT EXISTS (SELECT 1 FROM release x WHERE x.replaces = w.id))
  AND NOT EXISTS (SELECT 1 FROM couple c JOIN restriction f ON f.person_id = iif(r.partner = 'B', c.b_id, c.a_id) WHERE c.id = r.couple_id AND f.deleted = 0 AND f.state <> 'off' AND NOT EXISTS (SELECT 1 FROM restriction x WHERE x.replaces = f.id));
