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

// ParsePermission reads GitHub's word for a role.
func ParsePermission(word string) (Permission, bool) {
	for i, name := range permissionNames {
		if name == word {
			return Permission(i), true
		}
	}
	return NoPermission, false
}
