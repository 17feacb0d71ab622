package dashboard

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// People is GitHub as it is asked for people, each with their own token. A token that
// GitHub does not take any more is a *hotfix.SignedOut.
type People interface {
	// AuthorizeURL is GitHub's page on which a person signs in. The challenge is
	// PKCE's, of the method S256.
	AuthorizeURL(state, challenge string) string
	// Exchange changes the code that the person came back with for a token.
	Exchange(ctx context.Context, code, verifier string) (hotfix.UserToken, error)
	// Refresh changes a refresh token for a new pair, once.
	Refresh(ctx context.Context, refresh string) (hotfix.UserToken, error)
	// Revoke makes a token worthless.
	Revoke(ctx context.Context, token string) error
	// Who is the person of a token.
	Who(ctx context.Context, token string) (hotfix.Account, error)
	// Readable lists the repositories that the person was let into.
	Readable(ctx context.Context, token string) ([]hotfix.Readable, error)
	// Role is what the person may do in a repository; a *hotfix.Gone when they cannot
	// read it.
	Role(ctx context.Context, token string, id hotfix.RepositoryID, fullName string) (hotfix.Permission, error)
	// Still is what somebody may do in a repository, asked without their token; a
	// *hotfix.Gone when the App is not installed there.
	Still(ctx context.Context, id hotfix.RepositoryID, who hotfix.Account) (hotfix.Permission, error)
}

// Sessions are those who are signed in, and the tokens of their machines.
type Sessions interface {
	Begin(ctx context.Context, session hotfix.Session) error
	// Session is one that is not over; ok is false when there is none.
	Session(ctx context.Context, id string) (session hotfix.Session, ok bool, err error)
	// Renew replaces a session's token, unless it is another one already.
	Renew(ctx context.Context, id string, was, token []byte) error
	End(ctx context.Context, id string) error
	// Issue stores a pass under the digest of what the machine holds.
	Issue(ctx context.Context, pass hotfix.Pass, digest string) error
	// Pass is one that was not revoked; ok is false when there is none.
	Pass(ctx context.Context, digest string) (pass hotfix.Pass, ok bool, err error)
	// Passes lists those that somebody made, newest first.
	Passes(ctx context.Context, owner hotfix.Account) ([]hotfix.Pass, error)
	// Revoke ends one that somebody made; known is false when there is none like that.
	Revoke(ctx context.Context, owner hotfix.Account, id string) (known bool, err error)
}

// Actions are what people ask for on a hotfix's page.
type Actions interface {
	// Act stores what is asked for and wakes the repository.
	Act(ctx context.Context, repository hotfix.RepositoryID, action hotfix.Intent) error
	// Actions lists what was asked for, newest first.
	Actions(ctx context.Context, repository hotfix.RepositoryID, pull, limit int) ([]hotfix.Asking, error)
	// AskedMarks tells, by a text for each repository, whether something was asked for or
	// answered there. The texts mean nothing but that.
	AskedMarks(ctx context.Context) (map[hotfix.RepositoryID]string, error)
}

// SignIn is what Pages need to be open for others than this machine.
type SignIn struct {
	People   People
	Sessions Sessions
	Actions  Actions
	BaseURL  string // where browsers reach the pages: https://hotfixbot.example.com
	// Secret seals what browsers and the database keep of a sign-in. Another one signs
	// everybody out.
	Secret    []byte
	Operators []string // logins of those who see deliveries
	// Open shows everything to who sits at this machine, also without signing in. It is
	// for demonstrations: a proxy that leaves no traces would be taken for this machine.
	Open bool
}

// check tells what is missing or wrong.
func (s *SignIn) check() error {
	if s.People == nil || s.Sessions == nil || s.Actions == nil || len(s.Secret) == 0 {
		return errors.New("dashboard: signing in needs People, Sessions, Actions and a Secret")
	}
	base, err := url.Parse(s.BaseURL)
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" || strings.Trim(base.Path, "/") != "" || base.RawQuery != "" {
		return fmt.Errorf("dashboard: BaseURL %q is no http or https URL without a path", s.BaseURL)
	}
	return nil
}

// secure tells whether browsers reach the pages by TLS, whatever stands in between.
func (s *SignIn) secure() bool { return strings.HasPrefix(s.BaseURL, "https:") }
