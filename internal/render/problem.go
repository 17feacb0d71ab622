package render

import (
	"strconv"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// NoVersionTag is the problem of a repository without any release tag, or of an
// application without one where there are several: no first number is made up (P4).
// Prefix is what its tags begin with.
func NoVersionTag(application, prefix string, landed hotfix.OID) hotfix.Problem {
	if application != "" {
		return hotfix.Problem{
			What:   "`" + application + "` has no version tag to count from, so this hotfix has no release of it yet; its backports go on",
			Remedy: "push a tag such as `" + prefix + "1.0.1` at " + landed.Short(),
			Topic:  hotfix.TopicNoVersionTag,
		}
	}
	return hotfix.Problem{
		What:   "the repository has no version tag to count from, so this hotfix has no release yet; its backports go on",
		Remedy: "push a tag such as `v1.0.1` at " + landed.Short() + ", or comment `/hotfix deploy 1.0.1` with the number it shall have",
		Topic:  hotfix.TopicNoVersionTag,
	}
}

// NoApplication is the problem of a hotfix that touches none of the applications
// (P6): there is no version line in which it could be released.
func NoApplication() hotfix.Problem {
	return hotfix.Problem{
		What:   "the hotfix touches no application, so it has no release of its own",
		Remedy: "it comes with the next release; if it belongs to one, add its paths to `applications` in `.github/hotfix.yml`",
		Topic:  hotfix.TopicNoApplication,
	}
}

// MissingBranch is the problem of an environment without its branch.
func MissingBranch(env hotfix.Environment) hotfix.Problem {
	return hotfix.Problem{
		What:   "the branch `" + env.Branch + "` of " + env.Name + " does not exist",
		Remedy: "create the branch, or take the environment out of `.github/hotfix.yml`",
		Topic:  hotfix.TopicMissingBranch,
	}
}

// GoneBranch is the problem of a branch, no environment's, to which a hotfix shall be
// carried and which is gone.
func GoneBranch(branch string) hotfix.Problem {
	return hotfix.Problem{
		What:   "the branch `" + branch + "` does not exist any more",
		Remedy: "create the branch again, or say `/hotfix skip " + branch + " <reason>`",
		Topic:  hotfix.TopicGoneBranch,
	}
}

// UnclearLanding is the problem of a merge that no reading explains (P8).
func UnclearLanding(l hotfix.Landing) hotfix.Problem {
	return hotfix.Problem{
		What:   "it is unclear which commits carry this hotfix: " + l.Unclear,
		Remedy: "say `/hotfix pick <environment> -- <commit>` with the commits of the pull request that make it up; or carry it over by hand and say `/hotfix skip <environment> <reason>`",
		Topic:  hotfix.TopicUnclearMerge,
	}
}

// BrokenConfig is the problem of a configuration with mistakes (P26); the zero
// Problem when there is none.
func BrokenConfig(problems []hotfix.ConfigProblem) hotfix.Problem {
	if len(problems) == 0 {
		return hotfix.Problem{}
	}
	first := problems[0]
	what := counted(len(problems), "mistake") + " in `" + first.File + "`, so nothing is decided for this repository; "
	if len(problems) > 1 {
		what += "the first is "
	} else {
		what += "it is "
	}
	if first.Line > 0 {
		what += "in line " + strconv.Itoa(first.Line) + ": "
	}
	return hotfix.Problem{What: what + first.Message, Remedy: "correct the file on the default branch", Topic: hotfix.TopicBrokenConfig}
}

// place is "`.github/hotfix.yml` line 3, column 5".
func place(p hotfix.ConfigProblem) string {
	text := naming.Code(p.File)
	if p.Line > 0 {
		text += " line " + strconv.Itoa(p.Line)
		if p.Column > 0 {
			text += ", column " + strconv.Itoa(p.Column)
		}
	}
	return text
}
