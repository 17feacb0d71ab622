package render

import (
	"strings"
	"unicode/utf8"

	"github.com/hotfixbot/hotfixbot/internal/command"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Every text leads to the page of the documentation that tells more about it.
const (
	aboutStatus        = "troubleshooting.md#the-status-comment"
	aboutIssue         = "troubleshooting.md#the-hotfixs-issue"
	aboutBackport      = "troubleshooting.md#a-backport-pull-request"
	aboutPromotion     = "troubleshooting.md#a-promotion-pull-request"
	aboutReminder      = "troubleshooting.md#a-reminder"
	aboutHotfixCheck   = "troubleshooting.md#the-check-hotfix"
	aboutConflictCheck = "troubleshooting.md#the-check-hotfix-conflicts"
	aboutConfigCheck   = "troubleshooting.md#the-check-hotfix-configuration"
	aboutGate          = "troubleshooting.md#the-check-hotfix-gate"
	aboutCommands      = "say.md"
	aboutConflicts     = "conflicts.md"
	aboutStates        = "states.md"
	aboutDoctor        = "doctor.md#every-finding"
)

// more is the link of a message.
func more(page string) string { return "[What this means](" + hotfix.Docs + page + ")" }

// summary is a check run's text, which may be cut, and its link, which is not.
func summary(text, page string) string {
	link := "\n" + more(page) + "\n"
	return cut(strings.TrimRight(text, "\n")+"\n", maxSummary-utf8.RuneCountInString(link)) + link
}

// state is the word for how a hotfix stands somewhere. It leads to what stands in its
// way, else to what the word means.
func state(word string, problem *hotfix.Problem) string {
	page := hotfix.Docs + aboutStates + "#" + word
	if problem != nil && problem.Topic != "" {
		page = problem.Topic.URL()
	}
	return "[" + word + "](" + page + ")"
}

// kindPage is where a kind of conflict is told about. GitHub drops what is neither
// letter nor digit from an anchor, makes dashes of blanks and all letters small.
func kindPage(kind hotfix.ConflictKind) string {
	return hotfix.Docs + aboutConflicts + "#" + strings.NewReplacer("/", "", " ", "-").Replace(strings.ToLower(string(kind)))
}

// moreOn is the link of an answer: to each of its commands, or to all where none was
// understood.
func moreOn(granted []hotfix.Granted) string {
	var links []string
	seen := map[hotfix.Verb]bool{}
	for _, g := range granted {
		if _, known := command.Find(g.Verb); known && !seen[g.Verb] {
			seen[g.Verb] = true
			links = append(links, "[`/hotfix "+string(g.Verb)+"`]("+hotfix.Docs+aboutCommands+"#hotfix-"+string(g.Verb)+")")
		}
	}
	if len(links) == 0 {
		return more(aboutCommands)
	}
	return "What this means: " + strings.Join(links, " · ")
}
