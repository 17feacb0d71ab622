package repoconfig

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// IsHotfixBranch reports whether a head branch matches one of the patterns of
// hotfix.branches. "hotfix/**" stands for what is below hotfix/, not for a
// branch of that name itself. The bot's own branches never match: a backport is
// no hotfix, whatever the patterns say.
func IsHotfixBranch(patterns []string, branch string) bool {
	if strings.HasPrefix(branch, botFolder) {
		return false
	}
	return matches(patterns, branch)
}

// MatchesPath reports whether a path of the repository matches one of the patterns
// of `paths`, `modules` or `applications`. A pattern without a slash is matched with
// the last part of the path, too: "VERSION" means every file of that name.
func MatchesPath(patterns []string, path string) bool {
	for _, pattern := range patterns {
		if doublestar.MatchUnvalidated(pattern, path) ||
			!strings.Contains(pattern, "/") && doublestar.MatchUnvalidated(pattern, path[strings.LastIndexByte(path, '/')+1:]) {
			return true
		}
	}
	return false
}

func matches(patterns []string, branch string) bool {
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

// What a pattern may hold keeps matching fast: each pair of braces multiplies the
// ways in which it can be read.
const (
	maxPattern = 200 // bytes
	maxBraces  = 4   // pairs
)

// nowhere finds parts that no path and no branch has.
var nowhere = regexp.MustCompile(`(^|/)\.{1,2}(/|$)|//`)

func globForm() form {
	return form{
		one: "a pattern", many: "patterns",
		longest: maxPattern, never: fmt.Sprintf(`^[/!]|/$|%s|(\{[^{]*){%d}`, nowhere, maxBraces+1),
		wrong: func(pattern string) string {
			switch {
			case !doublestar.ValidatePattern(pattern):
				return "is no valid pattern"
			case len(pattern) > maxPattern || strings.Count(pattern, "{") > maxBraces:
				return fmt.Sprintf("is longer than %d bytes or has more than %d pairs of braces; write several patterns", maxPattern, maxBraces)
			case strings.HasPrefix(pattern, "/"):
				return "starts with a slash; patterns are matched from the start without one"
			case strings.HasPrefix(pattern, "!"):
				return "starts with `!`, which no pattern can; name what is meant"
			case strings.HasSuffix(pattern, "/"):
				return "ends in a slash, and nothing does that it is matched with; for all below write " + naming.Quoted(pattern+"**")
			case nowhere.MatchString(pattern):
				return "matches nothing: a part between slashes is empty, `.` or `..`"
			}
			return ""
		},
	}
}
