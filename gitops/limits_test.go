package gitops

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// exceeds checks that an error is typed by what there was too little of, and is
// something to tell people.
func exceeds(t *testing.T, err error, r Resource) {
	t.Helper()
	over := new(Exceeded)
	if !errors.As(err, &over) || over.Resource != r || !errors.As(err, new(*hotfix.Refusal)) {
		t.Errorf("error %v, want one for %s", err, r)
	}
}

// random is content that cannot be compressed.
func random(bytes int) string {
	r := rand.New(rand.NewPCG(1, uint64(bytes)))
	b := make([]byte, bytes)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return string(b)
}

// sides makes a pick of one file's change, and a target that changed it too.
func (w *world) sides(path, base, fix, target string) (onto hotfix.OID, p hotfix.Pick) {
	w.Write(path, base)
	p.Base = w.Commit("base")
	w.Write(path, fix)
	p.Commit = w.Commit("fix")
	w.Branch("qa", string(p.Base))
	w.Write(path, target)
	return w.Commit("target"), p
}

func TestDiskIsBounded(t *testing.T) {
	f := newFence(t, Limits{Bytes: 1 << 20})
	onto, p := f.sides("f", "base\n", random(3<<20), "target\n")
	_, err := f.attack(t, onto, p)
	exceeds(t, err, Disk)
	f.untouched(t)
}

func linuxOnly(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux bounds the memory of a process from outside")
	}
}

// A few kilobytes on the server are a hundred megabytes in memory.
func TestInflatedBlobIsBounded(t *testing.T) {
	linuxOnly(t)
	f := newFence(t, Limits{Memory: 64 << 20})
	onto, p := f.sides("f", "base\n", strings.Repeat("\n", 96<<20), "target\n")
	_, err := f.attack(t, onto, p)
	exceeds(t, err, Memory)
	f.untouched(t)
}

// An attribute makes git write conflict markers of any length.
func TestMarkerLengthIsBounded(t *testing.T) {
	linuxOnly(t)
	f := newFence(t, Limits{Memory: 64 << 20})
	f.Write(".gitattributes", "* conflict-marker-size=1000000000\n")
	onto, p := f.sides("f", lines, changed("two", "2"), changed("two", "zwei"))
	_, err := f.attack(t, onto, p)
	exceeds(t, err, Memory)
	f.untouched(t)
}

// bomb is a tree that unfolds to width^depth files, in a handful of objects.
func (w *world) bomb(width, depth int) string {
	id, mode := w.object("blob", []byte("x")), "100644"
	for range depth {
		var entries []string
		for i := range width {
			entries = append(entries, fmt.Sprintf("%s d%02d\x00%s", mode, i, id))
		}
		id, mode = w.object("tree", rawTree(entries...)), "40000"
	}
	return id
}

func TestTreeBombIsBounded(t *testing.T) {
	f := newFence(t, Limits{Paths: 10_000})
	f.Write("f", lines)
	base := f.Commit("base")
	f.Write("f", changed("two", "2"))
	target := f.Commit("target")
	file := f.Git("rev-parse", string(base)+":f")
	tree := f.object("tree", rawTree("40000 bomb\x00"+f.bomb(10, 10), "100644 f\x00"+file))
	attack := f.commitTree(tree, base)
	_, err := f.attack(t, target, hotfix.Pick{Commit: attack, Base: base})
	exceeds(t, err, Paths)
	f.untouched(t)
}

// A bomb that nobody touches does not keep others from working.
func TestTreeBombAside(t *testing.T) {
	f := newFence(t, Limits{})
	f.Write("f", lines)
	file := f.Git("hash-object", "-w", f.Tree+"/f")
	f.Write("f", changed("two", "2"))
	fixed := f.Git("hash-object", "-w", f.Tree+"/f")
	bomb := f.bomb(10, 10)
	commit := func(file, more string, parents ...string) hotfix.OID {
		entries := []string{"40000 bomb\x00" + bomb, "100644 f\x00" + file}
		if more != "" {
			entries = append(entries, "100644 g\x00"+more)
		}
		return hotfix.OID(f.Input([]byte("x"), append([]string{"commit-tree", f.object("tree", rawTree(entries...))}, parents...)...))
	}
	base := commit(file, "")
	fix := commit(fixed, "", "-p", string(base))
	target := commit(file, file, "-p", string(base))
	f.Git("update-ref", "refs/heads/qa", string(target))
	r, err := f.attack(t, target, hotfix.Pick{Commit: fix, Base: base})
	if err != nil || r.Outcome != hotfix.Clean {
		t.Errorf("%s %v", r.Outcome, err)
	}
	f.untouched(t)
}

func TestPicksAreBounded(t *testing.T) {
	f := newFence(t, Limits{Picks: 2})
	target, picks := f.series()
	f.server.Requests()
	_, err := f.attack(t, target, picks...)
	exceeds(t, err, Picks)
	if got := f.server.Requests(); len(got) != 0 {
		t.Errorf("requests %q", got)
	}
	if _, err := f.attack(t, target, picks[:2]...); err != nil {
		t.Error(err)
	}
}

// manyConflicts makes a pick that conflicts in n files.
func (w *world) manyConflicts(n int) (onto hotfix.OID, p hotfix.Pick) {
	var in strings.Builder
	for mark, word := range []string{"base", "fix", "target"} {
		fmt.Fprintf(&in, "commit refs/heads/%s\nmark :%d\ncommitter A <a@example.com> %d +0000\ndata 0\n", word, mark+1, mark)
		if mark > 0 {
			in.WriteString("from :1\n")
		}
		for i := range n {
			content := fmt.Sprintf("%d %s\n", i, word)
			fmt.Fprintf(&in, "M 100644 inline d%d/f%d\ndata %d\n%s", i%7, i, len(content), content)
		}
	}
	w.Input([]byte(in.String()), "fast-import", "--quiet")
	return w.ID("target"), hotfix.Pick{Commit: w.ID("fix"), Base: w.ID("base")}
}

// No step takes a time that grows faster than the number of conflicts.
func TestManyConflicts(t *testing.T) {
	f := newFence(t, Limits{})
	const n = 500
	onto, p := f.manyConflicts(n)
	r, err := f.attack(t, onto, p)
	if err != nil || len(r.Conflicts) != n || !r.Conflicts[n-1].Markers {
		t.Errorf("%d conflicts, %v", len(r.Conflicts), err)
	}
	f.untouched(t)
}
