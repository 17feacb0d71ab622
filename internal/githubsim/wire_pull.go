package githubsim

// wirePullSimple is a pull request as lists show it.
func (g *GitHub) wirePullSimple(p *Pull) object {
	i, r := p.Issue, p.Issue.Repo
	api, page := g.inRepo(r, "/pulls/%d", i.Number), g.page(r, "/pull/%d", i.Number)
	issue := g.wireIssue(i)
	o := object{
		"id": p.ID, "node_id": nodeID("PR", p.ID), "url": api, "html_url": page,
		"diff_url": page + ".diff", "patch_url": page + ".patch", "issue_url": issue["url"],
		"commits_url": api + "/commits", "review_comments_url": api + "/comments",
		"review_comment_url": g.inRepo(r, "/pulls/comments{/number}"), "comments_url": issue["comments_url"],
		"statuses_url": g.inRepo(r, "/statuses/%s", p.HeadSHA), "_links": g.pullLinks(p),
		"merged_at": stampOr(p.MergedAt), "merge_commit_sha": orNull(p.MergeCommitSHA),
		"requested_reviewers": wireAll(p.Reviewers, g.wireUser), "requested_teams": []object{},
		"head": g.pullSide(p.HeadRepo, p.HeadOwner, p.HeadRef, p.HeadSHA),
		"base": g.pullSide(r, r.Owner, p.BaseRef, p.BaseSHA), "draft": p.Draft,
		"auto_merge": g.wireAutoMerge(p.AutoMerge),
	}
	for _, k := range []string{
		"number", "state", "locked", "title", "user", "body", "labels", "milestone", "active_lock_reason",
		"created_at", "updated_at", "closed_at", "assignee", "assignees", "author_association",
	} {
		o[k] = issue[k]
	}
	return o
}

func (g *GitHub) pullLinks(p *Pull) object {
	r, n := p.Repo(), p.Number()
	href := func(s string) object { return object{"href": s} }
	api := g.inRepo(r, "/pulls/%d", n)
	return object{
		"self": href(api), "html": href(g.page(r, "/pull/%d", n)), "issue": href(g.inRepo(r, "/issues/%d", n)),
		"comments": href(g.inRepo(r, "/issues/%d/comments", n)), "review_comments": href(api + "/comments"),
		"review_comment": href(g.inRepo(r, "/pulls/comments{/number}")), "commits": href(api + "/commits"),
		"statuses": href(g.inRepo(r, "/statuses/%s", p.HeadSHA)),
	}
}

// pullSide is the head or the base. ref is the bare branch; only label has the owner.
func (g *GitHub) pullSide(r *Repo, owner *User, ref, sha string) object {
	return object{
		"label": owner.Login + ":" + ref, "ref": ref, "sha": sha,
		"user": g.wireUser(owner), "repo": g.wireRepo(r),
	}
}

func (g *GitHub) wireAutoMerge(a *AutoMerge) object {
	if a == nil {
		return nil
	}
	return object{
		"enabled_by": g.wireUser(a.By), "merge_method": a.Method,
		"commit_title": a.Title, "commit_message": a.Message,
	}
}

// wirePull is a pull request as GET shows it. mergeable is null until somebody asked after
// the last change.
func (g *GitHub) wirePull(p *Pull) object {
	o := g.wirePullSimple(p)
	added, deleted, files := g.pullSize(p)
	for k, v := range (object{
		"merged": p.Merged, "merged_by": g.wireUser(p.MergedBy), "mergeable": nil, "rebaseable": nil,
		"mergeable_state": "unknown", "comments": len(p.Issue.Comments), "review_comments": 0,
		"maintainer_can_modify": p.MaintainerCanModify, "commits": len(g.pullCommits(p)),
		"additions": added, "deletions": deleted, "changed_files": files,
	}) {
		o[k] = v
	}
	if p.mergeKnown && !p.Issue.Closed {
		o["mergeable"], o["rebaseable"] = p.mergeable, p.rebaseable
		o["mergeable_state"] = g.mergeableState(p)
	}
	return o
}

// wireReview is a submitted review.
func (g *GitHub) wireReview(v *Review) object {
	p := v.Pull
	page := g.page(p.Repo(), "/pull/%d#pullrequestreview-%d", p.Number(), v.ID)
	api := g.inRepo(p.Repo(), "/pulls/%d", p.Number())
	return object{
		"id": v.ID, "node_id": nodeID("PRR", v.ID), "user": g.wireUser(v.User), "body": v.Body, "state": v.State,
		"html_url": page, "pull_request_url": api, "submitted_at": stamp(v.SubmittedAt), "commit_id": orNull(v.CommitID),
		"author_association": g.association(p.Repo(), v.User),
		"_links":             object{"html": object{"href": page}, "pull_request": object{"href": api}},
	}
}
