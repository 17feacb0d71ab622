package render

import (
	"fmt"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// A problem of a pull request begins with "#7 was ", so that it is shown as a link.

// DeletedTag is the problem of a hotfix whose tag a person deleted: a tag is made
// once.
func DeletedTag(tag string, landed hotfix.OID) hotfix.Problem {
	return hotfix.Problem{
		What:   "the tag `" + tag + "` was deleted, and is not made again",
		Remedy: "tag `" + landed.Short() + "` by hand if this hotfix shall have a release",
		Topic:  hotfix.TopicDeletedTag,
	}
}

// LostMerge is the problem of a backport that was merged and whose fix the
// branch does not hold.
func LostMerge(pull int, branch string, by *hotfix.Undoing) hotfix.Problem {
	what := fmt.Sprintf("#%d was merged, but `%s` does not hold the fix", pull, branch)
	if by != nil {
		what += ": it was lost " + undoing(*by)
	}
	return hotfix.Problem{
		What:   what,
		Remedy: fmt.Sprintf("say `/hotfix retry %s` for a new backport, or `/hotfix skip %s <reason>`", branch, branch),
		Topic:  hotfix.TopicLostMerge,
	}
}

// Repointed is the problem of an open backport that a person pointed at another
// branch.
func Repointed(pull int, base, branch string) hotfix.Problem {
	return hotfix.Problem{
		What:   fmt.Sprintf("#%d was pointed at `%s`", pull, base),
		Remedy: fmt.Sprintf("point it at `%s` again, or close it", branch),
		Topic:  hotfix.TopicRepointed,
	}
}

// PullTaken is the refusal to open a pull request from a branch of the bot's from which
// somebody else has opened one. One with conflict markers is not to be merged.
func PullTaken(theirs hotfix.Pull, conflicts bool) *hotfix.Refusal {
	remedy := fmt.Sprintf("merge #%d, or close it, so that the bot can open its own", theirs.Number)
	if conflicts {
		remedy = fmt.Sprintf("close #%d, which holds conflict markers, so that the bot can open its own", theirs.Number)
	}
	return &hotfix.Refusal{
		What:   fmt.Sprintf("`%s` opened #%d from `%s` to `%s`, and GitHub allows no second pull request between them", theirs.Author, theirs.Number, theirs.Head, theirs.Base),
		Remedy: remedy, Topic: hotfix.TopicBranchTaken,
	}
}

// MergedElsewhere is the problem of a backport that was merged into another
// branch than its environment's.
func MergedElsewhere(pull int, base, branch string) hotfix.Problem {
	return hotfix.Problem{
		What:   fmt.Sprintf("#%d was merged into `%s`, not into `%s`", pull, base, branch),
		Remedy: fmt.Sprintf("say `/hotfix retry %s` for a new one", branch),
		Topic:  hotfix.TopicMergedElsewhere,
	}
}

// MergeRefused is the problem of a backport that is to merge by itself, and that
// GitHub neither merges nor takes on to merge later; with GitHub's words for both.
func MergeRefused(pull int, merging, telling string) hotfix.Problem {
	return hotfix.Problem{
		What: fmt.Sprintf("#%d was not merged by itself: GitHub says “%s”, and that it cannot wait for that: “%s”",
			pull, strings.TrimRight(merging, "."), strings.TrimRight(telling, ".")),
		Remedy: fmt.Sprintf("take away what stands in its way, and it is tried again; or merge #%d by hand", pull),
		Topic:  hotfix.TopicAutoMerge,
	}
}

// MergeUnjudged is the problem of a backport of which GitHub has not worked out yet
// whether it can be merged.
func MergeUnjudged(pull int) hotfix.Problem {
	return hotfix.Problem{
		What:   fmt.Sprintf("#%d was not merged by itself yet: GitHub has not said whether it can be", pull),
		Remedy: "it is tried again when GitHub has",
		Topic:  hotfix.TopicAutoMerge,
	}
}

// MergeCalledOff is the problem of a backport that GitHub was told to merge by itself,
// until somebody called that off.
func MergeCalledOff(pull int) hotfix.Problem {
	return hotfix.Problem{
		What:   fmt.Sprintf("#%d was to merge by itself, and that was called off", pull),
		Remedy: fmt.Sprintf("merge #%d by hand, or turn it on again there", pull),
		Topic:  hotfix.TopicAutoMerge,
	}
}

// MergeGone is the problem of a merged backport whose merge the branch has lost.
func MergeGone(pull int, branch string) hotfix.Problem {
	return hotfix.Problem{
		What:   fmt.Sprintf("#%d was merged, but its merge is not in `%s` any more", pull, branch),
		Remedy: fmt.Sprintf("say `/hotfix retry %s` for a new backport", branch),
		Topic:  hotfix.TopicLostMerge,
	}
}

// MergedUnresolved is the problem of a draft that was merged with conflicts in it.
func MergedUnresolved(pull int, branch string, paths []string) hotfix.Problem {
	quoted := make([]string, len(paths))
	for i, path := range paths {
		quoted[i] = naming.Quoted(path)
	}
	return hotfix.Problem{
		What:   fmt.Sprintf("#%d was merged with unresolved conflicts in %s", pull, few(quoted, 5)),
		Remedy: fmt.Sprintf("resolve them in `%s`, where they are now; or say `/hotfix resolved <path>` for what is right as it stands", branch),
		Topic:  hotfix.TopicMergedUnresolved,
	}
}
