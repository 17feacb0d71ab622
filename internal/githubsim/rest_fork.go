package githubsim

import "strings"

// createFork makes a fork at once; GitHub does it soon, and answers 202.
func (c *call) createFork() (answer, error) {
	var in struct {
		Organization string `json:"organization"`
		Name         string `json:"name"`
		DefaultOnly  bool   `json:"default_branch_only"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	owner := c.actor.User
	if in.Organization != "" {
		owner = c.user(in.Organization)
	}
	switch {
	case owner == nil || owner != c.actor.User && (&Repo{Owner: owner}).role(c.actor.User) < RoleRead:
		return answer{}, errNotFound
	case owner.Type == TypeBot || owner == c.repo.Owner:
		return answer{}, refuse(403, "You cannot fork this repository to the account that owns it.")
	case !c.repo.Settings.AllowForking:
		return answer{}, refuse(403, "Forking is disabled for this repository.")
	}
	if in.Name == "" {
		in.Name = c.repo.Name
	}
	for _, r := range c.repos {
		if r.Owner == owner && r.Parent == c.repo {
			return accepted(c.wireFullRepo(r)), nil
		}
	}
	fork, err := c.fork(c.repo, owner, in.Name, in.DefaultOnly)
	if err != nil {
		return answer{}, err
	}
	return accepted(c.wireFullRepo(fork)), nil
}

// fork makes a repository with the branches and tags of another.
func (c *call) fork(of *Repo, owner *User, name string, defaultOnly bool) (*Repo, error) {
	f, err := c.addRepo(owner, name, of.DefaultBranch)
	if err != nil {
		return nil, invalidBecause("Repository", "name", err.Error())
	}
	f.Parent, f.Private, f.Description, f.Settings = of, of.Private, of.Description, of.Settings
	if err := f.git.borrow(of.git); err != nil {
		return nil, err
	}
	var changes []refChange
	for _, prefix := range []string{"refs/heads/", "refs/tags/"} {
		refs, err := of.git.refs(c.ctx, prefix)
		if err != nil {
			return nil, err
		}
		for _, x := range refs {
			if defaultOnly && strings.HasPrefix(x.Name, "refs/heads/") && x.Name != "refs/heads/"+of.DefaultBranch {
				continue
			}
			changes = append(changes, refChange{Ref: x.Name, New: x.SHA})
		}
	}
	return f, f.git.updateRefs(c.ctx, changes...)
}
