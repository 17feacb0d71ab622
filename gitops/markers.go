package gitops

import (
	"bytes"
	"context"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// markerSize is git's default length of a conflict marker; an attribute
// (conflict-marker-size) may make it longer.
const markerSize = 7

// Markers tells for each path whether the file at commit holds a conflict block
// (<<<<<<< … ======= … >>>>>>>). A path that does not exist holds none.
func (j *Job) Markers(ctx context.Context, commit hotfix.OID, paths []string) (map[string]bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.load(ctx, commit); err != nil {
		return nil, err
	}
	return j.marked(ctx, j.commits[commit].tree, paths)
}

// marked is Markers for a tree.
func (j *Job) marked(ctx context.Context, tree hotfix.OID, paths []string) (map[string]bool, error) {
	files, err := j.filesAt(ctx, tree, paths)
	if err != nil {
		return nil, err
	}
	var blobs []hotfix.OID
	for _, e := range files {
		if e.blob() {
			blobs = append(blobs, e.oid)
		}
	}
	blobs = unique(blobs)
	if err := j.fetchBlobs(ctx, blobs); err != nil {
		return nil, err
	}
	contents, err := j.read(ctx, blobs)
	if err != nil {
		return nil, err
	}
	marked := make(map[string]bool, len(paths))
	for _, path := range paths {
		marked[path] = hasConflictBlock(contents[files[path].oid])
	}
	return marked, nil
}

// SamePaths tells for each path whether content and mode are equal at a and b.
// A path that exists at neither is the same.
func (j *Job) SamePaths(ctx context.Context, a, b hotfix.OID, paths []string) (map[string]bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.load(ctx, a, b); err != nil {
		return nil, err
	}
	atA, err := j.filesAt(ctx, j.commits[a].tree, paths)
	if err != nil {
		return nil, err
	}
	atB, err := j.filesAt(ctx, j.commits[b].tree, paths)
	if err != nil {
		return nil, err
	}
	same := make(map[string]bool, len(paths))
	for _, path := range paths {
		same[path] = atA[path] == atB[path]
	}
	return same, nil
}

// hasConflictBlock finds the three marker lines of one length in their order.
func hasConflictBlock(content []byte) bool {
	size, middle := 0, false
	for line := range bytes.Lines(content) {
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case markerLine(line, '<') > 0:
			size, middle = markerLine(line, '<'), false
		case size > 0 && len(line) == size && markerLine(line, '=') == size:
			middle = true
		case middle && markerLine(line, '>') == size:
			return true
		}
	}
	return false
}

// markerLine is the length of the marker that a line begins with, 0 if it is
// none. Only "=======" may stand without a label.
func markerLine(line []byte, c byte) int {
	rest := bytes.TrimLeft(line, string(c))
	size := len(line) - len(rest)
	if size < markerSize || c != '=' && (len(rest) == 0 || rest[0] != ' ') {
		return 0
	}
	return size
}
