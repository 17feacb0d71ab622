package gitops

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/gittest"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// conflicting makes a fix, and a target that it conflicts with in one of two files.
func (w *world) conflicting() (target hotfix.OID, fix hotfix.Pick) {
	w.Write("f", lines)
	w.Write("deep/g", lines)
	base := w.Commit("base")
	w.Write("f", changed("two", "2"))
	w.Write("deep/g", changed("two", "2"))
	id := w.Commit("fix")
	w.Branch("qa", string(base))
	w.Write("f", changed("two", "zwei"))
	w.Write("deep/g", changed("nine", "9"))
	return w.Commit("target"), hotfix.Pick{Commit: id, Base: base}
}

// person runs git as its owner does, in a folder.
func person(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "protocol.file.allow=always", "-c", "maintenance.auto=false"}, args...)...)
	cmd.Dir = dir
	cmd.Env = gittest.Environment()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// A job upon a clone comes to what a job with a server comes to, wherever the
// clone's objects lie.
func TestCloneEqualsServer(t *testing.T) {
	w := newWorld(t)
	target, fix := w.conflicting()
	w.Git("branch", "fix", string(fix.Commit))
	_, want := w.replay(t, target, fix)

	root := t.TempDir()
	at := func(name string) string { return filepath.Join(root, name) }
	person(t, root, "clone", "-q", w.Dir, "whole")
	person(t, root, "clone", "-q", "--mirror", w.Dir, `odd "name" #.git`)
	person(t, at("whole"), "worktree", "add", "-q", at("linked"), "origin/fix")
	person(t, root, "clone", "-q", "--shared", "whole", "shared")
	person(t, root, "clone", "-q", "--shared", "shared", "twice")
	alternates := filepath.Join(at("twice"), ".git", "objects", "info", "alternates")
	if err := os.WriteFile(alternates, []byte("../../../shared/.git/objects\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"whole", `odd "name" #.git`, "linked", "linked/deep", "shared", "twice"} {
		c, err := w.engine.Clone(t.Context(), at(dir))
		if err != nil {
			t.Fatal(err)
		}
		j, err := c.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got, err := j.Replay(t.Context(), target, seriesOf(fix))
		if err != nil || got.Tip != want.Tip || len(got.Conflicts) != 1 || got.Conflicts[0] != want.Conflicts[0] {
			t.Errorf("%s: %+v %v, want %+v", dir, got, err, want)
		}
		if _, err := j.Refs(t.Context()); err == nil {
			t.Errorf("%s: a job upon a clone has refs", dir)
		}
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestNoClone(t *testing.T) {
	e := newEngine(t, t.TempDir())
	empty := t.TempDir()
	if _, err := e.Clone(t.Context(), empty); !errors.Is(err, ErrNoRepository) {
		t.Errorf("error %v", err)
	}
	person(t, empty, "init", "-q", "--object-format=sha256", "other")
	if _, err := e.Clone(t.Context(), filepath.Join(empty, "other")); err == nil || !strings.Contains(err.Error(), "sha256") {
		t.Errorf("error %v", err)
	}
}

// What a clone lacks is named, and the remedy is one.
func TestCloneLacks(t *testing.T) {
	w := newWorld(t)
	target, fix := w.conflicting()
	w.Git("branch", "fix", string(fix.Commit))
	w.Git("config", "uploadpack.allowFilter", "true")
	for name, args := range map[string][]string{
		"partial":  {"clone", "-q", "--no-checkout", "--filter=blob:none", "file://" + w.Dir},
		"treeless": {"clone", "-q", "--no-checkout", "--filter=tree:0", "file://" + w.Dir},
		"shallow":  {"clone", "-q", "--bare", "--depth=1", "--no-single-branch", "file://" + w.Dir},
		"single":   {"clone", "-q", "--bare", "--single-branch", "--branch=qa", "file://" + w.Dir},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			person(t, root, append(args, "clone")...)
			c, err := w.engine.Clone(t.Context(), filepath.Join(root, "clone"))
			if err != nil {
				t.Fatal(err)
			}
			replay := func() (hotfix.Replay, error) {
				j, err := c.Open(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				defer j.Close()
				return j.Replay(t.Context(), target, seriesOf(fix))
			}
			_, err = replay()
			var missing *Missing
			if !errors.As(err, &missing) || !missing.Object.Valid() {
				t.Fatalf("error %v", err)
			}
			remedy := strings.Replace(missing.Remedy, strconv.Quote(c.dir), c.dir, 1)
			person(t, root, strings.Fields(remedy)[1:]...)
			if r, err := replay(); err != nil || r.Outcome != hotfix.Conflict {
				t.Errorf("after %s: %+v %v", remedy, r, err)
			}
		})
	}
}

// Keep brings over what was made, and only that.
func TestKeep(t *testing.T) {
	w := newWorld(t)
	target, fix := w.conflicting()
	c, err := w.engine.Clone(t.Context(), w.Dir)
	if err != nil {
		t.Fatal(err)
	}
	j, err := c.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	r, err := j.Replay(t.Context(), target, seriesOf(fix))
	if err != nil {
		t.Fatal(err)
	}
	before := strings.Count(w.Git("cat-file", "--batch-all-objects", "--batch-check"), "\n")
	for _, name := range []string{"", "-x", "a..b", "qa"} {
		if err := c.Keep(t.Context(), j, name, r.Tip); err == nil {
			t.Errorf("a branch %q was made", name)
		}
	}
	if err := c.Keep(t.Context(), j, "backport/qa/1", r.Tip); err != nil {
		t.Fatal(err)
	}
	if got := w.ID("refs/heads/backport/qa/1"); got != r.Tip || w.ID("qa") != target {
		t.Errorf("the branch is at %s, qa at %s", got, w.ID("qa"))
	}
	if !c.HasBranch(t.Context(), "backport/qa/1") || c.HasBranch(t.Context(), "backport/qa") || c.HasBranch(t.Context(), "-x") {
		t.Error("the branches that there are were told wrongly")
	}
	// The commit, its two trees, and the two merged files.
	if after := strings.Count(w.Git("cat-file", "--batch-all-objects", "--batch-check"), "\n"); after != before+5 {
		t.Errorf("%d objects were brought over", after-before)
	}
	if err := c.Push(t.Context(), "--upload-pack=true", "backport/qa/1", nil, io.Discard); err == nil {
		t.Error("an option was taken for a remote")
	}
}

// TestWarmPickIsOneProcess holds the engine to its cost: a job's first pick
// starts the reader of objects, each further one only merge-tree.
func TestWarmPickIsOneProcess(t *testing.T) {
	w := newWorld(t)
	w.Write("sub/.gitattributes", "*.lock -merge\n")
	target, fix := w.conflicting()
	log := filepath.Join(t.TempDir(), "log")
	git, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	wrapper := filepath.Join(t.TempDir(), "git")
	gittest.Script(t, wrapper, "echo \"$1\" >> "+log+"\nexec "+git+" \"$@\"\n")
	e, err := New(Settings{Git: wrapper, Dir: t.TempDir(), Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	c, err := e.Clone(t.Context(), w.Dir)
	if err != nil {
		t.Fatal(err)
	}
	j, err := c.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for _, want := range []string{"cat-file\nmerge-tree\n", "merge-tree\n", "merge-tree\n"} {
		if err := os.WriteFile(log, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := j.Replay(t.Context(), target, seriesOf(fix)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(log); err != nil || string(got) != want {
			t.Errorf("processes %q %v, want %q", got, err, want)
		}
	}
}

// Attributes count where a file has gone, not only where it was.
var movedPicks = []kind{
	{name: "attributes where our rename leads", base: all(writes("f", lines), writes("locked/.gitattributes", "* -merge\n")), fix: writes("f", changed("two", "2")),
		target:  all(moves("f", "locked/f"), writes("locked/f", changed("nine", "9"))),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictBinary}},
	{name: "attributes where their rename leads", base: all(writes("f", lines), writes("locked/.gitattributes", "* -merge\n")), fix: all(moves("f", "locked/f"), writes("locked/f", changed("two", "2"))),
		target: writes("f", changed("nine", "9")), outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictBinary}},
	{name: "attributes that moved with our folder", base: all(writes("a/f", lines), writes("a/g", lines+"g\n"), writes("a/.gitattributes", "* -merge\n")), fix: writes("a/f", changed("two", "2")),
		target:  all(moves("a", "b/c"), writes("b/c/f", changed("nine", "9"))),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictBinary}},
	{name: "attributes of a folder that is new", base: writes("f", lines), fix: all(writes("n/x", lines), writes("n/.gitattributes", "* -merge\n")),
		target: writes("n/x", changed("two", "2")), outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictAddAdd}},
	{name: "attributes that are a link", base: all(writes("f", lines), writes("attrs", "* -merge\n"), func(w *world) { w.Link(".gitattributes", "attrs") }),
		fix: writes("f", changed("two", "2")), target: writes("f", changed("nine", "9")), outcome: hotfix.Clean},
}

func TestAttributesOfMovedFiles(t *testing.T) {
	for _, k := range movedPicks {
		t.Run(k.name, func(t *testing.T) { k.check(t) })
	}
}
