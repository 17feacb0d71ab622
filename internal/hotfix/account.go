package hotfix

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Account is a person's account on GitHub. A login can be changed and then taken by
// somebody else; the id stays.
type Account struct {
	ID    int64
	Login string
}

// loginShape is that of GitHub's logins; those of managed users have an underscore.
var loginShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,38}$`)

// Logins reads a list as people write it: separated by commas, each with or without @.
// The error names what is no login.
func Logins(text string) ([]string, error) {
	var logins []string
	for _, login := range strings.Split(text, ",") {
		login = strings.TrimPrefix(strings.TrimSpace(login), "@")
		if login == "" {
			continue
		}
		if !loginShape.MatchString(login) {
			return nil, fmt.Errorf("%q is no login: name people as in their addresses on GitHub, separated by commas", login)
		}
		logins = append(logins, login)
	}
	return logins, nil
}

// Registered is an App that was just registered from a manifest, with its credentials.
type Registered struct {
	AppID         int64
	Slug, Name    string
	Owner         string // the account that owns it
	URL           string // its page on GitHub
	PrivateKey    string // PEM
	WebhookSecret string
	ClientID      string
	ClientSecret  string
}

// UserToken lets the App ask GitHub as a person.
type UserToken struct {
	Access  string    `json:"access"`
	Expires time.Time `json:"expires,omitzero"`  // zero: never
	Refresh string    `json:"refresh,omitempty"` // makes a new pair, once; empty: it cannot be renewed
}

// Due reports whether a token has to be renewed before it is used.
func (t UserToken) Due(now time.Time) bool {
	const margin = 5 * time.Minute // for clocks that differ and for what takes its time
	return !t.Expires.IsZero() && !now.Add(margin).Before(t.Expires)
}

// Readable is a repository that a person can read, and their role there.
type Readable struct {
	ID   RepositoryID
	Role Permission
}

// SignedOut says that GitHub does not take a person's token any more: it ended, or
// the person took back what they had allowed.
type SignedOut struct{ Why string }

// Error says why.
func (s *SignedOut) Error() string { return "signed out: " + s.Why }

// Session is somebody who is signed in on the page.
type Session struct {
	ID      string // the digest of what the browser holds
	Account Account
	Token   []byte // the person's UserToken, sealed
	Expires time.Time
}

// PassKind is what a machine's token is good for.
type PassKind string

// The kinds of passes. That of a badge stands in the badge's address, where many
// people see it, so it is good for nothing else.
const (
	PassRead  PassKind = "read"
	PassBadge PassKind = "badge"
)

// Pass is a machine's token for the JSON API or for badges.
type Pass struct {
	ID           string // what it is called by when it is revoked
	Kind         PassKind
	Name         string
	Owner        Account // who made it; the zero Account: the operator, on the command line
	Repositories []RepositoryID
	CreatedAt    time.Time
	UsedAt       time.Time // zero: never; no more exact than an hour
	Revoked      bool
}
