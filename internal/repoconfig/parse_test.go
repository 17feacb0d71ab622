package repoconfig_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// exist is a repository with these branches.
func exist(names ...string) func(string) bool {
	return func(name string) bool {
		for _, n := range names {
			if n == name {
				return true
			}
		}
		return false
	}
}

var usual = exist("main", "qa", "dev")

const complete = `environments:
  - { name: Production,     branch: main }
  - { name: Pre-Production, branch: preprod, landing: true }
  - { name: QA,             branch: qa }
  - { name: Development,    branch: 1.20 }
hotfix:
  branches: ["hotfix/**", "emergency/*"]
  label: urgent
release:
  trigger: manual
  tag: "shop-{version}"
  github_release: false
deploy:
  github_deployments: true
applications:
  - { name: shop, paths: ["shop/**"], tag: "shop-{version}" }
  - { name: admin, paths: ["admin/**"], tag: "admin-{version}" }
modules:
  cart: ["shop/cart/**"]
  pay: ["shop/pay/**", "shop/bank/**"]
propagate:
  order: chain
  commits: squash
  labels: [backport, urgent]
  assign: [alice, bob]
  review: [alice, acme/release-team]
  auto_merge: rebase
  title: "[{environment}] {title} #{pr}"
  sign_off: true
paths:
  - { match: ["VERSION", "package.json"], policy: keep-target }
  - { match: ["CHANGELOG.md"], policy: union }
close: manual
gate: off
watch: 12w
remind: { after: 12h, then: 2d }
permissions: { deploy: admin, force: write, write: triage }
`

func TestParseEveryKey(t *testing.T) {
	got, problems := repoconfig.Parse(".github/hotfix.yml", []byte(complete), exist())
	if len(problems) != 0 {
		t.Fatal(problems)
	}
	want := hotfix.Config{
		Environments: hotfix.Pipeline{
			{Name: "Production", Branch: "main"}, {Name: "Pre-Production", Branch: "preprod", Landing: true},
			{Name: "QA", Branch: "qa"}, {Name: "Development", Branch: "1.20"},
		},
		Hotfix:  hotfix.Detection{Branches: []string{"hotfix/**", "emergency/*"}, Label: "urgent"},
		Release: hotfix.ReleasePolicy{Trigger: "manual", Tag: "shop-{version}"},
		Deploy:  hotfix.DeployPolicy{GitHubDeployments: true},
		Applications: []hotfix.Application{
			{Name: "shop", Paths: []string{"shop/**"}, Tag: "shop-{version}"},
			{Name: "admin", Paths: []string{"admin/**"}, Tag: "admin-{version}"},
		},
		Modules: []hotfix.Module{
			{Name: "cart", Paths: []string{"shop/cart/**"}}, {Name: "pay", Paths: []string{"shop/pay/**", "shop/bank/**"}},
		},
		Propagate: hotfix.Propagation{
			Order: "chain", Commits: "squash", Labels: []string{"backport", "urgent"}, Assign: []string{"alice", "bob"},
			Review: []string{"alice", "acme/release-team"}, AutoMerge: "rebase", Title: "[{environment}] {title} #{pr}", SignOff: true,
		},
		Paths: []hotfix.PathPolicy{
			{Match: []string{"VERSION", "package.json"}, Policy: "keep-target"}, {Match: []string{"CHANGELOG.md"}, Policy: "union"},
		},
		Close: "manual", Gate: "off", Watch: 12 * 7 * 24 * time.Hour,
		Remind:      hotfix.Reminder{After: 12 * time.Hour, Then: 48 * time.Hour},
		Permissions: hotfix.Permissions{Deploy: hotfix.Admin, Force: hotfix.Write, Write: hotfix.Triage},
		FromFile:    true,
	}
	got.Notes = nil // TestNotYet and TestRemarks
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// plain is what a repository with main, qa and dev gets when nothing is set.
func plain() hotfix.Config {
	return hotfix.Config{
		Environments: hotfix.Pipeline{
			{Name: "Production", Branch: "main"}, {Name: "QA", Branch: "qa"}, {Name: "Development", Branch: "dev"},
		},
		Hotfix:       hotfix.Detection{Branches: []string{"hotfix/**"}, Label: "hotfix"},
		Release:      hotfix.ReleasePolicy{Trigger: "auto", GitHubRelease: true},
		Applications: []hotfix.Application{{Paths: []string{"**"}}},
		Propagate: hotfix.Propagation{
			Order: "parallel", Commits: "auto", Labels: []string{"backport"}, Assign: []string{"author"}, Review: []string{"approvers"},
			Title: "{title} (backport of #{pr} to {environment})",
		},
		Close: "auto", Gate: "warn", Watch: 180 * 24 * time.Hour,
		Remind:      hotfix.Reminder{After: 3 * 24 * time.Hour, Then: 7 * 24 * time.Hour},
		Permissions: hotfix.Permissions{Deploy: hotfix.Maintain, Force: hotfix.Maintain, Write: hotfix.Write},
	}
}

func TestDefaults(t *testing.T) {
	got, problems := repoconfig.Defaults(usual)
	if want := plain(); len(problems) != 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v %v\nwant %+v", got, problems, want)
	}
	for name, file := range map[string]string{"empty": "", "comment": "# nothing yet\n", "document": "---\n", "null": "~\n", "mapping": "{}\n"} {
		got, problems := repoconfig.Parse("f", []byte(file), usual)
		want := plain()
		want.FromFile, want.Notes = true, []string{"the file sets no key, so the defaults count"}
		if len(problems) != 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v %v", name, got, problems)
		}
	}
}

func TestDefaultsByBranches(t *testing.T) {
	for _, c := range []struct {
		branches []string
		pipeline string // branches; or a part of the problem
		notes    int
	}{
		{[]string{"production", "main", "qa", "dev", "develop"}, "production qa dev", 0},
		{[]string{"main", "master", "qa", "develop"}, "main qa develop", 0},
		{[]string{"master", "dev", "preprod"}, "master dev", 1},
		{[]string{"main", "qa"}, "main qa", 1},
		{[]string{"main", "feature"}, "there is no branch `qa`, `dev` or `develop`, so `main` would be Production and Development at once", 0},
		{[]string{"qa", "dev"}, "there is no branch `production`, `main` or `master`", 0},
		{nil, "there is no branch `production`, `main` or `master`", 0},
	} {
		fromDefaults, problems := repoconfig.Defaults(exist(c.branches...))
		fromFile, fileProblems := repoconfig.Parse(repoconfig.File, nil, exist(c.branches...))
		if !reflect.DeepEqual(problems, fileProblems) || !reflect.DeepEqual(fromDefaults.Environments, fromFile.Environments) {
			t.Errorf("%q: a file without environments says otherwise: %v %+v", c.branches, fileProblems, fromFile)
		}
		if len(problems) > 0 {
			if len(problems) != 1 || !strings.HasPrefix(problems[0].Message, c.pipeline) || problems[0].Line != 0 || !reflect.DeepEqual(fromDefaults, hotfix.Config{}) {
				t.Errorf("%q: %+v %+v", c.branches, problems, fromDefaults)
			}
			continue
		}
		var pipeline []string
		for _, env := range fromDefaults.Environments {
			pipeline = append(pipeline, env.Branch)
		}
		if got := strings.Join(pipeline, " "); got != c.pipeline || len(fromDefaults.Notes) != c.notes {
			t.Errorf("%q: got %s, notes %q", c.branches, got, fromDefaults.Notes)
		}
	}
}

func TestParseWithoutBranches(t *testing.T) {
	got, problems := repoconfig.Parse("f", []byte("close: manual\n"), nil)
	if len(problems) != 0 || len(got.Environments) != 0 || got.Close != "manual" {
		t.Errorf("%+v %v", got, problems)
	}
}

func TestParsePartialFile(t *testing.T) {
	for file, change := range map[string]func(*hotfix.Config){
		"release: { tag: 'v{version}' }":                    func(c *hotfix.Config) { c.Release.Tag, c.Applications[0].Tag = "v{version}", "v{version}" },
		"release: { github_release: false }":                func(c *hotfix.Config) { c.Release.GitHubRelease = false },
		"propagate: { labels: [] }":                         func(c *hotfix.Config) { c.Propagate.Labels = nil },
		"propagate: { assign: none, review: none }":         func(c *hotfix.Config) { c.Propagate.Assign, c.Propagate.Review = nil, nil },
		"propagate: { assign: author, review: approvers }":  func(*hotfix.Config) {},
		"propagate: { auto_merge: false, order: parallel }": func(*hotfix.Config) {},
		"propagate: { title: '{tag} {branch}' }":            func(c *hotfix.Config) { c.Propagate.Title = "{tag} {branch}" },
		"applications: [{ name: shop }]":                    func(c *hotfix.Config) { c.Applications[0].Name = "shop" },
		"permissions: { force: admin }":                     func(c *hotfix.Config) { c.Permissions.Force = hotfix.Admin },
		"deploy: { github_deployments: false }\ngate: off":  func(c *hotfix.Config) { c.Gate = "off" },
		"close: manual": func(c *hotfix.Config) { c.Close = "manual" },
		"environments: [{ name: P, branch: p }, { name: q, branch: q }]": func(c *hotfix.Config) {
			c.Environments = hotfix.Pipeline{{Name: "P", Branch: "p"}, {Name: "q", Branch: "q"}}
		},
		"remind: { after: 7d }":                               func(c *hotfix.Config) { c.Remind.After = c.Remind.Then },
		"environments: [{ name: p, branch: p, landing: on }]": nil,
	} {
		want := plain()
		want.FromFile = true
		got, problems := repoconfig.Parse("f", []byte(file), usual)
		if change == nil {
			if len(problems) == 0 {
				t.Errorf("%s: accepted", file)
			}
			continue
		}
		change(&want)
		got.Notes = nil // TestNotYet and TestRemarks
		if len(problems) != 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v %v\nwant %+v", file, got, problems, want)
		}
	}
}

func TestTriggerFollowsTheLandingEnvironment(t *testing.T) {
	const pipeline = "environments: [{name: P, branch: main}, {name: S, branch: s, landing: true}, {name: Q, branch: q}]\n"
	for file, want := range map[string]string{pipeline: "manual", pipeline + "release: {trigger: auto}": "auto", "gate: warn": "auto"} {
		got, problems := repoconfig.Parse("f", []byte(file), usual)
		if len(problems) != 0 || got.Release.Trigger != want {
			t.Errorf("%s: %q %q %v", file, got.Release.Trigger, got.Notes, problems)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(complete))
	f.Add([]byte("environments: [*a, ~, {landing: true}]\n---\na: &a [1]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, problems := repoconfig.Parse("f", data, usual)
		if len(problems) == 0 {
			if _, ok := c.Environments.Landing(); !ok || c.Release.Trigger == "" || c.Watch <= 0 || c.Permissions.Write < hotfix.Triage {
				t.Errorf("a default is missing: %+v", c)
			}
			return
		}
		if !reflect.DeepEqual(c, hotfix.Config{}) {
			t.Errorf("a guess: %+v", c)
		}
		last := 0
		for _, p := range problems {
			if p.Line < last || p.Line > strings.Count(string(data), "\n")+strings.Count(string(data), "\r")+2 || p.Message == "" || strings.Contains(p.Message, "\n") {
				t.Errorf("%s", fmt.Sprintf("%+v in %q", p, data))
			}
			last = p.Line
		}
	})
}
