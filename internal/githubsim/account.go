package githubsim

import (
	"crypto/rsa"
	"time"
)

// The model's objects are guarded by the lock of the GitHub that they belong to. Outside of
// this package they are seen through requests, Person and Dump.

// The types of accounts, in GitHub's spelling.
const (
	TypeUser         = "User"
	TypeBot          = "Bot"
	TypeOrganization = "Organization"
)

// User is an account: a person, an organisation, or the bot of an App.
type User struct {
	ID        int64
	Login     string
	Name      string
	Email     string
	Type      string // TypeUser, TypeBot or TypeOrganization
	Token     string // what the account authenticates with; "" = it cannot
	CreatedAt time.Time
	App       *App    // set for the bot of an App
	Members   []*User // organisations only
	Blocked   []*User // who may do nothing in its repositories
}

// App is a GitHub App.
type App struct {
	ID          int64
	Slug        string
	Name        string
	Description string
	ClientID    string
	// ClientSecret lets the App change codes for tokens of people; "" = it cannot.
	ClientSecret string
	Callbacks    []string // where people may be sent back to
	// ExpireUserTokens is GitHub's optional feature of that name, on in new Apps.
	ExpireUserTokens bool
	Owner            *User
	Bot              *User // the account "<slug>[bot]" that acts for the App
	Key              *rsa.PublicKey
	Permissions      map[string]string // "contents" → "write"
	Events           []string          // what the App subscribes to
	Hook             Hook
	Public           bool   // others than its owner may install it; the seed's are installed by the seed alone
	SetupURL         string // where people are sent who installed it; "" = nowhere
	CreatedAt        time.Time
}

// Hook says where an App's webhooks go.
type Hook struct {
	ID     int64
	URL    string
	Secret string
}

// Installation is an App on an account.
type Installation struct {
	ID          int64
	App         *App
	Account     *User
	All         bool    // every repository of the account, present and future
	Repos       []*Repo // the selected ones, when All is false
	Permissions map[string]string
	Events      []string
	Suspended   *time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// has tells whether the installation reaches the repository.
func (i *Installation) has(r *Repo) bool {
	if i.All {
		return r.Owner == i.Account
	}
	for _, x := range i.Repos {
		if x == r {
			return true
		}
	}
	return false
}

// Actor is who does something: an account, and the App through which it acts, if any.
type Actor struct {
	User         *User         // nil = nobody (an anonymous reader)
	App          *App          // set when an App acts
	Installation *Installation // set when an installation token was used
	Through      *App          // set when an App acts for the person, with a user access token
}
