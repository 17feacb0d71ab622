package bot

import (
	"context"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// inherited tells how two commits stand to each other from how their parents do, where
// that is known: most tips, and most tags, are one commit further than at the reconcile
// before. ok is false where GitHub has to be asked.
func (r *run) inherited(ctx context.Context, a, b hotfix.OID) (c hotfix.Comparison, ok bool, err error) {
	if r.isTip(b) { // any other commit may not be here
		if c, ok, err = r.inheritedBelow(ctx, a, b); err != nil || ok {
			return c, ok, err
		}
	}
	if r.isTip(a) {
		return r.inheritedAbove(ctx, a, b)
	}
	return hotfix.Comparison{}, false, nil
}

// inheritedBelow tells it from how a stands to the only parent of b.
func (r *run) inheritedBelow(ctx context.Context, a, b hotfix.OID) (c hotfix.Comparison, ok bool, err error) {
	tip, err := r.git.Commit(ctx, b)
	if err != nil {
		return c, false, err
	}
	if a == b {
		return hotfix.Comparison{Relation: hotfix.Identical, Base: a, Tree: tip.Tree}, true, nil
	}
	if len(tip.Parents) != 1 {
		return c, false, nil
	}
	if ok, err = r.ledger.Recall(ctx, r.About().ID, compareFact(a, tip.Parents[0]), &c); err != nil || !ok {
		return c, false, err
	}
	switch {
	case c.Reached():
		return hotfix.Comparison{Relation: hotfix.Ancestor, Base: a, Tree: c.Tree, Ahead: c.Ahead + 1}, true, nil
	case c.Relation == hotfix.Diverged && c.Base != "":
		// Were b in the history of a, its parent were, too; so what both have in common
		// is what the parent has.
		c.Ahead++
		return c, true, nil
	}
	return c, false, nil // the parent is in the history of a: b may be
}

// inheritedAbove tells it from how the only parent of a stands to b. Only where they
// went apart: were a in the history of b, its parent were, too.
func (r *run) inheritedAbove(ctx context.Context, a, b hotfix.OID) (c hotfix.Comparison, ok bool, err error) {
	tip, err := r.git.Commit(ctx, a)
	if err != nil || len(tip.Parents) != 1 {
		return c, false, err
	}
	ok, err = r.ledger.Recall(ctx, r.About().ID, compareFact(tip.Parents[0], b), &c)
	if err != nil || !ok || c.Relation != hotfix.Diverged || c.Base == "" {
		return c, false, err
	}
	c.Tree = tip.Tree
	return c, true, nil
}

// compareFact is the fact how two commits stand to each other.
func compareFact(a, b hotfix.OID) string { return fmt.Sprintf("compare/%s/%s", a, b) }

// isTip reports whether a commit is where an environment's branch stands.
func (r *run) isTip(commit hotfix.OID) bool {
	for _, env := range r.snap.Environments {
		if env.Tip == commit {
			return true
		}
	}
	return false
}
