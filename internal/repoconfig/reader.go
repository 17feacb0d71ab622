package repoconfig

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// reader reads values out of YAML nodes and collects what is wrong with them. A
// wrong value is reported and left at its default; nobody sees that default,
// since a file with problems gives no configuration.
type reader struct {
	file     string
	key      string             // where the reader is: "propagate.order"
	set      map[string]setting // what the file sets, by the path of the key
	problems []hotfix.ConfigProblem
}

// setting is where a key stands and its value.
type setting struct{ key, value *yaml.Node }

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if r.key != "" {
		message = "`" + r.key + "`: " + message
	}
	r.failAt(n.Line, n.Column, message)
}

func (r *reader) failAt(line, column int, message string) {
	r.problems = append(r.problems, hotfix.ConfigProblem{File: r.file, Line: line, Column: column, Message: message})
}

// pairs goes through a mapping and reports keys that stand in it twice.
func (r *reader) pairs(n *yaml.Node, each func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "must be a mapping (keys with values), not %s", shape(n))
		return
	}
	seen := make(map[string]int)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch first, twice := seen[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			r.fail(key, "a key must be a word, not %s", shape(key))
		case twice:
			r.fail(key, "the key %s stands here twice, first in line %d; keep one of them", naming.Quoted(key.Value), first)
		default:
			seen[key.Value] = key.Line
			each(key, n.Content[i+1])
		}
	}
}

// under reads the value of a key.
func (r *reader) under(key, value *yaml.Node, read func(*reader, *yaml.Node)) {
	above := r.key
	if r.key != "" {
		r.key += "."
	}
	r.key += key.Value
	r.set[r.key] = setting{key, value}
	r.value(value, func(n *yaml.Node) { read(r, n) })
	r.key = above
}

// value refuses what no value may be before it is read. Aliases stay out so that
// a small file can't grow large, and so that every value stands where it is read.
func (r *reader) value(n *yaml.Node, read func(*yaml.Node)) {
	switch {
	case n.Kind == yaml.AliasNode:
		r.fail(n, "aliases (%s) are not read; write the value out", naming.Quoted("*"+n.Value))
	case n.Style&yaml.TaggedStyle != 0:
		r.fail(n, "tags (%s) are not read; leave it out, and put text in quotes", naming.Quoted(n.Tag))
	case isNull(n):
		r.fail(n, "has no value; give it one or leave the key out")
	default:
		read(n)
	}
}

// list reads every entry of a list that must have some.
func (r *reader) list(n *yaml.Node, read func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		r.fail(n, "must be a list (%s), not %s", naming.Quoted("["+sample(n)+"]"), shape(n))
		return
	}
	for _, entry := range n.Content {
		r.value(entry, read)
	}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// shape says what stands in the file, for people.
func shape(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	return naming.Quoted(n.Value)
}

// sample is what a list could hold: the value that stands there without one.
func sample(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode {
		return fmt.Sprintf("%q", n.Value)
	}
	return "…"
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

// oneOf is "`a`, `b` or `c`" of what is between backticks already.
func oneOf(items []string) string {
	last := len(items) - 1
	if last < 1 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:last], ", ") + " or " + items[last]
}

// coded puts each word between backticks.
func coded(words []string) []string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = "`" + word + "`"
	}
	return all
}
