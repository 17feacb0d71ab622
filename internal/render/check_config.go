package render

import (
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// ConfigCheck is the check run on a commit of the default branch whose
// .github/hotfix.yml was read.
func ConfigCheck(problems []hotfix.ConfigProblem) hotfix.CheckRun {
	return configCheck(problems,
		"Nothing is done for this repository's hotfixes until the file on the default branch is right: a guess could carry a hotfix to the wrong branch.")
}

// ConfigPullCheck is the check run on a pull request that changes
// .github/hotfix.yml, of which the problems are those of its head. They are the
// pull request's own, so it fails: merged, they would stop every hotfix.
func ConfigPullCheck(problems []hotfix.ConfigProblem) hotfix.CheckRun {
	return configCheck(problems,
		"Correct the file before this is merged into the default branch: while there is a mistake, nothing is done for this repository's hotfixes.")
}

func configCheck(problems []hotfix.ConfigProblem, meaning string) hotfix.CheckRun {
	if len(problems) == 0 {
		run := completed(ConfigCheckName, "success")
		run.Title = "The configuration is right"
		run.Summary = summary("Every key is known and every value fits.", aboutConfigCheck)
		return run
	}
	run := completed(ConfigCheckName, "failure")
	run.Title = counted(len(problems), "mistake") + " in " + naming.Line(problems[0].File, 100)
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = place(p) + ": " + endSentence(prose(p.Message))
		if len(run.Annotations) < maxAnnotations {
			run.Annotations = append(run.Annotations, hotfix.Annotation{
				Path: p.File, Line: max(1, p.Line), Column: max(1, p.Column), Message: p.Message,
			})
		}
	}
	run.Summary = summary(meaning+"\n\n"+bullets(lines), aboutConfigCheck)
	return run
}
