package repoconfig

import (
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// pending is a key whose work comes in a later version.
type pending struct {
	key  string // its path
	said string // how a note names it: the key with the value that has no effect
	note string // what that means
	when func(hotfix.Config) bool
}

// notYet is all of them: a line for a key, to be taken out when its work is
// there. The page follows with `go test ./internal/repoconfig -run TestDocs -update`.
func notYet() []pending {
	const none = "has no effect yet"
	return []pending{
		{"applications", "applications", none, severalLines},
	}
}

// severalLines is whether applications say anything that the whole repository as
// one application does not.
func severalLines(c hotfix.Config) bool {
	if len(c.Applications) != 1 {
		return true
	}
	a := c.Applications[0]
	return a.Tag != c.Release.Tag || len(a.Paths) != 1 || a.Paths[0] != "**"
}

// notes says, of each key that the file sets and that needs work which is not
// there, that it has no effect.
func notes(c hotfix.Config, set map[string]setting) []string {
	var all []string
	for _, p := range notYet() {
		if key := set[p.key].key; key != nil && p.when(c) {
			all = append(all, fmt.Sprintf("`%s` (line %d): %s", p.said, key.Line, p.note))
		}
	}
	return all
}
