package naming

import "github.com/hotfixbot/hotfixbot/internal/hotfix"

// Branch is the name of a backport branch: backport/<env's branch>/<pull>-<slug>,
// with "-2" at the end for the second attempt and so on.
func Branch(env hotfix.Environment, pull int, slug string, attempt int) string {
	return ""
}

// ParseBranch is the way back from Branch. ok is false for every name that
// Branch does not make.
func ParseBranch(name string) (envBranch string, pull, attempt int, ok bool) {
	return "", 0, 0, false
}

// Slug is a few words in [a-z0-9-] that say what a hotfix is about, from its
// head branch, else from its title. It is never empty.
func Slug(headBranch, title string) string { return "" }

// IssueFromBranch is the issue that a head branch is named after: 12 for
// "hotfix/12-cart".
func IssueFromBranch(branch string) (issue int, ok bool) { return 0, false }
