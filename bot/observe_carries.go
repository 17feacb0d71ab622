package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// observeCarries fills in what a target gets. Before is the target before it in
// the pipeline, looked at already, and the source that it had. A branch that is no
// environment gets the hotfix as it landed, and waits for none.
func (r *run) observeCarries(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target, before *hotfix.Target, src source) (source, error) {
	waits := ""
	if r.environment(t.Environment.Branch).Branch == "" {
		src = source{landing: h.Landing}
	} else if r.snap.Config.Propagate.Order == "chain" && before != nil {
		var err error
		if src, waits, err = r.chained(ctx, h, before, src); err != nil {
			return src, err
		}
	}
	choice, chosen := lastPick(r.snap, h.Pull.Number, t.Environment.Branch)
	t.Carries = carries(r.snap, h, src, choice, chosen)
	t.Carries.Waits = waits
	return src, nil
}

// chained is the source after an environment in chain order: what it merged,
// where that is all of the hotfix; else the source that it had itself. Waits is
// the environment, while it has not got the hotfix yet.
func (r *run) chained(ctx context.Context, h *hotfix.Hotfix, before *hotfix.Target, src source) (_ source, waits string, err error) {
	st := targetStanding(r.snap, h, before)
	if !st.Verdict.Final() {
		return src, before.Environment.Name, nil
	}
	_, chosen := lastPick(r.snap, h.Pull.Number, before.Environment.Branch)
	if st.Verdict == hotfix.VerdictSkipped || chosen || st.Proof == nil || st.Proof.Pull == 0 {
		return src, "", nil
	}
	if marked, err := r.mergedMarkers(ctx, h, before, st.Proof.Pull); err != nil || marked {
		return src, "", err
	}
	pull, err := r.Pull(ctx, st.Proof.Pull)
	if err != nil {
		return src, "", err
	}
	landing, err := r.landing(ctx, pull)
	if err != nil || landing.Unclear != "" {
		return src, "", err
	}
	return source{landing: landing, from: before.Environment.Name, pull: pull.Number}, "", nil
}

// mergedMarkers reports whether a backport was merged with conflict markers in it,
// which somebody resolved later on: what it brought is not to be carried anywhere.
func (r *run) mergedMarkers(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target, pull int) (bool, error) {
	for _, a := range t.Attempts {
		if a.Pull == nil || a.Pull.Number != pull || len(a.Marker.Conflicts) == 0 {
			continue
		}
		left, err := r.unresolvedAt(ctx, a.Pull.Landed, &a, a.Marker.Onto, h.Landing.Commit)
		return slices.ContainsFunc(left, func(c hotfix.PathConflict) bool { return c.Markers }), err
	}
	return false, nil
}

// recarry works out anew what the environments get of a hotfix after people were
// answered: by what they picked, and, in chain order, by what they skipped or
// resolved in the environment before.
func (r *run) recarry(ctx context.Context, h *hotfix.Hotfix, a hotfix.Answer) error {
	if !slices.ContainsFunc(a.Granted, func(g hotfix.Granted) bool { return slices.Contains(g.Hotfixes, h.Pull.Number) }) {
		return nil
	}
	src, before := source{landing: h.Landing}, (*hotfix.Target)(nil)
	for i := range h.Targets {
		t := &h.Targets[i]
		was := t.Carries
		var err error
		if src, err = r.observeCarries(ctx, h, t, before, src); err != nil {
			return fmt.Errorf("%s: %w", t.Environment.Name, err)
		}
		before = t
		if slices.EqualFunc(was.Needed(), t.Carries.Needed(), samePick) || t.Environment.Absent || len(t.Carries.Picks) == 0 {
			continue
		}
		if t.Replay, err = r.needed(ctx, h, t); err != nil {
			if err = r.noteRefusal(ctx, hotfix.BackportKey(h.Pull.Number, t.Environment.Branch), err); err != nil {
				return err
			}
			continue
		}
		if err := r.proveAnew(ctx, h, t); err != nil {
			return err
		}
	}
	return nil
}

// proveAnew judges by what is needed now what was merged already.
func (r *run) proveAnew(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target) error {
	for i := range t.Attempts {
		if a := &t.Attempts[i]; a.Pull != nil && a.Pull.Merged {
			if err := r.observeMerged(ctx, h, t, a); err != nil {
				return err
			}
		}
	}
	return r.observeProof(ctx, h, t)
}
