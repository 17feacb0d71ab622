package repoconfig

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// applications reads the parts of a repository that have version lines of their
// own.
func applications(into *[]hotfix.Application) kind {
	return entries[hotfix.Application]{into: into, rows: applicationRows, several: []string{"paths", "tag"}, among: unlike}
}

// unlike reports applications that could not be told apart, by people or by
// their tags.
func unlike(r *reader, nodes []*yaml.Node, all []hotfix.Application) {
	names, tags := make(map[string]bool), make(map[string]string)
	for i, a := range all {
		if key := strings.ToLower(a.Name); a.Name != "" && names[key] {
			r.fail(valueOf(nodes[i], "name"), "the application %s stands here twice", naming.Quoted(a.Name))
		} else {
			names[key] = true
		}
		if other, taken := tags[a.Tag]; a.Tag != "" && taken {
			r.fail(valueOf(nodes[i], "tag"), "%s has the same tags; each application needs its own", naming.Quoted(other))
		} else {
			tags[a.Tag] = a.Name
		}
	}
}

// modules is names with lists of patterns.
type modules struct{ into *[]hotfix.Module }

func (m modules) read(r *reader, n *yaml.Node) {
	name := nameForm()
	r.pairs(n, func(key, value *yaml.Node) {
		one := hotfix.Module{Name: key.Value}
		if problem := name.wrong(key.Value); problem != "" {
			r.fail(key, "%s %s", naming.Quoted(key.Value), problem)
		} else if strings.TrimSpace(key.Value) == "" {
			r.fail(key, "the name of a module is empty")
		}
		r.under(key, value, lines{&one.Paths, globForm(), 1}.read)
		*m.into = append(*m.into, one)
	})
}

func (modules) schema() *schema {
	names := nameForm().schema()
	names.Type = nil // keys are text
	var paths []string
	return &schema{Type: "object", Names: names, Additional: lines{&paths, globForm(), 1}.schema()}
}

func (modules) value() any   { return nil }
func (modules) must() string { return "names with lists of patterns" }
