package repoconfig

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/spelling"
)

// row is a key: the one place that says how its value is read, what counts
// without it, and what people are told of it. The parser, the JSON Schema and
// docs/configuration.md are all made of rows.
type row struct {
	name     string
	kind     kind
	about    string // what it means, in sentences
	absent   string // what counts without the key, where no value says it
	required bool
	example  string // YAML for the page; empty: the default
}

// kind is what a value may be. Each has somewhere to put what it reads; what
// stands there before is the default.
type kind interface {
	// read puts a value where it belongs, or reports what is wrong with it.
	read(r *reader, n *yaml.Node)
	// schema says the same to editors. It may accept more than read does, never
	// less: what two values have to do with each other it can't say.
	schema() *schema
	// value is what stands there now, as a file would say it; nil when no value
	// would.
	value() any
	// must says what is right, after "must be".
	must() string
}

// mapping is keys with values, all of them known.
type mapping []row

func (m mapping) read(r *reader, n *yaml.Node) {
	r.pairs(n, func(key, value *yaml.Node) {
		for _, row := range m {
			if row.name == key.Value {
				r.under(key, value, row.kind.read)
				return
			}
		}
		r.fail(key, "unknown key %s; %s", naming.Quoted(key.Value), m.meant(key.Value))
	})
	if n.Kind != yaml.MappingNode {
		return // reported already
	}
	for _, row := range m {
		if row.required {
			r.require(n, row.name)
		}
	}
}

func (m mapping) schema() *schema {
	s := &schema{Type: "object", Additional: false}
	for _, row := range m {
		s.Properties = append(s.Properties, property{row.name, row.schema()})
		if row.required {
			s.Required = append(s.Required, row.name)
		}
	}
	return s
}

func (mapping) value() any   { return nil }
func (mapping) must() string { return "keys with values" }

// meant is the key that was probably meant, or the mappings that know this one,
// or all the keys there are.
func (m mapping) meant(word string) string {
	names := make([]string, len(m))
	for i, row := range m {
		names[i] = row.name
	}
	if near, ok := spelling.Nearest(word, names); ok {
		return "did you mean `" + near + "`?"
	}
	if places := placesOf(word); len(places) > 0 {
		return "it belongs to " + oneOf(places)
	}
	return "known here: " + strings.Join(coded(names), ", ")
}

// entries is a list of mappings of one kind, with at least one.
type entries[T any] struct {
	into *[]T
	rows func(*T) mapping
	// several are the keys that each of them must have as soon as there are two.
	several []string
	// among reports what is wrong with the entries together. A node belongs to
	// the entry with the same index.
	among func(r *reader, nodes []*yaml.Node, all []T)
}

func (e entries[T]) read(r *reader, n *yaml.Node) {
	var nodes []*yaml.Node
	r.list(n, func(entry *yaml.Node) {
		var one T
		e.rows(&one).read(r, entry)
		if len(n.Content) > 1 {
			r.require(entry, e.several...)
		}
		nodes, *e.into = append(nodes, entry), append(*e.into, one)
	})
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		r.fail(n, "the list is empty; give it an entry or leave the key out")
	}
	if e.among != nil {
		e.among(r, nodes, *e.into)
	}
}

func (e entries[T]) schema() *schema {
	s := &schema{Type: "array", Items: e.entry().schema(), MinItems: 1}
	if len(e.several) > 0 {
		s.If, s.Then = &schema{MinItems: 2}, &schema{Items: &schema{Required: e.several}}
	}
	return s
}

func (entries[T]) value() any   { return nil }
func (entries[T]) must() string { return "a list" }

// entry is the rows of one, to be looked at and not to be read into.
func (e entries[T]) entry() mapping { return e.rows(new(T)) }
