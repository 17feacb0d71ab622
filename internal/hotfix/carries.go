package hotfix

import (
	"slices"
	"strings"
)

// Carries is what one environment gets of a hotfix.
type Carries struct {
	Picks []Pick   `json:"picks"`
	Proof []Pick   `json:"proof,omitempty"` // what must be there: Picks without what proves nothing; empty: Picks
	Union []string `json:"union,omitempty"` // paths whose conflicting hunks keep both sides' lines
	// LeftOut is what of the hotfix's paths and, by their short ids, of its commits is
	// not carried there: by a policy, or because a person picked others.
	LeftOut []string `json:"left_out,omitempty"`
	// From is the environment whose merged backport is picked, in chain order, and
	// FromPull its pull request; empty: the landing environment.
	From     string `json:"from,omitempty"`
	FromPull int    `json:"from_pull,omitempty"`
	// Waits is the environment that has to have it first, in chain order.
	Waits string `json:"waits,omitempty"`
}

// Needed is what must be in an environment for it to contain the hotfix.
func (c Carries) Needed() []Pick {
	if len(c.Proof) > 0 {
		return c.Proof
	}
	return c.Picks
}

// Choice is what of a hotfix a person picked for an environment (P13).
type Choice struct {
	Commits []OID    // only these; empty: all
	Paths   []string // only what is at these paths; empty: all
}

// Without leaves out what picks do at some paths.
func Without(picks []Pick, paths []string) []Pick {
	if len(paths) == 0 {
		return picks
	}
	out := make([]Pick, len(picks))
	for i, p := range picks {
		p.Except = append(slices.Clone(p.Except), paths...)
		out[i] = p
	}
	return out
}

// Only keeps what a person chose of picks.
func (c Choice) Only(picks []Pick) []Pick {
	var out []Pick
	for _, p := range picks {
		if len(c.Commits) > 0 && !slices.Contains(c.Commits, p.Commit) {
			continue
		}
		if len(c.Paths) > 0 {
			p.Only = c.Paths
		}
		out = append(out, p)
	}
	return out
}

// Takes reports whether a path is among those that a person chose.
func (c Choice) Takes(path string) bool {
	return len(c.Paths) == 0 || slices.ContainsFunc(c.Paths, func(chosen string) bool {
		chosen = strings.TrimSuffix(chosen, "/")
		return path == chosen || strings.HasPrefix(path, chosen+"/")
	})
}

// Undoing is the commit with which an environment lost a hotfix.
type Undoing struct {
	Commit OID    `json:"commit"`
	Author string `json:"author"` // login, or the name in the commit
}
