package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

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
	return hotfix.Guarded{Pull: s.Key.Pull, Tags: s.Tags(), Title: s.Title, Author: s.Author, Issue: s.Issue}
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
func (r *run) judge(ctx context.Context, g *hotfix.Gated, env hotfix.EnvironmentState, merged []hotfix.Pick, guards []guarded, stage bool) error {
	if r.snap.Config.Gate == "off" || len(guards) == 0 {
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
