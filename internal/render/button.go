package render

import (
	"unicode/utf8"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// What GitHub takes of a button (docs, "Create a check run"), in characters.
const (
	maxLabel       = 20
	maxDescription = 40
)

// DeployButton is Tag & Deploy: with the number in its label where that has room,
// else in its description.
func DeployButton(tags []string) hotfix.CheckAction {
	label, description := "Tag & Deploy "+sentence(tags), "Release "+sentence(tags)
	if utf8.RuneCountInString(label) > maxLabel {
		label = "Tag & Deploy"
	}
	if len(tags) == 1 {
		description += " and deploy it"
	}
	return hotfix.CheckAction{Label: label, Description: naming.Line(description, maxDescription), Identifier: "deploy"}
}

// RetryButton makes backports again that were closed or lost.
func RetryButton() hotfix.CheckAction {
	return hotfix.CheckAction{Label: "Retry", Description: "Make the missing backports again", Identifier: "retry"}
}

// SolvedButton is LifeTime's Mark Hotfix as Solved.
func SolvedButton() hotfix.CheckAction {
	return hotfix.CheckAction{Label: "Mark as solved", Description: "Close the issue; nothing is missing", Identifier: "solved"}
}

// Pressed says which button, of a check run or on the page, a reply answers, and who
// pressed it.
func Pressed(person string, commands []hotfix.Command) string {
	label := "a button"
	for _, c := range commands {
		switch c.Verb {
		case hotfix.VerbDeploy:
			label = "**Tag & Deploy**"
		case hotfix.VerbRetry:
			label = "**Retry**"
		case hotfix.VerbSolved:
			label = "**Mark as solved**"
			if c.Force {
				label = "**Mark as solved by force**"
			}
		case hotfix.VerbSkip:
			label = "**Skip**"
		case hotfix.VerbUnskip:
			label = "**Do not skip**"
		case hotfix.VerbRevert:
			label = "**Take back**"
		}
	}
	return naming.Code(person) + " pressed " + label + "."
}
