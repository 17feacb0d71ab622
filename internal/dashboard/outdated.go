package dashboard

import (
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// outdated says what is the case, where a command is not what the page would offer now:
// the form is of a page that is not up to date. Else it is empty.
func outdated(status hotfix.Status, c hotfix.Command) string {
	word := c.Word()
	if slices.ContainsFunc(offers(status), func(o offer) bool { return o.Word == word && o.Branch == c.Environment }) {
		return ""
	}
	return "The page was not up to date: " + nowOf(status, c) + " Nothing was done."
}

// nowOf is how what a command is about stands.
func nowOf(status hotfix.Status, c hotfix.Command) string {
	if over(status) {
		return "the hotfix is " + string(status.State) + "."
	}
	for _, b := range status.Standings {
		switch {
		case c.Environment == "" || b.Branch != c.Environment:
		case b.Revert != 0:
			return "a pull request that takes it back from " + b.Environment + " is open."
		case status.State == hotfix.StateReverted:
			return "the hotfix is reverted, and in " + b.Environment + " it is " + string(b.Verdict) + "."
		default:
			return "in " + b.Environment + " the hotfix is " + string(b.Verdict) + "."
		}
	}
	switch tags := status.Tags(); {
	case c.Verb == hotfix.VerbDeploy && len(tags) > 0:
		return "it is released as " + strings.Join(tags, ", ") + "."
	case c.Verb == hotfix.VerbDeploy:
		return "there is nothing that could be tagged."
	case c.Force:
		return "no environment misses the hotfix."
	case status.Complete():
		return "the hotfix is " + string(status.State) + "."
	}
	return "it cannot be marked as solved" + missing(status) + "."
}
