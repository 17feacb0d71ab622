package naming

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Every branch of the bot lives below this folder, which no pattern of
// hotfix.branches may match (repoconfig sees to it).
const branchFolder = "backport/"

const maxSlug = 40

// Branch is the name of a backport branch: backport/<env's branch>/<pull>-<slug>,
// with "-2" at the end for the second attempt and so on; an attempt below 1
// counts as the first. The slug is brought into Slug's form if it is not in it,
// so that its own end can't be read as an attempt. ParseBranch knows attempts and
// pull requests of up to 9 digits.
func Branch(env hotfix.Environment, pull int, slug string, attempt int) string {
	name := fmt.Sprintf("%s%s/%d-%s", branchFolder, env.Branch, pull, orHotfix(words(slug)))
	if attempt < 2 {
		return name
	}
	return fmt.Sprintf("%s-%d", name, attempt)
}

// Promotion is the branch of a promotion pull request: deploy/<env's branch>/<tag>.
func Promotion(env hotfix.Environment, tag string) string {
	return "deploy/" + env.Branch + "/" + tag
}

// Revert is the branch of a pull request that takes a hotfix back from an environment:
// revert/<env's branch>/<pull>-<slug>, with a number at the end from the second on.
func Revert(env hotfix.Environment, pull int, slug string, attempt int) string {
	return "revert/" + strings.TrimPrefix(Branch(env, pull, slug, attempt), branchFolder)
}

// The environment's branch may hold slashes, the rest holds none.
var branchForm = regexp.MustCompile(`^backport/(.+)/([1-9][0-9]{0,8})-([a-z0-9-]+?)(?:-([1-9][0-9]{0,8}))?$`)

// ParseBranch is the way back from Branch. ok is false for every name that
// Branch does not make: it is proven by making the name again.
func ParseBranch(name string) (envBranch string, pull, attempt int, ok bool) {
	m := branchForm.FindStringSubmatch(name)
	if m == nil {
		return "", 0, 0, false
	}
	pull, _ = strconv.Atoi(m[2]) // digits, by the form
	attempt = 1
	if m[4] != "" {
		attempt, _ = strconv.Atoi(m[4])
	}
	if Branch(hotfix.Environment{Branch: m[1]}, pull, m[3], attempt) != name {
		return "", 0, 0, false
	}
	return m[1], pull, attempt, true
}

var leadingNumber = regexp.MustCompile(`^[0-9]+[^a-z0-9]+`)

// Slug is at most 40 characters of [a-z0-9-] that say what a hotfix is about:
// what stands after the first slash of its head branch (all of it where there is
// none), without an issue number in front. The title is asked only when that leaves nothing, because people
// edit titles after the merge and the name must not change with them. It is
// never empty and never ends in a number of its own.
func Slug(headBranch, title string) string {
	_, topic, found := strings.Cut(headBranch, "/")
	if !found {
		topic = headBranch
	}
	topic = strings.ToLower(topic)
	if without := words(leadingNumber.ReplaceAllString(topic, "")); without != "" {
		return without
	}
	if slug := words(topic); slug != "" {
		return slug
	}
	return orHotfix(words(title))
}

var (
	notSlug      = regexp.MustCompile(`[^a-z0-9]+`)
	numbersAtEnd = regexp.MustCompile(`(-[0-9]+)+$`)
)

// words is text as lower-case words joined by '-'. Numbers at the end go, since
// there they would read as an attempt; a number alone stays.
func words(text string) string {
	s := strings.Trim(notSlug.ReplaceAllString(strings.ToLower(text), "-"), "-")
	if len(s) > maxSlug {
		s = cutAtWord(s)
	}
	return numbersAtEnd.ReplaceAllString(s, "")
}

// cutAtWord shortens a slug at its last '-' if that leaves at least half of it.
func cutAtWord(s string) string {
	whole := s[maxSlug] == '-'
	s = s[:maxSlug]
	if end := strings.LastIndexByte(s, '-'); !whole && end >= maxSlug/2 {
		s = s[:end]
	}
	return strings.TrimRight(s, "-")
}

func orHotfix(slug string) string {
	if slug == "" {
		return "hotfix"
	}
	return slug
}

var issueForm = regexp.MustCompile(`^[^/]+/([1-9][0-9]{0,8})(?:[-_/].*)?$`)

// IssueFromBranch is the issue that a head branch is named after: 12 for
// "hotfix/12-cart" and "hotfix/12". Whether there is such an issue, and whether
// it is one about a hotfix, is for the caller to find out.
func IssueFromBranch(branch string) (issue int, ok bool) {
	m := issueForm.FindStringSubmatch(branch)
	if m == nil {
		return 0, false
	}
	issue, err := strconv.Atoi(m[1])
	return issue, err == nil
}

// Start is the branch of a hotfix that begins with an issue: "hotfix/12-cart-total".
// It matches the first of the patterns that has a folder.
func Start(patterns []string, issue int, title string) string {
	folder := "hotfix/"
	for _, pattern := range patterns {
		if before, ok := strings.CutSuffix(pattern, "**"); ok && strings.HasSuffix(before, "/") && !strings.ContainsAny(before, "*?[{\\") {
			folder = before
			break
		}
	}
	name := folder + strconv.Itoa(issue)
	if slug := words(strings.ToLower(title)); slug != "" {
		name += "-" + slug
	}
	return name
}
