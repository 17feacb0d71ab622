package doctor

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

func ruleKinds() []Kind {
	return []Kind{
		// https://github.com/github/branch-deploy/pull/345: 403 "Upgrade to GitHub Pro or make this repository public …".
		{"rules-unseen", "{check}", unseen, "GitHub does not show the rules for {branch}: private repositories of free accounts have none", ""},
		{"tag", "tag {tag}", well, "nothing forbids the bot to make the next release's tag", ""},
		{"tag-none", "tags", unseen, "no version tag is there to count from{application}", "push the first one, or say `/hotfix deploy 1.0.1` when there is a hotfix"},
		{"tag-forbidden", "tag {tag}", ill, "{rules} does not let the bot make the next release's tag", "add the App to the bypass list of the ruleset, or take the rule out"},
		{"tag-unclear", "tag {tag}", uneasy, "{rules} may not let the bot make the next release's tag: GitHub does not tell", "look whether the App is on the bypass list of the ruleset"},
		{"bot-branches", "branches of the bot", well, "nothing forbids the bot to make, change and delete {branch}", ""},
		{"branch-forbidden", "branches of the bot", ill, "{rules} does not let the bot make {branch}", "add the App to the bypass list of the ruleset, or except the branches `backport/**`, `deploy/**`, `revert/**` and those of hotfixes"},
		{"branch-unclear", "branches of the bot", uneasy, "{rules} may not let the bot make {branch}: GitHub does not tell", "look whether the App is on the bypass list of the ruleset"},
		{"branch-hindered", "branches of the bot", uneasy, "{rules} does not let the bot make a backport anew or delete its branch when it is merged: {branch}", "add the App to the bypass list of the ruleset, or delete branches by hand and say `/hotfix retry` for a new one"},
		{"branch-unsigned", "branches of the bot", ill, "{rules} takes only commits with verified signatures, and GitHub verifies none of an App's, whatever its key: {branch}", "add the App to the bypass list of the ruleset, or except the branches `backport/**`, `deploy/**`, `revert/**` and those of hotfixes"},
		{"promotion", "promotions", well, "{rules} does not let the bot push to {branch}, so releases come as pull requests", ""},
		{"environment-signed", "required signatures", uneasy, "{rules} takes only commits with verified signatures on {branch}, and GitHub verifies none of an App's: most people will not be able to merge a backport there", "let those who merge bypass the rule; or sign a backport's commits anew in a clone, `git rebase --force-rebase --gpg-sign` onto its target, and push them to its branch"},
		{"required", "required checks", well, "nothing that is required on {branch} keeps a pull request of the bot's from being merged", ""},
		{"required-never", "required checks", ill, "{check} is required on {branch}, but the bot posts it on few pull requests: the others can never be merged", "require `Hotfix gate` instead, which every pull request to an environment gets"},
		{"required-other", "required checks", ill, "{check} is required on {branch} from another App than this one", "choose this App, or any source, where the check is required"},
		{"required-nobody", "required checks", uneasy, "nobody has posted {checks}, required on {branch}, on {pull}, the newest pull request of the bot there", "let the checks run on pull requests from the branches `backport/**` too: workflows do not unless their `branches` and `paths` allow it"},
		{"required-unknown", "required checks", unseen, "whether anybody posts {checks}, required on {branch}, shows with the first pull request of the bot there", ""},
	}
}

// effect is what a rule does to something that the bot makes.
type effect int

const (
	harmless effect = iota
	hinders         // it cannot be made anew, or deleted
	unsigned        // only commits with verified signatures come there
	forbids         // it cannot be made
)

// effectOn is what a rule does to a branch or tag of the bot's, of that name, if
// nothing lets the App through.
func (e examination) effectOn(rule hotfix.Rule, name string) effect {
	switch rule.Type {
	case "creation":
		return forbids
	case "required_status_checks", "workflows":
		if !rule.Lenient && (rule.Type == "workflows" || len(rule.Checks) > 0) {
			return forbids // the commits are new: nobody has checked them
		}
	case "branch_name_pattern", "tag_name_pattern":
		if !satisfies(rule, name) {
			return forbids
		}
	case "committer_email_pattern":
		if !satisfies(rule, e.Bot().Email()) {
			return forbids
		}
	case "required_signatures": // no key is one of the App's account
		return unsigned
	case "update", "deletion", "non_fast_forward", "pull_request", "merge_queue", "required_deployments", "code_scanning":
		return hinders
	}
	return harmless
}

// satisfies reports whether a text is as a rule wants it. One that cannot be read here
// is taken to be satisfied: the engines differ.
func satisfies(rule hotfix.Rule, text string) bool {
	fits := true
	switch rule.Operator {
	case "starts_with":
		fits = strings.HasPrefix(text, rule.Pattern)
	case "ends_with":
		fits = strings.HasSuffix(text, rule.Pattern)
	case "contains":
		fits = strings.Contains(text, rule.Pattern)
	case "regex":
		pattern, err := regexp.Compile(rule.Pattern)
		if err != nil {
			return true
		}
		fits = pattern.MatchString(text)
	}
	return fits != rule.Negate
}

// against are the rules that have an effect on a name and do not let the App through.
// Unclear are those of which GitHub does not say whether they do.
func (e examination) against(rules []hotfix.Rule, name string, what effect) (sure, unclear []hotfix.Rule) {
	for _, rule := range rules {
		switch {
		case rule.Bypass == hotfix.BypassAlways || e.effectOn(rule, name) != what:
		case rule.Bypass == hotfix.BypassUnknown:
			unclear = append(unclear, rule)
		default:
			sure = append(sure, rule)
		}
	}
	return sure, unclear
}

// named is "`creation` of the ruleset `releases`".
func named(rules []hotfix.Rule) string {
	var parts []string
	for _, rule := range rules {
		part := "`" + rule.Type + "` of the ruleset " + naming.Quoted(rule.Ruleset)
		if rule.Ruleset == "" {
			part = "`" + rule.Type + "` of the branch's protection"
		}
		if !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " and ")
}

// tags asks of the next tag of each application whether the bot may make it. The next
// one is counted from the highest: which line a hotfix lands in is known when it does.
func (e examination) tags(ctx context.Context) []hotfix.Finding {
	var list []hotfix.Finding
	for _, app := range e.seen.Config.Lines() {
		name, ok := nextTag(e.seen.Tags, app.Tag)
		if !ok {
			of := ""
			if app.Name != "" {
				of = " for " + quoted(app.Name)
			}
			list = append(list, found("tag-none", "application", of))
			continue
		}
		list = append(list, e.tag(ctx, name))
	}
	return list
}

func (e examination) tag(ctx context.Context, name string) hotfix.Finding {
	rules, err := e.TagRules(ctx, name)
	if err != nil {
		var unseen several
		unseen.addError(name, "tag "+quoted(name), err)
		return unseen.findings()[0]
	}
	sure, unclear := e.against(rules, name, forbids)
	switch {
	case len(sure) > 0:
		return found("tag-forbidden", "tag", quoted(name), "rules", named(sure))
	case len(unclear) > 0:
		return found("tag-unclear", "tag", quoted(name), "rules", named(unclear))
	}
	return found("tag", "tag", quoted(name))
}

// nextTag is the free tag after the highest release.
func nextTag(tags []hotfix.Tag, template string) (name string, ok bool) {
	for _, release := range slices.Backward(hotfix.Releases(tags, template)) {
		if release.Version.Pre != "" {
			continue
		}
		version := release.Version.Next()
		for slices.ContainsFunc(tags, func(t hotfix.Tag) bool { return t.Name == release.Prefix+version.String() }) {
			version = version.Next()
		}
		return release.Prefix + version.String(), true
	}
	return "", false
}

// botBranches asks of one branch of each kind that the bot makes whether it may, and
// of the environments above the landing one whether it may push there.
func (e examination) botBranches(ctx context.Context) []hotfix.Finding {
	var wrong several
	for _, name := range e.examples() {
		rules, err := e.BranchRules(ctx, name)
		if err != nil {
			wrong.addError(name, "branches of the bot", err)
			continue
		}
		e.judgeBranch(&wrong, rules, name)
	}
	list := or(wrong.findings(), found("bot-branches", "branch", quoted(e.examples()...)))
	var promotions several
	for _, env := range e.seen.Config.Environments.Above() {
		rules, err := e.BranchRules(ctx, env.Branch)
		if err != nil {
			promotions.addError(env.Branch, "promotions", err)
			continue
		}
		if stops := e.unpushable(rules); len(stops) > 0 {
			promotions.add(env.Branch, "promotion", "rules", named(stops))
		}
	}
	return append(list, promotions.findings()...)
}

// unpushable are the rules that keep the bot from pushing to a branch that is there.
func (e examination) unpushable(rules []hotfix.Rule) []hotfix.Rule {
	return slices.DeleteFunc(slices.Clone(rules), func(rule hotfix.Rule) bool {
		stops := slices.Contains([]string{
			"update", "pull_request", "merge_queue", "required_status_checks", "workflows", "required_deployments", "code_scanning",
		}, rule.Type)
		return !stops || rule.Bypass == hotfix.BypassAlways
	})
}

// judgeBranch notes the worst that stands against a branch of the bot's.
func (e examination) judgeBranch(wrong *several, rules []hotfix.Rule, name string) {
	for _, worst := range []struct {
		what          effect
		sure, unclear string
	}{
		{forbids, "branch-forbidden", "branch-unclear"}, {unsigned, "branch-unsigned", "branch-unclear"}, {hinders, "branch-hindered", ""},
	} {
		sure, unclear := e.against(rules, name, worst.what)
		switch {
		case len(sure) > 0:
			wrong.add(name, worst.sure, "rules", named(sure))
			return
		case len(unclear) > 0 && worst.unclear != "":
			wrong.add(name, worst.unclear, "rules", named(unclear))
			return
		}
	}
}

// examples are the branches that the bot would make for a hotfix, as it names them.
func (e examination) examples() []string {
	const pull = 1 // whichever it will be
	config := e.seen.Config
	var names []string
	for _, env := range config.Environments.Below() {
		names = append(names, naming.Branch(env, pull, "hotfix", 1), naming.Revert(env, pull, "hotfix", 1))
	}
	tag, ok := nextTag(e.seen.Tags, config.Lines()[0].Tag)
	for _, env := range config.Environments.Above() {
		if ok {
			names = append(names, naming.Promotion(env, tag))
		}
	}
	return append(names, naming.Start(config.Hotfix.Branches, pull, "hotfix"))
}
