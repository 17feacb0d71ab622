package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ErrNone says that there is no database yet.
var ErrNone = errors.New("there is no database yet; hotfixbot serve makes it")

// openBeside opens a database file without claiming it: what is woken is found by
// whoever works on it.
func openBeside(path string) (engine, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone
	}
	s := &sqlite{path: path}
	if err := s.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database %s: %w", path, err), s.close())
	}
	return s, nil
}

// openToRead opens a database file without claiming it or writing to it.
func openToRead(path string) (engine, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone
	}
	s := &sqlite{path: path}
	if err == nil {
		s.reader, err = openPool(path, readPragmas, readers)
	}
	if err != nil {
		return nil, fmt.Errorf("open the database %s: %w", path, err)
	}
	return s, nil
}
