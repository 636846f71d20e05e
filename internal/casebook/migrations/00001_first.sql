-- +goose Up

-- What a table means to the rest of the program. A table without a row here
-- (col '*') does not pass the tests.
--   merge       lww | append | decision | revisions | local
--   audience    self (own subject, visibility, sensitivity) | names | coach | none
--               | <table>.<column> (that of the row it points to)
--   search      SQL that selects (as kind and id) the search documents which a change of NEW touches, or '';
--               a document is looked up in the view of its kind, search_<kind>
--   erase       whose erasure empties it: subject | person | couple | none
CREATE TABLE schema_rule (
  tbl TEXT NOT NULL, col TEXT NOT NULL DEFAULT '*', merge TEXT NOT NULL, audience TEXT NOT NULL,
  search TEXT NOT NULL DEFAULT '', erase TEXT NOT NULL DEFAULT 'none',
  num INTEGER NOT NULL, PRIMARY KEY (tbl, col)
) STRICT;

-- The stamp of the transaction under way is the connection's (vault/stamp.c): couplet_mode(), couplet_hlc(), couplet_dev(). Mode 0 closed,
-- 1 stamped, 2 rows that bring their own clocks (import, merge), 3 erasure. What was brought from elsewhere is no later than this.
CREATE TABLE brought (one INTEGER PRIMARY KEY CHECK (one = 1), hlc INTEGER NOT NULL) STRICT;
CREATE TABLE device (n INTEGER PRIMARY KEY, uuid BLOB NOT NULL, name TEXT NOT NULL DEFAULT '', own INTEGER NOT NULL DEFAULT 0, last_seen INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE row_clock (tbl INTEGER NOT NULL, id BLOB NOT NULL, hlc INTEGER NOT NULL, dev INTEGER NOT NULL, PRIMARY KEY (id, tbl)) STRICT, WITHOUT ROWID;
CREATE TABLE col_clock (tbl INTEGER NOT NULL, id BLOB NOT NULL, col TEXT NOT NULL, hlc INTEGER NOT NULL, dev INTEGER NOT NULL, PRIMARY KEY (tbl, id, col)) STRICT, WITHOUT ROWID;
CREATE TABLE history (n INTEGER PRIMARY KEY, tbl INTEGER NOT NULL, id BLOB NOT NULL, col TEXT NOT NULL, old ANY, hlc INTEGER NOT NULL, dev INTEGER NOT NULL) STRICT;
CREATE INDEX history_row ON history (tbl, id);
CREATE TABLE action (hlc INTEGER NOT NULL, dev INTEGER NOT NULL, coach_id BLOB, name TEXT NOT NULL, PRIMARY KEY (hlc, dev)) STRICT, WITHOUT ROWID;
CREATE TABLE draft (note_id BLOB NOT NULL, field_id BLOB NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (note_id, field_id)) STRICT;

CREATE TABLE search_doc (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, row_id BLOB NOT NULL, field TEXT NOT NULL, couple_id BLOB, at INTEGER NOT NULL,
  subject TEXT NOT NULL, visibility TEXT NOT NULL, sensitivity TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE INDEX search_doc_row ON search_doc (kind, row_id);
CREATE INDEX search_doc_couple ON search_doc (couple_id);
-- What somebody besides the coach may see: little of the whole, and all that their gate asks for.
CREATE INDEX search_doc_open ON search_doc (n, row_id, subject, visibility, sensitivity) WHERE visibility <> 'coach_only';
CREATE VIRTUAL TABLE search_fts USING fts5 (body, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2");

CREATE TABLE setting (id BLOB PRIMARY KEY, name TEXT NOT NULL DEFAULT '', value TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE coach (id BLOB PRIMARY KEY, name TEXT NOT NULL DEFAULT '', role TEXT NOT NULL DEFAULT 'coach', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE person (
  id BLOB PRIMARY KEY, given_name TEXT NOT NULL DEFAULT '', family_name TEXT NOT NULL DEFAULT '', name_order TEXT NOT NULL DEFAULT 'given_first',
  latin_name TEXT NOT NULL DEFAULT '', say_name TEXT NOT NULL DEFAULT '', pronouns TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '', zone TEXT NOT NULL DEFAULT '',
  birth_year INTEGER, email TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '',
  safe_channel TEXT NOT NULL DEFAULT '', safe_when TEXT NOT NULL DEFAULT '', safe_message TEXT NOT NULL DEFAULT '', safe_note TEXT NOT NULL DEFAULT '',
  archived INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX person_name ON person (given_name COLLATE NOCASE, family_name COLLATE NOCASE);

CREATE TABLE couple (
  id BLOB PRIMARY KEY, kind TEXT NOT NULL DEFAULT 'couple', a_id BLOB REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, b_id BLOB REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, status TEXT NOT NULL DEFAULT '', together_since TEXT NOT NULL DEFAULT '',
  stage TEXT NOT NULL DEFAULT '', stage_at INTEGER NOT NULL DEFAULT 0, archived INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX couple_a ON couple (a_id);
CREATE INDEX couple_b ON couple (b_id);
CREATE INDEX couple_stage ON couple (stage);
CREATE TABLE couple_tag (id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, tag TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX couple_tag_couple ON couple_tag (couple_id);

CREATE TABLE engagement (
  id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, intent TEXT NOT NULL DEFAULT '', secrets_policy TEXT NOT NULL DEFAULT 'no_secrets', programme TEXT NOT NULL DEFAULT '',
  started_on TEXT NOT NULL DEFAULT '', ended_on TEXT NOT NULL DEFAULT '', paused INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX engagement_couple ON engagement (couple_id);
CREATE TABLE engagement_coach (id BLOB PRIMARY KEY, engagement_id BLOB NOT NULL REFERENCES engagement (id) DEFERRABLE INITIALLY DEFERRED, coach_id BLOB NOT NULL REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX engagement_coach_e ON engagement_coach (engagement_id);

CREATE TABLE enquiry (
  id BLOB PRIMARY KEY, received_at INTEGER NOT NULL DEFAULT 0, source TEXT NOT NULL DEFAULT '', kind TEXT NOT NULL DEFAULT 'couple', booked_by TEXT NOT NULL DEFAULT 'a',
  a_given TEXT NOT NULL DEFAULT '', a_family TEXT NOT NULL DEFAULT '', b_given TEXT NOT NULL DEFAULT '', b_family TEXT NOT NULL DEFAULT '',
  details TEXT NOT NULL DEFAULT '{}', message TEXT NOT NULL DEFAULT '', intent TEXT NOT NULL DEFAULT '', coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, call_at INTEGER NOT NULL DEFAULT 0,
  next_step TEXT NOT NULL DEFAULT '', next_on TEXT NOT NULL DEFAULT '', stage TEXT NOT NULL DEFAULT 'enquiry', stage_at INTEGER NOT NULL DEFAULT 0, couple_id BLOB REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED,
  archived INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX enquiry_stage ON enquiry (stage);
CREATE INDEX enquiry_couple ON enquiry (couple_id);
CREATE TABLE discovery_call (
  id BLOB PRIMARY KEY, enquiry_id BLOB NOT NULL REFERENCES enquiry (id) DEFERRABLE INITIALLY DEFERRED, couple_id BLOB REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, held_at INTEGER NOT NULL DEFAULT 0, minutes INTEGER NOT NULL DEFAULT 0, sheet TEXT NOT NULL DEFAULT '{}',
  decision TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'normal',
  created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX discovery_call_enquiry ON discovery_call (enquiry_id);
CREATE INDEX discovery_call_couple ON discovery_call (couple_id);
CREATE TABLE stage_change (id BLOB PRIMARY KEY, enquiry_id BLOB REFERENCES enquiry (id) DEFERRABLE INITIALLY DEFERRED, couple_id BLOB REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, stage TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL DEFAULT 0, coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, reason TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX stage_change_enquiry ON stage_change (enquiry_id);
CREATE INDEX stage_change_couple ON stage_change (couple_id);

-- Decisions: never changed; a new one names what it replaces.
CREATE TABLE signature (
  id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, person_id BLOB NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, purpose TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT 'given', text_version TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '',
  signed_on TEXT NOT NULL DEFAULT '', way TEXT NOT NULL DEFAULT '', replaces BLOB, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX signature_couple ON signature (couple_id);
CREATE TABLE release (
  id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, partner TEXT NOT NULL, item_id BLOB NOT NULL, scope TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT 'given',
  given_on TEXT NOT NULL DEFAULT '', expires_on TEXT NOT NULL DEFAULT '', way TEXT NOT NULL DEFAULT '', replaces BLOB, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX release_item ON release (item_id);
CREATE INDEX release_couple ON release (couple_id);
CREATE INDEX release_replaces ON release (replaces);
CREATE TABLE safety_screen (
  id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, person_id BLOB NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, outcome TEXT NOT NULL DEFAULT '', held_on TEXT NOT NULL DEFAULT '', body TEXT NOT NULL DEFAULT '', supervisor TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
  replaces BLOB, subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'safety', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX safety_screen_couple ON safety_screen (couple_id);
CREATE TABLE joint_override (id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, reason TEXT NOT NULL DEFAULT '', until TEXT NOT NULL DEFAULT '', coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX joint_override_couple ON joint_override (couple_id);
CREATE TABLE visibility_change (id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, tbl TEXT NOT NULL, item_id BLOB NOT NULL, was TEXT NOT NULL DEFAULT '', visibility TEXT NOT NULL, replaces BLOB, coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, at INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX visibility_change_item ON visibility_change (item_id);

CREATE TABLE session (
  id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, kind TEXT NOT NULL DEFAULT 'joint', starts_at INTEGER NOT NULL DEFAULT 0, zone TEXT NOT NULL DEFAULT '', minutes INTEGER NOT NULL DEFAULT 60, mode TEXT NOT NULL DEFAULT '', place TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'held', subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'normal', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX session_couple ON session (couple_id, starts_at, state, deleted, zone);
CREATE INDEX session_starts ON session (starts_at);
CREATE TABLE attendance (id BLOB PRIMARY KEY, session_id BLOB NOT NULL REFERENCES session (id) DEFERRABLE INITIALLY DEFERRED, person_id BLOB REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, state TEXT NOT NULL DEFAULT 'present', mode TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE INDEX attendance_session ON attendance (session_id);

CREATE TABLE note (
  id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, session_id BLOB REFERENCES session (id) DEFERRABLE INITIALLY DEFERRED, template TEXT NOT NULL DEFAULT '', template_version INTEGER NOT NULL DEFAULT 1, coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, about TEXT NOT NULL DEFAULT 'both', written_at INTEGER NOT NULL DEFAULT 0,
  zone TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX note_couple ON note (couple_id, written_at, deleted);
CREATE INDEX note_session ON note (session_id);
CREATE INDEX note_written ON note (written_at);
CREATE TABLE note_field (
  id BLOB PRIMARY KEY, note_id BLOB NOT NULL REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED, key TEXT NOT NULL DEFAULT '', position INTEGER NOT NULL DEFAULT 0, head BLOB REFERENCES note_rev (id) DEFERRABLE INITIALLY DEFERRED, subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'normal',
  created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX note_field_note ON note_field (note_id);
-- A new text is looked for among all fields that could wait for it: without this index every save reads them all.
CREATE INDEX note_field_head ON note_field (head);
CREATE TABLE note_rev (id BLOB PRIMARY KEY, note_id BLOB NOT NULL REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED, field_id BLOB NOT NULL REFERENCES note_field (id) DEFERRABLE INITIALLY DEFERRED, parents TEXT NOT NULL DEFAULT '', body TEXT NOT NULL DEFAULT '', coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, at INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX note_rev_field ON note_rev (field_id);
CREATE TABLE addendum (id BLOB PRIMARY KEY, note_id BLOB NOT NULL REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED, field_id BLOB REFERENCES note_field (id) DEFERRABLE INITIALLY DEFERRED, body TEXT NOT NULL DEFAULT '', coach_id BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, at INTEGER NOT NULL DEFAULT 0, subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'normal', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX addendum_note ON addendum (note_id);
CREATE INDEX addendum_field ON addendum (field_id);
CREATE TABLE note_lock (id BLOB PRIMARY KEY, note_id BLOB NOT NULL REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED, device BLOB NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL DEFAULT 0, nonce BLOB, commitment BLOB NOT NULL, chain BLOB NOT NULL, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX note_lock_note ON note_lock (note_id);
CREATE INDEX note_lock_device ON note_lock (device, seq);
-- The notes that are not locked yet, kept by triggers: what is due is found without reading what was locked long ago.
CREATE TABLE note_open (note_id BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE administration (
  id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, person_id BLOB NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, instrument TEXT NOT NULL DEFAULT '', version TEXT NOT NULL DEFAULT '', definition_hash TEXT NOT NULL DEFAULT '', taken_at INTEGER NOT NULL DEFAULT 0, zone TEXT NOT NULL DEFAULT '',
  mode TEXT NOT NULL DEFAULT '', keyed_by BLOB REFERENCES coach (id) DEFERRABLE INITIALLY DEFERRED, seconds INTEGER NOT NULL DEFAULT 0, answers TEXT NOT NULL DEFAULT '[]', picks TEXT NOT NULL DEFAULT '[]', locked_at INTEGER NOT NULL DEFAULT 0, replaces BLOB,
  subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'normal', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX administration_couple ON administration (couple_id, taken_at);
CREATE INDEX administration_replaces ON administration (replaces) WHERE replaces IS NOT NULL;

CREATE TABLE assignment (
  id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, practice TEXT NOT NULL DEFAULT '', practice_version TEXT NOT NULL DEFAULT '', target TEXT NOT NULL DEFAULT 'both', cue TEXT NOT NULL DEFAULT '', size TEXT NOT NULL DEFAULT '', cadence TEXT NOT NULL DEFAULT '', times INTEGER NOT NULL DEFAULT 0,
  starts_on TEXT NOT NULL DEFAULT '', ends_on TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT 'active', reason TEXT NOT NULL DEFAULT '', subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'normal', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX assignment_couple ON assignment (couple_id, starts_on);
CREATE INDEX assignment_open ON assignment (couple_id) WHERE state = 'active' AND deleted = 0;
CREATE INDEX assignment_active ON assignment (ends_on) WHERE state = 'active' AND deleted = 0;
CREATE TABLE practice_log (
  id BLOB PRIMARY KEY, assignment_id BLOB NOT NULL REFERENCES assignment (id) DEFERRABLE INITIALLY DEFERRED, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, partner TEXT NOT NULL DEFAULT 'A', used_on TEXT NOT NULL DEFAULT '', used_at INTEGER NOT NULL DEFAULT 0, zone TEXT NOT NULL DEFAULT '', minutes INTEGER NOT NULL DEFAULT 0, result TEXT NOT NULL DEFAULT 'done',
  helpfulness INTEGER, difficulty INTEGER, obstacle TEXT NOT NULL DEFAULT '', noticed TEXT NOT NULL DEFAULT '', next_change TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'normal', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE INDEX practice_log_assignment ON practice_log (assignment_id, deleted, used_on);
CREATE INDEX practice_log_couple ON practice_log (couple_id, used_on);

CREATE TABLE conversation (
  id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, held_at INTEGER NOT NULL DEFAULT 0, zone TEXT NOT NULL DEFAULT '', topic TEXT NOT NULL DEFAULT '', step INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'open',
  subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'joint', sensitivity TEXT NOT NULL DEFAULT 'normal', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX conversation_couple ON conversation (couple_id, held_at);
CREATE INDEX conversation_stopped ON conversation (couple_id) WHERE state = 'stopped';
CREATE TABLE conversation_answer (
  id BLOB PRIMARY KEY, conversation_id BLOB NOT NULL REFERENCES conversation (id) DEFERRABLE INITIALLY DEFERRED, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, key TEXT NOT NULL DEFAULT '', partner TEXT NOT NULL DEFAULT '', value TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'normal', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX conversation_answer_c ON conversation_answer (conversation_id);
CREATE INDEX conversation_answer_afraid ON conversation_answer (conversation_id) WHERE key = 'afraid' AND value = 'yes';
CREATE TABLE couple_agreement (
  id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, conversation_id BLOB REFERENCES conversation (id) DEFERRABLE INITIALLY DEFERRED, session_id BLOB REFERENCES session (id) DEFERRABLE INITIALLY DEFERRED, body TEXT NOT NULL DEFAULT '', who TEXT NOT NULL DEFAULT '', agreed_on TEXT NOT NULL DEFAULT '', review_on TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT 'in_force',
  subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'joint', sensitivity TEXT NOT NULL DEFAULT 'normal', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX couple_agreement_couple ON couple_agreement (couple_id);

-- What the coach noted about a partner that locks a practice (a bereavement, pain, an illness).
CREATE TABLE noted_condition (
  id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, person_id BLOB NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, condition TEXT NOT NULL DEFAULT '', since_on TEXT NOT NULL DEFAULT '', over INTEGER NOT NULL DEFAULT 0,
  subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'sensitive', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX noted_condition_couple ON noted_condition (couple_id);

CREATE TABLE letter (id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, reader TEXT NOT NULL DEFAULT '', body TEXT NOT NULL DEFAULT '', written_on TEXT NOT NULL DEFAULT '', subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'normal', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX letter_couple ON letter (couple_id);
CREATE TABLE report_made (id BLOB PRIMARY KEY, couple_id BLOB NOT NULL REFERENCES couple (id) DEFERRABLE INITIALLY DEFERRED, reader TEXT NOT NULL DEFAULT '', from_on TEXT NOT NULL DEFAULT '', to_on TEXT NOT NULL DEFAULT '', report_on TEXT NOT NULL DEFAULT '', report_no TEXT NOT NULL DEFAULT '', sha256 TEXT NOT NULL DEFAULT '', pages INTEGER NOT NULL DEFAULT 0, sections TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL DEFAULT 'both', visibility TEXT NOT NULL DEFAULT 'coach_only', sensitivity TEXT NOT NULL DEFAULT 'normal', created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX report_made_couple ON report_made (couple_id);

-- What was erased for ever: ids and counts, never content (erasure itself comes with the rights of clients).
CREATE TABLE erasure (id BLOB PRIMARY KEY, item_tbl TEXT NOT NULL DEFAULT '', item_id BLOB, ground TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX erasure_item ON erasure (item_id);

INSERT INTO schema_rule (num, tbl, merge, audience, search, erase) VALUES
 (1,'setting','lww','none','','none'),
 (2,'coach','lww','none','','none'),
 (3,'person','lww','names','SELECT ''couple'' AS kind, id FROM couple WHERE a_id = NEW.id OR b_id = NEW.id','person'),
 (4,'couple','lww','names','SELECT ''couple'' AS kind, NEW.id AS id','couple'),
 (5,'couple_tag','lww','coach','','couple'),
 (6,'engagement','lww','none','','couple'),
 (7,'engagement_coach','lww','none','','none'),
 (8,'enquiry','lww','coach','SELECT ''enquiry'' AS kind, NEW.id AS id','subject'),
 (9,'discovery_call','lww','self','SELECT ''discovery_call'' AS kind, NEW.id AS id','subject'),
 (10,'stage_change','append','coach','','none'),
 (11,'signature','decision','person_id','','person'),
 (12,'release','decision','coach','','person'),
 (13,'safety_screen','decision','self','','person'),
 (14,'joint_override','append','coach','','couple'),
 (15,'visibility_change','decision','coach','','none'),
 (16,'session','lww','self','','subject'),
 (17,'attendance','lww','session.session_id','','subject'),
 (18,'note','lww','note_field.note_id','SELECT ''note_field'' AS kind, id FROM note_field WHERE note_id = NEW.id UNION ALL SELECT ''addendum'', id FROM addendum WHERE note_id = NEW.id','subject'),
 (19,'note_field','lww','self','SELECT ''note_field'' AS kind, NEW.id AS id UNION ALL SELECT ''addendum'', id FROM addendum WHERE note_id = NEW.note_id','subject'),
 (20,'note_rev','revisions','note_field.field_id','SELECT ''note_field'' AS kind, NEW.field_id AS id','subject'),
 (21,'addendum','lww','self','SELECT ''addendum'' AS kind, NEW.id AS id','subject'),
 (22,'note_lock','append','none','','none'),
 (23,'administration','lww','self','','subject'),
 (24,'assignment','lww','self','SELECT ''assignment'' AS kind, NEW.id AS id UNION ALL SELECT ''practice_log'', id FROM practice_log WHERE assignment_id = NEW.id AND (noticed <> '''' OR next_change <> '''')','subject'),
 (25,'practice_log','lww','self','SELECT ''practice_log'' AS kind, NEW.id AS id','subject'),
 (26,'conversation','lww','self','SELECT ''conversation'' AS kind, NEW.id AS id UNION ALL SELECT ''conversation_answer'', id FROM conversation_answer WHERE conversation_id = NEW.id','subject'),
 (27,'conversation_answer','lww','self','SELECT ''conversation_answer'' AS kind, NEW.id AS id','subject'),
 (28,'couple_agreement','lww','self','SELECT ''couple_agreement'' AS kind, NEW.id AS id','subject'),
 (29,'letter','lww','self','SELECT ''letter'' AS kind, NEW.id AS id','subject'),
 (30,'report_made','lww','self','','subject'),
 (31,'erasure','append','none','','none'),
 (32,'noted_condition','lww','self','','subject');

INSERT INTO schema_rule (num, tbl, col, merge, audience) VALUES
 (0,'session','visibility','decision','self'), (0,'note_field','visibility','decision','self'), (0,'addendum','visibility','decision','self'), (0,'administration','visibility','decision','self'),
 (0,'assignment','visibility','decision','self'), (0,'practice_log','visibility','decision','self'), (0,'conversation_answer','visibility','decision','self'),
 (0,'couple_agreement','visibility','decision','self'), (0,'letter','visibility','decision','self'), (0,'discovery_call','visibility','decision','self'),
 (0,'person','email','lww','coach'), (0,'person','phone','lww','coach'), (0,'person','birth_year','lww','coach'),
 (0,'person','safe_channel','lww','coach'), (0,'person','safe_when','lww','coach'), (0,'person','safe_message','lww','coach'), (0,'person','safe_note','lww','coach'),
 (0,'couple','stage','lww','coach'), (0,'couple','stage_at','lww','coach');

-- What can be searched, one view a kind: row_id, field, couple_id, at, body, subject, visibility, sensitivity.
-- What belongs to an item that is itself for fewer readers is found by no more than those.
CREATE VIEW search_couple AS
 SELECT c.id AS row_id, 'names' AS field, c.id AS couple_id, c.created_at AS at,
  coalesce(a.given_name || ' ' || a.family_name || ' ' || a.latin_name, '') || ' ' || coalesce(b.given_name || ' ' || b.family_name || ' ' || b.latin_name, '') AS body,
  'both' AS subject, 'joint' AS visibility, 'normal' AS sensitivity
 FROM couple c LEFT JOIN person a ON a.id = c.a_id AND a.deleted = 0 LEFT JOIN person b ON b.id = c.b_id AND b.deleted = 0 WHERE c.deleted = 0;
CREATE VIEW search_enquiry AS
 SELECT id AS row_id, 'enquiry' AS field, couple_id, received_at AS at, a_given || ' ' || a_family || ' ' || b_given || ' ' || b_family || ' ' || message || ' ' || next_step AS body,
  'both' AS subject, 'coach_only' AS visibility, 'normal' AS sensitivity FROM enquiry WHERE deleted = 0;
CREATE VIEW search_discovery_call AS
 SELECT d.id AS row_id, 'sheet' AS field, d.couple_id, d.held_at AS at,
  (SELECT coalesce(group_concat(j.value, ' '), '') FROM json_each(d.sheet) j WHERE j.type = 'text') AS body, d.subject, d.visibility, d.sensitivity FROM discovery_call d WHERE d.deleted = 0;
CREATE VIEW search_note_field AS
 SELECT f.id AS row_id, f.key AS field, n.couple_id, n.written_at AS at, r.body, f.subject, f.visibility, f.sensitivity
 FROM note_field f JOIN note n ON n.id = f.note_id JOIN note_rev r ON r.id = f.head WHERE f.deleted = 0 AND n.deleted = 0 AND r.deleted = 0;
CREATE VIEW search_addendum AS
 SELECT a.id AS row_id, 'addendum' AS field, n.couple_id, a.at, a.body, a.subject, a.visibility, a.sensitivity FROM addendum a JOIN note n ON n.id = a.note_id WHERE a.deleted = 0 AND n.deleted = 0;
CREATE VIEW search_assignment AS
 SELECT id AS row_id, 'cue' AS field, couple_id, created_at AS at, cue || ' ' || size AS body, subject, visibility, sensitivity FROM assignment WHERE deleted = 0;
CREATE VIEW search_practice_log AS
 SELECT l.id AS row_id, 'noticed' AS field, l.couple_id, l.used_at AS at, l.noticed || ' ' || l.next_change AS body, l.subject,
  iif(a.visibility IN ('joint', l.visibility), l.visibility, iif(l.visibility = 'joint', a.visibility, 'coach_only')) AS visibility, iif(a.sensitivity = 'safety', 'safety', l.sensitivity) AS sensitivity
 FROM practice_log l JOIN assignment a ON a.id = l.assignment_id WHERE l.deleted = 0 AND a.deleted = 0 AND (l.noticed <> '' OR l.next_change <> '');
CREATE VIEW search_conversation AS
 SELECT id AS row_id, 'topic' AS field, couple_id, held_at AS at, topic AS body, subject, visibility, sensitivity FROM conversation WHERE deleted = 0;
CREATE VIEW search_conversation_answer AS
 SELECT a.id AS row_id, a.key AS field, a.couple_id, c.held_at AS at, a.value AS body, a.subject,
  iif(c.visibility IN ('joint', a.visibility), a.visibility, iif(a.visibility = 'joint', c.visibility, 'coach_only')) AS visibility, iif(c.sensitivity = 'safety', 'safety', a.sensitivity) AS sensitivity
 FROM conversation_answer a JOIN conversation c ON c.id = a.conversation_id WHERE a.deleted = 0 AND c.deleted = 0 AND NOT (a.key = 'topic' AND a.value = c.topic); -- the topic stands in the conversation and would be found twice
CREATE VIEW search_couple_agreement AS
 SELECT id AS row_id, 'agreement' AS field, couple_id, created_at AS at, body, subject, visibility, sensitivity FROM couple_agreement WHERE deleted = 0;
CREATE VIEW search_letter AS
 SELECT id AS row_id, 'letter' AS field, couple_id, created_at AS at, body, subject, visibility, sensitivity FROM letter WHERE deleted = 0;

-- A release counts while nothing replaces it; where heads disagree the withdrawal wins (the protective state).
CREATE VIEW released AS
 SELECT r.item_id, r.partner, r.scope, r.given_on, r.expires_on FROM release r
 WHERE r.deleted = 0 AND r.state = 'given' AND NOT EXISTS (SELECT 1 FROM release w WHERE w.replaces = r.id)
  AND NOT EXISTS (SELECT 1 FROM release w WHERE w.item_id = r.item_id AND w.partner = r.partner AND w.state = 'withdrawn' AND NOT EXISTS (SELECT 1 FROM release x WHERE x.replaces = w.id));

-- What is done stays done. Mode 3 (erasure) is the one writer let through.
-- Written once; only who may see it (narrowed when a partner joins) and the recycle bin can change.
-- +goose StatementBegin
CREATE TRIGGER guard_addendum BEFORE UPDATE OF note_id, field_id, body, coach_id, at, subject, sensitivity, created_at ON addendum WHEN couplet_mode() <> 3
BEGIN SELECT RAISE(ABORT, 'couplet: this row is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guard_report_made BEFORE UPDATE OF couple_id, reader, from_on, to_on, report_on, report_no, sha256, pages, sections, subject, sensitivity, created_at ON report_made WHEN couplet_mode() <> 3
BEGIN SELECT RAISE(ABORT, 'couplet: this row is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guard_note_rev_locked BEFORE INSERT ON note_rev WHEN EXISTS (SELECT 1 FROM note_lock WHERE note_id = NEW.note_id) AND couplet_mode() <> 2
BEGIN SELECT RAISE(ABORT, 'couplet: note is locked'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guard_note_field_locked BEFORE INSERT ON note_field WHEN EXISTS (SELECT 1 FROM note_lock WHERE note_id = NEW.note_id) AND couplet_mode() <> 2
BEGIN SELECT RAISE(ABORT, 'couplet: note is locked'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guard_note_field_head BEFORE UPDATE OF head, key, position, note_id ON note_field WHEN EXISTS (SELECT 1 FROM note_lock WHERE note_id = OLD.note_id) AND couplet_mode() <> 3
BEGIN SELECT RAISE(ABORT, 'couplet: note is locked'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guard_note_locked BEFORE UPDATE OF couple_id, session_id, template, template_version, coach_id, about, written_at, zone ON note WHEN EXISTS (SELECT 1 FROM note_lock WHERE note_id = OLD.id) AND couplet_mode() <> 3
BEGIN SELECT RAISE(ABORT, 'couplet: note is locked'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER note_open_begun AFTER INSERT ON note WHEN NOT EXISTS (SELECT 1 FROM note_lock WHERE note_id = NEW.id)
BEGIN INSERT OR IGNORE INTO note_open VALUES (NEW.id); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER note_open_locked AFTER INSERT ON note_lock
BEGIN DELETE FROM note_open WHERE note_id = NEW.note_id; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guard_administration BEFORE UPDATE OF couple_id, person_id, instrument, version, definition_hash, taken_at, zone, mode, keyed_by, seconds, answers, picks, locked_at, replaces ON administration WHEN OLD.locked_at <> 0 AND couplet_mode() <> 3
BEGIN SELECT RAISE(ABORT, 'couplet: administration is locked'); END;
-- +goose StatementEnd
