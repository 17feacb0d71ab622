package dashboard

import (
	"strconv"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// tone is how a badge is coloured. The badge's word says the same: colour is
// never all there is.
type tone string

// The tones. They are names of classes in the style sheet.
const (
	good  tone = "good"  // nothing to do
	quiet tone = "quiet" // nothing to do for people
	wait  tone = "wait"  // the usual course: somebody reviews and merges
	act   tone = "act"   // a person has to do something out of the ordinary
	bad   tone = "bad"   // the fix is missing and nobody is at it
	held  tone = "held"  // of a whole hotfix: not solved, LifeTime's red +
)

// toneOf is the colour of a verdict.
func toneOf(v hotfix.Verdict) tone {
	switch v {
	case hotfix.VerdictContained:
		return good
	case hotfix.VerdictProposed, hotfix.VerdictWaiting:
		return wait
	case hotfix.VerdictConflicted:
		return act
	case hotfix.VerdictDeclined, hotfix.VerdictLost:
		return bad
	default:
		return quiet
	}
}

// toneOfState is the colour of a whole hotfix.
func toneOfState(s hotfix.State) tone {
	switch s {
	case hotfix.StateSolved:
		return good
	case hotfix.StateReady:
		return wait
	case hotfix.StateForced:
		return act
	case hotfix.StateReverted:
		return quiet
	default:
		return held
	}
}

// toneOfStage is the colour of an environment above the landing one.
func toneOfStage(s hotfix.StageState) tone {
	switch s {
	case hotfix.StageDeployed:
		return good
	case hotfix.StagePromoting, hotfix.StageWaits:
		return wait
	case hotfix.StageFailed:
		return bad
	default:
		return quiet
	}
}

// why says in half a sentence what makes the verdict so.
func (s site) why(b hotfix.Standing) text {
	if b.Problem != nil && !b.Verdict.Final() {
		return prose(b.Problem.What)
	}
	switch b.Verdict {
	case hotfix.VerdictContained:
		return s.proof(b.Proof)
	case hotfix.VerdictSkipped:
		return plain("by " + person(b.By) + ": “" + b.Reason + "”")
	case hotfix.VerdictProposed:
		return s.backport(b).say(" waits to be merged")
	case hotfix.VerdictConflicted:
		return s.backport(b).say(" waits for a person to resolve it")
	case hotfix.VerdictDeclined:
		return s.backport(b).say(" was closed unmerged" + by(b.By))
	case hotfix.VerdictLost:
		return plain("it was contained and was undone since")
	case hotfix.VerdictPending:
		return plain("its backport is being made")
	default:
		return plain("something has to change first")
	}
}

// backport begins a line with the backport pull request.
func (s site) backport(b hotfix.Standing) text {
	if b.Pull == 0 {
		return plain("its backport")
	}
	url := b.PullURL
	if url == "" {
		url = s.pull(b.Pull)
	}
	return text{}.link("#"+strconv.Itoa(b.Pull), url)
}

// proof says what shows that an environment has the hotfix.
func (s site) proof(p *hotfix.Proof) text {
	if p == nil {
		return plain("the proof is not recorded")
	}
	if p.Kind == hotfix.ProofEmptyPick {
		t := plain("picking it there changes nothing")
		if p.Commit != "" {
			t = t.say(" at ").commit(s, p.Commit)
		}
		return t
	}
	t := s.mergedAs(p)
	switch p.Kind {
	case hotfix.ProofResolved:
		return t.say("; a person resolved the conflicts")
	case hotfix.ProofEdited:
		return t.say("; a person changed it before the merge")
	case hotfix.ProofEarlier:
		return t.say("; picking it changed nothing then, and it was not undone since")
	case hotfix.ProofMerged:
		return t.say(", and what it changed is there")
	default:
		return t
	}
}

// mergedAs is "#41, merged by bob as abc1234".
func (s site) mergedAs(p *hotfix.Proof) text {
	var t text
	if p.Kind == hotfix.ProofEarlier && p.Pull == 0 {
		return plain("found at ").commit(s, p.Commit)
	}
	if p.Pull != 0 {
		t = t.pull(s, p.Pull).say(", ")
	}
	t = t.say("merged" + by(p.Person))
	if p.Commit != "" {
		t = t.say(" as ").commit(s, p.Commit)
	}
	return t
}

// by is " by bob", or nothing.
func by(login string) string {
	if login == "" {
		return ""
	}
	return " by " + login
}

// person is a login; GitHub does not always tell whose.
func person(login string) string {
	if login == "" {
		return "somebody"
	}
	return login
}
