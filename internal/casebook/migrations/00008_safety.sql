-- +goose Up

-- The texts that clients sign, one row a version and language; a change is a new version. What ships stands in the program.
CREATE TABLE consent_text (id BLOB PRIMARY KEY, purpose TEXT NOT NULL DEFAULT '', version TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '', title TEXT NOT NULL DEFAULT '', body TEXT NOT NULL DEFAULT '', coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX consent_text_purpose ON consent_text (purpose);
-- What was signed for one engagement alone (the policy on secrets), and what becomes of the data after a withdrawal.
ALTER TABLE signature ADD COLUMN engagement_id BLOB REFERENCES engagement (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE signature ADD COLUMN decision TEXT NOT NULL DEFAULT '';
CREATE INDEX signature_replaces ON signature (replaces);

-- What happens with what one partner told alone, under a policy without secrets. It never changes who may see it.
CREATE TABLE disclosure_plan (id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, note_id BLOB NOT NULL REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED, state TEXT NOT NULL DEFAULT '', by_on TEXT NOT NULL DEFAULT '', coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, replaces BLOB, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX disclosure_plan_couple ON disclosure_plan (couple_id);
CREATE INDEX disclosure_plan_note ON disclosure_plan (note_id);
CREATE INDEX disclosure_plan_replaces ON disclosure_plan (replaces);

-- What was said to each topic of the interview guide, by topic.
ALTER TABLE safety_screen ADD COLUMN answers TEXT NOT NULL DEFAULT '{}';
CREATE INDEX safety_screen_replaces ON safety_screen (replaces);
-- Which of the person's addresses others read too, blank between.
ALTER TABLE person ADD COLUMN safe_shared TEXT NOT NULL DEFAULT '';

-- Whether coaching is the right help, looked at now and then.
CREATE TABLE scope_check (id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, checked_on TEXT NOT NULL DEFAULT '', signs TEXT NOT NULL DEFAULT '[]', outcome TEXT NOT NULL DEFAULT '', body TEXT NOT NULL DEFAULT '', sessions INTEGER NOT NULL DEFAULT 0, coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED,
  subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'safety', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX scope_check_couple ON scope_check (couple_id);
-- To whom clients can be sent.
CREATE TABLE referral_contact (id BLOB PRIMARY KEY, name TEXT NOT NULL DEFAULT '', kind TEXT NOT NULL DEFAULT '', region TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '', web TEXT NOT NULL DEFAULT '', hours TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', verified_on TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE referral (id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, person_id BLOB REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, contact_id BLOB REFERENCES referral_contact (id) DEFERRABLE INITIALLY DEFERRED, to_whom TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', referred_on TEXT NOT NULL DEFAULT '', outcome TEXT NOT NULL DEFAULT 'open', outcome_on TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'safety', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX referral_couple ON referral (couple_id);
CREATE INDEX referral_to ON referral (contact_id);
-- What was done after a stop, supervision among it.
CREATE TABLE safety_step (id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, step TEXT NOT NULL DEFAULT '', done_on TEXT NOT NULL DEFAULT '', who TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'safety', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX safety_step_couple ON safety_step (couple_id);

-- That two parted, and that they are together again: of those that nothing replaces, parted counts.
CREATE TABLE separation (id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, state TEXT NOT NULL DEFAULT 'parted', on_day TEXT NOT NULL DEFAULT '', coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, replaces BLOB, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX separation_couple ON separation (couple_id);
CREATE INDEX separation_replaces ON separation (replaces);
CREATE VIEW parted AS
 SELECT s.couple_id, max(s.on_day) AS on_day FROM separation s WHERE s.deleted = 0 AND s.state <> 'together' AND NOT EXISTS (SELECT 1 FROM separation x WHERE x.replaces = s.id) GROUP BY s.couple_id;

-- That two entries are one person, or are not after all.
CREATE TABLE person_merge (id BLOB PRIMARY KEY, from_id BLOB NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, into_id BLOB NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, state TEXT NOT NULL DEFAULT 'one', coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, replaces BLOB, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX person_merge_from ON person_merge (from_id);
CREATE INDEX person_merge_into ON person_merge (into_id);

INSERT INTO schema_rule (num, tbl, merge, audience, search, erase) VALUES
 (57,'consent_text','append','none','','none'),
 (58,'disclosure_plan','decision','coach','','couple'),
 (59,'scope_check','append','self','','couple'),
 (60,'referral_contact','lww','none','','none'),
 (61,'referral','lww','self','','subject'),
 (62,'safety_step','lww','self','','couple'),
 (63,'separation','decision','coach','','couple'),
 (64,'person_merge','decision','coach','','person');
INSERT INTO schema_rule (num, tbl, col, merge, audience) VALUES (0,'person','safe_shared','lww','coach');

-- Answers stay as they were given; whose they are may be put right where two entries turn out to be one person.
DROP TRIGGER guard_administration;
-- +goose StatementBegin
CREATE TRIGGER guard_administration BEFORE UPDATE OF couple_id, instrument, version, definition_hash, taken_at, zone, mode, keyed_by, seconds, answers, picks, locked_at, replaces ON administration WHEN OLD.locked_at <> 0 AND couplet_mode() NOT IN (2, 3)
BEGIN SELECT RAISE(ABORT, 'couplet: administration is locked'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guard_administration_person BEFORE UPDATE OF person_id ON administration WHEN OLD.locked_at <> 0 AND couplet_mode() NOT IN (2, 3) AND OLD.person_id IS NOT NEW.person_id
 AND NOT EXISTS (SELECT 1 FROM person_merge m WHERE (m.from_id = OLD.person_id AND m.into_id = NEW.person_id) OR (m.from_id = NEW.person_id AND m.into_id = OLD.person_id))
BEGIN SELECT RAISE(ABORT, 'couplet: administration is locked'); END;
-- +goose StatementEnd
