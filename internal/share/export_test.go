package share

import (
	"fmt"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/container"
)

// Texts are all values in a file of a shared folder, one a line.
func Texts(path string, key *vault.Key) (string, error) {
	c, err := openContents(path, container.Own(key))
	if err != nil {
		return "", err
	}
	defer c.close()
	records, err := c.append(nil)
	out := ""
	for _, r := range records {
		out += fmt.Sprintln(r.name, r.value)
		for _, c := range r.cells {
			out += fmt.Sprintln(c.value)
		}
	}
	return out, err
}
