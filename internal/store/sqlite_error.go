package store

import (
	"context"
	"errors"
	"fmt"

	driver "modernc.org/sqlite"
)

// SQLite's codes for a file that cannot be written, and for one that is no database any
// more, in whole or in part. https://sqlite.org/rescode.html
const (
	codeReadOnly = 8  // SQLITE_READONLY
	codeIO       = 10 // SQLITE_IOERR
	codeCorrupt  = 11 // SQLITE_CORRUPT
	codeNoFile   = 26 // SQLITE_NOTADB
)

// remedy says what to do about a file that cannot be written any more: its disk was
// mounted anew for reading alone, as Linux does with one that fails, or somebody took
// the right away. SQLite tries again by itself each time. To a file that is damaged
// nothing is written any more: it may keep nothing of it.
func (s *sqlite) remedy(err error) error {
	var told *driver.Error
	if !errors.As(err, &told) {
		return err
	}
	switch told.Code() & 0xff {
	case codeReadOnly:
		return fmt.Errorf("%w; let the account that runs the bot write %s and its folder, and see whether the disk is mounted for reading alone", err, s.path)
	case codeIO:
		return fmt.Errorf("%w; the disk of %s fails: see the system's log", err, s.path)
	case codeCorrupt, codeNoFile:
		return s.damaged(err)
	}
	return err
}

// damaged notes that the file is broken.
func (s *sqlite) damaged(err error) error {
	err = fmt.Errorf("the database is damaged: %w; stop hotfixbot, move %s away and start it again: what must not be forgotten is found again on GitHub", err, s.path)
	s.damage.CompareAndSwap(nil, &err)
	return err
}

// whole looks through the file for damage. It reads all of it, some 100 MB a second.
func (s *sqlite) whole(ctx context.Context) error {
	var found string
	err := s.writer.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&found)
	if err == nil && found != "ok" {
		return s.damaged(errors.New(found))
	}
	return s.remedy(err)
}
