package bot

import (
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// revert offers to take a hotfix that was reverted where it landed back from the
// environments that have it: a draft for each, at somebody's word (P20).
func revert(s *hotfix.Snapshot, h *hotfix.Hotfix, request hotfix.Request, c hotfix.Command, status hotfix.Status) outcome {
	if h.Reverted == nil {
		return no(c, render.SaidNotReverted(h.Pull.Base))
	}
	return perEnvironment(h, request, c, status, func(_ hotfix.Command, st hotfix.Standing) outcome {
		return revertOne(s, h, request, st)
	})
}

func revertOne(s *hotfix.Snapshot, h *hotfix.Hotfix, request hotfix.Request, st hotfix.Standing) outcome {
	t := h.Target(st.Branch)
	said := func(text string) outcome { return outcome{granted: hotfix.Granted{Said: text}} }
	if r := t.Revert; r != nil && (r.Pull.Open || sameRequest(request, r.Marker.Command, r.Marker.Press)) {
		return said(render.SaidReverting(st.Environment, r.Pull.Number))
	}
	if st.Verdict != hotfix.VerdictContained {
		return said(render.SaidNothingToRevert(st.Environment))
	}
	action := hotfix.OpenRevert{
		Pull: h.Pull.Number, Environment: t.Environment.Environment, Picks: backwards(t, st), Command: request.Comment.ID, Press: request.Press,
	}
	if problem, refused := s.Refused[action.Key()]; refused {
		return said(render.SaidRefused(st.Environment, problem))
	}
	return outcome{first: []hotfix.Action{action}}
}

// backwards is what an environment got of a hotfix, the wrong way round: as the merged
// backport brought it, or else as it landed.
func backwards(t *hotfix.Target, st hotfix.Standing) []hotfix.Pick {
	forwards := t.Carries.Needed()
	for _, a := range t.Attempts {
		if a.Pull != nil && st.Proof != nil && a.Pull.Number == st.Proof.Pull && a.Marker.Onto.Valid() {
			forwards = []hotfix.Pick{{Commit: a.Pull.HeadOID, Base: a.Marker.Onto}}
		}
	}
	var list []hotfix.Pick
	for _, p := range slices.Backward(forwards) {
		p.Commit, p.Base = p.Base, p.Commit
		list = append(list, p)
	}
	return list
}

// tidyRevert closes an offer that nobody needs any more, because the hotfix landed
// again, and deletes its branch when its work is done.
func tidyRevert(s *hotfix.Snapshot, h *hotfix.Hotfix, r *hotfix.Revert) []hotfix.Action {
	switch {
	case r == nil || !r.Own:
		return nil
	case r.Pull.Open && h.Reverted == nil:
		return []hotfix.Action{hotfix.ClosePull{Pull: r.Pull.Number, Hotfix: h.Pull.Number}}
	case r.Pull.Merged || !r.Pull.Open && h.Reverted == nil:
		return []hotfix.Action{hotfix.DeleteBranch{Branch: r.Pull.Head, Tip: s.Branches[r.Pull.Head], Hotfix: h.Pull.Number}}
	}
	return nil
}
