package gitops

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// damaged says that files of a job were taken away or cut off under its feet. It is
// neither gone nor refused: the next job has a folder of its own.
type damaged struct{ file string }

func (d *damaged) Error() string {
	return "the folder of the git job was damaged while it ran: " + d.file + " is not what it was; nothing else may write in DATA_DIR"
}

// intact is a *damaged unless the objects that came or were made are all still there.
// git before 2.44 takes a tree that is missing for an empty one: a merge would delete
// every file, and call that clean.
func (j *Job) intact() error {
	for path, size := range j.stored {
		if info, err := os.Stat(path); err != nil || info.Size() != size {
			return &damaged{file: filepath.Base(path)}
		}
	}
	return nil
}

// notePacks notes what a fetch brought.
func (j *Job) notePacks() error {
	paths, err := filepath.Glob(filepath.Join(j.dir, "objects", "pack", "pack-*"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		if _, known := j.stored[path]; known {
			continue
		}
		if err := j.noteFile(path); err != nil {
			return fmt.Errorf("what was fetched: %w", err)
		}
	}
	return nil
}

// noteTree notes a tree that git made here; one that came is in a pack.
func (j *Job) noteTree(id hotfix.OID) error {
	err := j.noteFile(j.loose(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (j *Job) noteFile(path string) error {
	info, err := os.Stat(path)
	if err == nil {
		j.stored[path] = info.Size()
	}
	return err
}
