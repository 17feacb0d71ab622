package gitops

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// comparison is what differs between two trees, as far as it was found.
type comparison struct {
	*walk
	changes []change
	next    []folderPair
}

// folderPair is a folder that differs between two trees; "" is one that is not there.
type folderPair struct {
	path          string
	before, after hotfix.OID
}

// compare lists what differs between two trees, one level of folders after the
// other. Where a folder stands in place of a file, the file and all in the folder
// are changes.
func (j *Job) compare(ctx context.Context, t trees) ([]change, error) {
	found := &comparison{walk: j.engine.settings.Limits.newWalk()}
	level := []folderPair{{"", t.before, t.after}}
	for depth := 0; len(level) > 0; depth++ {
		if depth > deepest {
			return nil, fmt.Errorf("folders lie more than %d deep in one another", deepest)
		}
		found.next = nil
		for some := range slices.Chunk(level, question/2) {
			if err := j.compareFolders(ctx, some, found); err != nil {
				return nil, err
			}
		}
		level = found.next
	}
	return found.changes, nil
}

// compareFolders compares folders whose trees fit into one question.
func (j *Job) compareFolders(ctx context.Context, pairs []folderPair, found *comparison) error {
	ids := make([]hotfix.OID, 0, 2*len(pairs))
	for _, p := range pairs {
		ids = append(ids, p.before, p.after)
	}
	if err := j.readTrees(ctx, ids); err != nil {
		return err
	}
	for _, p := range pairs {
		if err := found.folders(p.path, j.trees[p.before], j.trees[p.after]); err != nil {
			return err
		}
	}
	return nil
}

func (c *comparison) folders(folder string, before, after []node) error {
	old := make(map[string]entry, len(before))
	for _, n := range before {
		old[n.name] = n.entry
	}
	for _, n := range after {
		if err := c.entries(below(folder, n.name), old[n.name], n.entry); err != nil {
			return err
		}
		delete(old, n.name)
	}
	for _, n := range before {
		if e, left := old[n.name]; left {
			if err := c.entries(below(folder, n.name), e, entry{}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *comparison) entries(name string, a, b entry) error {
	if a == b {
		return nil
	}
	if err := c.pass(name); err != nil {
		return err
	}
	files, inside := change{path: name, old: a, new: b}, folderPair{path: name}
	if a.folder() {
		files.old, inside.before = entry{}, a.oid
	}
	if b.folder() {
		files.new, inside.after = entry{}, b.oid
	}
	if files.old != files.new {
		c.changes = append(c.changes, files)
	}
	if inside.before != inside.after {
		c.next = append(c.next, inside)
	}
	return nil
}
