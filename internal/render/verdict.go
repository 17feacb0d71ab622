package render

import (
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// headlineOf is an environment's part of the headline: "QA waits for #41".
func headlineOf(b hotfix.Standing) string {
	env := name(b.Environment)
	switch b.Verdict {
	case hotfix.VerdictProposed:
		return env + " waits for " + number(b.Pull)
	case hotfix.VerdictConflicted:
		return env + " has conflicts in " + number(b.Pull)
	case hotfix.VerdictWaiting:
		return env + " waits"
	default:
		return env + " " + string(b.Verdict)
	}
}

// standingNow says in half a sentence how an environment stands.
func standingNow(b hotfix.Standing) string {
	if b.Problem != nil && !b.Verdict.Final() {
		return trouble(b.Problem.What)
	}
	switch b.Verdict {
	case hotfix.VerdictContained:
		return "contained; " + proof(b.Proof)
	case hotfix.VerdictSkipped:
		return "skipped by " + naming.Code(b.By)
	case hotfix.VerdictProposed:
		return "backport " + number(b.Pull) + " is open"
	case hotfix.VerdictConflicted:
		return "backport " + number(b.Pull) + " has conflicts"
	case hotfix.VerdictDeclined:
		return declined(b)
	case hotfix.VerdictLost:
		return "it was contained and was undone since"
	case hotfix.VerdictWaiting:
		return "something has to change first"
	case hotfix.VerdictPending:
		return "its backport is being made"
	}
	return string(b.Verdict)
}

// remedy says what a person can do about an environment that misses the hotfix,
// as a sentence with its commands.
func remedy(b hotfix.Standing) string {
	if b.Problem != nil && b.Problem.Remedy != "" {
		return statement(b.Problem.Remedy)
	}
	skip := naming.Code("/hotfix skip " + b.Branch + " <reason>")
	switch b.Verdict {
	case hotfix.VerdictProposed:
		return "Review and merge " + number(b.Pull) + ", or " + skip + "."
	case hotfix.VerdictConflicted:
		return conflicted(b)
	case hotfix.VerdictDeclined:
		return "Reopen " + number(b.Pull) + ", or " + naming.Code("/hotfix retry "+b.Branch) + " for a new one, or " + skip + "."
	case hotfix.VerdictLost:
		return naming.Code("/hotfix retry "+b.Branch) + " for a new backport, or " + skip + "."
	case hotfix.VerdictWaiting:
		return "It goes on by itself when that has changed; or " + skip + "."
	case hotfix.VerdictPending:
		return "Nothing is asked of you."
	}
	return ""
}

// conflicted says which paths a person still has to do.
func conflicted(b hotfix.Standing) string {
	if len(b.Unresolved) == 0 {
		return "Every conflict is resolved: mark " + number(b.Pull) + " as ready for review and merge it."
	}
	return "Resolve " + few(codes(b.Unresolved), 5) + " in " + number(b.Pull) + " (it says how), then merge it."
}

func declined(b hotfix.Standing) string {
	if b.By == "" {
		return "backport " + number(b.Pull) + " was closed unmerged"
	}
	return naming.Code(b.By) + " closed backport " + number(b.Pull) + " unmerged"
}

// proof says in half a sentence what shows that an environment has the hotfix.
// The commit of an empty pick is left out: it is whatever the branch's tip was,
// and the status comment would change with every push.
func proof(p *hotfix.Proof) string {
	if p == nil {
		return "the proof is not recorded"
	}
	switch p.Kind {
	case hotfix.ProofEmptyPick:
		return "picking it there changes nothing"
	case hotfix.ProofMerged:
		return mergedAs(p) + ", and what it changed is there"
	case hotfix.ProofResolved:
		return mergedAs(p) + ", with the conflicts resolved by a person"
	case hotfix.ProofEarlier:
		return "picking it changed nothing at " + p.Commit.Short() + ", and it was not undone since"
	case hotfix.ProofEdited:
		return mergedAs(p) + ", changed by a person before the merge"
	}
	return string(p.Kind)
}

// mergedAs is "#41, merged by `alice` as abc1234".
func mergedAs(p *hotfix.Proof) string {
	text := number(p.Pull) + ", merged"
	if p.Person != "" {
		text += " by " + naming.Code(p.Person)
	}
	if p.Commit != "" {
		text += " as " + p.Commit.Short()
	}
	return text
}
