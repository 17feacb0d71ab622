package gitops

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

const (
	folderPattern = "hotfixbot-git-" // engines' folders in Settings.Dir
	lockName      = "lock"           // held while the engine lives
)

// folder is an engine's own folder. The kernel releases its lock when the
// process ends in whatever way, so a folder whose lock can be taken is a
// leftover.
type folder struct {
	path string
	lock *os.File
}

// newFolder makes an engine's folder in parent and removes leftovers. The lock
// on parent keeps a second process from taking a folder for a leftover between
// its making and its locking.
func newFolder(parent string) (*folder, error) {
	if parent == "" {
		return nil, errors.New("no folder was configured")
	}
	parent, err := filepath.Abs(parent)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return nil, owned(parent, err)
	}
	gate, err := lockFile(filepath.Join(parent, folderPattern+lockName), syscall.LOCK_EX)
	if err != nil {
		return nil, owned(parent, err)
	}
	defer gate.Close()
	if err := removeLeftovers(parent); err != nil {
		return nil, err
	}
	path, err := os.MkdirTemp(parent, folderPattern)
	if err != nil {
		return nil, owned(parent, err)
	}
	lock, err := lockFile(filepath.Join(path, lockName), syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		return nil, err
	}
	return &folder{path: path, lock: lock}, nil
}

// owned adds the remedy to the error of a folder that may not be written.
func owned(parent string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w; let the account that runs the bot own %s and what is in it", err, parent)
	}
	return err
}

func (f *folder) remove() error {
	return errors.Join(os.RemoveAll(f.path), f.lock.Close())
}

// removeLeftovers removes the folders in parent whose engine is dead. A git
// process that outlived its engine may still write there; then something stays
// for the next engine to remove.
func removeLeftovers(parent string) error {
	paths, err := filepath.Glob(filepath.Join(parent, folderPattern+"*"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		if info, err := os.Lstat(path); err != nil || !info.IsDir() {
			continue
		}
		lock, err := lockFile(filepath.Join(path, lockName), syscall.LOCK_EX|syscall.LOCK_NB)
		if err != nil {
			continue // somebody works there
		}
		_ = errors.Join(os.RemoveAll(path), lock.Close()) // the next engine looks again
	}
	return nil
}

func lockFile(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), how); err != nil {
		return nil, errors.Join(&os.PathError{Op: "lock", Path: path, Err: err}, f.Close())
	}
	return f, nil
}
