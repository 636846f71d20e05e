package reports

import "github.com/couplet-app/couplet/internal/text"

// Spot is a kind of place in a document.
type Spot int

// The spots.
const (
	AtTitle Spot = iota
	AtSubtitle
	AtFooter
	AtCover
	AtHeading
	AtText
	AtListItem
	AtTableHead
	AtTableRow
	AtTableNote
	AtFacts
	AtChart
	AtCaption
	AtData
	AtLetter
)

// Place is a spot in words, n (from 1) where it is one of several: for whoever must find
// what the leak check found or what was replaced.
func Place(s Spot, n int) string {
	switch s {
	case AtTitle:
		return text.T("spot.title", "title")
	case AtSubtitle:
		return text.T("spot.subtitle", "subtitle")
	case AtFooter:
		return text.T("spot.footer", "footer")
	case AtCover:
		return text.T("spot.cover", "cover")
	case AtHeading:
		return text.T("spot.heading", "heading")
	case AtListItem:
		return text.T("spot.item", "list item %d", n)
	case AtTableHead:
		return text.T("spot.table_head", "table head")
	case AtTableRow:
		return text.T("spot.row", "table row %d", n)
	case AtTableNote:
		return text.T("spot.table_note", "table note")
	case AtFacts:
		return text.T("spot.facts", "facts")
	case AtChart:
		return text.T("spot.chart", "chart")
	case AtCaption:
		return text.T("spot.caption", "chart caption")
	case AtData:
		return text.T("spot.data", "chart data")
	case AtLetter:
		return text.T("spot.letter", "letter")
	}
	return text.T("spot.text", "text")
}
