package bot

import (
	"context"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// observeMergers asks who merged pull requests, all of them at once. Lists do not tell
// it, and it never changes.
func (r *run) observeMergers(ctx context.Context, pulls ...hotfix.Pull) error {
	var unknown []int
	for _, pull := range pulls {
		known, err := r.ledger.Recall(ctx, r.About().ID, mergerFact(pull.Number), new(string))
		if err != nil {
			return err
		}
		if pull.Merged && !known {
			unknown = append(unknown, pull.Number)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	all, err := r.Links(ctx, unknown...)
	if err != nil {
		return fmt.Errorf("read who merged #%d: %w", unknown[0], err)
	}
	for _, pull := range unknown {
		links := all[pull]
		if links.MergedBy == "" {
			continue // GitHub does not say, perhaps not yet
		}
		if links.MergedBy == r.Bot().Login() {
			r.lookSoon()
		}
		if err := r.ledger.Remember(ctx, r.About().ID, mergerFact(pull), links.MergedBy); err != nil {
			return err
		}
	}
	return nil
}

// recallMerger fills in who merged a pull request.
func (r *run) recallMerger(ctx context.Context, pull *hotfix.Pull) error {
	_, err := r.ledger.Recall(ctx, r.About().ID, mergerFact(pull.Number), &pull.MergedBy)
	return err
}

// mergerFact is the fact who merged a pull request.
func mergerFact(pull int) string { return fmt.Sprintf("merger/%d", pull) }
