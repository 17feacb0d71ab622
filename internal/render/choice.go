package render

import (
	"strconv"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// SaidPicked answers a pick: what an environment gets, and what it does not.
func SaidPicked(env string, words, leftOut []string) string {
	text := name(env) + " gets " + few(codes(words), maxListed) + " of this hotfix."
	if len(leftOut) > 0 {
		text += " Left out: " + few(codes(leftOut), maxListed) + "."
	}
	return text
}

// SaidNothingToPick answers a pick for an environment that needs none.
func SaidNothingToPick(b hotfix.Standing) string {
	return "There is nothing to pick for " + name(b.Environment) + ": " + standingNow(b) + "."
}

// SaidIsEnvironment answers a backport to a branch that has its backport anyway.
func SaidIsEnvironment(env hotfix.Environment) string {
	return naming.Code(env.Branch) + " is the branch of " + name(env.Name) + ", which gets the hotfix anyway; " +
		naming.Code("/hotfix retry "+env.Branch) + " makes its backport again. Nothing was changed."
}

// SaidCarried answers a backport to a branch that is no environment.
func SaidCarried(branch string, st hotfix.Standing) string {
	return naming.Code(branch) + ": " + endSentence(standingNow(st))
}

// SaidStartOnIssue answers a start that was not said on an issue.
func SaidStartOnIssue() string {
	return naming.Code("/hotfix start") + " is said on the issue that the hotfix is for. Nothing was changed."
}

// SaidStarted records the branch that a start made.
func SaidStarted(branch string) string { return "Started " + naming.Code(branch) + "." }

// StartedReply answers a start with the commands to check the branch out.
func StartedReply(branch string, production hotfix.EnvironmentState, landing hotfix.Environment) string {
	at := "the tip of " + naming.Code(production.Branch)
	if tag := production.First().Tag; tag != "" {
		at = naming.Code(tag)
	}
	return "The branch " + naming.Code(branch) + " stands at " + at + ", which " + name(production.Name) + " runs.\n\n" +
		checkOut(branch, landing)
}

// SaidStartedEarlier records that the branch which a start would make is there.
func SaidStartedEarlier(branch string) string {
	return "The branch " + naming.Code(branch) + " exists already. Nothing was changed."
}

// StartedEarlierReply answers a start whose branch is there and was worked on.
func StartedEarlierReply(branch string, tip hotfix.OID, landing hotfix.Environment) string {
	return "The branch " + naming.Code(branch) + " exists already, at " + tip.Short() + ". Nothing was changed.\n\n" +
		checkOut(branch, landing)
}

// checkOut is how to go on with a hotfix branch.
func checkOut(branch string, landing hotfix.Environment) string {
	return fenced([]string{"git fetch origin", "git switch " + shellWord(branch)}) +
		"\nCommit the fix, push, and open a pull request to " + naming.Code(landing.Branch) + "."
}

// WaitsForEnvironment is why an environment waits in chain order.
func WaitsForEnvironment(before, branch string) hotfix.Problem {
	return hotfix.Problem{
		What:   "it comes after " + before + ", and picks what was merged there",
		Remedy: "bring it to " + before + ", or say `/hotfix retry " + branch + "` to pick the hotfix as it landed",
		Topic:  hotfix.TopicAfterEnvironment,
	}
}

// BuildsOn is why a hotfix waits whose lines another one brings first.
func BuildsOn(first, backport int, branch string) hotfix.Problem {
	what := "it builds on hotfix #" + strconv.Itoa(first)
	if backport != 0 {
		what += ", whose backport #" + strconv.Itoa(backport) + " is not merged"
	} else {
		what += ", which `" + branch + "` does not have"
	}
	return hotfix.Problem{
		What:   what,
		Remedy: "bring that one to `" + branch + "` first; or say `/hotfix retry " + branch + "` for a draft with the conflicts",
		Topic:  hotfix.TopicBuildsOn,
	}
}

// Lost is the problem of an environment that had the hotfix.
func Lost(branch string, by hotfix.Undoing) hotfix.Problem {
	return hotfix.Problem{
		What:   "`" + branch + "` had the hotfix and lost it " + undoing(by),
		Remedy: "say `/hotfix retry " + branch + "` for a new backport, or `/hotfix skip " + branch + " <reason>` if that was meant",
		Topic:  hotfix.TopicUndone,
	}
}

// RevertedHotfix is why a hotfix is propagated no further: it was reverted where it
// landed.
func RevertedHotfix(branch string, by hotfix.Undoing) hotfix.Problem {
	return hotfix.Problem{
		What:   "the hotfix was reverted on `" + branch + "` " + undoing(by) + ", so it is carried no further",
		Remedy: "say `/hotfix revert` for drafts that take it back where it is contained; or bring it to `" + branch + "` again, and it goes on",
		Topic:  hotfix.TopicReverted,
	}
}

// undoing is "with `abc1234` by `alice`", or, of a branch that was moved to where the
// hotfix never was, "when it was set to `abc1234`".
func undoing(by hotfix.Undoing) string {
	if by.Author == "" {
		return "when it was set to `" + by.Commit.Short() + "`"
	}
	return "with `" + by.Commit.Short() + "` by `" + by.Author + "`"
}
