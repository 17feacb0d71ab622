package gitops

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// graft writes a tree with changes made to it, and returns its id. The changes
// must be some of those from this tree to another.
func (j *Job) graft(ctx context.Context, tree hotfix.OID, changes []change) (hotfix.OID, error) {
	if len(changes) == 0 {
		return tree, nil
	}
	nodes, err := j.tree(ctx, tree)
	if err != nil {
		return "", err
	}
	held := make(map[string]entry, len(nodes))
	for _, n := range nodes {
		held[n.name] = n.entry
	}
	here, inside := split(changes)
	for _, c := range here {
		if c.old.oid != "" {
			delete(held, c.path)
		}
	}
	for name, deeper := range inside {
		if err := j.graftFolder(ctx, held, name, deeper); err != nil {
			return "", err
		}
	}
	for _, c := range here {
		if held[c.path].oid != "" && c.new.oid != "" {
			return "", inTheWay(c.path)
		}
		if c.new.oid != "" {
			held[c.path] = c.new
		}
	}
	return j.writeTree(held)
}

// graftFolder changes what is in one folder of a tree; one that becomes empty goes.
func (j *Job) graftFolder(ctx context.Context, held map[string]entry, name string, changes []change) error {
	if e := held[name]; e.oid != "" && !e.folder() {
		return inTheWay(name)
	}
	id, err := j.graft(ctx, held[name].oid, changes)
	if err != nil {
		return err
	}
	if delete(held, name); id != emptyTree {
		held[name] = entry{mode: modeFolder, oid: id}
	}
	return nil
}

// split tells the changes of a folder's own files from those inside its folders,
// which lose the name of the folder.
func split(changes []change) (here []change, inside map[string][]change) {
	inside = map[string][]change{}
	for _, c := range changes {
		folder, rest, deeper := strings.Cut(c.path, "/")
		if !deeper {
			here = append(here, c)
			continue
		}
		c.path = rest
		inside[folder] = append(inside[folder], c)
	}
	return here, inside
}

// inTheWay is the error where a commit puts a folder in place of a file, or a
// file in place of a folder, and only one half of that was asked for.
func inTheWay(name string) error {
	return &hotfix.Refusal{
		What:   fmt.Sprintf("the commit replaces %q, a file, by a folder or the other way round: it cannot be picked without one of them", name),
		Remedy: fmt.Sprintf("pick or leave out all of %q, or bring this change over by hand", name),
		Topic:  hotfix.TopicCannotPick,
	}
}

// writeTree writes a tree in git's order, in which a folder's name ends with a
// slash (base_name_compare in git's tree.c).
func (j *Job) writeTree(held map[string]entry) (hotfix.OID, error) {
	nodes := make([]node, 0, len(held))
	for name, e := range held {
		nodes = append(nodes, node{name, e})
	}
	slices.SortFunc(nodes, func(a, b node) int { return cmp.Compare(a.sortName(), b.sortName()) })
	var raw bytes.Buffer
	for _, n := range nodes {
		id, err := hex.DecodeString(string(n.oid))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&raw, "%s %s\x00%s", strings.TrimLeft(n.mode, "0"), n.name, id)
	}
	return j.write(plumbing.TreeObject, raw.Bytes())
}

func (n node) sortName() string {
	if n.folder() {
		return n.name + "/"
	}
	return n.name
}
