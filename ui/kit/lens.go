package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/text"
)

// Lens is whose view of a record is shown. Its zero value is none: a page then shows
// what it shows first, the joint view.
type Lens string

// The four lenses, in the words of the command line.
const (
	LensJoint Lens = "joint"
	LensA     Lens = "a"
	LensB     Lens = "b"
	LensCoach Lens = "coach"
)

// IsClient says whether the lens is a client's: other clients are then not there.
func (l Lens) IsClient() bool { return l == LensJoint || l == LensA || l == LensB }

// Color is the audience's colour.
func (l Lens) Color() fyne.ThemeColorName {
	switch l {
	case LensA:
		return ColorA
	case LensB:
		return ColorB
	case LensCoach:
		return ColorCoach
	}
	return ColorBoth
}

// stack lays objects over one another.
func stack(o ...fyne.CanvasObject) *fyne.Container { return container.NewStack(o...) }

// LensSwitch chooses the lens; the band takes its colour over the whole record.
type LensSwitch struct {
	widget.BaseWidget
	segments *Segments[Lens]
	lock     *widget.Icon
	body     *fyne.Container
	band     *Panel
	changed  func(Lens)
	shield   *Shield
}

// Behind makes it offer no more than the shield lets through.
func (s *LensSwitch) Behind(shield *Shield) { s.shield = shield }

// NewLensSwitch offers Us, A, B and Coach only. Single clients get SetNames with an
// empty b.
func NewLensSwitch(changed func(Lens)) *LensSwitch {
	s := &LensSwitch{band: NewPanel(ColorBoth), lock: widget.NewIcon(Icon("lock", ColorCoach)), changed: changed}
	s.band.Minimum = fyne.NewSize(0, 4)
	s.segments = newSegments[Lens](nil, nil, s.picked)
	s.lock.Hide()
	s.body = stack(s.segments)
	s.offer(lensOptions("A", "B"), lensColors(true))
	s.ExtendBaseWidget(s)
	return s
}

func lensOptions(a, b string) []Option[Lens] {
	coach := Option[Lens]{LensCoach, text.T("lens.coach", "Coach only")}
	if b == "" {
		return []Option[Lens]{{LensA, a}, coach}
	}
	return []Option[Lens]{{LensJoint, text.T("lens.us", "Us")}, {LensA, a}, {LensB, b}, coach}
}

func lensColors(couple bool) []fyne.ThemeColorName {
	if !couple {
		return []fyne.ThemeColorName{ColorA, ColorCoach}
	}
	return []fyne.ThemeColorName{ColorBoth, ColorA, ColorB, ColorCoach}
}

// SetNames writes the partners' names ("A · Mara"); an empty b is a single client.
func (s *LensSwitch) SetNames(a, b string) {
	first := text.T("lens.a", "A · %s", a)
	second := ""
	if b != "" {
		second = text.T("lens.b", "B · %s", b)
	}
	s.offer(lensOptions(first, second), lensColors(b != ""))
}

// offer sets the options with the lock behind them.
func (s *LensSwitch) offer(options []Option[Lens], colors []fyne.ThemeColorName) {
	if s.shield.On() { // the coach's stands last
		options, colors = options[:len(options)-1], colors[:len(colors)-1]
	}
	s.segments.SetOptions(options, colors)
	s.segments.body.Add(container.New(middle{}, s.lock))
	s.mark()
	s.Refresh()
}

// Unnamed offers the four lenses of a couple without a name.
func (s *LensSwitch) Unnamed() {
	s.offer(lensOptions("A", "B"), lensColors(true))
}

func (s *LensSwitch) picked(l Lens) {
	s.mark()
	if s.changed != nil {
		s.changed(l)
	}
}

func (s *LensSwitch) mark() {
	l := s.segments.Value()
	s.band.Fill = l.Color()
	s.band.Refresh()
	if l == LensCoach {
		s.lock.Show()
	} else {
		s.lock.Hide()
	}
	s.body.Refresh()
}

// Value is the chosen lens.
func (s *LensSwitch) Value() Lens { return s.segments.Value() }

// SetValue chooses l without calling changed; none, or one not offered, changes nothing.
func (s *LensSwitch) SetValue(l Lens) {
	s.segments.SetValue(l)
	s.mark()
}

// Band is the thin line in the lens's colour for the top of the record.
func (s *LensSwitch) Band() fyne.CanvasObject { return s.band }

// CreateRenderer is Fyne's.
func (s *LensSwitch) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.body) }
