package clients

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// MaxFileName is how long the name of an attachment can be, in letters.
const MaxFileName = 200

// Attachment is a file that is kept with a couple, or with one item of theirs: its holder.
// Nobody sees it who may not see the holder (rule PV-15).
type Attachment struct {
	ID       ids.ID
	CoupleID ids.ID
	Holder   ids.ID // zero: the couple's record itself
	Kind     string // the holder's table, "" for the record
	Name     string // of the file, as it was given
	Media    string // its media type, by the look of its content
	Size     int64
	At       time.Time
	Access
	Here bool // the content has come to this computer, too
}

// NewAttachment says what to keep a file with, and for whom. The zero Access is the
// holder's, or the coach alone for a couple's record.
type NewAttachment struct {
	CoupleID ids.ID
	Holder   ids.ID
	Name     string
	Access
}

// fileName is a name without what no name of a file has.
func fileName(s string) (string, error) {
	s = strings.TrimSpace(OneLine(s))
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	switch {
	case s == "" || s == "." || s == "..":
		return "", fault.Input("name", text.T("clients.file_name", "The file needs a name."))
	case utf8.RuneCountInString(s) > MaxFileName:
		return "", fault.Input("name", text.T("clients.too_long", "This has room for %d characters.", MaxFileName))
	}
	return s, nil
}

// attachmentGate is Gate for attachment x: it must be open itself, and so must every part of
// what holds it. What lies in the recycle bin with its holder or its record is shown to nobody.
func (a Audience) attachmentGate(x string) string {
	return fmt.Sprintf(`(%[1]s AND EXISTS (SELECT 1 FROM couple k WHERE k.id = %[2]s.couple_id AND k.deleted = 0) AND (%[2]s.holder_id IS NULL OR EXISTS (SELECT 1 FROM attachment_holder h WHERE h.tbl = %[2]s.holder_tbl AND h.id = %[2]s.holder_id)
 AND NOT EXISTS (SELECT 1 FROM attachment_holder h WHERE h.tbl = %[2]s.holder_tbl AND h.id = %[2]s.holder_id AND (h.deleted <> 0 OR NOT %[3]s))))`, a.Gate(x), x, a.GateOn("h", "h.item_id"))
}

// within is the access of what is held by items of accesses of: the strictest of all, whose
// data any of it is.
func within(of []Access) Access {
	out := of[0]
	for _, x := range of[1:] {
		out = out.and(x)
	}
	return out
}

func (x Access) and(y Access) Access {
	if x.Subject != y.Subject {
		x.Subject = SubjectBoth
		if y.Subject == SubjectThird {
			x.Subject = SubjectThird
		}
	}
	x.Visibility = narrower(x.Visibility, y.Visibility)
	strict := map[Sensitivity]int{Normal: 1, Sensitive: 2}
	if a, b := strict[x.Sensitivity], strict[y.Sensitivity]; a == 0 || b == 0 {
		x.Sensitivity = Safety
	} else if cmp.Compare(b, a) > 0 {
		x.Sensitivity = y.Sensitivity
	}
	if x.Sensitivity == Safety {
		x.Visibility = CoachOnly
	}
	return x
}

// narrower is what two visibilities both show.
func narrower(a, b Visibility) Visibility {
	switch {
	case a == b || b == Joint:
		return a
	case a == Joint:
		return b
	}
	return CoachOnly
}
