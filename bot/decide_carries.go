package bot

import (
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// source is where the commits for an environment come from: the landing
// environment, or, in chain order, what the environment before it merged (P7).
type source struct {
	landing hotfix.Landing
	from    string // the environment; empty: the landing one
	pull    int    // its merged backport
}

// carries works out what an environment gets of a hotfix. A person's choice comes
// first and is made from the hotfix itself; then the source, without what the path
// policies keep out (P13, P14).
func carries(s *hotfix.Snapshot, h *hotfix.Hotfix, src source, choice hotfix.Choice, chosen bool) hotfix.Carries {
	landing := src.landing
	c := hotfix.Carries{From: src.from, FromPull: src.pull}
	if chosen {
		landing, c.From, c.FromPull = h.Landing, "", 0
		landing.Picks = choosable(h, choice)
	}
	keep := matching(s.Config, "keep-target", landing.Paths)
	c.Picks = hotfix.Without(choice.Only(landing.Picks), keep)
	c.Union = matching(s.Config, "union", landing.Paths)
	if out := unproved(s, landing.Paths, choice); len(out) > 0 {
		c.Proof = hotfix.Without(c.Picks, out)
	}
	for _, path := range landing.Paths {
		if !choice.Takes(path) || slices.Contains(keep, path) {
			c.LeftOut = append(c.LeftOut, path)
		}
	}
	for _, p := range landing.Picks {
		if len(choice.Commits) > 0 && !slices.Contains(choice.Commits, p.Commit) {
			c.LeftOut = append(c.LeftOut, p.Commit.Short())
		}
	}
	return c
}

// unproved are the paths that prove nothing: those that are to be ignored, and those
// whose lines stand wherever the environment put them, unless there are no others.
func unproved(s *hotfix.Snapshot, paths []string, choice hotfix.Choice) []string {
	ignored, union := matching(s.Config, "ignore-for-proof", paths), matching(s.Config, "union", paths)
	known := slices.Concat(ignored, union, matching(s.Config, "keep-target", paths))
	if slices.ContainsFunc(paths, func(path string) bool { return choice.Takes(path) && !slices.Contains(known, path) }) {
		return slices.Concat(ignored, union)
	}
	return ignored
}

// choosable are the picks of which a choice is one: those that landed, or, where it
// names others, the pull request's own commits.
func choosable(h *hotfix.Hotfix, choice hotfix.Choice) []hotfix.Pick {
	landed := func(commit hotfix.OID) bool {
		return slices.ContainsFunc(h.Landing.Picks, func(p hotfix.Pick) bool { return p.Commit == commit })
	}
	if h.Landing.Unclear == "" && !slices.ContainsFunc(choice.Commits, func(c hotfix.OID) bool { return !landed(c) }) {
		return h.Landing.Picks
	}
	return h.Commits
}

// matching are the paths to which a policy applies. Of several that match a path
// the first one in the file counts.
func matching(cfg hotfix.Config, policy string, paths []string) []string {
	var list []string
	for _, path := range paths {
		i := slices.IndexFunc(cfg.Paths, func(p hotfix.PathPolicy) bool { return repoconfig.MatchesPath(p.Match, path) })
		if i >= 0 && cfg.Paths[i].Policy == policy {
			list = append(list, path)
		}
	}
	return list
}
