package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// How many release lines are compared with one commit at most, highest first. The
// line looked for is nearly always the first or the second. A landing environment
// may live on an older line; those below it run what comes next.
const (
	maxLines      = 12
	maxLinesBelow = 4
)

// observeEnvironments reads what each environment runs.
func (r *run) observeEnvironments(ctx context.Context) error {
	var wanted []hotfix.OID
	for _, env := range r.snap.Config.Environments {
		state := hotfix.EnvironmentState{Environment: env, Tip: r.snap.Branches[env.Branch]}
		state.Absent = state.Tip == ""
		if !state.Absent {
			wanted = append(wanted, state.Tip)
		}
		r.snap.Environments = append(r.snap.Environments, state)
	}
	if err := r.git.Fetch(ctx, wanted...); err != nil {
		return fmt.Errorf("fetch environments: %w", err)
	}
	above := len(r.snap.Environments) - len(r.snap.Config.Environments.Below())
	for i := range r.snap.Environments {
		limit := maxLines
		if i >= above {
			limit = maxLinesBelow
		}
		if err := r.observeVersion(ctx, &r.snap.Environments[i], limit); err != nil {
			return err
		}
	}
	return nil
}

// observeVersion finds the highest release that the environment's branch
// reaches, or whose tree equals its tree.
func (r *run) observeVersion(ctx context.Context, env *hotfix.EnvironmentState, limit int) error {
	if env.Absent {
		return nil
	}
	tip, err := r.git.Commit(ctx, env.Tip)
	if err != nil {
		return fmt.Errorf("read tip of %s: %w", env.Branch, err)
	}
	env.Tree = tip.Tree
	runs := func(c hotfix.Comparison) bool { return c.Reached() || c.Tree == env.Tree }
	for _, line := range r.lines(limit) {
		release, c, err := r.highest(ctx, line, env.Tip, runs)
		if err != nil {
			return err
		}
		if release == nil {
			continue
		}
		env.Version, env.Tag = release.Version.String(), release.Name
		if c.Tree != env.Tree {
			env.Mark = "+"
		}
		return nil
	}
	return nil
}

// line is the releases of one major.minor, lowest first.
type line []hotfix.ReleaseTag

// lines are the releases without pre-releases, highest line first. How many are
// asked is bounded, since each costs a request or two per commit.
func (r *run) lines(limit int) []line {
	var lines []line
	for i := range slices.Backward(r.snap.Releases) {
		release := r.snap.Releases[i]
		if release.Version.Pre != "" {
			continue
		}
		last := len(lines) - 1
		if last < 0 || !release.Version.SameLine(lines[last][0].Version) {
			if len(lines) == limit {
				break
			}
			lines, last = append(lines, nil), last+1
		}
		lines[last] = slices.Insert(lines[last], 0, release)
	}
	return lines
}

// highest is the highest release of a line of which want holds, or nil. A line is
// passed over when neither its highest nor its lowest release does: the releases
// of a line follow each other.
func (r *run) highest(ctx context.Context, l line, commit hotfix.OID, want func(hotfix.Comparison) bool) (*hotfix.ReleaseTag, hotfix.Comparison, error) {
	top := len(l) - 1
	c, err := r.compare(ctx, l[top].Commit, commit)
	if err != nil || want(c) {
		return &l[top], c, err
	}
	lowest, err := r.compare(ctx, l[0].Commit, commit)
	if err != nil || !want(lowest) {
		return nil, lowest, err
	}
	for i := top - 1; i > 0; i-- {
		if c, err = r.compare(ctx, l[i].Commit, commit); err != nil || want(c) {
			return &l[i], c, err
		}
	}
	return &l[0], lowest, nil
}

// observeLine finds the release that a landing commit descends from and the
// lowest release that contains it already (P4).
func (r *run) observeLine(ctx context.Context, h *hotfix.Hotfix) error {
	for _, line := range r.lines(maxLines) {
		if err := r.observeHolding(ctx, h, line); err != nil {
			return err
		}
		base, _, err := r.highest(ctx, line, h.Landing.Commit, func(c hotfix.Comparison) bool { return c.Relation == hotfix.Ancestor })
		if err != nil {
			return err
		}
		if base != nil {
			h.Base = base
			return nil
		}
	}
	return nil
}

// observeHolding finds the lowest release of a line that contains the landing
// commit. When its highest does not, none does.
func (r *run) observeHolding(ctx context.Context, h *hotfix.Hotfix, l line) error {
	for i := range slices.Backward(l) {
		c, err := r.compare(ctx, l[i].Commit, h.Landing.Commit)
		if err != nil || c.Relation != hotfix.Descendant && c.Relation != hotfix.Identical {
			return err
		}
		h.Holding = &l[i]
	}
	return nil
}

// compare asks how two commits stand to each other. That never changes, so it is
// asked once.
func (r *run) compare(ctx context.Context, a, b hotfix.OID) (hotfix.Comparison, error) {
	var known hotfix.Comparison
	fact := fmt.Sprintf("compare/%s/%s", a, b)
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &known); err != nil || ok {
		return known, err
	}
	known, err := r.Compare(ctx, a, b)
	if err != nil {
		return known, fmt.Errorf("compare %s with %s: %w", a.Short(), b.Short(), err)
	}
	return known, r.ledger.Remember(ctx, r.About().ID, fact, known)
}
