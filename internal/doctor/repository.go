package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

func repositoryKinds() []Kind {
	return []Kind{
		{"repository-unread", "{check}", ill, "it cannot be looked at: {error}", "look whether the App is installed there, and whether the name is right"},
		{"repository-archived", "repository", ill, "it is archived: nothing can be written there", "unarchive it, or take it out of the App's installation"},
		{"issues-off", "issues", uneasy, "issues are switched off, and each hotfix has its status on an issue", "switch them on in the repository's settings; without them the status stands on the hotfix's pull request"},
		{"config", "configuration", well, "`.github/hotfix.yml` is right", ""},
		{"config-default", "configuration", well, "there is no `.github/hotfix.yml`, so it goes by the branches: {pipeline}", ""},
		{"config-unseen", "configuration", unseen, "there is no `.github/hotfix.yml`, and the branches that it goes by instead are not known", ""},
		{"config-wrong", "configuration", ill, "{place}: {problem}", "correct it on the default branch; until then the bot decides nothing here"},
		{"config-unclear", "configuration", ill, "{problem}", "write a `.github/hotfix.yml`; until then the bot decides nothing here"},
		{"config-note", "configuration", uneasy, "{problem}", "change `.github/hotfix.yml` if that is not what was meant"},
		{"branches", "branches", well, "every environment has its branch: {branches}", ""},
		{"branches-unseen", "branches", ill, "branches and tags cannot be listed with git: {error}", "the message names the cause: git itself, the network, or the App's permission Contents"},
		{"branch-missing", "branches", ill, "the branch {branch} of {environment} does not exist: what is for it waits", "create the branch, or take the environment out of `.github/hotfix.yml`"},
		{"sign-off", "sign-off", well, "the bot's commits carry its Signed-off-by line", ""},
		{"sign-off-none", "sign-off", well, "the bot's commits carry no Signed-off-by line, and no check here is known to ask for it", ""},
		{"sign-off-missing", "sign-off", ill, "the check {check} is required on {branch}, and the bot's commits carry no Signed-off-by line", "set `propagate.sign_off: true` in `.github/hotfix.yml`"},
	}
}

// Repository is what is asked about one repository. The errors have the fates of
// package hotfix.
type Repository interface {
	About() hotfix.Repository
	Bot() hotfix.Bot
	// Grants are what the App was given there, asked now.
	Grants(ctx context.Context) (hotfix.Grants, error)
	// BranchRules and TagRules are the active rules for a name, whether or not there is
	// a branch or tag of it.
	BranchRules(ctx context.Context, branch string) ([]hotfix.Rule, error)
	TagRules(ctx context.Context, tag string) ([]hotfix.Rule, error)
	// Reports names what anybody reported on a commit.
	Reports(ctx context.Context, commit hotfix.OID) ([]hotfix.RequiredCheck, error)
	// Pulls lists pull requests updated at or after a time, newest update first.
	Pulls(ctx context.Context, since time.Time) ([]hotfix.Pull, error)
}

// Seen is what is known of the repository already.
type Seen struct {
	Now time.Time
	// Blind is why branches and tags could not be listed; nil: they are known.
	Blind    error
	Branches map[string]hotfix.OID
	Tags     []hotfix.Tag
	Config   hotfix.Config
	Problems []hotfix.ConfigProblem // not empty: of Config only the environments that are known are looked at
	Needs    Needs
}

// Examine makes all checks of a repository.
func Examine(ctx context.Context, repository Repository, seen Seen) []hotfix.Finding {
	var list []hotfix.Finding
	Run(ctx, Checks(repository, seen), func(f hotfix.Finding) { list = append(list, f) })
	return list
}

// Checks are those of a repository. Without a configuration that can be believed,
// those that need none are made.
func Checks(repository Repository, seen Seen) []Check {
	e := examination{repository, seen}
	checks := []Check{
		{Name: "repository", Do: e.repository},
		{Name: "installation", Do: e.grants},
		{Name: "configuration", Do: func(context.Context) []hotfix.Finding { return e.configuration() }},
	}
	if len(seen.Problems) == 0 || seen.Blind != nil {
		checks = append(checks, Check{Name: "branches", Do: func(context.Context) []hotfix.Finding { return e.branches() }})
	}
	if len(seen.Problems) == 0 && seen.Blind == nil {
		checks = append(checks, Check{Name: "tags", Do: e.tags})
	}
	if len(seen.Problems) == 0 && len(seen.Config.Environments) > 0 {
		checks = append(checks, Check{Name: "branches of the bot", Do: e.botBranches}, Check{Name: "required checks", Do: e.required})
	}
	for i, check := range checks {
		checks[i].Do = func(ctx context.Context) []hotfix.Finding {
			list := check.Do(ctx)
			for j := range list {
				list[j].Repository = repository.About().FullName()
			}
			return list
		}
	}
	return checks
}

// Unread is the finding of a repository that cannot be looked at.
func Unread(repository string, err error) hotfix.Finding {
	finding := found("repository-unread", "check", "repository", "error", err.Error())
	finding.Repository = repository
	return finding
}

// examination is one look at one repository.
type examination struct {
	Repository
	seen Seen
}

func (e examination) repository(context.Context) []hotfix.Finding {
	var list []hotfix.Finding
	if e.About().Archived {
		list = append(list, found("repository-archived"))
	}
	if !e.About().HasIssues {
		list = append(list, found("issues-off"))
	}
	return list
}

func (e examination) grants(ctx context.Context) []hotfix.Finding {
	grants, err := e.Grants(ctx)
	if err != nil {
		return one(found("cannot-tell", "check", "installation", "error", err.Error()))
	}
	return e.seen.Needs.installation(grants)
}

func (e examination) configuration() []hotfix.Finding {
	if e.seen.Blind != nil && len(e.seen.Config.Environments) == 0 && len(e.seen.Problems) == 0 {
		return one(found("config-unseen"))
	}
	var list []hotfix.Finding
	for _, problem := range e.seen.Problems {
		if problem.Line == 0 && !e.seen.Config.FromFile {
			list = append(list, found("config-unclear", "problem", problem.Message))
			continue
		}
		list = append(list, found("config-wrong", "place", place(problem), "problem", problem.Message))
	}
	if len(list) > 0 {
		return list
	}
	for _, note := range e.seen.Config.Notes {
		list = append(list, found("config-note", "problem", note))
	}
	if e.seen.Config.FromFile {
		return append(list, found("config"))
	}
	return append(list, found("config-default", "pipeline", pipeline(e.seen.Config.Environments)))
}

// place is "`.github/hotfix.yml`, line 3, column 5".
func place(p hotfix.ConfigProblem) string {
	if p.Line == 0 {
		return quoted(p.File)
	}
	return fmt.Sprintf("%s, line %d, column %d", quoted(p.File), p.Line, p.Column)
}

func pipeline(environments hotfix.Pipeline) string {
	parts := make([]string, len(environments))
	for i, env := range environments {
		parts[i] = naming.Quoted(env.Name) + " is " + naming.Quoted(env.Branch)
	}
	return strings.Join(parts, ", ")
}

func (e examination) branches() []hotfix.Finding {
	if e.seen.Blind != nil {
		return one(found("branches-unseen", "error", e.seen.Blind.Error()))
	}
	var list []hotfix.Finding
	var names []string
	for _, env := range e.seen.Config.Environments {
		if _, there := e.seen.Branches[env.Branch]; !there {
			list = append(list, found("branch-missing", "branch", quoted(env.Branch), "environment", quoted(env.Name)))
		}
		names = append(names, env.Branch)
	}
	return or(list, found("branches", "branches", quoted(names...)))
}
