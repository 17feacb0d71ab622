package gitops

import (
	"context"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// holdsAll reports whether the target holds the picks as a whole although they
// conflict one by one: a target that has the last state of a line, as it was
// squashed there, agrees with no earlier state of it. It can be told only of
// picks that follow each other without a gap.
func (s *series) holdsAll(ctx context.Context) (bool, error) {
	if len(s.Picks) < 2 {
		return false, nil
	}
	j, first, last := s.job, s.Picks[0], s.Picks[len(s.Picks)-1]
	for i, p := range s.Picks[1:] {
		before, err := j.treeOf(p.Base)
		if err != nil || before != j.commits[s.Picks[i].Commit].tree || !p.SamePaths(first) {
			return false, err
		}
	}
	last.Base = first.Base
	whole, err := j.stepOf(ctx, last)
	if err != nil {
		return false, err
	}
	target := j.commits[s.onto].tree
	m, err := s.merge(ctx, target, whole)
	return m.clean && m.tree == target, err
}

// contained is the result where nothing is left to pick.
func (s *series) contained() hotfix.Replay {
	s.tip, s.parent = s.onto, s.job.commits[s.onto]
	r := hotfix.Replay{Onto: s.onto, Outcome: hotfix.Contained, Tree: s.parent.tree}
	for _, p := range s.Picks {
		r.Commits = append(r.Commits, hotfix.Picked{
			Source: p.Commit, Outcome: hotfix.Contained, Subject: subject(s.job.commits[p.Commit].message),
		})
	}
	for name := range s.paths {
		r.Paths = append(r.Paths, name)
	}
	slices.Sort(r.Paths)
	return r
}
