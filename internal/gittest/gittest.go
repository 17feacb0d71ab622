// Package gittest makes real git repositories for tests and serves them over
// smart HTTP.
//
// Dates, names and configuration are fixed, so that the same calls give the
// same object ids on every machine. It never reads the configuration of the
// person who runs the tests.
package gittest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Start is the date of the first commit; each further one is a minute later.
var Start = time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)

// Repo is a bare repository with a work tree beside it.
type Repo struct {
	Dir  string // the bare repository
	Tree string // the work tree
	t    testing.TB
	now  time.Time
	name string // who commits
}

// serving is what GitHub's server allows, too.
const serving = `[uploadpack]
	allowFilter = true
	allowAnySHA1InWant = true
[http]
	receivepack = true
`

// New makes root/name.git with the unborn branch main.
func New(tb testing.TB, root, name string) *Repo {
	tb.Helper()
	r := &Repo{Dir: filepath.Join(root, name+".git"), Tree: tb.TempDir(), t: tb, now: Start, name: "Alice"}
	if err := os.MkdirAll(r.Dir, 0o700); err != nil {
		tb.Fatal(err)
	}
	if out, err := r.Run(nil, r.Dir, "init", "-q", "--bare", "--initial-branch=main"); err != nil {
		tb.Fatal(out, err)
	}
	config, err := os.OpenFile(filepath.Join(r.Dir, "config"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		tb.Fatal(err)
	}
	defer config.Close()
	if _, err := config.WriteString(serving); err != nil {
		tb.Fatal(err)
	}
	return r
}

// As sets who commits from now on.
func (r *Repo) As(name string) { r.name = name }

// Git runs git in the work tree and returns what it printed, without the last
// line break. A failure ends the test.
func (r *Repo) Git(args ...string) string {
	r.t.Helper()
	out, err := r.Run(nil, r.Tree, args...)
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSuffix(out, "\n")
}

// Input is Git with something on its standard input.
func (r *Repo) Input(stdin []byte, args ...string) string {
	r.t.Helper()
	out, err := r.Run(stdin, r.Tree, args...)
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSuffix(out, "\n")
}

// Run runs git in a folder: the work tree, or a linked work tree.
func (r *Repo) Run(stdin []byte, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(r.t.Context(), "git", args...)
	cmd.Dir = dir
	cmd.Env = r.environment(dir)
	cmd.Stdin = bytes.NewReader(stdin)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, complaint.String())
	}
	return out.String(), err
}

func (r *Repo) environment(dir string) []string {
	date := r.now.Format(time.RFC3339)
	email := strings.ToLower(r.name) + "@example.com"
	env := append(Environment(),
		"GIT_AUTHOR_NAME="+r.name, "GIT_AUTHOR_EMAIL="+email, "GIT_AUTHOR_DATE="+date,
		"GIT_COMMITTER_NAME="+r.name, "GIT_COMMITTER_EMAIL="+email, "GIT_COMMITTER_DATE="+date)
	if dir == r.Tree {
		env = append(env, "GIT_DIR="+r.Dir, "GIT_WORK_TREE="+r.Tree)
	}
	return env
}

// Environment is what git needs to know of the machine, and no more.
func Environment() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent", "LC_ALL=C",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_EDITOR=true",
	}
}

// Write writes a file of the work tree.
func (r *Repo) Write(path, content string) {
	r.t.Helper()
	full := r.file(path)
	if err := os.WriteFile(full, []byte(content), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// Link makes a symbolic link in the work tree, in place of what is there.
func (r *Repo) Link(path, target string) {
	r.t.Helper()
	full := r.file(path)
	if err := os.Remove(full); err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.t.Fatal(err)
	}
	if err := os.Symlink(target, full); err != nil {
		r.t.Fatal(err)
	}
}

// Mode sets the permissions of a file of the work tree.
func (r *Repo) Mode(path string, mode os.FileMode) {
	r.t.Helper()
	if err := os.Chmod(r.file(path), mode); err != nil {
		r.t.Fatal(err)
	}
}

// Remove removes a file or folder of the work tree.
func (r *Repo) Remove(path string) {
	r.t.Helper()
	if err := os.RemoveAll(r.file(path)); err != nil {
		r.t.Fatal(err)
	}
}

// Move renames a file or folder of the work tree.
func (r *Repo) Move(from, to string) {
	r.t.Helper()
	if err := os.Rename(r.file(from), r.file(to)); err != nil {
		r.t.Fatal(err)
	}
}

func (r *Repo) file(path string) string {
	full := filepath.Join(r.Tree, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		r.t.Fatal(err)
	}
	return full
}

// Commit commits all of the work tree, also when nothing changed.
func (r *Repo) Commit(message string) hotfix.OID {
	r.t.Helper()
	r.Git("add", "-A")
	return r.Record(message)
}

// Record commits what is in the index.
func (r *Repo) Record(message string) hotfix.OID {
	r.t.Helper()
	r.Git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", message)
	r.now = r.now.Add(time.Minute)
	return r.ID("HEAD")
}

// Merge merges a revision into the present branch with a merge commit.
func (r *Repo) Merge(revision string) hotfix.OID {
	r.t.Helper()
	r.Git("merge", "-q", "--no-ff", "-m", "Merge "+revision, revision)
	r.now = r.now.Add(time.Minute)
	return r.ID("HEAD")
}

// Branch makes a branch at a revision and goes there.
func (r *Repo) Branch(name, revision string) {
	r.t.Helper()
	r.Git("checkout", "-q", "-f", "-B", name, revision)
	r.Git("clean", "-q", "-f", "-d")
}

// Switch goes to a branch.
func (r *Repo) Switch(name string) {
	r.t.Helper()
	r.Git("checkout", "-q", "-f", name)
	r.Git("clean", "-q", "-f", "-d")
}

// ID is the object that a revision names.
func (r *Repo) ID(revision string) hotfix.OID {
	r.t.Helper()
	return hotfix.OID(r.Git("rev-parse", "--verify", "--end-of-options", revision))
}
