package bot

import (
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// concerned is the hotfix that an action is for, 0: none in particular, or one that
// only the action's comment or issue tells.
func concerned(action hotfix.Action) int {
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
	case hotfix.DeleteBranch:
		_, pull, _, _ := naming.ParseBranch(a.Branch)
		return pull
	}
	return 0
}
