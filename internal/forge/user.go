package forge

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// UserConfig is what the App needs to sign people in.
type UserConfig struct {
	ClientID     string
	ClientSecret string
	Callback     string // where GitHub sends people back to: one of the App's callback URLs
}

// Users asks GitHub who people are and what they can read, with their own tokens.
// It keeps none: each call is given one. It is safe for concurrent use.
type Users struct {
	app    *App
	config UserConfig
}

// Users is the App's side that signs people in.
func (a *App) Users(config UserConfig) *Users { return &Users{app: a, config: config} }

// AuthorizeURL is the page of GitHub on which a person lets the App know who they
// are. The challenge is PKCE's, of the method S256; GitHub takes no other
// (changelog of 2025-07-14), and an Enterprise Server that knows none ignores it.
func (u *Users) AuthorizeURL(state, challenge string) string {
	query := url.Values{
		"client_id": {u.config.ClientID}, "redirect_uri": {u.config.Callback}, "state": {state},
		"code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	return u.app.web + "/login/oauth/authorize?" + query.Encode()
}

// Who is the person of a token.
func (u *Users) Who(ctx context.Context, token string) (hotfix.Account, error) {
	user, _, err := u.client(token).Users.Get(ctx, "")
	if err != nil {
		return hotfix.Account{}, userFate(act{doing: "asking who a person is", thing: "the person"}, err)
	}
	return hotfix.Account{ID: user.GetID(), Login: user.GetLogin()}, nil
}

// Readable lists the repositories in which the App is installed and that the person
// was let into. That everybody can read a public one is not meant.
func (u *Users) Readable(ctx context.Context, token string) ([]hotfix.Readable, error) {
	client := u.client(token)
	asking := act{doing: "asking what a person can read", thing: "the person"}
	installed, err := pages(func(page github.ListOptions) ([]*github.Installation, *github.Response, error) {
		return client.Apps.ListUserInstallations(ctx, &page)
	})
	if err != nil {
		return nil, userFate(asking, err)
	}
	var all []hotfix.Readable
	for _, i := range installed {
		if i.GetAppID() != u.app.id {
			continue
		}
		repos, err := pages(func(page github.ListOptions) ([]*github.Repository, *github.Response, error) {
			list, resp, err := client.Apps.ListUserRepos(ctx, i.GetID(), &page)
			if err != nil {
				return nil, resp, err
			}
			return list.Repositories, resp, nil
		})
		if err := userFate(asking, err); gone(err) {
			continue // removed since it was listed
		} else if err != nil {
			return nil, err
		}
		for _, repo := range repos {
			all = append(all, hotfix.Readable{ID: hotfix.RepositoryID(repo.GetID()), Role: roleOf(repo)})
		}
	}
	return all, nil
}

// Role is what a person may do in a repository, asked now. One that the person cannot
// read, and one that has another id than it should, is a *hotfix.Gone.
func (u *Users) Role(ctx context.Context, token string, id hotfix.RepositoryID, fullName string) (hotfix.Permission, error) {
	owner, name, _ := strings.Cut(fullName, "/")
	repo, _, err := u.client(token).Repositories.Get(ctx, owner, name)
	if err != nil {
		return hotfix.NoPermission, userFate(reading(fullName, "Metadata"), err)
	}
	if repo.GetID() != int64(id) {
		return hotfix.NoPermission, &hotfix.Gone{What: fullName}
	}
	return roleOf(repo), nil
}

// Still is what somebody may do in a repository, asked by the App itself. A repository
// that the App cannot see is a *hotfix.Gone.
func (u *Users) Still(ctx context.Context, id hotfix.RepositoryID, who hotfix.Account) (hotfix.Permission, error) {
	repo, err := u.app.Repository(ctx, id)
	if err != nil {
		return hotfix.NoPermission, err
	}
	return repo.PermissionOf(ctx, who)
}

func roleOf(repo *github.Repository) hotfix.Permission {
	for _, r := range roles {
		if repo.GetPermissions()[r.flag] {
			return r.role
		}
	}
	return hotfix.Read // it was answered
}

// Revoke makes a token worthless. One that is so already is no error.
func (u *Users) Revoke(ctx context.Context, token string) error {
	basic := &github.BasicAuthTransport{Username: u.config.ClientID, Password: u.config.ClientSecret, Transport: u.app.newWire("client")}
	_, err := u.app.newClient(basic).Authorizations.Revoke(ctx, u.config.ClientID, token)
	err = act{doing: "revoking a person's token", thing: "the token"}.fate(err)
	if refusal := (*hotfix.Refusal)(nil); gone(err) || errors.As(err, &refusal) {
		return nil
	}
	return err
}

// client asks as a person. Each call has its own: no answer that one person was given
// is kept for another, and one person's used-up budget holds nobody else back.
func (u *Users) client(token string) *github.Client {
	return u.app.newClient(bearer{token: token, base: u.app.newWire("a person")})
}

// bearer signs requests with a person's token.
type bearer struct {
	token string
	base  http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (b bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+b.token)
	return b.base.RoundTrip(req)
}

// userFate is the fate of an error of a request with a person's token: when GitHub
// does not take the token, the person is signed out.
func userFate(a act, err error) error {
	var answer *github.ErrorResponse
	if errors.As(err, &answer) && answer.Response != nil && answer.Response.StatusCode == http.StatusUnauthorized {
		return &hotfix.SignedOut{Why: "GitHub does not take the token any more"}
	}
	return a.fate(err)
}
