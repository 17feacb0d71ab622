package gitops

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/objfile"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// write stores an object as a loose file and returns its id.
func (j *Job) write(kind plumbing.ObjectType, content []byte) (hotfix.OID, error) {
	id := hotfix.OID(plumbing.ComputeHash(kind, content).String())
	if err := writeFile(j.loose(id), kind, content); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("write a %s: %w", kind, err)
	}
	return id, nil
}

// writeFile makes the file at its place at once: nobody else looks there until
// the job starts another git.
func writeFile(path string, kind plumbing.ObjectType, content []byte) error {
	const how = os.O_CREATE | os.O_EXCL | os.O_WRONLY
	f, err := os.OpenFile(path, how, 0o400)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		f, err = os.OpenFile(path, how, 0o400)
	}
	if err != nil {
		return err
	}
	if err := errors.Join(encode(f, kind, content), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

func encode(out io.Writer, kind plumbing.ObjectType, content []byte) error {
	w := objfile.NewWriter(out)
	if err := w.WriteHeader(kind, int64(len(content))); err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return err
	}
	return w.Close()
}

// madeHere lists, a line each, the objects that were written in this job.
func (j *Job) madeHere() (string, error) {
	paths, err := filepath.Glob(filepath.Join(j.dir, "objects", "[0-9a-f][0-9a-f]", "*"))
	if err != nil {
		return "", err
	}
	var ids strings.Builder
	for _, path := range paths {
		id := hotfix.OID(filepath.Base(filepath.Dir(path)) + filepath.Base(path))
		if id.Valid() && !j.passing[id] {
			ids.WriteString(string(id) + "\n")
		}
	}
	return ids.String(), nil
}
