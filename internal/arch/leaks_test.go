package arch

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A leak is planted by one change of a source file, built over it for one run of the tests
// that have to catch it. A change whose place is no longer there fails, so that none of
// these rots.
type leak struct {
	name     string
	file     string
	old, new string
	pkg, run string
}

var leaks = []leak{
	{
		"a partner sees what is the coach's", "clients/audience.go",
		`IN ('joint', 'partner_A') AND %[3]s)`,
		`IN ('joint', 'partner_A', 'coach_only') AND %[3]s)`,
		"cmd/coupletctl", "PlantedTokensOnTheCommandLine",
	},
	{
		"what concerns safety follows its visibility", "clients/audience.go",
		`return fmt.Sprintf("(%s.sensitivity IN ('normal', 'sensitive') AND %s)", x, open)`,
		`return fmt.Sprintf("(%s.sensitivity <> '' AND %s)", x, open)`,
		"cmd/coupletctl", "PlantedTokensOnTheCommandLine",
	},
	{
		"a third person's data is for both", "clients/audience.go",
		`%[1]s.subject <> 'third_party' AND ((`,
		`%[1]s.subject <> '' AND ((`,
		"cmd/coupletctl", "PlantedTokensOnTheCommandLine",
	},
	{
		"a release counts after its end", "clients/audience.go",
		`r.expires_on >= '%[1]s'`,
		`r.expires_on <> ''`,
		"clients", "PV18|PV48",
	},
	{
		"a withdrawal leaves what it opened", "clients/audience.go",
		`AND g.partner = '%[2]s' AND g.state = 'given') OR %[4]s)`,
		`AND g.partner = '%[2]s' AND g.state = 'given') OR 1 OR %[4]s)`,
		"clients", "PV18|PV48|PV16",
	},
	{
		"search counts what it does not show", "internal/search/query.go",
		"where += ` AND ` + g",
		"where += ` AND (1 OR ` + g + `)`",
		"internal/search", "EveryReaderFinds",
	},
	{
		"a joint profile shows what one of them released", "reports/section_profile.go",
		`if f.joint() && !f.both(all, c.Code) {`,
		`if false {`,
		"reports", "PV04",
	},
	{
		"the couple's count stands beside one's own", "sessions/practices/store_read.go",
		`p.Target == ToBoth && aud.Slot() == ""`,
		`p.Target == ToBoth`,
		"sessions/practices", "PV05|Adherence|Board|Count",
	},
	{
		"a stop tells itself from a pause", "clients/joint.go",
		`return JointState{Verdict: JointOnHold} // nothing that a pause would not show`,
		`return JointState{Verdict: JointOnHold, Due: due} // nothing that a pause would not show`,
		"clients", "PV31",
	},
	{
		"a file is shown although its holder is not", "clients/attachment.go",
		`OR NOT %[3]s`,
		`OR 0 AND NOT %[3]s`,
		"clients", "PV15",
	},
	{
		"clients read the history", "clients/changes/history.go",
		`if !aud.IsCoach() {`,
		`if aud == (clients.Audience{}) {`,
		"cmd/couplet", "PlantedTokensInTheWindow",
	},
	{
		"a partner's file tells of the other's traces", "clients/traces/store.go",
		"selectLine+`t.deleted = 0 AND (t.person_id = ?1 OR (t.person_id IS NULL AND `",
		"selectLine+`t.deleted = 0 AND (t.person_id = ?1 OR (1 AND `",
		"clients/traces", "PV49",
	},
	{
		"the shared screen keeps the coach's lens", "ui/kit/shield.go",
		`if s.On() && (s.present || !l.IsClient()) {`,
		`if s.On() && s.present {`,
		"cmd/couplet", "PV12",
	},
}

// TestPlantedLeaksAreCaught breaks the walls one by one, each in another way, and holds
// the tests to noticing it.
func TestPlantedLeaksAreCaught(t *testing.T) {
	if os.Getenv("COUPLET_LEAKS") == "" {
		t.Skip("builds the program once for each leak: make leaks runs it")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range leaks {
		t.Run(strings.ReplaceAll(l.name, " ", "_"), func(t *testing.T) {
			out, err := planted(t, root, l)
			if err == nil {
				t.Fatalf("planted in %s and not caught by %s of %s", l.file, l.run, l.pkg)
			}
			if !strings.Contains(out, "--- FAIL: Test") {
				t.Fatalf("the tests did not run: %s", out)
			}
			t.Log(first(out, 400))
		})
	}
}

// planted runs the tests over the changed file.
func planted(t *testing.T, root string, l leak) (string, error) {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(l.file))
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(src), l.old); n != 1 {
		t.Fatalf("%q stands %d times in %s", l.old, n, l.file)
	}
	dir := t.TempDir()
	changed, overlay := filepath.Join(dir, "changed.go"), filepath.Join(dir, "overlay.json")
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {path: changed}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(changed, []byte(strings.Replace(string(src), l.old, l.new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, replace, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "test", "-tags", tags, "-overlay", overlay, "-count=1", "-run", l.run, "./"+l.pkg)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// first is the beginning of what a failing test says.
func first(out string, n int) string {
	if i := strings.Index(out, "--- FAIL"); i >= 0 {
		out = out[i:]
	}
	return out[:min(n, len(out))]
}
