package gitops

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// pull is a pull request in the making: a branch hotfix/1 from main.
type pull struct {
	*world
	base    hotfix.OID // main before the merge
	commits []hotfix.OID
}

func newPull(t *testing.T) *pull {
	t.Helper()
	w := newWorld(t)
	w.Write("f", lines)
	w.Write("g", lines)
	w.Commit("start")
	w.Branch("hotfix/1", "main")
	return &pull{world: w}
}

// commit changes a line of a file on the hotfix branch.
func (p *pull) commit(file, line, to string) {
	p.edit(file, line, to)
	p.commits = append(p.commits, p.Commit("fix "+file+" "+line))
}

func (p *pull) edit(file, line, to string) {
	p.Write(file, strings.Replace(p.Git("show", "HEAD:"+file)+"\n", line+"\n", to+"\n", 1))
}

// ready goes to main, where the given edits happen before the merge.
func (p *pull) ready(edits ...func()) {
	p.Switch("main")
	for i, edit := range edits {
		edit()
		p.Commit(fmt.Sprintf("meanwhile %d", i))
	}
	p.base = p.ID("main")
}

// merged is what GitHub says of the pull request.
func (p *pull) merged(commit hotfix.OID) hotfix.Merged {
	head := p.ID("hotfix/1")
	m := hotfix.Merged{Commit: commit, Head: head, MergeBase: hotfix.OID(p.Git("merge-base", string(p.base), string(head)))}
	for _, line := range strings.Split(p.Git("rev-list", "--reverse", "--topo-order", "--parents", string(p.base)+".."+string(head)), "\n") {
		ids := strings.Fields(line)
		c := hotfix.Commit{OID: hotfix.OID(ids[0])}
		for _, id := range ids[1:] {
			c.Parents = append(c.Parents, hotfix.OID(id))
		}
		m.Commits = append(m.Commits, c)
	}
	return m
}

func (p *pull) squash() hotfix.OID {
	p.Git("merge", "-q", "--squash", "hotfix/1")
	return p.Commit("Fix it all (#1)")
}

// rebase copies the commits onto main as GitHub does; it returns them.
func (p *pull) rebase() (landed []hotfix.OID) {
	p.Git("checkout", "-q", "--detach", "hotfix/1")
	p.As("GitHub")
	p.Git("rebase", "-q", "--empty=drop", "main")
	p.Git("update-ref", "refs/heads/main", "HEAD")
	for _, id := range strings.Fields(p.Git("rev-list", "--reverse", string(p.base)+"..main")) {
		landed = append(landed, hotfix.OID(id))
	}
	return landed
}

func (p *pull) check(t *testing.T, m hotfix.Merged, method hotfix.MergeMethod, picks ...hotfix.OID) hotfix.Landing {
	t.Helper()
	l, err := p.job(t).Landing(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	var want []hotfix.Pick
	var paths []string
	for _, id := range picks {
		one := p.pickOf(id)
		want = append(want, one)
		paths = append(paths, strings.Fields(p.Git("diff-tree", "-r", "--no-renames", "--name-only", string(one.Base), string(id)))...)
	}
	slices.Sort(paths)
	if !slices.Equal(l.Paths, slices.Compact(paths)) {
		t.Errorf("paths %q, git has %q", l.Paths, paths)
	}
	if l.Method != method || !reflect.DeepEqual(l.Picks, want) || l.Commit != m.Commit || (l.Evidence == "") == (l.Unclear == "") {
		t.Errorf("landing %+v\nwant %s %v", l, method, want)
	}
	return l
}

func TestLandingOfMergeCommit(t *testing.T) {
	p := newPull(t)
	p.commit("f", "two", "2")
	p.Commit("empty")
	p.commit("f", "nine", "9")
	p.ready(func() { p.edit("g", "one", "1") })
	m := p.merged(p.Merge("hotfix/1"))
	p.check(t, m, hotfix.MergedByMerge, p.commits...)
	m.Squash = true
	p.check(t, m, hotfix.MergedByMerge, m.Commit)
	m.Squash, m.Cut = false, true
	p.check(t, m, hotfix.MergedByMerge, m.Commit)
}

func TestLandingOfMergeWithMergesInside(t *testing.T) {
	p := newPull(t)
	p.commit("f", "two", "2")
	p.ready(func() { p.edit("g", "one", "1") })
	p.Switch("hotfix/1")
	p.Merge("main")
	p.commit("f", "nine", "9")
	p.Switch("main")
	m := p.merged(p.Merge("hotfix/1"))
	l := p.check(t, m, hotfix.MergedByMerge, m.Commit)
	if !strings.Contains(l.Evidence, "contains merges") {
		t.Error(l.Evidence)
	}
}

func TestLandingOfMergeWithResolution(t *testing.T) {
	p := newPull(t)
	p.commit("f", "two", "2")
	p.ready(func() { p.edit("f", "two", "zwei") })
	if _, err := p.Run(nil, p.Tree, "merge", "-q", "hotfix/1"); err == nil {
		t.Fatal("there is nothing to resolve")
	}
	p.Write("f", changed("two", "2 zwei"))
	m := p.merged(p.Commit("Merge by hand"))
	p.check(t, m, hotfix.MergedByMerge, m.Commit)
}

func TestLandingOfSquash(t *testing.T) {
	p := newPull(t)
	p.commit("f", "two", "2")
	p.commit("f", "nine", "9")
	p.ready(func() { p.edit("g", "one", "1") })
	m := p.merged(p.squash())
	p.check(t, m, hotfix.MergedBySquash, m.Commit)
	m.MergeBase = "" // then a replay must tell
	p.check(t, m, hotfix.MergedBySquash, m.Commit)
}

// The lines around the fix changed meanwhile: patches differ, content does not.
func TestLandingOfSquashInMovedContext(t *testing.T) {
	p := newPull(t)
	p.commit("f", "two", "2")
	p.commit("f", "nine", "9")
	p.ready(func() { p.edit("f", "four", "4") })
	m := p.merged(p.squash())
	p.check(t, m, hotfix.MergedBySquash, m.Commit)
}

func TestLandingOfSquashWithBaseMergedIn(t *testing.T) {
	p := newPull(t)
	p.commit("f", "two", "2")
	p.ready(func() { p.edit("g", "one", "1") })
	p.Switch("hotfix/1")
	p.Merge("main")
	p.commit("f", "nine", "9")
	p.Switch("main")
	m := p.merged(p.squash())
	p.check(t, m, hotfix.MergedBySquash, m.Commit)
}

func TestLandingOfRebase(t *testing.T) {
	p := newPull(t)
	p.commit("f", "two", "2")
	p.Commit("empty")
	p.commit("f", "nine", "9")
	p.commit("g", "one", "1")
	p.ready(func() { p.edit("g", "nine", "9") })
	landed := p.rebase()
	if len(landed) != 4 { // git keeps the empty commit
		t.Fatalf("%d commits landed", len(landed))
	}
	m := p.merged(p.ID("main"))
	p.check(t, m, hotfix.MergedByRebase, landed[0], landed[2], landed[3])
	m.Squash = true
	l, err := p.job(t).Landing(t.Context(), m)
	want := []hotfix.Pick{{Commit: landed[3], Base: p.base}}
	if err != nil || l.Method != hotfix.MergedByRebase || !reflect.DeepEqual(l.Picks, want) || !slices.Equal(l.Paths, []string{"f", "g"}) {
		t.Errorf("as one commit: %+v %v", l, err)
	}
}

// Every step replays exactly although the patches are not the same any more.
func TestLandingOfRebaseInMovedContext(t *testing.T) {
	p := newPull(t)
	p.commit("f", "two", "2")
	p.commit("g", "nine", "9")
	p.ready(func() { p.edit("f", "four", "4") })
	landed := p.rebase()
	l := p.check(t, p.merged(p.ID("main")), hotfix.MergedByRebase, landed...)
	if !strings.Contains(l.Evidence, "replaying") {
		t.Error(l.Evidence)
	}
}

func TestLandingOfRebaseWithDroppedCommit(t *testing.T) {
	p := newPull(t)
	p.commit("f", "two", "2")
	p.commit("g", "one", "1")
	p.commit("f", "nine", "9")
	p.ready(func() { p.edit("g", "one", "1") })
	landed := p.rebase()
	if len(landed) != 2 {
		t.Fatalf("%d commits landed", len(landed))
	}
	p.check(t, p.merged(p.ID("main")), hotfix.MergedByRebase, landed...)
}

func TestLandingOfOneCommit(t *testing.T) {
	for _, method := range []hotfix.MergeMethod{hotfix.MergedBySquash, hotfix.MergedByRebase} {
		p := newPull(t)
		p.commit("f", "two", "2")
		p.ready(func() { p.edit("g", "one", "1") })
		var landed hotfix.OID
		if method == hotfix.MergedBySquash {
			landed = p.squash()
		} else {
			landed = p.rebase()[0]
		}
		p.check(t, p.merged(landed), method, landed)
	}
}

// What landed is something else than the pull request says: nothing is guessed.
func TestLandingThatDoesNotAddUp(t *testing.T) {
	p := newPull(t)
	p.commit("f", "two", "2")
	p.commit("f", "nine", "9")
	p.ready()
	p.edit("f", "one", "something else")
	m := p.merged(p.Commit("unrelated"))
	if l := p.check(t, m, ""); l.Unclear == "" {
		t.Errorf("landing %+v", l)
	}
}

// The first of two rebased commits was altered by hand: replaying both onto it
// gives the right tree, but picking only the last one would lose the first.
func TestLandingOfAlteredRebaseIsNoSquash(t *testing.T) {
	p := newPull(t)
	p.commit("f", "two", "2")
	p.commit("g", "one", "1")
	p.ready(func() { p.edit("f", "four", "4") })
	p.edit("f", "two", "2")
	p.edit("g", "nine", "neun")
	p.Write("f", strings.Replace(strings.Replace(lines, "two", "2", 1), "four", "4", 1))
	p.Git("add", "-A")
	p.Git("commit", "-q", "-C", string(p.commits[0]))
	p.edit("g", "one", "1")
	p.Git("add", "-A")
	p.Git("commit", "-q", "-C", string(p.commits[1]))
	m := p.merged(p.ID("HEAD"))
	if l := p.check(t, m, ""); l.Unclear == "" {
		t.Errorf("landing %+v", l)
	}
}

// The commits of a fork are fetched by id through the repository.
func TestLandingFetchesWhatNoBranchHas(t *testing.T) {
	p := newPull(t)
	p.commit("f", "two", "2")
	p.commit("f", "nine", "9")
	p.ready()
	m := p.merged(p.squash())
	p.Git("update-ref", "refs/pull/1/head", string(m.Head))
	p.Git("branch", "-q", "-D", "hotfix/1")
	p.check(t, m, hotfix.MergedBySquash, m.Commit)
}
