package naming

import (
	"regexp"
	"strconv"
	"strings"
)

// Title fills the template of a backport pull request's title
// ("{title} (backport of #{pr} to {environment})") in one pass, so that a
// placeholder in a person's title stays text. GitHub takes 256 characters: where
// it would be longer, the person's title is what is cut. The title does nothing when
// it becomes the message of a merge: see inert.
func Title(template, title string, pull int, environment string) string {
	fill := func(title string) string {
		return inert(Line(strings.NewReplacer(
			"{title}", title, "{pr}", strconv.Itoa(pull), "{environment}", environment,
		).Replace(template), 4*maxTitle))
	}
	title = Line(title, maxTitle)
	for {
		filled := []rune(fill(title))
		over, length := len(filled)-maxTitle, len([]rune(title))
		switch {
		case over <= 0:
			return string(filled)
		case length <= 1: // the template alone is too long
			return strings.TrimSpace(string(filled[:maxTitle]))
		}
		title = Line(title, max(length-over, 1))
	}
}

var (
	// orders are what GitHub and builders obey in the message of a commit, with what
	// stands before the place where they are broken:
	// a keyword with an issue (docs, "Linking a pull request to an issue"),
	orders = []*regexp.Regexp{
		regexp.MustCompile(`(?i)(\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s*(?:[\w.-]+/[\w.-]+)?(?:#|gh-))(\d)`),
		regexp.MustCompile(`(?i)(\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s*https?:)(//)`),
		// a mention,
		regexp.MustCompile(`(@)(\w)`),
		// and the words that keep checks and deployments from running (docs, "Skipping
		// workflow runs"; others have [skip azurepipelines], [skip netlify], ***NO_CI***).
		regexp.MustCompile(`(?i)(\[)((?:skip|no)[ -][\w-]+\]|[\w-]+[ -]skip\])`),
		regexp.MustCompile(`(?i)(\*\*\*)(no_ci)`),
		regexp.MustCompile(`(?i)(\bskip-)(checks:)`),
	}
)

// inert is a title that reads as before and does nothing. GitHub makes the title of a
// pull request the message of its merge or squash, and obeys that when it comes to the
// default branch: the issue of a hotfix would be closed by the first backport, people
// would be called, and an environment's checks and deployment would not run. A number
// alone (#34) stays a link.
func inert(title string) string {
	for _, order := range orders {
		title = order.ReplaceAllString(title, "$1"+joiner+"$2")
	}
	return title
}
