package gitops

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const (
	// rememberedTrees is how many trees a job keeps: a series reads the same ones
	// again and again.
	rememberedTrees = 4096
	// deepest is how deep folders may lie in one another. Newer git refuses more
	// than 2048 by itself (core.maxTreeDepth).
	deepest = 2048
)

// node is one line of a tree.
type node struct {
	name string
	entry
}

// tree reads one tree; "" is the empty one.
func (j *Job) tree(ctx context.Context, id hotfix.OID) ([]node, error) {
	if id == "" || id == emptyTree {
		return nil, nil
	}
	if known, ok := j.trees[id]; ok {
		return known, nil
	}
	contents, err := j.read(ctx, []hotfix.OID{id})
	if err != nil {
		return nil, err
	}
	nodes, err := parseTree(contents[id])
	if err != nil {
		return nil, fmt.Errorf("object %s: %w", id, err)
	}
	if len(j.trees) >= rememberedTrees {
		clear(j.trees)
	}
	j.trees[id] = nodes
	return nodes, nil
}

// parseTree reads "<mode> <name>\0<20 bytes>" records.
func parseTree(raw []byte) (nodes []node, err error) {
	for len(raw) > 0 {
		head, rest, ok := bytes.Cut(raw, []byte{0})
		mode, name, named := strings.Cut(string(head), " ")
		mode = strings.TrimLeft(mode, "0") // old clients wrote some
		if !ok || !named || name == "" || mode == "" || len(mode) > 6 || len(rest) < 20 {
			return nil, fmt.Errorf("it is not a tree")
		}
		id := hotfix.OID(hex.EncodeToString(rest[:20]))
		nodes = append(nodes, node{name: name, entry: entry{mode: "000000"[len(mode):] + mode, oid: id}})
		raw = rest[20:]
	}
	return nodes, nil
}

// find is what a tree holds at a path; nothing where it holds none.
func (j *Job) find(ctx context.Context, tree hotfix.OID, name string) (entry, error) {
	at := entry{mode: modeFolder, oid: tree}
	for part := range strings.SplitSeq(name, "/") {
		if !at.folder() {
			return entry{}, nil
		}
		nodes, err := j.tree(ctx, at.oid)
		if err != nil {
			return entry{}, err
		}
		at = j.entryOf(at.oid, nodes, part)
	}
	return at, nil
}

// wide is from how many files on a folder is worth an index: somebody may look
// for all of them, one by one.
const wide = 256

// entryOf is what a folder has under a name.
func (j *Job) entryOf(tree hotfix.OID, nodes []node, name string) entry {
	if len(nodes) < wide {
		if i := slices.IndexFunc(nodes, func(n node) bool { return n.name == name }); i >= 0 {
			return nodes[i].entry
		}
		return entry{}
	}
	if j.wideTree != tree {
		j.wideTree, j.wideIndex = tree, make(map[string]entry, len(nodes))
		for _, n := range nodes {
			j.wideIndex[n.name] = n.entry
		}
	}
	return j.wideIndex[name]
}

// filesAt finds what a tree holds at paths; a conflict may have no path ("").
func (j *Job) filesAt(ctx context.Context, tree hotfix.OID, paths []string) (map[string]entry, error) {
	files := make(map[string]entry, len(paths))
	for _, name := range paths {
		e, err := j.find(ctx, tree, name)
		if err != nil {
			return nil, err
		}
		if e.oid != "" {
			files[name] = e
		}
	}
	return files, nil
}

// comparison is what differs between two trees, as far as it was found.
type comparison struct {
	*walk
	changes []change
}

// compare adds what differs between two trees of a folder ("" is the root).
// Where a folder stands in place of a file, the file and all in the folder are
// changes.
func (j *Job) compare(ctx context.Context, folder string, a, b hotfix.OID, found *comparison) error {
	if strings.Count(folder, "/") > deepest {
		return fmt.Errorf("folders lie more than %d deep in one another", deepest)
	}
	before, err := j.tree(ctx, a)
	if err != nil {
		return err
	}
	after, err := j.tree(ctx, b)
	if err != nil {
		return err
	}
	old := make(map[string]entry, len(before))
	for _, n := range before {
		old[n.name] = n.entry
	}
	for _, n := range after {
		if err := j.compareEntry(ctx, below(folder, n.name), old[n.name], n.entry, found); err != nil {
			return err
		}
		delete(old, n.name)
	}
	for _, n := range before {
		if e, left := old[n.name]; left {
			if err := j.compareEntry(ctx, below(folder, n.name), e, entry{}, found); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *Job) compareEntry(ctx context.Context, name string, a, b entry, found *comparison) error {
	if a == b {
		return nil
	}
	if err := found.pass(name); err != nil {
		return err
	}
	files := change{path: name, old: a, new: b}
	var folders [2]hotfix.OID
	if a.folder() {
		files.old, folders[0] = entry{}, a.oid
	}
	if b.folder() {
		files.new, folders[1] = entry{}, b.oid
	}
	if files.old != files.new {
		found.changes = append(found.changes, files)
	}
	if folders[0] == folders[1] {
		return nil
	}
	return j.compare(ctx, name, folders[0], folders[1], found)
}

// below is a name in a folder. It is not cleaned: what a tree calls ".." is ".."
// to git, too.
func below(folder, name string) string {
	if folder == "" {
		return name
	}
	return folder + "/" + name
}
