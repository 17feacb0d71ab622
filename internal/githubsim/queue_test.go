package githubsim

import (
	"slices"
	"strings"
	"testing"
)

// queued is a server whose main has a merge queue that squashes and wants the check "gate".
func queued(t *testing.T) *server {
	t.Helper()
	s := newServer(t)
	s.restrict("branch", "refs/heads/main", object{"type": "merge_queue", "parameters": object{
		"check_response_timeout_minutes": 60, "grouping_strategy": "ALLGREEN", "max_entries_to_build": 5, "max_entries_to_merge": 5,
		"merge_method": "SQUASH", "min_entries_to_merge": 1, "min_entries_to_merge_wait_minutes": 5,
	}})
	return s
}

// topic opens a pull request of one file by bob.
func (s *server) topic(branch, file string) int {
	s.t.Helper()
	s.must(s.bob.Branch(s.ctx, shop, branch, "main"))
	_, err := s.bob.Commit(s.ctx, shop, branch, "Write "+file, map[string]string{file: branch + "\n"})
	s.must(err)
	n, err := s.bob.OpenPull(s.ctx, shop, NewPull{Title: "Write " + file, Head: branch, Base: "main"})
	s.must(err)
	return n
}

func (s *server) enqueued(n int) (branch string) {
	s.t.Helper()
	branch, err := s.alice.Enqueue(s.ctx, shop, n)
	s.must(err)
	return branch
}

// What goes through the queue is checked and merged as one commit on the tip.
func TestMergeQueue(t *testing.T) {
	s := queued(t)
	n := s.topic("one", "one.txt")
	_, err := s.alice.Merge(s.ctx, shop, n, "merge")
	if words := s.refusedWith(err, 405); !strings.Contains(words, "merge queue") {
		t.Errorf("refused with %q", words)
	}
	from, base := len(s.events), s.head("main")
	branch := s.enqueued(n)
	if want := "gh-readonly-queue/main/pr-1-" + base; branch != want {
		t.Errorf("the group stands on %s, want %s", branch, want)
	}
	head := s.head(branch)
	if got := s.gitShow("log", "-1", "--format=%P|%an|%cn|%s", head); got != base+"|bob|GitHub|Write one.txt (#1)" {
		t.Errorf("the group is %q", got)
	}
	s.must(s.MergeQueued(s.ctx, shop, n))
	p := s.model().issue(n).Pull
	if s.head("main") != head || !p.Merged || p.MergeCommitSHA != head || p.MergedBy.Login != queueLogin || p.BaseSHA != base {
		t.Errorf("merged as %+v", p)
	}
	if _, err := s.model().git.branch(branch); !missing(err) {
		t.Errorf("the group's branch: %v", err)
	}
	want := []string{
		"pull_request.enqueued", "create", "push", "check_suite.requested", "merge_group.checks_requested",
		"pull_request.closed", "pull_request.dequeued", "push", "merge_group.destroyed", "delete", "push",
	}
	if got := s.eventNames(from); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The second stands upon the first, and is made anew when the first leaves, or the base
// moves.
func TestMergeQueueIsMadeAnew(t *testing.T) {
	s := queued(t)
	one, two, three := s.topic("one", "one.txt"), s.topic("two", "two.txt"), s.topic("three", "one.txt")
	base := s.head("main")
	first := s.head(s.enqueued(one))
	second := s.enqueued(two)
	if got := s.gitShow("log", "-1", "--format=%P", s.head(second)); got != first {
		t.Errorf("the second stands on %s, want %s", got, first)
	}
	if branch := s.enqueued(three); branch != "" { // it conflicts with the first
		t.Errorf("a conflict stands on %s", branch)
	}
	s.refusedWith(s.MergeQueued(s.ctx, shop, two), 405)
	s.must(s.alice.Dequeue(s.ctx, shop, one))
	if _, err := s.model().git.branch(second); !missing(err) {
		t.Errorf("the second's old group: %v", err)
	}
	if got := s.gitShow("log", "-1", "--format=%P", s.model().Queue[0].HeadSHA); got != base {
		t.Errorf("the second stands on %s, want main", got)
	}
	_, err := s.bob.Commit(s.ctx, shop, "two", "More", map[string]string{"more.txt": "m"})
	s.must(err)
	if left := len(s.model().Queue); left != 0 {
		t.Errorf("%d in the queue after the head moved", left)
	}
	s.enqueued(two)
	s.must(s.bob.ClosePull(s.ctx, shop, two))
	if left := len(s.model().Queue); left != 0 {
		t.Errorf("%d in the queue after it was closed", left)
	}
	s.refusedWith(s.MergeQueued(s.ctx, shop, two), 405)
}

// What was told to merge by itself enters the queue by itself.
func TestMergeQueueByItself(t *testing.T) {
	s := queued(t)
	s.restrict("branch", "refs/heads/main", object{"type": "required_status_checks", "parameters": object{
		"strict_required_status_checks_policy": false, "required_status_checks": []object{{"context": "gate"}},
	}})
	s.must(s.alice.Edit(s.ctx, shop, map[string]any{"allow_auto_merge": true}))
	p := s.model().issue(s.topic("one", "one.txt")).Pull
	s.must(s.bob.Do(s.ctx, "POST", "/graphql", object{"query": autoMerge, "variables": object{"id": nodeID("PR", p.ID)}}, nil))
	if p.AutoMerge == nil || s.model().group(p) != nil {
		t.Fatalf("told to merge by itself: %+v", p)
	}
	s.play(step{bob, "POST", "/statuses/" + p.HeadSHA, object{"state": "success", "context": "gate"}, 201})
	if m := s.model().group(p); m == nil || m.By.User.Login != "bob" || p.AutoMerge != nil || p.Merged {
		t.Errorf("queued as %+v", m)
	}
}

func TestMergeQueueRefuses(t *testing.T) {
	s := newServer(t)
	n := s.topic("one", "one.txt")
	enqueue := func(p *Person) error { _, err := p.Enqueue(s.ctx, shop, n); return err }
	s.refusedWith(enqueue(s.alice), 422) // main has no queue
	s.refusedWith(enqueue(s.carol), 403)
	s.restrict("branch", "refs/heads/main", object{"type": "merge_queue"}, object{"type": "required_status_checks", "parameters": object{
		"strict_required_status_checks_policy": false, "required_status_checks": []object{{"context": "gate"}},
	}})
	s.refusedWith(enqueue(s.alice), 422) // the check is missing
	pass := func(sha string) {
		s.play(step{bob, "POST", "/statuses/" + sha, object{"state": "success", "context": "gate"}, 201})
	}
	pass(s.head("one"))
	s.must(enqueue(s.alice))
	s.refusedWith(enqueue(s.alice), 422) // it is in the queue
	s.refusedWith(s.MergeQueued(s.ctx, shop, n), 405)
	pass(s.model().Queue[0].HeadSHA)
	s.must(s.MergeQueued(s.ctx, shop, n))
	if got := s.gitShow("log", "-1", "--format=%s", "main"); got != "Merge pull request #1 from alice/one" {
		t.Errorf("merged as %q", got)
	}
}
