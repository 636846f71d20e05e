package main

import (
	"cmp"
	"context"
	"strings"

	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/settingsui"
)

// MakeBackup makes a backup, and tells when the second place did not get it.
func (s settings) MakeBackup(ctx context.Context) error {
	made, err := s.backUp(ctx)
	return cmp.Or(err, made.Second)
}

func (s settings) Backups(context.Context) (out []settingsui.Backup, trouble string, err error) {
	dir, err := backup.Folder(s.book)
	if err != nil {
		return nil, "", err
	}
	files, err := backup.List(dir)
	if err != nil {
		return nil, "", err
	}
	second, err := backup.SecondFolder(dir)
	var there []backup.File
	if err == nil && second != "" {
		there, err = backup.List(second)
	}
	if err != nil {
		trouble, _ = fault.Words(err)
	}
	for _, f := range files {
		out = append(out, settingsui.Backup{Path: f.Path, At: f.At, Size: f.Size, Verified: f.Verified, Unsound: f.Unsound})
	}
	for _, f := range there {
		out = append(out, settingsui.Backup{Path: f.Path, At: f.At, Size: f.Size, Verified: f.Verified, Unsound: f.Unsound, Second: true})
	}
	return out, trouble, nil
}

func (s settings) Second(context.Context) (string, error) {
	dir, err := backup.Folder(s.book)
	if err != nil {
		return "", err
	}
	return backup.Second(dir)
}

func (s settings) SetSecond(_ context.Context, folder string) error {
	dir, err := backup.Folder(s.book)
	if err != nil {
		return err
	}
	return backup.SetSecond(dir, folder)
}

// BringBackFrom restores from a backup into the open casebook.
func (s settings) BringBackFrom(ctx context.Context, path string, day bool, r settingsui.Report) (string, error) {
	if err := s.book.OwnerOnly(); err != nil { // it reads and changes all records
		return "", err
	}
	dir, err := backup.Folder(s.book)
	if err != nil {
		return "", err
	}
	restore := backup.Missing
	if day {
		restore = backup.Day
	}
	out, err := restore(ctx, s.book, dir, path, r)
	if err != nil {
		return "", err
	}
	if !day {
		return missingWords(out), nil
	}
	return dayWords(out), nil
}

// missingWords say what came back.
func missingWords(out backup.Outcome) string {
	if out.Back == 0 {
		return text.T("settings.missing_none", "Nothing was missing.")
	}
	return text.T("settings.missing_done", "Back again: %s.", things(out.ThingsBack))
}

// things says how many of what, as a coach counts them.
func things(of backup.Things) string {
	var out []string
	for _, t := range []struct {
		table string
		words func(n int) string
	}{
		{"couple", func(n int) string { return text.N("things.couple", n, "1 record", "%d records") }},
		{"person", func(n int) string { return text.N("things.person", n, "1 person", "%d persons") }},
		{"enquiry", func(n int) string { return text.N("things.enquiry", n, "1 enquiry", "%d enquiries") }},
		{"discovery_call", func(n int) string { return text.N("things.call", n, "1 discovery call", "%d discovery calls") }},
		{"engagement", func(n int) string { return text.N("things.engagement", n, "1 engagement", "%d engagements") }},
		{"session", func(n int) string { return text.N("record.sessions", n, "1 session", "%d sessions") }},
		{"note", func(n int) string { return text.N("sessions.notes", n, "1 note", "%d notes") }},
		{"administration", func(n int) string { return text.N("things.quiz", n, "1 quiz", "%d quizzes") }},
		{"assignment", func(n int) string { return text.N("things.practice", n, "1 practice", "%d practices") }},
		{"practice_log", func(n int) string { return text.N("things.log", n, "1 practice log", "%d practice logs") }},
		{"conversation", func(n int) string { return text.N("things.conversation", n, "1 conversation", "%d conversations") }},
		{"couple_agreement", func(n int) string { return text.N("things.agreement", n, "1 agreement", "%d agreements") }},
		{"noted_condition", func(n int) string {
			return text.N("things.condition", n, "1 note of what to be careful about", "%d notes of what to be careful about")
		}},
		{"letter", func(n int) string { return text.N("things.letter", n, "1 letter", "%d letters") }},
		{backup.Other, func(n int) string { return text.N("things.other", n, "1 other entry", "%d other entries") }},
	} {
		if n := of[t.table]; n > 0 {
			out = append(out, t.words(n))
		}
	}
	return strings.Join(out, ", ")
}

// dayWords say what going back to a day did, and nothing of what it did not do.
func dayWords(out backup.Outcome) string {
	var done []string
	if len(out.ThingsBack) > 0 {
		done = append(done, text.T("settings.day_back", "Back again: %s.", things(out.ThingsBack)))
	}
	if len(out.ThingsChanged) > 0 {
		done = append(done, text.T("settings.day_changed", "As on that day again: %s.", things(out.ThingsChanged)))
	}
	if len(out.ThingsBinned) > 0 {
		done = append(done, text.T("settings.day_binned", "In the recycle bin now: %s.", things(out.ThingsBinned)))
	}
	if len(done) == 0 {
		return text.T("settings.day_same", "Everything reads as it did that day already.")
	}
	return strings.Join(done, " ")
}

// Check examines the open casebook.
func (s settings) Check(ctx context.Context, r settingsui.Report) ([]string, error) {
	found, err := s.book.Check(ctx, r, sessions.VerifyLocks)
	if err != nil {
		return nil, err
	}
	files, err := attach.Check(ctx, s.book)
	if err != nil {
		return nil, err
	}
	found = append(found, files...)
	var out []string
	for _, f := range found {
		if !f.Notice {
			out = append(out, f.Area+": "+f.Text)
		}
	}
	return out, nil
}

func (s settings) Bin(ctx context.Context, limit int) ([]changes.Binned, error) {
	return s.changes.Bin(ctx, s.audience(kit.LensCoach), limit)
}

// BringBack takes a record out of the bin by the rule of its own kind, if it has one.
func (s settings) BringBack(ctx context.Context, b changes.Binned) error {
	switch b.Table {
	case "couple":
		return s.clients.RestoreCouple(ctx, b.ID)
	case "person":
		return s.clients.RestorePerson(ctx, b.ID)
	case "engagement":
		return s.clients.RestoreEngagement(ctx, b.ID)
	case "enquiry":
		return s.intake.Restore(ctx, b.ID)
	case "discovery_call":
		return s.intake.RestoreCall(ctx, b.ID)
	case "session":
		return s.sessions.Restore(ctx, b.ID)
	case "note":
		return s.sessions.RestoreNote(ctx, b.ID)
	case "administration":
		return s.quizzes.Restore(ctx, b.ID)
	case "assignment":
		return s.practices.RestoreAssignment(ctx, b.ID)
	case "practice_log":
		return s.practices.RestoreLog(ctx, b.ID)
	case "conversation":
		return s.practices.RestoreTalk(ctx, b.ID)
	case "couple_agreement":
		return s.practices.RestoreAgreement(ctx, b.ID)
	}
	return s.changes.BringBack(ctx, b.Table, b.ID)
}
