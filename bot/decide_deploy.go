package bot

import (
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// deploy wants the release of a hotfix in every environment above the landing
// one: by a fast-forward, else by a promotion pull request; and GitHub's record of
// it where that is configured (P5).
func deploy(s *hotfix.Snapshot, h *hotfix.Hotfix, status hotfix.Status) []hotfix.Action {
	var actions []hotfix.Action
	for i, standing := range status.Stages {
		stage := &h.Stages[i]
		switch {
		case standing.State == hotfix.StagePromoting && stage.Promotion == nil:
			actions = append(actions, promote(s, h, stage))
		case stage.Reached && s.Config.Deploy.GitHubDeployments && stage.Deployment == nil && ownTag(h):
			actions = append(actions, hotfix.RecordDeployment{
				Pull: h.Pull.Number, Environment: stage.Environment.Environment, Tag: h.Holding.Name,
			})
		}
		if spent(s, stage) {
			actions = append(actions, hotfix.DeleteBranch{Branch: stage.Promotion.Head, Tip: s.Branches[stage.Promotion.Head]})
		}
	}
	return actions
}

// spent reports whether the branch of a promotion has done its work. It stands at
// the release, as long as nobody pushed to it.
func spent(s *hotfix.Snapshot, stage *hotfix.Stage) bool {
	p := stage.Promotion
	return p != nil && p.Merged && stage.Own && s.Branches[p.Head] == p.HeadOID
}

// promote brings the release to an environment. A branch that may not be pushed to
// gets a pull request instead, as does one that has commits of its own.
func promote(s *hotfix.Snapshot, h *hotfix.Hotfix, stage *hotfix.Stage) hotfix.Action {
	env := stage.Environment.Environment
	forward := hotfix.Promote{Pull: h.Pull.Number, Environment: env, From: stage.Environment.Tip, To: h.Holding.Commit}
	if _, refused := s.Refused[forward.Key()]; stage.Forward && !refused {
		return forward
	}
	return hotfix.OpenPromotion{Pull: h.Pull.Number, Environment: env, Tag: h.Holding.Name, Commit: h.Holding.Commit}
}

// ownTag reports whether the release is the hotfix's own, and not a later one that
// holds it, too.
func ownTag(h *hotfix.Hotfix) bool {
	return h.Holding != nil && h.Holding.Commit == h.Landing.Commit
}

// stageStanding is where a hotfix stands in one environment above the landing one.
// The rules are asked in this order; the first that holds decides.
func stageStanding(s *hotfix.Snapshot, h *hotfix.Hotfix, stage *hotfix.Stage) hotfix.StageStanding {
	env := stage.Environment.Environment
	st := hotfix.StageStanding{Environment: env.Name, Branch: env.Branch, State: hotfix.StageWaits}
	if stage.Promotion != nil {
		st.Pull = stage.Promotion.Number
	}
	if stage.Deployment != nil {
		st.URL = stage.Deployment.URL
	}
	problem, refused := s.Refused[hotfix.PromotionKey(env.Branch, tagName(h))]
	switch {
	case failed(stage):
		st.State, st.Problem = hotfix.StageFailed, ptr(render.DeploymentFailed(env.Name, stage.Deployment.State))
	case stage.Reached:
		st.State = hotfix.StageDeployed
	case stage.Environment.Absent:
		st.Problem = ptr(render.MissingBranch(env))
	case h.Holding == nil: // for the release
	case stage.Promotion != nil && stage.Promotion.Merged:
		st.Problem = ptr(render.PromotionMissed(stage.Promotion.Number, stage.Promotion.Base, env.Branch))
	case stage.Promotion != nil && !stage.Promotion.Open:
		st.Problem = ptr(render.PromotionDeclined(stage.Promotion.Number, stage.Promotion.ClosedBy, h.Holding.Name, env.Branch))
	case refused:
		st.Problem = &problem
	default:
		st.State = hotfix.StagePromoting
	}
	return st
}

// failed reports whether GitHub's deployment says that it went wrong. Silence says
// nothing.
func failed(stage *hotfix.Stage) bool {
	return stage.Deployment != nil && (stage.Deployment.State == "failure" || stage.Deployment.State == "error")
}

// deployable is the tag that waits for somebody who says deploy; empty when none
// does.
func deployable(s *hotfix.Snapshot, h *hotfix.Hotfix) string {
	if h.Holding != nil || s.Config.Release.Trigger == "auto" || h.Landing.Unclear != "" {
		return ""
	}
	tag, ok := nextTag(s, h)
	if !ok {
		return ""
	}
	return tag.Name
}
