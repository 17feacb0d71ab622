package repoconfig

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// pipeline reads the environments.
func pipeline(into *hotfix.Pipeline) kind {
	return entries[hotfix.Environment]{into: (*[]hotfix.Environment)(into), rows: environmentRows, among: distinct}
}

// distinct reports what an environment shares with one above it. In commands
// both its name and its branch mean it, so neither may mean another one too.
func distinct(r *reader, nodes []*yaml.Node, all []hotfix.Environment) {
	words := make(map[string]string) // a name or a branch, lower-case → the environment that it means
	landing := ""
	for i, env := range all {
		if env.Landing && landing != "" {
			r.fail(valueOf(nodes[i], "landing"), "hotfixes land in %s already; only one environment can be `landing`", naming.Quoted(landing))
		} else if env.Landing {
			landing = env.Name
			r.set["environments.landing"] = setting{valueOf(nodes[i], "landing"), nil} // not a `landing: false` further down
		}
		for _, own := range []struct{ key, word string }{{"name", env.Name}, {"branch", env.Branch}} {
			if other, taken := words[strings.ToLower(own.word)]; own.word != "" && taken {
				r.fail(valueOf(nodes[i], own.key), "the %s %s means the environment %s already", own.key, naming.Quoted(own.word), naming.Quoted(other))
			}
		}
		for _, word := range []string{env.Name, env.Branch} {
			if _, taken := words[strings.ToLower(word)]; !taken && word != "" {
				words[strings.ToLower(word)] = env.Name
			}
		}
	}
}

// branchOf is where the file names the branch of an environment; a node without
// a place when it does not.
func (r *reader) branchOf(env hotfix.Environment) *yaml.Node {
	if all := r.set["environments"].value; all != nil {
		for _, entry := range all.Content {
			if branch := valueOf(entry, "branch"); branch != nil && branch.Value == env.Branch {
				return branch
			}
		}
	}
	return &yaml.Node{}
}
