package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	sqlite3 "github.com/mattn/go-sqlite3"
)

// Overwrite gives the casebook behind to every page of the one behind from, in one
// transaction, and then brings the log home and empties it.
func Overwrite(ctx context.Context, to, from *sql.DB) error {
	dst, err := to.Conn(ctx)
	if err != nil {
		return err
	}
	defer dst.Close()
	src, err := from.Conn(ctx)
	if err != nil {
		return err
	}
	defer src.Close()
	err = dst.Raw(func(d any) error {
		return src.Raw(func(s any) error {
			b, err := d.(*conn).Backup("main", s.(*conn).SQLiteConn, "main")
			if err != nil {
				return err
			}
			if _, err := b.Step(-1); err != nil {
				return errors.Join(err, b.Finish())
			}
			return b.Finish()
		})
	})
	if err != nil {
		return err
	}
	var busy, inLog, home int
	if err := dst.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &inLog, &home); err != nil {
		return err
	}
	if busy != 0 {
		return fmt.Errorf("the log is still being read: %w", sqlite3.ErrBusy)
	}
	return nil
}
