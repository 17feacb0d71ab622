package render

import (
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// GateCheckName is the release gate's check run, as it stands in branch protection
// rules.
const GateCheckName = "Hotfix gate"

// GateCheck is the check run on a proposal against an environment's branch: it
// fails where its merge would lose a hotfix, or, with enforce, where the head misses
// one.
func GateCheck(g hotfix.Gated, enforce bool) hotfix.CheckRun {
	run := completed(GateCheckName, "success")
	switch {
	case len(g.Losing) > 0:
		run.Conclusion = "failure"
		run.Title = "The merge would lose " + counted(len(g.Losing), "hotfix") + " of " + naming.Line(g.Base.Name, 64)
		run.Summary = name(g.Base.Name) + " has these hotfixes, and the result of this merge would not:\n\n" + guardedList(g.Losing) +
			"\nMerge " + naming.Code(g.Base.Branch) + " into this branch and keep their lines; or, where that is meant, " + meant(g) + ".\n"
	case g.Unknown != nil:
		run.Conclusion = "neutral"
		if enforce {
			run.Conclusion = "failure"
		}
		run.Title = "Whether a hotfix is lost cannot be told"
		run.Summary = problem(*g.Unknown) + "\n"
	case len(g.Missing) > 0:
		if enforce {
			run.Conclusion = "failure"
		}
		run.Title = "The branch misses " + counted(len(g.Missing), "hotfix") + " of " + naming.Line(g.Base.Name, 64)
		run.Summary = "The result of the merge has them, but this branch itself does not:\n\n" + guardedList(g.Missing) +
			"\nMerge " + naming.Code(g.Base.Branch) + " into this branch, so that what is tested here is what will run.\n"
	case g.Conflicted:
		run.Title = "It cannot be merged as it is"
		run.Summary = "Whether a hotfix would be lost can be told when the conflicts are resolved.\n"
	default:
		run.Title = "No hotfix is lost"
		run.Summary = "Every hotfix that " + name(g.Base.Name) + " has stays there.\n"
	}
	run.Summary = summary(run.Summary, aboutGate)
	return run
}

// NoGateCheck takes back what the gate said before it was turned off.
func NoGateCheck() hotfix.CheckRun {
	run := completed(GateCheckName, "neutral")
	run.Title = "The gate is off"
	run.Summary = summary("`gate: off` in `.github/hotfix.yml`: nobody looks whether this merge loses a hotfix.", aboutGate)
	return run
}

// meant says what to do where a hotfix is to be lost: below, it is skipped; where it
// landed, a merge past the check is the revert that ends it.
func meant(g hotfix.Gated) string {
	if g.Below {
		return "take the hotfix back with " + naming.Code("/hotfix skip "+g.Base.Branch+" <reason>") + " on its issue"
	}
	return "have somebody who may bypass the check merge it: the hotfix then counts as reverted and is carried no further"
}

// guardedList names each hotfix with its tag and author.
func guardedList(list []hotfix.Guarded) string {
	lines := make([]string, len(list))
	for i, g := range list {
		lines[i] = "hotfix " + number(g.Pull) + " (" + naming.Code(g.Title) + ") by " + naming.Code(g.Author)
		if len(g.Tags) > 0 {
			lines[i] += ", released as " + sentence(codes(g.Tags))
		}
		if g.Issue != 0 {
			lines[i] += ", see " + number(g.Issue)
		}
		if len(g.Paths) > 0 {
			lines[i] += ": " + few(codes(g.Paths), 5)
		}
	}
	return bullets(lines)
}
