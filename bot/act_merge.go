package bot

import (
	"context"
	"errors"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// mergeBackport merges a backport, or tells GitHub to when what protects its branch
// lets it. GitHub takes only the first where nothing stands in the way, and only the
// second where something does. What it says to neither is folded in.
func (r *run) mergeBackport(ctx context.Context, a hotfix.MergeBackport) error {
	method := r.snap.Config.Propagate.AutoMerge
	merging := r.Merge(ctx, a.Pull, method, a.Head)
	if merging == nil {
		r.anew, r.snap.Postponed[a.Key()] = true, true // what it brought is looked at from the start
		return nil
	}
	if !isRefusal(merging) {
		return merging
	}
	telling := r.AutoMerge(ctx, a.Pull, method)
	if telling == nil {
		r.eachOf(a.Branch, func(attempt *hotfix.Attempt) { attempt.Pull.AutoMerge = true })
		return nil
	}
	if !isRefusal(telling) {
		return telling
	}
	return r.noteStuck(ctx, a, merging, telling)
}

// noteStuck remembers that GitHub neither merges a backport nor takes it on, so that it
// is not asked again before something changes.
func (r *run) noteStuck(ctx context.Context, a hotfix.MergeBackport, merging, telling error) error {
	pull, err := r.Pull(ctx, a.Pull)
	if err != nil {
		return fmt.Errorf("read #%d: %w", a.Pull, err)
	}
	base := r.snap.Branches[pull.Base]
	tried := mergeTried{Head: a.Head, Base: base, State: pull.MergeState, At: r.snap.Now, Times: 1}
	var before mergeTried
	if known, err := r.ledger.Recall(ctx, r.About().ID, mergeFact(a.Pull), &before); err != nil {
		return err
	} else if known && before.Head == a.Head {
		tried.Times = before.Times + 1
	}
	tried.Problem = render.MergeRefused(a.Pull, reason(merging), reason(telling))
	if pull.MergeState == unjudged {
		tried.Problem = render.MergeUnjudged(a.Pull)
	}
	r.log.Warn().Ctx(ctx).Int("pull", a.Pull).AnErr("merging", merging).AnErr("telling", telling).Msg("not merged by itself")
	r.eachOf(a.Branch, func(attempt *hotfix.Attempt) {
		attempt.Stuck, attempt.MergeAgain = &tried.Problem, tried.again(tried.State, base)
	})
	return r.ledger.Remember(ctx, r.About().ID, mergeFact(a.Pull), tried)
}

// reason is why GitHub refused: in its own words, where it gave some.
func reason(err error) string {
	var refusal *hotfix.Refusal
	if errors.As(err, &refusal) && refusal.Reason != "" {
		return refusal.Reason
	}
	return err.Error()
}
