package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Chip is a small word on a tinted ground: a stage, a state, whose something is.
// The word says it; the colour only helps.
type Chip struct {
	widget.BaseWidget
	ground *Panel
	words  *Line
	body   *fyne.Container
}

// NewChip is a chip in a theme colour (ColorA, ColorGood, ColorInkSoft…).
func NewChip(word string, c fyne.ThemeColorName) *Chip {
	p := NewPanel(c)
	p.Tinted, p.Radius = true, 9
	k := &Chip{ground: p, words: styled(word, c, SizeSmall, fyne.TextStyle{})}
	k.body = container.NewStack(p, Insets(2, 2, 8, 8, k.words))
	k.ExtendBaseWidget(k)
	return k
}

// Set changes word and colour; an empty word hides the chip.
func (k *Chip) Set(word string, c fyne.ThemeColorName) {
	if word == "" {
		k.Hide()
		return
	}
	if c == "" {
		c = ColorInkSoft
	}
	k.ground.Fill = c
	k.words.Text, k.words.ColorName = word, c
	k.Show()
	k.Refresh()
}

// Text is the word.
func (k *Chip) Text() string { return k.words.Text }

// CreateRenderer is Fyne's.
func (k *Chip) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(k.body) }

// Refresh follows the theme.
func (k *Chip) Refresh() {
	k.ground.Refresh()
	k.words.Refresh()
	k.BaseWidget.Refresh()
}

// NewEmptyState is what an empty list shows: a drawing, one sentence that says what
// it is for, and its first action (word "" for none).
func NewEmptyState(icon IconName, sentence, word string, do func()) *fyne.Container {
	art := widget.NewIcon(Icon(icon, ColorInkSoft))
	col := VBox(12, container.NewCenter(Sized(56, 56, art)), Paragraph(sentence).Centred())
	if word != "" {
		col.Add(container.NewCenter(Primary(word, do)))
	}
	return InTheMiddle(380, col)
}
