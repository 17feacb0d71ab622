package forge

import (
	"context"
	"fmt"
	"net/http"
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
		Permissions map[string]bool `json:"permissions"`
	} `json:"user"`
}

// Permission is a person's role, asked now. With the *hotfix.Gone of somebody whom
// GitHub does not know here comes what everybody may.
func (r *Repo) Permission(ctx context.Context, login string) (hotfix.Permission, error) {
	if login == "" { // the author of a deleted account's comment
		return r.everybody(), nil
	}
	asking := reading("the permission of "+login, "Metadata")
	path := fmt.Sprintf("repos/%s/%s/collaborators/%s/permission", r.about.Owner, r.about.Name, url.PathEscape(login))
	req, err := r.client.NewRequest(http.MethodGet, path, nil)
	if err != nil {
		return hotfix.NoPermission, asking.fate(err)
	}
	var answer standing
	_, err = r.client.Do(ctx, req, &answer)
	if err := asking.fate(err); gone(err) {
		return r.everybody(), err
	} else if err != nil {
		return hotfix.NoPermission, err
	}
	return answer.role(), nil
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
