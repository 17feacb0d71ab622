package gitops

import (
	"fmt"
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
	if j.made(id) {
		return id, nil
	}
	if err := j.writeFile(j.loose(id), kind, content); err != nil {
		return "", fmt.Errorf("write a %s: %w", kind, err)
	}
	return id, nil
}

func (j *Job) writeFile(path string, kind plumbing.ObjectType, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Join(j.dir, "objects"), "new-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	w := objfile.NewWriter(f)
	if err := w.WriteHeader(kind, int64(len(content))); err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
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
