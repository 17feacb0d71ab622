package repoconfig

import (
	"fmt"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// pending is a key whose work comes in a later version.
type pending struct {
	key  string // its path; in the documentation it is marked so
	said string // how it is named in the note
	note string // what that means; "has no effect yet" where empty
	when func(hotfix.Config) bool
}

// notYet is all of them. A row goes when its work is there.
func notYet() []pending {
	always := func(hotfix.Config) bool { return true }
	return []pending{
		{
			key: "environments.landing", said: "landing: true",
			note: "`/hotfix deploy` comes in a later version; until then no release is brought to the environments above, and without `release.trigger: auto` none is tagged",
			when: func(c hotfix.Config) bool { return len(c.Environments.Above()) > 0 },
		},
		{
			key: "release.trigger", said: "release.trigger: manual",
			note: "`/hotfix deploy` comes in a later version; until then the bot makes no tag",
			when: func(c hotfix.Config) bool { return c.Release.Trigger == "manual" },
		},
		{key: "deploy.github_deployments", when: func(c hotfix.Config) bool { return c.Deploy.GitHubDeployments }},
		{key: "applications", when: severalLines},
		{key: "modules", when: always},
		{
			key: "propagate.order", said: "propagate.order: chain",
			when: func(c hotfix.Config) bool { return c.Propagate.Order == "chain" },
		},
		{key: "propagate.auto_merge", when: func(c hotfix.Config) bool { return c.Propagate.AutoMerge != "" }},
		{key: "paths", when: always},
		{key: "gate", when: func(c hotfix.Config) bool { return c.Gate != "off" }},
		{key: "watch", when: always},
		{key: "remind", when: always},
		{key: "permissions.deploy", when: always},
	}
}

// severalLines is whether applications say anything that the whole repository as
// one application does not.
func severalLines(c hotfix.Config) bool {
	if len(c.Applications) != 1 {
		return true
	}
	a := c.Applications[0]
	return a.Tag != c.Release.Tag || len(a.Paths) != 1 || a.Paths[0] != "**"
}

// notes says, of each key that the file sets and that needs work which is not
// there, that it has no effect.
func notes(c hotfix.Config, set map[string]*yaml.Node) []string {
	var all []string
	for _, p := range notYet() {
		key := set[p.key]
		if key == nil || !p.when(c) {
			continue
		}
		said, note := p.said, " has no effect yet"
		if said == "" {
			said = p.key
		}
		if p.note != "" {
			note = ": " + p.note
		}
		all = append(all, fmt.Sprintf("`%s` (line %d)%s", said, key.Line, note))
	}
	return all
}
