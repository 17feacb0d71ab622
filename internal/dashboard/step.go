package dashboard

import (
	"slices"
	"strconv"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// step is one stop on a hotfix's way.
type step struct {
	Name, Branch string
	Word         string
	Tone         tone
	Lines        []text
}

// steps are the way of a hotfix: landed, tagged, each lower environment, solved.
func (s site) steps(status hotfix.Status) []step {
	steps := []step{s.landed(status), s.tagged(status)}
	for _, standing := range status.Standings {
		steps = append(steps, s.reached(status, standing))
	}
	return append(steps, solved(status))
}

func (s site) landed(status hotfix.Status) step {
	how := text{}.pull(s, status.Key.Pull)
	if status.Landed.Commit != "" {
		how = how.say(" as ").commit(s, status.Landed.Commit)
	}
	if status.Landed.Method != "" {
		how = how.say(" (" + string(status.Landed.Method) + ")")
	}
	st := step{Name: status.Landing, Word: "landed", Tone: good, Lines: []text{how}}
	if status.Landed.Unclear != "" {
		st.Word, st.Tone = "unclear", act
		st.Lines = append(st.Lines, prose(status.Landed.Unclear))
	} else if status.Landed.Evidence != "" {
		st.Lines = append(st.Lines, prose(status.Landed.Evidence))
	}
	return st
}

func (s site) tagged(status hotfix.Status) step {
	st := step{Name: "Release", Word: "no tag yet", Tone: quiet}
	for _, v := range status.Versions {
		if v.Tag == "" {
			continue
		}
		st.Word, st.Tone = "tagged", good
		st.Lines = append(st.Lines, text{}.link(v.Tag, s.tag(v.Tag)))
		if v.Release != "" {
			st.Lines = append(st.Lines, text{}.link("Release notes", v.Release))
		}
	}
	if len(status.Versions) == 0 && status.Landed.Unclear == "" {
		st.Word = "none: no application is touched"
	}
	return st
}

// reached is the stop at a lower environment. A problem that is the whole
// hotfix's is told once, below the way.
func (s site) reached(status hotfix.Status, b hotfix.Standing) step {
	st := step{Name: b.Environment, Branch: b.Branch, Word: string(b.Verdict), Tone: toneOf(b.Verdict)}
	if b.Problem != nil && slices.Contains(status.Problems, *b.Problem) {
		st.Lines = []text{plain("See “What only a person can change” below.")}
	} else {
		st.Lines = []text{s.why(b).capital()}
		if remedy := s.remedy(b); remedy != nil && !over(status) {
			st.Lines = append(st.Lines, remedy)
		}
	}
	if met := met(b); len(met) > 0 {
		st.Lines = append(st.Lines, plain("Resolved conflicts: ").paths(met).say("."))
	}
	if len(b.Superseded) > 0 {
		st.Lines = append(st.Lines, s.superseded(b.Superseded))
	}
	return st
}

func (s site) superseded(pulls []int) text {
	t := plain("Earlier: ")
	for i, number := range pulls {
		if i > 0 {
			t = t.say(", ")
		}
		t = t.pull(s, number)
	}
	return t.say(".")
}

// solved is the last stop: the hotfix as a whole.
func solved(status hotfix.Status) step {
	st := step{Name: "Hotfix", Word: string(status.State), Tone: toneOfState(status.State)}
	missing := len(status.Missing())
	switch {
	case status.State == hotfix.StateForced:
		st.Lines = []text{plain("Closed although something is missing.")}
	case status.State == hotfix.StateReady:
		st.Lines = []text{plain("Every environment has it. A person has to say ").code("/hotfix solved").say(".")}
	case status.State == hotfix.StateOpen && missing == 1:
		st.Word, st.Tone, st.Lines = "not solved yet", quiet, []text{plain("One environment misses it.")}
	case status.State == hotfix.StateOpen && missing > 1:
		st.Word, st.Tone, st.Lines = "not solved yet", quiet, []text{plain(strconv.Itoa(missing) + " environments miss it.")}
	case status.State == hotfix.StateOpen:
		st.Word, st.Tone = "not solved yet", quiet
	}
	return st
}

// remarks are the sentences about who opened and closed the issue against the
// usual course.
func (s site) remarks(status hotfix.Status) []text {
	var out []text
	if status.HeldOpenBy != "" {
		out = append(out, plain(status.HeldOpenBy+" reopened the issue, so it stays open until somebody closes it or says ").code("/hotfix solved").say("."))
	}
	if status.ClosedBy != "" {
		out = append(out, plain(status.ClosedBy+" closed the issue before every environment had the hotfix. It stays closed; the backports go on."))
	}
	if turn := status.Reopened; turn != nil {
		out = append(out, plain("GitHub closed the issue by itself"+closer(*turn)+". It was reopened, because the hotfix was not in every environment yet."))
	}
	if status.State == hotfix.StateForced {
		out = append(out, plain(person(status.ForcedBy)+" closed it with ").code("/hotfix solved --force").say(" although something was missing: “"+status.Forced+"”"))
	}
	return out
}

// closer names what GitHub closed an issue by.
func closer(turn hotfix.Turn) string {
	switch {
	case turn.CloserPull != 0:
		return " when #" + strconv.Itoa(turn.CloserPull) + " was merged"
	case turn.CloserCommit != "":
		return " because of commit " + turn.CloserCommit.Short()
	}
	return ""
}
