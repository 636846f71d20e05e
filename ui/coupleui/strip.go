package coupleui

import (
	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/accessui"
	"github.com/couplet-app/couplet/ui/kit"
)

// showStrip says above the record why it can be seen where it is not one's own, and who
// else can see it where it is. It is never there while a client's lens is on.
func (r *record) showStrip(o opened) {
	r.strip.RemoveAll()
	r.lend.Hidden = o.standing.Lent != nil || o.standing.Broken
	if w := standingWords(o.standing); w != "" {
		r.strip.Add(kit.Banner(w))
	}
	if r.isCoach() && r.deps.writes() && o.standing.Lent == nil && !o.standing.Broken {
		for _, l := range o.lent {
			line := kit.Banner(text.T("record.lent", "%s can see this record: %s.", l.Coach, accessui.Words(l)),
				kit.Quiet(text.T("access.end", "End now"), func() { accessui.End(r.deps.Access, l, func() { r.show(r.id, r.route) }) }))
			r.strip.Add(line)
		}
	}
	if len(r.strip.Objects) == 0 {
		r.strip.Hide()
		return
	}
	r.strip.Show()
	r.strip.Refresh()
}

// standingWords say why a record that is not one's own can be seen; "" for one's own.
func standingWords(s clients.Standing) string {
	switch {
	case s.Broken:
		return text.T("record.glass", "You opened this record of another coach with a reason. It closes when you lock, and at the end of the day; its coaches and the owner read why.")
	case s.Lent == nil:
		return ""
	case s.Lent.Kind == clients.HandOver:
		return text.T("record.handed_over", "%s handed this record over to you until %s. Then it closes by itself.", s.Lent.ByName, s.Lent.Until.Words())
	case s.Lent.Veiled:
		return text.T("record.supervised_veiled", "%s gave you this record for supervision. You read, and change nothing; pseudonyms stand in the place of the names.", s.Lent.ByName)
	}
	return text.T("record.supervised", "%s gave you this record for supervision. You read, and change nothing.", s.Lent.ByName)
}

func (r *record) supervise() {
	accessui.Supervise(r.deps.Access, r.id, func() { r.show(r.id, r.route) })
}

func (r *record) handOver() { accessui.HandOver(r.deps.Access, r.id, func() { r.show(r.id, r.route) }) }
