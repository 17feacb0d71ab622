package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// observeGate looks at every open pull request and merge queue head against an
// environment's branch (P19), and at those that change the configuration (P26).
// It is asked for when everything else is at rest, so that it sees what the bot
// opened and closed itself.
func (r *run) observeGate(ctx context.Context, lists seen) error {
	for _, pull := range r.openPulls(lists) {
		env, ok := r.environmentOf(pull.Base)
		if !ok {
			continue
		}
		g := hotfix.Gated{Pull: pull.Number, Head: pull.HeadOID, Base: env.Environment}
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
		g := hotfix.Gated{Head: head, Base: env.Environment}
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
			first.Base, first.Losing, first.Missing = g.Base, g.Losing, g.Missing
		}
		first.Conflicted = first.Conflicted || g.Conflicted
		if g.Config {
			first.Config, first.ConfigCheck, first.ConfigProblems = true, g.ConfigCheck, g.ConfigProblems
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
	r.eachAttempt(func(a *hotfix.Attempt) { own(a.Pull) })
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

// observeProposal looks at one open pull request.
func (r *run) observeProposal(ctx context.Context, g *hotfix.Gated, env hotfix.EnvironmentState, pull hotfix.Pull) error {
	compared, err := r.compare(ctx, env.Tip, g.Head)
	if isGone(err) || err == nil && compared.Base == "" {
		return nil // its head is gone, or shares nothing with the branch
	}
	if err != nil {
		return err
	}
	if env.Branch == r.About().DefaultBranch {
		if err := r.observeConfigChange(ctx, g, compared.Base); err != nil {
			return err
		}
	}
	if r.snap.Config.Gate == "off" {
		return nil
	}
	if g.Check, err = r.checkRun(ctx, g.Head, render.GateCheckName); err != nil {
		return err
	}
	merged := []hotfix.Pick{{Commit: g.Head, Base: compared.Base}}
	_, stage := r.environmentOf(pull.Head)
	return r.judge(ctx, g, env, merged, stage && !pull.Fork)
}

// observeQueue looks at the head of a merge queue, which is the merge's result.
func (r *run) observeQueue(ctx context.Context, g *hotfix.Gated, env hotfix.EnvironmentState) error {
	if r.snap.Config.Gate == "off" {
		return nil
	}
	var err error
	if g.Check, err = r.checkRun(ctx, g.Head, render.GateCheckName); err != nil {
		return err
	}
	return r.judge(ctx, g, env, []hotfix.Pick{{Commit: g.Head, Base: env.Tip}}, false)
}

// guarded is a hotfix that an environment has, with what it consists of.
type guarded struct {
	hotfix *hotfix.Hotfix
	says   hotfix.Guarded
	needs  []hotfix.Pick
	union  []string
}

// guards are the hotfixes that an environment has and must not lose: those that are
// not solved or still watched.
func (r *run) guards(env hotfix.Environment) []guarded {
	var list []guarded
	for i := range r.snap.Hotfixes {
		h := &r.snap.Hotfixes[i]
		status := standing(r.snap, h)
		needs, union := h.Landing.Picks, []string(nil)
		if t := h.Target(env.Branch); t != nil {
			needs, union = t.Carries.Needed(), t.Carries.Union
		}
		if h.Reverted == nil && has(status, h.Pull.Base, env) {
			list = append(list, guarded{hotfix: h, says: saysOf(status), needs: needs, union: union})
		}
	}
	for i := range r.snap.Settled {
		if settled := &r.snap.Settled[i]; settled.Watched && has(settled.Status, "", env) {
			pull := hotfix.Pull{Number: settled.Status.Key.Pull, MergedAt: settled.Status.MergedAt}
			h := &hotfix.Hotfix{Pull: pull, Landing: settled.Status.Landed}
			list = append(list, guarded{hotfix: h, says: saysOf(settled.Status), needs: h.Landing.Picks})
		}
	}
	return list
}

func saysOf(s hotfix.Status) hotfix.Guarded {
	return hotfix.Guarded{Pull: s.Key.Pull, Tag: s.Tag, Title: s.Title, Author: s.Author, Issue: s.Issue}
}

// has reports whether an environment has a hotfix by its status.
func has(s hotfix.Status, base string, env hotfix.Environment) bool {
	if s.Landing == env.Name || base == env.Branch {
		return true
	}
	return slices.ContainsFunc(s.Stages, func(st hotfix.StageStanding) bool {
		return st.Branch == env.Branch && st.State == hotfix.StageDeployed
	}) || slices.ContainsFunc(s.Standings, func(st hotfix.Standing) bool {
		return st.Branch == env.Branch && st.Verdict == hotfix.VerdictContained
	})
}

// verdict is what the gate found out, which never changes.
type verdict struct {
	Losing, Missing []hotfix.Guarded
	Conflicted      bool
}

// judge asks of each hotfix of the base whose paths the proposal touches whether
// the merge's result would still have it, and whether the head has it. A proposal
// that brings one environment to another is asked about all hotfixes.
func (r *run) judge(ctx context.Context, g *hotfix.Gated, env hotfix.EnvironmentState, merged []hotfix.Pick, stage bool) error {
	guards := r.guards(env.Environment)
	if len(guards) == 0 {
		return nil
	}
	paths, err := r.changed(ctx, merged[0].Base, merged[0].Commit)
	if err != nil {
		return r.lenient("gate", err)
	}
	guards = slices.DeleteFunc(guards, func(one guarded) bool { return !stage && !touches(one, paths) })
	if len(guards) == 0 {
		return nil
	}
	says := make([]hotfix.Guarded, len(guards))
	for i, one := range guards {
		says[i] = one.says
	}
	key, err := json.Marshal(says)
	if err != nil {
		return fmt.Errorf("name a verdict: %w", err)
	}
	var v verdict
	fact := fmt.Sprintf("gate/%s/%s/%s", env.Tip, g.Head, digest(key))
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &v); err != nil || !ok {
		if err != nil {
			return err
		}
		if v, err = r.look(ctx, env, merged, guards); err != nil {
			return r.lenient("gate", err)
		}
		if err := r.ledger.Remember(ctx, r.About().ID, fact, v); err != nil {
			return err
		}
	}
	g.Losing, g.Missing, g.Conflicted = v.Losing, v.Missing, v.Conflicted
	return nil
}

func touches(one guarded, paths []string) bool {
	return len(one.hotfix.Landing.Paths) == 0 ||
		slices.ContainsFunc(one.hotfix.Landing.Paths, func(path string) bool { return slices.Contains(paths, path) })
}

// look makes the merge and asks each hotfix of it.
func (r *run) look(ctx context.Context, env hotfix.EnvironmentState, merged []hotfix.Pick, guards []guarded) (verdict, error) {
	var v verdict
	result, err := r.replay(ctx, guards[0].hotfix, merged, nil, env.Tip, env.Environment)
	if err != nil {
		return v, err
	}
	after := result.Tip
	if result.Outcome == hotfix.Contained {
		after = env.Tip
	}
	v.Conflicted = result.Outcome == hotfix.Conflict
	for _, one := range guards {
		now, err := r.outcome(ctx, one.hotfix, one.needs, one.union, env.Tip, env.Environment)
		if err != nil {
			return v, err
		}
		then, err := r.replay(ctx, one.hotfix, one.needs, one.union, after, env.Environment)
		if err != nil {
			return v, err
		}
		if then.Applied, err = r.applied(ctx, then); err != nil {
			return v, err
		}
		head, err := r.outcome(ctx, one.hotfix, one.needs, one.union, merged[0].Commit, env.Environment)
		if err != nil {
			return v, err
		}
		switch {
		case undone(now): // it is lost there already, and said so elsewhere
		case undone(then) && !v.Conflicted:
			one.says.Paths = then.Paths
			v.Losing = append(v.Losing, one.says)
		case undone(head):
			v.Missing = append(v.Missing, one.says)
		}
	}
	return v, nil
}

// observeConfigChange reads the configuration of a pull request that changes it.
func (r *run) observeConfigChange(ctx context.Context, g *hotfix.Gated, base hotfix.OID) error {
	fact := fmt.Sprintf("config/%s/%s", base, g.Head)
	var seen struct {
		Changed bool
		Data    []byte
		There   bool
	}
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &seen); err != nil || !ok {
		if err != nil {
			return err
		}
		was, had, err := r.FileAt(ctx, repoconfig.File, base)
		if err != nil {
			return fmt.Errorf("read %s of #%d: %w", repoconfig.File, g.Pull, err)
		}
		if seen.Data, seen.There, err = r.FileAt(ctx, repoconfig.File, g.Head); err != nil {
			return fmt.Errorf("read %s of #%d: %w", repoconfig.File, g.Pull, err)
		}
		if seen.Changed = had != seen.There || string(was) != string(seen.Data); !seen.Changed {
			seen.Data = nil
		}
		if err := r.ledger.Remember(ctx, r.About().ID, fact, seen); err != nil {
			return err
		}
	}
	if g.Config = seen.Changed && seen.There; !g.Config {
		return nil
	}
	_, g.ConfigProblems = repoconfig.Parse(repoconfig.File, seen.Data, nil)
	var err error
	g.ConfigCheck, err = r.checkRun(ctx, g.Head, render.ConfigCheckName)
	return err
}
