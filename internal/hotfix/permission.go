package hotfix

import "fmt"

// Permission is a person's role in a repository, ordered: a higher one may do
// all that a lower one may.
type Permission int

// The roles of GitHub, from none to admin.
const (
	NoPermission Permission = iota
	Read
	Triage
	Write
	Maintain
	Admin
)

var permissionNames = []string{"none", "read", "triage", "write", "maintain", "admin"}

// String is GitHub's word for the role.
func (p Permission) String() string {
	if p < 0 || int(p) >= len(permissionNames) {
		return fmt.Sprintf("permission(%d)", int(p))
	}
	return permissionNames[p]
}

// MarshalText is GitHub's word for the role.
func (p Permission) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads GitHub's word for the role.
func (p *Permission) UnmarshalText(word []byte) error {
	role, ok := ParsePermission(string(word))
	if !ok {
		return fmt.Errorf("%q is no role", word)
	}
	*p = role
	return nil
}

// ParsePermission reads GitHub's word for a role.
func ParsePermission(word string) (Permission, bool) {
	for i, name := range permissionNames {
		if name == word {
			return Permission(i), true
		}
	}
	return NoPermission, false
}
