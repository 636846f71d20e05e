package changes

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/text"
)

// ValueWords says a stored value as a person does: the codes by their names, what is on or
// off as yes or no, answers as a list.
func ValueWords(field, v string) string {
	switch field {
	case "stage":
		if v != "" && intake.Stage(v).Words() != v {
			return intake.Stage(v).Words()
		}
	case "deleted", "archived", "paused":
		if v == "1" {
			return text.T("record.yes", "yes")
		}
		return text.T("record.no", "no")
	}
	if written[field] {
		return v
	}
	if p, ok := codes[field+"="+v]; ok {
		return p.String()
	}
	if p, ok := codes[v]; ok {
		return p.String()
	}
	if code.MatchString(v) { // one of a newer version
		return strings.ReplaceAll(v, "_", " ")
	}
	if strings.HasPrefix(v, "{") || strings.HasPrefix(v, "[") {
		var doc any
		if json.Unmarshal([]byte(v), &doc) == nil {
			return strings.Join(said(field, doc), " · ")
		}
	}
	return v
}

var code = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)+$`)

// written are the columns that hold what somebody wrote, word by word.
var written = map[string]bool{}

func init() {
	for _, f := range strings.Fields(`given_name family_name latin_name say_name pronouns language zone email phone safe_channel safe_when safe_message safe_note safe_shared status tag source
		a_given a_family b_given b_family message next_step reason place body topic value cue size noticed next_change who way supervisor name text_version programme`) {
		written[f] = true
	}
}

// said are the values of a document, with what they are called.
func said(field string, doc any) (out []string) {
	switch x := doc.(type) {
	case map[string]any:
		keys := make([]string, 0, len(x))
		for k := range x {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			if all := said(k, x[k]); len(all) > 0 {
				out = append(out, strings.ReplaceAll(k, "_", " ")+": "+strings.Join(all, ", "))
			}
		}
	case []any:
		for _, v := range x {
			out = append(out, said(field, v)...)
		}
	case string:
		if w := ValueWords(field, x); w != "" {
			out = append(out, w)
		}
	case float64:
		out = append(out, strconv.FormatFloat(x, 'g', -1, 64))
	case bool:
		if x {
			return []string{text.T("record.yes", "yes")}
		}
		return []string{text.T("record.no", "no")}
	}
	return out
}

// codes are what stored codes mean: those of one column as column=code, before those of all.
var codes = text.Phrases(map[string]text.Phrase{
	"given_first":                          text.P("code.given_first", "given name first"),
	"family_first":                         text.P("code.family_first", "family name first"),
	"kind=couple":                          text.P("code.couple", "couple"),
	"kind=single":                          text.P("code.single", "single client"),
	"kind=joint":                           text.P("code.joint_session", "joint session"),
	"kind=individual":                      text.P("code.individual", "individual session"),
	"visibility=joint was=joint":           text.P("seen.both", "for both"),
	"visibility=coach_only was=coach_only": text.P("talk.for_you", "for coaches alone"),
	"visibility=partner_A was=partner_A":   text.P("code.partner_a", "for partner A"),
	"visibility=partner_B was=partner_B":   text.P("code.partner_b", "for partner B"),
	"subject=both reader=joint":            text.P("code.subject_both", "both"),
	"subject=A reader=A":                   text.P("code.subject_a", "partner A"),
	"subject=B reader=B":                   text.P("code.subject_b", "partner B"),
	"subject=third_party":                  text.P("code.third_party", "somebody else"),
	"sensitivity=normal":                   text.P("code.normal", "ordinary"),
	"sensitivity=sensitive":                text.P("code.sensitive", "delicate"),
	"sensitivity=safety":                   text.P("code.safety", "about safety"),
	"reader=coach":                         text.P("sessions.coach", "coach"),
	"no_secrets":                           text.P("code.no_secrets", "no secrets"),
	"limited_secrets":                      text.P("code.limited_secrets", "limited secrets"),
	"separate_confidential":                text.P("code.separate", "separate and confidential"),
	"purpose=agreement":                    text.P("code.agreement", "the coaching agreement"),
	"purpose=records":                      text.P("code.records", "keeping notes and answers"),
	"purpose=messages":                     text.P("code.messages", "being written to"),
	"state=given":                          text.P("code.given", "given"),
	"state=withdrawn":                      text.P("code.withdrawn", "withdrawn"),
	"no_show":                              text.P("code.no_show", "did not come"),
	"late_cancel":                          text.P("code.late_cancel", "cancelled late"),
	"in_person":                            text.P("code.in_person", "in person"),
	"mode=video":                           text.P("code.video", "video"),
	"mode=phone":                           text.P("code.phone", "telephone"),
	"mode=hybrid":                          text.P("code.hybrid", "in person and video"),
	"left_early":                           text.P("code.left_early", "left early"),
	"late_and_left":                        text.P("code.late_and_left", "came late and left early"),
	"outcome=clear":                        text.P("code.clear", "clear"),
	"outcome=discuss":                      text.P("code.discuss", "to be discussed with a supervisor"),
	"stop_joint":                           text.P("code.stop_joint", "no joint sessions"),
	"fit_individual_only":                  text.P("code.individual_only", "a fit, for individual work only"),
	"decision=not_now":                     text.P("code.not_now", "not now"),
	"decision=refer_out":                   text.P("code.refer_out", "referred to somebody else"),
	"not_a_fit":                            text.P("code.not_a_fit", "not a fit"),
	"client_declined":                      text.P("code.client_declined", "the client declined"),
	"in_force":                             text.P("code.in_force", "in force"),
	"not_kept":                             text.P("code.not_kept", "not kept"),
	"on_screen_alone":                      text.P("code.on_screen", "on the screen, alone"),
	"with_coach":                           text.P("code.with_coach", "with the coach"),
	"not_wanted":                           text.P("code.not_wanted", "not wanted"),
})
