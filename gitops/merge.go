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
// and only their trees matter.
const anybody = "pick <pick> 0 +0000"

// merge merges three trees. merge-tree takes commits and finds their base
// itself, so that a history of two generations is made for it: base, with ours
// and theirs upon it.
func (j *Job) merge(ctx context.Context, base, ours, theirs hotfix.OID, labels hotfix.Labels) (merged, error) {
	b, err := j.writePassing(commit{tree: base})
	if err != nil {
		return merged{}, err
	}
	names, err := j.label(ctx, b, ours, theirs, labels)
	if err != nil {
		return merged{}, err
	}
	m, err := j.mergeTree(ctx, names, false)
	if err != nil && ctx.Err() == nil && j.clone == nil && !errors.As(err, new(*Exceeded)) {
		// A blob is missing that only rename detection asks for. git then ends with
		// 128, or is killed while it writes to the fetch that was refused.
		m, err = j.mergeTree(ctx, names, true)
	}
	return m, errors.Join(err, j.unlabel())
}

// writePassing writes a commit that only a merge looks at.
func (j *Job) writePassing(c commit) (hotfix.OID, error) {
	c.author, c.committer = anybody, anybody
	id, err := j.write(plumbing.CommitObject, c.encode())
	j.passing[id] = true
	return id, err
}

func (j *Job) mergeTree(ctx context.Context, names [2]string, online bool) (merged, error) {
	c := call{args: []string{"merge-tree", "--write-tree", "--messages", "-z", names[0], names[1]}, online: online}
	a, err := j.ask(ctx, c)
	if err != nil {
		return merged{}, err
	}
	if strings.Contains(a.stderr, "rename detection was skipped") {
		j.engine.settings.Log.Warn().Msg("git skipped rename detection: too many files were added or removed")
	}
	// 1 is "conflict", and also "cannot merge", then without a tree.
	if a.code != 0 && a.code != 1 || len(a.stdout) == 0 {
		return merged{}, j.mergeError(ctx, &failure{verb: "merge-tree", answer: a})
	}
	return parseMerge(a.stdout, a.code == 0)
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
// and theirs among the tags, so that "a" and "a/b" can stand side by side.
func (j *Job) label(ctx context.Context, base, ours, theirs hotfix.OID, labels hotfix.Labels) ([2]string, error) {
	names := [2]string{j.safeLabel(labels.Ours, "ours"), j.safeLabel(labels.Theirs, "theirs")}
	if names[0] == names[1] {
		names[1] += "-picked"
	}
	if err := j.unlabel(); err != nil {
		return names, err
	}
	for i, tree := range []hotfix.OID{ours, theirs} {
		id, err := j.writePassing(commit{tree: tree, parents: []hotfix.OID{base}})
		if err != nil {
			return names, err
		}
		path := filepath.Join(j.dir, "refs", [2]string{"heads", "tags"}[i], filepath.FromSlash(names[i]))
		if err := writeRef(path, id); err != nil {
			return names, fmt.Errorf("name a side of a merge: %w", err)
		}
	}
	return names, ctx.Err()
}

func writeRef(path string, id hotfix.OID) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(string(id)+"\n"), 0o600)
}

// unlabel removes the names: they must not stand for a side of the next merge.
func (j *Job) unlabel() error {
	for _, kind := range []string{"heads", "tags"} {
		dir := filepath.Join(j.dir, "refs", kind)
		if err := errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o700)); err != nil {
			return err
		}
	}
	return nil
}

// safeLabel is the label itself when git, asked for it, finds our ref. A full
// object id is taken for an object, and a name that is a file of $GIT_DIR
// ("shallow", "HEAD") for that file, before any branch is looked at.
func (j *Job) safeLabel(label, otherwise string) string {
	if !validName(label) {
		return otherwise
	}
	top, _, _ := strings.Cut(label, "/")
	_, err := os.Lstat(filepath.Join(j.dir, top))
	reserved := err == nil || slices.Contains([]string{"refs", "heads", "tags", "remotes"}, top) || strings.HasSuffix(top, "HEAD")
	if reserved || hotfix.OID(strings.ToLower(label)).Valid() {
		return "branch-" + label
	}
	return label
}
