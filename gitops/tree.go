package gitops

import (
	"context"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const (
	emptyTree = hotfix.OID("4b825dc642cb6eb9a060e54bf8d69288fbee4904")

	modeFolder    = "040000"
	modeFile      = "100644"
	modeProgram   = "100755"
	modeSymlink   = "120000"
	modeSubmodule = "160000"
)

// entry is what a tree holds at a path. Its zero value is "nothing".
type entry struct {
	mode string
	oid  hotfix.OID
}

// blob reports whether the entry is content that can be fetched.
func (e entry) blob() bool {
	return e.oid != "" && e.mode != modeSubmodule && !e.folder()
}

func (e entry) folder() bool { return e.mode == modeFolder }

// change is one path that differs between two trees.
type change struct {
	path     string
	old, new entry
}

// treeOf is the tree of a loaded commit; of no commit, the empty tree.
func (j *Job) treeOf(id hotfix.OID) (hotfix.OID, error) {
	if id == "" {
		return j.write(plumbing.TreeObject, nil)
	}
	return j.commits[id].tree, nil
}

// trees are the content before and after a change.
type trees struct{ before, after hotfix.OID }

// treesOf are the trees of a pick's commits, whatever it leaves out.
func (j *Job) treesOf(p hotfix.Pick) (trees, error) {
	base, err := j.treeOf(p.Base)
	return trees{base, j.commits[p.Commit].tree}, err
}

// diff lists what a change changes. Renames are a deletion and an addition, so
// that every blob that a merge may read is named.
func (j *Job) diff(ctx context.Context, t trees) ([]change, error) {
	if known, ok := j.changes[t]; ok {
		return known, nil
	}
	changes, err := j.compare(ctx, t)
	if err == nil {
		j.changes[t] = changes
	}
	return changes, err
}
