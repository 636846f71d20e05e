package kit

// Owed counts the texts that could not be saved when their page was left: the disk was
// full, say. They are kept in memory and tried again; until then the casebook is not
// closed. All of it belongs to the drawing thread.
type Owed struct {
	texts int
	then  []func()
}

// Add says that a text is owed.
func (o *Owed) Add() { o.texts++ }

// Paid says that a text which was owed is safe.
func (o *Owed) Paid() {
	if o.texts--; o.texts > 0 {
		return
	}
	then := o.then
	o.then = nil
	for _, f := range then {
		f()
	}
}

// Any says whether something is owed.
func (o *Owed) Any() bool { return o.texts > 0 }

// WhenPaid does f as soon as nothing is owed, which mostly is now.
func (o *Owed) WhenPaid(f func()) {
	if o.texts > 0 {
		o.then = append(o.then, f)
		return
	}
	f()
}
