package repoconfig

import (
	"strings"
	"unicode"
)

// wrongRef says what is wrong with the name of a branch or a tag, by the rules
// of git-check-ref-format(1); "" when nothing is.
func wrongRef(name string) string {
	switch {
	case strings.HasPrefix(name, "refs/"):
		return "must be written without `refs/heads/` or `refs/tags/`"
	case strings.HasPrefix(name, "-"):
		return "starts with `-`"
	case name == "@" || strings.Contains(name, "@{"):
		return "is `@` or contains `@{`"
	case strings.Contains(name, ".."):
		return "contains `..`"
	case strings.HasSuffix(name, "."):
		return "ends in a dot"
	case strings.ContainsAny(name, " ~^:?*[\\") || strings.ContainsFunc(name, unicode.IsControl):
		return "contains a space or one of `~^:?*[\\`"
	}
	for _, part := range strings.Split(name, "/") {
		if part == "" || strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".lock") {
			return "has a part between slashes that is empty, starts with a dot or ends in `.lock`"
		}
	}
	return ""
}
