package repoconfig

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// applications reads the parts of a repository that have version lines of their
// own.
func (r *reader) applications(n *yaml.Node) []hotfix.Application {
	var all []hotfix.Application
	names, tags := make(map[string]bool), make(map[string]string)
	r.list(n, func(entry *yaml.Node) {
		var a hotfix.Application
		r.mapping(entry,
			field{"name", func(v *yaml.Node) { a.Name = r.name(v) }},
			field{"paths", func(v *yaml.Node) { a.Paths = r.globs(v) }},
			field{"tag", func(v *yaml.Node) { a.Tag = r.tag(v) }},
		)
		r.require(entry, "name")
		if len(n.Content) > 1 {
			r.require(entry, "paths", "tag")
		}
		if key := strings.ToLower(a.Name); a.Name != "" && names[key] {
			r.fail(valueOf(entry, "name"), "the application %s stands here twice", naming.Quoted(a.Name))
		} else {
			names[key] = true
		}
		if other, taken := tags[a.Tag]; a.Tag != "" && taken {
			r.fail(valueOf(entry, "tag"), "%s has the same tags; each application needs its own", naming.Quoted(other))
		} else {
			tags[a.Tag] = a.Name
		}
		all = append(all, a)
	})
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		r.fail(n, "the list is empty; name an application or leave the key out")
	}
	return all
}
