package shareui

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// Commands are the page's in the menu and the palette.
func Commands(d Deps) []kit.Command {
	shared := func() bool { _, is := d.Sharing.State(); return is }
	return []kit.Command{
		{
			ID: "sharing.share", Title: text.T("cmd.share", "Share this casebook…"), Menu: "file",
			Enabled: func() bool { return !shared() && d.Sharing.Place() != "" }, Run: func() { Ask(d) },
		},
		{ID: "sharing.open", Title: text.T("cmd.sharing", "Sharing: how it stands"), Menu: "file", Enabled: shared, Run: func() { d.Nav.Go(kit.Route{Page: PageID}) }},
	}
}

// Ask says what sharing does and asks for the folder. A casebook that lies in such a
// folder itself has to be moved first.
func Ask(d Deps) {
	if d.OfferMove() {
		return
	}
	folder, called := kit.NewEntry(""), kit.NewEntry("")
	s, shared := d.Sharing.State()
	if shared {
		folder.SetText(s.Folder)
	}
	called.SetText(d.Sharing.Called())
	choose := kit.Secondary(text.T("files.browse", "Browse…"), func() {
		d.Files.Folder(text.T("sharing.folder_title", "The folder to share through"), folder.SetText)
	})
	form := kit.NewForm(
		kit.Field{Widget: kit.Paragraph(explained())},
		kit.Field{Key: "folder", Label: text.T("sharing.pick", "Folder that your file service keeps in step"), Widget: kit.Frame(nil, nil, folder, choose, nil), Hint: text.T("sharing.pick_hint", "In Dropbox, OneDrive, iCloud Drive, Google Drive, Nextcloud, Syncthing, on a network drive or a USB stick")},
		kit.Field{Key: "name", Label: text.T("sharing.name", "This computer is called"), Widget: called, Hint: text.T("sharing.name_hint", "So the others know whose changes they see")},
	)
	d.Dialogs.Form(text.T("sharing.ask_title", "Share this casebook"), text.T("sharing.ask_ok", "Share"), form, func(ctx context.Context) error {
		path := filepath.Clean(strings.Trim(strings.TrimSpace(folder.Text), `"'`))
		if !filepath.IsAbs(path) {
			return fault.Input("folder", text.T("sharing.no_folder", "Choose the folder, or write its whole path."))
		}
		return d.Sharing.Share(ctx, path, strings.TrimSpace(called.Text))
	}, func() {
		d.Messages.Toast(text.T("sharing.done", "The casebook is shared. On the other computers choose “Join a shared casebook…”."))
		d.Nav.Go(kit.Route{Page: PageID})
	})
}

// explained says what happens, in four sentences.
func explained() string {
	return text.T("sharing.explained", "Couplet puts a sealed copy of the casebook into the folder, and from then on a small sealed file for every change. "+
		"The file service carries them and cannot read them: they open with your passphrase alone. "+
		"Your own casebook stays where it is, and each colleague gets one of their own that works without a network, too. "+
		"What several of you change is merged, and nothing is lost.")
}
