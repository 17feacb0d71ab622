package render

import (
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// RevertTitle is the title of a draft that takes a hotfix back from an environment.
func RevertTitle(p hotfix.Pull, env hotfix.Environment) string {
	return naming.Title("Revert hotfix #{pr} on {environment}: {title}", p.Title, p.Number, env.Name)
}

// RevertMessage is the message of its commits.
func RevertMessage(p hotfix.Pull, by hotfix.Undoing) string {
	return fmt.Sprintf("Revert hotfix #%d\n\nIt was reverted on %s by %s.\n", p.Number, p.Base, by.Commit)
}

// RevertBody is the body of a draft that takes a hotfix back, with its marker.
func RevertBody(p hotfix.Pull, issue *hotfix.Issue, by hotfix.Undoing, a hotfix.OpenRevert, tip hotfix.OID) string {
	body := "Takes hotfix " + number(p.Number) + " (" + naming.Code(p.Title) + ") by " + naming.Code(p.Author) + " back from " +
		name(a.Environment.Name) + ": it was reverted on " + naming.Code(p.Base) + " " + prose(undoing(by)) + ".\n\n" +
		"If " + name(a.Environment.Name) + " shall be without it, mark this pull request as ready for review and merge it; else close it.\n"
	if issue != nil {
		body += "\n" + number(issue.Number) + " says where the hotfix stands.\n"
	}
	body += "\n[What this means](" + hotfix.TopicReverted.URL() + ")\n"
	return finish(body, naming.Marker(naming.KindRevert, hotfix.RevertMarker{
		Pull: p.Number, Environment: a.Environment.Branch, Tip: tip, Command: a.Command, Press: a.Press,
	}))
}

// NothingToRevert is why a hotfix is not taken back from where nothing of it is left.
func NothingToRevert(branch string) *hotfix.Refusal {
	return &hotfix.Refusal{What: "nothing of it is left on `" + branch + "`", Topic: hotfix.TopicReverted}
}

// RevertConflicts is why a person has to take a hotfix back.
func RevertConflicts(branch string, conflicts []hotfix.PathConflict) *hotfix.Refusal {
	paths := make([]string, len(conflicts))
	for i, c := range conflicts {
		paths[i] = naming.Quoted(c.Path)
	}
	return &hotfix.Refusal{
		What:   "what `" + branch + "` has of it was changed since, in " + few(paths, 5),
		Remedy: "revert it there by hand",
		Topic:  hotfix.TopicReverted,
	}
}

// SaidNotReverted answers a revert of a hotfix that is still where it landed.
func SaidNotReverted(branch string) string {
	return "The hotfix is still on " + naming.Code(branch) + ": revert it there first. Nothing was changed."
}

// SaidReverting answers a revert whose draft is there.
func SaidReverting(env string, pull int) string {
	return number(pull) + " takes it back from " + name(env) + ": mark it as ready for review and merge it."
}

// SaidNothingToRevert answers a revert for an environment that does not have the hotfix.
func SaidNothingToRevert(env string) string { return name(env) + " does not have it." }
