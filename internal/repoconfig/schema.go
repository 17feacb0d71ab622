package repoconfig

import (
	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// The functions below are the schema: a function for a mapping, a field for a
// key. The order is that of docs/configuration.md.

func (r *reader) config(n *yaml.Node, c *hotfix.Config) {
	r.mapping(n,
		field{"environments", func(v *yaml.Node) { c.Environments = r.environments(v) }},
		field{"hotfix", func(v *yaml.Node) { r.detection(v, &c.Hotfix) }},
		field{"release", func(v *yaml.Node) { r.release(v, &c.Release) }},
		field{"deploy", func(v *yaml.Node) { r.deploy(v, &c.Deploy) }},
		field{"applications", func(v *yaml.Node) { c.Applications = r.applications(v) }},
		field{"modules", func(v *yaml.Node) { c.Modules = r.modules(v) }},
		field{"propagate", func(v *yaml.Node) { r.propagate(v, &c.Propagate) }},
		field{"paths", func(v *yaml.Node) { c.Paths = r.paths(v) }},
		field{"close", func(v *yaml.Node) { c.Close = r.choice(v, "auto", "manual") }},
		field{"gate", func(v *yaml.Node) { c.Gate = r.choice(v, "off", "warn", "enforce") }},
		field{"watch", func(v *yaml.Node) { c.Watch = r.duration(v) }},
		field{"remind", func(v *yaml.Node) { r.remind(v, &c.Remind) }},
		field{"permissions", func(v *yaml.Node) { r.permissions(v, &c.Permissions) }},
	)
}

func (r *reader) detection(n *yaml.Node, d *hotfix.Detection) {
	r.mapping(n,
		field{"branches", func(v *yaml.Node) { d.Branches = r.globs(v) }},
		field{"label", func(v *yaml.Node) { d.Label = r.label(v) }},
	)
}

func (r *reader) release(n *yaml.Node, p *hotfix.ReleasePolicy) {
	r.mapping(n,
		field{"trigger", func(v *yaml.Node) { p.Trigger = r.choice(v, "auto", "manual") }},
		field{"tag", func(v *yaml.Node) { p.Tag = r.tag(v) }},
		field{"github_release", func(v *yaml.Node) { p.GitHubRelease = r.flag(v) }},
	)
}

func (r *reader) deploy(n *yaml.Node, p *hotfix.DeployPolicy) {
	r.mapping(n, field{"github_deployments", func(v *yaml.Node) { p.GitHubDeployments = r.flag(v) }})
}

func (r *reader) propagate(n *yaml.Node, p *hotfix.Propagation) {
	r.mapping(n,
		field{"order", func(v *yaml.Node) { p.Order = r.choice(v, "parallel", "chain") }},
		field{"commits", func(v *yaml.Node) { p.Commits = r.choice(v, "auto", "squash") }},
		field{"labels", func(v *yaml.Node) { p.Labels = r.labels(v) }},
		field{"assign", func(v *yaml.Node) { p.Assign = r.people(v, "author", wrongLogin) }},
		field{"review", func(v *yaml.Node) { p.Review = r.people(v, "approvers", wrongReviewer) }},
		field{"auto_merge", func(v *yaml.Node) { p.AutoMerge = r.autoMerge(v) }},
		field{"title", func(v *yaml.Node) { p.Title = r.title(v) }},
		field{"sign_off", func(v *yaml.Node) { p.SignOff = r.flag(v) }},
	)
}

func (r *reader) remind(n *yaml.Node, p *hotfix.Reminder) {
	r.mapping(n,
		field{"after", func(v *yaml.Node) { p.After = r.duration(v) }},
		field{"then", func(v *yaml.Node) { p.Then = r.duration(v) }},
	)
}

func (r *reader) permissions(n *yaml.Node, p *hotfix.Permissions) {
	r.mapping(n,
		field{"deploy", func(v *yaml.Node) { p.Deploy = r.permission(v) }},
		field{"force", func(v *yaml.Node) { p.Force = r.permission(v) }},
		field{"write", func(v *yaml.Node) { p.Write = r.permission(v) }},
	)
}

func (r *reader) paths(n *yaml.Node) []hotfix.PathPolicy {
	var all []hotfix.PathPolicy
	r.list(n, func(entry *yaml.Node) {
		var p hotfix.PathPolicy
		r.mapping(entry,
			field{"match", func(v *yaml.Node) { p.Match = r.globs(v) }},
			field{"policy", func(v *yaml.Node) { p.Policy = r.choice(v, "keep-target", "union", "ignore-for-proof") }},
		)
		r.require(entry, "match", "policy")
		all = append(all, p)
	})
	return all
}

func (r *reader) modules(n *yaml.Node) []hotfix.Module {
	var all []hotfix.Module
	r.pairs(n, func(key, value *yaml.Node) {
		r.under(key, func() {
			r.value(value, func(v *yaml.Node) {
				all = append(all, hotfix.Module{Name: key.Value, Paths: r.globs(v)})
			})
		})
	})
	return all
}

// require reports the keys that a mapping must have and has not.
func (r *reader) require(n *yaml.Node, keys ...string) {
	if n.Kind != yaml.MappingNode {
		return // reported where it was read
	}
	for _, key := range keys {
		if valueOf(n, key) == nil {
			r.fail(n, "the key `%s` is missing", key)
		}
	}
}

// valueOf is the value of a key, or nil.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}
