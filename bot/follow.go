package bot

import (
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// concerned is the hotfix that an action is for, 0: none in particular.
func concerned(s *hotfix.Snapshot, action hotfix.Action) int {
	switch a := action.(type) {
	case hotfix.OpenIssue:
		return a.Pull
	case hotfix.CreateTag:
		return a.Pull
	case hotfix.CreateRelease:
		return a.Pull
	case hotfix.Promote:
		return a.Pull
	case hotfix.OpenPromotion:
		return a.Pull
	case hotfix.RecordDeployment:
		return a.Pull
	case hotfix.OpenBackport:
		return a.Pull
	case hotfix.OpenRevert:
		return a.Pull
	case hotfix.Dress:
		return a.Hotfix
	case hotfix.MergeBackport:
		return a.Hotfix
	case hotfix.Remind:
		return a.Hotfix
	case hotfix.ClosePull:
		return a.Hotfix
	case hotfix.DeleteBranch:
		return a.Hotfix
	case hotfix.SetIssue:
		return onlyAt(s, a.Number)
	case hotfix.AddLabel:
		return onlyAt(s, a.Number)
	case hotfix.Reply:
		return onlyAt(s, a.Answer.Issue)
	case hotfix.React:
		return onlyAt(s, placeOf(s, func(r hotfix.Request) bool { return r.Comment.ID == a.Comment }))
	case hotfix.IgnorePress:
		return onlyAt(s, placeOf(s, func(r hotfix.Request) bool { return r.Press == a.ID }))
	}
	return 0
}

// placeOf is where the request was said, 0: it is answered already.
func placeOf(s *hotfix.Snapshot, is func(hotfix.Request) bool) int {
	if i := slices.IndexFunc(s.Requests, is); i >= 0 {
		return s.Requests[i].Comment.Issue
	}
	return 0
}

// onlyAt is the one hotfix of an issue or a pull request, 0: none, or several.
func onlyAt(s *hotfix.Snapshot, place int) int {
	if openAt(s, place) != nil {
		return place
	}
	if all := hotfixesAt(s, place); len(all) == 1 {
		return all[0].Pull.Number
	}
	return 0
}
