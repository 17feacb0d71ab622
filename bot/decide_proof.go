package bot

import (
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// The rules that say that an environment has a hotfix, or had it (P11, P15).

// emptyPick: picking it onto the tip changes nothing (P11, P15a).
func emptyPick(t *hotfix.Target, st *hotfix.Standing) bool {
	if t.Replay.Outcome != hotfix.Contained {
		return false
	}
	st.Verdict = hotfix.VerdictContained
	st.Proof = &hotfix.Proof{Kind: hotfix.ProofEmptyPick, Commit: t.Environment.Tip}
	return true
}

// mergedProof: a backport was merged, its merge is still in the branch and holds
// what the pull request changed, and that has not been undone since (P15b). A
// change that applies cleanly again finds its old lines: the fix is not there.
func mergedProof(s *hotfix.Snapshot, h *hotfix.Hotfix, t *hotfix.Target, st *hotfix.Standing) bool {
	for _, a := range slices.Backward(t.Attempts) {
		if a.Pull == nil || !a.Pull.Merged || a.Pull.Base != st.Branch || !a.Reached {
			continue
		}
		if left := unresolved(s, h, t, &a); len(left) > 0 {
			return mergedUnresolved(t, a, left, st)
		}
		if slices.Contains([]hotfix.Outcome{a.Result, a.Now, a.Exact, t.Replay.Outcome}, hotfix.Clean) {
			return lost(h, t, a, st)
		}
		st.Verdict, st.Pull, st.PullURL = hotfix.VerdictContained, a.Pull.Number, a.Pull.URL
		st.Proof = &hotfix.Proof{Kind: proofKind(a), Commit: a.Pull.Landed, Pull: a.Pull.Number, Person: a.Pull.MergedBy}
		return true
	}
	return false
}

// mergedUnresolved: a draft was merged with its conflicts in it.
func mergedUnresolved(t *hotfix.Target, a hotfix.Attempt, left []hotfix.PathConflict, st *hotfix.Standing) bool {
	if t.Last().Number > a.Number {
		return false
	}
	st.Verdict, st.Conflicts = hotfix.VerdictConflicted, a.Marker.Conflicts
	for _, c := range left {
		st.Unresolved = append(st.Unresolved, c.Path)
	}
	st.Problem = ptr(render.MergedUnresolved(a.Pull.Number, st.Branch, st.Unresolved))
	return true
}

// proofKind is what a merged backport that holds its change proves.
func proofKind(a hotfix.Attempt) hotfix.ProofKind {
	own := a.HeadOwn && a.Result == hotfix.Contained && len(a.Marker.Conflicts) == 0
	switch {
	case a.Exact == hotfix.Contained || own:
		return hotfix.ProofMerged
	case len(a.Marker.Conflicts) > 0:
		return hotfix.ProofResolved
	}
	return hotfix.ProofEdited
}

// lost: the backport was merged and the branch does not hold the fix all the
// same. A newer attempt, or a tip that holds it by now, decides instead; and of one that
// was reverted nobody misses it.
func lost(h *hotfix.Hotfix, t *hotfix.Target, a hotfix.Attempt, st *hotfix.Standing) bool {
	if t.Last().Number > a.Number || t.Replay.Outcome == hotfix.Contained || h.Reverted != nil {
		return false
	}
	st.Verdict, st.Undone = hotfix.VerdictLost, t.Undone
	st.Problem = ptr(render.LostMerge(a.Pull.Number, st.Branch, t.Undone))
	return true
}

// provedEarlier: it was contained before, and was edited or undone since (P15b,
// P18). A newer backport decides instead of a loss.
func provedEarlier(h *hotfix.Hotfix, t *hotfix.Target, st *hotfix.Standing) bool {
	last := t.Last()
	switch {
	case t.Undone != nil && h.Reverted != nil:
		return false
	case t.Proved == "" || last != nil && last.Pull != nil && last.Pull.Open:
		return false
	case t.Undone != nil:
		st.Verdict, st.Undone = hotfix.VerdictLost, t.Undone
		st.Problem = ptr(render.Lost(st.Branch, *t.Undone))
	default:
		st.Verdict = hotfix.VerdictContained
		st.Proof = &hotfix.Proof{Kind: hotfix.ProofEarlier, Commit: t.Proved}
	}
	return true
}
