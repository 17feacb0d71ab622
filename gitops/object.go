package gitops

import (
	"bytes"
	"context"
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

// read reads objects that are here, in one process.
func (j *Job) read(ctx context.Context, ids []hotfix.OID) (map[hotfix.OID][]byte, error) {
	contents := make(map[hotfix.OID][]byte, len(ids))
	if len(ids) == 0 {
		return contents, nil
	}
	var in strings.Builder
	for _, id := range ids {
		in.WriteString(string(id) + "\n")
	}
	out, err := j.git(ctx, call{args: []string{"cat-file", "--batch"}, stdin: []byte(in.String())})
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		content, rest, err := cutObject(out, id)
		if err != nil {
			return nil, err
		}
		contents[id], out = content, rest
	}
	return contents, nil
}

// cutObject takes "<id> <type> <size>\n<content>\n" off the front of cat-file's output.
func cutObject(out []byte, id hotfix.OID) (content, rest []byte, err error) {
	head, body, _ := bytes.Cut(out, []byte("\n"))
	var name, kind string
	var size int
	if n, _ := fmt.Sscanf(string(head), "%s %s %d", &name, &kind, &size); n != 3 || name != string(id) || size >= len(body) {
		return nil, nil, fmt.Errorf("git cat-file: object %s is missing", id)
	}
	return body[:size], body[size+1:], nil
}
