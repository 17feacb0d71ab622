package githubsim

// wireRepo is a repository as it stands in lists and inside other objects.
func (g *GitHub) wireRepo(r *Repo) object {
	if r == nil {
		return nil
	}
	o := g.repoLinks(r)
	open, forks := r.openIssues(), g.forkCount(r)
	for k, v := range (object{
		"id": r.ID, "node_id": nodeID("R", r.ID), "name": r.Name, "full_name": r.FullName(),
		"owner": g.wireUser(r.Owner), "private": r.Private, "description": orNull(r.Description),
		"fork": r.Parent != nil, "mirror_url": nil, "homepage": nil, "language": nil, "license": nil,
		"forks_count": forks, "forks": forks, "stargazers_count": 0, "watchers_count": 0, "watchers": 0,
		"size": 0, "default_branch": r.DefaultBranch, "open_issues_count": open, "open_issues": open,
		"is_template": false, "topics": []string{}, "has_issues": true, "has_projects": true,
		"has_wiki": true, "has_pages": false, "has_downloads": true, "has_discussions": false,
		"archived": r.Archived, "disabled": false, "visibility": r.visibility(),
		"pushed_at": stamp(r.PushedAt), "created_at": stamp(r.CreatedAt), "updated_at": stamp(r.UpdatedAt),
		"allow_forking": r.Settings.AllowForking, "web_commit_signoff_required": false,
	}) {
		o[k] = v
	}
	return o
}

// repoLinks are the urls of a repository.
func (g *GitHub) repoLinks(r *Repo) object {
	api, page := g.inRepo(r, ""), g.page(r, "")
	return object{
		"html_url": page, "url": api, "clone_url": page + ".git", "svn_url": page,
		"git_url": "git://localhost/" + r.FullName() + ".git", "ssh_url": "git@localhost:" + r.FullName() + ".git",
		"archive_url": api + "/{archive_format}{/ref}", "assignees_url": api + "/assignees{/user}",
		"blobs_url": api + "/git/blobs{/sha}", "branches_url": api + "/branches{/branch}",
		"collaborators_url": api + "/collaborators{/collaborator}", "comments_url": api + "/comments{/number}",
		"commits_url": api + "/commits{/sha}", "compare_url": api + "/compare/{base}...{head}",
		"contents_url": api + "/contents/{+path}", "contributors_url": api + "/contributors",
		"deployments_url": api + "/deployments", "downloads_url": api + "/downloads",
		"events_url": api + "/events", "forks_url": api + "/forks", "git_commits_url": api + "/git/commits{/sha}",
		"git_refs_url": api + "/git/refs{/sha}", "git_tags_url": api + "/git/tags{/sha}",
		"hooks_url": api + "/hooks", "issue_comment_url": api + "/issues/comments{/number}",
		"issue_events_url": api + "/issues/events{/number}", "issues_url": api + "/issues{/number}",
		"keys_url": api + "/keys{/key_id}", "labels_url": api + "/labels{/name}",
		"languages_url": api + "/languages", "merges_url": api + "/merges",
		"milestones_url": api + "/milestones{/number}", "notifications_url": api + "/notifications{?since,all,participating}",
		"pulls_url": api + "/pulls{/number}", "releases_url": api + "/releases{/id}",
		"stargazers_url": api + "/stargazers", "statuses_url": api + "/statuses/{sha}",
		"subscribers_url": api + "/subscribers", "subscription_url": api + "/subscription",
		"tags_url": api + "/tags", "teams_url": api + "/teams", "trees_url": api + "/git/trees{/sha}",
	}
}

func (r *Repo) visibility() string {
	if r.Private {
		return "private"
	}
	return "public"
}

// openIssues counts issues and pull requests that are open.
func (r *Repo) openIssues() int {
	n := 0
	for _, i := range r.Issues {
		if i != nil && !i.Closed {
			n++
		}
	}
	return n
}

func (g *GitHub) forkCount(r *Repo) int {
	n := 0
	for _, f := range g.repos {
		if f.Parent == r {
			n++
		}
	}
	return n
}

// wireFullRepo is what GET /repos/{owner}/{repo} shows to the caller.
func (c *call) wireFullRepo(r *Repo) object {
	o := c.wireRepo(r)
	s := r.Settings
	for k, v := range (object{
		"subscribers_count": 0, "network_count": o["forks_count"], "temp_clone_token": nil,
		"allow_merge_commit": s.AllowMergeCommit, "allow_squash_merge": s.AllowSquashMerge,
		"allow_rebase_merge": s.AllowRebaseMerge, "allow_auto_merge": s.AllowAutoMerge,
		"allow_update_branch": s.AllowUpdateBranch, "delete_branch_on_merge": s.DeleteBranchOnMerge,
		"use_squash_pr_title_as_default": s.SquashTitle == "PR_TITLE",
		"squash_merge_commit_title":      s.SquashTitle, "squash_merge_commit_message": s.SquashMessage,
		"merge_commit_title": s.MergeTitle, "merge_commit_message": s.MergeMessage,
		"permissions": permissionFlags(c.roleIn(r)),
	}) {
		o[k] = v
	}
	if r.Owner.Type == TypeOrganization {
		o["organization"] = c.wireUser(r.Owner)
	}
	if r.Parent != nil {
		o["parent"], o["source"] = c.wireRepo(r.Parent), c.wireRepo(r.root())
	}
	return o
}

// root is the repository that all forks of a network come from.
func (r *Repo) root() *Repo {
	for r.Parent != nil {
		r = r.Parent
	}
	return r
}

// roleIn tells what the caller may do, as permissions shows it.
func (c *call) roleIn(r *Repo) Role {
	switch {
	case c.token == nil:
		return r.role(c.actor.User)
	case c.canWrite(r):
		return RoleWrite
	}
	return RoleRead
}

// permissionFlags are the booleans of a role.
func permissionFlags(have Role) object {
	return object{
		"admin": have >= RoleAdmin, "maintain": have >= RoleMaintain, "push": have >= RoleWrite,
		"triage": have >= RoleTriage, "pull": have >= RoleRead,
	}
}

// String is the role's name as role_name has it.
func (r Role) String() string {
	return [...]string{"none", "read", "triage", "write", "maintain", "admin"}[r]
}

// permission is the older, coarser name of a role: maintain is write, triage is read.
func (r Role) permission() string {
	switch r {
	case RoleMaintain:
		return "write"
	case RoleTriage:
		return "read"
	}
	return r.String()
}

// parseRole reads a role's name; also "push" and "pull", as the API takes them.
func parseRole(s string) (Role, bool) {
	switch s {
	case "push":
		return RoleWrite, true
	case "pull":
		return RoleRead, true
	}
	for r := RoleRead; r <= RoleAdmin; r++ {
		if r.String() == s {
			return r, true
		}
	}
	return RoleNone, false
}
