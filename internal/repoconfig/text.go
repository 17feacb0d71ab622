package repoconfig

import (
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// line is one line of text.
type line struct {
	into *string
	form form
}

func (l line) read(r *reader, n *yaml.Node) {
	text, ok := r.text(n)
	if !ok {
		return
	}
	if problem := l.form.wrong(text); problem != "" {
		r.fail(n, "%s %s", naming.Quoted(text), problem)
		return
	}
	*l.into = text
}

func (l line) schema() *schema { return l.form.schema() }
func (l line) must() string    { return l.form.one }

func (l line) value() any {
	if *l.into == "" {
		return nil
	}
	return *l.into
}

// lines is a list of texts, each of them once.
type lines struct {
	into  *[]string
	form  form
	least int // 1, or 0 where an empty list means something
}

func (l lines) read(r *reader, n *yaml.Node) {
	*l.into = r.texts(n, l.form)
	if l.least > 0 && n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		r.fail(n, "the list is empty; give it an entry or leave the key out")
	}
}

func (l lines) schema() *schema {
	return &schema{Type: "array", Items: l.form.schema(), Unique: true, MinItems: l.least}
}

func (l lines) must() string { return "a list of " + l.form.many }

func (l lines) value() any {
	if *l.into == nil {
		return nil
	}
	return *l.into
}

// texts reads a list of texts of a form, each of them once.
func (r *reader) texts(n *yaml.Node, f form) []string {
	var all []string
	seen := make(map[string]bool)
	r.list(n, func(entry *yaml.Node) {
		var text string
		line{&text, f}.read(r, entry)
		if text != "" && seen[text] {
			r.fail(entry, "%s stands in the list twice", naming.Quoted(text))
		} else if text != "" {
			seen[text] = true
			all = append(all, text)
		}
	})
	return all
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
