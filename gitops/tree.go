package gitops

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const (
	emptyTree = hotfix.OID("4b825dc642cb6eb9a060e54bf8d69288fbee4904")
	noObject  = hotfix.OID("0000000000000000000000000000000000000000")

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
	return e.oid != "" && e.oid != noObject && e.mode != modeSubmodule && e.mode != "040000"
}

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

// diff lists what a pick changes at its source. Renames are a deletion and an
// addition, so that every blob that a merge may read is named.
func (j *Job) diff(ctx context.Context, p hotfix.Pick) ([]change, error) {
	if known, ok := j.changes[p]; ok {
		return known, nil
	}
	base, err := j.treeOf(p.Base)
	if err != nil {
		return nil, err
	}
	out, err := j.git(ctx, call{args: []string{"diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev",
		string(base), string(j.commits[p.Commit].tree)}})
	if err != nil {
		return nil, err
	}
	changes, err := parseRaw(out)
	if err != nil {
		return nil, err
	}
	j.changes[p] = changes
	return changes, nil
}

// parseRaw reads ":<mode> <mode> <id> <id> <letter>\0<path>\0" records.
func parseRaw(out []byte) ([]change, error) {
	fields := bytes.Split(bytes.TrimSuffix(out, []byte{0}), []byte{0})
	if len(out) == 0 {
		return nil, nil
	}
	var changes []change
	for pair := range slices.Chunk(fields, 2) {
		meta := strings.Fields(strings.TrimPrefix(string(pair[0]), ":"))
		if len(pair) != 2 || len(meta) != 5 {
			return nil, fmt.Errorf("git diff-tree: %q is no record", pair[0])
		}
		changes = append(changes, change{
			path: string(pair[1]),
			old:  entry{mode: meta[0], oid: hotfix.OID(meta[2])},
			new:  entry{mode: meta[1], oid: hotfix.OID(meta[3])},
		})
	}
	return changes, nil
}

// listAll lists every file of a tree.
func (j *Job) listAll(ctx context.Context, tree hotfix.OID) (map[string]entry, error) {
	files := map[string]entry{}
	err := j.listInto(ctx, files, "-r", string(tree))
	return files, err
}

// listPaths lists what a tree holds at the given paths.
func (j *Job) listPaths(ctx context.Context, tree hotfix.OID, paths []string) (map[string]entry, error) {
	files := map[string]entry{}
	for batch := range slices.Chunk(paths, 200) { // a path may have 4096 bytes
		args := append([]string{string(tree), "--"}, batch...)
		if err := j.listInto(ctx, files, args...); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// listInto parses "<mode> <type> <id>\t<path>\0" records.
func (j *Job) listInto(ctx context.Context, files map[string]entry, args ...string) error {
	out, err := j.git(ctx, call{args: append([]string{"ls-tree", "-z", "--full-tree"}, args...)})
	if err != nil {
		return err
	}
	for record := range strings.SplitSeq(string(out), "\x00") {
		meta, path, ok := strings.Cut(record, "\t")
		words := strings.Fields(meta)
		if ok && len(words) == 3 {
			files[path] = entry{mode: words[0], oid: hotfix.OID(words[2])}
		}
	}
	return nil
}
