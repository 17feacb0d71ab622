package gitops

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestLandingOfSquashWithTooManyCommits(t *testing.T) {
	p := newPull(t)
	p.commit("f", "two", "2")
	p.commit("f", "nine", "9")
	p.ready(func() { p.edit("g", "one", "1") })
	m := p.merged(p.squash())
	m.Commits, m.Cut = m.Commits[:1], true
	p.check(t, m, hotfix.MergedBySquash, m.Commit)
}

// GitHub lists no more than 250 commits: git is asked for the others.
func TestLandingOfRebaseWithTooManyCommits(t *testing.T) {
	p := newPull(t)
	p.commit("f", "two", "2")
	p.commit("f", "nine", "9")
	p.Commit("empty")
	p.commit("g", "one", "1")
	p.ready(func() { p.edit("g", "nine", "9") })
	landed := p.rebase()
	m := p.merged(p.ID("main"))
	m.Commits, m.Cut = m.Commits[:1], true
	l := p.check(t, m, hotfix.MergedByRebase, landed[0], landed[1], landed[3])
	if !strings.Contains(l.Evidence, "3 commits") {
		t.Error(l.Evidence)
	}
	m.MergeBase = ""
	if l := p.check(t, m, ""); l.Unclear == "" {
		t.Errorf("without a base: %+v", l)
	}
}

// What git cannot list, or nobody would pick, stays unclear.
func TestLandingOfRebaseWithUnlistedCommits(t *testing.T) {
	for name, c := range map[string]struct {
		limits Limits
		merge  bool
	}{
		"too many": {limits: Limits{Picks: 2}}, "a merge among them": {merge: true},
	} {
		p := newPull(t)
		p.engine.settings.Limits = c.limits.orDefault()
		p.commit("f", "two", "2")
		p.Branch("other", "main")
		p.edit("g", "two", "2")
		p.Commit("other")
		p.Switch("hotfix/1")
		if c.merge {
			p.Merge("other")
		}
		p.commit("f", "nine", "9")
		p.commit("g", "six", "6")
		p.ready(func() { p.edit("g", "nine", "9") })
		p.rebase()
		m := p.merged(p.ID("main"))
		m.Commits, m.Cut = m.Commits[:1], true
		if l := p.check(t, m, ""); l.Unclear == "" {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

// Listing many commits brings nothing of their content, however long the history.
func TestListingCommitsIsCheap(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	var ids []hotfix.OID
	for i := range 30 {
		w.Write(fmt.Sprintf("d%d/file", i), strings.Repeat(fmt.Sprintf("%d %s", i, lines), 50))
		ids = append(ids, w.Commit(fmt.Sprint(i)))
	}
	j := w.job(t)
	w.server.Traffic()
	commits, err := j.between(t.Context(), ids[9], ids[29])
	if err != nil || len(commits) != 20 || commits[0].OID != ids[10] || commits[19].OID != ids[29] || commits[19].Parents[0] != ids[28] {
		t.Errorf("%d commits: %v, %v", len(commits), commits, err)
	}
	if moved := w.server.Traffic().Down; moved > 10_000 {
		t.Errorf("%d bytes", moved)
	}
	if r, err := j.Replay(t.Context(), ids[9], seriesOf(w.pickOf(ids[29]))); err != nil || r.Outcome != hotfix.Clean {
		t.Errorf("what was listed cannot be picked: %+v, %v", r, err)
	}
}
