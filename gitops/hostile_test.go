package gitops

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// fence is a world whose engine works in a folder among others. Nothing but the
// engine's own folder may differ at the end.
type fence struct {
	*world
	dir    string
	canary string // a file that no attack may make
	before map[string]string
}

// newFence sets the environment of the test process to what an attacker would
// like it to be: git must see none of it.
func newFence(t *testing.T, limits Limits) *fence {
	t.Helper()
	f := &fence{world: newWorld(t), dir: t.TempDir()}
	f.canary = filepath.Join(f.dir, "canary")
	touch := "touch " + f.canary
	home := filepath.Join(f.dir, "home")
	write(t, filepath.Join(home, ".gitconfig"), evilConfig(touch)+"[includeIf \"gitdir:**\"]\n\tpath = "+home+"/more\n")
	write(t, filepath.Join(home, "more"), evilConfig(touch))
	write(t, filepath.Join(f.dir, ".git", "config"), evilConfig(touch))
	write(t, filepath.Join(f.dir, "jobs", ".gitattributes"), "* merge=evil filter=evil diff=evil\n")
	for name, value := range map[string]string{
		"HOME": home, "XDG_CONFIG_HOME": home, "TMPDIR": filepath.Join(f.dir, "jobs"),
		"GIT_EXTERNAL_DIFF": touch, "GIT_SSH_COMMAND": touch, "GIT_PROXY_COMMAND": touch, "GIT_ASKPASS": touch, "GIT_PAGER": touch,
		"GIT_EDITOR": touch, "GIT_TRACE": f.canary, "GIT_TRACE2_EVENT": f.canary, "GIT_TEMPLATE_DIR": home, "GIT_NAMESPACE": "evil",
		"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.fsmonitor", "GIT_CONFIG_VALUE_0": touch, "GIT_ALTERNATE_OBJECT_DIRECTORIES": home,
		"http_proxy": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1",
	} {
		t.Setenv(name, value)
	}
	e, err := New(Settings{Dir: filepath.Join(f.dir, "jobs"), Insecure: true, Log: zerolog.Nop(), Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, e) })
	f.engine = e
	f.before = f.snapshot(t)
	t.Chdir(home)
	return f
}

func evilConfig(touch string) string {
	return fmt.Sprintf("[core]\n\tfsmonitor = %[1]s\n\thooksPath = /\n\tpager = %[1]s\n[credential]\n\thelper = !%[1]s\n"+
		"[merge \"evil\"]\n\tdriver = %[1]s\n[diff \"evil\"]\n\tcommand = %[1]s\n\ttextconv = %[1]s\n"+
		"[filter \"evil\"]\n\tclean = %[1]s\n\tsmudge = %[1]s\n\tprocess = %[1]s\n[alias]\n\tfetch = !%[1]s\n[protocol]\n\tallow = always\n", touch)
}

func write(t *testing.T, path, content string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, []byte(content), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// snapshot is all that lies around the engine's own folder.
func (f *fence) snapshot(t *testing.T) map[string]string {
	t.Helper()
	seen := map[string]string{}
	err := filepath.WalkDir(f.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path == f.engine.folder.path {
			return filepath.SkipDir
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		seen[path] = info.Mode().String()
		if info.Mode().IsRegular() {
			content, err := os.ReadFile(path)
			seen[path] += " " + string(content)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// untouched checks, after all jobs were closed, that nothing was run and nothing
// written outside of them.
func (f *fence) untouched(t *testing.T) {
	t.Helper()
	after := f.snapshot(t)
	for path, content := range after {
		if f.before[path] != content {
			t.Errorf("%s was written", path)
		}
	}
	for path := range f.before {
		if _, left := after[path]; !left {
			t.Errorf("%s was removed", path)
		}
	}
	left, err := os.ReadDir(f.engine.folder.path)
	if err != nil || len(left) != 1 { // the lock
		t.Errorf("%v is left, %v", left, err)
	}
}

// attack replays, reads, pushes and closes as a reconcile would.
func (f *fence) attack(t *testing.T, onto hotfix.OID, picks ...hotfix.Pick) (hotfix.Replay, error) {
	t.Helper()
	j := f.job(t)
	defer j.Close()
	r, err := j.Replay(t.Context(), onto, seriesOf(picks...))
	if err != nil {
		return r, err
	}
	var paths []string
	for _, c := range r.Conflicts {
		paths = append(paths, c.Path)
	}
	if _, err := j.Markers(t.Context(), r.Tip, paths, onto); err != nil {
		return r, err
	}
	last := picks[len(picks)-1].Commit
	if _, err := j.Landing(t.Context(), hotfix.Merged{Commit: last, Head: last, Commits: []hotfix.Commit{{OID: last, Parents: []hotfix.OID{picks[0].Base}}}}); err != nil {
		return r, err
	}
	return r, j.Push(t.Context(), "refs/heads/backport/qa/1", r.Tip, "")
}

// rawTree is a tree object with entries that git itself would never write.
func rawTree(entries ...string) (raw []byte) {
	for _, e := range entries {
		head, id, _ := strings.Cut(e, "\x00")
		bytes, err := hex.DecodeString(id)
		if err != nil {
			panic(err)
		}
		raw = append(append(append(raw, head...), 0), bytes...)
	}
	return raw
}

func (w *world) object(kind string, raw []byte) string {
	return w.Input(raw, "hash-object", "-t", kind, "-w", "--literally", "--stdin")
}

// commitTree makes a commit of a tree upon a parent.
func (w *world) commitTree(tree string, parent hotfix.OID) hotfix.OID {
	return hotfix.OID(w.Input([]byte("attack"), "commit-tree", tree, "-p", string(parent)))
}

// Names that would be a repository's own folder, or lie outside of a work tree,
// on one system or another. There is no work tree, and they are refused all the same.
func TestHostileNames(t *testing.T) {
	f := newFence(t, Limits{})
	f.Write("f", lines)
	base := f.Commit("base")
	f.Write("f", changed("two", "2"))
	target := f.Commit("target")
	blob := f.object("blob", []byte("[core]\n\tfsmonitor = touch "+f.canary+"\n"))
	inner := f.object("tree", rawTree("100644 config\x00"+blob))
	for _, name := range []string{
		".git", ".GIT", "git~1", "GIT~1", ".git ", ".git.", ".git::$INDEX_ALLOCATION", ".g\u200cit", ".gi\u200dt", "..", ".", "a/b", "../../canary",
	} {
		for kind, entry := range map[string]string{"file": "100644 " + name + "\x00" + blob, "folder": "40000 " + name + "\x00" + inner} {
			tree := f.object("tree", rawTree(entry))
			attack := f.commitTree(tree, base)
			_, err := f.attack(t, target, hotfix.Pick{Commit: attack, Base: base})
			if refused := new(hotfix.Refusal); !errors.As(err, &refused) || !strings.Contains(refused.What, "check of the repository's objects") {
				t.Errorf("%s %q: %v", kind, name, err)
			}
		}
	}
	f.untouched(t)
}

// Drivers, filters and submodules are named by a repository and made of its
// configuration, of which it has no say here.
func TestHostileAttributesAndSubmodules(t *testing.T) {
	f := newFence(t, Limits{})
	touch := "touch " + f.canary
	f.Write(".gitattributes", "[attr]evil merge=evil diff=evil filter=evil\n* evil\n*.f merge=evil text eol=crlf ident export-subst\n")
	f.Write("deep/.gitattributes", "* merge=evil diff=evil filter=evil -text\n")
	f.Write(".gitmodules", "[submodule \"m\"]\n\tpath = m\n\turl = ext::sh -c '"+touch+"'\n\tupdate = !"+touch+"\n[submodule \"../../evil\"]\n\tpath = n\n\turl = --upload-pack="+touch+"\n")
	f.Write(".gitconfig", evilConfig(touch))
	f.Write("config", evilConfig(touch))
	f.Write("hooks/post-checkout", "#!/bin/sh\n"+touch+"\n")
	f.Mode("hooks/post-checkout", 0o755)
	step := func(to, module string) hotfix.OID {
		for _, path := range []string{"a.f", "deep/a.f", "text"} {
			f.Write(path, strings.Replace(lines, "two\n", to+"\n", 1))
		}
		f.Git("add", "-A")
		f.Git("update-index", "--add", "--cacheinfo", "160000,"+module+",m")
		return f.Record(to)
	}
	base := step("two", moduleA)
	fix := step("2", moduleB)
	f.Branch("qa", string(base))
	target := step("zwei", moduleC)
	f.before = f.snapshot(t)
	f.server.Requests()
	r, err := f.attack(t, target, hotfix.Pick{Commit: fix, Base: base})
	if err != nil || r.Outcome != hotfix.Conflict || len(r.Conflicts) != 4 {
		t.Errorf("%+v %v", r.Conflicts, err)
	}
	for _, request := range f.server.Requests() {
		if !strings.Contains(request, " /shop.git/") {
			t.Errorf("request %s", request)
		}
	}
	f.untouched(t)
}

// Symbolic links are content: they are never followed, whatever lies behind them.
func TestHostileLinks(t *testing.T) {
	f := newFence(t, Limits{})
	outside := filepath.Join(f.dir, "home")
	f.Write("f", lines)
	f.Link("link", outside)
	f.Link(".gitattributes", filepath.Join(outside, ".gitconfig"))
	base := f.Commit("base")
	f.Remove("link")
	f.Write("link/canary", "written through a link\n")
	f.Write("f", changed("two", "2"))
	fix := f.Commit("fix")
	f.Branch("qa", string(base))
	f.Link("link", f.canary)
	f.Link("f", "/etc/passwd")
	target := f.Commit("qa")
	f.before = f.snapshot(t)
	r, err := f.attack(t, target, hotfix.Pick{Commit: fix, Base: base})
	if err != nil || r.Outcome != hotfix.Conflict {
		t.Errorf("%+v %v", r, err)
	}
	f.untouched(t)
}

// Commits that git would not write: an error, of a known kind, and no more.
func TestHostileCommits(t *testing.T) {
	f := newFence(t, Limits{})
	f.Write("f", lines)
	base := f.Commit("base")
	f.Write("f", changed("two", "2"))
	target := f.Commit("target")
	tree := f.Git("rev-parse", string(base)+"^{tree}")
	who := "A <a@example.com> 1 +0000\n"
	commits := map[string]string{
		"two trees":         "tree " + tree + "\ntree " + tree + "\nauthor " + who + "committer " + who + "\nx",
		"two authors":       "tree " + tree + "\nauthor " + who + "author " + who + "committer " + who + "\nx",
		"no author":         "tree " + tree + "\ncommitter " + who + "\nx",
		"no tree":           "author " + who + "committer " + who + "\nx",
		"a name as tree":    "tree HEAD\nauthor " + who + "committer " + who + "\nx",
		"no end of headers": "tree " + tree + "\nauthor " + who + "committer " + strings.TrimSpace(who),
		"a file as tree":    "tree " + f.Git("rev-parse", string(base)+":f") + "\nauthor " + who + "committer " + who + "\nx",
		"nothing":           "",
	}
	for name, raw := range commits {
		id := hotfix.OID(f.object("commit", []byte(raw)))
		if _, err := f.attack(t, target, hotfix.Pick{Commit: id, Base: base}); err == nil {
			t.Errorf("%s was picked", name)
		}
	}
	for name, id := range map[string]string{"a tree": tree, "a file": f.Git("rev-parse", string(base)+":f")} {
		if _, err := f.attack(t, target, hotfix.Pick{Commit: hotfix.OID(id), Base: base}); err == nil {
			t.Errorf("%s was picked", name)
		}
	}
	f.untouched(t)
}

// What is odd, but happened to honest people, is picked.
func TestOddCommitsArePicked(t *testing.T) {
	f := newFence(t, Limits{})
	f.Write("f", lines)
	base := f.Commit("base")
	f.Write("f", changed("two", "2"))
	tree := f.Git("rev-parse", string(f.Commit("fix"))+"^{tree}")
	f.Branch("qa", string(base))
	f.Write("g", "g\n")
	target := f.Commit("qa")
	f.Git("config", "receive.fsckObjects", "true")
	who := "A <a@example.com> 1 +0000\n"
	padded := f.object("tree", rawTree("0100644 x\x00"+f.Git("rev-parse", string(base)+":f")))
	commits := map[string]string{
		"zone":  "tree " + tree + "\nparent " + string(base) + "\nauthor A <a@example.com> 1 +051800\ncommitter " + who + "\nx",
		"NUL":   "tree " + tree + "\nparent " + string(base) + "\nauthor " + who + "committer " + who + "\nx\x00y",
		"name":  "tree " + tree + "\nparent " + string(base) + "\nauthor <a@example.com> 1 +0000\ncommitter " + who + "\nx",
		"modes": "tree " + f.object("tree", append(rawTree("100644 f\x00"+f.Git("rev-parse", string(base)+":f")), rawTree("40000 old\x00"+padded)...)) + "\nparent " + string(base) + "\nauthor " + who + "committer " + who + "\nx",
	}
	for name, raw := range commits {
		if name == "modes" {
			f.Git("config", "receive.fsck.zeroPaddedFilemode", "ignore") // the tree is copied as it is
		}
		id := hotfix.OID(f.object("commit", []byte(raw)))
		if r, err := f.attack(t, target, hotfix.Pick{Commit: id, Base: base}); err != nil || r.Outcome != hotfix.Clean {
			t.Errorf("%s: %s %v", name, r.Outcome, err)
		}
		f.Git("update-ref", "-d", "refs/heads/backport/qa/1")
	}
	f.untouched(t)
}
