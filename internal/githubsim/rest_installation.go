package githubsim

import "slices"

// installationRoutes are what a person does with an App on their account.
func installationRoutes() []route {
	return []route{
		{"GET", "/user/installations", need{login: true}, (*call).listUserInstallations},
		{"PUT", "/user/installations/:id/repositories/:repository", need{login: true}, (*call).addToInstallation},
		{"DELETE", "/user/installations/:id/repositories/:repository", need{login: true}, (*call).removeFromInstallation},
	}
}

// listUserInstallations lists those on the caller's own account and organisations.
func (c *call) listUserInstallations() (answer, error) {
	var mine []*Installation
	for _, i := range c.installations {
		if c.administers(i) {
			mine = append(mine, i)
		}
	}
	return listIn(c, "installations", mine, c.wireInstallation), nil
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
