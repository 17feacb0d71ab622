package dashboard

import (
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// await is something that has to happen next, where, and by whom.
type await struct {
	Where []string
	Who   []string // logins and teams; none: whoever may
	What  text
}

// awaits are what a hotfix waits for; what is the same in several places is told
// once.
func (s site) awaits(status hotfix.Status) []await {
	if over(status) {
		return nil
	}
	if status.State == hotfix.StateReady {
		return []await{{What: plain("Every environment has it or is skipped. Somebody with the role " + s.solver.String() + " has to press “Mark as solved” " + s.where() + ", or say ").code("/hotfix solved").say(".")}}
	}
	var out []await
	add := func(where string, who []string, what text) {
		if len(what) == 0 {
			return
		}
		i := slices.IndexFunc(out, func(a await) bool { return slices.Equal(a.What, what) && slices.Equal(a.Who, who) })
		if i < 0 {
			out = append(out, await{Who: who, What: what})
			i = len(out) - 1
		}
		out[i].Where = append(out[i].Where, where)
	}
	for _, stage := range slices.Backward(status.Undeployed()) {
		add(stage.Environment, nil, s.stageRemedy(status, stage))
	}
	for _, b := range status.Missing() {
		if b.Problem == nil || !slices.Contains(status.Problems, *b.Problem) {
			add(b.Environment, b.Awaited, s.remedy(status, b))
		}
	}
	return out
}

// stageRemedy says what a person can do about an environment above.
func (s site) stageRemedy(status hotfix.Status, stage hotfix.StageStanding) text {
	switch {
	case stage.State == hotfix.StageWaits && len(status.Deployable) > 0:
		return s.deploy(status)
	case stage.Problem != nil:
		return prose(stage.Problem.Remedy)
	case stage.State == hotfix.StagePromoting && stage.Pull != 0:
		return plain("Review and merge ").pull(s, stage.Pull).say(".")
	case stage.State == hotfix.StageWaits:
		return plain("Say ").code("/hotfix deploy <version>").say(".")
	}
	return nil
}

// deploy is how a release is made by hand.
func (s site) deploy(status hotfix.Status) text {
	return plain("Somebody with the role " + s.releaser.String() + " has to press “Tag & Deploy " + strings.Join(status.Deployable, ", ") + "” " + s.where() + ", or say ").code("/hotfix deploy").say(".")
}

// where buttons are.
func (s site) where() string {
	if s.acts {
		return "here or on the pull request"
	}
	return "on the pull request"
}

// remedy says what a person can do about an environment that misses the hotfix.
func (s site) remedy(status hotfix.Status, b hotfix.Standing) text {
	if b.Problem != nil && b.Problem.Remedy != "" {
		if len(status.Deployable) > 0 && strings.Contains(b.Problem.Remedy, "`/hotfix deploy`") {
			return s.deploy(status)
		}
		return prose(b.Problem.Remedy)
	}
	retry, skip := "/hotfix retry "+b.Branch, "/hotfix skip "+b.Branch+" <reason>"
	switch b.Verdict {
	case hotfix.VerdictProposed:
		return plain("Review and merge ").join(s.backport(b)).say(", or say ").code(skip).say(".")
	case hotfix.VerdictConflicted:
		return s.unresolved(b)
	case hotfix.VerdictDeclined:
		return plain("Reopen ").join(s.backport(b)).say(", or say ").code(retry).say(" for a new one, or ").code(skip).say(".")
	case hotfix.VerdictLost:
		return plain("Say ").code(retry).say(" for a new backport, or ").code(skip).say(".")
	case hotfix.VerdictWaiting:
		return plain("It goes on by itself when that has changed; or say ").code(skip).say(".")
	case hotfix.VerdictPending:
		return plain("The bot is about to make the backport.")
	default:
		return nil
	}
}
