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
// (<<<<<<< … ======= … >>>>>>>) that was added: its first and last line do not
// stand in the file at any of the known commits, or not as often. A path that
// does not exist holds none.
func (j *Job) Markers(ctx context.Context, commit hotfix.OID, paths []string, known ...hotfix.OID) (map[string]bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.load(ctx, append(known, commit)...); err != nil {
		return nil, err
	}
	var trees []hotfix.OID
	for _, id := range known {
		trees = append(trees, j.commits[id].tree)
	}
	return j.marked(ctx, j.commits[commit].tree, paths, nil, trees)
}

// marked is Markers for trees. At the paths in added a block is known to be new.
func (j *Job) marked(ctx context.Context, tree hotfix.OID, paths []string, added map[string]bool, known []hotfix.OID) (map[string]bool, error) {
	files, err := j.contentsAt(ctx, tree, paths)
	if err != nil {
		return nil, err
	}
	marked := make(map[string]bool, len(paths))
	var suspect []string
	for _, path := range paths {
		if marked[path] = hasConflictBlock(files[path]); marked[path] && !added[path] {
			suspect = append(suspect, path)
		}
	}
	ends := map[string]map[string]int{}
	for _, id := range known {
		before, err := j.contentsAt(ctx, id, suspect)
		if err != nil {
			return nil, err
		}
		for path, content := range before {
			ends[path] = most(ends[path], blockEnds(content))
		}
	}
	for _, path := range suspect {
		marked[path] = addsBlock(blockEnds(files[path]), ends[path])
	}
	return marked, nil
}

// contentsAt reads what a tree holds at paths, without submodules and folders.
func (j *Job) contentsAt(ctx context.Context, tree hotfix.OID, paths []string) (map[string][]byte, error) {
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
	objects, err := j.read(ctx, blobs)
	contents := make(map[string][]byte, len(files))
	for path, e := range files {
		contents[path] = objects[e.oid]
	}
	return contents, err
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

// blockEnds counts the lines with which conflict blocks begin and end.
func blockEnds(content []byte) map[string]int {
	ends := map[string]int{}
	for line := range bytes.Lines(content) {
		if line = bytes.TrimRight(line, "\r\n"); markerLine(line, '<') > 0 || markerLine(line, '>') > 0 {
			ends[string(line)]++
		}
	}
	return ends
}

// most is how often each line stands in that of two files which has it oftener.
func most(a, b map[string]int) map[string]int {
	for line, n := range a {
		b[line] = max(b[line], n)
	}
	return b
}

// addsBlock reports whether a file has a new first and a new last line of
// conflict blocks of one size. Labels name the branches, so that the lines of a
// new conflict differ from those of a block that documents what one looks like.
func addsBlock(now, before map[string]int) bool {
	begins, ends := map[int]bool{}, map[int]bool{}
	for line, n := range now {
		if n > before[line] {
			begins[markerLine([]byte(line), '<')] = true
			ends[markerLine([]byte(line), '>')] = true
		}
	}
	for size := range begins {
		if size > 0 && ends[size] {
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
