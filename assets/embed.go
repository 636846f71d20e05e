// Package assets carries what ships inside the program.
package assets

import "embed"

// Content holds the shipped content below content/: quizzes, practices, question
// decks and templates, one folder each, as JSON.
//
//go:embed content
var Content embed.FS

// says holds the program's own sentences.
//
//go:embed translations/en.json
var says []byte
