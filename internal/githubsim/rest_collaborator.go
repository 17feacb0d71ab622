package githubsim

import (
	"sort"
	"strings"
)

func collaboratorRoutes() []route {
	return []route{
		{"GET", "/repos/:owner/:repo/collaborators", need{role: RoleWrite, login: true, permissions: []string{"metadata:read"}}, (*call).listCollaborators},
		{"GET", "/repos/:owner/:repo/collaborators/:login", need{role: RoleWrite, login: true, permissions: []string{"metadata:read"}}, (*call).isCollaborator},
		{"GET", "/repos/:owner/:repo/collaborators/:login/permission", need{role: RoleRead, login: true, permissions: []string{"metadata:read"}}, (*call).getPermission},
		{"PUT", "/repos/:owner/:repo/collaborators/:login", writes(RoleAdmin, "administration"), (*call).putCollaborator},
		{"DELETE", "/repos/:owner/:repo/collaborators/:login", writes(RoleAdmin, "administration"), (*call).deleteCollaborator},
	}
}

// wireCollaborator is an account with its role.
func (c *call) wireCollaborator(u *User) object {
	o, role := c.wireUser(u), c.repo.role(u)
	o["permissions"], o["role_name"] = permissionFlags(role), role.String()
	return o
}

func (c *call) listCollaborators() (answer, error) {
	people := []*User{}
	if c.repo.Owner.Type != TypeOrganization {
		people = append(people, c.repo.Owner)
	}
	for u := range c.repo.Collaborators {
		people = append(people, u)
	}
	sort.Slice(people, func(i, j int) bool { return people[i].ID < people[j].ID })
	return list(c, people, c.wireCollaborator), nil
}

func (c *call) isCollaborator() (answer, error) {
	u := c.user(c.param("login"))
	if u == nil || u != c.repo.Owner && c.repo.Collaborators[u] == RoleNone {
		return answer{}, errNotFound
	}
	return noContent(), nil
}

// getPermission tells a role: permission is the coarse name, role_name the real one.
func (c *call) getPermission() (answer, error) {
	u := c.user(c.param("login"))
	if u == nil {
		return answer{}, refuse(404, "%s is not a user", c.param("login"))
	}
	role := c.repo.role(u)
	return ok(object{"permission": role.permission(), "role_name": role.String(), "user": c.wireCollaborator(u)}), nil
}

// putCollaborator makes a collaborator without an invitation, as it is for members of the
// owning organisation.
func (c *call) putCollaborator() (answer, error) {
	in := struct {
		Permission string `json:"permission"`
	}{Permission: "push"}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	u := c.user(c.param("login"))
	role, known := parseRole(strings.ToLower(in.Permission))
	switch {
	case u == nil:
		return answer{}, errNotFound
	case !known:
		return answer{}, invalid("Repository", "permission", "invalid")
	case u == c.repo.Owner:
		return answer{}, invalidBecause("Repository", "collaborator", "Repository owner cannot be a collaborator")
	}
	was := c.repo.Collaborators[u]
	c.repo.Collaborators[u] = role
	e := Event{Name: "member", Action: "added", Actor: c.actor, Repo: c.repo, Member: u}
	if was != RoleNone {
		e.Action, e.Changes = "edited", map[string]string{"permission": was.permission()}
	}
	if was != role {
		c.emit(e)
	}
	return noContent(), nil
}

func (c *call) deleteCollaborator() (answer, error) {
	u := c.user(c.param("login"))
	if c.repo.Collaborators[u] == RoleNone {
		return answer{}, errNotFound
	}
	delete(c.repo.Collaborators, u)
	c.emit(Event{Name: "member", Action: "removed", Actor: c.actor, Repo: c.repo, Member: u})
	return noContent(), nil
}
