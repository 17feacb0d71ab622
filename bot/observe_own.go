package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// pushedFact names the commits at which the bot may have left a branch: where it stood
// before the last push, and what was pushed.
func pushedFact(branch string) string { return "pushed/" + branch }

// notePush notes a push before it is made.
func (r *run) notePush(ctx context.Context, branch string, before, after hotfix.OID) error {
	return r.ledger.Remember(ctx, r.About().ID, pushedFact(branch), []hotfix.OID{before, after})
}

// own reports whether a commit of a backport's branch is the bot's (P12). Whoever
// changes a branch becomes the committer of its tip; but an address can be written into
// any commit, so it also has to be one that the bot pushed: by its own notes, else by
// the pull request's marker, else because the same pick makes it again.
func (r *run) own(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target, a *hotfix.Attempt, commit hotfix.OID) (bool, error) {
	read, err := r.git.Commit(ctx, commit)
	if err != nil {
		return false, fmt.Errorf("read commit %s: %w", commit.Short(), err)
	}
	if read.CommitterEmail != r.Bot().Email() {
		return false, nil
	}
	var pushed []hotfix.OID
	known, err := r.ledger.Recall(ctx, r.About().ID, pushedFact(a.Branch), &pushed)
	switch {
	case err != nil:
		return false, err
	case known:
		return slices.Contains(pushed, commit), nil
	case a.Marker.Tip == commit:
		return true, nil
	}
	again, err := r.outcome(ctx, h, t.Carries.Picks, t.Carries.Union, t.Environment.Tip, t.Environment.Environment)
	return err == nil && again.Tip == commit, err
}
