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
	id := idOf(kind, content)
	return id, j.store(id, rawObject{kind, content})
}

func idOf(kind plumbing.ObjectType, content []byte) hotfix.OID {
	return hotfix.OID(plumbing.ComputeHash(kind, content).String())
}

// rawObject is what is to be written.
type rawObject struct {
	kind    plumbing.ObjectType
	content []byte
}

// writeLater is write for a commit that no merge reads: making a file takes a
// good part of the time of a pick, and many picks are made only to be looked at.
func (j *Job) writeLater(kind plumbing.ObjectType, content []byte) hotfix.OID {
	id := idOf(kind, content)
	j.unwritten[id] = rawObject{kind, content}
	return id
}

// writeNow stores what writeLater put off.
func (j *Job) writeNow() error {
	for id, o := range j.unwritten {
		if err := j.store(id, o); err != nil {
			return err
		}
		delete(j.unwritten, id)
	}
	return nil
}

func (j *Job) store(id hotfix.OID, o rawObject) error {
	if err := writeFile(j.loose(id), o.kind, o.content); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("write a %s: %w", o.kind, err)
	}
	return nil
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
