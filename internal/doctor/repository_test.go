package doctor

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// shop is a repository on a GitHub, healthy as it is made.
type shop struct {
	about    hotfix.Repository
	branches map[string][]hotfix.Rule // by name; "*": of all others
	tags     []hotfix.Rule
	reports  []hotfix.RequiredCheck
	pulls    []hotfix.Pull
	grants   hotfix.Grants
	err      error
}

func newShop() *shop {
	return &shop{about: hotfix.Repository{Owner: "acme", Name: "shop", HasIssues: true}, grants: granted("acme"), branches: map[string][]hotfix.Rule{}}
}

func (s *shop) About() hotfix.Repository                      { return s.about }
func (s *shop) Bot() hotfix.Bot                               { return hotfix.Bot{AppID: 7, Slug: "hotfixbot", UserID: 41} }
func (s *shop) Grants(context.Context) (hotfix.Grants, error) { return s.grants, s.err }

func (s *shop) BranchRules(_ context.Context, branch string) ([]hotfix.Rule, error) {
	return slices.Concat(s.branches[branch], s.branches["*"]), s.err
}

func (s *shop) TagRules(context.Context, string) ([]hotfix.Rule, error) { return s.tags, s.err }

func (s *shop) Reports(context.Context, hotfix.OID) ([]hotfix.RequiredCheck, error) {
	return s.reports, s.err
}

func (s *shop) Pulls(context.Context, time.Time) ([]hotfix.Pull, error) { return s.pulls, s.err }

func seenShop() Seen {
	seen := Seen{
		Now: noon, Needs: appNeeds, Branches: map[string]hotfix.OID{"main": "a", "preprod": "b", "qa": "c"},
		Tags: []hotfix.Tag{{Name: "v1.7.0"}, {Name: "v1.7.1"}, {Name: "v2.0.0-rc.1"}, {Name: "nightly"}},
	}
	seen.Config.Environments = hotfix.Pipeline{
		{Name: "Production", Branch: "main"}, {Name: "Pre-Production", Branch: "preprod", Landing: true}, {Name: "QA", Branch: "qa"},
	}
	seen.Config.FromFile = true
	seen.Config.Hotfix.Branches = []string{"hotfix/**"}
	return seen
}

// named looks at a repository with one of its checks.
func examine(t *testing.T, s *shop, seen Seen, name, want string) []hotfix.Finding {
	t.Helper()
	for _, check := range Checks(s, seen) {
		if check.Name == name {
			return wantKinds(t, check, want)
		}
	}
	t.Fatalf("no check %s", name)
	return nil
}

func TestHealthyRepository(t *testing.T) {
	list := Examine(t.Context(), newShop(), seenShop())
	if got, want := kindsOf(list), "installed config branches tag bot-branches required sign-off-none"; got != want || Worst(list) != hotfix.FindingOK {
		t.Errorf("%s, want %s", got, want)
	}
	for _, f := range list {
		if f.Repository != "acme/shop" {
			t.Errorf("%s is of %q", f.Kind, f.Repository)
		}
	}
	if !strings.Contains(list[4].What, "`backport/qa/1-hotfix`, `revert/qa/1-hotfix`, `deploy/main/v1.7.2`, `hotfix/1-hotfix`") {
		t.Error(list[4].What)
	}
}

func TestRepositoryItself(t *testing.T) {
	s := newShop()
	s.about.Archived, s.about.HasIssues = true, false
	s.grants.Permissions = nil
	examine(t, s, seenShop(), "repository", "repository-archived issues-off")
	examine(t, s, seenShop(), "installation", "installation-permissions")
	seen := seenShop()
	delete(seen.Branches, "qa")
	examine(t, s, seen, "branches", "branch-missing")
	if f := Unread("acme/gone", errors.New("no")); f.Kind != "repository-unread" || f.Repository != "acme/gone" {
		t.Errorf("%+v", f)
	}
}

// TestBrokenConfiguration: what needs no configuration is looked at all the same.
func TestBrokenConfiguration(t *testing.T) {
	seen := seenShop()
	seen.Problems = []hotfix.ConfigProblem{{File: ".github/hotfix.yml", Line: 4, Column: 5, Message: "there is no key `brnach`"}}
	list := Examine(t.Context(), newShop(), seen)
	if got, want := kindsOf(list), "installed config-wrong"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if want := "`.github/hotfix.yml`, line 4, column 5: there is no key `brnach`"; list[1].What != want {
		t.Errorf("%s, want %s", list[1].What, want)
	}
	seen.Config.FromFile, seen.Problems[0].Line = false, 0
	examine(t, newShop(), seen, "configuration", "config-unclear")
	seen.Problems, seen.Config.Notes = nil, []string{"there is no branch `dev`"}
	examine(t, newShop(), seen, "configuration", "config-note config-default")
}

// TestWithoutGit: what needs neither branches nor tags is looked at all the same.
func TestWithoutGit(t *testing.T) {
	seen := seenShop()
	seen.Blind, seen.Branches, seen.Tags = errors.New("there is no git"), nil, nil
	if got, want := kindsOf(Examine(t.Context(), newShop(), seen)), "installed config branches-unseen bot-branches required sign-off-none"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	seen.Config = hotfix.Config{}
	if got, want := kindsOf(Examine(t.Context(), newShop(), seen)), "installed config-unseen branches-unseen"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestTags(t *testing.T) {
	creation := hotfix.Rule{Type: "creation", Ruleset: "releases", Bypass: hotfix.BypassNever}
	for want, rule := range map[string]hotfix.Rule{
		"tag-forbidden": creation,
		"tag-unclear":   {Type: "creation", Ruleset: "releases"},
		"tag":           {Type: "creation", Ruleset: "releases", Bypass: hotfix.BypassAlways},
	} {
		s := newShop()
		s.tags = []hotfix.Rule{{Type: "deletion", Bypass: hotfix.BypassNever}, rule}
		list := examine(t, s, seenShop(), "tags", want)
		if list[0].Check != "tag `v1.7.2`" {
			t.Error(list[0].Check)
		}
	}
	pattern := func(operator, text string, negate bool) hotfix.Rule {
		return hotfix.Rule{Type: "tag_name_pattern", Bypass: hotfix.BypassNever, Operator: operator, Pattern: text, Negate: negate}
	}
	for want, rules := range map[string][]hotfix.Rule{
		"tag":           {pattern("starts_with", "v", false), pattern("regex", `^v\d`, false), pattern("contains", "rc", true), pattern("regex", "(?<", false), pattern("ends_with", ".2", false)},
		"tag-forbidden": {pattern("starts_with", "release-", false)},
	} {
		for _, rule := range rules {
			s := newShop()
			s.tags = []hotfix.Rule{rule}
			examine(t, s, seenShop(), "tags", want)
		}
	}
	seen := seenShop()
	seen.Tags = nil
	examine(t, newShop(), seen, "tags", "tag-none")
	seen.Config.Applications = []hotfix.Application{{Name: "web", Tag: "web-{version}"}, {Name: "api", Tag: "api-{version}"}}
	seen.Tags = []hotfix.Tag{{Name: "api-1.0.0"}}
	examine(t, newShop(), seen, "tags", "tag-none tag")
	s := newShop()
	s.err = errors.New("502")
	examine(t, s, seenShop(), "tags", "cannot-tell")
}

func TestBranchesOfTheBot(t *testing.T) {
	never := func(kind string) hotfix.Rule {
		return hotfix.Rule{Type: kind, Ruleset: "all", Bypass: hotfix.BypassNever}
	}
	required := never("required_status_checks")
	required.Checks = []hotfix.RequiredCheck{{Name: "ci"}}
	lenient := required
	lenient.Lenient = true
	address := never("committer_email_pattern")
	address.Operator, address.Pattern = "ends_with", "@acme.example"
	unknown := never("creation")
	unknown.Bypass = hotfix.BypassUnknown
	for _, test := range []struct {
		rule hotfix.Rule
		want string
	}{
		{never("creation"), "branch-forbidden"},
		{required, "branch-forbidden promotion"},
		{address, "branch-forbidden"},
		{lenient, "bot-branches promotion"},
		{unknown, "branch-unclear"},
		{never("required_signatures"), "branch-unsigned"},
		{never("deletion"), "branch-hindered"},
		{never("pull_request"), "branch-hindered promotion"},
		{never("workflows"), "branch-forbidden promotion"},
		{never("code_scanning"), "branch-hindered promotion"},
		{never("required_linear_history"), "bot-branches"},
		{never("a_rule_of_tomorrow"), "bot-branches"},
	} {
		s := newShop()
		s.branches["*"] = []hotfix.Rule{test.rule}
		examine(t, s, seenShop(), "branches of the bot", test.want)
	}
	s, seen := newShop(), seenShop()
	s.branches["revert/qa/1-hotfix"] = []hotfix.Rule{never("creation")}
	if list := examine(t, s, seen, "branches of the bot", "branch-forbidden"); !strings.HasSuffix(list[0].What, "make `revert/qa/1-hotfix`") {
		t.Error(list[0].What)
	}
	delete(s.branches, "revert/qa/1-hotfix")
	signatures := never("required_signatures")
	signatures.Bypass = hotfix.BypassAlways
	s.branches["*"] = []hotfix.Rule{signatures}
	examine(t, s, seen, "branches of the bot", "bot-branches")
	if list := examine(t, s, seen, "required checks", "environment-signed required sign-off-none"); !strings.Contains(list[0].What, "signatures on `qa`,") {
		t.Error(list[0].What)
	}
	s.err = errors.New("502")
	examine(t, s, seen, "branches of the bot", "cannot-tell cannot-tell")
	// A private repository of a free account has no rules, and GitHub says so by 403.
	s.err = &hotfix.Refusal{What: "reading the rules was refused by GitHub (403)"}
	examine(t, s, seen, "branches of the bot", "rules-unseen rules-unseen")
	examine(t, s, seen, "required checks", "rules-unseen sign-off-none")
	examine(t, s, seen, "tags", "rules-unseen")
}

func TestRequiredChecks(t *testing.T) {
	require := func(checks ...hotfix.RequiredCheck) *shop {
		s := newShop()
		s.branches["qa"] = []hotfix.Rule{{Type: "required_status_checks", Checks: checks}}
		return s
	}
	for name, want := range map[string]string{
		"Hotfix gate": "required sign-off-none", "Hotfix": "required-never required sign-off-none",
		"Hotfix conflicts": "required-never required sign-off-none", "ci": "required-unknown required sign-off-none",
	} {
		examine(t, require(hotfix.RequiredCheck{Name: name}), seenShop(), "required checks", want)
	}
	examine(t, require(hotfix.RequiredCheck{Name: "Hotfix gate", App: 7}), seenShop(), "required checks", "required sign-off-none")
	examine(t, require(hotfix.RequiredCheck{Name: "Hotfix gate", App: 8}), seenShop(), "required checks", "required-other required sign-off-none")

	s := require(hotfix.RequiredCheck{Name: "ci"}, hotfix.RequiredCheck{Name: "lint", App: 9})
	s.pulls = []hotfix.Pull{{Number: 3, Base: "qa", ByBot: true}, {Number: 9, Base: "qa"}, {Number: 8, Base: "main", ByBot: true}}
	s.reports = []hotfix.RequiredCheck{{Name: "ci", App: 15}, {Name: "lint", App: 10}}
	list := examine(t, s, seenShop(), "required checks", "required-nobody required sign-off-none")
	if want := "nobody has posted `lint`, required on `qa`, on #3, the newest pull request of the bot there"; list[0].What != want {
		t.Errorf("%s, want %s", list[0].What, want)
	}
	s.reports = append(s.reports, hotfix.RequiredCheck{Name: "lint"}) // a status names no App
	examine(t, s, seenShop(), "required checks", "required sign-off-none")

	s = require(hotfix.RequiredCheck{Name: "DCO"})
	seen := seenShop()
	examine(t, s, seen, "required checks", "required-unknown required sign-off-missing")
	seen.Config.Propagate.SignOff = true
	examine(t, s, seen, "required checks", "required-unknown required sign-off")
}
