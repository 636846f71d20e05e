package vault

import (
	"context"
	"io"
	"os"
)

// Image gives f every page that stands in the casebook at path and in the log beside it,
// as SQLite sees it: used and free pages, and what earlier logs left. It is for whoever
// wants to see that something is nowhere any more. What is not authentic is left out.
func Image(ctx context.Context, path string, key *Key, f func(page []byte)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	var aad [aadSize]byte
	page := make([]byte, pageSize)
	give := func(from io.ReaderAt, at int64, r role, off int64) error {
		if err := readWhole(from, page, at); err != nil {
			return err
		}
		if key.open(r, off, page, aad[:]) {
			f(page)
		}
		return ctx.Err()
	}
	for off := int64(0); off+pageSize <= logicalSize(info.Size()); off += pageSize {
		if err := give(file, placeOf(off), roleDatabase, off); err != nil {
			return err
		}
	}
	log, err := os.Open(path + "-wal")
	if err != nil {
		return nil // there is none
	}
	defer log.Close()
	if info, err = log.Stat(); err != nil {
		return err
	}
	for at := int64(walHeader + frameHeader); at+pageSize <= info.Size(); at += frameSize {
		if err := give(log, at, roleWAL, at); err != nil {
			return err
		}
	}
	return nil
}
