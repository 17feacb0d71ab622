package gitops

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Landing tells by content which commits carry a merged pull request. If no way
// to read the merge adds up, Landing.Unclear says so.
//
// The order of the questions matters: replaying the whole pull request onto the
// parent of the last of several rebased commits gives that commit's tree, too,
// so that a squash may be told by a replay only after a rebase was ruled out.
func (j *Job) Landing(ctx context.Context, m hotfix.Merged) (hotfix.Landing, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !m.Commit.Valid() {
		return hotfix.Landing{}, fmt.Errorf("%q is no merge commit", m.Commit)
	}
	l := &landing{job: j, merged: m}
	if err := l.read(ctx); err != nil {
		return hotfix.Landing{}, err
	}
	answer, err := l.tell(ctx)
	if err != nil {
		return hotfix.Landing{}, err
	}
	answer.Paths, err = l.paths(ctx, answer.Picks)
	return answer, err
}

func (l *landing) tell(ctx context.Context) (hotfix.Landing, error) {
	if len(l.parents) > 1 {
		return l.mergeCommit(ctx)
	}
	return l.line(ctx)
}

// paths are what picks change at their source.
func (l *landing) paths(ctx context.Context, picks []hotfix.Pick) ([]string, error) {
	var paths []string
	for _, p := range picks {
		changes, err := l.job.sourceChanges(ctx, p)
		if err != nil {
			return nil, err
		}
		paths = append(paths, pathsOf(changes)...)
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}

// landing is the question being answered.
type landing struct {
	job     *Job
	merged  hotfix.Merged
	parents []hotfix.OID  // of the merge commit
	own     []hotfix.Pick // the pull request's commits, without merges and empty ones
	merges  int           // merges among the pull request's commits
	empty   int           // commits among them that change nothing
	branch  []hotfix.Pick // what chain found
}

// read loads the pull request's commits and what lies below the landed commit.
func (l *landing) read(ctx context.Context) error {
	if err := l.readOwn(ctx); err != nil {
		return err
	}
	l.parents = l.job.commits[l.merged.Commit].parents
	return l.job.load(ctx, l.parents...)
}

// readOwn loads the pull request's commits, and passes over merges and commits
// that change nothing.
func (l *landing) readOwn(ctx context.Context) error {
	l.own, l.merges, l.empty = nil, 0, 0
	var all []hotfix.Pick
	for _, c := range l.merged.Commits {
		if len(c.Parents) > 1 {
			l.merges++
			continue
		}
		p := hotfix.Pick{Commit: c.OID}
		if len(c.Parents) == 1 {
			p.Base = c.Parents[0]
		}
		all = append(all, p)
	}
	if err := l.job.loadPicks(ctx, all, l.merged.Commit, l.merged.Head, l.merged.MergeBase); err != nil {
		return err
	}
	for _, p := range all {
		t, err := l.job.treesOf(p)
		if err != nil {
			return err
		}
		if t.before == t.after {
			l.empty++
		} else {
			l.own = append(l.own, p)
		}
	}
	return nil
}

// mainline is the one pick that always is exactly what landed.
func (l *landing) mainline() hotfix.Pick {
	p := hotfix.Pick{Commit: l.merged.Commit}
	if len(l.parents) > 0 {
		p.Base = l.parents[0]
	}
	return p
}

func (l *landing) told(method hotfix.MergeMethod, picks []hotfix.Pick, evidence string, args ...any) (hotfix.Landing, error) {
	return hotfix.Landing{Commit: l.merged.Commit, Method: method, Picks: picks, Evidence: fmt.Sprintf(evidence, args...)}, nil
}

// mergeCommit tells whether the pull request's commits may be picked one by one,
// or only the merge as a whole.
func (l *landing) mergeCommit(ctx context.Context) (hotfix.Landing, error) {
	short := l.merged.Commit.Short()
	whole := func(why string) (hotfix.Landing, error) {
		return l.told(hotfix.MergedByMerge, []hotfix.Pick{l.mainline()}, "%s is a merge commit, picked as a whole against its first parent: %s", short, why)
	}
	switch {
	case l.merged.Squash:
		return whole("the configuration asks for one commit")
	case l.merged.Cut:
		return whole("the pull request has more commits than GitHub lists")
	case l.merges > 0:
		return whole("the pull request contains merges")
	case len(l.own) == 0:
		return whole("the pull request's own commits change nothing")
	}
	steps, err := l.replay(ctx, l.parents[0], l.own)
	if err != nil {
		return hotfix.Landing{}, err
	}
	if !steps.clean || steps.tree != l.job.commits[l.merged.Commit].tree {
		return whole("its commits alone do not add up to it, so that part of the change is in the merge itself")
	}
	return l.told(hotfix.MergedByMerge, l.own, "%s is a merge commit, and the pull request's %s on its first parent give%s exactly its content",
		short, counted(len(l.own), "commit"), singular(len(l.own)))
}

// steps is what replaying a series onto a commit came to.
type steps struct {
	clean bool
	tree  hotfix.OID   // the last one
	trees []hotfix.OID // after each pick that changed something
}

// replay merges without writing down who did it.
func (l *landing) replay(ctx context.Context, onto hotfix.OID, picks []hotfix.Pick) (steps, error) {
	s, err := l.job.begin(ctx, onto, hotfix.Series{Picks: picks, By: hotfix.Stamp{Name: "pick", Email: "pick"}})
	if err != nil {
		return steps{}, err
	}
	r := steps{clean: true}
	for _, p := range s.steps {
		picked, err := s.pick(ctx, p)
		if err != nil {
			return steps{}, err
		}
		if picked.Outcome == hotfix.Conflict {
			return steps{}, nil
		}
		if picked.Outcome == hotfix.Clean {
			r.trees = append(r.trees, s.parent.tree)
		}
	}
	r.tree = s.parent.tree
	return r, nil
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// singular is the ending of a verb whose subject is counted.
func singular(n int) string {
	if n == 1 {
		return "s"
	}
	return ""
}
