package kit

// Shield says whether somebody else looks at the screen, and what may be shown then
// (rules PV-12 to PV-14): one record, as its clients see it. Its zero value, and none,
// hides nothing. The shell raises and lowers it; pages ask.
type Shield struct {
	on      bool
	present bool
	record  string // the one record that may be shown; empty for none
}

// Raise hides all but one record, which may be none.
func (s *Shield) Raise(record string) { s.on, s.record = true, record }

// Lower hides nothing any more.
func (s *Shield) Lower() { *s = Shield{} }

// SetPresent says whether the record is shown to both of its clients in large type.
func (s *Shield) SetPresent(on bool) { s.present = on }

// On says whether somebody else looks at the screen.
func (s *Shield) On() bool { return s != nil && s.on }

// Presents says whether a record is being shown to both of its clients.
func (s *Shield) Presents() bool { return s.On() && s.present }

// Record is the one record that may be shown.
func (s *Shield) Record() string {
	if !s.On() {
		return ""
	}
	return s.record
}

// Lens is the lens that may be looked through where l was meant: never the coach's, and
// before both clients what is both's.
func (s *Shield) Lens(l Lens) Lens {
	if s.On() && (s.present || !l.IsClient()) {
		return LensJoint
	}
	return l
}
