package githubsim

import "slices"

// installationRoutes are what a person does with an App on their account.
func installationRoutes() []route {
	return []route{
		{"GET", "/user/installations", need{login: true, through: true}, (*call).listUserInstallations},
		{"GET", "/user/installations/:id/repositories", need{login: true, through: true}, (*call).listUserInstallationRepos},
		{"PUT", "/user/installations/:id/repositories/:repository", need{login: true}, (*call).addToInstallation},
		{"DELETE", "/user/installations/:id/repositories/:repository", need{login: true}, (*call).removeFromInstallation},
	}
}

// listUserInstallations lists those on the caller's own account and organisations; through an
// App, those of the App with a repository that the person was let into.
func (c *call) listUserInstallations() (answer, error) {
	var mine []*Installation
	for _, i := range c.installations {
		if c.actor.Through == nil && c.administers(i) || c.actor.Through == i.App && len(c.explicit(i)) > 0 {
			mine = append(mine, i)
		}
	}
	return listIn(c, "installations", mine, c.wireInstallation), nil
}

// explicit are the repositories of an installation that the person was let into. That everybody
// can read a public one is not meant (docs, "List repositories accessible to the user access
// token").
func (c *call) explicit(i *Installation) []*Repo {
	return slices.DeleteFunc(c.reposOf(i), func(r *Repo) bool {
		_, invited := r.Collaborators[c.actor.User]
		return !invited && r.Owner != c.actor.User && !slices.Contains(r.Owner.Members, c.actor.User)
	})
}

func (c *call) listUserInstallationRepos() (answer, error) {
	id, err := c.number("id")
	if err != nil {
		return answer{}, err
	}
	i := c.installation(id)
	if c.actor.Through == nil {
		return answer{}, refuse(403, "You must authenticate with an access token authorized to a GitHub App in order to list repositories")
	}
	if i == nil || i.App != c.actor.Through || len(c.explicit(i)) == 0 {
		return answer{}, errNotFound
	}
	return listIn(c, "repositories", c.explicit(i), func(r *Repo) object {
		o := c.wireRepo(r)
		o["permissions"] = permissionFlags(r.role(c.actor.User))
		return o
	}), nil
}

// administers tells whether the caller may change an installation.
func (c *call) administers(i *Installation) bool {
	return i.Account == c.actor.User || slices.Contains(i.Account.Members, c.actor.User)
}

// selected finds the installation and the repository that the path names.
func (c *call) selected() (*Installation, *Repo, error) {
	id, err := c.number("id")
	if err != nil {
		return nil, nil, err
	}
	repository, err := c.number("repository")
	if err != nil {
		return nil, nil, err
	}
	i := c.installation(id)
	n := slices.IndexFunc(c.repos, func(r *Repo) bool { return r.ID == repository })
	switch {
	case c.token != nil:
		return nil, nil, errIntegration
	case i == nil || n < 0 || !c.administers(i) || c.repos[n].Owner != i.Account:
		return nil, nil, errNotFound
	case i.All:
		return nil, nil, refuse(422, "The installation is on all repositories of the account.")
	}
	return i, c.repos[n], nil
}

func (c *call) addToInstallation() (answer, error) {
	i, r, err := c.selected()
	if err != nil || i.has(r) {
		return noContent(), err
	}
	i.Repos, i.UpdatedAt = append(slices.Clone(i.Repos), r), c.clock()
	c.emit(Event{Name: "installation_repositories", Action: "added", Actor: c.actor, Installation: i, Added: []*Repo{r}})
	return noContent(), nil
}

func (c *call) removeFromInstallation() (answer, error) {
	i, r, err := c.selected()
	if err != nil || !i.has(r) {
		return noContent(), err
	}
	i.Repos = slices.DeleteFunc(slices.Clone(i.Repos), func(x *Repo) bool { return x == r })
	i.UpdatedAt = c.clock()
	c.emit(Event{Name: "installation_repositories", Action: "removed", Actor: c.actor, Installation: i, Removed: []*Repo{r}})
	return noContent(), nil
}
