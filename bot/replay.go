package bot

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// outcome is what picking changes onto a commit comes to. It depends on nothing
// that can change, so it is worked out once; when the commits are needed for a
// push they are made again, the same.
func (r *run) outcome(ctx context.Context, h *hotfix.Hotfix, picks []hotfix.Pick, union []string, onto hotfix.OID, env hotfix.Environment) (hotfix.Replay, error) {
	var replay hotfix.Replay
	content, err := json.Marshal(r.series(h, picks, union, env))
	if err != nil {
		return replay, fmt.Errorf("name a replay: %w", err)
	}
	fact := fmt.Sprintf("replay/%d/%s/%s", h.Pull.Number, digest(content), onto)
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &replay); err != nil || ok {
		return replay, err
	}
	if replay, err = r.replay(ctx, h, picks, union, onto, env); err != nil {
		return replay, err
	}
	if replay.Applied, err = r.applied(ctx, replay); err != nil {
		return replay, err
	}
	return replay, r.ledger.Remember(ctx, r.About().ID, fact, replay)
}

// digest names a text by its content.
func digest(text []byte) string { return fmt.Sprintf("%x", sha256.Sum256(text)) }

// applied are the paths that a replay with conflicts changes without one.
func (r *run) applied(ctx context.Context, replay hotfix.Replay) ([]string, error) {
	if replay.Outcome != hotfix.Conflict {
		return nil, nil
	}
	changed, err := r.git.Changed(ctx, replay.Onto, replay.Tip)
	if err != nil {
		return nil, fmt.Errorf("compare %s with a pick: %w", replay.Onto.Short(), err)
	}
	return slices.DeleteFunc(changed, func(path string) bool {
		return slices.ContainsFunc(replay.Conflicts, func(c hotfix.PathConflict) bool { return c.Path == path })
	}), nil
}

func (r *run) replay(ctx context.Context, h *hotfix.Hotfix, picks []hotfix.Pick, union []string, onto hotfix.OID, env hotfix.Environment) (hotfix.Replay, error) {
	replay, err := r.git.Replay(ctx, onto, r.series(h, picks, union, env))
	if err != nil {
		return replay, fmt.Errorf("pick onto %s: %w", onto.Short(), err)
	}
	return replay, nil
}

// series is all that the result depends on, beside the target.
func (r *run) series(h *hotfix.Hotfix, picks []hotfix.Pick, union []string, env hotfix.Environment) hotfix.Series {
	return hotfix.Series{
		Picks:  picks,
		Union:  union,
		By:     r.stamp(h.Pull),
		Labels: hotfix.Labels{Ours: env.Branch, Theirs: fmt.Sprintf("hotfix-%d", h.Pull.Number)},
	}
}
