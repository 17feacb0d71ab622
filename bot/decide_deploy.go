package bot

import (
	"cmp"
	"slices"

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
		case stage.Reached && s.Config.Deploy.GitHubDeployments:
			actions = append(actions, record(h, stage)...)
		}
		if spent(s, stage) {
			actions = append(actions, hotfix.DeleteBranch{Branch: stage.Promotion.Head, Tip: s.Branches[stage.Promotion.Head], Hotfix: h.Pull.Number})
		}
	}
	return actions
}

// record wants GitHub's record of the deployment of each of the hotfix's own releases.
func record(h *hotfix.Hotfix, stage *hotfix.Stage) []hotfix.Action {
	var actions []hotfix.Action
	for i := range h.Lines {
		line := &h.Lines[i]
		if !ownTag(h, line) || slices.ContainsFunc(stage.Deployments, func(d hotfix.Deployment) bool { return d.Ref == line.Holding.Name }) {
			continue
		}
		actions = append(actions, hotfix.RecordDeployment{
			Pull: h.Pull.Number, Environment: stage.Environment.Environment, Tag: line.Holding.Name,
		})
	}
	return actions
}

// unrecorded is why GitHub has no record of a deployment, or nil. It holds nothing up.
func unrecorded(s *hotfix.Snapshot, h *hotfix.Hotfix, stage *hotfix.Stage) *hotfix.Problem {
	for _, tag := range h.Tags() {
		record := hotfix.RecordDeployment{Environment: stage.Environment.Environment, Tag: tag}
		if problem, refused := s.Refused[record.Key()]; refused {
			return ptr(render.DeploymentUnrecorded(tag, problem))
		}
	}
	return nil
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
	env, release := stage.Environment.Environment, h.Holding()
	forward := hotfix.Promote{Pull: h.Pull.Number, Environment: env, From: stage.Environment.Tip, To: release.Commit}
	if _, refused := s.Refused[forward.Key()]; stage.Forward && !refused {
		return forward
	}
	return hotfix.OpenPromotion{Pull: h.Pull.Number, Environment: env, Tag: release.Name, Tags: h.Tags(), Commit: release.Commit}
}

// ownTag reports whether the release in a line is the hotfix's own, and not a later
// one that holds it, too.
func ownTag(h *hotfix.Hotfix, line *hotfix.Line) bool {
	return line.Holding != nil && line.Holding.Commit == h.Landing.Commit
}

// stageStanding is where a hotfix stands in one environment above the landing one.
// The rules are asked in this order; the first that holds decides.
func stageStanding(s *hotfix.Snapshot, h *hotfix.Hotfix, stage *hotfix.Stage) hotfix.StageStanding {
	env := stage.Environment.Environment
	st := hotfix.StageStanding{Environment: env.Name, Branch: env.Branch, State: hotfix.StageWaits}
	if stage.Promotion != nil {
		st.Pull = stage.Promotion.Number
	}
	for _, d := range stage.Deployments {
		st.URL = cmp.Or(st.URL, d.URL)
	}
	problem, refused := s.Refused[hotfix.PromotionKey(env.Branch, tagName(h))]
	switch {
	case failed(stage) != "":
		st.State, st.Problem = hotfix.StageFailed, ptr(render.DeploymentFailed(env.Name, failed(stage)))
	case stage.Reached:
		st.State, st.Problem = hotfix.StageDeployed, unrecorded(s, h, stage)
	case stage.Environment.Absent:
		st.Problem = ptr(render.MissingBranch(env))
	case len(h.Lines) == 0 && h.Landing.Unclear == "":
		st.Problem = ptr(render.NoApplication())
	case !released(s, h): // for the release
	case stage.Promotion != nil && stage.Promotion.Merged:
		st.Problem = ptr(render.PromotionMissed(stage.Promotion.Number, stage.Promotion.Base, env.Branch))
	case stage.Promotion != nil && !stage.Promotion.Open:
		st.Problem = ptr(render.PromotionDeclined(stage.Promotion.Number, stage.Promotion.ClosedBy, h.Tags(), env.Branch))
	case refused:
		st.Problem = &problem
	case rolledBack(stage) && stage.Promotion == nil:
		st.Problem = ptr(render.RolledBack(h.Tags(), env.Branch))
	default:
		st.State = hotfix.StagePromoting
	}
	return st
}

// rolledBack reports whether a person took the release back from an environment that
// had it: the bot does not bring it there again by itself (P17).
func rolledBack(stage *hotfix.Stage) bool { return stage.Before && !stage.Reached }

// failed is what GitHub's deployment says when it went wrong; else "". Silence says
// nothing.
func failed(stage *hotfix.Stage) string {
	for _, d := range stage.Deployments {
		if d.State == "failure" || d.State == "error" {
			return d.State
		}
	}
	return ""
}

// deployable are the tags that wait for somebody who says deploy.
func deployable(s *hotfix.Snapshot, h *hotfix.Hotfix) []string {
	if s.Config.Release.Trigger == "auto" || h.Landing.Unclear != "" {
		return nil
	}
	var names []string
	for i := range h.Lines {
		if line := &h.Lines[i]; awaitsTag(s, h, line) {
			tag, _ := nextTag(s, h, line)
			names = append(names, tag.Name)
		}
	}
	return names
}
