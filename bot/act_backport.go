package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// openBackport makes the commits, pushes the branch and opens the pull request,
// or makes all three anew. Killed anywhere, the next reconcile goes on: the same
// commits come out, the branch is found by its name, the pull request by its head.
func (r *run) openBackport(ctx context.Context, a hotfix.OpenBackport) error {
	h := r.snap.Find(a.Pull)
	target := r.targetOf(h, a.Environment.Branch)
	target.Carries = a.Carries
	replay, err := r.replay(ctx, h, a.Carries.Picks, a.Carries.Union, target.Environment.Tip, a.Environment)
	if err != nil {
		return err
	}
	target.Replay = replay
	if replay.Outcome == hotfix.Contained {
		return r.proveAnew(ctx, h, target) // it is there, by somebody's choice or work
	}
	if err := r.seenBefore(ctx, target, a); err != nil {
		return err
	}
	if err := r.begin(ctx, hotfix.DressKey(a.Branch), !a.Remake); err != nil {
		return err
	}
	if err := r.notePush(ctx, a.Branch, a.Lease, replay.Tip); err != nil {
		return err
	}
	if err := r.git.Push(ctx, "refs/heads/"+a.Branch, replay.Tip, a.Lease); err != nil {
		return err
	}
	if a.Attempt == 1 && a.Lease == "" { // a later attempt may be the same commit again
		r.fresh[replay.Tip] = true
	}
	if err := r.noteLeaving(ctx, a.Environment.Branch, replay.Onto, replay.Tip, replay.Onto); err != nil {
		return err
	}
	text := r.backportText(h, target, a)
	if text.Missing, err = r.prerequisites(ctx, h, a.Carries, replay, target.Environment); err != nil {
		return err
	}
	var pull hotfix.Pull
	if a.Remake {
		pull, err = r.rewritePull(ctx, target.Last(), text)
	} else {
		pull, err = r.newPull(ctx, text)
	}
	if err != nil {
		return err
	}
	r.foldBackport(target, a, pull)
	return nil
}

// targetOf is the hotfix's target with that branch. A branch that is no environment
// becomes one when somebody asks for it.
func (r *run) targetOf(h *hotfix.Hotfix, branch string) *hotfix.Target {
	if t := h.Target(branch); t != nil {
		return t
	}
	h.Targets = append(h.Targets, hotfix.Target{Environment: branchState(r.snap, branch)})
	return &h.Targets[len(h.Targets)-1]
}

// backportText is what the pull request has to tell.
func (r *run) backportText(h *hotfix.Hotfix, t *hotfix.Target, a hotfix.OpenBackport) render.Backport {
	landing, _ := r.snap.Config.Environments.Landing()
	text := render.Backport{
		Hotfix: h.Pull, Environment: a.Environment, Landing: landing, Landed: h.Landing, Replay: t.Replay,
		Tags: h.Tags(), Attempt: a.Attempt, Command: a.Command, Press: a.Press, Repository: r.About(), Branch: a.Branch,
		SignOff: r.snap.Config.Propagate.SignOff, Made: r.snap.Now, Carries: a.Carries,
	}
	if h.Issue != nil {
		text.Issue = h.Issue.Number
	}
	for _, earlier := range t.Attempts {
		if earlier.Pull != nil && earlier.Number < a.Attempt {
			text.Supersedes = earlier.Pull.Number
		}
	}
	return text
}

// seenBefore is a *hotfix.Moved where the branch stood there already and has a pull
// request of the bot that the list did not show: who closes one while the pages of the
// list are read moves it from one page to another. Where somebody else opened one from
// it, that is a *hotfix.Refusal: GitHub allows no second one.
func (r *run) seenBefore(ctx context.Context, t *hotfix.Target, a hotfix.OpenBackport) error {
	if last := t.Last(); a.Lease == "" || last == nil || last.Pull != nil {
		return nil
	}
	pulls, err := r.PullsOf(ctx, a.Branch, a.Environment.Branch)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(pulls, func(p hotfix.Pull) bool { return p.ByBot }); i >= 0 {
		return &hotfix.Moved{Ref: fmt.Sprintf("pull request #%d", pulls[i].Number)}
	}
	if i := slices.IndexFunc(pulls, func(p hotfix.Pull) bool { return p.Open }); i >= 0 {
		return render.PullTaken(pulls[i], t.Replay.Outcome == hotfix.Conflict)
	}
	return nil
}

// begin notes that an action was begun whose end may be cut off.
func (r *run) begin(ctx context.Context, key string, wanted bool) error {
	if !wanted {
		return nil
	}
	if _, err := r.intend(ctx, key, r.now()); err != nil {
		return err
	}
	r.snap.Begun[key] = true
	return nil
}

// newPull opens the pull request, as a draft when it conflicts. Where there are no
// drafts, the failing check run alone keeps it from being merged.
func (r *run) newPull(ctx context.Context, text render.Backport) (hotfix.Pull, error) {
	conflicts := text.Replay.Outcome == hotfix.Conflict
	return r.openOwn(ctx, hotfix.NewPull{
		Head: text.Branch, Base: text.Environment.Branch,
		Title: render.PullTitle(r.snap.Config.Propagate.Title, text), Body: render.PullBody(text),
		Draft: conflicts,
	}, conflicts)
}

// openOwn opens a pull request from a branch of the bot. That somebody else opened one
// from it meanwhile is a *hotfix.Refusal: GitHub allows no second one.
func (r *run) openOwn(ctx context.Context, wanted hotfix.NewPull, conflicts bool) (hotfix.Pull, error) {
	pull, err := r.openDraft(ctx, wanted)
	if err == nil && !pull.ByBot {
		err = render.PullTaken(pull, conflicts)
	}
	return pull, err
}

// openDraft opens a pull request that may be a draft: private repositories of some
// plans have none.
func (r *run) openDraft(ctx context.Context, wanted hotfix.NewPull) (hotfix.Pull, error) {
	pull, err := r.OpenPull(ctx, wanted)
	if wanted.Draft && isRefusal(err) {
		wanted.Draft = false
		return r.OpenPull(ctx, wanted)
	}
	return pull, err
}

func (r *run) rewritePull(ctx context.Context, last *hotfix.Attempt, text render.Backport) (hotfix.Pull, error) {
	pull := *last.Pull
	pull.Title, pull.Body = render.PullTitle(r.snap.Config.Propagate.Title, text), render.PullBody(text)
	return pull, r.EditPull(ctx, pull.Number, pull.Title, pull.Body)
}

// foldBackport notes the attempt as if it had been observed.
func (r *run) foldBackport(t *hotfix.Target, a hotfix.OpenBackport, pull hotfix.Pull) {
	pull.HeadOID = t.Replay.Tip
	attempt := hotfix.Attempt{Number: a.Attempt, Branch: a.Branch, Tip: t.Replay.Tip, Own: true, Pull: &pull}
	naming.FindMarker(pull.Body, naming.KindBackport, &attempt.Marker)
	if attempt.Marker.Cut {
		attempt.Marker.Conflicts = t.Replay.Conflicts
	}
	attempt.Unresolved = attempt.Marker.Conflicts
	r.snap.Branches[a.Branch] = t.Replay.Tip
	if last := t.Last(); last != nil && last.Number == a.Attempt {
		attempt.Check = nil // the head moved
		*last = attempt
		return
	}
	t.Attempts = append(t.Attempts, attempt)
}

// closePull closes a backport pull request of the bot's.
func (r *run) closePull(ctx context.Context, a hotfix.ClosePull) error {
	if err := r.SetIssueOpen(ctx, a.Pull, false); err != nil {
		return err
	}
	r.eachAttempt(func(attempt *hotfix.Attempt) {
		if attempt.Pull != nil && attempt.Pull.Number == a.Pull {
			pull := *attempt.Pull
			pull.Open, pull.ClosedBy = false, r.Bot().Login()
			attempt.Pull = &pull
		}
	})
	r.eachRevert(func(revert *hotfix.Revert) { revert.Pull.Open = revert.Pull.Open && revert.Pull.Number != a.Pull })
	return nil
}

// deleteBranch removes a branch of the bot's, if it still stands where it stood.
func (r *run) deleteBranch(ctx context.Context, a hotfix.DeleteBranch) error {
	if err := r.git.Push(ctx, "refs/heads/"+a.Branch, "", a.Tip); err != nil {
		return err
	}
	delete(r.snap.Branches, a.Branch)
	r.eachAttempt(func(attempt *hotfix.Attempt) {
		if attempt.Branch == a.Branch {
			attempt.Tip, attempt.Own = "", false
		}
	})
	r.eachRevert(func(revert *hotfix.Revert) { revert.Own = revert.Own && revert.Pull.Head != a.Branch })
	return nil
}

func (r *run) eachAttempt(visit func(*hotfix.Attempt)) {
	for i := range r.snap.Hotfixes {
		for j := range r.snap.Hotfixes[i].Targets {
			for k := range r.snap.Hotfixes[i].Targets[j].Attempts {
				visit(&r.snap.Hotfixes[i].Targets[j].Attempts[k])
			}
		}
	}
}
