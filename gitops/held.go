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
func (s *series) holdsAll(ctx context.Context, picks []hotfix.Pick) (bool, error) {
	j := s.job
	for i := 1; i < len(picks); i++ {
		before, err := j.treeOf(picks[i].Base)
		if err != nil || before != j.commits[picks[i-1].Commit].tree {
			return false, err
		}
	}
	if len(picks) < 2 {
		return false, nil
	}
	target, whole := j.commits[s.onto].tree, hotfix.Pick{Commit: picks[len(picks)-1].Commit, Base: picks[0].Base}
	files, err := j.attributesFor(ctx, target, whole)
	if err == nil {
		err = j.useAttributes(ctx, files) // the series may have changed them
	}
	if err != nil {
		return false, err
	}
	m, err := j.merge(ctx, target, whole, s.labels)
	return m.clean && m.tree == target, err
}

// contained is the result where nothing is left to pick.
func (s *series) contained(picks []hotfix.Pick) hotfix.Replay {
	s.tip, s.parent = s.onto, s.job.commits[s.onto]
	r := hotfix.Replay{Onto: s.onto, Outcome: hotfix.Contained, Tree: s.parent.tree}
	for _, p := range picks {
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
