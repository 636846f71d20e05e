// Package glyph prepares text for drawing: it decides for every run of a text by
// which embedded face it is drawn, whether it must be shaped first, and what is
// written instead of a character that no face can draw. What is replaced is
// listed, so that a reader of the list knows before the page leaves:
// nothing becomes a silent box and nothing panics.
package glyph

// Reason says why a text could not be drawn as it stands.
type Reason string

// The reasons for a substitution.
const (
	NoFace  Reason = "no_face"  // no embedded face has the character
	Emoji   Reason = "emoji"    // a picture character
	BadText Reason = "bad_text" // bytes that are not UTF-8, or control characters
	Latin   Reason = "latin"    // the entered Latin form stands for the name
)

// Substitution is one replacement in a drawn text, for the list that is shown
// before export.
type Substitution struct {
	Where  string // the place in words: "Cover", "Goals, table row 3"
	Text   string // what was written
	With   string // what is drawn instead
	Reason Reason
	Count  int // how often at that place
}
