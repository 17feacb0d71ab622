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
	landed hotfix.OID // the merge of the backport that brought it, where one did
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
			list = append(list, guarded{hotfix: h, says: saysOf(status), needs: needs, union: union, landed: broughtBy(status, env)})
		}
	}
	for i := range r.snap.Settled {
		if settled := &r.snap.Settled[i]; settled.Watched && has(settled.Status, "", env) {
			pull := hotfix.Pull{Number: settled.Status.Key.Pull, MergedAt: settled.Status.MergedAt}
			h := &hotfix.Hotfix{Pull: pull, Landing: settled.Status.Landed}
			list = append(list, guarded{
				hotfix: h, says: saysOf(settled.Status), landed: broughtBy(settled.Status, env),
				needs: hotfix.Without(h.Landing.Picks, leftOut(settled.Status, env)),
			})
		}
	}
	return list
}

func saysOf(s hotfix.Status) hotfix.Guarded {
	return hotfix.Guarded{Pull: s.Key.Pull, Tags: s.Tags(), Title: s.Title, Author: s.Author, Issue: s.Issue}
}

// broughtBy is the merge of the backport that brought a hotfix to an environment;
// empty where none did.
func broughtBy(s hotfix.Status, env hotfix.Environment) hotfix.OID {
	for _, st := range s.Standings {
		if st.Branch == env.Branch && st.Proof != nil && st.Proof.Pull != 0 {
			return st.Proof.Commit
		}
	}
	return ""
}

// leftOut are the paths of a hotfix that an environment does not get.
func leftOut(s hotfix.Status, env hotfix.Environment) []string {
	for _, st := range s.Standings {
		if st.Branch == env.Branch {
			return st.LeftOut
		}
	}
	return nil
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
	err := r.judgeThese(ctx, g, env, merged, guards, stage)
	if isGone(err) || isRefusal(err) { // others are judged all the same
		r.log.Warn().Ctx(ctx).Err(err).Int("pull", g.Pull).Msg("the gate cannot tell")
		g.Unknown = ptr(problemOf(err))
		return nil
	}
	return err
}

func (r *run) judgeThese(ctx context.Context, g *hotfix.Gated, env hotfix.EnvironmentState, merged []hotfix.Pick, guards []guarded, stage bool) error {
	paths, err := r.changed(ctx, merged[0].Base, merged[0].Commit)
	if err != nil {
		return err
	}
	guards = slices.DeleteFunc(guards, func(one guarded) bool { return !stage && !touches(one, paths) })
	if len(guards) == 0 {
		return nil
	}
	for i := range guards {
		if err := r.exact(ctx, &guards[i]); err != nil {
			return err
		}
	}
	v, err := r.verdict(ctx, g, env, merged, guards)
	g.Losing, g.Missing, g.Conflicted = v.Losing, v.Missing, v.Conflicted
	return err
}

// exact makes of a hotfix that a merged backport brought what that merge changed: as
// people resolved it, for this branch.
func (r *run) exact(ctx context.Context, one *guarded) error {
	if one.landed == "" {
		return nil
	}
	commit, err := r.git.Commit(ctx, one.landed)
	if err != nil || len(commit.Parents) == 0 {
		return err
	}
	one.needs = []hotfix.Pick{{Commit: one.landed, Base: commit.Parents[0]}}
	return nil
}

// maxJudged bounds how many proposals are looked at in one reconcile: a push moves the
// base of hundreds of them. The newest come first; the others keep what their check
// said until the next sweep, or until somebody touches them.
const maxJudged = 100

// mayJudge reports whether one more proposal may be looked at. The head of a merge queue
// always is: nothing is merged before it has its answer.
func (r *run) mayJudge(g hotfix.Gated) bool {
	r.judged++
	return g.Pull == 0 || r.judged <= maxJudged
}

// verdict looks, or remembers what was seen.
func (r *run) verdict(ctx context.Context, g *hotfix.Gated, env hotfix.EnvironmentState, merged []hotfix.Pick, guards []guarded) (verdict, error) {
	var v verdict
	var content []any
	for _, one := range guards {
		content = append(content, one.says, one.needs, one.union)
	}
	key, err := json.Marshal(content)
	if err != nil {
		return v, fmt.Errorf("name a verdict: %w", err)
	}
	fact := fmt.Sprintf("gate/%s/%s/%s", env.Tip, g.Head, digest(key))
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &v); err != nil || ok {
		return v, err
	}
	if g.Later = !r.mayJudge(*g); g.Later {
		return v, nil
	}
	if merged[0].Base != env.Tip { // where the head left the branch may have moved since it was asked
		compared, err := r.compare(ctx, env.Tip, merged[0].Commit)
		if err != nil {
			return v, err
		}
		merged[0].Base = compared.Base
	}
	if v, err = r.lookAt(ctx, env, merged, guards); err != nil {
		return v, err
	}
	return v, r.ledger.Remember(ctx, r.About().ID, fact, v)
}

func touches(one guarded, paths []string) bool {
	return len(one.hotfix.Landing.Paths) == 0 ||
		slices.ContainsFunc(one.hotfix.Landing.Paths, func(path string) bool { return slices.Contains(paths, path) })
}

// lookAt makes the merge and asks each hotfix of it.
func (r *run) lookAt(ctx context.Context, env hotfix.EnvironmentState, merged []hotfix.Pick, guards []guarded) (verdict, error) {
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
