package forge

import (
	"context"
	"time"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// freshness is how long a token for git must still be good for when it is handed
// out: longer than any job with git takes. Tokens live for an hour.
const freshness = 15 * time.Minute

// gitToken is a token for git operations on one repository.
type gitToken struct {
	token   string
	expires time.Time
}

// Token is a token for git: of one repository alone, and good for its contents
// and, where the installation allows it, its workflow files. It is good for at
// least a quarter of an hour.
func (a *App) Token(ctx context.Context, repo hotfix.Repository) (string, error) {
	a.mu.Lock()
	known := a.tokens[repo.ID]
	a.mu.Unlock()
	if known.expires.Sub(a.now()) >= freshness {
		return known.token, nil
	}
	made, err := a.makeToken(ctx, repo)
	if err != nil {
		return "", err
	}
	a.mu.Lock()
	a.tokens[repo.ID] = made
	a.mu.Unlock()
	return made.token, nil
}

// ForgetToken makes the next Token a new one. It is for whoever saw git turn the
// old one down: it may have been revoked, or the installation may have been given
// a permission since.
func (a *App) ForgetToken(repo hotfix.RepositoryID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.tokens, repo)
}

// makeToken asks for a token. A permission that the installation does not have
// would be answered by 422, so it is read first what it has.
func (a *App) makeToken(ctx context.Context, repo hotfix.Repository) (gitToken, error) {
	asking := act{doing: "asking for a token for " + repo.FullName(), thing: "the App's installation on " + repo.Owner}
	installed, _, err := a.client.Apps.GetInstallation(ctx, repo.Installation)
	if err != nil {
		return gitToken{}, asking.fate(err)
	}
	permissions := &github.InstallationPermissions{
		Contents:  github.String("write"),
		Workflows: installed.GetPermissions().Workflows,
	}
	made, _, err := a.client.Apps.CreateInstallationToken(ctx, repo.Installation, &github.InstallationTokenOptions{
		RepositoryIDs: []int64{int64(repo.ID)},
		Permissions:   permissions,
	})
	if err != nil {
		return gitToken{}, asking.fate(err)
	}
	return gitToken{token: made.GetToken(), expires: made.GetExpiresAt().Time}, nil
}
