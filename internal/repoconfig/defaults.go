package repoconfig

import (
	"fmt"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// usual is every default that depends on nothing else.
func usual() hotfix.Config {
	return hotfix.Config{
		Hotfix:  hotfix.Detection{Branches: []string{"hotfix/**"}, Label: "hotfix"},
		Release: hotfix.ReleasePolicy{GitHubRelease: true},
		Propagate: hotfix.Propagation{
			Order: "parallel", Commits: "auto", Labels: []string{"backport"},
			Assign: []string{"author"}, Review: []string{"approvers"},
			Title: "{title} (backport of #{pr} to {environment})",
		},
		Close:       "auto",
		Gate:        "warn",
		Watch:       180 * 24 * time.Hour,
		Remind:      hotfix.Reminder{After: 3 * 24 * time.Hour, Then: 7 * 24 * time.Hour},
		Permissions: hotfix.Permissions{Deploy: hotfix.Maintain, Force: hotfix.Maintain, Write: hotfix.Write},
	}
}

// complete fills in the defaults that follow from other values.
func complete(c *hotfix.Config) {
	if c.Release.Trigger == "" {
		c.Release.Trigger = "auto"
		if len(c.Environments.Above()) > 0 {
			c.Release.Trigger = "manual"
		}
	}
	if len(c.Applications) == 0 {
		c.Applications = []hotfix.Application{{}}
	}
	for i := range c.Applications {
		a := &c.Applications[i]
		if len(a.Paths) == 0 {
			a.Paths = []string{"**"}
		}
		if a.Tag == "" {
			a.Tag = c.Release.Tag
		}
	}
}

// detect finds the environments by the names of branches. A Pre-Production is
// never guessed.
func (r *reader) detect(c *hotfix.Config, branches func(name string) bool) {
	production := first(branches, "production", "main", "master")
	if production == "" {
		r.failAt(0, 0, "there is no branch `production`, `main` or `master`; name the environments in `"+File+"`")
		return
	}
	pipeline := hotfix.Pipeline{{Name: "Production", Branch: production}}
	var notes []string
	for _, env := range []struct {
		name   string
		usual  []string
		absent string
	}{
		{"QA", []string{"qa"}, "there is no branch `qa`: the pipeline is without QA"},
		{"Development", []string{"dev", "develop"}, "there is no branch `dev` or `develop`: the pipeline is without Development"},
	} {
		if branch := first(branches, env.usual...); branch != "" {
			pipeline = append(pipeline, hotfix.Environment{Name: env.name, Branch: branch})
		} else {
			notes = append(notes, env.absent)
		}
	}
	if len(pipeline) == 1 {
		r.failAt(0, 0, fmt.Sprintf("there is no branch `qa`, `dev` or `develop`, so `%s` would be Production and Development at once; name the environments in `%s`", production, File))
		return
	}
	c.Environments, c.Notes = pipeline, notes
}

// first is the first of the names that exists, or "".
func first(exists func(string) bool, names ...string) string {
	for _, name := range names {
		if exists(name) {
			return name
		}
	}
	return ""
}
