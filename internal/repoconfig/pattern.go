package repoconfig

import (
	"fmt"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// IsHotfixBranch reports whether a head branch matches one of the patterns of
// hotfix.branches. "hotfix/**" stands for what is below hotfix/, not for a
// branch of that name itself.
func IsHotfixBranch(patterns []string, branch string) bool {
	for _, pattern := range patterns {
		if strings.HasSuffix(pattern, "/**") {
			pattern += "/*"
		}
		if doublestar.MatchUnvalidated(pattern, branch) {
			return true
		}
	}
	return false
}

// checkPatterns reports patterns that would take the bot's own branches, or an
// environment's, for hotfixes: a backport of a backport, or the merge of
// Development into Production as a hotfix.
func (r *reader) checkPatterns(c hotfix.Config) {
	var line, column int
	if key := r.set["hotfix.branches"]; key != nil {
		line, column = key.Line, key.Column
	}
	own := botFolder + "qa/34-cart"
	for _, pattern := range c.Hotfix.Branches {
		if IsHotfixBranch([]string{pattern}, own) {
			r.failAt(line, column, fmt.Sprintf("`hotfix.branches`: %s matches the bot's own branches (`%s`)", naming.Quoted(pattern), own))
		}
		for _, env := range c.Environments {
			if IsHotfixBranch([]string{pattern}, env.Branch) {
				r.failAt(line, column, fmt.Sprintf("`hotfix.branches`: %s matches the branch %s of %s",
					naming.Quoted(pattern), naming.Quoted(env.Branch), naming.Quoted(env.Name)))
			}
		}
	}
}
