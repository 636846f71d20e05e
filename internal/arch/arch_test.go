// Package arch holds the rules of the house: which code may know which.
package arch

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	module = "github.com/couplet-app/couplet"
	tags   = "sqlite_fts5,migrated_fynedo"
)

type pkg struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-tags", tags, "-json=ImportPath,Imports", module+"/...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p pkg
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		p.ImportPath = strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		all = append(all, p)
	}
	if len(all) < 20 {
		t.Fatalf("only %d packages found", len(all))
	}
	return all
}

func in(path string, roots ...string) bool {
	for _, r := range roots {
		if path == r || strings.HasPrefix(path, r+"/") {
			return true
		}
	}
	return false
}

func domain(path string) bool { return in(path, "clients", "sessions", "reports") }

// broken names the rule that an import breaks, "" for none.
func broken(from, to string) string {
	own, isOwn := strings.CutPrefix(to, module+"/")
	switch {
	case to == "fyne.io/fyne/v2/app" && from != "cmd/couplet":
		return "1: fyne's app only in cmd/couplet"
	case strings.HasPrefix(to, "fyne.io/") && from != "cmd/couplet" && !in(from, "ui"):
		return "2: fyne only in cmd/couplet and ui"
	case in(from, "ui") && from != "ui/uitest" && (to == "database/sql" || strings.Contains(to, "go-sqlite3") || (isOwn && in(own, "internal/casebook"))):
		return "3: no database in ui"
	case strings.Contains(to, "gofpdf") && from != "reports/pdf":
		return "6: gofpdf only in reports/pdf"
	}
	if !isOwn {
		return ""
	}
	switch {
	case in(from, "clients") && domain(own) && !in(own, "clients"):
		return "4: clients imports no other domain"
	case in(from, "sessions") && in(own, "reports"):
		return "4: only ui and cmd import reports"
	case in(from, "sessions/quizzes", "sessions/practices") && in(own, "sessions") && !in(own, from):
		return "4: a part of sessions does not import another"
	case in(from, "internal") && !in(from, "internal/sample") && (domain(own) || in(own, "ui")):
		return "5: internal imports no domain"
	case in(own, "reports") && !in(from, "ui", "cmd", "reports", "internal/sample"):
		return "4: only ui and cmd import reports"
	}
	return ""
}

func TestWhichWayThingsPoint(t *testing.T) {
	for _, p := range packages(t) {
		for _, to := range p.Imports {
			if rule := broken(p.ImportPath, to); rule != "" {
				t.Errorf("%s imports %s (rule %s)", p.ImportPath, to, rule)
			}
		}
	}
}

func TestTheRulesCatchWhatTheyForbid(t *testing.T) {
	for _, c := range [][2]string{
		{"ui/kit", "fyne.io/fyne/v2/app"},
		{"reports", "fyne.io/fyne/v2"},
		{"ui/coupleui", "database/sql"},
		{"ui/coupleui", module + "/internal/casebook"},
		{"clients", module + "/sessions"},
		{"internal/search", module + "/clients"},
		{"reports", "github.com/jung-kurt/gofpdf"},
	} {
		if broken(c[0], c[1]) == "" {
			t.Errorf("%s may import %s", c[0], c[1])
		}
	}
}

// TestNoSleepNoClockNoLooseGoroutine reads the sources for rule 7.
func TestNoSleepNoClockNoLooseGoroutine(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		rel = filepath.ToSlash(rel)
		if d.IsDir() && (strings.HasPrefix(rel, ".git") || rel == "build" || rel == "warm") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(rel, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		inDomain := domain(rel) && !strings.HasSuffix(rel, "_test.go")
		inUI := in(rel, "ui") && !strings.HasPrefix(rel, "ui/kit/runner") && !strings.HasPrefix(rel, "ui/uitest/") && !strings.HasSuffix(rel, "_test.go")
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				if inUI {
					t.Errorf("%s: a go statement in ui outside the Runner (rule 7)", rel)
				}
			case *ast.SelectorExpr:
				switch x, _ := n.X.(*ast.Ident); {
				case x == nil:
				case x.Name == "time" && n.Sel.Name == "Sleep":
					t.Errorf("%s: time.Sleep (rule 7)", rel)
				case x.Name == "time" && n.Sel.Name == "Now" && inDomain:
					t.Errorf("%s: time.Now in a domain package (rule 7)", rel)
				case x.Name == "fyne" && strings.HasPrefix(n.Sel.Name, "Do") && inUI:
					t.Errorf("%s: fyne.%s in ui outside the Runner (rule 7)", rel, n.Sel.Name)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
