// Package repoconfig reads .github/hotfix.yml: which environments a repository
// has and how its hotfixes are to be treated.
//
// It is strict. An unknown key, a wrong value or two that contradict each other
// are reported with line and column and with what would be right, all of them at
// once, and then there is no configuration at all: a broken file never leads to
// a guess. What is accepted but has no effect yet is said too. The package reads
// a text and asks whether branches exist; it never looks at GitHub itself.
package repoconfig

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// File is the path of the configuration in a repository.
const File = ".github/hotfix.yml"

// maxSize is far above what the schema can need.
const maxSize = 64 << 10

// Parse reads a configuration file and fills in the defaults. branches tells
// which branches exist: a file without environments gets those that Defaults
// would find. Without it (nil) such a file's environments stay empty. With any
// problem the Config is empty; the problems are sorted by line, and their
// messages are sentences with code between backticks.
func Parse(file string, data []byte, branches func(name string) bool) (hotfix.Config, []hotfix.ConfigProblem) {
	r := reader{file: file, set: make(map[string]*yaml.Node)}
	c := usual()
	c.FromFile = true
	if root := r.document(data); root != nil {
		r.value(root, func(n *yaml.Node) { r.config(n, &c) })
	}
	if len(c.Environments) == 0 && len(r.problems) == 0 && branches != nil {
		r.detect(&c, branches)
	}
	r.checkPatterns(c)
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b hotfix.ConfigProblem) int {
			return cmp.Or(a.Line-b.Line, a.Column-b.Column)
		})
		return hotfix.Config{}, r.problems
	}
	complete(&c)
	c.Notes = append(c.Notes, notes(c, r.set)...)
	return c, nil
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

// document is the file's only YAML document; nil when there is none, or when it
// can't be read, which is then a problem.
func (r *reader) document(data []byte) *yaml.Node {
	if len(data) > maxSize {
		r.failAt(0, 0, fmt.Sprintf("the file has %d bytes, more than the %d that are read", len(data), maxSize))
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		r.syntax(err)
		return nil
	}
	var first, second yaml.Node
	switch err := loader.Load(&first); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		r.syntax(err)
		return nil
	}
	switch err := loader.Load(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		r.syntax(err)
	default:
		r.failAt(second.Line, second.Column, "a second document starts here; a configuration is one document")
	}
	if len(first.Content) != 1 || isNull(first.Content[0]) {
		return nil
	}
	return first.Content[0]
}

// syntax reports what is no YAML, where the parser stumbled over it.
func (r *reader) syntax(err error) {
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		r.failAt(0, 0, "the file can't be read as YAML: "+err.Error())
		return
	}
	message := "the file is no YAML: " + load.Message
	if load.ContextMsg != "" {
		message += " (" + load.ContextMsg + ")"
	}
	r.failAt(load.Mark.Line, load.Mark.Column, message)
}
