package hotfix

import "time"

// Account is a person's account on GitHub. A login can be changed and then taken by
// somebody else; the id stays.
type Account struct {
	ID    int64
	Login string
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
