package reports

import (
	"slices"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// strengthAndWish says first what there is most of, then the wish as an invitation.
func (f *facts) strengthAndWish(x span) string {
	p, d := *x.last.Profile, x.last.Definition
	var top []string
	most := 0.0
	for _, c := range d.Profile.Channels {
		if e := p.Channel(c.Code).Experienced; e != nil && *e >= 50 {
			if *e > most {
				top, most = nil, *e
			}
			if *e == most {
				top = append(top, c.Name)
			}
		}
	}
	var say []string
	if len(top) > 0 && len(top) <= 3 {
		say = append(say, text.T("report.strong", "What you felt most of: %s.", strings.Join(top, ", ")))
	}
	say = append(say, quizzes.LeadSentence(d, p))
	if len(p.Lead) > 0 && p.Lead[0] != quizzes.Balanced {
		if title := f.practiceFor(p.Lead[0]); title != "" {
			say = append(say, text.T("report.invite", "If you like, let **%s** be your way there.", Escape(title)))
		} else {
			say = append(say, text.T("report.invite_ask", "If you like, ask your coach for a practice that fits."))
		}
	}
	return strings.Join(say, " ")
}

// practiceForGap links a wish for more with one practice (rule R-02).
func (f *facts) practiceForGap(channel string, gap *float64) string {
	if gap == nil || *gap < 25 {
		return ""
	}
	return Escape(f.practiceFor(channel))
}

// practiceFor is one practice for a wish, the one that is most for it: one that the
// reader already has, or from the library a first one that nothing can lock. While joint
// work is closed it is one to be done alone.
func (f *facts) practiceFor(channel string) string {
	library, err := practices.All()
	if err != nil {
		return ""
	}
	together := f.mayJoin && f.header.Kind == clients.KindCouple
	var best *practices.Practice
	bestTheirs := false
	for _, p := range library {
		if !slices.Contains(p.Channels, channel) || p.Who != practices.Each && !together {
			continue
		}
		theirs := slices.ContainsFunc(f.board, func(g practices.Progress) bool { return g.Practice == p.ID })
		if !theirs && (p.Level != practices.Starter || len(p.Locks) > 0) {
			continue
		}
		if best == nil || len(p.Channels) < len(best.Channels) || len(p.Channels) == len(best.Channels) && theirs && !bestTheirs {
			best, bestTheirs = p, theirs
		}
	}
	if best == nil {
		return ""
	}
	return best.Title
}
