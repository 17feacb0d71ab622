package bot

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// observeTargets looks at every lower environment of a hotfix: what picking it
// there comes to now, and the backports made so far.
func (r *run) observeTargets(ctx context.Context, h *hotfix.Hotfix, lists seen) error {
	src := source{landing: h.Landing}
	targets, err := r.targetsOf(ctx, h, lists)
	if err != nil {
		return err
	}
	for _, env := range targets {
		var before *hotfix.Target
		if n := len(h.Targets); n > 0 {
			before = &h.Targets[n-1]
		}
		h.Targets = append(h.Targets, hotfix.Target{Environment: env})
		target := &h.Targets[len(h.Targets)-1]
		if src, err = r.observeCarries(ctx, h, target, before, src); err != nil {
			return fmt.Errorf("%s: %w", env.Name, err)
		}
		if err := r.observeTarget(ctx, h, target, lists); err != nil {
			return fmt.Errorf("%s: %w", env.Name, err)
		}
		target.Revert = r.revertOf(h, env.Branch, lists)
	}
	return nil
}

// targetsOf are the environments below the landing one, and the branches to which
// people asked to carry the hotfix.
func (r *run) targetsOf(ctx context.Context, h *hotfix.Hotfix, lists seen) ([]hotfix.EnvironmentState, error) {
	below := r.snap.Config.Environments.Below()
	var list []hotfix.EnvironmentState
	for _, env := range r.snap.Environments {
		if slices.ContainsFunc(below, func(e hotfix.Environment) bool { return e.Branch == env.Branch }) {
			list = append(list, env)
		}
	}
	asked := askedBranches(r.snap, h.Pull.Number)
	for _, pull := range lists.backport[h.Pull.Number] { // asked for, and not answered yet
		if branch, _, _, _ := naming.ParseBranch(pull.Head); !slices.Contains(asked, branch) && r.environment(branch).Branch == "" {
			asked = append(asked, branch)
		}
	}
	begun, err := r.begunBranches(ctx, h, asked)
	for _, branch := range append(asked, begun...) {
		list = append(list, branchState(r.snap, branch))
	}
	return list, err
}

// begunBranches are the branches that are no environments and others than known, to which
// the bot had begun to carry the hotfix: its own branch stands, without a pull request.
func (r *run) begunBranches(ctx context.Context, h *hotfix.Hotfix, known []string) ([]string, error) {
	var begun []string
	for _, name := range slices.Sorted(maps.Keys(r.snap.Branches)) {
		branch, pull, _, ok := naming.ParseBranch(name)
		if !ok || pull != h.Pull.Number || slices.Contains(known, branch) || slices.Contains(begun, branch) || r.environment(branch).Branch != "" {
			continue
		}
		var pushed []hotfix.OID
		if _, err := r.ledger.Recall(ctx, r.About().ID, pushedFact(name), &pushed); err != nil {
			return nil, err
		}
		if slices.Contains(pushed, r.snap.Branches[name]) {
			begun = append(begun, branch)
		}
	}
	return begun, nil
}

func (r *run) observeTarget(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target, lists seen) error {
	if t.Environment.Absent || len(t.Carries.Picks) == 0 {
		t.Attempts = r.attempts(h, t.Environment.Branch, lists)
		t.Attempts = slices.DeleteFunc(t.Attempts, func(a hotfix.Attempt) bool { return a.Pull == nil })
		return nil
	}
	var err error
	if t.Replay, err = r.needed(ctx, h, t); err != nil {
		return r.noteRefusal(ctx, hotfix.BackportKey(h.Pull.Number, t.Environment.Branch), err) // other hotfixes go on
	}
	t.Attempts = r.attempts(h, t.Environment.Branch, lists)
	for i := range t.Attempts {
		if err := r.observeAttempt(ctx, h, t, &t.Attempts[i]); err != nil {
			return fmt.Errorf("attempt %d: %w", t.Attempts[i].Number, err)
		}
	}
	// A branch that somebody else gave such a name is none of the bot's.
	t.Attempts = slices.DeleteFunc(t.Attempts, func(a hotfix.Attempt) bool { return a.Pull == nil && !a.Own })
	return r.observeProof(ctx, h, t)
}

// needed is what picking what must be in an environment comes to at its tip. What
// an earlier environment made of the hotfix is needed, or the hotfix as it landed.
func (r *run) needed(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target) (hotfix.Replay, error) {
	env := t.Environment
	replay, err := r.outcome(ctx, h, t.Carries.Needed(), t.Carries.Union, env.Tip, env.Environment)
	if err != nil || t.Carries.FromPull == 0 || replay.Outcome == hotfix.Contained {
		return replay, err
	}
	landed, err := r.outcome(ctx, h, h.Landing.Picks, t.Carries.Union, env.Tip, env.Environment)
	if err == nil && landed.Outcome == hotfix.Contained {
		return landed, nil
	}
	return replay, err
}

// attempts are the backports of a hotfix to a branch, oldest first: those with a
// pull request, and a branch whose pull request is still to be opened.
func (r *run) attempts(h *hotfix.Hotfix, branch string, lists seen) []hotfix.Attempt {
	var list []hotfix.Attempt
	known := map[string]bool{}
	for _, pull := range lists.backport[h.Pull.Number] {
		env, _, number, _ := naming.ParseBranch(pull.Head)
		if env == branch {
			known[pull.Head] = true
			list = append(list, hotfix.Attempt{Number: number, Branch: pull.Head, Tip: r.snap.Branches[pull.Head], Pull: &pull})
		}
	}
	for name, tip := range r.snap.Branches {
		env, pull, number, ok := naming.ParseBranch(name)
		if ok && env == branch && pull == h.Pull.Number && !known[name] {
			list = append(list, hotfix.Attempt{Number: number, Branch: name, Tip: tip})
		}
	}
	slices.SortFunc(list, func(a, b hotfix.Attempt) int {
		if a.Number != b.Number {
			return a.Number - b.Number
		}
		return pullNumber(a) - pullNumber(b)
	})
	return list
}

func pullNumber(a hotfix.Attempt) int {
	if a.Pull == nil {
		return 0
	}
	return a.Pull.Number
}

// observeAttempt looks at one backport: whose its tip is, and what became of
// its pull request.
func (r *run) observeAttempt(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target, a *hotfix.Attempt) error {
	if a.Pull != nil {
		naming.FindMarker(a.Pull.Body, naming.KindBackport, &a.Marker)
	}
	err := r.fillConflicts(ctx, h, t, a)
	if err != nil {
		return err
	}
	if a.Tip != "" {
		if a.Own, err = r.own(ctx, h, t, a, a.Tip); err != nil {
			return err
		}
	}
	switch {
	case a.Pull == nil:
		return nil
	case a.Pull.Merged:
		return r.observeMerged(ctx, h, t, a)
	case a.Pull.Open:
		if err := r.observeAnew(ctx, h, t, a); err != nil {
			return err
		}
		if err := r.observeMerging(ctx, h, t, a); err != nil {
			return err
		}
		return r.observeConflict(ctx, h, t, a)
	}
	a.Pull.ClosedBy, err = r.ClosedBy(ctx, a.Pull.Number)
	if err != nil {
		return fmt.Errorf("read who closed #%d: %w", a.Pull.Number, err)
	}
	return nil
}

// fillConflicts works out again which conflicts a backport was made with, where its
// marker had no room for all.
func (r *run) fillConflicts(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target, a *hotfix.Attempt) error {
	if !a.Marker.Cut || !a.Marker.Onto.Valid() {
		return nil
	}
	replay, err := r.outcome(ctx, h, t.Carries.Picks, t.Carries.Union, a.Marker.Onto, t.Environment.Environment)
	if err == nil && len(replay.Conflicts) > len(a.Marker.Conflicts) {
		a.Marker.Conflicts = replay.Conflicts
	}
	return notGone(err) // what it was made on is no more: those that the marker has have to do
}

// observeAnew works out what an untouched backport would be if it were made now.
func (r *run) observeAnew(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target, a *hotfix.Attempt) error {
	if !a.Own || a.Pull.Base != t.Environment.Branch || a.Marker.Onto == t.Environment.Tip {
		return nil
	}
	anew, err := r.outcome(ctx, h, t.Carries.Picks, t.Carries.Union, t.Environment.Tip, t.Environment.Environment)
	a.Anew = &anew
	return err
}

// observeMerged reads what a merged backport left in the environment. When its
// commits are gone, pushed over and collected, so is what it left.
func (r *run) observeMerged(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target, a *hotfix.Attempt) error {
	if a.Pull.Base != t.Environment.Branch {
		return nil
	}
	if err := r.recallMerger(ctx, a.Pull); err != nil {
		return err
	}
	compared, err := r.compare(ctx, a.Pull.Landed, t.Environment.Tip)
	if err == nil {
		a.Reached = compared.Reached()
		err = r.observeCarried(ctx, h, t, a)
	}
	if err == nil && len(a.Marker.Conflicts) > 0 {
		a.Unresolved, err = r.unresolvedAt(ctx, t.Environment.Tip, a, a.Marker.Onto, h.Landing.Commit)
	}
	if isGone(err) {
		a.Reached = false
		return nil
	}
	return err
}

// observeCarried asks whether what the pull request changed is in the result of
// its merge, and whether it still is in the branch. It is the pull request's own
// change that is picked again, made for this branch: the hotfix's, made for
// another, may meet neighbouring lines there and conflict although it is contained.
func (r *run) observeCarried(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target, a *hotfix.Attempt) error {
	env := t.Environment.Environment
	union := t.Carries.Union
	exact, err := r.outcome(ctx, h, t.Carries.Needed(), union, a.Pull.Landed, env)
	if err != nil {
		return err
	}
	a.Exact, a.Result, a.Now = exact.Outcome, exact.Outcome, t.Replay.Outcome
	if a.HeadOwn, err = r.own(ctx, h, t, a, a.Pull.HeadOID); err != nil || !a.Marker.Onto.Valid() {
		return err
	}
	carried := []hotfix.Pick{{Commit: a.Pull.HeadOID, Base: a.Marker.Onto, Except: t.Carries.Needed()[0].Except}}
	result, err := r.outcome(ctx, h, carried, union, a.Pull.Landed, env)
	if isGone(err) {
		return nil // what it was made on is no more: the hotfix's own change has to do
	}
	if err != nil {
		return err
	}
	now, err := r.outcome(ctx, h, carried, union, t.Environment.Tip, env)
	if err != nil {
		return err
	}
	a.Result, a.Now = result.Outcome, now.Outcome
	if undone(now) { // a part of it
		a.Now = hotfix.Clean
	}
	return nil
}

// observeConflict reads which of an open backport's conflicts a person has
// resolved.
func (r *run) observeConflict(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target, a *hotfix.Attempt) error {
	if len(a.Marker.Conflicts) == 0 {
		return nil
	}
	var err error
	if a.Check, err = r.checkRun(ctx, a.Pull.HeadOID, render.ConflictCheckName); err != nil {
		return err
	}
	a.Unresolved, err = r.unresolvedAt(ctx, a.Pull.HeadOID, a, t.Environment.Tip, h.Landing.Commit)
	return err
}

// unresolvedAt lists the conflicts that nobody has resolved at a commit: a file
// with markers while it holds a block that none of the known commits has, any
// other while it is as the bot drafted it.
func (r *run) unresolvedAt(ctx context.Context, commit hotfix.OID, a *hotfix.Attempt, known ...hotfix.OID) ([]hotfix.PathConflict, error) {
	var paths []string
	for _, c := range a.Marker.Conflicts {
		paths = append(paths, c.Path)
	}
	known = slices.DeleteFunc(known, func(o hotfix.OID) bool { return !o.Valid() })
	marked, err := r.git.Markers(ctx, commit, paths, known...)
	if err != nil {
		return nil, fmt.Errorf("look for conflict markers of #%d: %w", a.Pull.Number, err)
	}
	untouched, err := r.git.SamePaths(ctx, a.Marker.Tip, commit, paths)
	if err != nil && !isGone(err) { // gone: the branch was pushed over, so all of it is a person's
		return nil, fmt.Errorf("compare #%d with what was pushed: %w", a.Pull.Number, err)
	}
	var left []hotfix.PathConflict
	for _, c := range a.Marker.Conflicts {
		if marked[c.Path] || !c.Markers && untouched[c.Path] {
			left = append(left, c)
		}
	}
	return left, nil
}
