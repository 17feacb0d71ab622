package githubsim

import (
	"fmt"
	"strings"
	"testing"
)

func TestPullRoutes(t *testing.T) {
	s := newServer(t)
	s.openHotfix("hotfix/sum", "Please.")
	pull := object{"title": "Again", "head": "hotfix/sum", "base": "main"}
	s.must(s.bob.Branch(s.ctx, shop, "qa", "main"))
	s.must(s.bob.Branch(s.ctx, shop, "same", "main"))
	with := func(key string, v any) object {
		o := object{}
		for k, x := range pull {
			o[k] = x
		}
		o[key] = v
		return o
	}
	if o := s.play(step{bob, "POST", "/pulls", pull, 422}); o["errors"].([]any)[0].(object)["message"] != "A pull request already exists for alice:hotfix/sum." {
		t.Errorf("a second pull request: %v", o)
	}
	if o := s.play(step{bob, "POST", "/pulls", with("head", "same"), 422}); o["errors"].([]any)[0].(object)["message"] != "No commits between main and same" {
		t.Errorf("an empty pull request: %v", o)
	}
	s.play(
		step{bob, "POST", "/pulls", with("head", "none"), 422},
		step{bob, "POST", "/pulls", with("base", "none"), 422},
		step{mallory, "POST", "/pulls", with("base", "qa"), 403},
		step{"", "GET", "/pulls?state=all&head=alice:hotfix/sum&base=main&sort=updated&direction=desc", nil, 200},
		step{"", "GET", "/pulls/1", nil, 200},
		step{"", "GET", "/pulls/1", nil, 200},
		step{"", "GET", "/pulls/2", nil, 404},
		step{"", "GET", "/pulls/1/commits?per_page=1", nil, 200},
		step{"", "GET", "/pulls/1/files", nil, 200},
		step{"", "GET", "/pulls/1/merge", nil, 404},
		step{"", "GET", "/issues?state=all", nil, 200},
		step{bob, "PATCH", "/pulls/1", object{"title": "Fix it", "body": "x", "base": "qa"}, 200},
		step{mallory, "PATCH", "/pulls/1", object{"title": "Mine"}, 403},
		step{bob, "POST", "/pulls/1/requested_reviewers", object{"reviewers": []string{"carol"}}, 201},
		step{bob, "POST", "/pulls/1/requested_reviewers", object{"reviewers": []string{"bob"}}, 422},
		step{bob, "POST", "/pulls/1/requested_reviewers", object{"reviewers": []string{"mallory"}}, 422},
		step{"", "GET", "/pulls/1/requested_reviewers", nil, 200},
		step{bob, "DELETE", "/pulls/1/requested_reviewers", object{"reviewers": []string{"carol"}}, 200},
		step{bob, "POST", "/pulls/1/reviews", object{"event": "APPROVE"}, 422},
		step{alice, "POST", "/pulls/1/reviews", object{"event": "APPROVE"}, 200},
		step{alice, "POST", "/pulls/1/reviews", object{"event": "COMMENT"}, 422},
		step{"", "GET", "/pulls/1/reviews", nil, 200},
		step{"", "GET", "/issues/1/timeline", nil, 200},
		step{bob, "PATCH", "/pulls/1", object{"state": "closed"}, 200},
		step{bob, "PUT", "/pulls/1/merge", object{}, 405},
		step{bob, "PATCH", "/pulls/1", object{"state": "open"}, 200},
		step{bob, "PUT", "/pulls/1/update-branch", object{}, 422},
		step{bob, "PUT", "/pulls/1/merge", object{"sha": strings.Repeat("1", 40)}, 409},
	)
	_, err := s.alice.Commit(s.ctx, shop, "qa", "Ahead", map[string]string{"b.txt": "1"})
	s.must(err)
	s.play(
		step{bob, "PUT", "/pulls/1/update-branch", object{}, 202},
		step{"", "GET", "/pulls/1", nil, 200},
		step{bob, "PUT", "/pulls/1/merge", object{"merge_method": "squash", "commit_title": "T", "commit_message": "M"}, 200},
		step{"", "GET", "/pulls/1/merge", nil, 204},
		step{bob, "PATCH", "/pulls/1", object{"state": "open"}, 422},
	)
	if got := s.gitShow("log", "-1", "--format=%B", "qa"); got != "T\n\nM" {
		t.Errorf("the squashed message is %q", got)
	}
}

func TestDraft(t *testing.T) {
	s := newServer(t)
	s.must(s.bob.Branch(s.ctx, shop, "topic", "main"))
	_, err := s.bob.Commit(s.ctx, shop, "topic", "One", map[string]string{"a": "1"})
	s.must(err)
	n, err := s.bob.OpenPull(s.ctx, shop, NewPull{Title: "One", Head: "topic", Base: "main", Draft: true})
	s.must(err)
	_, err = s.alice.Merge(s.ctx, shop, n, "merge")
	if words := s.refusedWith(err, 405); words != "Pull Request is still a draft" {
		t.Errorf("refused with %q", words)
	}
	s.must(s.bob.Ready(s.ctx, shop, n))
	_, err = s.alice.Merge(s.ctx, shop, n, "merge")
	s.must(err)
}

func TestForkPull(t *testing.T) {
	s := newServer(t)
	fork, err := s.mallory.Fork(s.ctx, shop)
	s.must(err)
	_, err = s.mallory.Commit(s.ctx, fork, "main", "Theirs", map[string]string{"x.txt": "1"})
	s.must(err)
	n, err := s.mallory.OpenPull(s.ctx, shop, NewPull{Title: "Theirs", Head: "mallory:main", Base: "main"})
	s.must(err)
	sha, err := s.mallory.Commit(s.ctx, fork, "main", "More", map[string]string{"y.txt": "1"})
	s.must(err)
	if got := s.gitShow("rev-parse", fmt.Sprintf("refs/pull/%d/head", n)); got != sha {
		t.Errorf("the head is at %s, want %s", got, sha)
	}
	if o := s.play(step{"", "GET", "/compare/main...mallory:main", nil, 200}); o["ahead_by"] != 2.0 {
		t.Errorf("the comparison with the fork is %v", o["ahead_by"])
	}
	s.must(s.mallory.DeleteRepo(s.ctx, fork))
	o := s.play(step{"", "GET", fmt.Sprintf("/pulls/%d", n), nil, 200})
	if o["state"] != "closed" || o["head"].(object)["repo"] != nil {
		t.Errorf("the pull request of a deleted fork is %v, %v", o["state"], o["head"])
	}
	s.play(step{mallory, "PATCH", fmt.Sprintf("/pulls/%d", n), object{"state": "open"}, 422})
}
