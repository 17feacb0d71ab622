package gitops

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const lines = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n"

func changed(line, to string) string { return strings.Replace(lines, line+"\n", to+"\n", 1) }

// pointer is a pointer of Git LFS.
func pointer(digit string, size int) string {
	return fmt.Sprintf("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", strings.Repeat(digit, 64), size)
}

// kind is one kind of pick: the same start, then a change to be picked, and what
// the target did meanwhile.
type kind struct {
	name    string
	base    func(w *world)
	fix     func(w *world)
	target  func(w *world)
	outcome hotfix.Outcome
	kinds   []hotfix.ConflictKind // those found, sorted
	args    []string              // for cherry-pick
}

func writes(path, content string) func(*world) { return func(w *world) { w.Write(path, content) } }
func removes(path string) func(*world)         { return func(w *world) { w.Remove(path) } }
func moves(from, to string) func(*world)       { return func(w *world) { w.Move(from, to) } }
func nothing(*world)                           {}

func all(steps ...func(*world)) func(*world) {
	return func(w *world) {
		for _, step := range steps {
			step(w)
		}
	}
}

// gitlink puts a submodule's commit into the index; it is never fetched.
func gitlink(path string, id string) func(*world) {
	return func(w *world) {
		w.Git("update-index", "--add", "--cacheinfo", "160000,"+id+","+path)
	}
}

const (
	moduleA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	moduleB = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	moduleC = "cccccccccccccccccccccccccccccccccccccccc"
)

var picks = []kind{
	{name: "clean", base: writes("f", lines), fix: writes("f", changed("two", "2")), target: writes("f", changed("nine", "9")), outcome: hotfix.Clean},
	{name: "content", base: writes("f", lines), fix: writes("f", changed("two", "2")), target: writes("f", changed("two", "zwei")),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictContent}},
	{name: "already there", base: writes("f", lines), fix: writes("f", changed("two", "2")), target: writes("f", changed("two", "2")), outcome: hotfix.Contained},
	{name: "empty", base: writes("f", lines), fix: nothing, target: writes("g", "g\n"), outcome: hotfix.Contained},
	{name: "add/add", base: writes("f", lines), fix: writes("n", "ours\n"), target: writes("n", "theirs\n"),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictAddAdd}},
	{name: "modify/delete", base: writes("f", lines), fix: writes("f", changed("two", "2")), target: removes("f"),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictModifyDelete}},
	{name: "delete/modify", base: writes("f", lines), fix: removes("f"), target: writes("f", changed("two", "2")),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictModifyDelete}},
	{name: "rename of theirs", base: writes("f", lines), fix: all(moves("f", "g"), writes("g", changed("two", "2"))), target: writes("f", changed("nine", "9")), outcome: hotfix.Clean},
	{name: "rename of ours", base: writes("f", lines), fix: writes("f", changed("two", "2")), target: all(moves("f", "deep/g"), writes("deep/g", changed("nine", "9"))), outcome: hotfix.Clean},
	{name: "rename/rename", base: writes("f", lines), fix: moves("f", "g"), target: moves("f", "h"),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictRenameRename, hotfix.ConflictRenameRename, hotfix.ConflictRenameRename}},
	{name: "two renamed to one", base: all(writes("f", lines), writes("g", strings.ToUpper(lines))), fix: moves("f", "h"), target: moves("g", "h"),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictAddAdd}},
	{name: "rename/delete", base: writes("f", lines), fix: moves("f", "g"), target: removes("f"),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictRenameDelete}},
	{name: "directory rename", base: all(writes("a/1", lines), writes("a/2", strings.ToUpper(lines))), fix: writes("a/new", "new\n"), target: moves("a", "b"),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictDirectory}},
	{name: "file/directory", base: writes("f", lines), fix: writes("x", "file\n"), target: writes("x/y", "folder\n"),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictFileDirectory}},
	{name: "directory/file", base: writes("f", lines), fix: writes("x/y", "folder\n"), target: writes("x", "file\n"),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictFileDirectory}},
	{name: "mode", base: writes("f", lines), fix: func(w *world) { w.Mode("f", 0o755) }, target: writes("f", changed("two", "2")), outcome: hotfix.Clean},
	{name: "mode/mode", base: writes("x", lines), fix: writes("f", lines), target: all(writes("f", lines), func(w *world) { w.Mode("f", 0o755) }),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictMode}},
	{name: "symlink", base: func(w *world) { w.Link("l", "a") }, fix: func(w *world) { w.Link("l", "b") }, target: writes("f", "f\n"), outcome: hotfix.Clean},
	{name: "symlink/symlink", base: func(w *world) { w.Link("l", "a") }, fix: func(w *world) { w.Link("l", "b") }, target: func(w *world) { w.Link("l", "c") },
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictSymlink}},
	{name: "file/symlink", base: writes("f", lines), fix: writes("l", "file\n"), target: func(w *world) { w.Link("l", "c") },
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictDistinctTypes, hotfix.ConflictDistinctTypes}},
	{name: "binary", base: writes("b", "\x00a\n"), fix: writes("b", "\x00b\n"), target: writes("b", "\x00c\n"),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictBinary}},
	{name: "LFS pointer added", base: writes("f", lines), fix: writes("v.mp4", pointer("b", 2)), target: writes("v.mp4", pointer("c", 3)),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictLFS}},
	{name: "LFS pointer", base: writes("v.mp4", pointer("a", 1)), fix: writes("v.mp4", pointer("b", 2)), target: writes("v.mp4", pointer("c", 3)),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictLFS}},
	{name: "submodule", base: gitlink("sub", moduleA), fix: gitlink("sub", moduleB), target: writes("f", "f\n"), outcome: hotfix.Clean},
	{name: "submodule/submodule", base: gitlink("sub", moduleA), fix: gitlink("sub", moduleB), target: gitlink("sub", moduleC),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictSubmodule}},
	{name: "CRLF", base: writes("f", "a\r\nb\r\n"), fix: writes("f", "a\r\nB\r\n"), target: writes("f", "a\r\n8\r\n"),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictContent}},
	{name: "no line break at the end", base: writes("f", "a"), fix: writes("f", "b"), target: writes("f", "c"),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictContent}},
	{name: "odd names", base: all(writes("-x", lines), writes("a\nb", lines), writes("\xff\xfe", lines), writes("q\"uo te", lines), writes(":(top)", lines), writes("*", lines)),
		fix:    all(writes("-x", changed("two", "2")), writes("a\nb", changed("two", "2")), writes("\xff\xfe", changed("two", "2")), writes("q\"uo te", "!"), writes(":(top)", "!"), writes("*", "!")),
		target: all(writes("-x", changed("two", "zwei")), writes("a\nb", changed("two", "zwei")), writes("\xff\xfe", changed("nine", "9"))), outcome: hotfix.Conflict,
		kinds: []hotfix.ConflictKind{hotfix.ConflictContent, hotfix.ConflictContent}},
	{name: "marker-like lines", base: writes("f", "<<<<<<< a\n=======\n>>>>>>> b\n"+lines), fix: writes("f", "<<<<<<< a\n=======\n>>>>>>> b\n"+changed("two", "2")), target: writes("f", "<<<<<<< a\n=======\n>>>>>>> b\n"+changed("nine", "9")), outcome: hotfix.Clean},
	{name: "union", base: all(writes("log", lines), writes(".gitattributes", "log merge=union\n")), fix: writes("log", lines+"fix\n"), target: writes("log", lines+"other\n"), outcome: hotfix.Clean},
	{name: "-merge", base: all(writes("a.lock", lines), writes(".gitattributes", "*.lock -merge\n")), fix: writes("a.lock", changed("two", "2")), target: writes("a.lock", changed("nine", "9")),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictBinary}},
	{name: "nested -merge", base: all(writes("sub/deep/a.lock", lines), writes("a.lock", lines), writes("sub/.gitattributes", "# locks\n*.lock -merge\n")),
		fix: all(writes("sub/deep/a.lock", changed("two", "2")), writes("a.lock", changed("two", "2"))), target: all(writes("sub/deep/a.lock", changed("nine", "9")), writes("a.lock", changed("nine", "9"))),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictBinary}},
	{name: "nested attributes override", base: all(writes("s p/[x]/a.lock", lines), writes("s p/b.lock", lines), writes(".gitattributes", "*.lock -merge\n"), writes("s p/[x]/.gitattributes", "/a.lock merge\r\n\"b c\" -merge\n")),
		fix: all(writes("s p/[x]/a.lock", changed("two", "2")), writes("s p/b.lock", changed("two", "2"))), target: all(writes("s p/[x]/a.lock", changed("nine", "9")), writes("s p/b.lock", changed("nine", "9"))),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictBinary}},
	{name: "attributes of the fix do not count", base: writes("a.lock", lines), fix: all(writes("a.lock", changed("two", "2")), writes(".gitattributes", "*.lock -merge\n")), target: writes("a.lock", changed("nine", "9")), outcome: hotfix.Clean},
	{name: "marker size", base: all(writes("f", lines), writes(".gitattributes", "f conflict-marker-size=12\n")), fix: writes("f", changed("two", "2")), target: writes("f", changed("two", "zwei")),
		outcome: hotfix.Conflict, kinds: []hotfix.ConflictKind{hotfix.ConflictContent}},
	{name: "unknown driver", base: all(writes("f", lines), writes(".gitattributes", "f merge=mine\n")), fix: writes("f", changed("two", "2")), target: writes("f", changed("nine", "9")), outcome: hotfix.Clean},
}

func TestReplayEqualsCherryPick(t *testing.T) {
	for _, k := range picks {
		t.Run(k.name, func(t *testing.T) { k.check(t) })
	}
}

func (k kind) check(t *testing.T) {
	t.Helper()
	w := newWorld(t)
	w.stage(k.base)
	base := w.Record("base")
	w.stage(k.fix)
	fix := w.Record("fix: a thing\r\n\r\nIt was broken.  \n")
	w.Branch("qa", string(base))
	w.stage(k.target)
	target := w.Record("target")

	ref := w.cherryPick(t, target, hotfix.Pick{Commit: fix, Base: base}, k.args...)
	j, r := w.replay(t, target, hotfix.Pick{Commit: fix, Base: base})
	ref.same(t, j, r)
	var found []hotfix.ConflictKind
	for _, c := range r.Conflicts {
		found = append(found, c.Kind)
	}
	slices.Sort(found)
	if r.Outcome != k.outcome || !slices.Equal(found, k.kinds) {
		t.Errorf("%s with %q, want %s with %q", r.Outcome, found, k.outcome, k.kinds)
	}
	if r.Tip != "" {
		if err := j.Push(t.Context(), "refs/heads/backport/qa/1", r.Tip, ""); err != nil {
			t.Error(err)
		}
	}
}

// stage changes the work tree and puts it into the index. A submodule is only in
// the index, so that adding everything must not remove it.
func (w *world) stage(change func(*world)) {
	change(w)
	links := w.Git("ls-files", "-s")
	w.Git("add", "-A")
	for line := range strings.Lines(links) {
		if words := strings.Fields(line); words[0] == modeSubmodule {
			gitlink(words[3], words[1])(w)
		}
	}
}
