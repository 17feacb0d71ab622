package dashboard

import (
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// place is an environment in the table that explains a hotfix: how it stands there
// and what proves it.
type place struct {
	Environment, Branch, BranchURL string
	Word                           string
	Tone                           tone
	Lines                          []text
}

// places are the environments in pipeline order: those above the landing one, it,
// and those below.
func (s site) places(board hotfix.Board, status hotfix.Status) []place {
	var out []place
	for _, stage := range slices.Backward(status.Stages) {
		if stage.Environment != status.Landing {
			out = append(out, s.above(status, stage))
		}
	}
	out = append(out, s.landing(board, status))
	for _, standing := range status.Standings {
		out = append(out, s.below(status, standing))
	}
	return out
}

func (s site) above(status hotfix.Status, stage hotfix.StageStanding) place {
	p := place{
		Environment: stage.Environment, Branch: stage.Branch, BranchURL: s.branch(stage.Branch),
		Word: string(stage.State), Tone: toneOfStage(stage.State),
	}
	return p.tell(s.stageNow(status, stage))
}

// stageNow says in a sentence how an environment above the landing one stands.
func (s site) stageNow(status hotfix.Status, stage hotfix.StageStanding) text {
	tags := strings.Join(status.Tags(), ", ")
	switch {
	case stage.Problem != nil:
		return prose(stage.Problem.What)
	case stage.State == hotfix.StageDeployed && stage.URL != "":
		return plain(tags+" is ").link("deployed", stage.URL).say(".")
	case stage.State == hotfix.StageDeployed && tags == "":
		return plain("Its branch has the hotfix.")
	case stage.State == hotfix.StageDeployed:
		return plain(tags + " is there.")
	case stage.Pull != 0:
		return plain("Promotion ").pull(s, stage.Pull).say(" is open.")
	case stage.State == hotfix.StagePromoting:
		return plain(tags + " is being brought there.")
	case len(status.Deployable) > 0:
		return plain("It waits for Tag & Deploy of " + strings.Join(status.Deployable, ", ") + ".")
	}
	return plain("It waits for the release.")
}

func (s site) landing(board hotfix.Board, status hotfix.Status) place {
	p := place{Environment: status.Landing, Word: "landed", Tone: good}
	if env, ok := pipeline(board).Find(status.Landing); ok {
		p.Branch, p.BranchURL = env.Branch, s.branch(env.Branch)
	}
	how := text{}.pull(s, status.Key.Pull)
	if status.Landed.Commit != "" {
		how = how.say(" as ").commit(s, status.Landed.Commit)
	}
	if status.Landed.Method != "" {
		how = how.say(" (" + string(status.Landed.Method) + ")")
	}
	p = p.tell(how.say("."))
	if status.Landed.Unclear != "" {
		p.Word, p.Tone = "unclear", act
	}
	if r := status.Reverted; r != nil {
		p.Word, p.Tone = "reverted", bad
		p = p.tell(s.undone("It was lost here", *r))
	}
	for _, stage := range status.Stages { // it is deployed where it landed
		if stage.Environment == status.Landing {
			p = p.tell(s.stageNow(status, stage))
		}
	}
	return p
}

// below is an environment that hotfixes are propagated to. A problem that is the
// whole hotfix's is told once, elsewhere.
func (s site) below(status hotfix.Status, b hotfix.Standing) place {
	p := place{
		Environment: b.Environment, Branch: b.Branch, BranchURL: s.branch(b.Branch),
		Word: string(b.Verdict), Tone: toneOf(b.Verdict),
	}
	if b.Problem != nil && slices.Contains(status.Problems, *b.Problem) {
		p = p.tell(plain("See “What only a person can change”."))
	} else {
		p = p.tell(s.why(b).capital().stop())
	}
	if b.Undone != nil {
		p = p.tell(s.undone("It was lost", *b.Undone))
	}
	if b.From != "" {
		p = p.tell(plain("Picked as ").pull(s, b.FromPull).say(" brought it to " + b.From + "."))
	}
	if done := met(b); len(done) > 0 {
		p = p.tell(plain("Resolved conflicts: ").paths(done).say("."))
	}
	if len(b.LeftOut) > 0 {
		p = p.tell(plain("Left out: ").codes(b.LeftOut).say("."))
	}
	if len(b.Superseded) > 0 {
		p = p.tell(s.superseded(b.Superseded))
	}
	return p
}

func (p place) tell(line text) place {
	p.Lines = append(p.Lines, line)
	return p
}

// undone names the commit with which something was lost.
func (s site) undone(what string, u hotfix.Undoing) text {
	return plain(what+" with ").commit(s, u.Commit).say(by(u.Author) + ".")
}

func (s site) superseded(pulls []int) text {
	t := plain("Earlier backports: ")
	for i, number := range pulls {
		if i > 0 {
			t = t.say(", ")
		}
		t = t.pull(s, number)
	}
	return t.say(".")
}
