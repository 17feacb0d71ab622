package githubsim

import (
	"context"
	"strings"
)

func (g *GitHub) releaseBody(e Event) object {
	return withChanges(object{"release": g.wireRelease(e.Release)}, e)
}

// groupBody has the group as it stood before it was destroyed.
func (g *GitHub) groupBody(e Event) object {
	m := e.Group
	body := object{"merge_group": object{
		"head_sha": m.HeadSHA, "head_ref": "refs/heads/" + m.Branch,
		"base_sha": m.BaseSHA, "base_ref": "refs/heads/" + m.Pull.BaseRef,
		"head_commit": g.wireSimpleCommit(e.Repo, m.HeadSHA),
	}}
	if e.Reason != "" {
		body["reason"] = e.Reason
	}
	return body
}

// checkRunBody has the check run with its suite in short.
func (g *GitHub) checkRunBody(e Event) object {
	run := g.wireCheckRun(e.CheckRun)
	run["check_suite"] = g.shortSuite(e.CheckRun.Suite)
	body := object{"check_run": run}
	if e.Action == "requested_action" {
		body["requested_action"] = object{"identifier": e.RequestedAction}
	}
	return body
}

func (g *GitHub) shortSuite(s *CheckSuite) object {
	o := g.wireCheckSuite(s)
	short := object{}
	for _, k := range []string{
		"id", "node_id", "head_branch", "head_sha", "status", "conclusion", "url", "before", "after",
		"pull_requests", "app", "created_at", "updated_at",
	} {
		short[k] = o[k]
	}
	return short
}

func (g *GitHub) checkSuiteBody(e Event) object {
	o := g.wireCheckSuite(e.CheckSuite)
	delete(o, "repository")
	return object{"check_suite": o}
}

// statusBody has no object of its own: its properties lie in the body.
func (g *GitHub) statusBody(e Event) object {
	s := e.Status
	body := object{
		"id": s.ID, "sha": s.SHA, "name": e.Repo.FullName(), "state": s.State, "context": s.Context,
		"description": orNull(s.Description), "target_url": orNull(s.TargetURL),
		"avatar_url": g.at("/avatars/u/%d", s.Creator.ID),
		"branches":   g.branchesAt(e.Repo, s.SHA), "created_at": stamp(s.CreatedAt), "updated_at": stamp(s.CreatedAt),
	}
	if c, err := e.Repo.git.commit(s.SHA); err == nil {
		body["commit"] = g.wireCommit(e.Repo, c)
	}
	return body
}

// branchesAt lists up to ten branches that hold a commit.
func (g *GitHub) branchesAt(r *Repo, sha string) []object {
	out := []object{}
	text, err := r.git.run(context.Background(), "for-each-ref", "--count=10", "--contains="+sha,
		"--format=%(refname:lstrip=2) %(objectname)", "refs/heads/")
	if err != nil {
		return out
	}
	for _, l := range lines(text) {
		name, tip, _ := strings.Cut(l, " ")
		out = append(out, object{
			"name": name, "protected": false, "commit": object{"sha": tip, "url": g.inRepo(r, "/commits/%s", tip)},
		})
	}
	return out
}

func (g *GitHub) deploymentBody(e Event) object {
	return object{"deployment": g.wireDeployment(e.Deployment), "workflow": nil, "workflow_run": nil}
}

func (g *GitHub) deploymentStatusBody(e Event) object {
	return object{
		"deployment": g.wireDeployment(e.Deployment), "deployment_status": g.wireDeploymentStatus(e.DeploymentStatus),
		"check_run": nil, "workflow": nil, "workflow_run": nil,
	}
}

func (g *GitHub) memberBody(e Event) object {
	body := object{"member": g.wireUser(e.Member)}
	to := e.Repo.Collaborators[e.Member].permission()
	switch e.Action {
	case "added":
		body["changes"] = object{"permission": object{"to": to}}
	case "edited":
		body["changes"] = object{"permission": object{"from": e.Changes["permission"], "to": to}}
	}
	return body
}

// repositoryBody tells of renames where the old name stood.
func (g *GitHub) repositoryBody(e Event) object {
	changes := hookChanges(e)
	if name, renamed := changes["name"]; renamed {
		changes = object{"repository": object{"name": name}}
	}
	if e.Changes == nil {
		return object{}
	}
	return object{"changes": changes}
}
