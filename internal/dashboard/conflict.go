package dashboard

import (
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// unresolved says which paths a person still has to do.
func (s site) unresolved(b hotfix.Standing) text {
	if len(b.Unresolved) == 0 {
		return plain("Every conflict is resolved: mark ").join(s.backport(b)).say(" as ready for review and merge it.")
	}
	var left []hotfix.PathConflict
	for _, path := range b.Unresolved {
		i := slices.IndexFunc(b.Conflicts, func(c hotfix.PathConflict) bool { return c.Path == path })
		if i < 0 {
			left = append(left, hotfix.PathConflict{Path: path})
		} else {
			left = append(left, b.Conflicts[i])
		}
	}
	return plain("Resolve ").paths(left).say(" in ").join(s.backport(b)).say(" (it says how), then merge it.")
}

// met are the conflicts of an open backport that no person has to look at any
// more. Of a backport that is not open no conflicts are told.
func met(b hotfix.Standing) []hotfix.PathConflict {
	var done []hotfix.PathConflict
	for _, conflict := range b.Conflicts {
		if !slices.Contains(b.Unresolved, conflict.Path) {
			done = append(done, conflict)
		}
	}
	return done
}

// paths appends each conflict's path and kind.
func (t text) paths(conflicts []hotfix.PathConflict) text {
	for i, conflict := range conflicts {
		if i > 0 {
			t = t.say(", ")
		}
		if conflict.Path == "" {
			t = t.say("a path that git does not name")
		} else {
			t = t.code(conflict.Path)
		}
		if conflict.Kind != "" {
			t = t.say(" (" + string(conflict.Kind) + ")")
		}
	}
	return t
}
