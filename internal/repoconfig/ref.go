package repoconfig

import (
	"strings"
	"unicode"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// botFolder is where the bot's own branches live (package naming).
const botFolder = "backport/"

// What git refuses in the name of a branch or a tag, as patterns; wrongRef says
// it in words.
const (
	refPattern = `^[^\x00-\x20\x7f-\x9f~^:?*\[\\]+$`
	refNever   = `^[-/]|^refs/|^@$|@\{|\.\.|\.$|/$|//|(^|/)\.|\.lock(/|$)`
)

func branchForm() form {
	return form{
		one: "the name of a branch", many: "branches",
		pattern: refPattern, never: refNever + "|^" + botFolder,
		wrong: func(branch string) string {
			if problem := wrongRef(branch); problem != "" {
				return "is no name for a branch: it " + problem
			}
			if strings.HasPrefix(branch, botFolder) {
				return "is where the bot's own branches are; choose a branch outside of `" + botFolder + "`"
			}
			return ""
		},
	}
}

const version = "{version}"

// tagForm is the template of release tags. What it makes must be found again as
// a version of its own.
func tagForm() form {
	return form{
		one: "the name of a tag that ends in `{version}`", many: "names of tags", letters: true,
		pattern: `^([^\x00-\x20\x7f-\x9f~^:?*\[\\{}]*[^\x00-\x20\x7f-\x9f~^:?*\[\\{}0-9.])?\{version\}$`, never: refNever,
		wrong: func(template string) string {
			name := strings.Replace(template, version, "1.7.1", 1)
			again, ok := hotfix.ParseRelease(hotfix.Tag{Name: name}, template)
			switch problem := wrongRef(name); {
			case name == template:
				return "must contain `{version}`, for example `v{version}`"
			case strings.ContainsAny(name, "{}"):
				return "must contain `{version}` once and no other braces"
			case problem != "":
				return "makes " + naming.Quoted(name) + ", which is no name for a tag: it " + problem
			case !ok || again.Version.String() != "1.7.1":
				return "makes tags such as " + naming.Quoted(name) + ", from which the number can't be read again; let it end in `{version}`, with no digit, dot or other number in front"
			}
			return ""
		},
	}
}

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
