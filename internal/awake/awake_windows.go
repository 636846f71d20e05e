// Package awake tells how long the computer was awake, which the clock on the wall does
// not: the two part when it sleeps, and at no other time by much.
package awake

import (
	"syscall"
	"time"
	"unsafe"
)

var unbiased = syscall.NewLazyDLL("kernel32.dll").NewProc("QueryUnbiasedInterruptTime")

// Time is how long the computer was awake since some moment. The clock that Go measures
// with goes on in sleep on Windows; this one, in steps of 100 ns, does not.
func Time() time.Duration {
	var steps uint64
	unbiased.Call(uintptr(unsafe.Pointer(&steps)))
	return time.Duration(steps) * 100
}
