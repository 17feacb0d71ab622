package githubsim

// wireCheckRun is a check run.
func (g *GitHub) wireCheckRun(k *CheckRun) object {
	r := k.Suite.Repo
	api := g.inRepo(r, "/check-runs/%d", k.ID)
	details := k.DetailsURL
	if details == "" {
		details = g.at("/apps/%s", k.Suite.App.Slug)
	}
	return object{
		"id": k.ID, "head_sha": k.Suite.HeadSHA, "node_id": nodeID("CR", k.ID), "external_id": k.ExternalID,
		"url": api, "html_url": g.page(r, "/runs/%d", k.ID), "details_url": details, "status": k.Status,
		"conclusion": orNull(k.Conclusion), "started_at": stampOr(k.StartedAt), "completed_at": stampOr(k.CompletedAt),
		"output": object{
			"title": orNull(k.Title), "summary": orNull(k.Summary), "text": orNull(k.Text),
			"annotations_count": len(k.Annotations), "annotations_url": api + "/annotations",
		},
		"name": k.Name, "check_suite": object{"id": k.Suite.ID}, "app": g.wireApp(k.Suite.App),
		"pull_requests": g.wirePullsOf(k.Suite),
	}
}

// wirePullsOf lists, in short, the open pull requests of the same repository whose head is
// the suite's commit.
func (g *GitHub) wirePullsOf(s *CheckSuite) []object {
	out := []object{}
	for _, i := range s.Repo.Issues {
		if i == nil || i.Pull == nil || i.Closed || i.Pull.HeadSHA != s.HeadSHA || i.Pull.HeadRepo != s.Repo {
			continue
		}
		p := i.Pull
		short := object{"id": s.Repo.ID, "url": g.inRepo(s.Repo, ""), "name": s.Repo.Name}
		out = append(out, object{
			"id": p.ID, "number": i.Number, "url": g.inRepo(s.Repo, "/pulls/%d", i.Number),
			"head": object{"ref": p.HeadRef, "sha": p.HeadSHA, "repo": short},
			"base": object{"ref": p.BaseRef, "sha": p.BaseSHA, "repo": short},
		})
	}
	return out
}

// wireCheckSuite is a check suite.
func (g *GitHub) wireCheckSuite(s *CheckSuite) object {
	status, conclusion := s.state()
	runs := 0
	for _, k := range s.Repo.CheckRuns {
		if k.Suite == s {
			runs++
		}
	}
	api := g.inRepo(s.Repo, "/check-suites/%d", s.ID)
	return object{
		"id": s.ID, "node_id": nodeID("CS", s.ID), "head_branch": orNull(s.HeadBranch), "head_sha": s.HeadSHA,
		"status": status, "conclusion": orNull(conclusion), "url": api, "before": orNull(s.Before), "after": s.HeadSHA,
		"pull_requests": g.wirePullsOf(s), "app": g.wireApp(s.App), "repository": g.wireRepo(s.Repo),
		"created_at": stamp(s.CreatedAt), "updated_at": stamp(s.UpdatedAt),
		"head_commit": g.wireSimpleCommit(s.Repo, s.HeadSHA), "latest_check_runs_count": runs,
		"check_runs_url": api + "/check-runs", "rerequestable": true, "runs_rerequestable": true,
	}
}

// wireSimpleCommit is a commit in short.
func (g *GitHub) wireSimpleCommit(r *Repo, sha string) object {
	c, err := r.git.commit(sha)
	if err != nil {
		return nil
	}
	who := func(i ident) object { return object{"name": i.Name, "email": i.Email} }
	return object{
		"id": c.SHA, "tree_id": c.Tree, "message": trimmed(c.Message), "timestamp": stamp(c.Committer.When),
		"author": who(c.Author), "committer": who(c.Committer),
	}
}

// wireStatus is a commit status.
func (g *GitHub) wireStatus(r *Repo, s *Status) object {
	return object{
		"url": g.inRepo(r, "/statuses/%s", s.SHA), "avatar_url": g.at("/avatars/u/%d", s.Creator.ID),
		"id": s.ID, "node_id": nodeID("SC", s.ID), "state": s.State, "description": orNull(s.Description),
		"target_url": orNull(s.TargetURL), "context": s.Context,
		"created_at": stamp(s.CreatedAt), "updated_at": stamp(s.CreatedAt), "creator": g.wireUser(s.Creator),
	}
}
