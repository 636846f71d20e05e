package pdf

import (
	"bytes"
	"testing"

	"github.com/jung-kurt/gofpdf"

	"github.com/couplet-app/couplet/assets"
	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/reports"
)

// eightPages is the sample without its page of scripts.
func eightPages() reports.Document {
	doc := sample(reports.A4)
	doc.Blocks = doc.Blocks[:len(doc.Blocks)-6]
	return doc
}

func BenchmarkRender(b *testing.B) {
	for b.Loop() {
		if _, _, err := Render(eightPages()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBare writes the same pages with gofpdf alone: what Render may cost at
// most 1.3 times.
func BenchmarkBare(b *testing.B) {
	for b.Loop() {
		if len(bare(b, eightPages())) == 0 {
			b.Fatal("empty")
		}
	}
}

// bare walks the blocks with gofpdf's own calls: MultiCell for text, CellFormat for
// tables, lines, polygons and circles for charts.
func bare(b *testing.B, doc reports.Document) []byte {
	b.Helper()
	pdf := gofpdf.New("P", "pt", "A4", "")
	for style, file := range map[string]string{"": "Regular", "B": "Bold", "I": "Italic"} {
		pdf.AddUTF8FontFromBytes("s", style, assets.Font("SourceSans3-"+file))
	}
	pdf.SetMargins(reports.Margin, 70, reports.Margin)
	pdf.SetAutoPageBreak(true, 72)
	pdf.AliasNbPages("")
	pdf.SetFooterFunc(func() {
		pdf.SetY(-40)
		pdf.SetFont("s", "", 8)
		pdf.CellFormat(0, 10, doc.Reader, "", 0, "L", false, 0, "")
		pdf.CellFormat(0, 10, "Page {nb}", "", 0, "R", false, 0, "")
	})
	pdf.AddPage()
	say := func(style string, size, lead float64, s string) {
		pdf.SetFont("s", style, size)
		pdf.MultiCell(0, lead, s, "", "L", false)
		pdf.Ln(4)
	}
	for _, block := range doc.Blocks {
		switch x := block.(type) {
		case reports.Cover:
			say("B", 27, 32, x.Title)
			say("", 13, 18, x.Subtitle)
			for _, kv := range x.Facts {
				say("", 11, 15, kv.Key+" "+kv.Value)
			}
			say("I", small, smallLead, x.Note)
		case reports.Heading:
			pdf.Bookmark(x.Text, min(1, max(0, x.Level-1)), -1)
			say("B", 15, 22, x.Text)
		case reports.Paragraph:
			say("", body, leading, x.Text)
		case reports.Bullets:
			for _, s := range x.Items {
				say("", body, leading, "• "+s)
			}
		case reports.LetterText:
			say("", 11.2, 17.4, x.Text)
			say("I", 11.2, 17.4, x.Signature)
		case reports.Table:
			var head []string
			for _, c := range x.Columns {
				head = append(head, c.Head)
			}
			bareTable(pdf, head, x.Rows, 9.6, 22)
		case reports.KeyValues:
			for _, kv := range x.Items {
				say("", body, leading, kv.Key+" "+kv.Value)
			}
		case reports.Chart:
			for _, fig := range x.Figures {
				bareScene(pdf, fig.Scene)
				say("", small, smallLead, fig.Caption)
				bareTable(pdf, fig.Table.Head, fig.Table.Rows, 8.4, 14)
			}
		}
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

func bareTable(pdf *gofpdf.Fpdf, head []string, rows [][]string, size, h float64) {
	w := 471 / float64(len(head))
	pdf.SetFont("s", "B", size)
	for _, c := range head {
		pdf.CellFormat(w, h, c, "B", 0, "L", false, 0, "")
	}
	pdf.Ln(h)
	pdf.SetFont("s", "", size)
	for _, row := range rows {
		for _, c := range row {
			pdf.CellFormat(w, h, c, "B", 0, "L", false, 0, "")
		}
		pdf.Ln(h)
	}
}

func bareScene(pdf *gofpdf.Fpdf, s chart.Scene) {
	if pdf.GetY()+s.H > 770 {
		pdf.AddPage()
	}
	x, y := float64(reports.Margin), pdf.GetY()
	stroke := func(st chart.Stroke) {
		pdf.SetDrawColor(int(st.Color.R), int(st.Color.G), int(st.Color.B))
		pdf.SetLineWidth(st.Width)
		pdf.SetDashPattern(st.Dash, 0)
	}
	for _, it := range s.Items {
		switch it := it.(type) {
		case chart.Path:
			stroke(it.Stroke)
			if !it.Closed {
				for i := 1; i < len(it.Points); i++ {
					p, q := it.Points[i-1], it.Points[i]
					pdf.Line(x+p.X, y+p.Y, x+q.X, y+q.Y)
				}
				continue
			}
			pts := make([]gofpdf.PointType, len(it.Points))
			for i, q := range it.Points {
				pts[i] = gofpdf.PointType{X: x + q.X, Y: y + q.Y}
			}
			pdf.SetFillColor(int(it.Fill.R), int(it.Fill.G), int(it.Fill.B))
			pdf.Polygon(pts, "FD")
		case chart.Circle:
			stroke(it.Stroke)
			pdf.SetFillColor(int(it.Fill.R), int(it.Fill.G), int(it.Fill.B))
			pdf.Circle(x+it.Center.X, y+it.Center.Y, it.Radius, "FD")
		case chart.Text:
			pdf.SetFont("s", "", it.Size)
			pdf.SetTextColor(int(it.Color.R), int(it.Color.G), int(it.Color.B))
			w := pdf.GetStringWidth(it.S) * float64(it.Anchor) / 2
			pdf.Text(x+it.At.X-w, y+it.At.Y, it.S)
		}
	}
	pdf.SetDashPattern(nil, 0)
	pdf.SetY(y + s.H + 6)
}
