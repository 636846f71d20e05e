package share

// mutant is a bug that a test plants to see that it is caught; none in the program.
type mutant int

const (
	sound mutant = iota
	noTieBreak
	deafClock      // the clock is not advanced by what was read
	markTooMuch    // publishing marks a change as told that is not in the file
	lateOverwrites // a late row overwrites what is newer
	wallClock      // stamps are the time of day; the test plants it itself
	oldEpoch       // files go on being sealed with a key that somebody has who was shut out
	noStandIns     // nothing stands in for a row that has not come
)

// later says whether a write at s counts over one at o.
func (m mutant) later(s, o stamp) bool {
	switch m {
	case noTieBreak:
		return s.hlc > o.hlc
	case lateOverwrites:
		return true
	}
	return s.after(o)
}
