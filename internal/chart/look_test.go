package chart

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// TestLook writes every chart in both palettes to build/charts when asked to by
// COUPLET_LOOK=1, for people to look at.
func TestLook(t *testing.T) {
	if os.Getenv("COUPLET_LOOK") != "1" {
		t.Skip("COUPLET_LOOK is not 1")
	}
	dir := filepath.Join("..", "..", "build", "charts")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	wide, narrow := view(), half()
	dark := view()
	dark.Palette = Dark
	for suffix, v := range map[string]View{"": wide, "-half": narrow, "-dark": dark} {
		for name, f := range samples(v) {
			ground := Light.Card
			if suffix == "-dark" {
				ground = Dark.Card
			}
			save(t, filepath.Join(dir, name+suffix+".png"), f.Scene, ground)
		}
	}
}

func save(t *testing.T, path string, s Scene, ground color.NRGBA) {
	t.Helper()
	pic := Raster(s, int(s.W*1.7), int(s.H*1.7))
	out := image.NewRGBA(pic.Bounds())
	draw.Draw(out, out.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), pic, image.Point{}, draw.Over)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, out); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
