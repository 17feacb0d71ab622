package githubsim

import "strings"

func (g *GitHub) pullBody(e Event) object {
	body := object{"number": e.Pull.Number(), "pull_request": g.wirePull(e.Pull)}
	switch e.Action {
	case "synchronize":
		body["before"], body["after"] = e.Before, e.After
	case "labeled", "unlabeled":
		body["label"] = g.wireLabel(e.Label)
	case "assigned", "unassigned":
		body["assignee"] = g.wireUser(e.Assignee)
	case "review_requested", "review_request_removed":
		body["requested_reviewer"] = g.wireUser(e.Reviewer)
	case "milestoned", "demilestoned":
		body["milestone"] = g.wireMilestone(e.Milestone)
	case "dequeued":
		body["reason"] = e.Reason
	case "auto_merge_disabled":
		body["reason"] = "Manually disabled by user"
	}
	if e.Action == "edited" {
		body["changes"] = g.pullChanges(e)
	}
	return body
}

// pullChanges tells of a former base by its branch and where that branch stood.
func (g *GitHub) pullChanges(e Event) object {
	changes := hookChanges(e)
	if was, moved := e.Changes["base"]; moved {
		delete(changes, "base_sha")
		changes["base"] = object{"ref": object{"from": was}, "sha": object{"from": e.Changes["base_sha"]}}
	}
	return changes
}

// reviewBody has the review's state in lower case, unlike the REST API.
func (g *GitHub) reviewBody(e Event) object {
	review := g.wireReview(e.Review)
	review["state"] = strings.ToLower(e.Review.State)
	return withChanges(object{"review": review, "pull_request": g.wirePullSimple(e.Pull)}, e)
}

// issueBody has the issue without closed_by, which only GET of a single issue shows.
func (g *GitHub) issueBody(e Event) object {
	body := object{"issue": g.hookIssue(e.Issue)}
	switch e.Action {
	case "labeled", "unlabeled":
		body["label"] = g.wireLabel(e.Label)
	case "assigned", "unassigned":
		body["assignee"] = g.wireUser(e.Assignee)
	case "milestoned", "demilestoned":
		body["milestone"] = g.wireMilestone(e.Milestone)
	}
	return withChanges(body, e)
}

func (g *GitHub) hookIssue(i *Issue) object {
	o := g.wireIssue(i)
	delete(o, "closed_by")
	return o
}

func (g *GitHub) commentBody(e Event) object {
	return withChanges(object{"issue": g.hookIssue(e.Issue), "comment": g.wireComment(e.Comment)}, e)
}

func (g *GitHub) labelBody(e Event) object {
	return withChanges(object{"label": g.wireLabel(e.Label)}, e)
}

func (g *GitHub) milestoneBody(e Event) object {
	return withChanges(object{"milestone": g.wireMilestone(e.Milestone)}, e)
}
