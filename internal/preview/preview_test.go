package preview

import (
	"image/color"
	"testing"
)

// onePage is the smallest document with something on it: a black square on white.
const onePage = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 200]/Contents 4 0 R>>endobj\n4 0 obj<</Length 21>>stream\n0 g 0 0 50 200 re f  \nendstream endobj\ntrailer<</Root 1 0 R>>\n"

func TestPagesAreDrawnAsTheyAre(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	var r Renderer
	d, err := r.Open([]byte(onePage))
	if err != nil {
		t.Fatal(err)
	}
	if d.Pages() != 1 {
		t.Errorf("%d pages", d.Pages())
	}
	img, err := d.Page(0, 200)
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != 200 || b.Dy() != 400 {
		t.Errorf("drawn %v", b)
	}
	dark, light := color.GrayModel.Convert(img.At(20, 200)).(color.Gray), color.GrayModel.Convert(img.At(180, 200)).(color.Gray)
	if dark.Y > 40 || light.Y < 215 {
		t.Errorf("left %d, right %d", dark.Y, light.Y)
	}
	if _, err := d.Page(3, 200); err == nil {
		t.Error("a page that is not there was drawn")
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if _, err := d.Page(0, 200); err == nil {
		t.Error("a closed document was drawn")
	}
	if _, err := r.Open([]byte("this is no document")); err == nil {
		t.Error("nonsense was opened")
	}
	for range 5 { // nothing stays open, so nothing runs out
		if _, n, err := r.Draw([]byte(onePage), 0, 50); err != nil || n != 1 {
			t.Fatal(n, err)
		}
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
