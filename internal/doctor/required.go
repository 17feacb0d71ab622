package doctor

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// required looks at the checks without which nothing is merged to an environment.
func (e examination) required(ctx context.Context) []hotfix.Finding {
	var wrong, signs, signed several
	var fine []string
	below := func(env hotfix.Environment) bool { return slices.Contains(e.seen.Config.Environments.Below(), env) }
	pulls := sync.OnceValues(func() ([]hotfix.Pull, error) { return e.recentPulls(ctx) }) // they are many: listed once, where they are asked for
	for _, env := range e.seen.Config.Environments {
		if _, there := e.seen.Branches[env.Branch]; !there && e.seen.Blind == nil {
			continue
		}
		rules, err := e.BranchRules(ctx, env.Branch)
		if err != nil {
			wrong.addError(env.Branch, "required checks", err)
			continue
		}
		if stops := wantSignatures(rules); len(stops) > 0 && below(env) {
			signed.add(env.Branch, "environment-signed", "rules", named(stops))
		}
		checks, before := requiredBy(rules), wrong.count()
		e.judge(ctx, &wrong, checks, env.Branch, pulls)
		if wrong.count() == before {
			fine = append(fine, env.Branch)
		}
		for _, check := range checks {
			if signsOff.MatchString(check.Name) && !e.seen.Config.Propagate.SignOff {
				signs.add(env.Branch, "sign-off-missing", "check", quoted(check.Name))
			}
		}
	}
	list := append(signed.findings(), wrong.findings()...)
	if len(fine) > 0 {
		list = append(list, found("required", "branch", quoted(fine...)))
	}
	if e.seen.Config.Propagate.SignOff {
		return append(list, found("sign-off"))
	}
	return append(list, or(signs.findings(), found("sign-off-none"))...)
}

// wantSignatures are the rules that keep commits without a verified signature out. They
// stop people, too, who merge what the bot proposes: by a squash as well, unless they
// opened the pull request themselves (docs, "About protected branches"). Whom a rule
// lets through GitHub tells of the App alone.
func wantSignatures(rules []hotfix.Rule) []hotfix.Rule {
	return slices.DeleteFunc(slices.Clone(rules), func(rule hotfix.Rule) bool { return rule.Type != "required_signatures" })
}

// signsOff are the names of checks that ask for a Signed-off-by line: those of the
// DCO App and of what took its place.
var signsOff = regexp.MustCompile(`(?i)^dco\b|sign(ed)?-?off`)

func requiredBy(rules []hotfix.Rule) []hotfix.RequiredCheck {
	var checks []hotfix.RequiredCheck
	for _, rule := range rules {
		for _, check := range rule.Checks {
			if !slices.Contains(checks, check) {
				checks = append(checks, check)
			}
		}
	}
	return checks
}

// judge notes what is wrong with the checks that a branch requires.
func (e examination) judge(ctx context.Context, wrong *several, checks []hotfix.RequiredCheck, branch string, pulls func() ([]hotfix.Pull, error)) {
	var others []hotfix.RequiredCheck
	for _, check := range checks {
		switch check.Name {
		case render.HotfixCheckName, render.ConflictCheckName, render.ConfigCheckName:
			wrong.add(branch, "required-never", "check", quoted(check.Name))
		case render.GateCheckName:
			if check.App != 0 && check.App != e.Bot().AppID {
				wrong.add(branch, "required-other", "check", quoted(check.Name))
			}
		default:
			others = append(others, check)
		}
	}
	if len(others) == 0 {
		return
	}
	kind, words, err := e.posted(ctx, others, branch, pulls)
	switch {
	case err != nil:
		wrong.add(branch, "cannot-tell", "check", "required checks", "error", err.Error())
	case kind != "":
		wrong.add(branch, kind, words...)
	}
}

// lookBack is how old the bot's newest pull request to an environment may be to tell
// something of the checks of today.
const lookBack = 90 * 24 * time.Hour

// posted looks whether anybody posted the checks of others on the bot's newest pull
// request. The kind is empty when all are there.
func (e examination) posted(
	ctx context.Context, checks []hotfix.RequiredCheck, branch string, pulls func() ([]hotfix.Pull, error),
) (kind string, words []string, err error) {
	list, err := pulls()
	if err != nil {
		return "", nil, err
	}
	newest := newestPull(list, branch)
	if newest == nil {
		return "required-unknown", []string{"checks", nameAll(checks)}, nil
	}
	reports, err := e.Reports(ctx, newest.HeadOID)
	if err != nil {
		return "", nil, err
	}
	missing := slices.DeleteFunc(slices.Clone(checks), func(check hotfix.RequiredCheck) bool {
		return slices.ContainsFunc(reports, func(r hotfix.RequiredCheck) bool {
			return r.Name == check.Name && (check.App == 0 || r.App == 0 || r.App == check.App)
		})
	})
	if len(missing) == 0 {
		return "", nil, nil
	}
	return "required-nobody", []string{"checks", nameAll(missing), "pull", fmt.Sprintf("#%d", newest.Number)}, nil
}

// recentPulls lists those that tell something of today.
func (e examination) recentPulls(ctx context.Context) ([]hotfix.Pull, error) {
	since := e.About().InstalledAt
	if oldest := e.seen.Now.Add(-lookBack); oldest.After(since) {
		since = oldest
	}
	return e.Pulls(ctx, since)
}

// newestPull is the bot's newest pull request to a branch, or nil.
func newestPull(pulls []hotfix.Pull, branch string) *hotfix.Pull {
	var newest *hotfix.Pull
	for i, pull := range pulls {
		if pull.ByBot && pull.Base == branch && (newest == nil || pull.Number > newest.Number) {
			newest = &pulls[i]
		}
	}
	return newest
}

func nameAll(checks []hotfix.RequiredCheck) string {
	names := make([]string, len(checks))
	for i, check := range checks {
		names[i] = check.Name
	}
	return quoted(names...)
}
