package gitops

import (
	"context"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// step is a pick as it is merged.
type step struct {
	commit, base hotfix.OID // base is empty for a root commit
	trees        trees      // after is the commit's tree, or one made here when paths are left out
}

// stepOf makes a step of a pick whose commits are loaded.
func (j *Job) stepOf(ctx context.Context, p hotfix.Pick) (step, error) {
	t, err := j.treesOf(p)
	if err != nil || len(p.Only) == 0 && len(p.Except) == 0 {
		return step{p.Commit, p.Base, t}, err
	}
	changes, err := j.diff(ctx, t)
	if err != nil {
		return step{}, err
	}
	var kept []change
	takes := p.Takes()
	for _, c := range changes {
		if takes(c.path) {
			kept = append(kept, c)
		}
	}
	if len(kept) < len(changes) {
		t.after, err = j.graft(ctx, t.before, kept)
	}
	return step{p.Commit, p.Base, t}, err
}

// sourceChanges lists what a pick's commit changes, whatever the pick leaves out.
func (j *Job) sourceChanges(ctx context.Context, p hotfix.Pick) ([]change, error) {
	t, err := j.treesOf(p)
	if err != nil {
		return nil, err
	}
	return j.diff(ctx, t)
}
