package githubsim

// wireUser is a simple-user; null for nobody.
func (g *GitHub) wireUser(u *User) object {
	if u == nil {
		return nil
	}
	api, kind := g.at("/users/%s", escapePath(u.Login)), "U"
	switch u.Type {
	case TypeBot:
		kind = "BOT"
	case TypeOrganization:
		kind = "O"
	}
	page := g.at("/%s", escapePath(u.Login))
	if u.App != nil {
		page = g.at("/apps/%s", u.App.Slug)
	}
	return object{
		"login": u.Login, "id": u.ID, "node_id": nodeID(kind, u.ID),
		"avatar_url": g.at("/avatars/u/%d", u.ID), "gravatar_id": "",
		"url": api, "html_url": page,
		"followers_url": api + "/followers", "following_url": api + "/following{/other_user}",
		"gists_url": api + "/gists{/gist_id}", "starred_url": api + "/starred{/owner}{/repo}",
		"subscriptions_url": api + "/subscriptions", "organizations_url": api + "/orgs",
		"repos_url": api + "/repos", "events_url": api + "/events{/privacy}",
		"received_events_url": api + "/received_events",
		"type":                u.Type, "site_admin": false, "user_view_type": "public",
	}
}

// wirePublicUser is what GET /users/{login} shows.
func (g *GitHub) wirePublicUser(u *User) object {
	o, email := g.wireUser(u), orNull(u.Email)
	if u.Type == TypeBot {
		email = nil // theirs is no address that mail could go to
	}
	repos := 0
	for _, r := range g.repos {
		if r.Owner == u && !r.Private {
			repos++
		}
	}
	for k, v := range (object{
		"name": orNull(u.Name), "company": nil, "blog": "", "location": nil, "email": email,
		"hireable": nil, "bio": nil, "twitter_username": nil,
		"public_repos": repos, "public_gists": 0, "followers": 0, "following": 0,
		"created_at": stamp(u.CreatedAt), "updated_at": stamp(u.CreatedAt),
	}) {
		o[k] = v
	}
	return o
}

// wireApp is an integration; null for none.
func (g *GitHub) wireApp(a *App) object {
	if a == nil {
		return nil
	}
	return object{
		"id": a.ID, "slug": a.Slug, "node_id": nodeID("A", a.ID), "client_id": a.ClientID,
		"owner": g.wireUser(a.Owner), "name": a.Name, "description": orNull(a.Description),
		"external_url": g.at("/apps/%s", a.Slug), "html_url": g.at("/apps/%s", a.Slug),
		"created_at": stamp(a.CreatedAt), "updated_at": stamp(a.CreatedAt),
		"permissions": a.Permissions, "events": nonNil(a.Events),
	}
}

// wireInstallation is an installation of an App.
func (g *GitHub) wireInstallation(i *Installation) object {
	o := object{
		"id": i.ID, "account": g.wireUser(i.Account), "repository_selection": i.selection(),
		"access_tokens_url": g.at("/app/installations/%d/access_tokens", i.ID),
		"repositories_url":  g.at("/installation/repositories"),
		"html_url":          g.at("/settings/installations/%d", i.ID),
		"app_id":            i.App.ID, "client_id": i.App.ClientID, "app_slug": i.App.Slug,
		"target_id": i.Account.ID, "target_type": i.Account.Type,
		"permissions": i.Permissions, "events": nonNil(i.Events),
		"created_at": stamp(i.CreatedAt), "updated_at": stamp(i.UpdatedAt),
		"single_file_name": nil, "has_multiple_single_files": false, "single_file_paths": []string{},
		"suspended_by": nil, "suspended_at": stampOr(i.Suspended),
	}
	if i.Suspended != nil {
		o["suspended_by"] = g.wireUser(i.Account)
	}
	return o
}

// selection is "all" or "selected".
func (i *Installation) selection() string {
	if i.All {
		return "all"
	}
	return "selected"
}

// nonNil makes an empty list of none.
func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
