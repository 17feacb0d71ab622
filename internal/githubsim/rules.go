package githubsim

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// violation is a rule that a change of a ref breaks, in GitHub's words.
type violation struct {
	rule Rule
	text string
}

// rulesFor lists the active rules for a ref that the actor cannot bypass, with their rulesets.
func (r *Repo) rulesFor(by Actor, name string) []appliedRule {
	var list []appliedRule
	for _, s := range r.Rulesets {
		if s.Enforcement != "active" || !s.matches(name) || s.bypassed(by) {
			continue
		}
		for _, rule := range s.Rules {
			list = append(list, appliedRule{Rule: rule, set: s})
		}
	}
	return list
}

// appliedRule is a rule with the ruleset that it comes from.
type appliedRule struct {
	Rule
	set *Ruleset
}

// matches tells whether the ruleset is about the ref.
func (s *Ruleset) matches(name string) bool {
	prefix := "refs/heads/"
	if s.Target == "tag" {
		prefix = "refs/tags/"
	}
	if !strings.HasPrefix(name, prefix) {
		return false
	}
	matchesOne := func(patterns []string) bool {
		for _, p := range patterns {
			if p == "~ALL" || p == "~DEFAULT_BRANCH" && name == "refs/heads/"+s.Repo.DefaultBranch {
				return true
			}
			if ok, err := doublestar.Match(p, name); err == nil && ok {
				return true
			}
		}
		return false
	}
	return matchesOne(s.Include) && !matchesOne(s.Exclude)
}

// The ids that a bypass list gives to the roles of a repository.
var bypassRoles = map[int64]Role{2: RoleMaintain, 4: RoleWrite, 5: RoleAdmin}

// bypassed tells whether the actor may ignore the ruleset.
func (s *Ruleset) bypassed(by Actor) bool {
	for _, b := range s.Bypass {
		switch b.Type {
		case "Integration":
			if by.App != nil && by.App.ID == b.ID {
				return true
			}
		case "RepositoryRole":
			if by.App == nil && bypassRoles[b.ID] != RoleNone && s.Repo.role(by.User) >= bypassRoles[b.ID] {
				return true
			}
		case "OrganizationAdmin":
			if by.User != nil && by.User == s.Repo.Owner {
				return true
			}
		}
	}
	return false
}

// brokenRules lists the rules that moving a ref would break. git sees the new objects.
func (g *GitHub) brokenRules(ctx context.Context, by Actor, r *Repo, git *gitDir, ch refChange) ([]violation, error) {
	var list []violation
	for _, rule := range r.rulesFor(by, ch.Ref) {
		text, err := g.breaks(ctx, r, git, ch, rule.Rule)
		if err != nil {
			return nil, err
		}
		if text != "" {
			list = append(list, violation{rule: rule.Rule, text: text})
		}
	}
	return list, nil
}

// breaks says in GitHub's words how the change breaks the rule, or "".
func (g *GitHub) breaks(ctx context.Context, r *Repo, git *gitDir, ch refChange, rule Rule) (string, error) {
	begins, ends := ch.Old == zeroSHA, ch.New == zeroSHA
	switch rule.Type {
	case "creation":
		if begins {
			return "Cannot create ref due to creations being restricted.", nil
		}
	case "update":
		if !begins && !ends {
			return "Cannot update this protected ref.", nil
		}
	case "deletion":
		if ends {
			return "Cannot delete this protected ref.", nil
		}
	case "non_fast_forward":
		if begins || ends {
			return "", nil
		}
		forward, err := git.isAncestor(ctx, ch.Old, ch.New)
		if err == nil && !forward {
			return "Cannot force-push to this branch.", nil
		}
		return "", err
	case "pull_request":
		if !begins && !ends {
			return "Changes must be made through a pull request.", nil
		}
	case "merge_queue":
		if !begins && !ends {
			return "Changes must be made through the merge queue", nil
		}
	case "required_status_checks":
		if lenient, _ := rule.Parameters["do_not_enforce_on_create"].(bool); !ends && (!begins || !lenient) {
			return missingChecks(r, ch.New, rule), nil
		}
	}
	return "", nil
}

// missingChecks says which required checks a commit lacks, or "".
func missingChecks(r *Repo, sha string, rule Rule) string {
	var lacking []string
	for _, name := range requiredContexts(rule) {
		if !r.succeeded(sha, name) {
			lacking = append(lacking, name)
		}
	}
	switch len(lacking) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("Required status check %q is expected.", lacking[0])
	}
	return fmt.Sprintf("%d of %d required status checks are expected.", len(lacking), len(requiredContexts(rule)))
}

// requiredContexts reads the parameters of a required_status_checks rule.
func requiredContexts(rule Rule) []string {
	var names []string
	list, _ := rule.Parameters["required_status_checks"].([]any)
	for _, x := range list {
		if m, ok := x.(map[string]any); ok {
			if name, ok := m["context"].(string); ok {
				names = append(names, name)
			}
		}
	}
	return names
}

// succeeded tells whether the latest check run or status of that name went well on a commit.
func (r *Repo) succeeded(sha, name string) bool {
	good := false
	for _, k := range r.CheckRuns {
		if k.Suite.HeadSHA == sha && k.Name == name {
			good = k.Conclusion == "success" || k.Conclusion == "neutral" || k.Conclusion == "skipped"
		}
	}
	for _, s := range r.Statuses {
		if s.SHA == sha && s.Context == name {
			good = s.State == "success"
		}
	}
	return good
}

// violationText is what a refused push shows.
func (g *GitHub) violationText(r *Repo, name string, broken []violation) []string {
	list := []string{
		"error: GH013: Repository rule violations found for " + name + ".",
		"Review all repository rules at " + g.page(r, "/rules?ref=%s", url.QueryEscape(name)), "",
	}
	for _, v := range broken {
		list = append(list, "- "+v.text, "")
	}
	return list
}

// ruleRefusal is the same for a request of the REST API.
func ruleRefusal(status int, broken []violation) error {
	text := "Repository rule violations found\n\n"
	for _, v := range broken {
		text += v.text + "\n\n"
	}
	return refuse(status, "%s", text)
}

// workflowRefusal says why an App may not bring commits that touch workflows, or "": it needs
// a permission of its own.
func workflowRefusal(ctx context.Context, t *token, git *gitDir, ch refChange) (string, error) {
	if t == nil || t.allows("workflows", "write") || ch.New == zeroSHA {
		return "", nil
	}
	out, err := git.run(ctx, "log", "-z", "--format=", "--name-only", "--diff-merges=first-parent", "--diff-filter=d",
		ch.New, "--not", "--all", "--", ".github/workflows")
	if err != nil {
		return "", err
	}
	file, _, _ := strings.Cut(strings.TrimLeft(out, "\n\x00"), "\x00")
	if file == "" {
		return "", nil
	}
	return fmt.Sprintf("refusing to allow a GitHub App to create or update workflow `%s` without `workflows` permission", file), nil
}
