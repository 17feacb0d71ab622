package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// dress gives a backport pull request its labels, assignees, reviewers and
// milestone. What GitHub will not accept of it is left out and logged: the
// backport itself matters more.
func (r *run) dress(ctx context.Context, a hotfix.Dress) error {
	h, number, cfg := r.snap.Find(a.Hotfix), a.Pull, r.snap.Config.Propagate
	reviewers, err := r.reviewers(ctx, h)
	if err != nil {
		return err
	}
	steps := []struct {
		name string
		do   func() error
	}{
		{"labels", func() error { return r.AddLabels(ctx, number, cfg.Labels...) }},
		{"assignees", func() error { return r.assign(ctx, a, assignees(cfg, h)) }},
		{"reviewers", func() error { return r.requestReview(ctx, a, reviewers) }},
		{"milestone", func() error { return r.copyMilestone(ctx, h, number) }},
	}
	for _, step := range steps {
		if err := r.lenient(ctx, step.name, step.do()); err != nil {
			return fmt.Errorf("set %s of #%d: %w", step.name, number, err)
		}
	}
	delete(r.snap.Begun, a.Key())
	return r.ledger.Settle(ctx, r.About().ID, a.Key())
}

// assign and requestReview fold back who is asked in the end: GitHub leaves out who
// cannot be.
func (r *run) assign(ctx context.Context, a hotfix.Dress, people []string) error {
	if len(people) == 0 {
		return nil
	}
	assigned, err := r.Assign(ctx, a.Pull, people)
	if err == nil {
		r.eachOf(a.Branch, func(attempt *hotfix.Attempt) { attempt.Pull.Assignees = assigned })
	}
	return err
}

func (r *run) requestReview(ctx context.Context, a hotfix.Dress, people []string) error {
	if len(people) == 0 {
		return nil
	}
	asked, err := r.RequestReview(ctx, a.Pull, people)
	if err == nil {
		r.eachOf(a.Branch, func(attempt *hotfix.Attempt) { attempt.Pull.Reviewers = asked })
	}
	return err
}

// eachOf changes the backports of a branch in the snapshot.
func (r *run) eachOf(branch string, change func(*hotfix.Attempt)) {
	r.eachAttempt(func(attempt *hotfix.Attempt) {
		if attempt.Branch == branch && attempt.Pull != nil {
			change(attempt)
		}
	})
}

// lenient drops a refusal after logging it.
func (r *run) lenient(ctx context.Context, what string, err error) error {
	if isRefusal(err) {
		r.log.Warn().Ctx(ctx).Err(err).Str("what", what).Msg("left out")
		return nil
	}
	return err
}

func (r *run) copyMilestone(ctx context.Context, h *hotfix.Hotfix, number int) error {
	if h.Pull.Milestone == 0 {
		return nil
	}
	return r.SetMilestone(ctx, number, h.Pull.Milestone)
}

// assignees are the people to whom a backport is assigned. The word "author"
// stands for the hotfix's author.
func assignees(cfg hotfix.Propagation, h *hotfix.Hotfix) []string {
	if len(cfg.Assign) == 1 && cfg.Assign[0] == "author" {
		return []string{h.Pull.Author}
	}
	return cfg.Assign
}

// reviewers are the people asked for a review. The word "approvers" stands for
// those who approved the hotfix and who merged it.
func (r *run) reviewers(ctx context.Context, h *hotfix.Hotfix) ([]string, error) {
	cfg := r.snap.Config.Propagate
	if len(cfg.Review) != 1 || cfg.Review[0] != "approvers" {
		return cfg.Review, nil
	}
	return r.approvers(ctx, h)
}

// approvers are those who approved the hotfix and who merged it.
func (r *run) approvers(ctx context.Context, h *hotfix.Hotfix) ([]string, error) {
	approvers, err := r.Approvers(ctx, h.Pull.Number)
	if err != nil {
		return nil, fmt.Errorf("read who approved #%d: %w", h.Pull.Number, err)
	}
	if h.Pull.MergedBy != "" && !slices.Contains(approvers, h.Pull.MergedBy) {
		approvers = append(approvers, h.Pull.MergedBy)
	}
	return approvers, nil
}
