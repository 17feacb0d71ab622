package repoconfig

import (
	"fmt"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/spelling"
)

// reader reads values out of YAML nodes and collects what is wrong with them. A
// wrong value is reported and left at its default; nobody sees that default,
// since a file with problems gives no configuration.
type reader struct {
	file     string
	key      string                // where the reader is: "propagate.order"
	set      map[string]*yaml.Node // where the file sets a key, by its path
	problems []hotfix.ConfigProblem
}

// field is a key of a mapping and what reads its value.
type field struct {
	name string
	read func(*yaml.Node)
}

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

// mapping reads a mapping of which all keys are known.
func (r *reader) mapping(n *yaml.Node, fields ...field) {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	r.pairs(n, func(key, value *yaml.Node) {
		for _, f := range fields {
			if f.name == key.Value {
				r.under(key, func() { r.value(value, f.read) })
				return
			}
		}
		r.fail(key, "unknown key %s; %s", naming.Quoted(key.Value), meant(key.Value, names))
	})
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

// under moves the reader below a key while inside runs.
func (r *reader) under(key *yaml.Node, inside func()) {
	above := r.key
	if r.key != "" {
		r.key += "."
	}
	r.key += key.Value
	r.set[r.key] = key
	inside()
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
		r.fail(n, "must be a list (%s), not %s", naming.Quoted("["+example(n)+"]"), shape(n))
		return
	}
	for _, entry := range n.Content {
		r.value(entry, read)
	}
}

// text reads one line of text. Numbers count as they are written: `1.20` is a
// good name for a branch.
func (r *reader) text(n *yaml.Node) (string, bool) {
	switch n.ShortTag() {
	case "!!str", "!!int", "!!float", "!!timestamp":
	default:
		r.fail(n, "must be text, not %s; put it in quotes if it is", shape(n))
		return "", false
	}
	switch {
	case n.Kind != yaml.ScalarNode:
		r.fail(n, "must be text, not %s", shape(n))
	case strings.TrimSpace(n.Value) == "":
		r.fail(n, "is empty; give it a value or leave the key out")
	case strings.ContainsFunc(n.Value, unicode.IsControl) || strings.TrimSpace(n.Value) != n.Value:
		r.fail(n, "must be one line without white space around it")
	default:
		return n.Value, true
	}
	return "", false
}

// flag reads true or false.
func (r *reader) flag(n *yaml.Node) bool {
	if n.ShortTag() != "!!bool" {
		r.fail(n, "must be `true` or `false`, not %s", shape(n))
		return false
	}
	return strings.EqualFold(n.Value, "true")
}

// choice reads one of some words.
func (r *reader) choice(n *yaml.Node, words ...string) string {
	if n.Kind == yaml.ScalarNode {
		for _, word := range words {
			if n.Value == word {
				return word
			}
		}
	}
	hint := ""
	if near, ok := spelling.Nearest(n.Value, words); ok {
		hint = "; did you mean `" + near + "`?"
	}
	r.fail(n, "must be %s, not %s%s", oneOf(words), shape(n), hint)
	return ""
}

// texts reads a list of texts that pass a check, each of them once.
func (r *reader) texts(n *yaml.Node, wrong func(string) string) []string {
	var all []string
	seen := make(map[string]bool)
	r.list(n, func(entry *yaml.Node) {
		text, ok := r.text(entry)
		if !ok {
			return
		}
		if problem := wrong(text); problem != "" {
			r.fail(entry, "%s %s", naming.Quoted(text), problem)
			return
		}
		if seen[text] {
			r.fail(entry, "%s stands in the list twice", naming.Quoted(text))
			return
		}
		seen[text] = true
		all = append(all, text)
	})
	return all
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

// example is what a list could hold: the value that stands there without one.
func example(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode {
		return fmt.Sprintf("%q", n.Value)
	}
	return "…"
}

func meant(word string, known []string) string {
	if near, ok := spelling.Nearest(word, known); ok {
		return "did you mean `" + near + "`?"
	}
	return "known here: `" + strings.Join(known, "`, `") + "`"
}

func oneOf(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return "`" + words[0] + "`"
	}
	return "`" + strings.Join(words[:last], "`, `") + "` or `" + words[last] + "`"
}
