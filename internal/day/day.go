// Package day is a calendar day without a clock or a zone: when an agreement was
// signed, when a practice starts, what a report covers.
package day

import (
	"fmt"
	"time"
)

// Day is "2026-11-22"; the zero value is no day. Days compare as texts.
type Day string

// Layout is how a Day is written.
const Layout = "2006-01-02"

// Of is the day that the clock on the wall in t's zone shows.
func Of(t time.Time) Day { return Day(t.Format(Layout)) }

// Parse reads "2026-11-22"; an empty text is no day.
func Parse(s string) (Day, error) {
	if s == "" {
		return "", nil
	}
	t, err := time.Parse(Layout, s)
	if err != nil {
		return "", fmt.Errorf("%q is not a day like 2026-11-22", s)
	}
	return Of(t), nil
}

// IsZero says whether there is no day.
func (d Day) IsZero() bool { return d == "" }

// Time is midnight UTC of the day, the zero time for no day.
func (d Day) Time() time.Time {
	t, err := time.Parse(Layout, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// In is midnight of the day on the clocks of loc.
func (d Day) In(loc *time.Location) time.Time {
	t := d.Time()
	if t.IsZero() {
		return t
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, loc)
}

// Add is the day n days later.
func (d Day) Add(n int) Day {
	if d == "" {
		return ""
	}
	return Of(d.Time().AddDate(0, 0, n))
}

// AddMonths is the day n months later; the 31st becomes the last day of a shorter month.
func (d Day) AddMonths(n int) Day {
	if d == "" {
		return ""
	}
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Of(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// Sub is the number of days from e to d.
func (d Day) Sub(e Day) int { return int(d.Time().Sub(e.Time()).Hours() / 24) }

// Words is the day as a reader would write it: "22 November 2026".
func (d Day) Words() string {
	if d == "" {
		return ""
	}
	return d.Time().Format("2 January 2006")
}
