package githubsim

import (
	"fmt"
	"strings"
	"testing"
)

// restrict makes a ruleset.
func (s *server) restrict(target, pattern string, rules ...object) string {
	s.t.Helper()
	made := s.play(step{alice, "POST", "/rulesets", object{
		"name": "guard " + pattern, "target": target, "enforcement": "active", "rules": rules,
		"conditions": object{"ref_name": object{"include": []string{pattern}, "exclude": []string{}}},
	}, 201})
	return fmt.Sprintf("/rulesets/%.0f", made["id"])
}

func TestTagRuleset(t *testing.T) {
	s := newServer(t)
	one := s.restrict("tag", "refs/tags/v*", object{"type": "creation"}, object{"type": "deletion"})
	err := s.bob.CreateTag(s.ctx, shop, "v1.7.1", s.head("main"), "One")
	if words := s.refusedWith(err, 422); !strings.Contains(words, "Cannot create ref due to creations being restricted.") {
		t.Errorf("refused with %q", words)
	}
	s.must(s.bob.CreateTag(s.ctx, shop, "other", s.head("main"), ""))
	bot := s.mint(nil)
	in := object{"ref": "refs/tags/v1.7.1", "sha": s.head("main")}
	s.play(step{bot, "POST", "/git/refs", in, 422})
	bypass := []object{{"actor_id": s.app.ID, "actor_type": "Integration", "bypass_mode": "always"}}
	s.play(
		step{alice, "PUT", one, object{"bypass_actors": bypass}, 200},
		step{bot, "POST", "/git/refs", in, 201},
		step{bob, "DELETE", "/git/refs/tags/v1.7.1", nil, 422},
		step{"", "GET", "/rulesets", nil, 200},
		step{"", "GET", one, nil, 200},
		step{alice, "DELETE", one, nil, 204},
		step{bob, "DELETE", "/git/refs/tags/v1.7.1", nil, 204},
	)
}

func TestBranchRulesetOnPush(t *testing.T) {
	s := newServer(t)
	s.restrict("branch", "~DEFAULT_BRANCH", object{"type": "pull_request", "parameters": object{
		"dismiss_stale_reviews_on_push": false, "require_code_owner_review": false, "require_last_push_approval": false,
		"required_approving_review_count": 0, "required_review_thread_resolution": false,
	}})
	clone, err := s.bob.Clone(s.ctx, shop, t.TempDir())
	s.must(err)
	s.must(clone.Write("a.txt", "1"))
	_, err = clone.Commit(s.ctx, "One")
	s.must(err)
	_, err = clone.Git(s.ctx, "push", "origin", "HEAD:main", "HEAD:topic")
	for _, want := range []string{
		"remote: error: GH013: Repository rule violations found for refs/heads/main.",
		"Changes must be made through a pull request.",
		"! [remote rejected] HEAD -> main (push declined due to repository rule violations)",
		"* [new branch]      HEAD -> topic",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
	s.play(
		step{bob, "GET", "/rules/branches/main", nil, 200},
		step{bob, "GET", "/branches/main/protection", nil, 404},
		step{bob, "PUT", "/contents/a.txt", object{"message": "Add", "content": ""}, 409},
	)
	n, err := s.bob.OpenPull(s.ctx, shop, NewPull{Title: "One", Head: "topic", Base: "main"})
	s.must(err)
	_, err = s.bob.Merge(s.ctx, shop, n, "squash")
	s.must(err)
}

func TestRequiredChecks(t *testing.T) {
	s := newServer(t)
	s.restrict("branch", "refs/heads/main", object{"type": "required_status_checks", "parameters": object{
		"strict_required_status_checks_policy": false, "required_status_checks": []object{{"context": "Hotfix gate"}},
	}})
	n := s.openHotfix("hotfix/sum", "")
	_, err := s.alice.Merge(s.ctx, shop, n, "merge")
	if words := s.refusedWith(err, 405); !strings.Contains(words, `Required status check "Hotfix gate" is expected.`) {
		t.Errorf("refused with %q", words)
	}
	states := func() any {
		s.play(step{bob, "GET", "/pulls/1", nil, 200})
		return s.play(step{bob, "GET", "/pulls/1", nil, 200})["mergeable_state"]
	}
	if got := states(); got != "blocked" {
		t.Errorf("mergeable_state is %v", got)
	}
	run := object{"name": "Hotfix gate", "head_sha": s.head("hotfix/sum"), "conclusion": "success", "status": "completed"}
	s.play(step{s.mint(nil), "POST", "/check-runs", run, 201})
	if got := states(); got != "clean" {
		t.Errorf("mergeable_state is %v", got)
	}
	_, err = s.alice.Merge(s.ctx, shop, n, "merge")
	s.must(err)
}

// TestLenientChecks: with do_not_enforce_on_create a branch begins without its checks.
func TestLenientChecks(t *testing.T) {
	for lenient, want := range map[bool]int{true: 201, false: 422} {
		s := newServer(t)
		s.restrict("branch", "refs/heads/backport/**", object{"type": "required_status_checks", "parameters": object{
			"strict_required_status_checks_policy": false, "do_not_enforce_on_create": lenient, "required_status_checks": []object{{"context": "ci"}},
		}})
		s.play(step{bob, "POST", "/git/refs", object{"ref": "refs/heads/backport/qa/1-x", "sha": s.head("main")}, want})
	}
}
