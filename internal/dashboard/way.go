package dashboard

import (
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// step is one stop on a hotfix's way: landing, tag, deploy, each lower environment,
// solved.
type step struct {
	Name, Branch string
	Word         string
	Tone         tone
	Here         bool // the first stop that is not passed
	Line         text // what stands for it: a commit, a tag, a pull request
}

// way is the picture of a hotfix's life.
func (s site) way(status hotfix.Status) []step {
	steps := []step{s.landed(status), s.tagged(status)}
	for _, stage := range status.Stages {
		if stage.Environment != status.Landing {
			steps = append(steps, s.deployed(status, stage))
		}
	}
	for _, standing := range status.Standings {
		steps = append(steps, s.reached(standing))
	}
	steps = append(steps, end(status))
	if !over(status) {
		i := slices.IndexFunc(steps, func(st step) bool { return st.Tone != good && st.Word != string(hotfix.VerdictSkipped) })
		steps[i].Here = true
	}
	return steps
}

func (s site) landed(status hotfix.Status) step {
	st := step{Name: status.Landing, Word: "landed", Tone: good, Line: text{}.pull(s, status.Key.Pull)}
	if status.Landed.Commit != "" {
		st.Line = st.Line.say(" as ").commit(s, status.Landed.Commit)
	}
	switch {
	case status.Reverted != nil:
		st.Word, st.Tone = "reverted", bad
	case status.Landed.Unclear != "":
		st.Word, st.Tone = "unclear", act
	}
	return st
}

func (s site) tagged(status hotfix.Status) step {
	st := step{Name: "Release", Word: "no tag yet", Tone: quiet}
	switch releases := s.releases(status); {
	case len(releases) > 0:
		st.Word, st.Tone = "tagged", good
		for i, r := range releases {
			if i > 0 {
				st.Line = st.Line.say(", ")
			}
			st.Line = st.Line.link(r.Tag, r.URL)
		}
	case len(status.Deployable) > 0:
		st.Word, st.Tone = "awaited", act
		st.Line = plain("Tag & Deploy " + strings.Join(status.Deployable, ", "))
	case len(status.Versions) == 0 && status.Landed.Unclear == "":
		st.Word, st.Tone, st.Line = "none", good, plain("no application is touched")
	}
	return st
}

// deployed is the stop at an environment above the landing one.
func (s site) deployed(status hotfix.Status, stage hotfix.StageStanding) step {
	st := step{Name: stage.Environment, Branch: stage.Branch, Word: string(stage.State), Tone: toneOfStage(stage.State)}
	switch {
	case stage.State != hotfix.StageDeployed && stage.Pull != 0:
		st.Line = text{}.pull(s, stage.Pull)
	case stage.URL != "":
		st.Line = text{}.link("deployment", stage.URL)
	case stage.State == hotfix.StageDeployed:
		st.Line = plain(strings.Join(status.Tags(), ", "))
	}
	return st
}

// reached is the stop at a lower environment.
func (s site) reached(b hotfix.Standing) step {
	st := step{Name: b.Environment, Branch: b.Branch, Word: string(b.Verdict), Tone: toneOf(b.Verdict)}
	switch {
	case b.Verdict == hotfix.VerdictContained && b.Proof != nil && b.Proof.Commit != "":
		st.Line = plain("at ").commit(s, b.Proof.Commit)
	case b.Pull != 0 && b.Verdict != hotfix.VerdictSkipped:
		st.Line = s.backport(b)
	}
	return st
}

// end is the last stop: the hotfix as a whole.
func end(status hotfix.Status) step {
	st := step{Name: "Solved", Word: string(status.State), Tone: toneOfState(status.State)}
	switch status.State {
	case hotfix.StateOpen:
		st.Word, st.Tone = "not yet", quiet
	case hotfix.StateReady:
		st.Word = "to be confirmed"
	case hotfix.StateForced:
		st.Word = "closed by force"
	case hotfix.StateReverted:
		st.Word, st.Tone = "called off", quiet
	}
	return st
}
