package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// How far missing prerequisites are looked for: conflicting paths, and commits of
// the landing side for each.
const (
	maxPrerequisitePaths   = 3
	maxPrerequisiteCommits = 8
)

// prerequisites finds the commits of the landing side that an environment lacks and
// without which the hotfix conflicts there: picked before it, they make a conflict
// go away. It looks at the newest ones only, and only where there is a conflict.
func (r *run) prerequisites(ctx context.Context, h *hotfix.Hotfix, what hotfix.Carries, replay hotfix.Replay, env hotfix.EnvironmentState) ([]hotfix.Prerequisite, error) {
	if replay.Outcome != hotfix.Conflict {
		return nil, nil
	}
	var found []hotfix.Prerequisite
	fact := fmt.Sprintf("prerequisites/%s/%s", replay.Tip, env.Tip)
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &found); err != nil || ok {
		return found, err
	}
	seen := map[string]bool{}
	for _, c := range replay.Conflicts {
		if c.Path == "" || seen[c.Path] || len(seen) == maxPrerequisitePaths {
			continue
		}
		seen[c.Path] = true
		missing, err := r.missingAt(ctx, h, what, c.Path, env)
		if err != nil {
			return nil, r.hint(ctx, fact, err)
		}
		found = append(found, missing...)
	}
	return found, r.ledger.Remember(ctx, r.About().ID, fact, found)
}

// hint drops the error of a thing that only helps people, when it has been so for a
// while: what matters goes on. A budget that is used up and an end that was asked for
// are no such errors.
func (r *run) hint(ctx context.Context, what string, err error) error {
	var later *hotfix.Later
	if errors.As(err, &later) || errors.Is(err, context.Canceled) {
		return err
	}
	if err = disbelieve(ctx, r.ledger, r.About().ID, "hint/"+what, r.now(), err); errors.As(err, &later) {
		return err
	}
	r.log.Warn().Ctx(ctx).Err(err).Str("what", what).Msg("left out")
	return nil
}

// missingAt finds the prerequisites of one conflicting path.
func (r *run) missingAt(ctx context.Context, h *hotfix.Hotfix, what hotfix.Carries, path string, env hotfix.EnvironmentState) ([]hotfix.Prerequisite, error) {
	candidates, err := r.lacking(ctx, what.Picks[0].Base, path, env)
	if err != nil || len(candidates) == 0 {
		return nil, err
	}
	var found []hotfix.Commit
	for _, c := range candidates {
		helps, err := r.helps(ctx, h, what, path, env, c)
		if err != nil {
			return nil, err
		}
		if helps {
			found = append(found, c)
		}
	}
	if len(found) == 0 { // perhaps only all of them together
		helps, err := r.helps(ctx, h, what, path, env, candidates...)
		if err != nil || !helps {
			return nil, err
		}
		found = candidates
	}
	list := make([]hotfix.Prerequisite, len(found))
	for i, c := range found {
		subject, _, _ := strings.Cut(c.Message, "\n")
		list[i] = hotfix.Prerequisite{Commit: c.OID, Subject: subject, Author: author(c), Path: path}
	}
	return list, nil
}

// lacking lists, oldest first, the newest commits before the hotfix that changed a
// path and are neither in the environment's history of it nor picked there.
func (r *run) lacking(ctx context.Context, before hotfix.OID, path string, env hotfix.EnvironmentState) ([]hotfix.Commit, error) {
	there, err := r.History(ctx, env.Tip, path, 100)
	if err != nil {
		return nil, fmt.Errorf("list commits of %s: %w", path, err)
	}
	here, err := r.History(ctx, before, path, maxHistoryCommits)
	if err != nil {
		return nil, fmt.Errorf("list commits of %s: %w", path, err)
	}
	has := func(c hotfix.Commit) bool {
		return slices.ContainsFunc(there, func(t hotfix.Commit) bool {
			return t.OID == c.OID || strings.Contains(t.Message, "(cherry picked from commit "+string(c.OID)+")")
		})
	}
	var list []hotfix.Commit
	for _, c := range here {
		if len(c.Parents) == 1 && !has(c) && len(list) < maxPrerequisiteCommits {
			list = append(list, c)
		}
	}
	slices.Reverse(list)
	return list, nil
}

// helps reports whether picking commits first makes a path's conflict go away.
func (r *run) helps(ctx context.Context, h *hotfix.Hotfix, what hotfix.Carries, path string, env hotfix.EnvironmentState, first ...hotfix.Commit) (bool, error) {
	var picks []hotfix.Pick
	for _, c := range first {
		picks = append(picks, hotfix.Pick{Commit: c.OID, Base: c.Parents[0], Only: []string{path}})
	}
	replay, err := r.outcome(ctx, h, append(picks, what.Picks...), what.Union, env.Tip, env.Environment)
	if isGone(err) || isRefusal(err) {
		return false, nil
	}
	return err == nil && !slices.ContainsFunc(replay.Conflicts, func(c hotfix.PathConflict) bool { return c.Path == path }), err
}
