package container

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook/vault"
)

func key(t *testing.T) *vault.Key {
	t.Helper()
	k, _, err := vault.Create(filepath.Join(t.TempDir(), "x.couplet"), vault.FloorKDF, "seven lanterns over a quiet harbour")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Wipe)
	return k
}

func sealed(t *testing.T, k *Keys, as Kind, ring []byte, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	s, err := NewSealer(&b, k, as, ring)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(s, body); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(k *Keys, raw []byte) (Preamble, string, error) {
	r := bytes.NewReader(raw)
	p, err := ReadPreamble(r)
	if err != nil {
		return p, "", err
	}
	o, err := NewOpener(r, k, p)
	if err != nil {
		return p, "", err
	}
	body, err := io.ReadAll(o)
	return p, string(body), err
}

func TestAnEpochIsOpenedByWhoHasItsKeyAlone(t *testing.T) {
	own := key(t)
	first, second := Epoch(bytes.Repeat([]byte{1}, EpochKeySize)), Epoch(bytes.Repeat([]byte{2}, EpochKeySize))
	none, one, both := Own(own), &Keys{own, []Epoch{first}}, &Keys{own, []Epoch{first, second}}
	for what, c := range map[string]struct {
		by, to *Keys
		want   error
	}{
		"the first epoch":                    {none, none, nil},
		"the first epoch, later":             {none, both, nil},
		"an epoch":                           {one, one, nil},
		"an epoch, later":                    {one, both, nil},
		"an epoch without its key":           {one, none, ErrNoKey},
		"the newest with the one before":     {both, one, ErrNoKey},
		"another casebook in an epoch":       {&Keys{key(t), []Epoch{first}}, one, ErrForeign},
		"another casebook's key, same epoch": {one, &Keys{key(t), []Epoch{first}}, ErrForeign},
	} {
		p, body, err := open(c.to, sealed(t, c.by, Snapshot, []byte("ring"), "lantern"))
		if !errors.Is(err, c.want) || err == nil && (body != "lantern" || (c.by != none) != (string(p.Ring) == "ring")) {
			t.Errorf("%s: %q, %q, %v", what, body, p.Ring, err)
		}
	}
	if both.Newest() == one.Newest() || none.Newest() != "" || len(sealed(t, one, Changes, nil, "x")) != len(sealed(t, none, Changes, nil, "x"))+idSize {
		t.Error("epochs are not told apart, or cost more than their name")
	}
}

func TestAChangedBitOfAnEpochsFileIsSeen(t *testing.T) {
	k := &Keys{key(t), []Epoch{bytes.Repeat([]byte{1}, EpochKeySize)}}
	whole := sealed(t, k, Snapshot, []byte("a ring"), "lantern")
	for at := range whole {
		if _, _, err := open(k, whole[:at]); !errors.Is(err, ErrIncomplete) && !errors.Is(err, ErrNotShare) {
			t.Errorf("cut at %d: %v", at, err)
		}
		flipped := bytes.Clone(whole)
		flipped[at] ^= 1 << (at % 8)
		if _, _, err := open(k, flipped); err == nil {
			t.Errorf("a bit of byte %d flipped and not seen", at)
		}
	}
	if _, _, err := open(k, append(bytes.Clone(whole), 0)); err == nil {
		t.Error("what follows was not seen")
	}
}
