package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/glyph"
	"github.com/couplet-app/couplet/reports"
)

func render(t *testing.T, doc reports.Document) ([]byte, []reports.Substitution) {
	t.Helper()
	b, subs, err := Render(doc)
	if err != nil {
		t.Fatal(err)
	}
	return b, subs
}

func small1(blocks ...reports.Block) reports.Document {
	return reports.Document{Title: "Progress report", Date: "2026-08-01", Author: "Lindenhof", Blocks: blocks}
}

// tool runs a poppler or qpdf program over a PDF; a machine without it skips the test.
func tool(t *testing.T, pdf []byte, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip(name + " is not installed")
	}
	file := filepath.Join(t.TempDir(), "r.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range args {
		if args[i] == "FILE" {
			args[i] = file
		}
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	for _, size := range []reports.PageSize{reports.A4, reports.Letter} {
		first, _ := render(t, sample(size))
		for range 3 {
			again, _ := render(t, sample(size))
			if !bytes.Equal(first, again) {
				t.Fatal("two renderings differ")
			}
		}
	}
}

// TestAnotherProcessGivesTheSameBytes starts this test binary again.
func TestAnotherProcessGivesTheSameBytes(t *testing.T) {
	b, _ := render(t, sample(reports.A4))
	sum := sha256.Sum256(b)
	mine := hex.EncodeToString(sum[:])
	if os.Getenv("COUPLET_PDF_CHILD") == "1" {
		fmt.Println("sum", mine)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestAnotherProcessGivesTheSameBytes$")
	cmd.Env = append(os.Environ(), "COUPLET_PDF_CHILD=1", "TZ=Asia/Tokyo", "LANG=de_CH.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "sum "+mine) {
		t.Errorf("the other process wrote %s, this one %s", out, mine)
	}
}

func TestQpdfFindsNothing(t *testing.T) {
	b, _ := render(t, sample(reports.A4))
	if out := tool(t, b, "qpdf", "--check", "FILE"); strings.Contains(out, "WARNING") {
		t.Error(out)
	}
}

func TestTextsCanBeFoundInThePages(t *testing.T) {
	b, _ := render(t, sample(reports.A4))
	out := tool(t, b, "pdftotext", "-layout", "FILE", "-")
	for _, want := range []string{
		"Ana and Ben", "talked on most", "Ελένη και Νίκος", "Наталья и Игорь", "李小龙和王芳每天散步",
		"粗体汉字", "Zoë, Ğülşen, Łukasz", "ნინო", "अंजलि", "يوسف ومريم", "דנה ואבי", "[grinning face]", "Page 1 of ", "For Ana and Ben together",
	} {
		if !strings.Contains(strip(out), want) {
			t.Errorf("%q is not in the pages", want)
		}
	}
}

// strip drops the direction marks that pdftotext adds.
func strip(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\u202a' && r <= '\u202e' || r == '\u200e' || r == '\u200f' {
			return -1
		}
		return r
	}, s)
}

func TestChartsAreVectors(t *testing.T) {
	b, _ := render(t, sample(reports.A4))
	if out := tool(t, b, "pdfimages", "-list", "FILE"); strings.Count(strings.TrimSpace(out), "\n") > 1 {
		t.Error("the pages hold pictures:\n" + out)
	}
}

func TestFontsAreEmbeddedSubsets(t *testing.T) {
	b, _ := render(t, sample(reports.A4))
	out := tool(t, b, "pdffonts", "FILE")
	for _, want := range []string{"sourcesans3-regular", "sourcesans3-bold", "sourcesans3-italic", "droidsansfallbackfull"} {
		if !strings.Contains(out, want) {
			t.Errorf("%s is missing:\n%s", want, out)
		}
	}
	for _, l := range strings.Split(strings.TrimSpace(out), "\n")[2:] {
		if f := strings.Fields(l); f[len(f)-5] != "yes" {
			t.Errorf("not embedded: %s", l)
		}
	}
	if len(b) > 400_000 {
		t.Errorf("%d bytes: the faces are not subsets", len(b))
	}
}

func TestChineseFaceIsLoadedOnlyWhenNeeded(t *testing.T) {
	b, _ := render(t, small1(reports.Paragraph{Text: "Only Latin."}))
	if bytes.Contains(b, []byte("droid")) {
		t.Error("a Latin report carries the Chinese face")
	}
}

func TestPaperSizes(t *testing.T) {
	for size, want := range map[reports.PageSize]string{reports.A4: "595.28 x 841.89", reports.Letter: "612 x 792"} {
		b, _ := render(t, reports.Document{Title: "x", Date: "2026-08-01", Size: size, Blocks: []reports.Block{reports.Paragraph{Text: "x"}}})
		if out := tool(t, b, "pdfinfo", "FILE"); !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}

func TestMetadataComesFromTheDocument(t *testing.T) {
	b, _ := render(t, sample(reports.A4))
	out := tool(t, b, "pdfinfo", "-isodates", "FILE")
	for _, want := range []string{"Progress report", "Lindenhof Coaching", "2026-08-01T00:00:00"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	if strings.Contains(out, "Ana") {
		t.Error("the metadata name a client")
	}
}

func TestBookmarksLeadToTheSections(t *testing.T) {
	b, _ := render(t, sample(reports.A4))
	out := tool(t, b, "qpdf", "--json", "--json-key=outlines", "FILE")
	for _, want := range []string{"In brief", "Your six channels", "Week by week", "A letter"} {
		if !strings.Contains(out, `"title": "`+want+`"`) {
			t.Errorf("no bookmark %q", want)
		}
	}
}

func TestSubstitutionsAreListedWithTheirPlace(t *testing.T) {
	doc := small1(reports.Heading{Level: 1, Text: "Goals"}, reports.Paragraph{Text: "Well done 😀 ሙሉ"})
	doc.LatinForms = map[string]string{"ሙሉ": "Mulu"}
	b, subs := render(t, doc)
	want := []reports.Substitution{
		{Where: "Goals, text", Text: "ሙሉ", With: "Mulu", Reason: glyph.Latin, Count: 1},
		{Where: "Goals, text", Text: "😀", With: "[grinning face]", Reason: glyph.Emoji, Count: 1},
	}
	if fmt.Sprint(subs) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", subs, want)
	}
	if out := tool(t, b, "pdftotext", "FILE", "-"); !strings.Contains(out, "Well done [grinning face] Mulu") {
		t.Errorf("the page says %q", out)
	}
}

func TestADocumentWithoutADateIsRefused(t *testing.T) {
	if b, _, err := Render(reports.Document{Title: "x"}); err == nil || b != nil {
		t.Error("a document without a date was drawn")
	}
}

func TestAPanicBecomesAnError(t *testing.T) {
	b, _, err := Render(small1(reports.Table{Columns: []reports.Column{{Weight: 1}}, Rows: [][]string{{"x"}}}, (*panicking)(nil)))
	if err == nil || b != nil {
		t.Errorf("a panic gave %d bytes and %v", len(b), err)
	}
}

// panicking is a block that the renderer does not know.
type panicking struct{ reports.Spacer }

var absurd = []string{
	"", " ", "\n", strings.Repeat("W", 200), strings.Repeat("long words ", 900), "😀👩🏽‍🚀🇨🇭", "אבי (12) דנה", "يوسف", "李小龙" + strings.Repeat("长", 300),
	`<>&"` + "\n\\*", "**open", "***", "\xff\xfe\x00", "a\u00adb\u200bc", "अंजलि\u200d", "e\u0301\u0323", "\U0010ffff", "(((", "{nb}", "\u2028",
}

func TestAbsurdTextsEverywhere(t *testing.T) {
	for _, s := range absurd {
		items := []string{s, s}
		b, _, err := Render(reports.Document{
			Title: s, Subtitle: s, Reader: s, Author: s, Date: "2026-08-01", ID: s, LatinForms: map[string]string{s: s},
			Blocks: []reports.Block{
				reports.Cover{Title: s, Subtitle: s, Facts: []reports.KeyValue{{Key: s, Value: s}}, Note: s},
				reports.Heading{Level: 3, Text: s},
				reports.Heading{Level: 2, Text: s},
				reports.Heading{Level: 1, Text: s},
				reports.Paragraph{Text: s, Lead: true},
				reports.Paragraph{Text: s, Soft: true, Keep: true},
				reports.Bullets{Items: items, Ordered: true},
				reports.Table{Columns: []reports.Column{{Head: s}, {Head: s, Align: reports.Right}}, Rows: [][]string{items, {s}, {s, s, s}}, Note: s},
				reports.Table{Small: true, Columns: []reports.Column{{Head: s}, {Head: s}}, Rows: [][]string{items}},
				reports.KeyValues{Items: []reports.KeyValue{{Key: s, Value: s}}},
				reports.LetterText{Greeting: s, Text: s, Signature: s},
				reports.Chart{Figures: []chart.Figure{radar(200, chart.A, s, nums(1, 2, 3, 4, 5, -1), nil), {Title: s, Caption: s, Table: chart.Table{Head: items, Rows: [][]string{items}}}}},
				reports.Chart{Figures: []chart.Figure{{Caption: s}}},
				reports.Chart{},
				reports.Table{},
				reports.Bullets{},
				reports.KeyValues{},
				reports.LetterText{},
				reports.PageBreak{},
				reports.PageBreak{},
				reports.Spacer{Points: 9000},
			},
		})
		if err != nil || len(b) == 0 {
			t.Errorf("%.20q: %d bytes, %v", s, len(b), err)
			continue
		}
		if out := tool(t, b, "qpdf", "--check", "FILE"); strings.Contains(out, "WARNING") {
			t.Errorf("%.20q: %s", s, out)
		}
	}
}

func TestEmptyDocumentIsOnePage(t *testing.T) {
	b, _ := render(t, small1())
	if out := tool(t, b, "pdfinfo", "FILE"); !strings.Contains(out, "Pages:           1") {
		t.Error(out)
	}
}

func TestNothingLeavesItsPageAndNothingIsLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(rt, "n")
		const room = 700.0
		pieces := make([]piece, n)
		for i := range pieces {
			pieces[i] = piece{
				before: rapid.Float64Range(0, 60).Draw(rt, "before"),
				height: rapid.Float64Range(1, 400).Draw(rt, "height"),
				keep:   rapid.IntRange(0, 3).Draw(rt, "keep") == 0,
				level:  i,
				draw:   func(*paper, float64, float64) {},
			}
		}
		next := 0
		for pageNo, page := range pages(pieces, room) {
			end := 0.0
			for i, pl := range page {
				if pl.y < end-1e-9 || pl.y+pl.height > room+1e-9 {
					rt.Fatalf("page %d: piece at %v to %v after %v", pageNo, pl.y, pl.y+pl.height, end)
				}
				if pl.level != next {
					rt.Fatalf("piece %d stands where %d should", pl.level, next)
				}
				next++
				end = pl.y + pl.height
				if i < len(page)-1 || !pl.keep || next == n {
					continue
				}
				first := next - 1
				for first > 0 && pieces[first-1].keep {
					first--
				}
				chain := 0.0
				for j := first; j < n && (j == first || pieces[j-1].keep); j++ {
					chain += pieces[j].before + pieces[j].height
				}
				if chain <= room {
					rt.Fatalf("piece %d was parted from the next", pl.level)
				}
			}
		}
		if next != n {
			rt.Fatalf("%d of %d pieces are on pages", next, n)
		}
	})
}

func TestATableRepeatsItsHead(t *testing.T) {
	rows := make([][]string, 120)
	for i := range rows {
		rows[i] = []string{fmt.Sprintf("row %d", i), "x"}
	}
	b, _ := render(t, small1(reports.Table{Columns: []reports.Column{{Head: "Agreement"}, {Head: "Since"}}, Rows: rows}))
	out := tool(t, b, "pdftotext", "-layout", "FILE", "-")
	pagesN := strings.Count(out, "\f")
	if got := strings.Count(out, "Agreement"); got != pagesN || pagesN < 3 {
		t.Errorf("%d heads on %d pages", got, pagesN)
	}
	for i := range rows {
		if !strings.Contains(out, rows[i][0]) {
			t.Errorf("%s is lost", rows[i][0])
		}
	}
}

func TestAnEndlessCellTurnsThePage(t *testing.T) {
	cell := strings.Repeat("word ", 5000) + "theend"
	b, _ := render(t, small1(reports.Table{Columns: []reports.Column{{Head: "A"}}, Rows: [][]string{{cell}}}))
	out := tool(t, b, "pdftotext", "FILE", "-")
	if strings.Count(out, "word") != 5000 || !strings.Contains(out, "theend") {
		t.Errorf("%d of 5000 words are on the pages", strings.Count(out, "word"))
	}
}

func TestManyRenderingsAtOnce(t *testing.T) {
	want, _ := render(t, sample(reports.A4))
	var wg sync.WaitGroup
	got := make([][]byte, 4)
	for i := range got {
		wg.Go(func() {
			b, _, err := Render(sample(reports.A4))
			if err != nil {
				t.Error(err)
			}
			got[i] = b
		})
	}
	wg.Wait()
	for i := range got {
		if !bytes.Equal(got[i], want) {
			t.Errorf("rendering %d differs", i)
		}
	}
}
