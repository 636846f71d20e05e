package ui

import "github.com/couplet-app/couplet/ui/kit"

// Page is one kind of thing that the window can show. A place stands in the rail, in
// order, and has Ctrl and its number.
type Page struct {
	ID    string
	Title string
	Icon  kit.IconName
	Place bool
	// Neutral says that it holds nothing of clients and is shown as it is while the screen
	// is shared. OfRecord says that a route to a record can be shown as its clients see it.
	// Every other page is covered then.
	Neutral  bool
	OfRecord bool
	// Build makes the view at the first visit, without any I/O.
	Build func() kit.View
	// Commands can be run from anywhere, built or not.
	Commands []kit.Command
}
