package quizzes

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"

	"github.com/couplet-app/couplet/assets"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

const shippedFolder = "content/instruments"

// shippedOrder is the order in which lists show the quizzes that come with the program.
var shippedOrder = []string{"icp-18", "pulse", "signs", "csi-4", "csi-16", "ras", "kmss", "qmi"}

var shipped = sync.OnceValues(func() ([]*Definition, error) {
	var all []*Definition
	for _, id := range shippedOrder {
		document, err := assets.Content.ReadFile(path.Join(shippedFolder, id+".json"))
		if err != nil {
			return nil, err
		}
		d, err := Parse(document)
		if err != nil {
			return nil, fmt.Errorf("shipped quiz %s: %w", id, err)
		}
		all = append(all, d)
	}
	return all, nil
})

// Shipped lists the quizzes that come with the program. They are shared: do not
// change them.
func Shipped() []*Definition {
	all, err := shipped()
	if err != nil {
		// The files are compiled in and tested; a program without them is broken.
		panic(err)
	}
	return all
}

// ByID is a shipped quiz; an unknown id is fault.NotFound and the hint lists the known ones.
func ByID(id string) (*Definition, error) {
	for _, d := range Shipped() {
		if d.ID == id {
			return d, nil
		}
	}
	return nil, fault.New(fault.NotFound,
		text.T("quiz.unknown", "There is no quiz called %q.", id),
		text.T("quiz.unknown_hint", "Use one of %s, or the path of a definition file.", strings.Join(shippedOrder, ", ")))
}

// Load is a shipped quiz by its id, or a definition read from a file.
func Load(idOrPath string) (*Definition, error) {
	d, unknown := ByID(idOrPath)
	if unknown == nil {
		return d, nil
	}
	document, err := os.ReadFile(idOrPath)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, unknown
	}
	if err != nil {
		return nil, err
	}
	return Parse(document)
}
