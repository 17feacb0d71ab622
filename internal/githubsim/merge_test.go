package githubsim

import (
	"strings"
	"testing"
)

// openHotfix makes a branch of two commits on main and a pull request of it by bob.
func (s *server) openHotfix(branch, body string) int {
	s.t.Helper()
	s.must(s.bob.Branch(s.ctx, shop, branch, "main"))
	_, err := s.bob.Commit(s.ctx, shop, branch, "Fix the sum", map[string]string{"cart/cart.go": "package cart\n\nfunc Total() int { return 2 }\n"})
	s.must(err)
	_, err = s.bob.Commit(s.ctx, shop, branch, "Test the sum\n\nIt was wrong.", map[string]string{"cart/cart_test.go": "package cart\n"})
	s.must(err)
	n, err := s.bob.OpenPull(s.ctx, shop, NewPull{Title: "Fix the cart", Body: body, Head: branch, Base: "main"})
	s.must(err)
	return n
}

// gitShow asks the bare repository itself.
func (s *server) gitShow(args ...string) string {
	s.t.Helper()
	out, err := s.model().git.run(s.ctx, args...)
	s.must(err)
	return strings.TrimSpace(out)
}

func TestMergeCommit(t *testing.T) {
	s := newServer(t)
	n := s.openHotfix("hotfix/sum", "")
	base, head := s.head("main"), s.head("hotfix/sum")
	sha, err := s.alice.Merge(s.ctx, shop, n, "merge")
	s.must(err)
	if got := s.gitShow("log", "-1", "--format=%P|%an|%cn|%B", sha); got != base+" "+head+"|alice|GitHub|Merge pull request #1 from alice/hotfix/sum\n\nFix the cart" {
		t.Errorf("merge commit is %q", got)
	}
	if s.head("main") != sha {
		t.Error("main is not at the merge commit")
	}
	var pull struct {
		Merged         bool   `json:"merged"`
		State          string `json:"state"`
		MergeCommitSHA string `json:"merge_commit_sha"`
		MergedBy       struct {
			Login string `json:"login"`
		} `json:"merged_by"`
		Commits int `json:"commits"`
		Files   int `json:"changed_files"`
	}
	s.must(s.mallory.Do(s.ctx, "GET", "/repos/alice/shop/pulls/1", nil, &pull))
	if !pull.Merged || pull.State != "closed" || pull.MergeCommitSHA != sha || pull.MergedBy.Login != "alice" || pull.Commits != 2 || pull.Files != 2 {
		t.Errorf("pull request is %+v", pull)
	}
	s.refusedWith(func() error { _, err := s.alice.Merge(s.ctx, shop, n, "merge"); return err }(), 405)
}

func TestSquash(t *testing.T) {
	s := newServer(t)
	n := s.openHotfix("hotfix/sum", "")
	base := s.head("main")
	sha, err := s.alice.Merge(s.ctx, shop, n, "squash")
	s.must(err)
	want := base + "|bob|GitHub|Fix the cart (#1)\n\n* Fix the sum\n\n* Test the sum\n\nIt was wrong."
	if got := s.gitShow("log", "-1", "--format=%P|%an|%cn|%B", sha); got != want {
		t.Errorf("squashed commit is %q, want %q", got, want)
	}
	if diff := s.gitShow("diff", "--stat", "hotfix/sum", sha); diff != "" {
		t.Errorf("the tree differs from the branch's: %s", diff)
	}
}

func TestRebaseMerge(t *testing.T) {
	s := newServer(t)
	n := s.openHotfix("hotfix/sum", "")
	_, err := s.alice.Commit(s.ctx, shop, "main", "Meanwhile", map[string]string{"README.md": "# The shop\n"})
	s.must(err)
	base := s.head("main")
	sha, err := s.alice.Merge(s.ctx, shop, n, "rebase")
	s.must(err)
	want := "bob|alice|Test the sum\nbob|alice|Fix the sum"
	if got := s.gitShow("log", "--format=%an|%cn|%s", base+".."+sha); got != want {
		t.Errorf("rebased commits are %q, want %q", got, want)
	}
	if got := s.gitShow("rev-parse", sha+"~2"); got != base {
		t.Errorf("the rebased commits stand on %s, not on %s", got, base)
	}
}

func TestConflictIsNotMergeable(t *testing.T) {
	s := newServer(t)
	n := s.openHotfix("hotfix/sum", "")
	_, err := s.alice.Commit(s.ctx, shop, "main", "Another way", map[string]string{"cart/cart.go": "package cart\n\nfunc Total() int { return 3 }\n"})
	s.must(err)
	var seen []any
	for range 2 {
		var pull struct {
			Mergeable any `json:"mergeable"`
		}
		s.must(s.bob.Do(s.ctx, "GET", "/repos/alice/shop/pulls/1", nil, &pull))
		seen = append(seen, pull.Mergeable)
	}
	if seen[0] != nil || seen[1] != false {
		t.Errorf("mergeable was %v, want first null, then false", seen)
	}
	for _, method := range []string{"merge", "squash", "rebase"} {
		_, err := s.alice.Merge(s.ctx, shop, n, method)
		s.refusedWith(err, 405)
	}
}

func TestMergeClosesWhatItFixes(t *testing.T) {
	s := newServer(t)
	issue, err := s.mallory.OpenIssue(s.ctx, shop, "Carts lose items", "")
	s.must(err)
	other, err := s.mallory.OpenIssue(s.ctx, shop, "And more", "")
	s.must(err)
	n := s.openHotfix("hotfix/sum", "Fixes #1, not `fixes #2`.")
	mark := len(s.events)
	_, err = s.alice.Merge(s.ctx, shop, n, "merge")
	s.must(err)
	got := strings.Join(s.eventNames(mark), " ")
	if want := "pull_request.closed issues.closed push check_suite.requested"; got != want {
		t.Errorf("events are %q, want %q", got, want)
	}
	r := s.model()
	if i := r.issue(issue); !i.Closed || i.StateReason != "completed" || i.ClosedBy.Login != "alice" || i.Events[0].CloserPR == nil {
		t.Errorf("issue #1 is %+v", i)
	}
	if r.issue(other).Closed {
		t.Error("a keyword in code closed an issue")
	}
}

func TestPushedBaseMergesPull(t *testing.T) {
	s := newServer(t)
	n := s.openHotfix("hotfix/sum", "")
	s.must(s.alice.InClone(s.ctx, shop, func(c *Clone) error {
		if _, err := c.Git(s.ctx, "merge", "-q", "--no-ff", "-m", "By hand", "origin/hotfix/sum"); err != nil {
			return err
		}
		_, err := c.Git(s.ctx, "push", "-q", "origin", "main")
		return err
	}))
	p := s.model().issue(n).Pull
	if !p.Merged || p.MergeCommitSHA != s.head("main") || p.MergedBy.Login != "alice" {
		t.Errorf("the pull request is not merged by the push: %+v", p)
	}
}

func TestMessageOnDefaultBranchCloses(t *testing.T) {
	s := newServer(t)
	issue, err := s.mallory.OpenIssue(s.ctx, shop, "Lost", "")
	s.must(err)
	s.must(s.bob.Branch(s.ctx, shop, "qa", "main"))
	for _, branch := range []string{"qa", "main"} {
		if s.model().issue(issue).Closed {
			t.Errorf("a message on qa closed #%d", issue)
		}
		_, err := s.bob.Commit(s.ctx, shop, branch, "Find them\n\nResolves #1", map[string]string{"found.txt": branch})
		s.must(err)
	}
	i := s.model().issue(issue)
	if !i.Closed || i.ClosedBy.Login != "bob" || i.Events[0].CommitID != s.head("main") {
		t.Errorf("issue is %+v", i)
	}
}

func TestDeleteBranchOnMerge(t *testing.T) {
	s := newServer(t)
	s.must(s.alice.Edit(s.ctx, shop, map[string]any{"delete_branch_on_merge": true}))
	n := s.openHotfix("hotfix/sum", "")
	_, err := s.alice.Merge(s.ctx, shop, n, "rebase")
	s.must(err)
	s.play(step{bob, "GET", "/branches/hotfix/sum", nil, 404})
	if p := s.model().issue(n).Pull; !p.Merged {
		t.Error("deleting the branch closed the pull request anew")
	}
}

func TestDeletedBranchClosesPull(t *testing.T) {
	s := newServer(t)
	n := s.openHotfix("hotfix/sum", "")
	s.must(s.bob.DeleteBranch(s.ctx, shop, "hotfix/sum"))
	i := s.model().issue(n)
	if !i.Closed || i.Pull.Merged {
		t.Errorf("the pull request is %+v", i)
	}
	s.refusedWith(s.bob.ReopenPull(s.ctx, shop, n), 422)
	s.must(s.bob.Branch(s.ctx, shop, "hotfix/sum", i.Pull.HeadSHA))
	s.must(s.bob.ReopenPull(s.ctx, shop, n))
}
