package gitops

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"maps"
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
	if nodes, known := j.trees[id]; known || id == "" || id == emptyTree {
		return nodes, nil
	}
	err := j.readTrees(ctx, []hotfix.OID{id})
	return j.trees[id], err
}

// readTrees reads trees into j.trees, those that are not there yet in one question.
func (j *Job) readTrees(ctx context.Context, ids []hotfix.OID) error {
	if len(j.trees)+len(ids) > rememberedTrees {
		clear(j.trees)
	}
	var unread []hotfix.OID
	for _, id := range unique(ids) {
		if _, known := j.trees[id]; !known && id != "" && id != emptyTree {
			unread = append(unread, id)
		}
	}
	contents, err := j.read(ctx, unread)
	if err != nil {
		return err
	}
	for id, raw := range contents {
		if j.trees[id], err = parseTree(raw); err != nil {
			return fmt.Errorf("object %s: %w", id, err)
		}
	}
	return nil
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
	if err := j.readAbove(ctx, paths, tree); err != nil {
		return nil, err
	}
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

// readAbove reads the folders above paths, level by level, so that finding the
// paths asks no more questions. Where there are very many it leaves them to find.
func (j *Job) readAbove(ctx context.Context, paths []string, trees ...hotfix.OID) error {
	wanted := map[string]bool{}
	for _, name := range paths {
		for folder := above(name); folder != "" && !wanted[folder]; folder = above(folder) {
			wanted[folder] = true
		}
	}
	level := map[string][]hotfix.OID{"": trees}
	for len(level) > 0 && len(level) < rememberedTrees {
		if err := j.readTrees(ctx, slices.Concat(slices.Collect(maps.Values(level))...)); err != nil {
			return err
		}
		next := map[string][]hotfix.OID{}
		for folder, ids := range level {
			for _, id := range ids {
				for _, n := range j.trees[id] {
					if name := below(folder, n.name); n.folder() && wanted[name] {
						next[name] = append(next[name], n.oid)
					}
				}
			}
		}
		level = next
	}
	return nil
}

// below is a name in a folder. It is not cleaned: what a tree calls ".." is ".."
// to git, too.
func below(folder, name string) string {
	if folder == "" {
		return name
	}
	return folder + "/" + name
}
