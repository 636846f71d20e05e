package kit

// Acts are the quiet buttons of something that loads again: kept by key, so that each
// stays the same object and the focus stays where it was.
type Acts map[string]*Button

// Quiet is the button of a key, which tells it from all others.
func (a Acts) Quiet(key, word string, do func()) *Button {
	b, ok := a[key]
	if !ok {
		b = Quiet(word, nil)
		a[key] = b
	}
	b.SetText(word)
	b.OnTapped = func() {
		Touch()
		do()
	}
	return b
}
