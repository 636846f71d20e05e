package clients_test

import (
	"testing"

	"github.com/couplet-app/couplet/clients"
)

func TestLanguagesAreReadAndWrittenByName(t *testing.T) {
	for code, name := range map[string]string{"en": "English", "sv": "Swedish", "ar": "Arabic", "nl": "Dutch", "zh": "Chinese", "zh-CN": "zh-CN", "": ""} {
		if got := clients.LanguageWords(code); got != name {
			t.Errorf("%q is called %q", code, got)
		}
		if got := clients.LanguageCode(name); got != code {
			t.Errorf("%q has the code %q", name, got)
		}
	}
	for words, code := range map[string]string{" swedish ": "sv", "Français": "fr", "nl": "nl", "zh-CN": "zh-CN", "Klingonish": "Klingonish"} {
		if got := clients.LanguageCode(words); got != code {
			t.Errorf("%q has the code %q, want %q", words, got, code)
		}
	}
}
