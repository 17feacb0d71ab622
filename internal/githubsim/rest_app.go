package githubsim

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"time"
)

func appRoutes() []route {
	jwt := need{jwt: true}
	return []route{
		{"GET", "/app", jwt, (*call).getApp},
		{"GET", "/app/installations", jwt, (*call).listInstallations},
		{"GET", "/app/installations/:id", jwt, (*call).getInstallation},
		{"POST", "/app/installations/:id/access_tokens", jwt, (*call).createToken},
		{"DELETE", "/app/installations/:id", jwt, (*call).deleteInstallation},
		{"DELETE", "/applications/:client/token", need{client: true}, (*call).deleteUserToken},
		{"GET", "/app/hook/config", jwt, (*call).getHookConfig},
		{"PATCH", "/app/hook/config", jwt, (*call).patchHookConfig},
		{"GET", "/repos/:owner/:repo/installation", jwt, (*call).getRepoInstallation},
		{"GET", "/users/:login/installation", jwt, (*call).getUserInstallation},
		{"GET", "/orgs/:login/installation", jwt, (*call).getUserInstallation},
		{"GET", "/installation/repositories", need{installed: true}, (*call).listInstallationRepos},
		{"DELETE", "/installation/token", need{installed: true}, (*call).revokeToken},
	}
}

func (c *call) getApp() (answer, error) {
	o, n := c.wireApp(c.actor.App), 0
	for _, i := range c.installations {
		if i.App == c.actor.App {
			n++
		}
	}
	o["installations_count"] = n
	return ok(o), nil
}

func (c *call) listInstallations() (answer, error) {
	var mine []*Installation
	for _, i := range c.installations {
		if i.App == c.actor.App {
			mine = append(mine, i)
		}
	}
	return list(c, mine, c.wireInstallation), nil
}

// installationParam finds the App's own installation that the path names.
func (c *call) installationParam() (*Installation, error) {
	id, err := c.number("id")
	if err != nil {
		return nil, err
	}
	i := c.installation(id)
	if i == nil || i.App != c.actor.App {
		return nil, errNotFound
	}
	return i, nil
}

func (c *call) getInstallation() (answer, error) {
	i, err := c.installationParam()
	if err != nil {
		return answer{}, err
	}
	return ok(c.wireInstallation(i)), nil
}

func (c *call) getRepoInstallation() (answer, error) {
	if i := c.installationOn(c.actor.App, c.repo); i != nil {
		return ok(c.wireInstallation(i)), nil
	}
	return answer{}, errNotFound
}

func (c *call) getUserInstallation() (answer, error) {
	for _, i := range c.installations {
		if i.App == c.actor.App && i.Account == c.user(c.param("login")) {
			return ok(c.wireInstallation(i)), nil
		}
	}
	return answer{}, errNotFound
}

func (c *call) deleteInstallation() (answer, error) {
	i, err := c.installationParam()
	if err != nil {
		return answer{}, err
	}
	c.uninstall(i, Actor{User: c.actor.App.Bot, App: c.actor.App})
	return noContent(), nil
}

// uninstall removes an installation; its tokens end with it.
func (g *GitHub) uninstall(i *Installation, by Actor) {
	had := g.reposOf(i)
	for n, x := range g.installations {
		if x == i {
			g.installations = append(g.installations[:n:n], g.installations[n+1:]...)
		}
	}
	g.emit(Event{Name: "installation", Action: "deleted", Actor: by, Installation: i, Removed: had})
}

// createToken gives a token for an hour, narrowed where the body asks for it.
func (c *call) createToken() (answer, error) {
	c.write = false
	i, err := c.installationParam()
	if err != nil {
		return answer{}, err
	}
	if i.Suspended != nil {
		return answer{}, refuse(403, "This installation has been suspended")
	}
	var in struct {
		Repositories  []string          `json:"repositories"`
		RepositoryIDs []int64           `json:"repository_ids"`
		Permissions   map[string]string `json:"permissions"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	t := &token{installation: i, permissions: maps.Clone(i.Permissions), expires: c.clock().Add(time.Hour)}
	if t.repos, err = c.narrow(i, in.Repositories, in.RepositoryIDs); err != nil {
		return answer{}, err
	}
	if in.Permissions != nil {
		t.permissions = in.Permissions
		for name, level := range in.Permissions {
			if name != "metadata" && !covers(i.Permissions[name], level) {
				return answer{}, refuse(422, "The permissions requested are not granted to this installation.")
			}
		}
	}
	if t.text, err = c.newTokenText(i.App); err != nil {
		return answer{}, err
	}
	c.tokens[t.text] = t
	return answer{status: 201, body: c.wireToken(t)}, nil
}

// narrow finds the repositories that a token is asked for; none named means all.
func (c *call) narrow(i *Installation, names []string, ids []int64) ([]*Repo, error) {
	if names == nil && ids == nil {
		return nil, nil
	}
	picked := []*Repo{}
	for _, r := range c.reposOf(i) {
		for _, n := range names {
			if r.Name == n {
				picked = append(picked, r)
			}
		}
		for _, id := range ids {
			if r.ID == id {
				picked = append(picked, r)
			}
		}
	}
	if len(picked) < len(names)+len(ids) || len(picked) == 0 {
		return nil, refuse(422, "There is at least one repository that does not exist or is not accessible to the parent installation.")
	}
	return picked, nil
}

// newTokenText makes a token: by turns of the old shape (40 characters) and of the new one
// ("ghs_APPID_JWT"), so that no client relies on either.
func (g *GitHub) newTokenText(app *App) (string, error) {
	raw := make([]byte, 48)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("no randomness: %w", err)
	}
	text := hex.EncodeToString(raw)
	if g.nextID("token")%2 == 1 {
		return "ghs_" + text[:36], nil
	}
	return fmt.Sprintf("ghs_%d_eyJhbGciOiJSUzI1NiJ9.%s.%s", app.ID, text[:48], text[48:]), nil
}

func (c *call) wireToken(t *token) object {
	o := object{
		"token": t.text, "expires_at": stamp(t.expires), "permissions": t.permissions,
		"repository_selection": t.installation.selection(),
	}
	if t.repos != nil {
		o["repository_selection"] = "selected"
		o["repositories"] = wireAll(t.repos, c.wireRepo)
	}
	return o
}

func (c *call) revokeToken() (answer, error) {
	delete(c.tokens, c.token.text)
	return noContent(), nil
}

func (c *call) listInstallationRepos() (answer, error) {
	var mine []*Repo
	for _, r := range c.repos {
		if c.token.reaches(r) {
			mine = append(mine, r)
		}
	}
	a := listIn(c, "repositories", mine, c.wireRepo)
	return a, nil
}

// hookConfig is the App's webhook; the secret is shown as stars.
func (c *call) hookConfig() object {
	o := object{"url": c.actor.App.Hook.URL, "content_type": "json", "insecure_ssl": "0"}
	if c.actor.App.Hook.Secret != "" {
		o["secret"] = "********"
	}
	return o
}

func (c *call) getHookConfig() (answer, error) { return ok(c.hookConfig()), nil }

func (c *call) patchHookConfig() (answer, error) {
	var in struct {
		URL    *string `json:"url"`
		Secret *string `json:"secret"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.URL != nil {
		c.actor.App.Hook.URL = *in.URL
	}
	if in.Secret != nil {
		c.actor.App.Hook.Secret = *in.Secret
	}
	return ok(c.hookConfig()), nil
}
