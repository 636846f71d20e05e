package changes

import (
	"strings"

	"github.com/couplet-app/couplet/internal/text"
)

// Words says to a person what an action was: "deleted a session". It holds no client text.
func Words(action string) string {
	if name, ok := strings.CutPrefix(action, undoPrefix); ok {
		name, _, _ = strings.Cut(name, "@")
		return text.T("action.undo", "undid: %s", Words(name))
	}
	switch action {
	case "agreement.save":
		return text.T("action.agreement_save", "wrote an agreement")
	case "agreement.delete":
		return text.T("action.agreement_delete", "deleted an agreement")
	case "call.book", "call.edit", "call.finish", "call.start":
		return text.T("action.call", "changed a discovery call")
	case "call.delete":
		return text.T("action.call_delete", "deleted a discovery call")
	case "casebook.create":
		return text.T("action.create", "made the casebook")
	case "casebook.import":
		return text.T("action.import", "imported")
	case "coach.add", "coach.rename", "coach.left":
		return text.T("action.coach", "changed the coaches")
	case "condition.note":
		return text.T("action.condition", "noted what to be careful about")
	case "consent.sign", "consent.withdraw":
		return text.T("action.consent", "recorded a consent")
	case "conversation.save", "conversation.finish":
		return text.T("action.conversation", "wrote in a conversation")
	case "conversation.delete":
		return text.T("action.conversation_delete", "deleted a conversation")
	case "couple.create":
		return text.T("action.couple_create", "made a record")
	case "couple.edit", "couple.tags":
		return text.T("action.couple_edit", "changed a record")
	case "couple.join":
		return text.T("action.couple_join", "let a partner join")
	case "couple.archive":
		return text.T("action.couple_archive", "archived a record or took it out")
	case "couple.delete":
		return text.T("action.couple_delete", "deleted a record")
	case "engagement.create", "engagement.edit":
		return text.T("action.engagement", "changed an engagement")
	case "engagement.delete":
		return text.T("action.engagement_delete", "deleted an engagement")
	case "enquiry.create":
		return text.T("action.enquiry_create", "made an enquiry")
	case "enquiry.edit":
		return text.T("action.enquiry_edit", "changed an enquiry")
	case "enquiry.convert":
		return text.T("action.enquiry_convert", "made a record of an enquiry")
	case "enquiry.delete":
		return text.T("action.enquiry_delete", "deleted an enquiry")
	}
	return moreWords(action)
}

func moreWords(action string) string {
	switch action {
	case "note.begin":
		return text.T("action.note_begin", "began a note")
	case "note.save":
		return text.T("action.note_save", "wrote in a note")
	case "note.addendum":
		return text.T("action.addendum", "added to a locked note")
	case "note.delete":
		return text.T("action.note_delete", "deleted a note")
	case "note.lock":
		return text.T("action.note_lock", "locked notes")
	case "note.visibility", "note.visibility_undo":
		return text.T("action.visibility", "changed who may see a text")
	case "person.create", "person.edit":
		return text.T("action.person", "changed a person")
	case "person.delete":
		return text.T("action.person_delete", "deleted a person")
	case "practice.assign":
		return text.T("action.assign", "gave a practice")
	case "practice.delete":
		return text.T("action.practice_delete", "took a practice away")
	case "practice.log":
		return text.T("action.log", "logged a practice")
	case "practice.log.delete":
		return text.T("action.log_delete", "deleted a practice log")
	case "quiz.save":
		return text.T("action.quiz", "entered answers")
	case "quiz.lock":
		return text.T("action.quiz_lock", "locked answers")
	case "quiz.delete":
		return text.T("action.quiz_delete", "deleted answers")
	case "release.give", "release.withdraw":
		return text.T("action.release", "recorded a release")
	case "report.made":
		return text.T("action.report", "made a report")
	case "restore.day":
		return text.T("action.restore_day", "went back to a day")
	case "restore.missing":
		return text.T("action.restore_missing", "brought back what was missing")
	case "history.restore":
		return text.T("action.history_restore", "brought back an earlier value")
	case "screen.record", "joint.override":
		return text.T("action.screen", "recorded a safety talk")
	case "session.create":
		return text.T("action.session_create", "made a session")
	case "session.save":
		return text.T("action.session_save", "changed a session")
	case "session.delete":
		return text.T("action.session_delete", "deleted a session")
	case "stage.move":
		return text.T("action.stage", "moved on in the pipeline")
	case "setting.lock_days", "workspace.name":
		return text.T("action.setting", "changed a setting")
	}
	if strings.HasSuffix(action, ".restore") {
		return text.T("action.restore", "brought back from the recycle bin")
	}
	return text.T("action.other", "changed something")
}
