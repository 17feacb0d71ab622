package githubsim

import (
	"slices"
	"strings"
)

// need is what a route asks of who calls it. An App needs one of the permissions, a person
// the role.
type need struct {
	role        Role
	permissions []string // "contents:read", "issues:write"; any one suffices
	login       bool     // not for the anonymous
	jwt         bool     // only for an App as itself
	installed   bool     // only for an installation token
	archived    bool     // also when the repository is archived
	client      bool     // only for an App by its client id and secret
	through     bool     // also for a person through an App; GitHub allows it in more places
}

// write tells whether the need is that of a change.
func (n need) write() bool {
	for _, p := range n.permissions {
		if strings.HasSuffix(p, ":write") {
			return true
		}
	}
	return false
}

// reads is the need of reading: anybody who sees the repository, an App with one of the
// permissions.
func reads(permissions ...string) need {
	n := need{role: RoleRead}
	for _, p := range permissions {
		n.permissions = append(n.permissions, p+":read")
	}
	return n
}

// writes is the need of changing.
func writes(role Role, permissions ...string) need {
	n := need{role: role, login: true}
	for _, p := range permissions {
		n.permissions = append(n.permissions, p+":write")
	}
	return n
}

// role gives what a person may do in a repository, by the greatest of ownership,
// organisation membership, collaboration and, in a public one, being anybody.
func (r *Repo) role(u *User) Role {
	best := RoleNone
	if !r.Private {
		best = RoleRead
	}
	if u == nil {
		return best
	}
	if u == r.Owner {
		return RoleAdmin
	}
	for _, m := range r.Owner.Members {
		if m == u {
			best = max(best, RoleRead)
		}
	}
	return max(best, r.Collaborators[u])
}

// canWrite tells whether the actor may push to the repository.
func (c *call) canWrite(r *Repo) bool {
	if c.token != nil {
		return c.token.reaches(r) && c.token.allows("contents", "write")
	}
	return r.role(c.actor.User) >= RoleWrite
}

// sees tells whether the actor may know that the repository exists.
func sees(who Actor, t *token, r *Repo) bool {
	if t != nil {
		return t.reaches(r) || !r.Private
	}
	return r.role(who.User) >= RoleRead
}

// admit checks the call against the need.
func (c *call) admit(n need) error {
	switch {
	case c.actor.Through != nil && !n.through:
		return refuse(501, "the simulated GitHub does not know this with a user access token")
	case n.client:
		return c.admitClient()
	case n.jwt && (c.actor.App == nil || c.token != nil || c.byClient(c.req) != nil):
		return refuse(401, "A JSON web token could not be decoded")
	case n.jwt:
		return nil
	case c.actor.App != nil && c.token == nil:
		return refuse(401, "A JSON web token is not accepted here: use an installation token")
	case n.installed && c.token == nil:
		return errIntegration
	case n.login && c.actor.User == nil:
		return errNeedsLogin
	}
	if c.repo == nil {
		return nil
	}
	return c.admitRepo(n)
}

// admitClient checks that the App which the path names has proved itself.
func (c *call) admitClient() error {
	if c.actor.App == nil || c.byClient(c.req) == nil || c.actor.App.ClientID != c.param("client") {
		return errNotFound
	}
	return nil
}

// through tells whether a person may see a repository through an App: both must be able to.
func (c *call) through(r *Repo) bool {
	return c.actor.Through == nil || !r.Private || c.installationOn(c.actor.Through, r) != nil
}

func (c *call) admitRepo(n need) error {
	if !sees(c.actor, c.token, c.repo) || !c.through(c.repo) {
		return errNotFound
	}
	if c.repo.Archived && n.write() && !n.archived {
		return errArchived
	}
	if c.token != nil {
		return c.admitToken(n)
	}
	if n.write() && slices.Contains(c.repo.Owner.Blocked, c.actor.User) {
		return errBlocked
	}
	if c.repo.role(c.actor.User) < n.role {
		return errNeedsAdmin
	}
	return nil
}

// admitToken checks what an App may do. It reads a public repository that it is not
// installed on as anybody does.
func (c *call) admitToken(n need) error {
	if !c.token.reaches(c.repo) {
		if n.write() {
			return errIntegration
		}
		return nil
	}
	for _, p := range n.permissions {
		name, level, _ := strings.Cut(p, ":")
		if c.token.allows(name, level) {
			return nil
		}
	}
	if len(n.permissions) == 0 {
		return nil
	}
	return errIntegration
}
