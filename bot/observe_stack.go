package bot

import (
	"context"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// observeStacks finds hotfixes that conflict in an environment only because an
// earlier one is not there yet: on top of that one, nothing conflicts (P20). It
// needs them in history order.
func (r *run) observeStacks(ctx context.Context) error {
	for i := range r.snap.Hotfixes {
		h := &r.snap.Hotfixes[i]
		for j := range h.Targets {
			t := &h.Targets[j]
			if t.Replay.Outcome != hotfix.Conflict || len(t.Attempts) > 0 || t.Proved != "" {
				continue
			}
			for k := i - 1; k >= 0 && t.After == 0; k-- {
				if err := r.observeStack(ctx, h, t, &r.snap.Hotfixes[k]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (r *run) observeStack(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target, first *hotfix.Hotfix) error {
	before := first.Target(t.Environment.Branch)
	if before == nil || targetStanding(r.snap, first, before).Verdict.Final() || !sharesPath(h, first) {
		return nil
	}
	onto, picks := t.Environment.Tip, slices.Concat(before.Carries.Picks, t.Carries.Picks)
	if last := before.Last(); last != nil && last.Pull != nil && last.Pull.Open {
		onto, picks = last.Pull.HeadOID, t.Carries.Picks // as people resolved it
	}
	replay, err := r.outcome(ctx, h, picks, t.Carries.Union, onto, t.Environment.Environment)
	if err != nil {
		return r.hint(ctx, "stack", err)
	}
	if replay.Outcome != hotfix.Conflict {
		t.After = first.Pull.Number
	}
	return nil
}

// sharesPath reports whether two hotfixes change a path in common.
func sharesPath(a, b *hotfix.Hotfix) bool {
	return slices.ContainsFunc(a.Landing.Paths, func(path string) bool { return slices.Contains(b.Landing.Paths, path) })
}
