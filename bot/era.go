package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// era is a time in which a branch only grew: what was in its history when it began still
// is.
type era struct {
	Name string     // no other era has it: a branch may be pushed back to where one began
	Tip  hotfix.OID // the last that was seen
}

// eraOf names a branch's era. Whether it grew is asked once for a tip, however many heads
// left the branch; one that was pushed over begins another.
func (r *run) eraOf(ctx context.Context, branch string, tip hotfix.OID) (name string, err error) {
	var last era
	fact := "era/" + branch
	known, err := r.ledger.Recall(ctx, r.About().ID, fact, &last)
	if err != nil || known && last.Tip == tip {
		return last.Name, err
	}
	grew := false
	if known {
		if grew, err = r.grew(ctx, last.Tip, tip); err != nil {
			return "", fmt.Errorf("did %s grow: %w", branch, err)
		}
	}
	if !grew {
		last.Name = fmt.Sprintf("%s, %s", tip, r.now().UTC().Format(time.RFC3339Nano))
	}
	last.Tip = tip
	return last.Name, r.ledger.Remember(ctx, r.About().ID, fact, last)
}

// grew reports whether a branch came from one tip to another without losing a commit.
func (r *run) grew(ctx context.Context, from, to hotfix.OID) (bool, error) {
	tip, err := r.git.Commit(ctx, to)
	if err != nil {
		return false, err
	}
	if slices.Contains(tip.Parents, from) {
		return true, nil
	}
	compared, err := r.compare(ctx, from, to)
	if isGone(err) {
		return false, nil
	}
	return err == nil && compared.Reached(), err
}

// leaving is where a head left a branch.
type leaving struct {
	Base hotfix.OID
	Era  string // of the branch: in another one it has to be asked again
}

// leavingFact is the fact where a head left a branch.
func leavingFact(branch string, head hotfix.OID) string {
	return fmt.Sprintf("left/%s/%s", branch, head)
}

// noteLeaving remembers where a head left a branch that had this tip.
func (r *run) noteLeaving(ctx context.Context, branch string, tip, head, base hotfix.OID) error {
	name, err := r.eraOf(ctx, branch, tip)
	if err != nil {
		return err
	}
	return r.ledger.Remember(ctx, r.About().ID, leavingFact(branch, head), leaving{Base: base, Era: name})
}

// mergeBase is where a head left a branch; empty when it shares nothing with it, or is
// gone. It is asked once for a head: a branch that grows leaves it where it was. What
// shares nothing may come to share something, and is asked about at each tip.
func (r *run) mergeBase(ctx context.Context, g *hotfix.Gated, env hotfix.EnvironmentState) (hotfix.OID, error) {
	name, err := r.eraOf(ctx, env.Branch, env.Tip)
	if err != nil {
		return "", err
	}
	var left leaving
	if known, err := r.ledger.Recall(ctx, r.About().ID, leavingFact(env.Branch, g.Head), &left); err != nil || known && left.Era == name {
		return left.Base, err
	}
	if g.Later = !r.mayJudge(*g); g.Later {
		return "", nil
	}
	compared, err := r.compare(ctx, env.Tip, g.Head)
	if later := (*hotfix.Later)(nil); errors.As(err, &later) {
		g.Later, r.again = true, earlier(r.again, later.At) // the others need not wait for it
		return "", nil
	}
	if isGone(err) || err == nil && compared.Base == "" {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return compared.Base, r.noteLeaving(ctx, env.Branch, env.Tip, g.Head, compared.Base)
}
