package githubsim

import (
	"net/http"
	"slices"
)

// Block keeps somebody out of an account's repositories, as the website does it: who is
// blocked is no collaborator any more, and can neither comment, react, open nor push there
// (docs, "Blocking a user from your organization"). They may still read what is public, and
// what they wrote stays. Members cannot be blocked, and nothing tells an App who is. Unlike
// on GitHub, who is blocked cannot even delete what they wrote.
func (p *Person) Block(account, login string) error {
	return p.guard(account, login, func(owner, u *User) error {
		if u == owner || slices.Contains(owner.Members, u) {
			return &Refused{Status: http.StatusUnprocessableEntity, Message: login + " is a member and cannot be blocked"}
		}
		if !slices.Contains(owner.Blocked, u) {
			owner.Blocked = append(owner.Blocked, u)
		}
		for _, r := range p.github.repos {
			if r.Owner == owner && r.Collaborators[u] != RoleNone {
				delete(r.Collaborators, u)
				p.github.emit(Event{Name: "member", Action: "removed", Actor: Actor{User: p.user}, Repo: r, Member: u})
			}
		}
		return nil
	})
}

// Unblock lets them in again; what they lost they do not get back.
func (p *Person) Unblock(account, login string) error {
	return p.guard(account, login, func(owner, u *User) error {
		owner.Blocked = slices.DeleteFunc(owner.Blocked, func(b *User) bool { return b == u })
		return nil
	})
}

// guard does something with somebody, for who administers a repository of the account.
func (p *Person) guard(account, login string, do func(owner, u *User) error) error {
	g := p.github
	g.mu.Lock()
	defer g.mu.Unlock()
	owner, u := g.user(account), g.user(login)
	if owner == nil || u == nil {
		return &Refused{Status: http.StatusNotFound, Message: "Not Found"}
	}
	if p.user == nil || !g.runs(p.user, owner) {
		return &Refused{Status: http.StatusForbidden, Message: "only owners block people"}
	}
	return do(owner, u)
}
