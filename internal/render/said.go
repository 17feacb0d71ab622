package render

import (
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// The answers to commands: one or two sentences of Markdown each. They become
// [hotfix.Granted.Said] and the body of the reply.

// SaidNotThere answers a word that names nothing here: an environment, a hotfix
// ("#34"), a path. Known are the words that would.
func SaidNotThere(what string, known []string) string {
	if len(known) == 0 {
		return "There is no " + naming.Code(what) + " here."
	}
	return "There is no " + naming.Code(what) + " here; there is " + few(codes(known), 20) + "."
}

// SaidNotAllowed answers a press or an action of somebody who may not do that.
func SaidNotAllowed(person string, has, needs hotfix.Permission) string {
	return "It needs the role " + naming.Code(needs.String()) + " in the repository, and " + naming.Code(person) + " has " +
		naming.Code(has.String()) + ". Nothing was changed."
}

// SaidUsage answers a line that is no command, with the parser's own words.
func SaidUsage(problem string) string { return statement(problem) }

// SaidRetried answers a retry that was carried out. Pull is the backport that
// came of it: a new one, or the earlier one made anew.
func SaidRetried(env string, pull int) string {
	return name(env) + " was tried again: see " + number(pull) + "."
}

// SaidNothingToRetry answers a retry for an environment that needs none.
func SaidNothingToRetry(b hotfix.Standing) string {
	return "There is nothing to retry for " + name(b.Environment) + ": " + standingNow(b) + "."
}

// SaidSkipped answers a skip.
func SaidSkipped(env, reason string) string {
	return name(env) + " is skipped: " + quote(reason)
}

// SaidUnskipped answers an unskip.
func SaidUnskipped(env string) string {
	return name(env) + " is no longer skipped; its backport goes on."
}

// SaidNotSkipped answers an unskip of an environment that is not skipped.
func SaidNotSkipped(env string) string { return name(env) + " is not skipped. Nothing was changed." }

// SaidResolved answers `resolved` for paths that it is recorded for.
func SaidResolved(paths []string) string {
	return "Recorded as resolved: " + few(codes(paths), maxListed) + "."
}

// SaidNotConflicted answers `resolved` for a path that needs no such word.
func SaidNotConflicted(path string) string {
	return naming.Code(path) + " is not among the conflicted paths of this backport. Nothing was changed."
}

// SaidSolved answers `solved` when every environment has the hotfix.
func SaidSolved() string {
	return "Solved: every environment contains the hotfix or is skipped."
}

// SaidMissing answers `solved` when it is refused: what is missing, each with
// what to do about it.
func SaidMissing(s hotfix.Status) string {
	var lines []string
	if len(s.Deployable) > 0 && len(s.Undeployed()) == 0 {
		lines = append(lines, "**Release**: "+statement(WaitsForDeploy(s.Deployable).What)+" "+statement(WaitsForDeploy(s.Deployable).Remedy))
	}
	for _, st := range s.Undeployed() {
		lines = append(lines, "**"+name(st.Environment)+"**: "+endSentence(stageNow(s, st))+" "+stageRemedy(s, st))
	}
	for _, b := range s.Missing() {
		lines = append(lines, "**"+name(b.Environment)+"**: "+standingNow(b)+". "+remedy(b))
	}
	return "Not solved: " + stillWithout(s) + ".\n\n" + bullets(lines) +
		"\nA maintainer can close it nevertheless: " + naming.Code("/hotfix solved --force <reason>") + "."
}

// stillWithout is "2 environments still without hotfix #34".
func stillWithout(s hotfix.Status) string {
	n := len(s.Lacking())
	if n == 0 {
		return "hotfix " + number(s.Key.Pull) + " is not released"
	}
	return counted(n, "environment") + " still without hotfix " + number(s.Key.Pull)
}

// SaidForced answers `solved --force`.
func SaidForced(reason string) string {
	return "Closed by force, and recorded as such: " + quote(reason)
}

// SaidReopened answers `reopen`.
func SaidReopened() string {
	return "Reopened. It stays open until somebody closes it or says " + naming.Code("/hotfix solved") + "."
}

// SaidAlreadyOpen answers `reopen` for a hotfix that is open.
func SaidAlreadyOpen() string { return "This hotfix is open already. Nothing was changed." }

// SaidAlreadySolved answers `solved` for a hotfix that is solved.
func SaidAlreadySolved() string { return "This hotfix is solved already. Nothing was changed." }

// SaidSeveral answers a command that could mean several hotfixes and has to
// name one.
func SaidSeveral(pulls []int) string {
	numbers := make([]string, len(pulls))
	for i, n := range pulls {
		numbers[i] = number(n)
	}
	return "Several hotfixes stand on this issue: " + sentence(numbers) + ". Name one in the command."
}

// SaidNoHotfix answers a command where no hotfix is concerned.
func SaidNoHotfix() string {
	return "No hotfix belongs to this issue or pull request. Nothing was changed."
}

// name shows an environment's name.
func name(env string) string { return naming.Neutralise(env) }

// quote shows the reason that a person gave.
func quote(reason string) string {
	if strings.TrimSpace(reason) == "" {
		return "no reason given."
	}
	return "“" + naming.Neutralise(reason) + "”."
}
