package bot

import (
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// hotfixCheckKind is the kind of the check run "Hotfix" in its external id. After
// the pull request's number that says which buttons it has: GitHub never tells.
const hotfixCheckKind = "hotfix"

// buttons are the commands that a merged hotfix's check run offers now, at most
// three (P22): each is the command of the same name, with the same permission.
func buttons(h *hotfix.Hotfix, status hotfix.Status) []hotfix.CheckAction {
	var list []hotfix.CheckAction
	if len(status.Deployable) > 0 {
		list = append(list, render.DeployButton(status.Deployable))
	}
	if slices.ContainsFunc(status.Standings, wantsRetry) {
		list = append(list, render.RetryButton())
	}
	if status.State == hotfix.StateReady && h.Issue != nil && h.Issue.Open {
		list = append(list, render.SolvedButton())
	}
	return list
}

// wantsRetry reports whether a retry could help an environment.
func wantsRetry(st hotfix.Standing) bool {
	return st.Verdict == hotfix.VerdictDeclined || st.Verdict == hotfix.VerdictLost
}

// isButton reports whether a command is one that a button stands for.
func isButton(c hotfix.Command) bool {
	return slices.Contains([]hotfix.Verb{hotfix.VerbDeploy, hotfix.VerbRetry, hotfix.VerbSolved}, c.Verb) &&
		!c.Force && c.Problem == ""
}

// withButtons gives the check run of a hotfix its buttons and its external id.
func withButtons(run hotfix.CheckRun, pull int, actions []hotfix.CheckAction) hotfix.CheckRun {
	words := make([]string, len(actions))
	for i, action := range actions {
		words[i] = action.Identifier + "=" + action.Label
	}
	run.Actions, run.ExternalID = actions, naming.CheckID(hotfixCheckKind, pull, strings.Join(words, ","))
	return run
}
