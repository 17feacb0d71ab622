package githubsim

import (
	"context"
	"errors"
	"strings"
)

// errConflict says that two sides cannot be merged by themselves.
var errConflict = errors.New("merge conflict")

// mergeTree merges two commits by git's own three-way merge and gives the tree, or
// errConflict.
func (d *gitDir) mergeTree(ctx context.Context, ours, theirs string) (string, error) {
	out, err := d.run(ctx, "merge-tree", "--write-tree", "--allow-unrelated-histories", ours, theirs)
	sha, _, _ := strings.Cut(out, "\n")
	switch {
	case err == nil && isSHA(sha):
		return sha, nil
	case exitCode(err) == 1 && isSHA(sha): // 1 means a conflict only with a tree
		return "", errConflict
	}
	return "", err
}

// pick gives the tree of tip with what c changed against its first parent. The three-way
// merge runs over commits made for it, so that the parent of c is the merge base.
func (d *gitDir) pick(ctx context.Context, tip string, c commit, who ident) (string, error) {
	base := emptyTree
	if len(c.Parents) > 0 {
		p, err := d.commit(c.Parents[0])
		if err != nil {
			return "", err
		}
		base = p.Tree
	} else if _, err := d.write("tree", nil); err != nil {
		return "", err
	}
	b, err := d.writeCommit(commit{Tree: base, Author: who, Committer: who, Message: "base\n"})
	if err != nil {
		return "", err
	}
	on, err := d.commit(tip)
	if err != nil {
		return "", err
	}
	var sides [2]string
	for i, tree := range []string{on.Tree, c.Tree} {
		side := commit{Tree: tree, Parents: []string{b}, Author: who, Committer: who, Message: "side\n"}
		if sides[i], err = d.writeCommit(side); err != nil {
			return "", err
		}
	}
	return d.mergeTree(ctx, sides[0], sides[1])
}

// rebase puts the commits of base..head, merges left out, on base, and gives the new tip or
// errConflict. Authors stay; the committer is who rebases. A commit that base already has is
// dropped, as git rebase does.
func (d *gitDir) rebase(ctx context.Context, base, head string, committer ident) (string, error) {
	shas, err := d.log(ctx, "--reverse", "--topo-order", "--no-merges", head, "^"+base)
	if err != nil {
		return "", err
	}
	tip := base
	for _, sha := range shas {
		c, err := d.commit(sha)
		if err != nil {
			return "", err
		}
		tree, err := d.pick(ctx, tip, c, committer)
		if err != nil {
			return "", err
		}
		if on, err := d.commit(tip); err != nil {
			return "", err
		} else if on.Tree == tree && !d.changesNothing(c) {
			continue
		}
		next := c
		next.Tree, next.Parents, next.Committer = tree, []string{tip}, committer
		if tip, err = d.writeCommit(next); err != nil {
			return "", err
		}
	}
	return tip, nil
}

// changesNothing tells whether a commit has its first parent's tree.
func (d *gitDir) changesNothing(c commit) bool {
	if len(c.Parents) == 0 {
		return false
	}
	p, err := d.commit(c.Parents[0])
	return err == nil && p.Tree == c.Tree
}
