package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// observeGate looks at every open pull request and merge queue head against an
// environment's branch (P19), and at those that change the configuration (P26).
// It is asked for when everything else is at rest, so that it sees what the bot
// opened and closed itself.
func (r *run) observeGate(ctx context.Context, lists seen) error {
	pulls := r.openPulls(lists)
	if older, err := r.olderPulls(ctx, lists); err != nil {
		return err
	} else if r.snap.Config.Gate != "off" && slices.ContainsFunc(r.snap.Environments, r.guarding) {
		pulls = append(pulls, older...)
	}
	slices.SortFunc(pulls, func(a, b hotfix.Pull) int {
		return cmp.Or(b.UpdatedAt.Compare(a.UpdatedAt), cmp.Compare(b.Number, a.Number))
	})
	for _, pull := range pulls {
		env, ok := r.environmentOf(pull.Base)
		if !ok {
			continue
		}
		g := hotfix.Gated{Pull: pull.Number, Head: pull.HeadOID, Base: env.Environment, Below: r.below(env.Branch)}
		if err := r.observeProposal(ctx, &g, env, pull); err != nil {
			return fmt.Errorf("gate of #%d: %w", pull.Number, err)
		}
		r.snap.Gated = append(r.snap.Gated, g)
	}
	for branch, head := range r.snap.Branches {
		env, ok := r.environmentOf(queueBase(branch))
		if !ok {
			continue
		}
		g := hotfix.Gated{Head: head, Base: env.Environment, Below: r.below(env.Branch)}
		if err := r.observeQueue(ctx, &g, env); err != nil {
			return fmt.Errorf("gate of %s: %w", branch, err)
		}
		r.snap.Gated = append(r.snap.Gated, g)
	}
	slices.SortFunc(r.snap.Gated, func(a, b hotfix.Gated) int {
		return cmp.Or(cmp.Compare(a.Pull, b.Pull), cmp.Compare(a.Head, b.Head))
	})
	r.snap.Gated = oneForEachHead(r.snap.Gated)
	return nil
}

// oneForEachHead joins proposals of the same commit to several branches: there is
// one check run on it, and what is wrong for one of them is wrong.
func oneForEachHead(list []hotfix.Gated) []hotfix.Gated {
	var out []hotfix.Gated
	for _, g := range list {
		i := slices.IndexFunc(out, func(o hotfix.Gated) bool { return o.Head == g.Head })
		if i < 0 {
			out = append(out, g)
			continue
		}
		first := &out[i]
		if len(first.Losing) == 0 && (len(g.Losing) > 0 || len(first.Missing) == 0) {
			first.Base, first.Below, first.Losing, first.Missing = g.Base, g.Below, g.Losing, g.Missing
		}
		first.Conflicted, first.Later = first.Conflicted || g.Conflicted, first.Later || g.Later
		if g.Unknown != nil {
			first.Unknown = g.Unknown
		}
		if g.Config {
			first.Config, first.ConfigProblems = true, g.ConfigProblems
		}
	}
	return out
}

// queueBase is the branch that a merge queue's head is for: GitHub calls it
// gh-readonly-queue/<branch>/pr-<number>-<base>. Empty for any other branch.
func queueBase(branch string) string {
	rest, ok := strings.CutPrefix(branch, "gh-readonly-queue/")
	i := strings.LastIndex(rest, "/pr-")
	if !ok || i < 0 {
		return ""
	}
	return rest[:i]
}

// below reports whether a branch is that of an environment below the landing one.
func (r *run) below(branch string) bool {
	_, ok := r.snap.Config.Environments.Below().Find(branch)
	return ok
}

// environmentOf is the environment with a branch that exists.
func (r *run) environmentOf(branch string) (hotfix.EnvironmentState, bool) {
	env := r.environment(branch)
	return env, env.Branch != "" && !env.Absent
}

// openPulls are the open pull requests, with what the bot opened and without what
// it closed in this reconcile.
func (r *run) openPulls(lists seen) []hotfix.Pull {
	open := map[int]hotfix.Pull{}
	for _, pull := range lists.pulls {
		if pull.Open {
			open[pull.Number] = pull
		}
	}
	own := func(pull *hotfix.Pull) {
		switch {
		case pull == nil:
		case pull.Open:
			open[pull.Number] = *pull
		default:
			delete(open, pull.Number)
		}
	}
	r.eachAttempt(func(a *hotfix.Attempt) {
		own(a.Pull)
		if a.Pull != nil && r.snap.Postponed[hotfix.MergeBackport{Branch: a.Branch}.Key()] {
			delete(open, a.Pull.Number) // it was merged in this look
		}
	})
	r.eachRevert(func(revert *hotfix.Revert) { own(&revert.Pull) })
	for i := range r.snap.Hotfixes {
		for _, stage := range r.snap.Hotfixes[i].Stages {
			own(stage.Promotion)
		}
	}
	var list []hotfix.Pull
	for _, pull := range open {
		list = append(list, pull)
	}
	return list
}

// guarding reports whether an environment has a hotfix that a proposal could undo.
func (r *run) guarding(env hotfix.EnvironmentState) bool { return len(r.guards(env.Environment)) > 0 }

// observeProposal looks at one open pull request.
func (r *run) observeProposal(ctx context.Context, g *hotfix.Gated, env hotfix.EnvironmentState, pull hotfix.Pull) error {
	changesConfig := env.Branch == r.About().DefaultBranch
	guards := r.guards(env.Environment)
	if !changesConfig && len(guards) == 0 {
		return nil
	}
	base, err := r.mergeBase(ctx, g, env)
	if err != nil || base == "" {
		return err
	}
	if changesConfig {
		if err := r.observeConfigChange(ctx, g, base); err != nil {
			return err
		}
	}
	_, stage := r.environmentOf(pull.Head)
	return r.judge(ctx, g, env, []hotfix.Pick{{Commit: g.Head, Base: base}}, guards, stage && !pull.Fork)
}

// observeQueue looks at the head of a merge queue, which is the merge's result.
func (r *run) observeQueue(ctx context.Context, g *hotfix.Gated, env hotfix.EnvironmentState) error {
	return r.judge(ctx, g, env, []hotfix.Pick{{Commit: g.Head, Base: env.Tip}}, r.guards(env.Environment), false)
}
