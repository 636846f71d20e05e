// Package releaseui asks for a partner's release of something of their own, and takes one
// back: who, when, how much, how it was given, and until when.
package releaseui

import (
	"context"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// Store keeps releases: clients.Store.
type Store interface {
	GiveReleases(ctx context.Context, all []clients.Release) error
	WithdrawRelease(ctx context.Context, couple ids.ID, partner clients.Slot, item ids.ID, on day.Day, way string) (ids.ID, error)
}

// Item is what a partner releases.
type Item struct {
	Record  kit.Record
	Partner clients.Slot
	ID      ids.ID
	Sees    []kit.Field                     // exactly what becomes visible
	Scope   func() []string                 // the channels that were chosen, nil for the whole; may be nil
	Before  func(ctx context.Context) error // done first, may be nil
}

func (x Item) name() string { return x.Record.Header.Partner(x.Partner).Short }

// Give asks for the release and stores it.
func Give(env kit.Env, s Store, x Item, then func()) { GiveAll(env, s, x, []ids.ID{x.ID}, then) }

// GiveAll is Give for several things of one decision.
func GiveAll(env kit.Env, s Store, x Item, items []ids.ID, then func()) {
	given, until, way := kit.NewDateField(env.Today, nil), kit.NewDateField(env.Today, nil), kit.NewEntry(text.T("quizzes.way_hint", "said in the session"))
	given.SetValue(day.Day(env.Today()))
	way.SetText(text.T("quizzes.way", "said in the session"))
	other := x.Record.Header.Partner(x.Partner.Other()).Short
	fields := append([]kit.Field{}, x.Sees...)
	fields = append(fields,
		kit.Field{Key: "means", Widget: kit.Paragraph(text.T("release.means", "%s, and both together, see it from now on: in this record, in search and in reports. It ends with the engagement, on the day below, or when it is taken back.", other))},
		kit.Field{Key: "given_on", Label: text.T("release.given_on", "Given on"), Widget: given, Half: true},
		kit.Field{Key: "expires_on", Label: text.T("release.expires_on", "Until, if not to the engagement's end"), Widget: until, Half: true},
		kit.Field{Key: "way", Label: text.T("quizzes.how_given", "How %s gave it", x.name()), Widget: way})
	env.Dialogs.Form(text.T("release.title", "%s lets %s see this", x.name(), other), text.T("release.ok", "Release"), kit.NewForm(fields...), func(ctx context.Context) (err error) {
		r := clients.Release{CoupleID: x.Record.Couple, Partner: x.Partner, State: clients.StateGiven, Way: strings.TrimSpace(way.Text)}
		if r.GivenOn, err = given.FieldValue("given_on"); err != nil {
			return err
		}
		if r.ExpiresOn, err = until.FieldValue("expires_on"); err != nil {
			return err
		}
		if r.Way == "" {
			return fault.Input("way", text.T("release.need_way", "Say how it was given."))
		}
		if x.Scope != nil {
			r.Channels = x.Scope()
		}
		if x.Before != nil {
			if err := x.Before(ctx); err != nil {
				return err
			}
		}
		all := make([]clients.Release, len(items))
		for i, id := range items {
			all[i], all[i].ItemID = r, id
		}
		return s.GiveReleases(ctx, all)
	}, func() {
		env.Messages.Toast(text.T("release.done", "Released."))
		if then != nil {
			then()
		}
	})
}

// Withdraw asks when and how a partner took a release back, and stores that.
func Withdraw(env kit.Env, s Store, x Item, then func()) {
	on, way, form := Withdrawal(env, "given_on")
	env.Dialogs.Form(text.T("release.withdraw_title", "%s takes a release back", x.name()), text.T("release.withdraw", "Withdraw"), form, func(ctx context.Context) error {
		taken, err := on.FieldValue("given_on")
		if err != nil {
			return err
		}
		_, err = s.WithdrawRelease(ctx, x.Record.Couple, x.Partner, x.ID, taken, way.Text)
		return err
	}, func() {
		env.Messages.Toast(text.T("release.withdrawn", "Withdrawn. It is closed again from now on."))
		if then != nil {
			then()
		}
	})
}

// Withdrawal is the form of when and how something was taken back; key is what the rule
// calls the day.
func Withdrawal(env kit.Env, key string) (*kit.DateField, *kit.Entry, *kit.Form) {
	on, way := kit.NewDateField(env.Today, nil), kit.NewEntry("")
	on.SetValue(day.Day(env.Today()))
	way.SetText(text.T("release.by_coach", "told the coach"))
	return on, way, kit.NewForm(
		kit.Field{Key: key, Label: text.T("sign.withdrawn_on", "Withdrawn on"), Widget: on, Half: true},
		kit.Field{Key: "way", Label: text.T("sign.way", "How"), Widget: way, Half: true})
}
