package naming

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	// closes is one of GitHub's keywords with the issue, by its number or with its
	// repository (docs, "Linking a pull request to an issue").
	closes = regexp.MustCompile(`(?i)\b(?:close|closes|closed|fix|fixes|fixed|resolve|resolves|resolved):?[ \t]+([\w.-]+/[\w.-]+)?#([1-9][0-9]{0,8})\b`)
	// aside is what GitHub does not read for keywords: comments and code.
	aside = regexp.MustCompile("(?s)<!--.*?(?:-->|$)|```.*?(?:```|$)|`[^`\n]*`")
)

// Closes lists the issues of a repository ("owner/name") that a text says it closes,
// in its order, each once. Whether there are such issues is for the caller to find
// out.
func Closes(text, repository string) []int {
	var issues []int
	for _, m := range closes.FindAllStringSubmatch(aside.ReplaceAllString(text, " "), -1) {
		issue, err := strconv.Atoi(m[2])
		foreign := m[1] != "" && !strings.EqualFold(m[1], repository)
		if err == nil && !foreign && !slices.Contains(issues, issue) {
			issues = append(issues, issue)
		}
	}
	return issues
}
