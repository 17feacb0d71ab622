package forge

import (
	"context"
	"net/url"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// roles are the flags of an account's permissions, highest first.
var roles = []struct {
	flag string
	role hotfix.Permission
}{
	{"admin", hotfix.Admin},
	{"maintain", hotfix.Maintain},
	{"push", hotfix.Write},
	{"triage", hotfix.Triage},
	{"pull", hotfix.Read},
}

// standing is GitHub's answer about a person. go-github's type lacks role_name.
type standing struct {
	Permission string `json:"permission"` // maintain is said as write here, triage as read
	RoleName   string `json:"role_name"`  // may be an organisation's own word
	User       struct {
		ID          int64           `json:"id"`
		Permissions map[string]bool `json:"permissions"`
	} `json:"user"`
}

// Permission is a person's role, asked now. With the *hotfix.Gone of somebody whom
// GitHub does not know here comes what everybody may.
func (r *Repo) Permission(ctx context.Context, login string) (hotfix.Permission, error) {
	if login == "" { // the author of a deleted account's comment
		return r.everybody(), nil
	}
	answer, err := r.standing(ctx, login)
	if gone(err) {
		return r.everybody(), err
	} else if err != nil {
		return hotfix.NoPermission, err
	}
	return answer.role(), nil
}

// PermissionOf is an account's role, asked now: somebody else who took the account's
// former login is told apart by the id.
func (r *Repo) PermissionOf(ctx context.Context, who hotfix.Account) (hotfix.Permission, error) {
	answer, err := r.standing(ctx, who.Login)
	if gone(err) || err == nil && answer.User.ID != who.ID {
		return r.everybody(), nil
	} else if err != nil {
		return hotfix.NoPermission, err
	}
	return answer.role(), nil
}

// standing asks what GitHub says of a person; it is a *hotfix.Gone when it does not know
// the person here.
func (r *Repo) standing(ctx context.Context, login string) (answer standing, err error) {
	asking := reading("the permission of "+login, "Metadata")
	_, err = r.get(ctx, &answer, "collaborators/%s/permission", url.PathEscape(login))
	return answer, asking.fate(err)
}

func (r *Repo) everybody() hotfix.Permission {
	if r.about.Private {
		return hotfix.NoPermission
	}
	return hotfix.Read
}

// role reads the flags, which hold for custom roles too, and falls back to the
// names.
func (s standing) role() hotfix.Permission {
	for _, r := range roles {
		if s.User.Permissions[r.flag] {
			return r.role
		}
	}
	if role, ok := hotfix.ParsePermission(s.RoleName); ok {
		return role
	}
	role, _ := hotfix.ParsePermission(s.Permission)
	return role
}
