package repoconfig

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// botFolder is where the bot's own branches live (package naming).
const botFolder = "backport/"

// maxName keeps the names of environments and applications readable in tables.
const maxName = 50

// environments reads the pipeline. What concerns two of them is checked as soon
// as the second is read, where it stands.
func (r *reader) environments(n *yaml.Node) hotfix.Pipeline {
	var all hotfix.Pipeline
	var landing *yaml.Node
	words := make(map[string]string) // a name or a branch, lower-case → the environment that it means
	r.list(n, func(entry *yaml.Node) {
		var env hotfix.Environment
		r.mapping(entry,
			field{"name", func(v *yaml.Node) { env.Name = r.name(v) }},
			field{"branch", func(v *yaml.Node) { env.Branch = r.branch(v) }},
			field{"landing", func(v *yaml.Node) { env.Landing = r.flag(v) }},
		)
		r.require(entry, "name", "branch")
		r.distinct(entry, env, all, words)
		if env.Landing {
			landing = valueOf(entry, "landing")
		}
		all = append(all, env)
	})
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		r.fail(n, "the list is empty; name the environments, nearest to users first, or leave the key out")
	}
	if landing != nil { // not a `landing: false` further down
		r.set["environments.landing"] = landing
	}
	if last := len(all) - 1; last > 0 && all[last].Landing {
		r.fail(landing, "hotfixes can't land in the last environment: nothing is below it; the order is nearest to users first")
	}
	return all
}

// distinct reports what an environment shares with one above it. In commands
// both its name and its branch mean it, so neither may mean another one too.
func (r *reader) distinct(n *yaml.Node, env hotfix.Environment, above hotfix.Pipeline, words map[string]string) {
	for _, other := range above {
		if other.Landing && env.Landing {
			r.fail(valueOf(n, "landing"), "hotfixes land in %s already; only one environment can be `landing`", naming.Quoted(other.Name))
		}
	}
	for key, word := range map[string]string{"name": env.Name, "branch": env.Branch} {
		if word == "" {
			continue
		}
		if other, taken := words[strings.ToLower(word)]; taken {
			r.fail(valueOf(n, key), "the %s %s means the environment %s already", key, naming.Quoted(word), naming.Quoted(other))
		}
	}
	for _, word := range []string{env.Name, env.Branch} {
		if _, taken := words[strings.ToLower(word)]; !taken && word != "" {
			words[strings.ToLower(word)] = env.Name
		}
	}
}

func (r *reader) name(n *yaml.Node) string {
	name, ok := r.text(n)
	switch {
	case !ok:
	case len([]rune(name)) > maxName:
		r.fail(n, "is longer than %d characters", maxName)
	case strings.HasPrefix(name, "#") || strings.HasPrefix(name, "-") || strings.ContainsAny(name, "`\"|"):
		r.fail(n, "%s can't be said in a command: it starts with `#` or `-`, or holds a quote or `|`", naming.Quoted(name))
	}
	return name
}

func (r *reader) branch(n *yaml.Node) string {
	branch, ok := r.text(n)
	if !ok {
		return ""
	}
	problem := wrongRef(branch)
	switch {
	case problem != "":
		r.fail(n, "%s is no name for a branch: it %s", naming.Quoted(branch), problem)
	case strings.HasPrefix(branch, botFolder):
		r.fail(n, "%s is where the bot's own branches are; choose a branch outside of `%s`", naming.Quoted(branch), botFolder)
	}
	return branch
}
