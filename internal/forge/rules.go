package forge

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// rule is one of GitHub's rules; go-github's type refuses the kinds that came after
// it.
type rule struct {
	Type       string          `json:"type"`
	RulesetID  int64           `json:"ruleset_id"` // only where the rules of a branch are listed
	Parameters json.RawMessage `json:"parameters"`
}

type ruleset struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	Target      string `json:"target"`
	Enforcement string `json:"enforcement"`
	// Bypass is of who asks: the bypass list itself is shown only to those who may
	// change it (docs.github.com, "Get a repository ruleset").
	Bypass     string `json:"current_user_can_bypass"`
	Rules      []rule `json:"rules"`
	Conditions struct {
		RefName struct {
			Include []string `json:"include"`
			Exclude []string `json:"exclude"`
		} `json:"ref_name"`
	} `json:"conditions"`
}

// BranchRules lists the active rules for a branch of that name, whether or not there
// is one: those of rulesets, and of the branch's own protection the checks that it
// requires. The rest of a protection is shown to administrators alone.
func (r *Repo) BranchRules(ctx context.Context, branch string) ([]hotfix.Rule, error) {
	about := reading("the rules for "+branch, "Metadata")
	active, err := pages(func(page github.ListOptions) ([]rule, *github.Response, error) {
		var list []rule
		resp, err := r.get(ctx, &list, "rules/branches/%s?per_page=%d&page=%d", url.PathEscape(branch), page.PerPage, page.Page)
		return list, resp, err
	})
	if err != nil {
		return nil, about.fate(err)
	}
	sets := map[int64]ruleset{}
	var rules []hotfix.Rule
	for _, one := range active {
		if _, known := sets[one.RulesetID]; !known {
			if sets[one.RulesetID], err = r.ruleset(ctx, one.RulesetID); err != nil {
				return nil, err
			}
		}
		rules = append(rules, one.of(sets[one.RulesetID]))
	}
	protected, err := r.protection(ctx, branch)
	return append(rules, protected...), err
}

// TagRules lists the active rules for a tag of that name, whether or not there is one.
func (r *Repo) TagRules(ctx context.Context, tag string) ([]hotfix.Rule, error) {
	all, err := pages(func(page github.ListOptions) ([]ruleset, *github.Response, error) {
		var list []ruleset
		resp, err := r.get(ctx, &list, "rulesets?includes_parents=true&per_page=%d&page=%d", page.PerPage, page.Page)
		return list, resp, err
	})
	if err != nil {
		return nil, reading("the rulesets of "+r.about.FullName(), "Metadata").fate(err)
	}
	var rules []hotfix.Rule
	for _, listed := range all {
		if listed.Target != "tag" || listed.Enforcement != "active" {
			continue
		}
		set, err := r.ruleset(ctx, listed.ID) // the list has neither conditions nor rules
		if gone(err) {
			continue // deleted since
		}
		if err != nil {
			return nil, err
		}
		if set.matches("refs/tags/" + tag) {
			for _, one := range set.Rules {
				rules = append(rules, one.of(set))
			}
		}
	}
	return rules, nil
}

// ruleset reads one ruleset whole, also one of the organisation. One that may not be
// read is known by its rules alone.
func (r *Repo) ruleset(ctx context.Context, id int64) (ruleset, error) {
	var set ruleset
	about := reading(fmt.Sprintf("ruleset %d", id), "Metadata")
	_, err := r.get(ctx, &set, "rulesets/%d?includes_parents=true", id)
	if err := about.fate(err); err != nil && !gone(err) {
		return set, err
	}
	if set.Name == "" {
		set.Name = fmt.Sprintf("ruleset %d", id)
	}
	return set, nil
}

// matches reports whether the ruleset is about a ref. GitHub matches as Ruby's
// File.fnmatch with FNM_PATHNAME does, which knows no braces.
func (s ruleset) matches(ref string) bool {
	one := func(patterns []string) bool {
		for _, pattern := range patterns {
			literal := strings.NewReplacer("{", `\{`, "}", `\}`).Replace(pattern)
			if pattern == "~ALL" || doublestar.MatchUnvalidated(literal, ref) {
				return true
			}
		}
		return false
	}
	return one(s.Conditions.RefName.Include) && !one(s.Conditions.RefName.Exclude)
}

// of is the rule in the domain's words.
func (one rule) of(set ruleset) hotfix.Rule {
	made := hotfix.Rule{Type: one.Type, Ruleset: set.Name, Bypass: bypass(set.Bypass)}
	var parameters struct {
		Checks []struct {
			Context string `json:"context"`
			App     int64  `json:"integration_id"`
		} `json:"required_status_checks"`
		Lenient  bool   `json:"do_not_enforce_on_create"`
		Operator string `json:"operator"`
		Pattern  string `json:"pattern"`
		Negate   bool   `json:"negate"`
	}
	if json.Unmarshal(one.Parameters, &parameters) != nil {
		return made // parameters of a rule that nobody here knows
	}
	for _, check := range parameters.Checks {
		made.Checks = append(made.Checks, hotfix.RequiredCheck{Name: check.Context, App: check.App})
	}
	made.Lenient, made.Negate = parameters.Lenient, parameters.Negate
	made.Operator, made.Pattern = parameters.Operator, parameters.Pattern
	return made
}

// bypass reads GitHub's word; who can bypass in pull requests only cannot push.
func bypass(word string) hotfix.Bypass {
	switch word {
	case "always", "exempt":
		return hotfix.BypassAlways
	case "never", "pull_requests_only":
		return hotfix.BypassNever
	}
	return hotfix.BypassUnknown
}

// protection is what of a branch's own protection is shown to everybody.
func (r *Repo) protection(ctx context.Context, branch string) ([]hotfix.Rule, error) {
	var answer struct {
		Protection struct {
			Required struct {
				Checks []struct {
					Context string `json:"context"`
					App     int64  `json:"app_id"`
				} `json:"checks"`
			} `json:"required_status_checks"`
		} `json:"protection"`
	}
	_, err := r.get(ctx, &answer, "branches/%s", url.PathEscape(branch))
	if err := reading("the branch "+branch, needsContents).fate(err); gone(err) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	made := hotfix.Rule{Type: "required_status_checks", Bypass: hotfix.BypassNever}
	for _, check := range answer.Protection.Required.Checks {
		made.Checks = append(made.Checks, hotfix.RequiredCheck{Name: check.Context, App: max(check.App, 0)}) // -1: anybody
	}
	if len(made.Checks) == 0 {
		return nil, nil
	}
	return []hotfix.Rule{made}, nil
}
