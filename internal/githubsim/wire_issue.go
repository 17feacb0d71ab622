package githubsim

// wireLabel is a label of a repository.
func (g *GitHub) wireLabel(l *Label) object {
	return object{
		"id": l.ID, "node_id": nodeID("LA", l.ID), "url": g.inRepo(l.Repo, "/labels/%s", escapeName(l.Name)),
		"name": l.Name, "description": orNull(l.Description), "color": l.Color, "default": l.Default,
	}
}

// wireMilestone is a milestone; null for none.
func (g *GitHub) wireMilestone(m *Milestone) object {
	if m == nil {
		return nil
	}
	open, closed := 0, 0
	for _, i := range m.Repo.Issues {
		if i != nil && i.Milestone == m {
			if i.Closed {
				closed++
			} else {
				open++
			}
		}
	}
	url := g.inRepo(m.Repo, "/milestones/%d", m.Number)
	return object{
		"url": url, "html_url": g.page(m.Repo, "/milestone/%d", m.Number), "labels_url": url + "/labels",
		"id": m.ID, "node_id": nodeID("MI", m.ID), "number": m.Number, "state": openOr(m.Closed),
		"title": m.Title, "description": orNull(m.Description), "creator": g.wireUser(m.Creator),
		"open_issues": open, "closed_issues": closed, "due_on": stampOr(m.DueOn),
		"created_at": stamp(m.CreatedAt), "updated_at": stamp(m.UpdatedAt), "closed_at": stampOr(m.ClosedAt),
	}
}

// openOr is the state of what is open or closed.
func openOr(closed bool) string {
	if closed {
		return "closed"
	}
	return "open"
}

// wireIssue is an issue, or the issue side of a pull request.
func (g *GitHub) wireIssue(i *Issue) object {
	api, page := g.inRepo(i.Repo, "/issues/%d", i.Number), g.page(i.Repo, "/issues/%d", i.Number)
	if i.Pull != nil {
		page = g.page(i.Repo, "/pull/%d", i.Number)
	}
	o := object{
		"id": i.ID, "node_id": nodeID(i.nodeKind(), i.nodeNumber()), "url": api, "repository_url": g.inRepo(i.Repo, ""),
		"labels_url": api + "/labels{/name}", "comments_url": api + "/comments", "events_url": api + "/events",
		"timeline_url": api + "/timeline", "html_url": page, "number": i.Number, "state": openOr(i.Closed),
		"state_reason": orNull(i.StateReason), "title": i.Title, "body": orNull(i.Body),
		"user": g.wireUser(i.User), "labels": wireAll(i.Labels, g.wireLabel),
		"assignee": nil, "assignees": wireAll(i.Assignees, g.wireUser), "milestone": g.wireMilestone(i.Milestone),
		"locked": i.Locked, "active_lock_reason": nil, "comments": len(i.Comments),
		"closed_at": stampOr(i.ClosedAt), "created_at": stamp(i.CreatedAt), "updated_at": stamp(i.UpdatedAt),
		"closed_by": g.wireUser(i.ClosedBy), "author_association": g.association(i.Repo, i.User),
		"performed_via_github_app": g.wireApp(i.App), "reactions": g.wireRollup(api, i.Reactions),
	}
	if len(i.Assignees) > 0 {
		o["assignee"] = g.wireUser(i.Assignees[0])
	}
	if i.Pull != nil {
		o["draft"] = i.Pull.Draft
		o["pull_request"] = object{
			"url": g.inRepo(i.Repo, "/pulls/%d", i.Number), "html_url": page, "diff_url": page + ".diff",
			"patch_url": page + ".patch", "merged_at": stampOr(i.Pull.MergedAt),
		}
	}
	return o
}

// nodeKind and nodeNumber make the global id: a pull request's issue has that of the pull
// request.
func (i *Issue) nodeKind() string {
	if i.Pull != nil {
		return "PR"
	}
	return "I"
}

func (i *Issue) nodeNumber() int64 {
	if i.Pull != nil {
		return i.Pull.ID
	}
	return i.ID
}

// association is what an author is to the repository.
func (g *GitHub) association(r *Repo, u *User) string {
	if u == nil {
		return "NONE"
	}
	if u == r.Owner {
		return "OWNER"
	}
	for _, m := range r.Owner.Members {
		if m == u {
			return "MEMBER"
		}
	}
	if r.Collaborators[u] > RoleNone {
		return "COLLABORATOR"
	}
	for _, i := range r.Issues {
		if i != nil && i.Pull != nil && i.Pull.Merged && i.User == u {
			return "CONTRIBUTOR"
		}
	}
	return "NONE"
}

// wireComment is a comment on an issue or pull request.
func (g *GitHub) wireComment(c *Comment) object {
	i := c.Issue
	api := g.inRepo(i.Repo, "/issues/comments/%d", c.ID)
	place := "issues"
	if i.Pull != nil {
		place = "pull"
	}
	return object{
		"id": c.ID, "node_id": nodeID("IC", c.ID), "url": api, "body": c.Body,
		"html_url": g.page(i.Repo, "/%s/%d#issuecomment-%d", place, i.Number, c.ID),
		"user":     g.wireUser(c.User), "created_at": stamp(c.CreatedAt), "updated_at": stamp(c.UpdatedAt),
		"issue_url": g.inRepo(i.Repo, "/issues/%d", i.Number), "author_association": g.association(i.Repo, c.User),
		"performed_via_github_app": g.wireApp(c.App), "reactions": g.wireRollup(api, c.Reactions),
	}
}

// wireReaction is one reaction.
func (g *GitHub) wireReaction(r *Reaction) object {
	return object{
		"id": r.ID, "node_id": nodeID("REA", r.ID), "user": g.wireUser(r.User),
		"content": r.Content, "created_at": stamp(r.CreatedAt),
	}
}

// reactionKinds are the emoji that GitHub knows.
var reactionKinds = [...]string{"+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"}

// wireRollup counts reactions.
func (g *GitHub) wireRollup(api string, list []*Reaction) object {
	o := object{"url": api + "/reactions", "total_count": len(list)}
	for _, k := range reactionKinds {
		o[k] = 0
	}
	for _, r := range list {
		n, _ := o[r.Content].(int)
		o[r.Content] = n + 1
	}
	return o
}

// wireIssueEvent is a line of an issue's history.
func (g *GitHub) wireIssueEvent(e *IssueEvent) object {
	o := object{
		"id": e.ID, "node_id": nodeID("EV", e.ID), "url": g.inRepo(e.Issue.Repo, "/issues/events/%d", e.ID),
		"actor": g.wireUser(e.Actor), "event": e.Event, "commit_id": orNull(e.CommitID), "commit_url": nil,
		"created_at": stamp(e.CreatedAt), "performed_via_github_app": g.wireApp(e.App),
	}
	if e.CommitID != "" {
		o["commit_url"] = g.inRepo(e.Issue.Repo, "/commits/%s", e.CommitID)
	}
	switch {
	case e.Label != nil:
		o["label"] = object{"name": e.Label.Name, "color": e.Label.Color}
	case e.Assignee != nil:
		o["assignee"], o["assigner"] = g.wireUser(e.Assignee), g.wireUser(e.Actor)
	case e.Reviewer != nil:
		o["requested_reviewer"], o["review_requester"] = g.wireUser(e.Reviewer), g.wireUser(e.Actor)
	case e.Milestone != nil:
		o["milestone"] = object{"title": e.Milestone.Title}
	case e.Event == "renamed":
		o["rename"] = object{"from": e.From, "to": e.To}
	}
	return o
}
