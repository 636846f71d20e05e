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
	if p, ok := actions[action]; ok {
		return p.String()
	}
	if strings.HasSuffix(action, ".restore") {
		return text.T("action.restore", "brought back from the recycle bin")
	}
	return text.T("action.other", "changed something")
}

var actions = text.Phrases(map[string]text.Phrase{
	"access.lend access.take_back":               text.P("action.access", "changed who may see a record"),
	"agreement.save":                             text.P("action.agreement_save", "wrote an agreement"),
	"agreement.delete":                           text.P("action.agreement_delete", "deleted an agreement"),
	"call.book call.edit call.finish call.start": text.P("action.call", "changed a discovery call"),
	"call.delete":                                text.P("action.call_delete", "deleted a discovery call"),
	"casebook.create":                            text.P("action.create", "made the casebook"),
	"casebook.import":                            text.P("action.import", "imported"),
	"coach.add coach.rename coach.left coach.role coach.way coach.passphrase coach.recovery coach.let_in coach.shut_out coach.back": text.P("action.coach", "changed the coaches"),
	"condition.note": text.P("action.condition", "noted what to be careful about"),
	"consent.sign consent.withdraw consent.decide": text.P("action.consent", "recorded a consent"),
	"consent.text":  text.P("action.consent_text", "wrote a text to sign"),
	"plan.set":      text.P("action.plan", "planned who says what"),
	"scope.check":   text.P("action.scope", "looked at the scope"),
	"referral.save": text.P("action.referral", "recorded a referral"),
	"safety.step":   text.P("action.safety_step", "noted what was done for safety"),
	"directory.save directory.verify directory.delete": text.P("action.directory", "changed the directory"),
	"couple.separate":                       text.P("action.separate", "recorded that they parted"),
	"couple.rejoin":                         text.P("action.rejoin", "recorded that they are together again"),
	"couple.own":                            text.P("action.own", "made a record of one who parted"),
	"couple.partners":                       text.P("action.partners", "changed who is who"),
	"person.merge":                          text.P("action.merge", "made one person of two entries"),
	"person.unmerge":                        text.P("action.unmerge", "made two entries of one person again"),
	"conversation.save conversation.finish": text.P("action.conversation", "wrote in a conversation"),
	"conversation.delete":                   text.P("action.conversation_delete", "deleted a conversation"),
	"couple.create":                         text.P("action.couple_create", "made a record"),
	"couple.edit couple.tags":               text.P("action.couple_edit", "changed a record"),
	"couple.join":                           text.P("action.couple_join", "let a partner join"),
	"couple.archive":                        text.P("action.couple_archive", "archived a record or took it out"),
	"couple.delete":                         text.P("action.couple_delete", "deleted a record"),
	"engagement.create engagement.edit":     text.P("action.engagement", "changed an engagement"),
	"engagement.delete":                     text.P("action.engagement_delete", "deleted an engagement"),
	"enquiry.create":                        text.P("action.enquiry_create", "made an enquiry"),
	"enquiry.edit":                          text.P("action.enquiry_edit", "changed an enquiry"),
	"enquiry.convert":                       text.P("action.enquiry_convert", "made a record of an enquiry"),
	"enquiry.delete":                        text.P("action.enquiry_delete", "deleted an enquiry"),
	"file.attach":                           text.P("action.file_attach", "added a file"),
	"letter.save":                           text.P("action.letter", "wrote a letter"),
	"note.begin":                            text.P("action.note_begin", "began a note"),
	"note.save":                             text.P("action.note_save", "wrote in a note"),
	"note.keep session.keep couple.keep":    text.P("action.keep", "kept what came back from the recycle bin"),
	"note.join":                             text.P("action.note_join", "made one text of two versions"),
	"note.addendum":                         text.P("action.addendum", "added to a locked note"),
	"note.delete":                           text.P("action.note_delete", "deleted a note"),
	"note.lock":                             text.P("action.note_lock", "locked notes"),
	"note.visibility note.visibility_undo":  text.P("action.visibility", "changed who may see a text"),
	"person.create person.edit person.safe": text.P("action.person", "changed a person"),
	"person.delete":                         text.P("action.person_delete", "deleted a person"),
	"practice.assign":                       text.P("action.assign", "gave a practice"),
	"practice.delete":                       text.P("action.practice_delete", "took a practice away"),
	"practice.log":                          text.P("action.log", "logged a practice"),
	"practice.log.delete":                   text.P("action.log_delete", "deleted a practice log"),
	"quiz.save":                             text.P("action.quiz", "entered answers"),
	"quiz.lock":                             text.P("action.quiz_lock", "locked answers"),
	"quiz.delete":                           text.P("action.quiz_delete", "deleted answers"),
	"release.give release.withdraw":         text.P("action.release", "recorded a release"),
	"report.made":                           text.P("action.report", "made a report"),
	"export.made export.casebook":           text.P("action.export", "let a copy out"),
	"export.deleted":                        text.P("action.export_deleted", "ticked off a copy as deleted"),
	"safety.viewed":                         text.P("action.safety_viewed", "looked at what concerns safety"),
	"restore.day":                           text.P("action.restore_day", "went back to a day"),
	"restore.missing":                       text.P("action.restore_missing", "brought back what was missing"),
	"glass.break":                           text.P("action.glass", "opened another's record with a reason"),
	"history.restore":                       text.P("action.history_restore", "brought back an earlier value"),
	"history.take":                          text.P("action.history_take", "took the other of two values"),
	"screen.record joint.override":          text.P("action.screen", "recorded a safety talk"),
	"session.create":                        text.P("action.session_create", "made a session"),
	"session.save":                          text.P("action.session_save", "changed a session"),
	"session.delete":                        text.P("action.session_delete", "deleted a session"),
	"stage.move":                            text.P("action.stage", "moved on in the pipeline"),
	"device.join device.remove device.rename device.leave": text.P("action.device", "changed which computers share"),
	"setting.lock_days setting.remind_days workspace.name": text.P("action.setting", "changed a setting"),

	// what clients ask for
	"erasure.make":                           text.P("action.erasure", "erased what a client asked for"),
	"erasure.task":                           text.P("action.erasure_task", "ticked what was done after an erasure"),
	"hold.set hold.lift":                     text.P("action.hold", "changed what must be kept"),
	"request.make request.step request.done": text.P("action.request", "worked on a client's request"),
	"restriction.set restriction.lift":       text.P("action.restriction", "changed whether anything new is done with a client's data"),
	"retention.rule retention.decide":        text.P("action.retention", "changed or applied how long records are kept"),
	"subject.made":                           text.P("action.subject", "made a client's file"),
})
