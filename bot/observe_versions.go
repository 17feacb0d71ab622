package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// How many release lines are compared with one commit at most, highest first. The
// line looked for is nearly always the first or the second. A landing environment
// may live on an older line; those below it run what comes next.
const (
	maxLines      = 12
	maxLinesBelow = 4
)

// observeEnvironments reads what each environment runs.
func (r *run) observeEnvironments(ctx context.Context, lists seen) error {
	var wanted []hotfix.OID
	for _, env := range r.snap.Config.Environments {
		state := hotfix.EnvironmentState{Environment: env, Tip: r.snap.Branches[env.Branch]}
		state.Absent = state.Tip == ""
		if !state.Absent {
			wanted = append(wanted, state.Tip)
		}
		r.snap.Environments = append(r.snap.Environments, state)
	}
	if err := r.fetchTips(ctx, wanted, lists); err != nil {
		return fmt.Errorf("fetch environments: %w", err)
	}
	above := len(r.snap.Environments) - len(r.snap.Config.Environments.Below())
	for i := range r.snap.Environments {
		limit := maxLines
		if i >= above {
			limit = maxLinesBelow
		}
		if err := r.observeRuns(ctx, &r.snap.Environments[i], limit); err != nil {
			return err
		}
	}
	return nil
}

// fetchTips brings the tips of the environments and, in the same request, what stands on
// the bot's own branches, which is read later. Anybody may have pushed there: where git
// refuses it, that is the matter of its hotfix alone.
func (r *run) fetchTips(ctx context.Context, tips []hotfix.OID, lists seen) error {
	all := slices.Clone(tips)
	for backport := range lists.waiting() {
		if backport.Open {
			all = append(all, r.snap.Branches[backport.Head])
		}
	}
	if len(all) > len(tips) && r.git.Fetch(ctx, all...) == nil {
		return nil
	}
	return r.git.Fetch(ctx, tips...)
}

// releases are the release tags of every application, those of each lowest first.
func releases(tags []hotfix.Tag, config hotfix.Config) []hotfix.ReleaseTag {
	var all []hotfix.ReleaseTag
	for _, app := range config.Lines() {
		for _, release := range hotfix.Releases(tags, app.Tag) {
			release.Application = app.Name
			all = append(all, release)
		}
	}
	return all
}

// observeRuns finds which version of each application an environment runs.
func (r *run) observeRuns(ctx context.Context, env *hotfix.EnvironmentState, limit int) error {
	env.Runs = nil
	if env.Absent {
		return nil
	}
	tip, err := r.git.Commit(ctx, env.Tip)
	if err != nil {
		return fmt.Errorf("read tip of %s: %w", env.Branch, err)
	}
	env.Tree = tip.Tree
	for _, app := range r.snap.Config.Lines() {
		if err := r.observeVersion(ctx, env, app, limit); err != nil {
			return err
		}
	}
	return nil
}

// observeVersion finds the highest release of an application that the environment's
// branch reaches, or whose tree equals its tree.
func (r *run) observeVersion(ctx context.Context, env *hotfix.EnvironmentState, app hotfix.Application, limit int) error {
	runs := func(c hotfix.Comparison) bool { return c.Reached() || c.Tree == env.Tree }
	for _, line := range r.lines(app.Name, limit) {
		release, c, err := r.highest(ctx, line, env.Tip, runs)
		if err != nil {
			return err
		}
		if release == nil {
			continue
		}
		running := hotfix.Running{Application: app.Name, Version: release.Version.String(), Tag: release.Name}
		if running.Mark, err = r.mark(ctx, app, release.Commit, c.Tree, env); err != nil {
			return fmt.Errorf("compare %s with %s: %w", env.Branch, release.Name, err)
		}
		if running.Mark != "" {
			running.Ahead = c.Ahead
		}
		env.Runs = append(env.Runs, running)
		return nil
	}
	return nil
}

// mark tells whether an environment differs from a release. Where there are several
// applications, each looks at its own paths.
func (r *run) mark(ctx context.Context, app hotfix.Application, commit, tree hotfix.OID, env *hotfix.EnvironmentState) (string, error) {
	if tree == env.Tree {
		return "", nil
	}
	if len(r.snap.Config.Applications) < 2 {
		return "+", nil
	}
	paths, err := r.changed(ctx, commit, env.Tip)
	if err != nil || !concerns(app, paths) {
		return "", err
	}
	return "+", nil
}

// concerns reports whether one of the paths is the application's.
func concerns(app hotfix.Application, paths []string) bool {
	return slices.ContainsFunc(paths, func(path string) bool { return repoconfig.MatchesPath(app.Paths, path) })
}

// line is the releases of one major.minor, lowest first.
type line []hotfix.ReleaseTag

// lines are an application's releases without pre-releases, highest line first. How
// many are asked is bounded, since each costs a request or two per commit.
func (r *run) lines(application string, limit int) []line {
	var lines []line
	for i := range slices.Backward(r.snap.Releases) {
		release := r.snap.Releases[i]
		if release.Version.Pre != "" || release.Application != application {
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

// touched are the applications that a hotfix touches (P6). Where nobody can tell
// what it changes, it is the only one that may be meant.
func touched(config hotfix.Config, paths []string) []hotfix.Application {
	apps := config.Lines()
	if len(paths) == 0 && len(apps) == 1 {
		return apps
	}
	return slices.DeleteFunc(slices.Clone(apps), func(app hotfix.Application) bool { return !concerns(app, paths) })
}

// observeLines looks at the version line of each application that a hotfix touches.
func (r *run) observeLines(ctx context.Context, h *hotfix.Hotfix) error {
	for _, app := range touched(r.snap.Config, h.Landing.Paths) {
		line := hotfix.Line{Application: app.Name}
		if err := r.observeLine(ctx, h, &line); err != nil {
			return err
		}
		h.Lines = append(h.Lines, line)
	}
	return nil
}

// observeLine finds the release that a landing commit descends from and the
// lowest release that contains it already (P4).
func (r *run) observeLine(ctx context.Context, h *hotfix.Hotfix, into *hotfix.Line) error {
	for _, line := range r.lines(into.Application, maxLines) {
		if err := r.observeHolding(ctx, h, into, line); err != nil {
			return err
		}
		base, _, err := r.highest(ctx, line, h.Landing.Commit, func(c hotfix.Comparison) bool { return c.Relation == hotfix.Ancestor })
		if err != nil {
			return err
		}
		if base != nil {
			into.Base = base
			return nil
		}
	}
	return nil
}

// observeHolding finds the lowest release of a line that contains the landing
// commit. When its highest does not, none does.
func (r *run) observeHolding(ctx context.Context, h *hotfix.Hotfix, into *hotfix.Line, l line) error {
	for i := range slices.Backward(l) {
		c, err := r.compare(ctx, l[i].Commit, h.Landing.Commit)
		if err != nil || c.Relation != hotfix.Descendant && c.Relation != hotfix.Identical {
			return err
		}
		into.Holding = &l[i]
	}
	return nil
}

// compare asks how two commits stand to each other. That never changes, so it is
// asked once.
func (r *run) compare(ctx context.Context, a, b hotfix.OID) (hotfix.Comparison, error) {
	var known hotfix.Comparison
	fact := compareFact(a, b)
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &known); err != nil || ok {
		return known, err
	}
	known, ok, err := r.inherited(ctx, a, b)
	if err == nil && !ok {
		known, err = r.Compare(ctx, a, b)
	}
	if err != nil {
		return known, fmt.Errorf("compare %s with %s: %w", a.Short(), b.Short(), err)
	}
	return known, r.ledger.Remember(ctx, r.About().ID, fact, known)
}
