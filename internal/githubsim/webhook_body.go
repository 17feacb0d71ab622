package githubsim

import (
	"encoding/json"
	"fmt"
)

// hookBodies give, by event, what a body has beside the envelope. Every shape is made of that
// of the REST API.
var hookBodies = map[string]func(*GitHub, Event) object{
	"ping":                      (*GitHub).pingBody,
	"installation":              (*GitHub).installationBody,
	"installation_repositories": (*GitHub).installationReposBody,
	"push":                      (*GitHub).pushBody,
	"create":                    (*GitHub).createBody,
	"delete":                    (*GitHub).deleteBody,
	"merge_group":               (*GitHub).groupBody,
	"pull_request":              (*GitHub).pullBody,
	"pull_request_review":       (*GitHub).reviewBody,
	"issues":                    (*GitHub).issueBody,
	"issue_comment":             (*GitHub).commentBody,
	"label":                     (*GitHub).labelBody,
	"milestone":                 (*GitHub).milestoneBody,
	"release":                   (*GitHub).releaseBody,
	"check_run":                 (*GitHub).checkRunBody,
	"check_suite":               (*GitHub).checkSuiteBody,
	"status":                    (*GitHub).statusBody,
	"deployment":                (*GitHub).deploymentBody,
	"deployment_status":         (*GitHub).deploymentStatusBody,
	"member":                    (*GitHub).memberBody,
	"repository":                (*GitHub).repositoryBody,
}

// hookBody renders an event for an installation.
func (g *GitHub) hookBody(e Event, to *Installation) ([]byte, error) {
	own := hookBodies[e.Name]
	if own == nil {
		return nil, fmt.Errorf("the simulated GitHub does not know the event %s", e.Name)
	}
	body := g.envelope(e, to)
	for k, v := range own(g, e) {
		body[k] = v
	}
	return json.Marshal(body)
}

// envelope is what all bodies have.
func (g *GitHub) envelope(e Event, to *Installation) object {
	body := object{}
	if e.Action != "" {
		body["action"] = e.Action
	}
	if e.Actor.User != nil {
		body["sender"] = g.wireUser(e.Actor.User)
	}
	if e.Repo == nil {
		return body
	}
	body["repository"] = g.wireRepo(e.Repo)
	if to != nil {
		body["installation"] = object{"id": to.ID, "node_id": nodeID("IN", to.ID)}
	}
	if e.Repo.Owner.Type == TypeOrganization {
		body["organization"] = g.hookOrganization(e.Repo.Owner)
	}
	return body
}

// hookOrganization is an organisation in short.
func (g *GitHub) hookOrganization(u *User) object {
	api := g.at("/orgs/%s", escapePath(u.Login))
	return object{
		"login": u.Login, "id": u.ID, "node_id": nodeID("O", u.ID), "url": api, "repos_url": api + "/repos",
		"events_url": api + "/events", "hooks_url": api + "/hooks", "issues_url": api + "/issues",
		"members_url": api + "/members{/member}", "public_members_url": api + "/public_members{/member}",
		"avatar_url": g.at("/avatars/u/%d", u.ID), "description": nil,
	}
}

// hookChanges renders what an edit replaced: {"title": {"from": "…"}}.
func hookChanges(e Event) object {
	out := object{}
	for field, before := range e.Changes {
		out[field] = object{"from": before}
	}
	return out
}

// withChanges adds to a body what an edit replaced, if the event is one.
func withChanges(body object, e Event) object {
	if e.Action == "edited" {
		body["changes"] = hookChanges(e)
	}
	return body
}

func (g *GitHub) pingBody(e Event) object {
	a := e.Actor.App
	return object{
		"zen": "Keep it logically awesome.", "hook_id": a.Hook.ID,
		"hook": object{
			"type": "App", "id": a.Hook.ID, "name": "web", "active": true, "app_id": a.ID, "events": nonNil(a.Events),
			"config": object{
				"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": a.Hook.URL,
			},
			"created_at": stamp(a.CreatedAt), "updated_at": stamp(a.CreatedAt),
			"deliveries_url": g.at("/app/hook/deliveries"),
		},
	}
}

// shortRepos lists repositories as installation events do.
func shortRepos(list []*Repo) []object {
	return wireAll(list, func(r *Repo) object {
		return object{
			"id": r.ID, "node_id": nodeID("R", r.ID), "name": r.Name, "full_name": r.FullName(), "private": r.Private,
		}
	})
}

func (g *GitHub) installationBody(e Event) object {
	body := object{"installation": g.wireInstallation(e.Installation)}
	switch e.Action {
	case "created":
		body["repositories"] = shortRepos(e.Added)
	case "deleted":
		body["repositories"] = shortRepos(e.Removed)
	}
	return body
}

func (g *GitHub) installationReposBody(e Event) object {
	return object{
		"installation": g.wireInstallation(e.Installation), "repository_selection": e.Installation.selection(),
		"repositories_added": shortRepos(e.Added), "repositories_removed": shortRepos(e.Removed),
		"requester": nil,
	}
}
