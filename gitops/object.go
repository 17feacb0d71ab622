package gitops

import (
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

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
	if err := j.writeFile(j.loose(id), o); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("write a %s: %w", o.kind, err)
	}
	return j.noteFile(j.loose(id))
}

// writeFile makes the file at its place at once: nobody else looks there until
// the job starts another git.
func (j *Job) writeFile(path string, o rawObject) error {
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
	if err := errors.Join(j.deflate(f, o), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// deflate writes the content of a loose object's file. The writer is kept: a new
// one takes most of a megabyte of memory, and longer than all the rest.
func (j *Job) deflate(out io.Writer, o rawObject) error {
	if j.zlib == nil {
		j.zlib = zlib.NewWriter(out)
	}
	j.zlib.Reset(out)
	if _, err := fmt.Fprintf(j.zlib, "%s %d\x00", o.kind, len(o.content)); err != nil {
		return err
	}
	if _, err := j.zlib.Write(o.content); err != nil {
		return err
	}
	return j.zlib.Close()
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
