package reports

import (
	"context"
	"database/sql"
	"encoding/hex"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/search"
	"github.com/couplet-app/couplet/internal/text"
)

// texts are the places where client text stands that has an audience of its own. Each
// query gives id, kind, time, body, whether the reader may see it (of a text with
// revisions no more than the one that counts, of what is being written or deleted
// nothing), and whose release would open it, or that it concerns safety.
func texts(aud clients.Audience, couple ids.ID) []string {
	typed := letterDraft(couple, aud.Reader())
	row := func(from, x, id, kind, at, body string) string {
		return "SELECT " + id + ", '" + kind + "', " + at + ", " + body + ", coalesce(" + aud.GateOn(x, id) + " AND " + x + ".deleted = 0, 0), " + ownerOf(x, "1") + " FROM " + from
	}
	note := func(from, body, head string) string {
		return "SELECT f.id, 'note', n.written_at, " + body + ", coalesce(" + aud.Gate("f") + " AND f.deleted = 0 AND n.deleted = 0 AND " + head + ", 0), " + ownerOf("f", head) + " FROM " + from + " WHERE n.couple_id = ?1"
	}
	own := func(from, id, at, body string) string {
		return "SELECT " + id + ", 'coach', " + at + ", " + body + ", " + coach(aud) + ", '' FROM " + from
	}
	return []string{
		note("note n JOIN note_field f ON f.note_id = n.id JOIN note_rev r ON r.field_id = f.id", "r.body", "r.id = f.head"),
		note("note n JOIN draft d ON d.note_id = n.id LEFT JOIN note_field f ON f.id = d.field_id", "d.body", "0"),
		row("addendum a JOIN note n ON n.id = a.note_id WHERE n.couple_id = ?1", "a", "a.id", "note", "a.at", "a.body"),
		row("practice_log l WHERE l.couple_id = ?1 AND (l.noticed <> '' OR l.next_change <> '')", "l", "l.id", "practice", "l.used_at", "l.noticed || ' . ' || l.next_change"),
		row("conversation_answer x WHERE x.couple_id = ?1", "x", "x.id", "conversation", "x.created_at", "x.value"),
		row("conversation c WHERE c.couple_id = ?1", "c", "c.id", "conversation", "c.held_at", "c.topic"),
		row("couple_agreement g WHERE g.couple_id = ?1", "g", "g.id", "agreement", "g.created_at", "g.body"),
		row("assignment a WHERE a.couple_id = ?1", "a", "a.id", "practice", "a.created_at", "a.cue || ' . ' || a.size"),
		own("assignment a WHERE a.couple_id = ?1", "a.id", "a.created_at", "a.reason"),
		row("safety_screen s WHERE s.couple_id = ?1", "s", "s.id", "coach", "s.created_at", "s.body || ' . ' || s.reason || ' . ' || coalesce((SELECT group_concat(j.value, ' . ') FROM json_tree(s.answers) j WHERE j.type = 'text'), '')"),
		row("scope_check k WHERE k.couple_id = ?1", "k", "k.id", "coach", "k.created_at", "k.body"),
		row("referral f WHERE f.couple_id = ?1", "f", "f.id", "coach", "f.created_at", "f.to_whom || ' . ' || f.reason || ' . ' || f.note"),
		row("safety_step k WHERE k.couple_id = ?1", "k", "k.id", "coach", "k.created_at", "k.who || ' . ' || k.note"),
		own("signature g WHERE g.couple_id = ?1", "g.id", "g.created_at", "g.decision"),
		row("discovery_call d WHERE d.couple_id = ?1", "d", "d.id", "call", "d.held_at", "(SELECT coalesce(group_concat(j.value, ' . '), '') FROM json_tree(d.sheet) j WHERE j.type = 'text')"),
		row("session s WHERE s.couple_id = ?1 AND s.place <> ''", "s", "s.id", "session", "s.starts_at", "s.place"),
		"SELECT e.id, 'enquiry', e.received_at, e.message || ' . ' || e.next_step || ' . ' || coalesce((SELECT group_concat(j.value, ' . ') FROM json_tree(e.details) j WHERE j.type = 'text'), ''), " + coach(aud) + ", '' FROM enquiry e WHERE e.couple_id = ?1",
		row("letter l WHERE l.couple_id = ?1 AND l.reader <> '"+string(aud.Reader())+"'", "l", "l.id", "letter", "l.created_at", "l.body"),
		"SELECT d.field_id, CASE WHEN " + filledIn("d") + " THEN 'conversation' ELSE 'letter' END, d.at, " + typedWords("d") + ", 0, '' FROM draft d WHERE d.note_id = ?1 AND d.field_id <> x'" + hex.EncodeToString(typed[:]) + "'",
		own("person p JOIN couple c ON p.id IN (c.a_id, c.b_id) WHERE c.id = ?1", "p.id", "p.created_at", "p.safe_when || ' . ' || p.safe_message || ' . ' || p.safe_note"),
		own("joint_override o WHERE o.couple_id = ?1", "o.id", "o.created_at", "o.reason"),
		own("stage_change h WHERE h.couple_id = ?1", "h.id", "h.at", "h.reason"),
		own("visibility_change v WHERE v.couple_id = ?1", "v.id", "v.at", "v.reason"),
		own("release r WHERE r.couple_id = ?1", "r.id", "r.created_at", "r.way"),
	}
}

// filledIn is SQL for whether draft d is of something with fields, not of a text.
func filledIn(d string) string {
	return "CASE WHEN json_valid(" + d + ".body) THEN json_type(" + d + ".body) = 'object' ELSE 0 END"
}

// typedWords is SQL for the words of draft d.
func typedWords(d string) string {
	return "CASE WHEN " + filledIn(d) + " THEN (SELECT coalesce(group_concat(j.value, ' . '), '') FROM json_tree(" + d + ".body) j WHERE j.key IN ('Topic', 'Value')) ELSE " + d + ".body END"
}

// ownerOf is SQL for whose release opens row x, "safety" for what nothing opens.
func ownerOf(x, counts string) string {
	return "CASE WHEN " + x + ".sensitivity NOT IN ('normal', 'sensitive') THEN 'safety' WHEN " + counts + " AND " + x + ".deleted = 0 AND " + x + ".visibility = 'partner_' || " + x + ".subject THEN " + x + ".subject ELSE '' END"
}

// eachText reads all texts of a record, with whether the reader may see each. What is
// sealed to another coach cannot stand in what this one writes.
func (s *Store) eachText(ctx context.Context, aud clients.Audience, couple ids.ID, tell func(src Source, seen bool)) error {
	for _, q := range texts(aud, couple) {
		err := casebook.Each(ctx, s.cb.Reader(), func(r *sql.Rows) error {
			var id ids.ID
			var kind, body string
			var of sql.NullString
			var at int64
			var seen bool
			if err := r.Scan(&id, &kind, &at, &body, &seen, &of); err != nil {
				return err
			}
			if casebook.Sealed(body) {
				var own bool
				if body, own = s.cb.Unseal(body); !own {
					return nil
				}
			}
			src := Source{Kind: kindWords(kind), ID: id.String(), Day: string(day.Of(time.UnixMilli(at).UTC())), Text: body, Safety: of.String == "safety"}
			if !src.Safety {
				src.Of = clients.Slot(of.String)
			}
			tell(src, seen)
			return nil
		}, q, couple)
		if err != nil {
			return err
		}
	}
	return nil
}

func coach(aud clients.Audience) string {
	if aud.IsCoach() {
		return "1"
	}
	return "0"
}

// kindWords names the kind of a source to the coach.
func kindWords(kind string) string {
	if p, ok := kinds[kind]; ok {
		return p.String()
	}
	return text.T("leak.coach", "what is for the coach alone")
}

var kinds = text.Phrases(map[string]text.Phrase{
	"note":         text.P("leak.note", "a note"),
	"practice":     text.P("leak.practice", "a practice"),
	"conversation": text.P("leak.conversation", "a conversation"),
	"session":      text.P("leak.session", "a session"),
	"agreement":    text.P("leak.agreement", "an agreement"),
	"letter":       text.P("leak.letter", "a letter to another reader"),
	"enquiry call": text.P("leak.call", "the enquiry or the discovery call"),
	"other":        text.P("leak.other", "the record of other clients"),
})

// leaks checks a document against every text of the record that its reader may not
// see, older versions and drafts included, and the hand-written part also against the
// records of all other clients. The coach's own report has nothing to leak.
func (s *Store) leaks(ctx context.Context, f *facts, doc Document) ([]Hit, error) {
	if f.aud.IsCoach() {
		return nil, nil
	}
	var private []Source
	var allowed []string
	err := s.eachText(ctx, f.aud, f.req.Couple, func(src Source, seen bool) {
		if seen {
			allowed = append(allowed, src.Text)
		} else {
			private = append(private, src)
		}
	})
	if err != nil {
		return nil, err
	}
	others, err := s.otherClients(ctx, f)
	if err != nil {
		return nil, err
	}
	allowed = append(allowed, f.header.Title, f.workspace)
	for _, p := range f.header.Partners {
		allowed = append(allowed, p.Full, p.Short) // what the reader is called, however long
	}
	hits, err := LeakCheck(doc, append(private, others...), allowed)
	if err != nil {
		return nil, err
	}
	named, err := s.namedIn(ctx, f, doc)
	hits = append(hits, named...)
	kept := hits[:0]
	for _, h := range hits {
		if f.req.Keep[h.Key()] == "" {
			kept = append(kept, h)
		}
	}
	return kept, err
}

// Leaks checks a report once more, against what is private now.
func (s *Store) Leaks(ctx context.Context, r Report) ([]Hit, error) {
	f, err := s.gather(ctx, &r.Request)
	if err != nil {
		return nil, err
	}
	return s.leaks(ctx, f, r.Document)
}

// namedIn finds who else is named, or can be reached, by what stands in a document.
func (s *Store) namedIn(ctx context.Context, f *facts, doc Document) ([]Hit, error) {
	known, err := s.othersThan(ctx, f.req.Couple)
	if err != nil {
		return nil, err
	}
	free, err := shipped()
	if err != nil {
		return nil, err
	}
	known.words = free.words
	for _, w := range wordsOf(f.workspace) {
		known.own[w] = true
	}
	coaches, err := s.clients.Coaches(ctx)
	if err != nil {
		return nil, err
	}
	for _, k := range coaches {
		for _, w := range wordsOf(k.Name) {
			known.own[w] = true
		}
	}
	var hits []Hit
	doc.Walk(func(place, words string) {
		names, who := known.in(unmark(words))
		for i, n := range names {
			hits = append(hits, Hit{Place: place, Phrase: n, Source: Source{Kind: kindWords("other"), ID: who[i].String()}})
		}
	})
	return hits, nil
}

// otherClients finds texts of other records that share a phrase with the letter: the
// one part of a report that is written by hand. The index finds them by the phrase;
// the check itself then reads the texts.
func (s *Store) otherClients(ctx context.Context, f *facts) ([]Source, error) {
	if f.letter == "" || f.req.leaves(CoachLetter) {
		return nil, nil
	}
	found, err := search.SharePhrase(ctx, s.cb.Reader(), f.letter, phraseWords, f.req.Couple)
	if err != nil {
		return nil, err
	}
	out := make([]Source, 0, len(found))
	for _, t := range found {
		out = append(out, Source{Kind: kindWords("other"), ID: t.ID.String(), Text: t.Body})
	}
	return out, nil
}
