// Package repoconfig reads .github/hotfix.yml.
package repoconfig

import "github.com/hotfixbot/hotfixbot/internal/hotfix"

// File is the path of the configuration in a repository.
const File = ".github/hotfix.yml"

// Parse reads a configuration file and fills in the defaults. branches tells
// which branches exist: a file without environments gets those that Defaults
// would find. With any problem the Config is empty: a broken file never leads
// to a guess.
func Parse(file string, data []byte, branches func(name string) bool) (hotfix.Config, []hotfix.ConfigProblem) {
	return hotfix.Config{}, nil
}

// Defaults is the configuration of a repository without a file.
func Defaults(branches func(name string) bool) (hotfix.Config, []hotfix.ConfigProblem) {
	return hotfix.Config{}, nil
}

// IsHotfixBranch reports whether a head branch matches one of the patterns of
// hotfix.branches.
func IsHotfixBranch(patterns []string, branch string) bool { return false }
