-- +goose Up

-- Who is what here: decisions. The most protective of those that none replaces counts (assistant, supervisor, coach, owner); coach.role is
-- what somebody began as.
CREATE TABLE coach_role (id BLOB PRIMARY KEY, coach_id BLOB NOT NULL REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, role TEXT NOT NULL DEFAULT 'assistant', replaces BLOB, by_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, at INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX coach_role_coach ON coach_role (coach_id);
CREATE INDEX coach_role_replaces ON coach_role (replaces);
-- A colleague who may see a record besides its coaches, from a day to a day ('' for no end): kind is hand_over or supervision. For a
-- supervisor, veiled replaces the clients' names, and safety makes them the named one. Decisions: what is taken back is replaced.
CREATE TABLE record_access (id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, coach_id BLOB NOT NULL REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, kind TEXT NOT NULL DEFAULT 'hand_over', from_on TEXT NOT NULL DEFAULT '', until_on TEXT NOT NULL DEFAULT '',
  veiled INTEGER NOT NULL DEFAULT 1, safety INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'withdrawn', replaces BLOB, by_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, at INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX record_access_couple ON record_access (couple_id);
CREATE INDEX record_access_coach ON record_access (coach_id);
CREATE INDEX record_access_replaces ON record_access (replaces);
-- Somebody opened another's record, and why. It opens until they lock, on their computer alone; the row is its trace.
CREATE TABLE glass (id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, coach_id BLOB NOT NULL REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, reason TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX glass_couple ON glass (couple_id);
CREATE INDEX glass_at ON glass (at);
CREATE INDEX engagement_coach_c ON engagement_coach (coach_id);

-- What a practice was logged is asked with the record that it is of.
DROP INDEX practice_log_assignment;
CREATE INDEX practice_log_assignment ON practice_log (assignment_id, deleted, used_on, couple_id);

CREATE VIEW coach_now AS
 SELECT k.id AS coach_id, CASE WHEN k.id IN (SELECT coach_id FROM coach_closed) THEN 'left' ELSE coalesce((SELECT r.role FROM coach_role r WHERE r.coach_id = k.id AND r.deleted = 0 AND NOT EXISTS (SELECT 1 FROM coach_role x WHERE x.replaces = r.id)
  ORDER BY CASE r.role WHEN 'owner' THEN 3 WHEN 'coach' THEN 2 WHEN 'supervisor' THEN 1 ELSE 0 END, r.id LIMIT 1), k.role) END AS role FROM coach k WHERE k.deleted = 0;
CREATE VIEW record_access_given AS
 SELECT a.id, a.couple_id, a.coach_id, a.kind, a.from_on, a.until_on, a.veiled, a.safety, a.by_id, a.at FROM record_access a
 WHERE a.deleted = 0 AND a.state = 'given' AND NOT EXISTS (SELECT 1 FROM record_access x WHERE x.replaces = a.id);

INSERT INTO schema_rule (num, tbl, merge, audience, search, erase) VALUES
 (45,'coach_role','decision','none','','none'),
 (46,'record_access','decision','none','','couple'),
 (47,'glass','append','coach','','couple');
