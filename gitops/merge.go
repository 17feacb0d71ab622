package gitops

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// anybody signs the commits that exist only to be merged: they are never pushed,
// and only their trees matter. They are younger than any other commit, so that
// git, which looks at the youngest first, finds the base at once.
const anybody = "pick <pick> 4102444800 +0000"

// merge makes a pick on a tree. merge-tree takes commits and finds their base
// itself, so that ours is made a commit upon the pick's base.
func (j *Job) merge(ctx context.Context, ours hotfix.OID, p step, labels hotfix.Labels) (merged, error) {
	base, theirs, err := j.twoGenerations(p)
	if err != nil {
		return merged{}, err
	}
	side, err := j.writePassing(commit{tree: ours, parents: []hotfix.OID{base}})
	if err != nil {
		return merged{}, err
	}
	names, err := j.label(side, theirs, labels)
	if err != nil {
		return merged{}, err
	}
	m, err := j.mergeTree(ctx, names, false)
	if err != nil && ctx.Err() == nil && j.clone == nil && !errors.As(err, new(*Exceeded)) {
		// A blob is missing that only rename detection asks for. git then ends with
		// 128, or is killed while it writes to the fetch that was refused.
		m, err = j.mergeTree(ctx, names, true)
	}
	return m, err
}

// twoGenerations are a commit with the tree of the pick's base, and one with the
// pick's own tree upon it and nothing else. In a clone that has its history these
// are the base and, if it is no merge, the commit itself; what is not is made.
func (j *Job) twoGenerations(p step) (base, theirs hotfix.OID, err error) {
	if j.clone != nil && !j.clone.shallow && p.base != "" {
		if err := j.writeNow(); err != nil { // they may have been made here
			return "", "", err
		}
		base = p.base
	} else if base, err = j.writePassing(commit{tree: p.trees.before}); err != nil {
		return "", "", err
	}
	c := j.commits[p.commit]
	if slices.Equal(c.parents, []hotfix.OID{base}) && c.tree == p.trees.after {
		return base, p.commit, nil
	}
	theirs, err = j.writePassing(commit{tree: p.trees.after, parents: []hotfix.OID{base}})
	return base, theirs, err
}

// writePassing writes a commit that only a merge looks at.
func (j *Job) writePassing(c commit) (hotfix.OID, error) {
	c.author, c.committer = anybody, anybody
	id, err := j.write(plumbing.CommitObject, c.encode())
	j.passing[id] = true
	return id, err
}

func (j *Job) mergeTree(ctx context.Context, names [2]string, online bool) (merged, error) {
	c := call{args: []string{"merge-tree", "--write-tree", "--messages", "-z", names[0], names[1]}, online: online, merge: true}
	a, err := j.ask(ctx, c)
	if err == nil {
		err = j.intact() // or the merge may be of less than there is
	}
	if err != nil {
		return merged{}, err
	}
	if strings.Contains(a.stderr, "rename detection was skipped") {
		j.engine.settings.Log.Warn().Ctx(ctx).Msg("git skipped rename detection: too many files were added or removed")
	}
	// 1 is "conflict", and also "cannot merge", then without a tree.
	if a.code != 0 && a.code != 1 || len(a.stdout) == 0 {
		return merged{}, j.mergeError(ctx, &failure{verb: "merge-tree", answer: a})
	}
	m, err := parseMerge(a.stdout, a.code == 0)
	if err != nil {
		return merged{}, err
	}
	return m, j.noteTree(m.tree)
}

var unread = regexp.MustCompile(`(?:unable to read|missing|could not read|bad object)[^\n]*?([0-9a-f]{40})`)

// mergeError tells what a merge lacked.
func (j *Job) mergeError(ctx context.Context, f *failure) error {
	if j.clone == nil {
		return j.remoteError(f)
	}
	if m := unread.FindStringSubmatch(f.answer.stderr); m != nil {
		return j.missing(ctx, hotfix.OID(m[1]))
	}
	return f
}

// label makes the two sides known under the names that are to stand in conflict
// markers: git puts there what it was called with. ours lies among the branches
// and theirs among the tags, so that "a" and "a/b" can stand side by side. One
// file for both is written quicker than two in folders of their own.
func (j *Job) label(ours, theirs hotfix.OID, labels hotfix.Labels) ([2]string, error) {
	names := [2]string{j.safeLabel(labels.Ours, "ours"), j.safeLabel(labels.Theirs, "theirs")}
	if names[0] == names[1] {
		names[1] += "-picked"
	}
	refs := fmt.Sprintf("# pack-refs with: sorted \n%s refs/heads/%s\n%s refs/tags/%s\n", ours, names[0], theirs, names[1])
	j.labelled = true
	if err := overwrite(j.packedRefs(), refs); err != nil {
		return names, fmt.Errorf("name the sides of a merge: %w", err)
	}
	return names, nil
}

// overwrite writes a file in its place. Emptied first, as os.WriteFile does, ext4
// would send it to the disk at once (auto_da_alloc in its documentation).
func overwrite(path, content string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(content)
	return errors.Join(err, f.Truncate(int64(len(content))), f.Close())
}

// unlabel removes the names: neither a fetch nor a push is to see them.
func (j *Job) unlabel() error {
	if !j.labelled {
		return nil
	}
	j.labelled = false
	return os.Truncate(j.packedRefs(), 0)
}

func (j *Job) packedRefs() string { return filepath.Join(j.dir, "packed-refs") }

// safeLabel is the label itself when git, asked for it, finds our ref. A full
// object id is taken for an object, and a name that is a file of $GIT_DIR
// ("shallow", "HEAD") for that file, before any branch is looked at.
func (j *Job) safeLabel(label, otherwise string) string {
	if !validName(label) {
		return otherwise
	}
	top, _, _ := strings.Cut(label, "/")
	_, err := os.Lstat(filepath.Join(j.dir, top))
	reserved := err == nil || slices.Contains([]string{"packed-refs", "refs", "heads", "tags", "remotes"}, top) || strings.HasSuffix(top, "HEAD")
	if reserved || hotfix.OID(strings.ToLower(label)).Valid() {
		return "branch-" + label
	}
	return label
}
