//go:build !windows

// Package awake tells how long the computer was awake, which the clock on the wall does
// not: the two part when it sleeps, and at no other time by much.
package awake

import "time"

var start = time.Now()

// Time is how long the computer was awake since some moment. The clock that Go measures
// with stands still in sleep on Linux and macOS.
func Time() time.Duration { return time.Since(start) }
