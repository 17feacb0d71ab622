package gitops

import (
	"context"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Changed lists, sorted, the paths whose content or mode differs between two
// commits, and fetches them first when they are not here; no blobs are needed. A
// renamed file has two paths. An empty id stands for nothing at all.
func (j *Job) Changed(ctx context.Context, from, to hotfix.OID) ([]string, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.load(ctx, from, to); err != nil {
		return nil, err
	}
	changes, err := j.diff(ctx, trees{j.commits[from].tree, j.commits[to].tree})
	if err != nil {
		return nil, err
	}
	paths := pathsOf(changes)
	slices.Sort(paths)
	return paths, nil
}

func pathsOf(changes []change) []string {
	paths := make([]string, len(changes))
	for i, c := range changes {
		paths[i] = c.path
	}
	return paths
}

// Holds tells whether a commit has a regular file at a path, and fetches the commit first
// when it is not here; no blobs are needed.
func (j *Job) Holds(ctx context.Context, commit hotfix.OID, path string) (bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.load(ctx, commit); err != nil {
		return false, err
	}
	files, err := j.filesAt(ctx, j.commits[commit].tree, []string{path})
	mode := files[path].mode
	return mode == modeFile || mode == modeProgram, err
}
