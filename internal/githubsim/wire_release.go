package githubsim

import "strings"

// wireRelease is a release.
func (g *GitHub) wireRelease(x *Release) object {
	r := x.Repo
	api, tag := g.inRepo(r, "/releases/%d", x.ID), escapePath(x.TagName)
	o := object{
		"url": api, "html_url": g.page(r, "/releases/tag/%s", tag), "assets_url": api + "/assets",
		"upload_url":  strings.Replace(api, "/repos/", "/uploads/repos/", 1) + "/assets{?name,label}",
		"tarball_url": g.inRepo(r, "/tarball/%s", tag), "zipball_url": g.inRepo(r, "/zipball/%s", tag),
		"id": x.ID, "node_id": nodeID("RE", x.ID), "tag_name": x.TagName, "target_commitish": x.Target,
		"name": orNull(x.Name), "body": x.Body, "draft": x.Draft, "prerelease": x.Prerelease, "immutable": false,
		"created_at": stamp(x.CreatedAt), "updated_at": stamp(x.UpdatedAt), "published_at": stampOr(x.PublishedAt),
		"author": g.wireUser(x.Author), "assets": []object{},
	}
	if x.Draft {
		o["tarball_url"], o["zipball_url"] = nil, nil
	}
	return o
}

// wireDeployment is a deployment.
func (g *GitHub) wireDeployment(d *Deployment) object {
	api := g.inRepo(d.Repo, "/deployments/%d", d.ID)
	return object{
		"url": api, "id": d.ID, "node_id": nodeID("DE", d.ID), "sha": d.SHA, "ref": d.Ref, "task": d.Task,
		"payload": d.Payload, "original_environment": d.Environment, "environment": d.Environment,
		"description": orNull(d.Description), "creator": g.wireUser(d.Creator),
		"created_at": stamp(d.CreatedAt), "updated_at": stamp(d.UpdatedAt), "statuses_url": api + "/statuses",
		"repository_url": g.inRepo(d.Repo, ""), "transient_environment": d.Transient,
		"production_environment": d.Production, "performed_via_github_app": g.wireApp(d.App),
	}
}

// wireDeploymentStatus is one step of a deployment.
func (g *GitHub) wireDeploymentStatus(s *DeploymentStatus) object {
	d := s.Deployment
	api := g.inRepo(d.Repo, "/deployments/%d", d.ID)
	return object{
		"url": api + "/statuses/" + itoa(s.ID), "id": s.ID, "node_id": nodeID("DES", s.ID), "state": s.State,
		"creator": g.wireUser(s.Creator), "description": s.Description, "environment": s.Environment,
		"target_url": s.LogURL, "log_url": s.LogURL, "environment_url": s.EnvironmentURL,
		"created_at": stamp(s.CreatedAt), "updated_at": stamp(s.UpdatedAt), "deployment_url": api,
		"repository_url": g.inRepo(d.Repo, ""), "performed_via_github_app": g.wireApp(s.App),
	}
}
