package store

import (
	"errors"
	"fmt"

	driver "modernc.org/sqlite"
)

// SQLite's codes for a file that cannot be written. https://sqlite.org/rescode.html
const (
	codeReadOnly = 8  // SQLITE_READONLY
	codeIO       = 10 // SQLITE_IOERR
)

// remedy says what to do about a file that cannot be written any more: its disk was
// mounted anew for reading alone, as Linux does with one that fails, or somebody took
// the right away. SQLite tries again by itself each time.
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
	}
	return err
}
