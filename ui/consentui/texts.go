package consentui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// joined are words that say something, in a row.
func joined(words ...string) string {
	var out []string
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	return strings.Join(out, " · ")
}

// TextStore keeps the texts that clients sign: clients.Store.
type TextStore interface {
	ConsentTexts(ctx context.Context) ([]clients.ConsentText, error)
	AddConsentText(ctx context.Context, t clients.ConsentText) (ids.ID, error)
}

// Texts is the card of the settings with the texts that clients sign.
type Texts struct {
	widget.BaseWidget
	env     kit.Env
	store   TextStore
	load    *kit.Loader[[]clients.ConsentText]
	lines   *fyne.Container
	buttons kit.Acts
	body    fyne.CanvasObject
}

// NewTexts builds the card without any I/O.
func NewTexts(env kit.Env, s TextStore) *Texts {
	t := &Texts{env: env, store: s, load: kit.NewLoader[[]clients.ConsentText](env.Runner, env.Messages), lines: kit.VBox(6), buttons: kit.Acts{}}
	t.body = kit.TitledCard(text.T("consenttext.cards", "Texts that clients sign"), nil, kit.VBox(10,
		kit.Hint(text.T("consenttext.hint", "A version never changes once it is there: a change is a new version, and each signature says which one it is of. What ships is a beginning, not legal advice.")), t.lines))
	t.ExtendBaseWidget(t)
	return t
}

// CreateRenderer is Fyne's.
func (t *Texts) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.body) }

// Parts lets tests and focus look inside.
func (t *Texts) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{t.body} }

// Stands loads the texts.
func (t *Texts) Stands() { t.load.Load(t.store.ConsentTexts, t.fill) }

func (t *Texts) fill(all []clients.ConsentText) {
	t.lines.RemoveAll()
	newest := map[string]bool{} // by purpose and language: the first of each is the newest
	for _, x := range all {
		key := x.Purpose + x.Version + x.Language
		words := joined(clients.PurposeWords(x.Purpose), text.T("purpose.text_version", "version %s", x.Version), clients.LanguageWords(x.Language))
		actions := []fyne.CanvasObject{t.buttons.Quiet("read "+key, text.T("consenttext.read", "Read"), func() { t.read(x) })}
		if kind := x.Purpose + x.Language; !newest[kind] {
			newest[kind] = true
			actions = append(actions, t.buttons.Quiet("new "+key, text.T("consenttext.new", "New version…"), func() { t.write(x) }))
		}
		t.lines.Add(kit.Beside(kit.Paragraph(words), actions...))
	}
	t.lines.Refresh()
	t.Refresh()
}

func (t *Texts) read(x clients.ConsentText) {
	words := kit.VBox(8, kit.Bold(x.Title), kit.Paragraph(x.Body))
	words.Resize(fyne.NewSize(460, 0)) // wrapped text knows its height only at its width
	t.env.Dialogs.Open(kit.Dialog{Title: clients.PurposeWords(x.Purpose), Content: kit.NewReader(kit.Insets(0, 4, 0, 14, words), min(max(60, words.MinSize().Height+8), 400))})
}

// write makes a new version of a text, or the first in another language.
func (t *Texts) write(x clients.ConsentText) {
	version, lang, title, body := kit.NewEntry("2026-2"), kit.NewEntry(text.T("person.language_hint", "English")), kit.NewEntry(""), kit.NewArea("", 10)
	lang.SetText(clients.LanguageWords(x.Language))
	title.SetText(x.Title)
	body.SetText(x.Body)
	form := kit.NewForm(
		kit.Field{Key: "version", Label: text.T("consenttext.name", "Name of the version"), Widget: version, Half: true},
		kit.Field{Key: "language", Label: text.T("person.language", "Language"), Widget: lang, Half: true},
		kit.Field{Key: "title", Label: text.T("consenttext.heading", "Title"), Widget: title},
		kit.Field{Key: "body", Label: text.T("consenttext.words", "What they sign"), Widget: body})
	t.env.Dialogs.Form(clients.PurposeWords(x.Purpose), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		_, err := t.store.AddConsentText(ctx, clients.ConsentText{Purpose: x.Purpose, Version: version.Text, Language: clients.LanguageCode(lang.Text), Title: title.Text, Body: body.Text})
		return err
	}, t.Stands)
}
