package githubsim

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	// closingPhrase is GitHub's list of keywords, a colon allowed, before an
	// issue by number, by owner/repo#number or by url.
	closingPhrase = regexp.MustCompile(`(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+` +
		`(?:([\w.-]+/[\w.-]+)?#|https?://[^\s/]+/([\w.-]+/[\w.-]+)/issues/|GH-)(\d+)\b`)
	// unspoken is what GitHub does not read for keywords: comments and code.
	unspoken = regexp.MustCompile("(?s)<!--.*?-->|```.*?(?:```|$)|~~~.*?(?:~~~|$)|`[^`\n]*`")
)

// closingKeywords gives the numbers of the issues of the repository that the text says it
// closes, in the order of the text, each once.
func closingKeywords(r *Repo, text string) []int {
	var list []int
	seen := map[int]bool{}
	for _, m := range closingPhrase.FindAllStringSubmatch(unspoken.ReplaceAllString(text, " "), -1) {
		where := m[1] + m[2]
		n, err := strconv.Atoi(m[3])
		if err != nil || seen[n] || where != "" && !strings.EqualFold(where, r.FullName()) {
			continue
		}
		seen[n] = true
		list = append(list, n)
	}
	return list
}

// closingReferences lists the issues that merging the pull request closes: keywords in its
// body count only when it targets the default branch.
func (p *Pull) closingReferences() []*Issue {
	r := p.Repo()
	if p.BaseRef != r.DefaultBranch {
		return nil
	}
	var list []*Issue
	for _, n := range closingKeywords(r, p.Issue.Body) {
		if i := r.issue(n); i != nil && i.Pull == nil {
			list = append(list, i)
		}
	}
	return list
}

// issue finds an issue or pull request by number, or nil.
func (r *Repo) issue(n int) *Issue {
	if n < 1 || n > len(r.Issues) {
		return nil
	}
	return r.Issues[n-1]
}
