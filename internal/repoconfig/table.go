package repoconfig

import (
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// table is all keys of the file, read into a configuration. The page and the
// JSON Schema have its order and its words.
func table(c *hotfix.Config) mapping {
	return mapping{
		{
			name: "environments", kind: pipeline(&c.Environments), absent: "by the names of the branches, see below",
			about: "The stages of the repository, nearest to users first.",
			example: `
  - { name: Production,     branch: main }
  - { name: Pre-Production, branch: preprod, landing: true }
  - { name: QA,             branch: qa }
  - { name: Development,    branch: dev }`,
		},
		{name: "hotfix", kind: hotfixRows(&c.Hotfix), about: "Which pull requests are hotfixes: those into the landing environment whose head branch matches, or that carry the label."},
		{name: "release", kind: releaseRows(&c.Release), about: "When and how a release is tagged."},
		{name: "deploy", kind: deployRows(&c.Deploy), about: "What is recorded of deployments."},
		{
			name: "applications", kind: applications(&c.Applications), absent: "the whole repository is one",
			about:   "The parts of the repository that have version lines of their own.",
			example: `[{ name: eCommerce, paths: ["**"], tag: "v{version}" }]`,
		},
		{
			name: "modules", kind: modules{&c.Modules}, absent: "none", example: "\n  cart: [\"cart/**\"]",
			about: "Named groups of paths: under the name of each a list of patterns.",
		},
		{name: "propagate", kind: propagateRows(&c.Propagate), about: "How backport pull requests are made."},
		{
			name: "paths", kind: entries[hotfix.PathPolicy]{into: &c.Paths, rows: pathRows}, absent: "none",
			about: "How some files are treated when a hotfix is carried on. Of several entries that match a path the first one counts.", example: `
  - { match: ["VERSION", "package.json"], policy: keep-target }`,
		},
		{
			name: "close", kind: choice{&c.Close, []string{"auto", "manual"}},
			about: "`auto`: the issue is closed when the hotfix is solved. `manual`: a person says `/hotfix solved`.",
		},
		{
			name: "gate", kind: choice{&c.Gate, []string{"off", "warn", "enforce"}},
			about: "The check on pull requests that would lose a hotfix.",
		},
		{name: "watch", kind: duration{&c.Watch}, about: "How long a solved hotfix is watched."},
		{name: "remind", kind: remindRows(&c.Remind), about: "When people are told of a backport that waits, both counted from when it began to."},
		{name: "permissions", kind: permissionRows(&c.Permissions), about: "The role in the repository that commands ask for."},
	}
}

func environmentRows(e *hotfix.Environment) mapping {
	return mapping{
		{name: "name", kind: line{&e.Name, nameForm()}, required: true, about: "What people call it."},
		{name: "branch", kind: line{&e.Branch, branchForm()}, required: true, about: "Its long-lived branch. One that does not exist yet is waited for."},
		{name: "landing", kind: boolean{&e.Landing}, absent: "`true` for the first environment", about: "`true` for the one into which hotfix pull requests merge."},
	}
}

func hotfixRows(d *hotfix.Detection) mapping {
	return mapping{
		{name: "branches", kind: lines{&d.Branches, globForm(), 1}, about: "Patterns of head branches. They may match neither the bot's own branches (`backport/…`) nor an environment's."},
		{name: "label", kind: line{&d.Label, labelForm()}, about: "The label of hotfixes and of their issues."},
	}
}

func releaseRows(p *hotfix.ReleasePolicy) mapping {
	return mapping{
		{
			name: "trigger", kind: choice{&p.Trigger, []string{"auto", "manual"}}, example: "manual",
			absent: "`auto`; `manual` if an environment is above the landing one",
			about:  "`auto`: the release is tagged when the hotfix is merged. `manual`: on `/hotfix deploy`.",
		},
		{name: "tag", kind: line{&p.Tag, tagForm()}, absent: "as the last tag of the version line", example: `"v{version}"`, about: "The name of a tag; `{version}` stands for the number."},
		{name: "github_release", kind: boolean{&p.GitHubRelease}, about: "Whether a GitHub release is published with the tag."},
	}
}

func deployRows(p *hotfix.DeployPolicy) mapping {
	return mapping{
		{name: "github_deployments", kind: boolean{&p.GitHubDeployments}, about: "Whether a GitHub deployment is recorded and followed."},
	}
}

func applicationRows(a *hotfix.Application) mapping {
	return mapping{
		{name: "name", kind: line{&a.Name, nameForm()}, required: true, about: "What people call it."},
		{name: "paths", kind: lines{&a.Paths, globForm(), 1}, absent: "`[\"**\"]`; required if there are several", about: "Patterns of its files."},
		{name: "tag", kind: line{&a.Tag, tagForm()}, absent: "`release.tag`; required if there are several", about: "Its tags; no two applications share them."},
	}
}

func propagateRows(p *hotfix.Propagation) mapping {
	return mapping{
		{
			name: "order", kind: choice{&p.Order, []string{"parallel", "chain"}},
			about: "`parallel`: to all environments at once. `chain`: to one after the other, each from what the one before merged.",
		},
		{name: "commits", kind: choice{&p.Commits, []string{"auto", "squash"}}, about: "`auto`: the commits that landed. `squash`: one commit."},
		{name: "labels", kind: lines{&p.Labels, labelForm(), 0}, about: "Labels of the pull requests; `[]` for none."},
		{name: "assign", kind: people{&p.Assign, "author", loginForm("author")}, about: "`author`: the hotfix's."},
		{name: "review", kind: people{&p.Review, "approvers", reviewerForm("approvers")}, about: "`approvers`: who approved and who merged the hotfix."},
		{name: "auto_merge", kind: method{&p.AutoMerge}, about: "The method by which they merge by themselves."},
		{
			name: "title", kind: line{&p.Title, titleForm()},
			about: "Their title. `{title}` is the hotfix's, `{pr}` its number, `{tag}` its tag; `{environment}` and `{branch}` are where it is carried to.",
		},
		{name: "sign_off", kind: boolean{&p.SignOff}, about: "Whether every commit gets a `Signed-off-by` of the bot."},
	}
}

func pathRows(p *hotfix.PathPolicy) mapping {
	return mapping{
		{name: "match", kind: lines{&p.Match, globForm(), 1}, required: true, about: "Patterns of files."},
		{
			name: "policy", kind: choice{&p.Policy, []string{"keep-target", "union", "ignore-for-proof"}}, required: true,
			about: "`keep-target`: the environment keeps its own (version files). `union`: the lines of both sides are kept (changelogs). `ignore-for-proof`: whether the hotfix is contained does not depend on them.",
		},
	}
}

func remindRows(p *hotfix.Reminder) mapping {
	return mapping{
		{name: "after", kind: duration{&p.After}, about: "After this its assignees are told."},
		{name: "then", kind: duration{&p.Then}, about: "After this the maintainers are told. It can't be shorter than `after`."},
	}
}

func permissionRows(p *hotfix.Permissions) mapping {
	return mapping{
		{name: "deploy", kind: permission{&p.Deploy}, about: "For `/hotfix deploy`."},
		{name: "force", kind: permission{&p.Force}, about: "For `/hotfix solved --force`."},
		{name: "write", kind: permission{&p.Write}, about: "For every other command that changes something."},
	}
}

// walk calls each for every key with its path ("propagate.order"), in order.
func walk(m mapping, above string, each func(path string, r row)) {
	for _, r := range m {
		path := above + r.name
		each(path, r)
		switch inside := r.kind.(type) {
		case mapping:
			walk(inside, path+".", each)
		case interface{ entry() mapping }:
			walk(inside.entry(), path+".", each)
		}
	}
}

// placesOf is the mappings that know a key.
func placesOf(key string) []string {
	var all []string
	var c hotfix.Config
	walk(table(&c), "", func(path string, r row) {
		if r.name != key {
			return
		}
		if above := strings.TrimSuffix(path, key); above == "" {
			all = append(all, "the top of the file")
		} else {
			all = append(all, "`"+strings.TrimSuffix(above, ".")+"`")
		}
	})
	return all
}
