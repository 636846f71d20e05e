package traces

import "github.com/couplet-app/couplet/internal/text"

// Words say what was done.
func (k Kind) Words() string {
	if p, ok := kindWords[string(k)]; ok {
		return p.String()
	}
	return text.T("trace.other", "something else")
}

var kindWords = text.Phrases(map[string]text.Phrase{
	string(SafetyViewed):      text.P("trace.safety_viewed", "looked at what concerns safety"),
	string(SafetyChanged):     text.P("trace.safety_changed", "changed what concerns safety"),
	string(ExportMade):        text.P("trace.export", "let a copy out"),
	string(LeakKept):          text.P("trace.leak_kept", "let stand what the leak check found"),
	string(VisibilityChanged): text.P("trace.visibility", "changed who may see something"),
	string(ReleaseGiven):      text.P("trace.release_given", "recorded a release"),
	string(ReleaseWithdrawn):  text.P("trace.release_withdrawn", "recorded that a release was taken back"),
	string(ConsentChanged):    text.P("trace.consent", "recorded a consent or its end"),
	string(GlassBroken):       text.P("trace.glass", "opened a record of another coach, with a reason"),
	string(AccessChanged):     text.P("trace.access", "changed who works with a record"),
	string(ErasureMade):       text.P("trace.erasure", "erased for ever"),
	string(SubjectMade):       text.P("trace.subject", "made a subject file"),
	string(HoldChanged):       text.P("trace.hold", "set or ended a hold"),
})

// KindWords say what a copy is.
func KindWords(kind string) string {
	if p, ok := copyWords[kind]; ok {
		return p.String()
	}
	return text.T("copy.other", "a copy")
}

var copyWords = text.Phrases(map[string]text.Phrase{
	KindReport:   text.P("copy.report", "report"),
	KindSubject:  text.P("copy.subject", "subject file"),
	KindCasebook: text.P("copy.casebook", "everything, as one file"),
	KindCSV:      text.P("copy.csv", "table"),
	KindPrint:    text.P("copy.print", "print"),
	KindCopy:     text.P("copy.clipboard", "copy on the clipboard"),
	KindBackup:   text.P("copy.backup", "backup"),
})
