//go:build unix

package casebook

import (
	"fmt"
	"os"
	"syscall"
)

// fileMark tells a file from its copies: a moved file keeps it.
func fileMark(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return fmt.Sprintf("%d", s.Ino), nil
	}
	return path, nil
}
