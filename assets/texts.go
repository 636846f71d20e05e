package assets

import (
	"encoding/json"
	"io/fs"
	"strings"
	"sync"
)

// Texts are all texts of the shipped content and all that the program says, for the check that tells a shipped
// sentence from a client's.
func Texts() ([]string, error) { return texts() }

var texts = sync.OnceValues(func() ([]string, error) {
	var out []string
	err := fs.WalkDir(Content, "content", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".json") {
			return err
		}
		b, err := Content.ReadFile(path)
		if err != nil {
			return err
		}
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			return err
		}
		collect(v, &out)
		return nil
	})
	if err != nil {
		return nil, err
	}
	var own map[string]string
	err = json.Unmarshal(says, &own)
	for _, s := range own {
		out = append(out, s)
	}
	return out, err
})

func collect(v any, out *[]string) {
	switch v := v.(type) {
	case string:
		*out = append(*out, v)
	case []any:
		for _, x := range v {
			collect(x, out)
		}
	case map[string]any:
		for _, x := range v {
			collect(x, out)
		}
	}
}
