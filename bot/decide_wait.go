package bot

import (
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// The rules that keep a hotfix waiting in an environment.

// reverted: what does not have it yet does not get it any more (P20).
func reverted(h *hotfix.Hotfix, st *hotfix.Standing) bool {
	if h.Reverted != nil {
		st.Verdict, st.Problem = hotfix.VerdictWaiting, ptr(render.RevertedHotfix(h.Pull.Base, *h.Reverted))
	}
	return h.Reverted != nil
}

// waitsForAnother: in chain order the environment before it has to have it first
// (P7); and a hotfix that builds on another's backport waits for that (P20).
func waitsForAnother(s *hotfix.Snapshot, h *hotfix.Hotfix, t *hotfix.Target, st *hotfix.Standing) bool {
	switch {
	case t.Carries.Waits != "":
		st.Problem = ptr(render.WaitsForEnvironment(t.Carries.Waits, st.Branch))
	case t.After != 0:
		st.Problem = ptr(render.BuildsOn(t.After, backportOf(s.Find(t.After), st.Branch), st.Branch))
	default:
		return false
	}
	st.Verdict = hotfix.VerdictWaiting
	return true
}

// backportOf is the number of a hotfix's newest backport to a branch; 0 for none.
func backportOf(h *hotfix.Hotfix, branch string) int {
	if h == nil || h.Target(branch) == nil {
		return 0
	}
	if last := h.Target(branch).Last(); last != nil && last.Pull != nil {
		return last.Pull.Number
	}
	return 0
}

// heldBack: nothing is propagated before the release is made, where people make
// it, nor while its deployment failed (P4, P5).
func heldBack(s *hotfix.Snapshot, h *hotfix.Hotfix, st *hotfix.Standing) bool {
	for i := range h.Stages {
		if failed(&h.Stages[i]) != "" {
			st.Problem = stageStanding(s, h, &h.Stages[i]).Problem
			st.Verdict = hotfix.VerdictWaiting
			return true
		}
	}
	if tags := deployable(s, h); len(tags) > 0 {
		st.Verdict, st.Problem = hotfix.VerdictWaiting, ptr(render.WaitsForDeploy(tags))
		return true
	}
	return false
}
