package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// reference picks with git itself, in one work tree that is used again and
// again. Its repository reads the clone's objects and writes its own.
type reference struct {
	dir  string
	full bool
}

// outcome is what git came to.
type outcome struct {
	hotfix.Outcome
	impossible string // why git could not pick at all
	tree       string
	commit     string
	unmerged   map[string]bool
	kinds      []string // of conflicts, in git's words, sorted
	took       time.Duration
}

func newReference(ctx context.Context, work, name, clone string, full bool) (*reference, error) {
	clone, err := filepath.Abs(clone)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(filepath.Join(clone, ".git")); err == nil && info.IsDir() {
		clone = filepath.Join(clone, ".git")
	}
	dir, err := filepath.Abs(filepath.Join(work, name))
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	r := &reference{dir: dir, full: full}
	if _, err := r.git(ctx, "init", "-q"); err != nil {
		return nil, err
	}
	alternates := filepath.Join(dir, ".git", "objects", "info", "alternates")
	if err := os.WriteFile(alternates, []byte(filepath.Join(clone, "objects")+"\n"), 0o600); err != nil {
		return nil, err
	}
	sparse := []string{"sparse-checkout", "set", "--cone"}
	if full {
		sparse = []string{"sparse-checkout", "disable"}
	}
	_, err = r.git(ctx, sparse...)
	return r, err
}

// pick makes one pick. The error means that nothing can be told at all.
func (r *reference) pick(ctx context.Context, c pick) (outcome, error) {
	if said, err := r.reset(ctx, c.target); err != nil {
		return outcome{impossible: words(said, err)}, ctx.Err()
	}
	args := []string{"cherry-pick", "-x"}
	if strings.Contains(c.kind, "merge") {
		args = append(args, "-m", "1")
	}
	start := time.Now()
	said, err := r.git(ctx, append(args, string(c.commit))...)
	o := outcome{took: time.Since(start)}
	if err != nil {
		return r.failed(ctx, o, said, err)
	}
	o.Outcome = hotfix.Clean
	if o.tree, err = r.git(ctx, "rev-parse", "HEAD^{tree}"); err != nil {
		return o, err
	}
	o.tree = strings.TrimSpace(o.tree)
	o.commit, err = r.git(ctx, "cat-file", "commit", "HEAD")
	return o, err
}

// reset goes to a commit. In a sparse work tree it begins with nothing: git 2.39
// does not write the file of a conflict that it wrote before, outside of what
// is checked out, and has reset since.
func (r *reference) reset(ctx context.Context, to hotfix.OID) (said string, err error) {
	if r.full {
		said, err = r.git(ctx, "clean", "-ffdxq")
	} else {
		err = r.clear()
	}
	if err != nil {
		return said, err
	}
	return r.git(ctx, "reset", "-q", "--hard", string(to))
}

// clear removes the index and all files.
func (r *reference) clear() error {
	files, err := os.ReadDir(r.dir)
	if err != nil {
		return err
	}
	for _, file := range files {
		name := file.Name()
		if name == ".git" {
			name = filepath.Join(name, "index")
		}
		if err := os.RemoveAll(filepath.Join(r.dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// failed tells a conflict, an empty pick and a failure apart.
func (r *reference) failed(ctx context.Context, o outcome, said string, failure error) (outcome, error) {
	var exit *exec.ExitError
	if ctx.Err() != nil || !errors.As(failure, &exit) {
		return o, errors.Join(ctx.Err(), failure)
	}
	if exit.ExitCode() != 1 {
		o.impossible = words(said, failure)
		return o, nil
	}
	stages, err := r.git(ctx, "ls-files", "-u", "-z")
	if err != nil {
		return o, err
	}
	o.unmerged = map[string]bool{}
	for record := range strings.SplitSeq(stages, "\x00") {
		if _, path, ok := strings.Cut(record, "\t"); ok {
			o.unmerged[path] = true
		}
	}
	o.kinds = conflictKinds(said)
	o.Outcome = hotfix.Conflict
	if len(o.kinds) == 0 && len(o.unmerged) == 0 {
		o.Outcome = hotfix.Contained
	}
	return o, nil
}

var conflictLine = regexp.MustCompile(`(?m)^CONFLICT \(([^)]*)\)`)

func conflictKinds(said string) (kinds []string) {
	for _, m := range conflictLine.FindAllStringSubmatch(said, -1) {
		kinds = append(kinds, m[1])
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

func words(said string, err error) string {
	return strings.Join(strings.Fields(fmt.Sprint(said, " ", err)), " ")
}

// git runs git in the work tree, with no configuration but git's own. What it
// printed is returned also when it failed, then with its complaints.
func (r *reference) git(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = r.dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent", "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_EDITOR=true",
		"GIT_COMMITTER_NAME=Alice", "GIT_COMMITTER_EMAIL=alice@example.com", "GIT_COMMITTER_DATE=2024-01-01T12:00:00Z",
		"GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=gc.auto", "GIT_CONFIG_VALUE_0=0", "GIT_CONFIG_KEY_1=advice.detachedHead", "GIT_CONFIG_VALUE_1=false",
	}
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	if err != nil {
		return out.String() + complaint.String(), err
	}
	return out.String(), nil
}
