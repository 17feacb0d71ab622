package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// observeStages looks at every environment above the landing one: whether it has
// the hotfix, whether it could be fast-forwarded, and what was proposed for it (P5).
func (r *run) observeStages(ctx context.Context, h *hotfix.Hotfix, lists seen) error {
	above := r.snap.Config.Environments.Above()
	if landing, ok := r.snap.Config.Environments.Landing(); ok && len(above) == 0 && r.snap.Config.Deploy.GitHubDeployments {
		above = hotfix.Pipeline{landing} // the release is deployed where it lands
	}
	for _, env := range slices.Backward(above) {
		stage := hotfix.Stage{Environment: r.environment(env.Branch)}
		if err := r.observeStage(ctx, h, &stage, lists); err != nil {
			return fmt.Errorf("%s: %w", env.Name, err)
		}
		h.Stages = append(h.Stages, stage)
	}
	return nil
}

// environment is the state of an environment by its branch.
func (r *run) environment(branch string) hotfix.EnvironmentState {
	for _, env := range r.snap.Environments {
		if env.Branch == branch {
			return env
		}
	}
	return hotfix.EnvironmentState{}
}

func (r *run) observeStage(ctx context.Context, h *hotfix.Hotfix, s *hotfix.Stage, lists seen) error {
	s.Promotion, s.Own = lists.promotion(tagName(h), s.Environment.Branch)
	if s.Environment.Absent || h.Landing.Commit == "" {
		return nil
	}
	s.Before = h.Marker.Proved[s.Environment.Branch] != ""
	if err := r.observeReached(ctx, h, s); err != nil {
		return err
	}
	if s.Promotion != nil && !s.Promotion.Open && !s.Promotion.Merged {
		var err error
		if s.Promotion.ClosedBy, err = r.ClosedBy(ctx, s.Promotion.Number); err != nil {
			return fmt.Errorf("read who closed #%d: %w", s.Promotion.Number, err)
		}
	}
	return r.observeDeployments(ctx, h, s)
}

// observeReached asks whether the environment has the hotfix: by history, or, for
// a promotion that was squashed, by content.
func (r *run) observeReached(ctx context.Context, h *hotfix.Hotfix, s *hotfix.Stage) error {
	compared, err := r.compare(ctx, h.Landing.Commit, s.Environment.Tip)
	if err != nil {
		return err
	}
	if s.Reached = compared.Reached(); s.Reached {
		return nil
	}
	if s.Promotion != nil && s.Promotion.Merged && h.Landing.Unclear == "" {
		if s.Reached, err = r.promoted(ctx, h, s); err != nil {
			return r.noteRefusal(ctx, hotfix.Promote{Pull: h.Pull.Number, Environment: s.Environment.Environment}.Key(), err)
		}
	}
	forward, err := r.compare(ctx, s.Environment.Tip, releaseCommit(h))
	s.Forward = forward.Relation == hotfix.Ancestor
	return err
}

// promoted reports whether a promotion that was squashed brought the hotfix to its
// environment, and nothing undid it there since; honest edits do not (P15).
func (r *run) promoted(ctx context.Context, h *hotfix.Hotfix, s *hotfix.Stage) (bool, error) {
	env := s.Environment
	now, err := r.outcome(ctx, h, h.Landing.Picks, nil, env.Tip, env.Environment)
	if err != nil || now.Outcome == hotfix.Contained || undone(now) {
		return now.Outcome == hotfix.Contained, err
	}
	merged, err := r.compare(ctx, s.Promotion.Landed, env.Tip)
	if err != nil || !merged.Reached() {
		return false, notGone(err)
	}
	then, err := r.outcome(ctx, h, h.Landing.Picks, nil, s.Promotion.Landed, env.Environment)
	return then.Outcome == hotfix.Contained, err
}

// releaseCommit is where the release that brings the hotfix to users stands, or
// will stand.
func releaseCommit(h *hotfix.Hotfix) hotfix.OID {
	if release := h.Holding(); release != nil {
		return release.Commit
	}
	return h.Landing.Commit
}

// observeDeployments reads what GitHub recorded of the deployment of the hotfix's
// releases.
func (r *run) observeDeployments(ctx context.Context, h *hotfix.Hotfix, s *hotfix.Stage) error {
	if !r.snap.Config.Deploy.GitHubDeployments {
		return nil
	}
	for _, tag := range h.Tags() {
		list, err := r.Deployments(ctx, tag, s.Environment.Name)
		if isRefusal(err) { // nobody can tell whether there is a record: none is made
			err = r.noteRefusal(ctx, hotfix.RecordDeployment{Environment: s.Environment.Environment, Tag: tag}.Key(), err)
		}
		if err != nil {
			return fmt.Errorf("list deployments of %s: %w", tag, err)
		}
		if len(list) > 0 {
			s.Deployments = append(s.Deployments, list[0])
		}
	}
	return nil
}

// promotion is the newest promotion pull request of a release to an environment,
// and whether its head is the release itself.
func (s seen) promotion(tag, branch string) (newest *hotfix.Pull, own bool) {
	for _, p := range s.pulls {
		var marker hotfix.PromotionMarker
		if p.ByBot && naming.FindMarker(p.Body, naming.KindPromote, &marker) &&
			marker.Tag == tag && marker.Environment == branch && (newest == nil || p.Number > newest.Number) {
			newest, own = &p, p.HeadOID == marker.Commit
		}
	}
	return newest, own
}
