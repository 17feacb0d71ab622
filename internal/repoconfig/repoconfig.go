// Package repoconfig reads .github/hotfix.yml: which environments a repository
// has and how its hotfixes are to be treated.
//
// It is strict. An unknown key, a wrong value or two that contradict each other
// are reported with line and column and with what would be right, all of them at
// once, and then there is no configuration at all: a broken file never leads to
// a guess. What is right and may not be what was meant is said too. The parser, the
// JSON Schema for editors and docs/configuration.md are made of one table
// (table.go), so that none of them can know more than the others. The package
// reads a text and asks whether branches exist; it never looks at GitHub itself.
package repoconfig

import (
	"cmp"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// File is the path of the configuration in a repository.
const File = ".github/hotfix.yml"

// Parse reads a configuration file and fills in the defaults. branches tells
// which branches exist: a file without environments gets those that Defaults
// would find. Without it (nil) such a file's environments stay empty. With any
// problem the Config is empty; the problems are sorted by line, and their
// messages are sentences with code between backticks.
func Parse(file string, data []byte, branches func(name string) bool) (hotfix.Config, []hotfix.ConfigProblem) {
	r, c := read(file, data)
	if len(c.Environments) == 0 && len(r.problems) == 0 && branches != nil {
		r.detect(&c, branches)
	}
	r.contradictions(c)
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b hotfix.ConfigProblem) int {
			return cmp.Or(a.Line-b.Line, a.Column-b.Column)
		})
		return hotfix.Config{}, r.problems
	}
	complete(&c)
	c.Notes = slices.Concat(c.Notes, r.remarks(c))
	return c, nil
}

// read is the file's values upon the defaults, each looked at by itself.
func read(file string, data []byte) (*reader, hotfix.Config) {
	r := &reader{file: file, set: make(map[string]setting)}
	c := usual()
	c.FromFile = true
	if root := r.document(data); root != nil {
		r.value(root, func(n *yaml.Node) { table(&c).read(r, n) })
	}
	return r, c
}

// Missing are the environments that a right file names and whose branch is not
// there, each as a problem where the branch is named. The bot waits for them.
func Missing(file string, data []byte, branches func(name string) bool) []hotfix.ConfigProblem {
	r, c := read(file, data)
	var missing []hotfix.ConfigProblem
	for _, env := range c.Environments {
		if !branches(env.Branch) {
			at := r.branchOf(env)
			missing = append(missing, hotfix.ConfigProblem{
				File: file, Line: at.Line, Column: at.Column,
				Message: "there is no branch " + naming.Quoted(env.Branch) + ", which " + naming.Quoted(env.Name) + " is to have; create it, or take the environment out",
			})
		}
	}
	return missing
}

// Defaults is the configuration of a repository without a file: its environments
// are found by the names of its branches. Where they can't be told from them,
// there is a problem, the Config is empty, and a file helps.
func Defaults(branches func(name string) bool) (hotfix.Config, []hotfix.ConfigProblem) {
	r := reader{file: File}
	c := usual()
	r.detect(&c, branches)
	if len(r.problems) > 0 {
		return hotfix.Config{}, r.problems
	}
	complete(&c)
	return c, nil
}
