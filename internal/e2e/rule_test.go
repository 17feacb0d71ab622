package e2e_test

import (
	"fmt"
	"net/http"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// restrict branch|tag PATTERN creation|update|deletion: a ruleset, named after
// the pattern.
func (p *playing) restrict(who *githubsim.Person, w []string) error {
	return p.ruleset(who, w[1], w[0], w[1], w[2], nil)
}

// protect BRANCH [queue]: it changes only by pull requests, or only through its
// merge queue. The ruleset is named after the branch.
func (p *playing) protect(who *githubsim.Person, w []string) error {
	if len(w) == 2 && w[1] != "queue" {
		return fmt.Errorf("a branch is protected as it is, or with a queue, not with %q", w[1])
	}
	if len(w) == 2 {
		return p.ruleset(who, w[0], "branch", w[0], "merge_queue", map[string]any{
			"check_response_timeout_minutes": 60, "grouping_strategy": "ALLGREEN", "max_entries_to_build": 5,
			"max_entries_to_merge": 5, "merge_method": "MERGE", "min_entries_to_merge": 1, "min_entries_to_merge_wait_minutes": 5,
		})
	}
	return p.ruleset(who, w[0], "branch", w[0], "pull_request", map[string]any{
		"dismiss_stale_reviews_on_push": false, "require_code_owner_review": false, "require_last_push_approval": false,
		"required_approving_review_count": 0, "required_review_thread_resolution": false,
	})
}

// require BRANCH CHECK: nothing is merged there before the check went well. The
// ruleset is named after the check.
func (p *playing) require(who *githubsim.Person, w []string) error {
	return p.ruleset(who, w[1], "branch", w[0], "required_status_checks", map[string]any{
		"strict_required_status_checks_policy": false,
		"required_status_checks":               []map[string]any{{"context": w[1]}},
	})
}

// ruleset makes a ruleset of one rule.
func (p *playing) ruleset(who *githubsim.Person, name, target, pattern, rule string, parameters map[string]any) error {
	kind := map[string]string{"branch": "refs/heads/", "tag": "refs/tags/"}[target]
	one := map[string]any{"type": rule}
	if parameters != nil {
		one["parameters"] = parameters
	}
	return who.Do(p.ctx, http.MethodPost, "/repos/"+p.repo+"/rulesets", map[string]any{
		"name": name, "target": target, "enforcement": "active",
		"conditions": map[string]any{"ref_name": map[string]any{"include": []string{kind + pattern}, "exclude": []string{}}},
		"rules":      []map[string]any{one},
	}, nil)
}

// lift NAME: end the ruleset of that name.
func (p *playing) lift(who *githubsim.Person, w []string) error {
	var list []struct {
		ID   int64
		Name string
	}
	if err := who.Do(p.ctx, http.MethodGet, "/repos/"+p.repo+"/rulesets", nil, &list); err != nil {
		return err
	}
	for _, r := range list {
		if r.Name == w[0] {
			return who.Do(p.ctx, http.MethodDelete, fmt.Sprintf("/repos/%s/rulesets/%d", p.repo, r.ID), nil, nil)
		}
	}
	return fmt.Errorf("there is no ruleset %q", w[0])
}
