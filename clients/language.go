package clients

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// LanguageWords is the name of a language that is kept by its code: "sv" is Swedish.
// What LanguageCode would not find again stays as it is.
func LanguageWords(code string) string {
	tag, err := language.Parse(code)
	if code == "" || err != nil {
		return code
	}
	if name := display.English.Tags().Name(tag); LanguageCode(name) == code {
		return name
	}
	return code
}

// LanguageCode finds the code of a language by its name in English or in itself. What is
// no name stays as it is, so that a code may be written too.
func LanguageCode(words string) string {
	words = strings.TrimSpace(words)
	if _, err := language.Parse(words); err == nil || words == "" {
		return words
	}
	wanted := Fold(words)
	for _, tag := range display.Supported.Tags() {
		if Fold(display.English.Tags().Name(tag)) == wanted || Fold(display.Self.Name(tag)) == wanted {
			return tag.String()
		}
	}
	for _, base := range display.Supported.BaseLanguages() {
		if tag := language.Make(base.String()); Fold(display.English.Tags().Name(tag)) == wanted {
			return base.String()
		}
	}
	return words
}
