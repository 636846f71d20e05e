package text_test

import (
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/text"
)

var update = flag.Bool("update", false, "write assets/translations/en.json from the code")

const root = "../.."

// TestEveryTextStandsInTheTranslations collects the keys and the English of the whole
// program and holds assets/translations/en.json, from which translators work, to them.
// Run it with -update after a text was added or changed.
func TestEveryTextStandsInTheTranslations(t *testing.T) {
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "build" || d.Name() == "warm") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for key, english := range textsOf(f) {
			if was, ok := found[key]; ok && was != english {
				t.Errorf("%s: key %s says %q here and %q elsewhere", path, key, english, was)
			}
			found[key] = english
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 300 {
		t.Fatalf("only %d texts found: the search is broken", len(found))
	}
	file := filepath.Join(root, "assets", "translations", "en.json")
	if *update {
		out, err := json.MarshalIndent(found, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(out, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have := map[string]string{}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &have); err != nil {
		t.Fatal(err)
	}
	for _, key := range slices.Sorted(maps.Keys(found)) {
		if have[key] != found[key] {
			t.Errorf("%s is %q in the code and %q in en.json (run this test with -update)", key, found[key], have[key])
		}
	}
	for key := range have {
		if _, ok := found[key]; !ok {
			t.Errorf("%s stands in en.json and nowhere in the code", key)
		}
	}
}

// textsOf are the keys and English texts of one file: calls of text.T, text.P and text.N,
// also through a local name for them.
func textsOf(f *ast.File) map[string]string {
	names := map[string]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		if as, ok := n.(*ast.AssignStmt); ok && len(as.Lhs) == 1 && len(as.Rhs) == 1 {
			if fn := textFunc(as.Rhs[0]); fn != "" {
				names[as.Lhs[0].(*ast.Ident).Name] = fn
			}
		}
		return true
	})
	out := map[string]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		fn := textFunc(call.Fun)
		if id, ok := call.Fun.(*ast.Ident); ok && fn == "" {
			fn = names[id.Name]
		}
		switch {
		case (fn == "T" || fn == "P") && len(call.Args) >= 2:
			if key, english := literal(call.Args[0]), literal(call.Args[1]); key != "" {
				out[key] = english
			}
		case fn == "N" && len(call.Args) >= 4:
			if key := literal(call.Args[0]); key != "" {
				out[key+".one"], out[key+".many"] = literal(call.Args[2]), literal(call.Args[3])
			}
		}
		return true
	})
	return out
}

// textFunc is "T", "P" or "N" for text.T, text.P and text.N, "" for everything else.
func textFunc(e ast.Expr) string {
	if s, ok := e.(*ast.SelectorExpr); ok {
		if x, ok := s.X.(*ast.Ident); ok && x.Name == "text" && slices.Contains([]string{"T", "P", "N"}, s.Sel.Name) {
			return s.Sel.Name
		}
	}
	return ""
}

// literal is a string that stands in the code, also in several parts.
func literal(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		if err == nil {
			return s
		}
	case *ast.BinaryExpr:
		return literal(e.X) + literal(e.Y)
	}
	return ""
}

func TestTranslations(t *testing.T) {
	defer text.Use(nil)
	if got := text.T("x.y", "%d notes", 3); got != "3 notes" {
		t.Error(got)
	}
	text.Use(map[string]string{"x.y": "%d Notizen", "n.one": "eine", "n.many": "%d viele"})
	if got := text.T("x.y", "%d notes", 3) + text.N("n", 1, "one", "%d many") + text.N("n", 2, "one", "%d many"); got != "3 Notizeneine2 viele" {
		t.Error(got)
	}
	if got := text.T("other", "as in the code"); got != "as in the code" {
		t.Error(got)
	}
	table := text.Phrases(map[string]text.Phrase{"a b": text.P("n.one", "one"), "c": text.P("other", "as in the code")})
	if got := table["a"].String() + table["b"].String() + table["c"].String() + table["d"].String(); got != "eineeineas in the code" {
		t.Error(got)
	}
}

// TestWordsThatAreNotSaid holds the English to the words that Couplet never uses.
func TestWordsThatAreNotSaid(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(root, "assets", "translations", "en.json"))
	if err != nil {
		t.Fatal(err)
	}
	var have map[string]string
	if err := json.Unmarshal(b, &have); err != nil {
		t.Fatal(err)
	}
	delete(have, "report.cover_note") // it says what a report is not
	for key, s := range have {
		for _, word := range []string{"patient", "diagnos", "treatment", "failed", "invalid input", "dysfunction", "compliance"} {
			if strings.Contains(strings.ToLower(s), word) {
				t.Errorf("%s says %q: %s", key, word, s)
			}
		}
	}
}
