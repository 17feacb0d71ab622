package bot

import (
	"context"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// openRevert makes the commits that take a hotfix back, pushes their branch and opens
// the draft. A revert that conflicts is a person's to make: half of it would be neither.
func (r *run) openRevert(ctx context.Context, a hotfix.OpenRevert) error {
	h := r.snap.Find(a.Pull)
	t := h.Target(a.Environment.Branch)
	series := r.series(h, a.Picks, nil, a.Environment)
	series.Message = render.RevertMessage(h.Pull, *h.Reverted)
	replay, err := r.git.Replay(ctx, t.Environment.Tip, series)
	switch {
	case err != nil:
		return fmt.Errorf("revert on %s: %w", a.Environment.Branch, err)
	case replay.Outcome == hotfix.Contained:
		return render.NothingToRevert(a.Environment.Branch)
	case replay.Outcome == hotfix.Conflict:
		return render.RevertConflicts(a.Environment.Branch, replay.Conflicts)
	}
	branch := r.revertBranch(h, a, replay.Tip)
	if err := r.git.Push(ctx, "refs/heads/"+branch, replay.Tip, ""); err != nil {
		return err
	}
	wanted := hotfix.NewPull{
		Head: branch, Base: a.Environment.Branch, Draft: true, Title: render.RevertTitle(h.Pull, a.Environment),
		Body: render.RevertBody(h.Pull, h.Issue, *h.Reverted, a, replay.Tip),
	}
	pull, err := r.openOwn(ctx, wanted, false)
	if err != nil {
		return err
	}
	pull.HeadOID, r.snap.Branches[branch] = replay.Tip, replay.Tip
	t.Revert = &hotfix.Revert{Pull: pull, Own: true}
	naming.FindMarker(wanted.Body, naming.KindRevert, &t.Revert.Marker)
	return nil
}

// revertBranch is the first name that is free, or where a run that was cut off left just
// this commit.
func (r *run) revertBranch(h *hotfix.Hotfix, a hotfix.OpenRevert, tip hotfix.OID) string {
	for attempt := 1; ; attempt++ {
		name := naming.Revert(a.Environment, h.Pull.Number, naming.Slug(h.Pull.Head, h.Pull.Title), attempt)
		if at, taken := r.snap.Branches[name]; !taken || at == tip {
			return name
		}
	}
}

// eachRevert visits every pull request that takes a hotfix back.
func (r *run) eachRevert(visit func(*hotfix.Revert)) {
	for i := range r.snap.Hotfixes {
		for j := range r.snap.Hotfixes[i].Targets {
			if revert := r.snap.Hotfixes[i].Targets[j].Revert; revert != nil {
				visit(revert)
			}
		}
	}
}

// revertOf is the newest pull request that takes a hotfix back from a branch, or nil.
func (r *run) revertOf(h *hotfix.Hotfix, branch string, lists seen) *hotfix.Revert {
	var newest *hotfix.Revert
	for _, p := range lists.pulls {
		var marker hotfix.RevertMarker
		if p.ByBot && !p.Fork && naming.FindMarker(p.Body, naming.KindRevert, &marker) && marker.Pull == h.Pull.Number &&
			marker.Environment == branch && (newest == nil || p.Number > newest.Pull.Number) {
			newest = &hotfix.Revert{Pull: p, Marker: marker, Own: marker.Tip != "" && r.snap.Branches[p.Head] == marker.Tip}
		}
	}
	return newest
}
