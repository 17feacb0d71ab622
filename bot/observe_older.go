package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// olderPulls are the open pull requests that nobody touched since the App came. What
// happens to one makes it one of the others, so the list is read once and only shrinks.
func (r *run) olderPulls(ctx context.Context, lists seen) ([]hotfix.Pull, error) {
	came := r.About().InstalledAt
	fact := "older/" + came.UTC().Format(time.RFC3339)
	var pulls []hotfix.Pull
	known, err := r.ledger.Recall(ctx, r.About().ID, fact, &pulls)
	if err != nil {
		return nil, err
	}
	if !known {
		if pulls, err = r.OlderPulls(ctx, came); err != nil {
			return nil, fmt.Errorf("list older pull requests: %w", err)
		}
		for i := range pulls {
			pulls[i].Body = "" // nobody reads it
		}
		if r.now().Sub(came) >= doubtFor { // GitHub may show late what happened just before
			err = r.ledger.Remember(ctx, r.About().ID, fact, pulls)
		}
	}
	return slices.DeleteFunc(pulls, func(p hotfix.Pull) bool {
		return slices.ContainsFunc(lists.pulls, func(touched hotfix.Pull) bool { return touched.Number == p.Number })
	}), err
}
