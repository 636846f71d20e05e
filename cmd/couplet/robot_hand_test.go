package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// look asks the program what stands in its window.
func (r *robot) look() tree {
	r.t.Helper()
	c, err := net.Dial("unix", r.sock)
	if err != nil {
		r.t.Fatalf("the program is gone: %v\n%s", err, r.stderr.String())
	}
	defer c.Close()
	var t tree
	if err := json.NewDecoder(c).Decode(&t); err != nil {
		r.t.Fatal(err)
	}
	return t
}

// until looks again and again until found says yes.
func (r *robot) until(what string, found func(tree) bool) {
	r.t.Helper()
	if !r.within(patience, found) {
		r.fail("%s did not come", what)
	}
}

// within looks again and again for a while and tells whether found said yes.
func (r *robot) within(limit time.Duration, found func(tree) bool) bool {
	r.t.Helper()
	end := time.After(limit)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !found(r.look()) {
		select {
		case <-end:
			return false
		case <-tick.C:
		}
	}
	return true
}

// sees waits for a text, whole or as a part.
func (r *robot) sees(words string) node {
	r.t.Helper()
	var got node
	r.until(fmt.Sprintf("%q", words), func(t tree) (seen bool) {
		got, seen = find(t, words)
		return seen
	})
	return got
}

// find is the first thing that says the words, whole or as a part.
func find(t tree, words string) (node, bool) {
	i := slices.IndexFunc(t.Nodes, func(n node) bool { return strings.Contains(n.Text, words) && n.W > 0 && n.H > 0 })
	if i < 0 {
		return node{}, false
	}
	return t.Nodes[i], true
}

// missing says that a text does not stand in the window now.
func (r *robot) missing(words string) {
	r.t.Helper()
	for _, n := range r.look().Nodes {
		if strings.Contains(n.Text, words) {
			r.fail("%q stands in the window", words)
		}
	}
}

// click presses what carries exactly this text, the deepest and last of it that can be
// pressed; what lies over the page comes before what lies under it.
func (r *robot) click(words string) {
	r.t.Helper()
	r.clickNode(r.pressable(words))
}

func (r *robot) pressable(words string) node {
	r.t.Helper()
	return r.settled(fmt.Sprintf("something to press that says %q", words), func(t tree) (got node, found bool) {
		over := slices.ContainsFunc(t.Nodes, func(n node) bool { return n.Overlay })
		for _, n := range t.Nodes {
			if n.Text != words || n.Disabled || n.W <= 0 || n.X < 0 || n.Y < 0 || n.X+n.W/2 > t.W || n.Y+n.H/2 > t.H || over && !n.Overlay {
				continue
			}
			got, found = n, true
		}
		return got, found
	})
}

// settled waits until something is there and has stopped moving.
func (r *robot) settled(what string, find func(tree) (node, bool)) node {
	r.t.Helper()
	var before node
	still := 0
	r.until(what, func(t tree) bool {
		n, ok := find(t)
		if !ok || n.X != before.X || n.Y != before.Y || n.W != before.W {
			before, still = n, 0
			return false
		}
		still++
		return still >= 3
	})
	return before
}

func (r *robot) clickNode(n node) {
	r.t.Helper()
	r.x("mousemove", "--window", r.window, fmt.Sprint(n.X+n.W/2), fmt.Sprint(n.Y+n.H/2), "click", "1")
}

// fill puts text into the field whose label stands before it.
func (r *robot) fill(label, text string) {
	r.t.Helper()
	got := r.settled(fmt.Sprintf("a field for %q", label), func(t tree) (node, bool) { return after(t.reached(), label, isEntry) })
	r.clickNode(got)
	r.key("ctrl+a")
	r.write(text)
}

// reached is what a person can reach: what lies over the page, if anything does.
func (t tree) reached() tree {
	over := slices.DeleteFunc(slices.Clone(t.Nodes), func(n node) bool { return !n.Overlay })
	if len(over) > 0 {
		t.Nodes = over
	}
	return t
}

// after is the first thing of a kind behind a label.
func after(t tree, label string, kind func(node) bool) (node, bool) {
	past := false
	for _, n := range t.Nodes {
		switch {
		case strings.TrimSuffix(n.Text, " *") == label:
			past = true
		case past && kind(n):
			return n, true
		}
	}
	return node{}, false
}

func isEntry(n node) bool {
	return strings.Contains(n.Type, "Entry") || strings.Contains(n.Type, "NoteEditor")
}

// write types ASCII key by key and pastes the rest, as an input method would hand it over.
func (r *robot) write(text string) {
	r.t.Helper()
	for i := range len(text) {
		if text[i] >= 0x80 {
			r.paste(text)
			return
		}
	}
	r.x("type", "--delay", "4", "--", text)
}

func (r *robot) paste(text string) {
	r.t.Helper()
	clip := exec.Command("xclip", "-selection", "clipboard")
	clip.Env = append(os.Environ(), "DISPLAY="+r.display)
	clip.Stdin = strings.NewReader(text)
	if err := clip.Run(); err != nil {
		r.fail("xclip: %v", err)
	}
	r.key("ctrl+v")
}

// key presses keys one after the other.
func (r *robot) key(keys ...string) {
	r.t.Helper()
	r.x(append([]string{"key", "--delay", "20", "--"}, keys...)...)
}

// clickNth presses the n-th button of several that say the same, counted from the top.
func (r *robot) clickNth(words string, n int) {
	r.t.Helper()
	r.until(fmt.Sprintf("%d buttons that say %q", n+1, words), func(t tree) bool {
		i := 0
		for _, x := range t.Nodes {
			if x.Text == words && strings.Contains(x.Type, "Button") {
				i++
			}
		}
		return i > n
	})
	r.clickNode(r.inView(words, n))
}

// inView scrolls until the n-th thing of several that say the same is well inside the
// window, and at rest; n below 0 is the first of anything.
func (r *robot) inView(words string, nth int) node {
	r.t.Helper()
	find := func(t tree) (got node, found bool) {
		i := 0
		for _, x := range t.Nodes {
			if x.Text != words || x.W <= 0 || nth >= 0 && !strings.Contains(x.Type, "Button") {
				continue
			}
			got, found = x, true
			if i == max(nth, 0) {
				break
			}
			i++
		}
		return got, found
	}
	for range 60 {
		n := r.settled(words, find)
		t := r.look()
		if n.Y > 280 && n.Y+n.H < t.H-180 {
			return n
		}
		button := "5"
		if n.Y <= 280 {
			button = "4"
		}
		r.x("mousemove", "--window", r.window, fmt.Sprint(t.W*2/3), fmt.Sprint(t.H*2/3), "click", "--repeat", "3", "--delay", "10", button)
		scrolled := r.within(time.Second, func(t tree) bool {
			now, ok := find(t)
			return ok && now.Y != n.Y
		})
		if !scrolled && n.Y > 0 && n.Y+n.H < t.H {
			return n // it cannot be scrolled any further, and need not be
		}
	}
	r.fail("%q cannot be brought into view", words)
	return node{}
}

// choose opens the list under a label and takes one of its values.
func (r *robot) choose(label, value string) {
	r.t.Helper()
	got := r.settled(label, func(t tree) (node, bool) {
		return after(t, label, func(n node) bool { return strings.Contains(n.Type, "Choice") })
	})
	r.clickNode(got)
	r.click(value)
}

// fillUnder types into the editor below a label, scrolling to it.
func (r *robot) fillUnder(label, text string) {
	r.t.Helper()
	r.sees(label)
	r.inView(label, -1)
	r.fill(label, text)
}

// gone waits until a text does not stand in the window any more.
func (r *robot) gone(words string) {
	r.t.Helper()
	r.until("the end of "+words, func(t tree) bool {
		return !slices.ContainsFunc(t.Nodes, func(n node) bool { return strings.Contains(n.Text, words) })
	})
}
