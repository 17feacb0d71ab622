// Package hotfix is the domain: what a hotfix, an environment, a version and a
// backport are, what was seen of them (Snapshot), what is to be done about them
// (Plan, Action) and how each of them stands (Status).
//
// It holds data and the small rules that belong to one noun. It knows no
// GitHub client, no git program, no database and no clock; it imports the
// standard library only, and every other package may import it.
package hotfix

import (
	"fmt"
	"time"
)

// OID is the id of a git object: 40 lower-case hexadecimal digits. The empty
// OID means "there is none".
type OID string

// Valid reports whether o is a complete object id.
func (o OID) Valid() bool {
	if len(o) != 40 {
		return false
	}
	for _, c := range []byte(o) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Short is the first seven digits, for people.
func (o OID) Short() string {
	if len(o) < 7 {
		return string(o)
	}
	return string(o[:7])
}

// RepositoryID is GitHub's numeric id of a repository. It survives renames and
// transfers, so it is what a wake carries.
type RepositoryID int64

// Key names one hotfix: the repository and the number of the merged pull request.
type Key struct {
	Repository RepositoryID `json:"repository"`
	Pull       int          `json:"pull"`
}

// String is the key as it stands in logs: repository id, '#', pull request number.
func (k Key) String() string { return fmt.Sprintf("%d#%d", k.Repository, k.Pull) }

// Repository is a repository in which the App is installed.
type Repository struct {
	ID            RepositoryID
	Installation  int64
	InstalledAt   time.Time // when the installation was created: what merged before is not the bot's
	Owner         string
	Name          string
	DefaultBranch string
	Private       bool
	Archived      bool
	WebURL        string // https://github.com/owner/name
	HasIssues     bool
}

// FullName is "owner/name".
func (r Repository) FullName() string { return r.Owner + "/" + r.Name }

// Bot is how the App appears on GitHub and in commits.
type Bot struct {
	AppID int64
	Slug  string // "hotfixbot"
	// UserID is the id of the account Slug[bot], part of its no-reply address.
	UserID int64
}

// Login is the account name under which the App's comments appear.
func (b Bot) Login() string { return b.Slug + "[bot]" }

// Email is the no-reply address with which GitHub links a commit to the App.
func (b Bot) Email() string {
	return fmt.Sprintf("%d+%s@users.noreply.github.com", b.UserID, b.Login())
}
