package ids

import (
	"encoding/json"
	"testing"
	"time"
)

func TestAnIDSurvivesTheDatabaseAndJSON(t *testing.T) {
	id := New()
	v, err := id.Value()
	if err != nil {
		t.Fatal(err)
	}
	var back ID
	if err := back.Scan(v); err != nil || back != id {
		t.Errorf("got %s (%v)", back, err)
	}
	b, err := json.Marshal(map[string]ID{"id": id})
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]ID
	if err := json.Unmarshal(b, &m); err != nil || m["id"] != id {
		t.Errorf("got %v (%v)", m, err)
	}
	if v, _ := Nil.Value(); v != nil {
		t.Error("no id is NULL")
	}
	for _, bad := range []any{[]byte{1, 2}, "text", 3} {
		if back.Scan(bad) == nil {
			t.Errorf("%v was read as an id", bad)
		}
	}
	if _, err := Parse("nonsense"); err == nil {
		t.Error("nonsense was read as an id")
	}
}

func TestDeterministicRepeatsAndEnds(t *testing.T) {
	now := func() time.Time { return time.UnixMilli(1_700_000_000_000) }
	draw := func() (out [3]ID) {
		defer Deterministic(7, now)()
		for i := range out {
			out[i] = New()
		}
		return out
	}
	if a, b := draw(), draw(); a != b || a[0] == a[1] {
		t.Errorf("%v, then %v", a, b)
	}
	if a, b := New(), New(); a == b {
		t.Error("outside, ids are fresh")
	}
}
